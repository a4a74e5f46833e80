"""A county of six villages on 60 x 50 cells, made by hand: what rooms can rely on, in one place."""

from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox
from odc.geo.xr import xr_coords

from riskmap.model import (
    NO_CLASS,
    OBJECTS,
    Assessment,
    County,
    Finding,
    Layer,
    LayerSource,
    LeftOut,
    RiskResult,
    ShelterResult,
    Survey,
    Text,
    ThemeResult,
)
from riskmap.standards import book, layer_spec

CRS = "EPSG:4546"
CELL_M = 100.0
SHAPE = (60, 50)
WEST_M, NORTH_M = 510_000.0, 4_366_000.0
CODES = [f"14093010{n // 3}{200 + n}" for n in range(6)]
EVIL = "<img src=x onerror=alert(1)>\"村'"


def county(folder=".", **more):
    settings = {
        "folder": folder,
        "name": {"zh": "小河县", "en": "Tiny County"},
        "code": "140930",
        "crs": CRS,
        "cell_size_m": CELL_M,
        "date": "2026-01-01",
        "maps": {"compiler": "小河县应急管理局", "data_note": {"zh": "模拟数据", "en": "synthetic survey"}},
    }
    return County.model_validate(settings | more)


def grid():
    return GeoBox.from_bbox((WEST_M, NORTH_M - 6000, WEST_M + 5000, NORTH_M), CRS, resolution=CELL_M)


def raster(values, name=None, **attrs):
    return xr.DataArray(values, dims=("y", "x"), coords=xr_coords(grid(), dims=("y", "x")), name=name, attrs=attrs)


def relief():
    """A valley that runs south along the middle, rising 8 m a cell to both sides, 1 m a row up the valley."""
    rows, columns = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    return (1000 + 8 * np.abs(columns - 24.5) + (SHAPE[0] - rows)).astype("float32")


def units():
    boxes = []
    for n in range(6):
        west, north = WEST_M + 2500 * (n % 2), NORTH_M - 2000 * (n // 2)
        boxes.append(shapely.box(west, north - 2000, west + 2500, north))
    names = ["甲村", "乙村", "丙村", EVIL, "戊村", "己村"]
    return gpd.GeoDataFrame(
        {
            "name": names,
            "name_en": [f"Village {n}" for n in range(6)],
            "parent_id": [code[:9] + "000" for code in CODES],
            "made_area": True,
        },
        geometry=boxes,
        index=pd.Index(CODES, name="unit_id"),
        crs=CRS,
    )


def townships():
    frame = units().dissolve("parent_id")[["geometry"]]
    frame.index.name = "unit_id"
    return frame.assign(name=["上乡", "下镇"], name_en=["Upper", "Lower"], parent_id="140930000000", made_area=True)


def survey(folder=".", **settings):
    frame = units()
    outline = gpd.GeoDataFrame({"name": ["小河县"]}, geometry=[frame.union_all()], crs=CRS)
    neighbours = gpd.GeoDataFrame(
        {"name": ["东县", "西县"], "name_en": ["East", "West"]},
        geometry=[
            shapely.box(WEST_M + 5000, NORTH_M - 6000, WEST_M + 9000, NORTH_M),
            shapely.box(WEST_M - 4000, NORTH_M - 6000, WEST_M, NORTH_M),
        ],
        crs=CRS,
    )
    villages = gpd.GeoDataFrame(
        {
            "code": CODES,
            "name": frame["name"].to_numpy(),
            "people": [1200, 300, 90, 450, 0, 2100],
            "households": 50,
        },
        geometry=frame.representative_point().to_numpy(),
        crs=CRS,
    )
    streams = gpd.GeoDataFrame(
        {"name": ["小河"]},
        geometry=[shapely.LineString([(WEST_M + 2500, NORTH_M), (WEST_M + 2500, NORTH_M - 6000)])],
        crs=CRS,
    )
    roads = gpd.GeoDataFrame(
        {"code": ["G1", "C1"], "name": ["国道", "村道"], "class": ["国道", "村道"]},
        geometry=[
            shapely.LineString([(WEST_M + 1250, NORTH_M - 1000), (WEST_M + 1250, NORTH_M - 5000)]),
            shapely.LineString([(WEST_M + 1250, NORTH_M - 3000), (WEST_M + 3750, NORTH_M - 3000)]),
        ],
        crs=CRS,
    )
    data = {
        "dem": raster(relief(), "dem", units="m"),
        "villages": villages,
        "neighbours": neighbours,
        "streams": streams,
        "roads": roads,
    }
    layers = {
        name: Layer(spec=layer_spec(name), data=one, source=LayerSource(path=f"{name}.x", sha256="0" * 64))
        for name, one in data.items()
    }
    return Survey(
        county=county(folder, **settings),
        standards=book(),
        grid=grid(),
        mask=raster(np.ones(SHAPE, bool)),
        outline=outline,
        units=frame,
        townships=townships(),
        layers=MappingProxyType(layers),
        findings=(
            Finding(
                rule="swapped-coordinates",
                severity="warning",
                layer="hazard_points",
                row=7,
                key="140930100007",
                field="经度",
                value="39.38",
                message=Text("经纬度颠倒", "Longitude and latitude are swapped"),
                cure=Text("已按交换后读取，请改正原表", "Read the other way round; correct the source table"),
                mended=True,
                lon=111.15,
                lat=39.38,
            ),
        ),
    )


def theme(name, title, scheme, score, *, origin="measured"):
    """A theme result whose classes cut `score` (values 0..1) evenly."""
    cut = book().scheme(scheme)
    edges = tuple(np.linspace(0, 1, cut.size + 1)[1:-1].tolist())
    codes = np.where(np.isnan(score), NO_CLASS, np.digitize(score, edges) + 1).astype("uint8")
    from dataclasses import replace

    return ThemeResult(
        name=name,
        title=title,
        origin=origin,
        method=Text("手工构造", "made by hand"),
        measured=xr.Dataset({"quantity": raster(score.astype("float32"), units="1")}),
        headline="quantity",
        classes=raster(codes),
        scheme=replace(cut, edges=edges),
        score=raster(score.astype("float32")),
        known_share=raster(np.where(np.isnan(score), 0, 1).astype("float32")),
        scenarios=MappingProxyType({f"{name}: worst": raster(score > 0.9)}),
        scenario_closes=MappingProxyType({f"{name}: worst": "both"}),
    )


def themes():
    rows, columns = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    flood = 1 - np.abs(columns - 24.5) / 25
    flood[:3, :3] = np.nan
    drought = rows / (SHAPE[0] - 1.0)
    return MappingProxyType(
        {
            "flood": theme("flood", Text("洪水淹没筛查", "Flood screening"), "flood-risk-degree", flood),
            "drought": theme("drought", Text("干旱", "Drought"), "gb-spi", drought),
            "hail": theme("hail", Text("冰雹", "Hail"), "flood-risk-degree", drought[::-1], origin="given"),
        }
    )


def risk():
    from dataclasses import replace

    frame = units()
    index = np.array([0.9, 0.7, 0.5, 0.3, np.nan, 0.1])
    scheme = replace(book().scheme("comprehensive-risk"), edges=(0.2, 0.4, 0.6, 0.8))
    codes = np.where(np.isnan(index), NO_CLASS, np.digitize(index, scheme.edges) + 1).astype("uint8")
    exposure = pd.DataFrame(
        {
            "people": [1200, 300, 90, 450, 0, 2100],
            "gdp_yuan": [3e7, 6e6, 2e6, 9e6, 0, 6e7],
            "crops_km2": [1.0, 0.8, 0.2, 0.5, 0.0, 2.0],
            "houses_m2": [5e4, 1e4, 4e3, 2e4, 0, 9e4],
            "roads_km": [4.0, 1.0, 2.0, 1.5, 0.5, 3.0],
        },
        index=frame.index,
    )
    vulnerability = pd.DataFrame(0.5, index=frame.index, columns=list(OBJECTS))
    rows = [
        {
            "unit_id": unit,
            "theme": one,
            "object": thing,
            "hazard": 0.5,
            "exposure": 0.4,
            "vulnerability": 0.5,
            "index": value,
            "class": code,
        }
        for unit, value, code in zip(frame.index, index, codes, strict=True)
        for one in ("flood", "drought")
        for thing in OBJECTS
    ]
    columns = {
        "index": index,
        "class": codes,
        "leading": ["flood", "flood", "drought", "drought", "", "hail"],
    }
    columns |= {"known_share": 1.0, "score_flood": index, "class_flood": codes, "part_flood": index}
    columns |= {
        "stability": np.where(np.isnan(index), np.nan, 0.75),
        "next_class": np.where(codes == 255, 255, 3).astype("uint8"),
    }
    columns |= {f"index_{thing}": index for thing in OBJECTS} | {f"class_{thing}": codes for thing in OBJECTS}
    table = frame.assign(**columns).join(exposure)
    table = table[[c for c in table.columns if c != "geometry"] + ["geometry"]]
    cells = raster(np.repeat(np.repeat(index.reshape(3, 2), 20, 0), 25, 1).astype("float32"), units="1")
    cell_codes = raster(np.repeat(np.repeat(codes.reshape(3, 2), 20, 0), 25, 1))
    zones = gpd.GeoDataFrame(
        {
            "name": ["西部洪水高风险区", "东南部冰雹低风险区"],
            "name_en": ["Western flood high-risk zone", "South-eastern hail low-risk zone"],
            "class": np.array([5, 1], "uint8"),
            "leading": ["flood", "hail"],
            "units": [4, 2],
            "people": [2040, 2100],
            "area_km2": [20.0, 10.0],
        },
        geometry=[frame.geometry.iloc[:4].union_all(), frame.geometry.iloc[4:].union_all()],
        index=pd.Index(["Z1", "Z2"], name="zone_id"),
        crs=CRS,
    )
    return RiskResult(
        exposure=exposure,
        vulnerability=vulnerability,
        unit_risk=pd.DataFrame(rows),
        units=gpd.GeoDataFrame(table, crs=CRS),
        townships=townships().assign(
            **{
                "index": [0.8, 0.2],
                "class": np.array([5, 2], "uint8"),
                "leading": "flood",
                "known_share": 1.0,
            }
        ),
        index=cells,
        classes=cell_codes,
        scheme=scheme,
        grid_scheme=scheme,
        zones=zones,
    )


def shelters():
    points = units().representative_point()
    places = gpd.GeoDataFrame(
        {
            "name": ["广场", '<b>学校</b>"'],
            "type": ["紧急", "短期固定"],
            "capacity_people": [2000, 500],
            "radius_m": [500.0, 1000.0],
            "people_in_reach": [1200, 0],
            "unsafe_for": ["", "flood"],
            "unsafe_why": ["", "flood=shelters.exclusion"],
            "unit_id": CODES[:2],
        },
        geometry=points.iloc[:2].to_numpy(),
        index=pd.Index(["S1", "S2"], name="shelter_id"),
        crs=CRS,
    )
    demand = gpd.GeoDataFrame(
        {
            "people": [1200, 300, 90, 450, 0, 2100],
            "shelter_id": ["S1", "S2", "S1", "S2", "", ""],
            "distance_m": [100.0, 1200.0, 2000.0, 3000.0, np.nan, np.nan],
            "radius_m": [500.0, 1000.0, 500.0, 1000.0, np.nan, np.nan],
            "time_min": [1.5, 18.0, 30.0, 45.0, np.nan, np.nan],
            "straight_m": [90.0, 900.0, 1800.0, 2500.0, 4000.0, 4100.0],
            "covered": [True, False, False, False, False, False],
            "reason": ["covered", "too far", "too far", "too far", "no people", "no road"],
        },
        geometry=points.to_numpy(),
        index=pd.Index(CODES, name="unit_id"),
        crs=CRS,
    )
    scenarios = pd.DataFrame(
        {
            "people_covered": [1200, 0],
            "people_uncovered": [2940, 4140],
            "shelters_usable": [2, 1],
            "share_covered": [0.29, 0.0],
            "share_straight": [0.36, 0.36],
        },
        index=pd.Index(["dry", "flood: worst"], name="scenario"),
    )
    base = survey()
    roads = base.frame("roads").assign(length_m=[4000.0, 2500.0], closed_in=["", "flood: worst"])
    return ShelterResult(
        shelters=places,
        demand=demand,
        scenarios=scenarios,
        roads=roads[["length_m", "closed_in", "geometry"]],
    )


def assessment(folder=".", **settings):
    return Assessment(
        survey=survey(folder, **settings),
        themes=themes(),
        risk=risk(),
        shelters=shelters(),
        left_out=(LeftOut(product=Text("森林草原火灾", "Fire"), reason=Text("没有逐日气象资料", "no daily weather")),),
    )
