"""An average county's buildings, and a million points: read and fully checked, against a plain read of the same file."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap.loaders import Where, read_layer
from riskmap.loaders.quality import Against
from riskmap.model.county import LayerEntry
from riskmap.standards import layer_spec

EXTENT = (510_000.0, 4_310_000.0, 550_000.0, 4_360_000.0)


def outline():
    return gpd.GeoDataFrame({"name": ["县"]}, geometry=[shapely.box(*EXTENT)], crs="EPSG:4546")


def buildings(count, *, polygons):
    rng = np.random.default_rng(1)
    east, north = rng.uniform(EXTENT[0] + 50, EXTENT[2] - 50, count), rng.uniform(EXTENT[1] + 50, EXTENT[3] - 50, count)
    shapes = shapely.box(east, north, east + rng.uniform(5, 20, count), north + rng.uniform(5, 20, count))
    columns = {
        "房屋编号": [f"F{n:08d}" for n in range(count)],
        "建筑面积(平方米)": rng.uniform(20, 400, count).round(1),
        "结构类型": rng.choice(["窑洞", "砖木", "砖混", "钢筋混凝土"], count),
        "层数": rng.integers(1, 7, count),
        "建成年份": rng.integers(1950, 2024, count),
        "用途": rng.choice(["住宅", "商业", "公共"], count),
        "村代码": [f"1409301{n % 11:02d}2{n % 17:02d}" for n in range(count)],
    }
    columns |= {f"其他{n}": rng.choice(["甲", "乙", "丙"], count) for n in range(13)}
    geometry = shapes if polygons else shapely.points(east, north)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4546")


@pytest.fixture(scope="module", params=["210000 polygons.gpkg", "210000 polygons.shp", "1000000 points.gpkg"])
def file(request, tmp_path_factory):
    count, kind = request.param.split()
    path = tmp_path_factory.mktemp("speed") / f"房屋{request.param[-5:]}".replace("s.", ".")
    frame = buildings(int(count), polygons=kind.startswith("polygons"))
    frame.to_file(path, encoding="GBK" if path.suffix == ".shp" else None)
    return request.param, path


@pytest.mark.parametrize("who", ["riskmap", "geopandas.read_file"])
def test_read_and_check(benchmark, file, who):
    name, path = file
    benchmark.group = f"{name}, 20 fields"
    area = outline()
    codes = frozenset(pd.unique(pd.Series([f"1409301{n % 11:02d}2{n % 17:02d}" for n in range(200)])))
    where = Where(
        folder=path.parent, crs=area.crs, near=tuple(area.to_crs(4326).total_bounds),
        against=Against(area=area, border_m=50.0, divisions=codes),
    )  # fmt: skip
    entry = LayerEntry(path=path.name, encoding="GBK" if path.suffix == ".shp" else "")
    call = (
        (lambda: read_layer(entry, layer_spec("buildings"), where=where))
        if who == "riskmap"
        else (lambda: gpd.read_file(path))
    )
    benchmark.pedantic(call, rounds=2, iterations=1)
