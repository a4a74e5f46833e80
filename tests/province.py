"""A province made by hand: 3,000 wiggly areas on a grid of 1 km, 4 hazards, 5 classes; as `tiny`, larger."""

from dataclasses import replace
from itertools import product
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox
from odc.geo.xr import xr_coords

from riskmap.model import OBJECTS, Assessment, County, Layer, LayerSource, RiskResult, Survey, Text, ThemeResult
from riskmap.standards import book, layer_spec

CRS = "EPSG:4546"
AREAS, COUNTIES = 3000, 110
WEST_M, SOUTH_M, SIDE_M, CELL_M = 300_000, 4_000_000, 400_000, 1000
CORNER_M, SWING_M = 300, 500
HAZARDS = {
    "flood": Text("洪水", "Flood"),
    "landslide": Text("滑坡", "Landslide"),
    "drought": Text("干旱", "Drought"),
    "fire": Text("森林草原火灾", "Fire"),
}


def _noise(x, y, rng):
    """A smooth wave of many lengths, the same for the same place, so that borders stay shared."""
    found = np.zeros_like(x)
    for length in (20_000, 7000, 2500, 1100):
        turn, phase = rng.random() * np.pi, rng.random(2) * 2 * np.pi
        along = (x * np.cos(turn) + y * np.sin(turn)) / length
        across = (y * np.cos(turn) - x * np.sin(turn)) / length
        found += np.sin(2 * np.pi * along + phase[0]) * np.cos(2 * np.pi * across + phase[1]) * length / 20_000
    return found


def _areas():
    """Seats, and a cell of each; corners are rounded to a metre before they move, so that both sides move alike."""
    rng = np.random.default_rng(7)
    seats = shapely.points(rng.random((AREAS, 2)) * SIDE_M + [WEST_M, SOUTH_M])
    box = shapely.box(WEST_M, SOUTH_M, WEST_M + SIDE_M, SOUTH_M + SIDE_M)
    cells = shapely.voronoi_polygons(shapely.multipoints(seats), extend_to=box, ordered=True)
    cells = shapely.segmentize(shapely.intersection(shapely.get_parts(cells), box), CORNER_M)

    def moved(at):
        at = np.round(at)
        x, y = at.T
        swing = [_noise(x, y, np.random.default_rng(seed)) for seed in (8, 9)]
        return at + SWING_M * np.column_stack(swing)

    return seats, shapely.transform(cells, moved)


def _raster(values, name=None, **attrs):
    return xr.DataArray(values, dims=("y", "x"), coords=xr_coords(_grid(), dims=("y", "x")), name=name, attrs=attrs)


def _grid():
    box = (WEST_M, SOUTH_M, WEST_M + SIDE_M, SOUTH_M + SIDE_M)
    return GeoBox.from_bbox(box, CRS, resolution=CELL_M)


def _field(seed):
    """Scores 0..1 on the grid, smooth."""
    rows, columns = np.mgrid[0 : SIDE_M // CELL_M, 0 : SIDE_M // CELL_M].astype(float) * CELL_M
    found = _noise(columns / 4, rows / 4, np.random.default_rng(seed))
    return ((found - found.min()) / np.ptp(found)).astype("float32")


def _theme(name, title, score):
    scheme = replace(book().scheme("comprehensive-risk"), edges=(0.2, 0.4, 0.6, 0.8))
    return ThemeResult(
        name=name,
        title=title,
        origin="measured",
        method=Text("手工构造", "made by hand"),
        measured=xr.Dataset({"quantity": _raster(score, units="1")}),
        headline="quantity",
        classes=_raster((np.digitize(score, scheme.edges) + 1).astype("uint8")),
        scheme=scheme,
        score=_raster(score),
        known_share=_raster(np.ones_like(score)),
    )


def _units():
    seats, cells = _areas()
    at = shapely.get_coordinates(seats)
    middles = at[np.random.default_rng(3).choice(AREAS, COUNTIES, replace=False)]
    near = np.argmin(((at[:, None, :] - middles[None, :, :]) ** 2).sum(-1), axis=1)
    codes = [f"14{county:04d}{n:03d}000" for n, county in enumerate(near)]
    frame = gpd.GeoDataFrame(
        {
            "name": [f"第{n}镇" for n in range(AREAS)],
            "name_en": [f"Town {n}" for n in range(AREAS)],
            "parent_id": [f"14{county:04d}000000" for county in near],
            "made_area": False,
        },
        geometry=cells,
        crs=CRS,
    )
    return frame.set_index(pd.Index([f"{one}{n:04d}" for n, one in enumerate(codes)], name="unit_id"))


def _counties(units):
    frame = units.dissolve("parent_id")[["geometry"]]
    frame.index.name = "unit_id"
    names = [f"第{n}县" for n in range(len(frame))]
    return frame.assign(name=names, name_en=[f"County {n}" for n in range(len(frame))], parent_id="140000000000")


def _risk(units):
    rng = np.random.default_rng(5)
    scheme = replace(book().scheme("comprehensive-risk"), edges=(0.2, 0.4, 0.6, 0.8))
    index = rng.random(AREAS)
    codes = (np.digitize(index, scheme.edges) + 1).astype("uint8")
    amounts = {"people": 3e4, "gdp_yuan": 9e8, "crops_km2": 20, "houses_m2": 8e5, "roads_km": 90}
    exposure = pd.DataFrame({one: rng.random(AREAS).round(3) * most for one, most in amounts.items()}, units.index)
    pairs = pd.DataFrame(list(product(HAZARDS, OBJECTS)), columns=["theme", "object"])
    rows = pd.DataFrame({"unit_id": np.repeat(units.index, len(pairs))})
    rows = rows.join(pd.concat([pairs] * AREAS, ignore_index=True)).assign(index=rng.random(AREAS * len(pairs)))
    told = {"index": index, "class": codes, "leading": np.array(list(HAZARDS))[rng.integers(0, 4, AREAS)]}
    told |= {"known_share": 1.0, "stability": rng.random(AREAS), "next_class": np.full(AREAS, 3, "uint8")}
    for one in (*HAZARDS, *OBJECTS):
        told |= {f"index_{one}": index, f"class_{one}": codes, f"score_{one}": index, f"part_{one}": index}
    table = units.assign(**told).join(exposure)
    steps = {one: _raster((_field(20 + n) * 250).astype("uint8")) for n, one in enumerate(OBJECTS)}
    cells = _field(30)
    return RiskResult(
        exposure=exposure,
        vulnerability=pd.DataFrame(0.5, index=units.index, columns=list(OBJECTS)),
        unit_risk=rows,
        units=gpd.GeoDataFrame(table, geometry="geometry", crs=CRS),
        townships=_counties(units),
        index=_raster(cells, units="1"),
        classes=_raster((np.digitize(cells, scheme.edges) + 1).astype("uint8")),
        scheme=scheme,
        grid_scheme=scheme,
        zones=gpd.GeoDataFrame({"class": np.array([], "uint8")}, geometry=[], crs=CRS),
        theme_weights=dict.fromkeys(HAZARDS, 0.25),
        object_weights=dict.fromkeys(OBJECTS, 0.2),
        cell_exposure=steps,
    )


def province():
    """Assessment of a made-up province."""
    units = _units()
    settings = {"folder": ".", "name": {"zh": "大河省", "en": "Great Province"}, "code": "140000", "crs": CRS}
    dem = _raster(_field(40) * 2000, "dem", units="m")
    layers = {"dem": Layer(spec=layer_spec("dem"), data=dem, source=LayerSource(path="dem.x", sha256="0" * 64))}
    survey = Survey(
        county=County.model_validate(settings | {"cell_size_m": CELL_M, "date": "2026-01-01"}),
        standards=book(),
        grid=_grid(),
        mask=_raster(np.ones(dem.shape, bool)),
        outline=gpd.GeoDataFrame({"name": ["大河省"]}, geometry=[units.union_all(method="coverage")], crs=CRS),
        units=units,
        townships=_counties(units),
        layers=MappingProxyType(layers),
        findings=(),
    )
    themes = {name: _theme(name, title, _field(n)) for n, (name, title) in enumerate(HAZARDS.items())}
    return Assessment(survey=survey, themes=MappingProxyType(themes), risk=_risk(units), shelters=None, left_out=())
