"""Shapes of the kind that a layer asks for."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.loaders.refusal import Refusal, shown
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text
from riskmap.spatial import repair

__all__ = ["right_shapes"]

_KINDS = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon"}
_KIND_WORDS = {"point": Text("点", "points"), "line": Text("线", "lines"), "polygon": Text("面", "polygons")}
_REPAIR = Text("在原数据中修复图形", "repair the shape in the source")


def right_shapes(
    frame: gpd.GeoDataFrame, spec: LayerSpec, *, also: Sequence[str] = ()
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Bring shapes to the kind that the layer asks for, and mend broken ones.

    Parameters
    ----------
    frame : GeoDataFrame
        As delivered.
    spec : LayerSpec
        Its `kind`.
    also : sequence of str
        Other kinds that are taken as they are.

    Returns
    -------
    frame : GeoDataFrame
        Polygons of a point layer become points inside them; broken polygons are mended.
    findings : list of Finding
        Mended shapes.

    Raises
    ------
    LayerError
        Most shapes are of a kind that cannot be used.

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> site = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2)], index=[1])
    >>> right_shapes(site, layer_spec("shelters"))[0].geometry[1].geom_type
    'Point'
    """
    shapes = frame.geometry.to_numpy()
    kinds = np.array([_KINDS.get(int(one), "") for one in shapely.get_type_id(shapes)])
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    wanted = {spec.kind, *also}
    odd = there & ~np.isin(kinds, list(wanted)) & ~((spec.kind == "point") & (kinds == "polygon"))
    if odd.any() and odd.sum() * 2 >= there.sum():
        have = _KIND_WORDS.get(str(kinds[odd][0]), Text("混合图形", "mixed shapes"))
        want = _KIND_WORDS[spec.kind]
        what = Text(f"图形是{have.zh}，应为{want.zh}", f"holds {have.en}, not {want.en}")
        raise Refusal(spec.name, what, Text(f"提交{want.zh}图层", f"deliver {want.en}"), rule="wrong-kind")
    out = shapes.copy()
    out[odd] = None
    if spec.kind == "point" and "polygon" not in also:
        area = there & (kinds == "polygon")
        out[area] = shapely.point_on_surface(shapes[area])
    many = there & (shapely.get_type_id(out) == 4)
    out[many] = shapely.centroid(out[many])
    broken = (shapely.get_dimensions(out) == 2) & ~shapely.is_valid(out)
    reasons = shapely.is_valid_reason(shapes[broken])
    mended = repair(frame.set_geometry(gpd.GeoSeries(out, index=frame.index, crs=frame.crs)))
    return mended, [*_broken(frame.index[broken], reasons, spec), *_odd(frame.index[odd], spec)]


def _broken(rows: pd.Index, reasons: np.ndarray, spec: LayerSpec) -> list[Finding]:
    what = Text("图形自相交等，已修复", "the shape is broken; mended")
    return [
        Finding(rule="broken-shape", severity="warning", layer=spec.name, row=int(row), value=shown(reason), message=what,
                cure=_REPAIR, mended=True)
        for row, reason in zip(rows, reasons, strict=True)
    ]  # fmt: skip


def _odd(rows: pd.Index, spec: LayerSpec) -> list[Finding]:
    what = Text("图形类型不符", "shape of another kind")
    return [
        Finding(rule="wrong-kind", severity="error", layer=spec.name, row=int(row), message=what, cure=_REPAIR)
        for row in rows
    ]
