"""Two deliveries of one layer, compared."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from riskmap.model.layers import LayerSpec
from riskmap.model.shown import Rows, fields_frame, frame_html
from riskmap.model.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["Comparison", "Difference", "Kind"]

Kind = Literal["added", "removed", "moved", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One record, or one value of a record, that differs.

    Parameters
    ----------
    kind : {"added", "removed", "moved", "changed"}
        What happened.
    layer, key, name : str
        Layer, the record's key and its name.
    row : int
        Row in the newer file; of a removed record in the older.
    field : Text, optional
        Column that changed.
    unit : str
        Its unit.
    old, new : str
        Values; personal ones stand as ``***``.
    metres : float, optional
        How far it moved; None where it has a place on one side only.
    """

    kind: Kind
    layer: str
    key: str
    row: int
    name: str = ""
    field: Text | None = None
    unit: str = ""
    old: str = ""
    new: str = ""
    metres: float | None = None

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Two deliveries of one layer.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    key : tuple of str
        Columns that name a record.
    moved_m : float
        Distance above which a record counts as moved, metres.
    records : tuple of int
        Records of the older and the newer delivery.
    same : int
        Records that are the same in both.
    unkeyed : tuple of int
        Records without key, or that repeat one: not compared.
    differences : tuple of Difference
        Added, removed, moved, changed, in this order.
    shapes, before : GeoDataFrame, optional
        Records of the newer and the older delivery by key, in metres.
    outline : GeoDataFrame, optional
        The county, where one of the two is of a county folder.
    old, new : str
        The two files.
    columns : mapping of str to tuple of Text
        Columns ``added`` and ``removed``.
    """

    spec: LayerSpec
    key: tuple[str, ...]
    moved_m: float
    records: tuple[int, int]
    same: int
    unkeyed: tuple[int, int]
    differences: tuple[Difference, ...]
    shapes: "gpd.GeoDataFrame | None" = None
    before: "gpd.GeoDataFrame | None" = None
    outline: "gpd.GeoDataFrame | None" = None
    old: str = ""
    new: str = ""
    columns: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)

    _repr_html_ = frame_html

    @property
    def title(self) -> Text:
        """What the layer is."""
        return self.spec.title

    def to_frame(self) -> "pd.DataFrame":
        """Differences, a row each."""
        return Rows(self.differences).to_frame()

    @property
    def counts(self) -> dict[str, int]:
        """Records of each kind; one that moved and changed counts under both."""
        keys = {(one.kind, one.key) for one in self.differences}
        counted = Counter(kind for kind, _ in keys)
        return {kind: counted[kind] for kind in ("added", "removed", "moved", "changed")}
