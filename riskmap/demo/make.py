"""The made-up county from its seed to its folder."""

import json
import logging
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.demo.bridges import with_decks
from riskmap.demo.climate import make_daily, make_monthly, make_rain_design, make_stations
from riskmap.demo.county_text import NOTE, TITLE, county_toml, given_toml, readme
from riskmap.demo.dangers import make_danger_areas
from riskmap.demo.delivery import deliver_exposed, deliver_frame, deliver_ground, deliver_hazards, deliver_weather
from riskmap.demo.dirt import Sown
from riskmap.demo.facilities import (
    make_clinics,
    make_fire_stations,
    make_relief_stores,
    make_shelters,
    make_water_points,
)
from riskmap.demo.frame import read_frame, rng_of, side_grid
from riskmap.demo.geology import Geology, make_geology
from riskmap.demo.given import deliver_given, make_given_products
from riskmap.demo.ground import Ground, make_ground
from riskmap.demo.hazards_truth import LAW, make_hazard_points, make_losses, make_past_fires
from riskmap.demo.houses import make_buildings
from riskmap.demo.land import make_land_cover
from riskmap.demo.people import with_times
from riskmap.demo.plans import make_planned_sites, make_planning
from riskmap.demo.relief import make_relief
from riskmap.demo.roads import make_roads
from riskmap.demo.settlements import make_townships, make_villages, make_yearbook
from riskmap.demo.water import make_streams
from riskmap.errors import CountyFileError
from riskmap.model import County, Text
from riskmap.spatial import zonal_mean, zone_labels
from riskmap.writers import write_delivered_text

__all__ = ["is_demo", "make_demo", "make_given"]

_log = logging.getLogger(__name__)
Progress = Callable[[float, str], None]


def is_demo(folder: Path) -> bool:
    """Whether a folder is one that `make_demo` or `make_given` wrote, or began to write.

    Parameters
    ----------
    folder : pathlib.Path
        Any folder.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_demo(Path("."))
    False
    """
    note = Path(folder) / "README.md"
    return note.is_file() and note.read_text(encoding="utf-8", errors="replace").startswith(TITLE)


def make_demo(folder: Path, *, seed: int = 140930, progress: Progress | None = None) -> Path:
    """Write the made-up survey of Hequ County: ``county.toml``, its layers, ``truth.json``, ``README.md``.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there; files of the same names are replaced.
    seed : int
        Same seed, same county: same bytes in GeoTIFF, shapefile, GeoPackage, CSV and GeoJSON files, same content in
        workbooks and the File Geodatabase.
    progress : callable, optional
        Called with (fraction done, message).

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    CountyFileError
        The folder holds something else.

    Examples
    --------
    >>> make_demo.__name__  # half a minute
    'make_demo'
    """
    folder = _own(folder)
    tell = progress or (lambda _share, message: _log.info(message))
    tell(0.02, "cutting the relief")
    ground = _ground(seed)
    tell(0.55, "settling villages, laying roads")
    layers, cover, geology = _settled(ground, seed)
    tell(0.75, "weather, hazards, facilities")
    layers |= _weather(ground, seed)
    bad = _hazards(layers, ground, (geology, cover), seed)
    tell(0.9, "writing the files")
    sown, rng = Sown(), rng_of(seed, "dirt")
    _readme(folder, ground, seed)
    deliver_frame(folder, layers)
    deliver_ground(folder, layers, dem=ground.relief.dem, cover=cover)
    deliver_hazards(folder, layers, sown=sown, rng=rng)
    deliver_weather(folder, layers)
    deliver_exposed(folder, layers, sown=sown, rng=rng)
    truth = _truth(layers, sown, bad, seed)
    write_delivered_text(folder / "truth.json", json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
    _settings(folder, county_toml(folder, seed=seed))
    tell(1.0, "done")
    return folder


def make_given(folder: Path, *, seed: int = 140930, progress: Progress | None = None) -> Path:
    """Write the same county as an emergency bureau usually has it: no survey, six products of other departments.

    Parameters
    ----------
    folder, seed, progress
        As in `make_demo`.

    Returns
    -------
    pathlib.Path
        The folder.

    Examples
    --------
    >>> make_given.__name__  # a quarter of a minute
    'make_given'
    """
    folder = _own(folder)
    tell = progress or (lambda _share, message: _log.info(message))
    tell(0.02, "cutting the relief")
    ground = _ground(seed)
    tell(0.8, "settling villages")
    villages, townships, cover, book = _people(ground, seed)
    green = ((cover > 10) & (cover < 40)).astype("float32")
    products = make_given_products(ground, villages, townships, green=green, seed=seed)
    tell(0.95, "writing the files")
    _readme(folder, ground, seed)
    frame = {"outline": ground.frame.outline, "neighbours": ground.frame.neighbours}
    deliver_frame(folder, {**frame, "villages": villages, "townships": townships, "yearbook": book})
    deliver_given(folder, products)
    _settings(folder, given_toml(folder, seed=seed))
    tell(1.0, "done")
    return folder


def _own(folder: Path) -> Path:
    """The folder, if it is empty, new, or the demo's own: what belongs to others is never written over."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise CountyFileError(
            Text(f"{folder}：是文件；请写新的或空的文件夹", f"{folder}: is a file; name a folder that is new or empty")
        )
    if folder.is_dir() and any(folder.iterdir()) and not is_demo(folder):
        raise CountyFileError(
            Text(
                f"{folder}：里面有不属于演示县的文件；请写新的或空的文件夹",
                f"{folder}: holds files that are not of the demo county; name a folder that is new or empty",
            )
        )
    return folder


def _ground(seed: int) -> Ground:
    frame = read_frame()
    grid = side_grid(frame.outline)
    relief = make_relief(frame, grid, seed=seed)
    return make_ground(frame, grid, relief, streams=make_streams(frame, grid, relief))


def _people(ground: Ground, seed: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, xr.DataArray, pd.DataFrame]:
    """Villages, townships, land cover and the yearbook."""
    villages = with_times(make_villages(ground, seed=seed), seed=seed)
    townships = make_townships(ground, villages)
    cover = make_land_cover(ground, villages, seed=seed)
    cropland = (cover == 10).astype("float32")
    crops = zonal_mean(cropland, zone_labels(townships, ground.grid), count=len(townships))
    book = make_yearbook(villages, townships, crops * townships.area.to_numpy() / 1e6, seed=seed)
    return villages, townships, cover, book


def _settled(ground: Ground, seed: int) -> tuple[dict[str, Any], xr.DataArray, Geology]:
    villages, townships, cover, book = _people(ground, seed)
    geology = make_geology(ground, seed=seed)
    layers = {
        "outline": ground.frame.outline,
        "neighbours": ground.frame.neighbours,
        "townships": townships,
        "villages": villages,
        "streams": ground.streams,
        "yearbook": book,
        "roads": with_decks(make_roads(ground, villages), ground, seed=seed),
        "lithology": geology.lithology,
        "faults": geology.faults,
        "mined_out": geology.mined_out,
        "buildings": make_buildings(ground, villages, seed=seed),
    }
    return layers, cover, geology


def _weather(ground: Ground, seed: int) -> dict[str, Any]:
    stations = make_stations(ground)
    monthly = make_monthly(stations, seed=seed)
    return {
        "stations": stations,
        "weather_monthly": monthly,
        "weather_daily": make_daily(stations, monthly, seed=seed),
        "rain_design": make_rain_design(),
    }


def _hazards(layers: dict[str, Any], ground: Ground, made: tuple[Geology, xr.DataArray], seed: int) -> dict[str, str]:
    """Add what depends on roads, rocks and weather; tell the badly placed shelters."""
    geology, cover = made
    villages = layers["villages"]
    points = make_hazard_points(ground, geology, villages, roads=layers["roads"], seed=seed)
    shelters, bad = make_shelters(ground, villages, points, seed=seed)
    layers |= {
        "hazard_points": points,
        "danger_areas": make_danger_areas(ground, villages, points, houses=layers["buildings"]),
        "shelters": shelters,
        "past_fires": make_past_fires(ground, cover.to_numpy(), layers["weather_daily"], villages=villages, seed=seed),
        "losses": make_losses(
            layers["townships"], layers["weather_monthly"], people=layers["yearbook"]["people"].to_numpy(), seed=seed
        ),
        "fire_stations": make_fire_stations(ground),
        "relief_stores": make_relief_stores(ground),
        "clinics": make_clinics(ground, villages, seed=seed),
        "water_points": make_water_points(ground),
        "planning": make_planning(ground),
        "planned_sites": make_planned_sites(ground),
    }
    return bad


def _truth(layers: Mapping[str, Any], sown: Sown, bad: Mapping[str, str], seed: int) -> dict[str, Any]:
    counts = {name: len(one) for name, one in layers.items() if isinstance(one, pd.DataFrame | gpd.GeoDataFrame)}
    return {
        "note": NOTE,
        "seed": seed,
        "rows_before_faults": counts,
        "people": int(layers["villages"]["people"].sum()),
        "gdp_yuan": float(np.round(layers["yearbook"]["gdp_yuan"].sum())),
        "hazard_points": {
            "law": {kind: dict(law) for kind, law in LAW.items()},
            "reporting": "odds times exp(-distance to the nearest village / 900 m) + 0.03",
        },
        "badly_placed_shelters": dict(bad),
        "township_areas": "made: nearest village seat",
        "faults": sown.faults,
    }


def _readme(folder: Path, ground: Ground, seed: int) -> None:
    """Write README.md first: it marks the folder as the demo's own."""
    seats = len(ground.frame.townships) + int(ground.frame.villages["easting_m"].notna().sum())
    write_delivered_text(folder / "README.md", readme(seed=seed, seats=seats))


def _settings(folder: Path, text: str) -> None:
    """Write county.toml last, so that a folder with one is whole."""
    County.model_validate({**tomllib.loads(text), "folder": folder})
    write_delivered_text(folder / "county.toml", text)
