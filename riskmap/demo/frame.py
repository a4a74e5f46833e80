"""The real frame of Hequ County that the made-up survey hangs on: outlines, codes, names, seats."""

import csv
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import gaussian_filter1d

from riskmap.spatial import make_grid

__all__ = ["CELL_M", "CRS", "Frame", "at", "cell_at", "read_frame", "river_course", "rng_of", "side_grid"]

CRS = "EPSG:4546"
CELL_M = 30.0
_MARGIN_M = 900.0
_HALVINGS = 8
_STEP_M = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """What is real in the demo county.

    Parameters
    ----------
    outline : GeoDataFrame
        One row: ``name``, ``name_en``, ``code``, ``province``; EPSG:4546.
    neighbours : GeoDataFrame
        The six counties around, same columns.
    townships : GeoDataFrame
        ``code``, ``name``, ``name_en`` and the seat, EPSG:4546.
    villages : DataFrame
        ``code``, ``name``, ``name_en``, ``township_code``, ``easting_m``, ``northing_m`` (NaN: seat not known).
    river : LineString
        Course of the Yellow River along the county's border, downstream, EPSG:4546.
    """

    outline: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame
    villages: pd.DataFrame
    river: shapely.LineString


def rng_of(seed: int, layer: str) -> np.random.Generator:
    """Random numbers of one layer, independent of all other layers.

    Parameters
    ----------
    seed : int
        Seed of the county.
    layer : str
        Name of the layer.

    Returns
    -------
    numpy.random.Generator

    Examples
    --------
    >>> rng_of(1, "dem").random() == rng_of(1, "dem").random()
    True
    """
    return np.random.default_rng([seed, *layer.encode()])


def side_grid(outline: gpd.GeoDataFrame, *, cell_m: float = CELL_M) -> GeoBox:
    """Grid around the outline whose sides can be halved three times.

    Parameters
    ----------
    outline : GeoDataFrame
        Projected, metres.
    cell_m : float
        Side of a cell, m.

    Returns
    -------
    GeoBox
        Rows and columns are multiples of 8.

    Examples
    --------
    >>> box = gpd.GeoDataFrame(geometry=[shapely.box(510_000, 4_360_000, 511_000, 4_361_000)], crs=CRS)
    >>> side_grid(box).shape
    Shape2d(x=96, y=104)
    """
    grid = make_grid(outline.total_bounds, CRS, cell_size_m=cell_m * _HALVINGS, margin_m=_MARGIN_M)
    return grid.zoom_to((grid.shape.y * _HALVINGS, grid.shape.x * _HALVINGS))


def at(grid: GeoBox, column: Any, row: Any) -> tuple[Any, Any]:
    """Easting and northing of places given by column and row (fractions too; numbers or arrays).

    Examples
    --------
    >>> at(GeoBox.from_bbox((0, 0, 60, 60), CRS, resolution=30), 0.5, 0.5)
    (15.0, 45.0)
    """
    affine = grid.affine
    return affine.c + affine.a * column, affine.f + affine.e * row


def cell_at(grid: GeoBox, east: Any, north: Any) -> tuple[Any, Any]:
    """Column and row of places, with fractions.

    Examples
    --------
    >>> cell_at(GeoBox.from_bbox((0, 0, 60, 60), CRS, resolution=30), 15.0, 45.0)
    (0.5, 0.5)
    """
    affine = grid.affine
    return (east - affine.c) / affine.a, (north - affine.f) / affine.e


def read_frame() -> Frame:
    """Read the frame that ships with riskmap.

    Returns
    -------
    Frame

    Examples
    --------
    >>> frame = read_frame()
    >>> len(frame.townships), len(frame.villages), len(frame.neighbours)
    (11, 193, 6)
    """
    folder = files(__package__) / "frame"
    raw = json.loads((folder / "counties.geojson").read_text(encoding="utf-8"))
    counties = gpd.GeoDataFrame.from_features(raw["features"], crs="EPSG:4326").to_crs(CRS)
    ours = counties["code"] == "140930"
    tables = {}
    for name in ("townships", "villages"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as source:
            table = pd.DataFrame(list(csv.DictReader(source)))
        seats = gpd.GeoSeries.from_xy(
            pd.to_numeric(table.pop("lon")), pd.to_numeric(table.pop("lat")), crs="EPSG:4326"
        ).to_crs(CRS)
        tables[name] = table.assign(easting_m=seats.x, northing_m=seats.y)
    towns = tables["townships"]
    seat = gpd.points_from_xy(towns.pop("easting_m"), towns.pop("northing_m"), crs=CRS)
    outline = counties[ours].reset_index(drop=True)
    neighbours = counties[~ours].reset_index(drop=True)
    return Frame(
        outline=outline,
        neighbours=neighbours,
        townships=gpd.GeoDataFrame(towns, geometry=seat),
        villages=tables["villages"],
        river=river_course(outline, neighbours),
    )


def river_course(outline: gpd.GeoDataFrame, neighbours: gpd.GeoDataFrame) -> shapely.LineString:
    """Course of the Yellow River: the border with the provinces beyond it, made smooth and led out on both ends.

    Parameters
    ----------
    outline, neighbours : GeoDataFrame
        With ``province``; projected, metres.

    Returns
    -------
    LineString
        Downstream, vertices 60 m apart.

    Examples
    --------
    >>> 60 < read_frame().river.length / 1000 < 110
    True
    """
    home = outline["province"].iloc[0]
    beyond = neighbours[neighbours["province"] != home].union_all().buffer(50.0)
    border = shapely.line_merge(outline.boundary.iloc[0].intersection(beyond))
    course = max(shapely.get_parts(border), key=lambda part: part.length)
    if course.coords[0][1] < course.coords[-1][1]:
        course = course.reverse()
    course = course.segmentize(_STEP_M)
    along = np.arange(0.0, course.length, _STEP_M)
    points = shapely.get_coordinates(shapely.line_interpolate_point(course, along))
    points = _led_out(points)
    smooth = gaussian_filter1d(points, 9.0, axis=0, mode="nearest")
    return shapely.LineString(smooth).simplify(1.0)


def _led_out(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lead the course on to the north-east and to the south-west for 12 km, with gentle bends."""
    steps = np.arange(_STEP_M, 12_000.0, _STEP_M)[:, np.newaxis]
    bend = 500.0 * np.sin(steps / 1500.0)
    upper = points[0] + steps * (0.55, 0.83) + bend * (0.83, -0.55) * np.minimum(1, steps / 2000)
    lower = points[-1] + steps * (-0.85, -0.53) + bend * (-0.53, 0.85) * np.minimum(1, steps / 2000)
    return np.vstack([upper[::-1], points, lower])
