"""Drawings (DXF): of the many kinds of object in one, those that the layer asks for."""

from typing import Any

import geopandas as gpd
import shapely

from riskmap.loaders.refusal import few
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["from_drawing"]

_OWN = frozenset({"PaperSpace", "SubClasses", "Linetype", "EntityHandle", "ExtendedEntity"})
_KINDS = {"point": {"Point", "MultiPoint"}, "line": {"LineString", "MultiLineString"},
          "polygon": {"Polygon", "MultiPolygon"}}  # fmt: skip


def from_drawing(frame: Any, spec: LayerSpec) -> tuple[Any, list[Finding]]:
    """Keep the objects of a drawing that are of the layer's kind; closed lines serve as polygons.

    Parameters
    ----------
    frame : GeoDataFrame
        All objects of a DXF.
    spec : LayerSpec
        Its kind decides.

    Returns
    -------
    frame : GeoDataFrame
        Without the columns that only the drawing needs; all objects where none is of the kind (the checks tell).
    findings : list of Finding
        A note with the number of other objects.

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> ring = shapely.LineString([(0, 0), (1, 0), (1, 1), (0, 0)])
    >>> drawn = gpd.GeoDataFrame({"Layer": ["A", "B"]}, geometry=[ring, shapely.Point(0, 0)], index=[1, 2])
    >>> got, found = from_drawing(drawn, layer_spec("townships"))
    >>> got.geometry.geom_type.tolist(), found[0].message.en
    (['Polygon'], '1 objects of other kinds are not read (Point)')
    """
    frame = frame.drop(columns=[one for one in frame.columns if one in _OWN])
    if not isinstance(frame, gpd.GeoDataFrame) or spec.kind not in _KINDS:
        return frame, []
    if spec.kind == "polygon":
        shapes = frame.geometry.to_numpy().copy()
        rings = (shapely.get_type_id(shapes) == 1) & shapely.is_closed(shapes) & (shapely.get_num_points(shapes) > 3)
        shapes[rings] = shapely.polygons([shapely.get_coordinates(one) for one in shapes[rings]])
        frame = frame.set_geometry(shapes, crs=frame.crs)
    kinds = frame.geometry.geom_type
    fits = kinds.isin(_KINDS[spec.kind])
    if fits.all() or not fits.any():
        return frame, []
    others = few(sorted(set(kinds[~fits].dropna())))
    count = int((~fits).sum())
    what = Text(
        f"{count} 个其他类型的对象未读取（{others}）", f"{count} objects of other kinds are not read ({others})"
    )
    cure = Text("无需处理", "nothing to do")
    note = Finding(rule="other-shapes", severity="note", layer=spec.name, message=what, cure=cure)
    return frame[fits], [note]
