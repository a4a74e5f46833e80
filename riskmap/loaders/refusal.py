"""How the loaders say no: one error type that is also a finding, and the builder of findings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from riskmap.errors import LayerError
from riskmap.model.layers import Finding
from riskmap.model.text import Text

__all__ = ["Refusal", "few", "gathered", "shown"]

_MOST = 5000
"""Findings of one rule on one column that are listed one by one; the rest are counted in a last one."""


class Refusal(LayerError):
    """A delivered file that cannot be used, said in both languages.

    Parameters
    ----------
    where : str
        File, layer, row or column.
    what, cure : Text
        What is wrong, and what to do.
    rule : str
        Short name of the rule.

    Examples
    --------
    >>> str(Refusal("a.shp", Text("空图层", "the layer is empty"), Text("补交", "deliver it again")))
    'a.shp：空图层；补交\\n  a.shp: the layer is empty; deliver it again'
    """

    def __init__(self, where: str, what: Text, cure: Text, *, rule: str = "unreadable") -> None:
        self.where, self.what, self.cure, self.rule = where, what, cure, rule
        super().__init__(Text(f"{where}：{what.zh}；{cure.zh}", f"{where}: {what.en}; {cure.en}"))

    def finding(self, layer: str) -> Finding:
        """Return the same fault as a finding of `layer` with severity error."""
        what = Text(f"{self.where}：{self.what.zh}", f"{self.where}: {self.what.en}")
        return Finding(rule=self.rule, severity="error", layer=layer, message=what, cure=self.cure)


def few(names: Iterable[Any], *, most: int = 8) -> str:
    """List the first names and count the rest.

    Examples
    --------
    >>> few("abc", most=2)
    'a, b (+1)'
    """
    every = [str(one) for one in names]
    rest = f" (+{len(every) - most})" if len(every) > most else ""
    return ", ".join(every[:most]) + rest


def shown(value: Any, *, most: int = 60) -> str:
    """Text of an offending value as it stands in the file, cut to a line; whole floats without their ``.0``.

    Examples
    --------
    >>> shown(12.0), shown(None)
    ('12', '')
    """
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN differs from itself
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = " ".join(str(value).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def gathered(findings: Sequence[Finding], *, most: int = _MOST) -> tuple[Finding, ...]:
    """Keep the first findings of each rule and column, and count the others in one more.

    Parameters
    ----------
    findings : sequence of Finding
        In the order found.
    most : int
        Findings of one rule on one column that are kept.

    Returns
    -------
    tuple of Finding
        In the same order; a counting finding follows the last of its kind.

    Examples
    --------
    >>> one = Finding(rule="r", severity="warning", layer="l", message=Text("坏", "bad"), cure=Text("改", "mend"))
    >>> len(gathered([one] * 500, most=100))
    101
    """
    kinds: dict[tuple[str, str, str, str], list[Finding]] = {}
    for one in findings:
        kinds.setdefault((one.layer, one.rule, one.field, one.severity), []).append(one)
    kept: list[Finding] = []
    for group in kinds.values():
        kept.extend(group[:most])
        rest = len(group) - most
        if rest > 0:
            last = group[most]
            message = Text(f"同类问题另有 {rest} 条：{last.message.zh}", f"{rest} more of this kind: {last.message.en}")
            kept.append(replace(last, message=message, row=None, key="", value="", lon=None, lat=None))
    return tuple(kept)


Severity = Literal["error", "warning", "note"]
