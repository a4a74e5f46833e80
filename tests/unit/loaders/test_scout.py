import tiny_files

from riskmap.loaders import county_template, describe_folder, load_survey, read_county, suggest_columns
from riskmap.standards import book, layer_specs


def test_the_tiny_county_is_recognised(tmp_path):
    folder = tiny_files.write(tmp_path / "tiny")
    (folder / "county.toml").unlink()
    (folder / "derived").mkdir()
    (folder / "derived" / "dem.tif").write_bytes(b"")
    (folder / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "broken.gpkg").write_bytes(b"x")
    found = {one.path: one for one in describe_folder(folder)}
    assert {path: one.layer for path, one in found.items()} == {
        "broken.gpkg": "",
        "frame/counties.geojson": "outline",
        "frame/dem.tif": "dem",
        "frame/townships.gpkg": "townships",
        "hazard_points.xlsx": "hazard_points",
        "land_cover.tif": "land_cover",
        "notes.csv": "",
        "roads.gdb": "roads",
        "shelters.csv": "shelters",
        "villages.shp": "villages",
        "yearbook.xlsx": "yearbook",
    }
    assert "damaged" in found["broken.gpkg"].note
    assert found["villages.shp"].encoding == "GB18030 (fallback)"
    assert found["shelters.csv"].columns["area_m2"] == "有效面积(平方米)"

    text = county_template("小河县", list(found.values()))
    (folder / "county.toml").write_text(text, encoding="utf-8")
    survey = load_survey(read_county(folder), layer_specs(), standards=book())
    assert survey.left_out == ()
    assert len(survey.layers) == 10


def test_suggested_columns(tmp_path):
    folder = tiny_files.write(tmp_path / "tiny")
    got = suggest_columns(folder / "hazard_points.xlsx", layer_specs()["hazard_points"])
    assert got["threatened_property_yuan"] == "威胁财产（万元）"
    assert (got["lon"], got["lat"]) == ("经度", "纬度")
    assert suggest_columns(folder / "villages.shp", layer_specs()["villages"])["code"] == "统计用区划"


def test_template_survives_quotes():
    import tomllib

    from riskmap.loaders import Found

    text = county_template('a"b', [Found(path='x"y.csv', layer="shelters", kind="table", columns={"name": '名"称'})])
    assert tomllib.loads(text)["layers"]["shelters"]["path"] == 'x"y.csv'
