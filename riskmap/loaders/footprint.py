"""The area of a warning or an event: polygons in any format and system, or a raster of depth or probability."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from riskmap.loaders.kinds import kind_of
from riskmap.loaders.place import in_crs
from riskmap.loaders.raster import read_window
from riskmap.loaders.records import deliver
from riskmap.loaders.refusal import Refusal
from riskmap.loaders.shapes import right_shapes
from riskmap.loaders.source import VECTORS
from riskmap.loaders.system import with_crs
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.results import Survey
from riskmap.model.scheme import NO_CLASS
from riskmap.model.text import Text
from riskmap.spatial import class_polygons, resample

__all__ = ["read_footprint"]

_SPEC = LayerSpec(name="footprint", title=Text("影响范围", "Footprint"), kind="polygon")


def read_footprint(
    path: Path, survey: Survey, *, above: float | None = None, layer: str = "", crs: str = ""
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Read the area of a warning or an event.

    Parameters
    ----------
    path : Path
        Polygons (GeoJSON, shapefile, GeoPackage, KML ...) or a raster.
    survey : Survey
        Gives the analysis system, the grid and the county.
    above : float, optional
        For a raster: cells above it are inside. For polygons it has no meaning and is refused.
    layer, crs : str
        Layer inside the file; coordinate system where the file states none.

    Returns
    -------
    footprint : GeoDataFrame
        One row with the area inside the county, in the analysis system; no row where they do not meet.
    findings : tuple of Finding
        What was mended on reading.

    Raises
    ------
    LayerError
        The file cannot be read, holds no areas, is a raster without `above` or polygons with it.

    Examples
    --------
    >>> read_footprint.__name__
    'read_footprint'
    """
    vector = kind_of(path) in VECTORS
    if not vector and above is None:
        what = Text("不是面图层", "holds no polygons")
        cure = Text(
            "若为栅格，用 --above 给出数值，高于它的格网为影响范围",
            "if it is a raster, give --above VALUE: cells above it are inside",
        )
        raise Refusal(path.name, what, cure, rule="wrong-kind")
    if vector and above is not None:
        raise Refusal(
            path.name,
            Text("面图层没有数值", "areas have no values"),
            Text("去掉 --above", "leave out --above"),
            rule="wrong-kind",
        )
    if above is None:
        shapes, findings = _areas(path, survey, layer=layer, crs=crs)
    else:
        shapes, findings = _cells(path, survey, above, crs), []
    area = shapely.intersection(shapely.union_all(shapes), survey.outline.union_all())
    areal = [one for one in shapely.get_parts(area) if one.area > 0]
    whole = [shapely.multipolygons(areal)] if areal else []
    return gpd.GeoDataFrame(geometry=whole, crs=survey.outline.crs), tuple(findings)


def _areas(path: Path, survey: Survey, *, layer: str, crs: str) -> tuple[np.ndarray, list[Finding]]:
    frame = deliver(path, _SPEC, LayerEntry(path=path.name, layer=layer)).frame
    if not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        raise Refusal(
            path.name, Text("没有面", "holds no areas"), Text("提交面图层", "deliver polygons"), rule="wrong-kind"
        )
    west, south, east, north = (float(one) for one in survey.outline.to_crs(4326).total_bounds)
    frame, findings = with_crs(frame, layer=_SPEC.name, declared=crs, near=(west, south, east, north))
    frame, mended = right_shapes(frame, _SPEC)
    shapes = in_crs(frame, survey.outline.crs).geometry.dropna().to_numpy()
    areal = shapes[shapely.get_dimensions(shapes) == 2]
    if not len(areal):
        raise Refusal(
            path.name, Text("没有面", "holds no areas"), Text("提交面图层", "deliver polygons"), rule="wrong-kind"
        )
    return areal, [*findings, *mended]


def _cells(path: Path, survey: Survey, above: float, crs: str) -> np.ndarray:
    raw, _ = read_window(path, survey.grid, crs=crs)
    values = resample(raw, survey.grid, method="nearest")
    codes = values.copy(data=np.where(values.to_numpy() > above, 1, NO_CLASS).astype("uint8"))
    return class_polygons(codes).geometry.to_numpy()
