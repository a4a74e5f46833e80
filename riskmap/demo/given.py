"""The second made-up county: no survey of its own, only what other departments have finished."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.xr import xr_coords

from riskmap.demo.county_text import NOTE
from riskmap.demo.delivery import geojson_text
from riskmap.demo.frame import rng_of
from riskmap.demo.ground import Ground
from riskmap.spatial import made_areas, on_grid, zonal_mean, zone_labels
from riskmap.writers import (
    write_delivered_csv,
    write_delivered_raster,
    write_delivered_shapefile,
    write_delivered_sheet,
    write_delivered_text,
)

__all__ = ["deliver_given", "make_given_products"]

_SUSCEPTIBLE = ("低易发区", "中易发区", "高易发区", "极高易发区")
_FIVE = ("低", "中低", "中", "中高", "高")
_DROUGHT = ("低", "较低", "较高", "高")
_COARSE = 3
_INTENSITY_REACH_M = 12_000.0


def make_given_products(
    ground: Ground, villages: gpd.GeoDataFrame, townships: gpd.GeoDataFrame, *, green: xr.DataArray, seed: int
) -> dict[str, Any]:
    """Draw six finished products over the made ground.

    Parameters
    ----------
    ground : Ground
        Relief and water.
    villages, townships : GeoDataFrame
        From `make_villages`, `make_townships`.
    green : DataArray of float (y, x)
        1 on woods, shrubs and grass, 0 elsewhere.
    seed : int
        Seed of the county.

    Returns
    -------
    dict
        ``landslide`` and ``earthquake`` (polygons), ``flood`` (raster of codes 1..4), ``fire`` (a row for each
        village), ``drought`` and ``hail`` (a row for each township).

    Examples
    --------
    >>> make_given_products.__name__
    'make_given_products'
    """
    areas = made_areas(villages.set_index("code")[["geometry"]], ground.frame.outline)
    labels = zone_labels(areas, ground.grid)
    slope = on_grid(ground.slope_deg, ground.grid, name="slope_deg", units="deg")
    rng = rng_of(seed, "given")
    names = np.array(_SUSCEPTIBLE)[_quarters(zonal_mean(slope, labels, count=len(areas)))]
    slides = areas[["geometry"]].assign(yfcd=names).dissolve("yfcd").explode().reset_index()
    fire = _fifths(zonal_mean(green, labels, count=len(areas)) + rng.normal(0, 0.05, len(areas)))
    height = zonal_mean(ground.relief.dem, zone_labels(townships, ground.grid), count=len(townships))
    towns = townships[["code", "name"]]
    return {
        "landslide": slides,
        "earthquake": _intensity(ground),
        "flood": _reached(ground),
        "fire": pd.DataFrame({"村代码": areas.index, "森林草原火灾危险性": np.array(_FIVE)[fire]}),
        "drought": towns.assign(grade=np.array(_DROUGHT)[_quarters(-height)]),
        "hail": towns.assign(grade=np.array(_FIVE)[_fifths(height + rng.normal(0, 60, len(towns)))]),
    }


def _quarters(values: NDArray[np.floating]) -> NDArray[np.int64]:
    return np.digitize(values, np.nanquantile(values, [0.25, 0.5, 0.75]))


def _fifths(values: NDArray[np.floating]) -> NDArray[np.int64]:
    return np.digitize(values, np.nanquantile(values, [0.2, 0.4, 0.6, 0.8]))


def _intensity(ground: Ground) -> gpd.GeoDataFrame:
    """Stronger shaking along the Yellow River, where the ground is soft."""
    whole = ground.frame.outline.union_all()
    near = ground.frame.river.buffer(_INTENSITY_REACH_M)
    parts = [whole.intersection(near), whole.difference(near)]
    return gpd.GeoDataFrame({"烈度": ["Ⅶ度", "Ⅵ度"]}, geometry=parts, crs=ground.frame.outline.crs).explode(
        ignore_index=True
    )


def _reached(ground: Ground) -> xr.DataArray:
    """Classes 1..4 on cells of 90 m, by height over the nearest channel of more than 0.3 km2."""
    low = np.digitize(-ground.height_m, [-6.0, -2.5, -0.8]) + 1
    wet = np.where(ground.stream_m < 250.0, low, 1).astype("uint8")
    rows, columns = (side // _COARSE for side in wet.shape)
    blocks = wet[: rows * _COARSE, : columns * _COARSE].reshape(rows, _COARSE, columns, _COARSE)
    grid = ground.grid[: rows * _COARSE, : columns * _COARSE].zoom_to((rows, columns))
    return xr.DataArray(np.round(blocks.mean(axis=(1, 3))).astype("uint8"), dims=("y", "x"), coords=xr_coords(grid))


def deliver_given(folder: Path, products: Mapping[str, Any]) -> None:
    """Write the products as departments hand them over.

    Parameters
    ----------
    folder : pathlib.Path
        County folder.
    products : mapping
        From `make_given_products`.

    Examples
    --------
    >>> deliver_given.__name__
    'deliver_given'
    """
    base = folder / "部门成果"
    write_delivered_shapefile(base / "自然资源局_地质灾害易发分区.shp", products["landslide"])
    write_delivered_raster(
        base / "水利局_洪水危险性.tif",
        products["flood"],
        tags={"TIFFTAG_IMAGEDESCRIPTION": "synthetic survey"},
        nodata=0,
    )
    write_delivered_csv(base / "林业局_森林草原火灾危险性.csv", products["fire"], encoding="gb18030")
    names = {"code": "乡镇代码", "name": "乡镇", "grade": "危险性等级"}
    sheets = {"干旱": products["drought"].rename(columns=names), "冰雹": products["hail"].rename(columns=names)}
    write_delivered_sheet(base / "气象局_干旱冰雹.xlsx", sheets, notes=(NOTE,))
    write_delivered_text(base / "地震局_地震烈度分区.geojson", geojson_text(products["earthquake"], name="地震烈度"))
