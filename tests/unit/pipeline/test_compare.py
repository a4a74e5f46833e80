"""Two deliveries of one layer: every record under its kind, nothing told that did not happen."""

import json
import shutil

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
import tiny
import tiny_files
from commands import riskmap
from pages import offline

from riskmap.errors import LayerError
from riskmap.loaders import file_hash
from riskmap.maps.compare_page import compare_page
from riskmap.pipeline import compare, write_comparison
from riskmap.pipeline.compare import compare_records
from riskmap.standards import layer_spec

PHONE = "13912345678"


def sites(**changes):
    spots = tiny.units().representative_point().to_numpy()
    frame = gpd.GeoDataFrame(
        {"编号": [f"S{n}" for n in range(6)], "名称": tiny.EVIL, "容纳人数": [100.0, 200, 300, 400, None, 600],
         "是否室内": "是", "电话": PHONE},
        geometry=spots, crs=tiny.CRS,
    )  # fmt: skip
    return frame.assign(**changes)


@pytest.fixture
def files(tmp_path):
    """S0 the same, S1 fewer people, S2 moved 40 m, S3 gone, S4 moved 4 m, S5 another telephone; S9 new, S0 twice."""
    old = sites()
    new = sites()
    new.loc[1, "容纳人数"] = 150
    new.loc[5, "电话"] = "13900000000"
    for row, metres in ((2, 40.0), (4, 4.0)):
        new.loc[row, "geometry"] = shapely.Point(new.geometry[row].x + metres, new.geometry[row].y)
    extra = new.iloc[[0, 0]].assign(编号=["S9", "S0"])
    new = gpd.GeoDataFrame(pd.concat([new.drop(index=3), extra], ignore_index=True), crs=tiny.CRS)
    tiny_files.vector(old, tmp_path / "old.gpkg")
    tiny_files.shapefile(new.to_crs("EPSG:4490"), tmp_path / "新 提交.shp")
    return tmp_path / "old.gpkg", tmp_path / "新 提交.shp"


def told(found):
    return {(one.kind, one.key) for one in found.differences}


def test_every_record_stands_under_its_kind(files):
    found = compare(*files, layer="shelters")
    assert told(found) == {("added", "S9"), ("removed", "S3"), ("moved", "S2"), ("changed", "S1"), ("changed", "S5")}
    assert found.counts == {"added": 1, "removed": 1, "moved": 1, "changed": 2}
    assert (found.records, found.same, found.unkeyed) == ((6, 7), 2, (0, 1))
    moved = next(one for one in found.differences if one.kind == "moved")
    assert moved.metres == pytest.approx(40, abs=0.1)
    people = next(one for one in found.differences if one.key == "S1")
    assert (people.field.zh, people.old, people.new, people.row) == ("设计容纳人数", "200", "150", 2)
    assert told(compare(*files, layer="shelters", moved_m=3)) - told(found) == {("moved", "S4")}


def test_a_telephone_is_told_to_have_changed_and_never_quoted(files, tmp_path):
    found = compare(*files, layer="shelters")
    write_comparison(found, tmp_path / "out")
    phone = next(one for one in found.differences if one.key == "S5")
    assert (phone.old, phone.new) == ("***", "***")
    for one in (tmp_path / "out").iterdir():
        assert PHONE.encode() not in one.read_bytes()


def test_a_delivery_is_the_same_as_itself_in_another_format_and_system(tmp_path):
    tiny_files.vector(sites(), tmp_path / "a.gpkg")
    lon_lat = sites().to_crs("EPSG:4490")
    table = pd.DataFrame(lon_lat.drop(columns="geometry")).assign(经度=lon_lat.geometry.x, 纬度=lon_lat.geometry.y)
    table.sample(frac=1, random_state=1).to_csv(tmp_path / "b.csv", index=False, encoding="gb18030")
    found = compare(tmp_path / "a.gpkg", tmp_path / "b.csv", layer="shelters", moved_m=0.5)
    assert found.differences == ()
    assert found.same == 6
    assert "没有差异" in compare_page(found)


def test_lines_move_too_and_a_key_can_be_given(tmp_path):
    roads = tiny.survey().frame("roads")
    moved = roads.set_geometry(shapely.transform(roads.geometry.to_numpy(), lambda xy: xy + np.array([25.0, 0.0])))
    for name, frame in (("a", roads), ("b", pd.concat([moved.iloc[[0]], roads.iloc[[1]]]))):
        tiny_files.vector(gpd.GeoDataFrame(frame, crs=tiny.CRS), tmp_path / f"{name}.gpkg")
    found = compare(tmp_path / "a.gpkg", tmp_path / "b.gpkg", layer="roads", key=["code", "name"])
    (one,) = found.differences
    assert (one.kind, one.key) == ("moved", "G1|国道")
    assert one.metres == pytest.approx(25, abs=0.5)


def test_without_a_key_the_message_says_what_to_do(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("重现期(年),历时(h),雨量(mm)\n10,24,60\n", encoding="utf-8")
    with pytest.raises(LayerError, match=r"--key \(return_period_a, duration_h, rain_mm\)"):
        compare(tmp_path / "a.csv", tmp_path / "b.csv", layer="rain_design")
    keys = ["return_period_a", "duration_h"]
    assert compare(tmp_path / "a.csv", tmp_path / "b.csv", layer="rain_design", key=keys).same == 1
    with pytest.raises(LayerError, match="no column station_id"):
        compare(tmp_path / "a.csv", tmp_path / "b.csv", layer="rain_design", key=["station_id"])


def test_empty_values_and_small_figures():
    spec = layer_spec("yearbook")
    old = pd.DataFrame({"code": ["a", "b", "c", ""], "people": [1.0, None, 1e-3, 4], "name": ["", "x", "y", "z"]})
    new = pd.DataFrame(
        {"code": ["a", "b", "c", ""], "people": [None, None, 1e-3 * (1 + 1e-12), 5], "name": ["", "x", "", "z"]}
    )
    found = compare_records(old, new, spec, key=["code"])
    assert [(one.key, one.field.name if hasattr(one.field, "name") else one.field.zh, one.old, one.new) for one in found.differences] == [
        ("a", "常住人口", "1", ""), ("c", "乡镇名称", "y", "")]  # fmt: skip
    assert found.unkeyed == (1, 1)


def test_the_command_with_a_county_on_one_side(tmp_path):
    folder = tiny_files.write(tmp_path / "小河")
    before = {one: file_hash(one) for one in folder.rglob("*") if one.is_file()}
    book = openpyxl.load_workbook(folder / "hazard_points.xlsx")
    book.worksheets[0]["F5"] = 13
    book.save(tmp_path / "新.xlsx")
    done = riskmap("compare", folder, tmp_path / "新.xlsx", "--layer", "hazard_points", "--out", tmp_path / "对比")
    assert done.returncode == 0, done.stderr
    assert "威胁人数 Threatened people 12 → 13" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("新增 0，删除 0，移动 0，修改 1，相同")
    assert "0 added, 0 removed, 0 moved, 1 changed" in done.stdout.splitlines()[-1]
    assert sorted(one.name for one in (tmp_path / "对比").iterdir()) == ["compare.html", "compare.json", "compare.xlsx"]
    assert {one: file_hash(one) for one in before} == before
    page = (tmp_path / "对比" / "compare.html").read_text(encoding="utf-8")
    assert '<path d="M' in page  # the county's outline lies beneath
    assert not (folder / "derived").exists()
    as_json = riskmap("compare", folder, tmp_path / "新.xlsx", "--layer", "hazard_points", "--json")
    assert json.loads(as_json.stdout) == json.loads((tmp_path / "对比" / "compare.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--layer", "nothing"), 2, "no layer called 'nothing'"),
        (("--layer", "dem"), 1, "only records can be compared"),
        (("--layer", "stations"), 1, "no [layers.stations]"),
        ((), 2, "--layer"),
    ],
)
def test_wrong_use_is_one_clear_message(tmp_path, words, code, said):
    folder = tiny_files.write(tmp_path / "小河")
    done = riskmap("compare", folder, folder, *words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    shutil.rmtree(folder)


def test_the_page_is_one_file_without_network_and_markup_stays_text(files, tmp_path):
    page = compare_page(compare(*files, layer="shelters"))
    offline(page)
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert page.count("<circle") == 5
    write_comparison(compare(*files, layer="shelters"), tmp_path / "one")
    write_comparison(compare(*files, layer="shelters"), tmp_path / "two")
    for one in (tmp_path / "one").iterdir():
        assert file_hash(one) == file_hash(tmp_path / "two" / one.name), one.name
    cells = [c for p in openpyxl.load_workbook(tmp_path / "one" / "compare.xlsx") for r in p.iter_rows() for c in r]
    assert {one.data_type for one in cells} <= {"s", "n"}


@pytest.mark.browser
def test_a_click_on_the_map_leads_to_the_row(chromium, files, tmp_path):
    path = tmp_path / "compare.html"
    path.write_text(compare_page(compare(*files, layer="shelters")), encoding="utf-8")
    context = chromium.new_context(offline=True)
    try:
        view = context.new_page()
        faults, requests = [], []
        view.on("pageerror", lambda fault: faults.append(str(fault)))
        view.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        view.on("console", lambda line: faults.append(line.text))
        view.on("request", lambda one: requests.append(one.url))
        view.goto(path.as_uri())
        rows = view.locator("#f tbody tr:visible")
        assert rows.count() == 5
        view.select_option("#v", "moved")
        assert rows.count() == 1
        assert view.locator("circle:visible").count() == 1
        view.locator("circle:visible").click()
        assert "移动 40.0 米" in view.locator("tr.on").text_content()
        assert faults == []
        assert [one for one in requests if not one.startswith(("file:", "data:"))] == []
    finally:
        context.close()
