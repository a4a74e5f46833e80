"""The made layers in the shape in which offices deliver them: their file formats, headers, zones and faults."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from riskmap.demo.county_text import NOTE
from riskmap.demo.dirt import Sown, soil_buildings, soil_hazard_points, soil_planning, soil_shelters
from riskmap.writers import (
    write_delivered_csv,
    write_delivered_gdb,
    write_delivered_gpkg,
    write_delivered_raster,
    write_delivered_shapefile,
    write_delivered_sheet,
    write_delivered_text,
)

__all__ = [
    "deliver_exposed",
    "deliver_frame",
    "deliver_ground",
    "deliver_hazards",
    "deliver_weather",
    "geojson_text",
]

_LONLAT = "EPSG:4490"
_OTHER_ZONE = "EPSG:4525"
_TAGS = {"TIFFTAG_IMAGEDESCRIPTION": "synthetic survey", "NOTE": NOTE}
_POINTS = {
    "code": "yhdbh", "name": "yhdmc", "type": "yhdlx", "scale": "gmdj", "threat_class": "xqdj",
    "threatened_people": "wxrsr", "threatened_households": "wxhsh", "threatened_property_yuan": "wxccwy",
    "found_date": "fxsj", "closed": "sfxh", "village_code": "xzcdm", "warden_name": "zrrxm", "warden_phone": "zrrdh",
}  # fmt: skip
_VILLAGES = {
    "code": "统计用区划代码", "name": "村（社区）名称", "name_en": "英文名", "township_code": "乡镇代码", "lon": "经度",
    "lat": "纬度", "people": "常住人口(人)", "households": "户数(户)", "elderly_people": "65岁及以上人口",
    "children_people": "14岁及以下人口",
    "disabled_people": "残疾人口", "people_day": "白天人口", "people_night": "夜间人口", "away_people": "外出务工人口", "ur_code": "城乡分类代码",
}  # fmt: skip
_BUILDINGS = {
    "code": "房屋编号", "floor_area_m2": "建筑面积", "structure": "结构类型", "storeys": "层数", "built_year": "建成年份",
    "use": "用途", "village_code": "村代码",
}  # fmt: skip
_SHELTERS = {
    "code": "场所编号", "name": "场所名称", "type": "场所类型", "lon": "经度", "lat": "纬度",
    "area_m2": "有效避难面积(平方米)", "capacity_people": "可容纳人数(人)", "indoor": "是否室内", "contact_name": "联系人",
    "contact_phone": "联系电话",
}  # fmt: skip
_DANGERS = {"code": "危险区编号", "name": "危险区名称", "type": "危险区类型", "return_period_a": "重现期(年)"}
_YEARBOOK = {
    "code": "乡镇代码", "name": "乡镇", "people": "常住人口(人)", "gdp_wan": "GDP(万元)", "crops_mu": "耕地面积(亩)",
    "income_yuan": "人均可支配收入(元)",
}  # fmt: skip
_LOSSES = {
    "code": "灾情编号", "date": "发生时间", "theme": "灾害种类", "township_code": "乡镇代码",
    "affected_people": "受灾人口(人)", "deaths_people": "死亡人口(人)", "loss_wan": "直接经济损失(万元)",
}  # fmt: skip

Layers = Mapping[str, Any]


def geojson_text(frame: gpd.GeoDataFrame, *, name: str) -> str:
    """GeoJSON with longitude and latitude to six digits, marked as synthetic.

    Parameters
    ----------
    frame : GeoDataFrame
        Any CRS.
    name : str
        Name of the collection.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(111, 39)], crs="EPSG:4326")
    >>> json.loads(geojson_text(frame, name="p"))["note"]
    'synthetic survey / 模拟数据'
    """
    frame = frame.to_crs("EPSG:4326")
    rounded = frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy.round(6)))
    features = [json.dumps(one, ensure_ascii=False) for one in rounded.iterfeatures(drop_id=True)]
    head = f'{{"type": "FeatureCollection", "name": "{name}", "note": "{NOTE}", "features": [\n'
    return head + ",\n".join(features) + "\n]}\n"


def _with_places(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    places = frame.to_crs(_LONLAT).geometry
    return pd.DataFrame(frame.drop(columns="geometry")).assign(lon=places.x.round(6), lat=places.y.round(6))


def _as(table: Any, names: Mapping[str, str]) -> Any:
    """Columns under the names of the delivery, and the geometry where there is one."""
    return table[[*names, *(["geometry"] if "geometry" in table else [])]].rename(columns=dict(names))


def deliver_frame(folder: Path, layers: Layers) -> None:
    """Write outlines, townships, villages and the yearbook.

    Parameters
    ----------
    folder : pathlib.Path
        County folder.
    layers : mapping
        Made layers by name.

    Examples
    --------
    >>> deliver_frame.__name__
    'deliver_frame'
    """
    base = folder / "基础"
    for name, title in (("outline", "县界"), ("neighbours", "邻县")):
        write_delivered_text(base / f"{title}.geojson", geojson_text(layers[name], name=title))
    write_delivered_gpkg(base / "乡镇.gpkg", {"乡镇": layers["townships"].to_crs(_LONLAT)}, note=NOTE)
    villages = _as(_with_places(layers["villages"]), _VILLAGES)
    write_delivered_csv(base / "村社区.csv", villages, encoding="gb18030")
    book = layers["yearbook"]
    book = book.assign(gdp_wan=book["gdp_yuan"] / 1e4, crops_mu=(book["cropland_m2"] * 1.5e-3).round())
    sheets = {"乡镇基本情况": _as(book, _YEARBOOK)}
    write_delivered_sheet(folder / "统计" / "河曲县统计年鉴2024.xlsx", sheets, notes=(NOTE,))


def deliver_ground(folder: Path, layers: Layers, *, dem: xr.DataArray, cover: xr.DataArray) -> None:
    """Write relief, streams, land cover and past losses.

    Parameters
    ----------
    folder : pathlib.Path
        County folder.
    layers : mapping
        Made layers by name.
    dem, cover : DataArray
        Elevation and land cover.

    Examples
    --------
    >>> deliver_ground.__name__
    'deliver_ground'
    """
    base = folder / "基础"
    streams = layers["streams"][["name", "name_en", "order", "geometry"]]
    write_delivered_gpkg(base / "水系.gpkg", {"水系": streams}, note=NOTE)
    write_delivered_raster(base / "dem_30m.tif", dem, tags=_TAGS, nodata=-9999.0)
    write_delivered_raster(base / "land_cover_30m.tif", cover, tags=_TAGS, nodata=0)
    losses = layers["losses"]
    losses = losses.assign(loss_wan=(losses["loss_yuan"] / 1e4).round(1))
    write_delivered_sheet(folder / "统计" / "历史灾情.xlsx", {"灾情": _as(losses, _LOSSES)}, notes=(NOTE,))


def deliver_hazards(folder: Path, layers: Layers, *, sown: Sown, rng: np.random.Generator) -> None:
    """Write hidden-danger points, rocks, faults, workings and past fires.

    Parameters
    ----------
    folder : pathlib.Path
        County folder.
    layers : mapping
        Made layers by name.
    sown : Sown
        Receives the faults.
    rng : Generator
        Picks the rows that go wrong.

    Examples
    --------
    >>> deliver_hazards.__name__
    'deliver_hazards'
    """
    base = folder / "地质灾害"
    points = layers["hazard_points"]
    points = points.assign(threatened_property_yuan=points["threatened_property_yuan"] / 1e4)
    points = _as(points, _POINTS).to_crs(_LONLAT)
    points = soil_hazard_points(points, sown, rng, file="地质灾害/隐患点.shp")
    write_delivered_shapefile(base / "隐患点.shp", points)
    rocks = layers["lithology"].rename(columns={"group": "yz", "name": "mc"}).to_crs(_OTHER_ZONE)
    write_delivered_shapefile(base / "工程地质岩组.shp", rocks)
    write_delivered_shapefile(base / "断层.shp", layers["faults"].rename(columns={"name": "dcmc"}))
    names = {"name": "mc", "depth_m": "kcsd_m", "thickness_m": "ch_m"}
    write_delivered_shapefile(base / "采空区.shp", layers["mined_out"].rename(columns=names))
    write_delivered_text(folder / "火灾" / "历史火灾.geojson", geojson_text(layers["past_fires"], name="历史火灾"))


def deliver_weather(folder: Path, layers: Layers) -> None:
    """Write stations, months, days and design rain.

    Parameters
    ----------
    folder : pathlib.Path
        County folder.
    layers : mapping
        Made layers by name.

    Examples
    --------
    >>> deliver_weather.__name__
    'deliver_weather'
    """
    base = folder / "气象"
    stations = _with_places(layers["stations"])
    names = {"station_id": "站号", "name": "站名", "lon": "经度", "lat": "纬度", "elevation_m": "海拔(m)"}
    write_delivered_csv(base / "气象站.csv", _as(stations, names), encoding="utf-8-sig")
    names = {"station_id": "站号", "year": "年", "month": "月", "rain_mm": "降水量(mm)", "temp_degc": "平均气温(℃)"}
    write_delivered_csv(base / "逐月气象_1984_2023.csv", _as(layers["weather_monthly"], names), encoding="gb18030")
    names = {
        "station_id": "站号", "date": "日期", "temp_degc": "14时气温(℃)", "humidity_pct": "14时相对湿度(%)",
        "wind_m_s": "14时风速(m/s)", "rain_mm": "降水量(mm)",
    }  # fmt: skip
    write_delivered_csv(base / "逐日气象_2014_2023.csv", _as(layers["weather_daily"], names), encoding="utf-8-sig")
    names = {"return_period_a": "重现期(年)", "duration_h": "历时(h)", "rain_mm": "设计雨量(mm)"}
    write_delivered_csv(base / "设计暴雨.csv", _as(layers["rain_design"], names))


def deliver_exposed(folder: Path, layers: Layers, *, sown: Sown, rng: np.random.Generator) -> None:
    """Write houses, roads, danger areas, shelters, stations, stores, clinics, water points and plans.

    Parameters
    ----------
    folder : pathlib.Path
        County folder.
    layers : mapping
        Made layers by name.
    sown, rng
        As in `deliver_hazards`.

    Examples
    --------
    >>> deliver_exposed.__name__
    'deliver_exposed'
    """
    houses = soil_buildings(_as(layers["buildings"], _BUILDINGS), sown, rng, file="承灾体/房屋.gdb")
    write_delivered_gdb(folder / "承灾体" / "房屋.gdb", {"房屋建筑": houses})
    write_delivered_gpkg(folder / "承灾体" / "公路.gpkg", {"公路": layers["roads"]}, note=NOTE)
    dangers = _as(layers["danger_areas"], _DANGERS).to_crs(_LONLAT)
    write_delivered_gpkg(folder / "减灾" / "危险区.gpkg", {"危险区": dangers}, note=NOTE)
    table = _as(_with_places(layers["shelters"]), _SHELTERS)
    table = soil_shelters(table, sown, rng, file="减灾/应急避难场所.xlsx")
    write_delivered_sheet(folder / "减灾" / "应急避难场所.xlsx", {"避难场所": table}, notes=(NOTE,))
    titles = {
        "fire_stations": "消防救援站", "relief_stores": "救灾物资储备库", "clinics": "医疗卫生机构", "water_points": "应急取水点"
    }  # fmt: skip
    capacity = {title: layers[name].to_crs(_LONLAT) for name, title in titles.items()}
    write_delivered_gpkg(folder / "减灾" / "减灾能力.gpkg", capacity, note=NOTE)
    planning = _as(layers["planning"], {"name": "规划名称", "type": "规划类别"})
    plans = {"规划图层": soil_planning(planning, sown, file="规划/规划.gpkg"), "规划点位": layers["planned_sites"]}
    write_delivered_gpkg(folder / "规划" / "规划.gpkg", plans, note=NOTE)
