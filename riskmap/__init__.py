"""riskmap: from a county's natural-disaster survey layers to its risk zoning.

>>> import riskmap
>>> riskmap.standards.book().scheme("gb-spi").label(2).en
'Light'
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "open_county": "riskmap.pipeline",
    "load": "riskmap.pipeline",
    "assess": "riskmap.pipeline",
    "publish": "riskmap.pipeline",
    "run": "riskmap.pipeline",
    "progress_bar": "riskmap.pipeline",
    "explore": "riskmap.maps",
}
_ROOMS = (
    "errors",
    "model",
    "standards",
    "spatial",
    "methods",
    "loaders",
    "hazards",
    "elements",
    "scoring",
    "shelters",
    "maps",
    "writers",
    "pipeline",
    "demo",
    "verify",
)

__all__ = ["__version__", *_HOMES, *_ROOMS]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return import_module(f"riskmap.{name}")
    raise AttributeError(f"module 'riskmap' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
