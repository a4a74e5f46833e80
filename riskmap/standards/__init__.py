"""Published tables as TOML, one file per standard, and the reader that hands them out.

Each file has ``title``, ``source`` and any of ``[thresholds.*]``, ``[schemes.*]``, ``[tables.*]``;
profiles stand in ``profiles/*.toml``, one a file. Keys are ``file.name`` for thresholds and tables,
plain names for schemes and profiles. The catalogue of layers stands in ``layers/*.toml``.
"""

from riskmap.standards.catalogue import layer_spec, layer_specs, rule_texts
from riskmap.standards.reader import book, confirmed, read_profile

__all__ = ["book", "confirmed", "layer_spec", "layer_specs", "read_profile", "rule_texts"]
