"""The tiny county as a folder of deliveries, in the forms and with the dirt that counties deliver."""

import csv
import warnings

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import rasterio
import shapely
import tiny

COUNTY = """
name = {zh = "小河县", en = "Tiny County"}
code = "140930"
crs = "EPSG:4546"
cell_size_m = 100.0
date = "2026-01-01"

[layers.outline]
path = "frame/counties.geojson"
[layers.dem]
path = "frame/dem.tif"
[layers.townships]
path = "frame/townships.gpkg"
[layers.villages]
path = "villages.shp"
[layers.yearbook]
path = "yearbook.xlsx"
[layers.hazard_points]
path = "hazard_points.xlsx"
[layers.shelters]
path = "shelters.csv"
[layers.roads]
path = "roads.gdb"
[layers.land_cover]
path = "land_cover.tif"
"""

HAZARDS = [
    ["河曲县地质灾害隐患点一览表"],
    [
        "编号",
        "名称",
        "灾害类型",
        "经度",
        "纬度",
        "威胁人数(人)",
        "威胁财产（万元）",
        "发现时间",
        "是否销号",
        "责任人电话",
    ],
    ["Y01", "甲滑坡", "滑坡", None, None, "1,200", 35, "2019年7月1日", "否", "13800000000"],
    ["Y02", "乙崩塌", "崩塌", None, None, "约30", "２．５", "2019/7/1", "是", ""],
    ["Y03", "丙滑坡", "土质滑坡", "swap", None, 12, "100元", 43647, "否", ""],
    ["Y04", "丁泥石流", "泥石流", None, None, 99999999, -9999, "20190701", "", ""],
    ["Y05", "戊", "火山", None, None, 5, 1, "2019", "否", ""],
    ["Y01", "己滑坡", "滑坡", None, None, 5, 1, "2019-13-45", "否", ""],
    ["Y07", "庚滑坡", "滑坡", 112.9, 39.9, 5, 1, "", "否", ""],
    ["合计", None, None, None, None, 1300, None, None, None, None],
]


def degrees(shape):
    return gpd.GeoSeries([shape], crs=tiny.CRS).to_crs(4326).iloc[0]


def vector(frame, path, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        pyogrio.write_dataframe(frame, path, **how)


def raster(path, values, *, nodata, cell=100.0, margin=5, crs=tiny.CRS):
    padded = np.pad(values, margin, mode="edge")
    transform = rasterio.Affine(cell, 0, tiny.WEST_M - margin * cell, 0, -cell, tiny.NORTH_M + margin * cell)
    kind = {"driver": "GTiff", "height": padded.shape[0], "width": padded.shape[1], "count": 1, "dtype": padded.dtype}
    with rasterio.open(path, "w", crs=crs, transform=transform, nodata=nodata, **kind) as file:
        file.write(padded, 1)


def hazard_rows():
    inside = degrees(shapely.Point(tiny.WEST_M + 1200, tiny.NORTH_M - 900))
    rows = []
    for n, one in enumerate(HAZARDS):
        row = list(one)
        if n > 1 and len(row) > 4 and row[4] is None and row[0] != "合计":
            lon, lat = round(inside.x + n * 1e-3, 6), round(inside.y, 6)
            row[3:5] = (lat, lon) if row[3] == "swap" else (lon, lat)
        rows.append(row)
    return rows


def workbook(path, rows, *, sheet="表1"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)


def villages():
    frame = tiny.survey().frame("villages").drop(columns="households")
    return frame.rename(columns={"code": "统计用区划代码", "name": "村名", "people": "常住人口"})


def shapefile(frame, path, *, ldid=0, encoding="GBK"):
    vector(frame, path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    dbf = path.with_suffix(".dbf")
    raw = bytearray(dbf.read_bytes())
    raw[29] = ldid
    dbf.write_bytes(bytes(raw))


def write(folder):
    """Write the whole folder; returns it."""
    (folder / "frame").mkdir(parents=True)
    base = tiny.survey()
    far = shapely.box(tiny.WEST_M + 90000, tiny.NORTH_M, tiny.WEST_M + 95000, tiny.NORTH_M + 5000)
    counties = gpd.GeoDataFrame(
        {"district_adcode": [140930, 140931, 140999], "district_name": ["小河县", "东县", "远县"]},
        geometry=[base.outline.geometry.iloc[0], base.frame("neighbours").geometry.iloc[0], far],
        crs=tiny.CRS,
    )
    vector(counties.to_crs(4326), folder / "frame/counties.geojson", driver="GeoJSON")
    raster(folder / "frame/dem.tif", tiny.relief(), nodata=-9999.0)
    towns = tiny.townships().reset_index().rename(columns={"unit_id": "乡镇代码", "name": "乡镇名称"})
    vector(towns[["乡镇代码", "乡镇名称", "geometry"]].to_crs("EPSG:4525"), folder / "frame/townships.gpkg")
    shapefile(villages(), folder / "villages.shp")
    yearbook = [["乡镇代码", "乡镇", "GDP(万元)", "耕地面积（亩）", "常住人口"]]
    yearbook += [["140930100", "上乡", 1500, 3000, 1590], [140930101000.0, "下镇", "2,000", 1500, 2550]]
    workbook(folder / "yearbook.xlsx", yearbook)
    workbook(folder / "hazard_points.xlsx", hazard_rows())
    site = degrees(shapely.Point(tiny.WEST_M + 500, tiny.NORTH_M - 500))
    with (folder / "shelters.csv").open("w", encoding="gbk", newline="") as file:
        csv.writer(file).writerows(
            [
                ["编号", "名称", "类型", "有效面积(平方米)", "经度", "纬度", "电话"],
                ["001", "广场,\n东侧", "紧急避难场所", "2000", site.x, site.y, "0350"],
                ["002", "学校", "短期固定", "3亩", site.x + 0.01, site.y - 0.01, "0350"],
            ]
        )
    roads = base.frame("roads").rename(columns={"code": "路线编号", "name": "路名", "class": "行政等级"})
    vector(roads, folder / "roads.gdb", driver="OpenFileGDB", layer="公路")
    raster(folder / "land_cover.tif", np.full(tiny.SHAPE, 20, "uint8"), nodata=0)
    (folder / "county.toml").write_text(COUNTY, encoding="utf-8")
    return folder
