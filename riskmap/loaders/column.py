"""One column while it is read, and how a finding on it is worded."""

from dataclasses import dataclass
from typing import Any

from riskmap.loaders.refusal import shown
from riskmap.model.layers import Field, Finding
from riskmap.model.text import Text

__all__ = ["Column"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What the readers of one column need.

    Parameters
    ----------
    field : Field
        Type, unit, range and list of values.
    layer : str
        For the findings.
    unit : str
        Of the delivered numbers; ``""`` if already the field's.

    Examples
    --------
    >>> Column(field=Field(name="a", title=Text("数", "Number")), layer="l", unit="亩").unit
    '亩'
    """

    field: Field
    layer: str
    unit: str

    def finding(
        self,
        rule: str,
        message: Text,
        cure: Text,
        *,
        row: Any = None,
        value: object = "",
        mended: bool = False,
    ) -> Finding:
        """Return one finding on this column; an unread value of a required field is an error."""
        bad = self.field.required and not mended
        return Finding(
            rule=rule,
            severity="error" if bad else "warning",
            layer=self.layer,
            row=None if row is None else int(row),
            field=self.field.title.zh,
            value="***" if self.field.personal else shown(value),
            message=message,
            cure=cure,
            mended=mended,
        )
