"""Plans of the made-up county."""

import geopandas as gpd
import shapely

from riskmap.demo.frame import CRS
from riskmap.demo.ground import Ground

__all__ = ["make_planned_sites", "make_planning"]


def make_planning(ground: Ground) -> gpd.GeoDataFrame:
    """Planning areas: town limits, farmland, an ecological belt, an industrial park.

    Parameters
    ----------
    ground : Ground
        With the frame.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``planning``.

    Examples
    --------
    >>> make_planning.__name__
    'make_planning'
    """
    towns = ground.frame.townships.set_index(ground.frame.townships["code"].str[6:9]).geometry
    outline = ground.frame.outline.geometry.iloc[0]
    rows = [
        ("县城城镇开发边界", "城镇开发边界", towns["100"].buffer(1900, quad_segs=6)),
        ("巡镇城镇开发边界", "城镇开发边界", towns["103"].buffer(1100, quad_segs=6)),
        ("旧县工业集中区", "产业园区", shapely.box(*towns["104"].buffer(900).bounds)),
        ("鹿固农田集中区", "永久基本农田", towns["200"].buffer(2600, quad_segs=5)),
        ("单寨农田集中区", "永久基本农田", towns["202"].buffer(2100, quad_segs=5)),
        ("黄河沿岸生态带", "生态保护红线", ground.frame.river.buffer(900)),
        ("东部水土保持区", "生态保护红线", towns["203"].buffer(4200, quad_segs=6)),
    ]
    frame = gpd.GeoDataFrame(rows, columns=["name", "type", "geometry"], geometry="geometry", crs=CRS)
    return frame.assign(geometry=frame.intersection(outline).simplify(10))


def make_planned_sites(ground: Ground) -> gpd.GeoDataFrame:
    """Eight planned sites of the next five years.

    Parameters
    ----------
    ground : Ground
        With the frame.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``planned_sites``.

    Examples
    --------
    >>> make_planned_sites.__name__
    'make_planned_sites'
    """
    towns = ground.frame.townships
    sites = [
        ("新建避难公园", "应急避难场所", 24_000.0, 0), ("实验小学迁建", "学校", 18_000.0, 1),
        ("县医院新院区", "医疗", 36_000.0, 0), ("北部物流园", "产业", 82_000.0, 2),
        ("鹿固移民新村", "居住", 46_000.0, 6), ("沙泉乡村广场", "应急避难场所", 6_000.0, 5),
        ("社梁光伏升压站", "能源", 12_000.0, 10), ("土沟敬老院", "养老", 5_000.0, 8),
    ]  # fmt: skip
    shift = [(700, -300), (350, 420), (-600, -500), (800, -200), (-400, 300), (300, -350), (-500, 250), (260, 300)]
    points = [
        shapely.Point(towns.geometry.iloc[row[3]].x + dx, towns.geometry.iloc[row[3]].y + dy)
        for row, (dx, dy) in zip(sites, shift, strict=True)
    ]
    return gpd.GeoDataFrame(
        {
            "code": [f"GH{n:03d}" for n in range(1, 9)],
            "name": [row[0] for row in sites],
            "type": [row[1] for row in sites],
            "area_m2": [row[2] for row in sites],
        },
        geometry=points,
        crs=CRS,
    )
