"""The demo county as it is, and with layers taken from a web map."""

import shutil

import geopandas as gpd
import pytest
import shapely

from riskmap.loaders.shifted import check_shifts
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Layer
from riskmap.pipeline import load, open_county
from riskmap.spatial import SHIFTS, add_shift

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def survey(demo_folder):
    return load(open_county(demo_folder))


def shifted(layer, shift):
    data = layer.data
    moved = shapely.transform(data.to_crs(4490).geometry.to_numpy(), lambda xy: add_shift(xy, shift=shift))
    back = gpd.GeoSeries(moved, index=data.index, crs=4490).to_crs(data.crs)
    return Layer(spec=layer.spec, data=data.set_geometry(back), source=layer.source)


def told(survey, names=(), shift="gcj02"):
    layers = {name: shifted(one, shift) if name in names else one for name, one in survey.layers.items()}
    entries = {name: LayerEntry(path="x") for name in layers}
    areas = {"townships": layers["townships"].data}
    return {(one.layer, one.value) for one in check_shifts(layers, areas=areas, entries=entries)}


def test_the_demo_county_is_not_shifted(survey):
    assert not [one for one in survey.findings if one.rule in {"shifted-coordinates", "needless-shift"}]
    assert told(survey) == set()


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(
    "names",
    [(one,) for one in ("roads", "villages", "hazard_points", "shelters", "outline", "townships", "streams", "clinics")]
    + [("roads", "villages", "hazard_points", "shelters")],
    ids=" ".join,
)
def test_layers_of_a_web_map_are_told(survey, names, shift):
    assert told(survey, names, shift) == {(name, shift) for name in names}


def test_the_check_says_what_to_write(demo_folder, tmp_path, survey):
    folder = tmp_path / "county"
    folder.mkdir()
    roads = shifted(survey.layers["roads"], "gcj02").data.to_crs(4490)
    roads[["code", "name", "class", "geometry"]].to_file(folder / "roads.gpkg")
    text = 'date = "2026-01-01"\ncode = "140930"\nname = {zh = "河曲县", en = "Hequ"}\ncell_size_m = 90\n'
    for name, path, more in (
        ("outline", "基础/县界.geojson", ""),
        ("villages", "基础/村社区.csv", 'crs = "EPSG:4490"\n'),
    ):
        shutil.copy(demo_folder / path, folder)
        text += f'[layers.{name}]\npath = "{(folder / path).name}"\n{more}'
    toml = folder / "county.toml"
    toml.write_text(text + '[layers.roads]\npath = "roads.gpkg"\n', encoding="utf-8")
    found = [one for one in load(open_county(folder)).findings if "shift" in one.rule]
    assert [(one.layer, one.rule, one.severity) for one in found] == [("roads", "shifted-coordinates", "warning")]
    toml.write_text(text + '[layers.roads]\npath = "roads.gpkg"\nshift = "gcj02"\n', encoding="utf-8")
    mended = load(open_county(folder))
    assert [one.rule for one in mended.findings if "shift" in one.rule] == ["shift-removed"]
    assert (
        mended.layers["roads"].data.geometry.iloc[0].hausdorff_distance(survey.layers["roads"].data.geometry.iloc[0])
        < 0.1
    )
