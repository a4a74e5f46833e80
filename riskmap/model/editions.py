"""Two published editions of one county, compared."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from riskmap.model.scheme import ClassScheme
from riskmap.model.shown import frame_html
from riskmap.model.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cause", "EditionsCompared", "ShelterChange"]

Cause = Literal["data", "method", "data and method", "noise", "by hand"]
ShelterChange = Literal["added", "gone", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EditionsCompared:
    """Which units changed class between two editions, and why.

    Parameters
    ----------
    county : Text
        Name of the county.
    dates : tuple of str
        Dates of the older and the newer edition.
    scheme : ClassScheme
        Names of the classes.
    changes : DataFrame
        Index ``unit_id``: ``name``, ``class_old``, ``class_new``, ``step`` (new - old), ``index_old``, ``index_new``,
        ``stability_old``, ``cause`` (`Cause`), ``reason`` (words); the largest steps first.
    transition : DataFrame
        ``class_old``, ``class_new``, ``units``, ``people`` (of the newer edition; NaN where one is unknown).
    same, added, removed : int
        Units that kept their class; that stand in one edition only.
    data, method : tuple of Text
        What differs in the inputs, and in parameters, thresholds and code.
    shelters : DataFrame, optional
        Shelters that differ: index ``shelter_id``; ``name``, ``change`` (`ShelterChange`), ``type_old``, ``type_new``,
        ``capacity_people_old``, ``capacity_people_new``, ``radius_m_old``, ``radius_m_new``. None where an edition has none.
    placing : DataFrame, optional
        Scenarios that differ: ``name`` and ``people_to_move``, ``people_assigned``, ``people_unassigned`` and ``people_covered``, before
        and now (``_old``, ``_new``).
    """

    county: Text
    dates: tuple[str, str]
    scheme: ClassScheme
    changes: "pd.DataFrame"
    transition: "pd.DataFrame"
    same: int
    added: int
    removed: int
    data: tuple[Text, ...]
    method: tuple[Text, ...]
    shelters: "pd.DataFrame | None" = None
    placing: "pd.DataFrame | None" = None

    _repr_html_ = frame_html

    def to_frame(self) -> "pd.DataFrame":
        """Units, a row each, the largest steps first."""
        return self.changes
