"""What is not public stays in the house: layers, what is derived from them, names and telephone numbers."""

from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import openpyxl
import pytest
import tiny
import tiny_files
from commands import riskmap
from test_assess import whole_survey

from riskmap.errors import CountyFileError
from riskmap.model import Finding, Text
from riskmap.pipeline.assess import assess
from riskmap.pipeline.publish import publish
from riskmap.pipeline.secrecy import fit_to_publish, personal_fields, refuse_secrets, secrets, with_secrecy
from riskmap.standards import book

NAME, PHONE = "尉迟恭敬", "13912345678"


def county(cell=30.0, **layers):
    entries = {name: {"path": f"{name}.x", **({"secrecy": how} if how else {})} for name, how in layers.items()}
    return tiny.county(maps={"is_public": True}, cell_size_m=cell, layers=entries)


@pytest.mark.parametrize(
    ("layers", "cell", "named"),
    [
        ({"hazard_points": ""}, 30.0, {"hazard_points"}),  # for internal use by the catalogue
        ({"hazard_points": "公开"}, 30.0, set()),  # its owner has agreed
        ({"hazard_points": ""}, 100.0, set()),  # coarse enough
        ({"hazard_points": "涉密"}, 500.0, {"hazard_points"}),
        ({"roads": "内部", "dem": "内部"}, 500.0, {"roads"}),  # its own lines are drawn
        ({"roads": "", "dem": "内部"}, 99.0, {"dem"}),
    ],
)
def test_what_a_public_edition_may_not_show(layers, cell, named):
    assert set(secrets(county(cell, **layers), book())) == named


def test_nothing_is_asked_of_editions_that_are_not_public():
    one = county(30.0, hazard_points="涉密")
    private = one.model_copy(update={"maps": tiny.county().maps})
    assert secrets(private, book()) == {}
    refuse_secrets(private, book())


def test_a_given_product_can_be_secret_too():
    one = tiny.county(maps={"is_public": True}, cell_size_m=30.0, given={"hail": {
        "title": {"zh": "冰雹", "en": "Hail"}, "path": "h.tif", "kind": "raster", "classes": {"1": 1}, "scores": (0.1,),
        "scheme": "gb-spi", "producer": "p", "date": "2025", "method": "m", "secrecy": "涉密"}})  # fmt: skip
    with pytest.raises(
        CountyFileError, match=r"\n  - given\.hail given\.hail：涉密资料.*\n    given\.hail given\.hail: classified"
    ):
        refuse_secrets(one, book())


def test_the_refusal_names_every_layer_and_the_cure():
    with pytest.raises(CountyFileError) as told:
        refuse_secrets(county(30.0, hazard_points="", mined_out=""), book())
    assert "cell_size_m of 100 or more" in str(told.value)
    assert [one.split("：")[0] for one in told.value.faults] == [
        "layers.hazard_points 地质灾害隐患点", "layers.mined_out 采空区"]  # fmt: skip
    assert all("take maps.is_public away" in one and "secrecy.public_cell_m" in one for one in told.value.faults)


def test_the_command_refuses_before_it_writes_and_the_check_says_so(tmp_path):
    folder = tiny_files.write(tmp_path / "小河")
    text = tiny_files.COUNTY.replace("cell_size_m = 100.0", "cell_size_m = 50.0")
    (folder / "county.toml").write_text(text + "[maps]\nis_public = true\n", encoding="utf-8")
    done = riskmap("run", folder, "--quiet")
    assert done.returncode == 2
    assert "layers.hazard_points 地质灾害隐患点: for internal use" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "derived").exists()
    assert "may not be published: for internal use" in riskmap("check", folder).stdout
    (folder / "county.toml").write_text(
        tiny_files.COUNTY + "[maps]\nis_public = true\npersonal_data = true\n", encoding="utf-8"
    )
    done = riskmap("check", folder)
    assert done.returncode == 2
    assert "maps.personal_data: true, with is_public true" in done.stderr


def with_people(survey):
    """The shelters' contacts and a warden, with a finding that quotes one."""
    found = []
    layers = dict(survey.layers)
    for name, columns in (
        ("shelters", ("contact_name", "contact_phone")),
        ("hazard_points", ("warden_name", "warden_phone")),
    ):
        if name in layers:
            data = layers[name].data.assign(**dict(zip(columns, (NAME, PHONE), strict=True)))
            layers[name] = replace(layers[name], data=data)
            title = layers[name].spec.field(columns[1]).title.zh
            found.append(Finding(rule="r", severity="warning", layer=name, field=title, value=PHONE, row=1,
                                 message=Text("坏", "bad"), cure=Text("改", "mend")))  # fmt: skip
    return replace(survey, layers=MappingProxyType(layers), findings=(*survey.findings, *found))


def holders(folder, *texts):
    """Files of a folder that hold one of the texts, packed or not, in any of the usual encodings."""
    import zipfile

    wanted = [text.encode(codec) for text in texts for codec in ("utf-8", "gb18030", "utf-16-le")]
    wanted += [text.encode("unicode_escape") for text in texts]
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as pack:
                parts += [pack.read(name) for name in pack.namelist()]
        if any(one in part for one in wanted for part in parts):
            found.append(path.name)
    return found


@pytest.fixture(scope="module")
def peopled():
    return with_people(whole_survey())


def test_personal_columns_are_told_and_not_quoted(peopled):
    assert "shelters" in personal_fields(peopled)
    told = with_secrecy(peopled)
    notes = [one for one in told.findings if one.rule == "personal-data"]
    assert {one.layer for one in notes} == set(personal_fields(peopled))
    assert all(one.severity == "note" for one in notes)
    assert next(one for one in notes if one.layer == "shelters").field == "负责人、联系电话"
    assert PHONE not in str(told.findings)
    assert personal_fields(fit_to_publish(told)) == {}


def test_no_byte_of_an_edition_holds_a_persons_name_or_number(peopled, tmp_path):
    plain = publish(assess(with_secrecy(peopled)), tmp_path / "plain")
    assert holders(plain, NAME, PHONE) == []
    county = tiny.county(maps={"personal_data": True})
    open_handed = assess(with_secrecy(replace(peopled, county=county)))
    shown = publish(open_handed, tmp_path / "shown")
    assert holders(shown, NAME, PHONE) == ["riskmap.gpkg", "tables.xlsx"]
    sites = gpd.read_file(shown / "riskmap.gpkg", layer="shelters")
    assert set(sites["contact_phone"]) == {PHONE}
    book = openpyxl.load_workbook(shown / "tables.xlsx")
    assert "联系电话 Telephone" in [one.value for one in book["避难场所"][1]]


def test_a_public_edition_places_no_record_of_a_layer_that_is_not_public():
    survey = tiny.survey(cell_size_m=100.0, maps={"is_public": True}, layers={"hazard_points": {"path": "h.x"}})
    (one,) = fit_to_publish(survey).findings
    assert (one.rule, one.key, one.value, one.row, one.lon) == ("swapped-coordinates", "", "", None, None)
    (same,) = fit_to_publish(tiny.survey()).findings
    assert same.lon == 111.15


def test_outputs_bear_the_mark(tmp_path, peopled):
    folder = publish(assess(peopled), tmp_path / "marked")
    for name in ("tables.xlsx", "quality.xlsx"):
        first = openpyxl.load_workbook(folder / name).worksheets[0]
        assert any("内部使用" in str(row[0].value) for row in first), name
    assert "内部使用".encode() in (folder / "riskmap.gpkg").read_bytes()
