import numpy as np
import pytest
import tiny
import tiny_files

from riskmap.loaders import load_survey, read_county
from riskmap.standards import book, layer_specs


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    folder = tiny_files.write(tmp_path_factory.mktemp("county") / "tiny")
    return load_survey(read_county(folder), layer_specs(), standards=book())


def rules(survey, layer):
    return [(one.rule, one.row) for one in survey.findings if one.layer == layer and one.severity != "note"]


def test_every_layer_is_there(survey):
    assert survey.left_out == ()
    assert set(survey.layers) == {
        "outline",
        "neighbours",
        "dem",
        "townships",
        "villages",
        "yearbook",
        "hazard_points",
        "shelters",
        "roads",
        "land_cover",
    }


def test_ground(survey):
    assert survey.grid == tiny.grid()
    assert bool(survey.mask.all())
    assert survey.frame("neighbours")["name"].tolist() == ["东县"]
    assert survey.outline.area.iloc[0] == pytest.approx(30e6, rel=1e-6)
    np.testing.assert_allclose(survey.raster("dem"), tiny.relief(), rtol=1e-6)


def test_units_are_made_inside_their_townships(survey):
    assert survey.units.index.tolist() == tiny.CODES
    assert survey.units.index.name == "unit_id"
    assert survey.units["made_area"].all()
    assert survey.units["parent_id"].tolist() == tiny.units()["parent_id"].tolist()
    assert survey.units.area.sum() == pytest.approx(30e6, rel=1e-6)
    assert survey.townships["name"].tolist() == ["上乡", "下镇"]
    assert not survey.townships["made_area"].any()
    assert survey.units["name"].iloc[3] == tiny.EVIL


def test_shapefile_without_cpg_is_gbk(survey):
    assert survey.layer("villages").source.encoding == "GB18030 (fallback)"
    assert survey.layer("villages").source.rows_kept == 6
    assert survey.frame("villages")["people"].tolist() == [1200, 300, 90, 450, 0, 2100]


def test_units_of_measure(survey):
    book_ = survey.frame("yearbook").set_index("code")
    assert book_["gdp_yuan"].to_dict() == {"140930100000": 15e6, "140930101000": 20e6}
    assert book_["cropland_m2"].iloc[0] == pytest.approx(2e6)
    sites = survey.frame("shelters")
    assert sites["area_m2"].tolist() == [2000, pytest.approx(2000)]
    assert sites["code"].tolist() == ["001", "002"]
    assert sites["type"].tolist() == ["紧急", "短期固定"]


def test_dirt_of_the_hazard_points(survey):
    found = survey.frame("hazard_points").set_index("code")
    assert found.index.tolist() == ["Y01", "Y03", "Y04"]
    assert found["threatened_people"].tolist() == [1200, 12, pytest.approx(np.nan, nan_ok=True)]
    assert found["threatened_property_yuan"].tolist()[:2] == [350_000, 100]
    assert np.isnan(found["threatened_property_yuan"].iloc[2])
    assert found["type"].tolist() == ["滑坡", "滑坡", "泥石流"]
    assert found["found_date"].astype(str).tolist() == ["2019-07-01"] * 3
    assert set(rules(survey, "hazard_points")) >= {
        ("no-number", 4),
        ("swapped-coordinates", 5),
        ("out-of-range", 6),
        ("not-in-list", 7),
        ("no-date", 8),
        ("duplicate-key", 8),
        ("outside-county", 9),
    }
    closed = [one for one in survey.findings if one.rule == "closed-record"]
    assert len(closed) == 1
    assert "1 closed" in closed[0].message.en


def test_findings_are_located_and_hide_people(survey):
    swapped = next(one for one in survey.findings if one.rule == "swapped-coordinates")
    assert swapped.mended
    assert swapped.key == "Y03"
    assert (swapped.lon, swapped.lat) == (pytest.approx(111.13, abs=0.05), pytest.approx(39.42, abs=0.05))
    assert all("13800000000" not in f"{one.message} {one.value}" for one in survey.findings)


def test_sum_against_the_yearbook(survey):
    assert [one.key for one in survey.findings if one.rule == "sum-differs"] == []
    assert not any(one.rule == "unknown-division" for one in survey.findings)


def test_dissolved_townships_and_cells(tmp_path):
    folder = tiny_files.write(tmp_path / "tiny")
    text = (
        (folder / "county.toml")
        .read_text(encoding="utf-8")
        .replace('[layers.townships]\npath = "frame/townships.gpkg"', "")
    )
    (folder / "county.toml").write_text(text, encoding="utf-8")
    plain = load_survey(read_county(folder), layer_specs(), standards=book())
    assert plain.townships["name"].tolist() == ["上乡", "下镇"]
    assert plain.townships["made_area"].all()
    (folder / "county.toml").write_text('units = "grid30s"\n' + text, encoding="utf-8")
    cells = load_survey(read_county(folder), layer_specs(), standards=book())
    assert cells.units.index[0] == "c0001r0001"
    assert cells.units.area.sum() == pytest.approx(30e6, rel=1e-3)
    assert set(cells.units["parent_id"]) <= set(cells.townships.index)


def test_progress_ends_at_one(tmp_path):
    folder = tiny_files.write(tmp_path / "tiny")
    told = []
    load_survey(read_county(folder), layer_specs(), standards=book(), progress=lambda share, text: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0
