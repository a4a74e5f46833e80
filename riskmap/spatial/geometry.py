"""Shapes: areas made from seats, and polygons mended."""

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from riskmap.errors import CoverageWarning, LayerError, ThinDataWarning
from riskmap.model.text import Text

__all__ = ["made_areas", "repair"]

_APART_M = 1.0
_SLIVER = 1e-3
"""Share of the outline that may stay outside the parents before it is told."""


def made_areas(
    points: gpd.GeoDataFrame, outline: gpd.GeoDataFrame, *, parents: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Give each seat the ground that lies nearest to it: Voronoi areas inside the outline.

    With `parents` (township polygons) each seat shares only the ground of its own parent. Seats on one
    spot are set 1 m apart around it, in their order, so that their areas are sectors that meet there.

    Parameters
    ----------
    points : GeoDataFrame
        One seat a row; with `parents` a column ``parent_id``.
    outline : GeoDataFrame
        Polygons of the county, in the same projected system.
    parents : GeoDataFrame, optional
        Polygons indexed by ``parent_id``. Where they overlap, the earlier row stands.

    Returns
    -------
    GeoDataFrame
        Index and columns of `points`, geometry the areas, ``made_area`` true. Without gaps or overlaps;
        together they are the outline (with parents: its part that lies in parents with seats).

    Raises
    ------
    LayerError
        No seats, another coordinate system, seats without place, with an unknown ``parent_id``, or so far
        outside that no ground is left for them; all named at once.

    Warns
    -----
    ThinDataWarning
        Seats on one spot, and seats outside the ground that they share (they get its nearest part).
    CoverageWarning
        Parents without a seat, or ground of the outline in no parent: it belongs to no area.

    Examples
    --------
    >>> seats = gpd.GeoDataFrame(geometry=gpd.points_from_xy([10, 30], [10, 10]), crs="EPSG:4546")
    >>> county = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 40, 20)], crs="EPSG:4546")
    >>> made_areas(seats, county).area.tolist()
    [400.0, 400.0]
    """
    _check(points, outline, parents)
    whole = shapely.union_all(repair(outline).geometry.to_numpy())
    seats = _apart(points)
    areas = np.full(len(points), None, dtype=object)
    if parents is None:
        areas[:] = _cells(seats, whole)
    else:
        left = whole
        for key, ground in repair(parents).geometry.items():
            mine = np.flatnonzero(points["parent_id"].to_numpy() == key)
            if mine.size:
                areas[mine] = _cells(seats[mine], shapely.intersection(left, ground))
                left = shapely.difference(left, ground)
        _tell_uncovered(points, parents, left, whole)
    lost = points.index[[one is None or one.is_empty for one in areas]]
    if len(lost):
        raise LayerError(
            Text(
                f"{len(lost)} 个驻地分不到范围：它们在县界外或与别处重叠；请改正坐标",
                f"{len(lost)} seats have no ground: they lie outside, behind others; correct their coordinates",
            ),
            [f"seat {key!r}: {points.geometry[key]}" for key in lost],
        )
    _tell_outside(points.index, areas, points.geometry.to_numpy())
    return points.assign(made_area=True).set_geometry(gpd.GeoSeries(areas, index=points.index, crs=points.crs))


def _check(points: gpd.GeoDataFrame, outline: gpd.GeoDataFrame, parents: gpd.GeoDataFrame | None) -> None:
    if points.empty or outline.empty:
        raise LayerError(
            Text(
                "没有驻地和县界就不能划分范围；请补上 layers.villages 与 layers.outline",
                "areas cannot be made without seats and an outline; add layers.villages and layers.outline",
            )
        )
    for other in (outline, parents):
        if other is not None and other.crs != points.crs:
            raise LayerError(f"seats in {points.crs} and polygons in {other.crs} do not fit; see to_analysis")
    faults = [f"seat {key!r}: no place" for key in points.index[points.geometry.isna() | points.geometry.is_empty]]
    if parents is not None:
        strange = points.index[~points["parent_id"].isin(parents.index)]
        faults += [f"seat {key!r}: parent {points['parent_id'][key]!r} has no polygon" for key in strange]
    if faults:
        raise LayerError(
            Text(
                f"{len(faults)} 个驻地不能划分范围；请改正或去掉这些记录",
                f"{len(faults)} seats cannot be given an area; correct or leave out these records",
            ),
            faults,
        )


def _apart(points: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Coordinates of the seats, those on one spot moved onto a circle around it."""
    xy = np.column_stack([points.geometry.x, points.geometry.y])
    table = pd.DataFrame(xy).groupby([0, 1])
    nth, many = table.cumcount().to_numpy(), table[0].transform("size").to_numpy()
    shared = many > 1
    if shared.any():
        _warn(ThinDataWarning, "seats share one spot; their areas are sectors around it", points.index[shared])
    turn = 2 * np.pi * nth / many
    return xy + np.where(shared, _APART_M, 0.0)[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])


def _cells(xy: NDArray[np.float64], ground: BaseGeometry) -> NDArray[np.object_]:
    """Voronoi cells of seats inside one piece of ground, in the order of the seats."""
    seats = shapely.points(xy)
    if len(seats) == 1 or ground.is_empty:
        return np.array([_polygons(ground)] * len(seats), dtype=object)
    cells = shapely.voronoi_polygons(shapely.multipoints(seats), extend_to=ground, ordered=True)
    cut = shapely.intersection(shapely.get_parts(cells), ground)
    return np.array([_polygons(one) for one in cut], dtype=object)


def _polygons(shape: BaseGeometry | None) -> BaseGeometry | None:
    """Polygon part of a shape; lines and points that are left of an edge are no area."""
    if shape is None or shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    parts = [one for one in shapely.get_parts(shape) if one.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _tell_uncovered(
    points: gpd.GeoDataFrame, parents: gpd.GeoDataFrame, left: BaseGeometry, whole: BaseGeometry
) -> None:
    empty = parents.index[~parents.index.isin(points["parent_id"])]
    if len(empty):
        _warn(CoverageWarning, "parents hold no seat; their ground belongs to no area", empty)
    elif left.area > _SLIVER * whole.area:
        share = left.area / whole.area
        warnings.warn(f"{share:.1%} of the outline lies in no parent and belongs to no area", CoverageWarning, 3)


def _tell_outside(index: pd.Index, areas: NDArray[np.object_], seats: NDArray[np.object_]) -> None:
    out = shapely.distance(areas, seats) > 2 * _APART_M
    if out.any():
        _warn(
            ThinDataWarning,
            "seats lie outside the ground that they share; check their coordinates",
            index[out],
        )


def _warn(kind: type[Warning], text: str, keys: pd.Index) -> None:
    first = ", ".join(str(key) for key in keys[:10])
    warnings.warn(f"{len(keys)} {text}: {first}{' ...' if len(keys) > 10 else ''}", kind, stacklevel=4)


def repair(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Mend broken polygons (self-crossings, bow ties, doubled rings).

    Parameters
    ----------
    frame : GeoDataFrame
        Polygons; valid ones, missing ones and other kinds of shape are left as they are.

    Returns
    -------
    GeoDataFrame
        The same rows; where nothing with an area is left, an empty polygon.

    Examples
    --------
    >>> tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> repair(gpd.GeoDataFrame(geometry=[tie])).area.tolist()
    [2.0]
    """
    shapes = frame.geometry.to_numpy().copy()
    broken = np.isin(shapely.get_type_id(shapes), [3, 6]) & ~shapely.is_valid(shapes)
    mended = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    shapes[broken] = np.array([_polygons(one) for one in mended], dtype=object)
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
