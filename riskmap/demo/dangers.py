"""Danger areas of the made-up county: flash floods beside villages, ground below slides and debris flows."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from riskmap.demo.frame import CELL_M, CRS, at
from riskmap.demo.ground import Ground

__all__ = ["make_danger_areas"]

_BASIN_KM2 = (4.0, 200.0)
_PERIODS_A = (20, 100)
_STAGE_M = {20: 0.5, 100: 1.3}
_REACH_M, _WIDE_M, _NEAR_M = 400.0, 60.0, 200.0
_ROUND_M, _WIDER_M, _LEAST_HOUSES = 16.0, 8.0, 3
_RUNS_M = {"滑坡": 240.0, "崩塌": 150.0, "泥石流": 450.0}
_HALF_M, _FOOT_M = 30.0, 45.0
_LEAST_THREATENED, _MANY = 3, 40


def make_danger_areas(
    ground: Ground, villages: gpd.GeoDataFrame, hazard_points: gpd.GeoDataFrame, *, houses: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Draw danger areas of flash floods (20 and 100 years) and risk areas below slides, falls and debris flows.

    Parameters
    ----------
    ground, villages, hazard_points
        The made county.
    houses : GeoDataFrame
        Buildings: only where some stand low a danger area is drawn.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``danger_areas``, EPSG:4546.

    Notes
    -----
    Flash floods: ground less than 0.5 m (20 years) or 1.3 m (100 years), times the fourth root of the basin's km2, above the
    channel, beside a stream whose basin has 4 to 200 km2, within 60 m of it and about 400 m of the village, and 16 m more,
    where the houses stand; drawn where there are three or more. The larger flood reaches 8 m beyond the smaller at least. Slides: the way down the slope
    from a point that threatens people, wider at its foot, where houses stand in it or 40 people are threatened. All
    these lengths are chosen.

    Examples
    --------
    >>> make_danger_areas.__name__
    'make_danger_areas'
    """
    doors = shapely.STRtree(houses.geometry.to_numpy())
    rows = [*_floods(ground, villages, doors), *_slides(ground, hazard_points, doors)]
    frame = gpd.GeoDataFrame(
        rows, columns=["code", "name", "type", "return_period_a", "geometry"], geometry="geometry", crs=CRS
    )
    frame = frame.clip(ground.frame.outline.geometry.iloc[0].buffer(-CELL_M), keep_geom_type=True).sort_index()
    return frame.assign(return_period_a=frame["return_period_a"].astype("Int64")).reset_index(drop=True)


def _floods(ground: Ground, villages: gpd.GeoDataFrame, doors: shapely.STRtree) -> list[tuple[object, ...]]:
    """One area a village and return period, where houses stand low beside a small stream."""
    small = ground.streams[ground.streams["area_km2"].between(*_BASIN_KM2)].reset_index(drop=True)
    seats = villages.geometry.to_numpy()
    near, stream = small.sindex.nearest(seats, max_distance=_NEAR_M, return_all=False)
    lines = shapely.intersection(small.geometry.to_numpy()[stream], shapely.buffer(seats[near], _REACH_M, quad_segs=4))
    rows = []
    for n, which, line in zip(near, stream, lines, strict=True):
        code, name = villages["code"].iloc[n], villages["name"].iloc[n]
        heights, points = _beside(ground, line)
        before, basin = shapely.Polygon(), small["area_km2"].iloc[which]
        for years in _PERIODS_A:
            area = shapely.union(before.buffer(_WIDER_M), _drawn(points[heights < _STAGE_M[years] * basin**0.25], line))
            if len(doors.query(area, "contains")) >= _LEAST_HOUSES:
                rows.append((f"SH{code}{years:03d}", f"{name}山洪危险区", "山洪危险区", years, area))
                before = area
    return sorted(rows, key=lambda row: (row[3], row[0]))


def _beside(ground: Ground, line: shapely.Geometry) -> tuple[NDArray[np.float32], NDArray[np.object_]]:
    """Height above the channel and middle of the cells of the county near a line."""
    west, south, east, north = shapely.bounds(line)
    rows, columns = ground.cells(
        np.array([west - _WIDE_M, east + _WIDE_M]), np.array([north + _WIDE_M, south - _WIDE_M])
    )
    row, column = np.mgrid[rows[0] : rows[1] + 1, columns[0] : columns[1] + 1]
    here = ground.inside[row, column] & (
        ground.height_m[row, column] < _STAGE_M[_PERIODS_A[-1]] * _BASIN_KM2[1] ** 0.25
    )
    row, column = row[here], column[here]
    points = shapely.points(np.stack(at(ground.grid, column + 0.5, row + 0.5), axis=1))
    near = shapely.dwithin(points, line, _WIDE_M)
    return ground.height_m[row, column][near], points[near]


def _drawn(points: NDArray[np.object_], line: shapely.Geometry) -> shapely.Geometry:
    """Ground around the middles of cells as it would be drawn by hand: rounded, without holes, along the stream only."""
    x, y = shapely.get_coordinates(points).T
    half = CELL_M / 2
    cells = shapely.coverage_union_all(shapely.box(x - half, y - half, x + half, y + half))
    parts = shapely.get_parts(cells.buffer(_ROUND_M, quad_segs=3).simplify(5.0))
    return shapely.union_all([shapely.Polygon(one.exterior) for one in parts if one.distance(line) < CELL_M])


def _slides(ground: Ground, points: gpd.GeoDataFrame, doors: shapely.STRtree) -> list[tuple[object, ...]]:
    """One area a point that threatens people, where houses stand in its way or many are threatened."""
    mine = points[points["type"].isin(list(_RUNS_M)) & (points["threatened_people"] >= _LEAST_THREATENED)]
    ways = [_way(ground, point, _RUNS_M[kind]) for point, kind in zip(mine.geometry, mine["type"], strict=True)]
    feet = shapely.buffer(shapely.points([way[-1] for way in ways]), _FOOT_M, quad_segs=4)
    areas = shapely.union(shapely.buffer([shapely.LineString(way) for way in ways], _HALF_M, quad_segs=4), feet)
    houses = np.bincount(doors.query(areas, "contains")[0], minlength=len(areas))
    kept = np.flatnonzero((houses > 0) | (mine["threatened_people"] >= _MANY).to_numpy())
    return [
        (f"DZ{mine['code'].iloc[n]}", f"{mine['name'].iloc[n]}风险区", "地质灾害风险区", pd.NA, areas[n])
        for n in kept[mine["code"].to_numpy()[kept].argsort(kind="stable")]
    ]


def _way(ground: Ground, point: shapely.Point, run_m: float) -> NDArray[np.float64]:
    """The way down from a point along the drainage, until it has run far enough."""
    row, column = ground.cells(np.array([point.x]), np.array([point.y]))
    cell, gone = int(row[0] * ground.grid.shape.x + column[0]), 0.0
    way = [(point.x, point.y)]
    while gone < run_m and (following := int(ground.relief.receiver[cell])) != cell:
        cell = following
        east, north = at(ground.grid, cell % ground.grid.shape.x + 0.5, cell // ground.grid.shape.x + 0.5)
        gone += float(np.hypot(east - way[-1][0], north - way[-1][1]))
        way.append((float(east), float(north)))
    return np.array(way if len(way) > 1 else way * 2)
