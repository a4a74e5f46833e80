"""The workbook and the database as planners find their way in them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_assess import whole_survey

from riskmap.model import ProductTable, Text
from riskmap.pipeline.assess import assess
from riskmap.pipeline.columns import class_key, words
from riskmap.pipeline.products import PRODUCTS, make_product
from riskmap.pipeline.table_themes import THEMES, product_theme
from riskmap.pipeline.tables import _encoding, database, workbook


@pytest.fixture(scope="module")
def found():
    return assess(whole_survey())


def themes(tables):
    """Themes in the order in which they come, each as often as it begins."""
    names = [one.theme.zh for one in tables]
    return [one for n, one in enumerate(names) if n == 0 or names[n - 1] != one]


def test_tables_stand_by_theme(found):
    order = [one.zh for one in THEMES.values()]
    for tables in (database(found), [*workbook(found).values()]):
        told = themes(tables)
        assert len(told) == len(set(told)) > 6
        assert told == [one for one in order if one in told]
    by_name = {one.name: one.theme.zh for one in database(found)}
    assert by_name["risk_units"] == "综合风险"
    assert by_name["hazard_chains"] == "灾害危险性"
    assert by_name["networks"] == "防灾设施与生命线"
    assert by_name["class_breaks"] == "方法检验"
    assert by_name["facts_thresholds"] == "数据与阈值来源"


def test_every_product_has_a_theme_and_those_that_check_stand_together():
    assert product_theme("breaks", check=True) != product_theme("shelter_use", check=False)
    assert {product_theme(one, check=False) for one in PRODUCTS} < {*THEMES.values()}


def test_no_table_is_lost_under_a_title_that_another_has(found):
    titles = [one.title.zh for one in database(found)]
    assert len(titles) == len(set(titles))


def test_true_and_false_are_words(found):
    frame = pd.DataFrame({"bridge": [True, False], "kept": np.array([1, 0]), "mixed": [True, None]})
    table = ProductTable(name="t", title=Text("表", "Table"), frame=frame, theme=THEMES["planning"])
    sheet = workbook(replace(found, products=(table,)))["表"].frame
    assert sheet["bridge"].tolist() == ["是", "否"]
    assert sheet["kept"].tolist() == [1, 0]
    assert sheet["mixed"].iloc[0] == "是"
    assert pd.isna(sheet["mixed"].iloc[1])
    for title, one in workbook(found).items():
        cells = {type(value) for column in one.frame for value in one.frame[column].tolist()}
        assert bool not in cells, title


def test_thresholds_are_told_in_words_with_the_key_last(found):
    sheet = workbook(found)["阈值与可信度"].frame
    assert list(sheet.columns)[-1] == "配置键 Key in county.toml"
    assert "键 Key" not in sheet
    chinese = " ".join(str(one) for name in ("来源 Source", "条款 Clause") for one in sheet[name])
    assert "no clause" not in chinese
    assert "candidate" not in chinese
    assert "本系统取值；无条文" in chinese
    assert not {"1", "month", "m2", "yuan"} & set(sheet["单位 Unit"])
    assert set(sheet["可信度 Confidence"]) <= {"已读条文 clause read", "二手来源 secondary source", "通行做法 common practice",
                                            "未核实 unverified"}  # fmt: skip
    value = sheet.set_index("配置键 Key in county.toml")["值 Value"]
    assert value["flood.dry_depth_m"] == found.survey.standards.value("flood.dry_depth_m")


def test_tables_with_several_hazards_tell_their_words(found):
    key = class_key(found)
    assert "滑坡崩塌" in key.zh
    assert "低＜中＜高＜极高" in key.zh
    sheets = workbook(found)
    for title in ("单元危险性", "单元综合风险", "各等级承灾体（风险容量）"):
        assert key in sheets[title].notes, title
    assert key in make_product("class_amounts", found)[0].notes
    assert key not in sheets["区划成因"].notes


def test_a_road_class_gets_no_words_of_risk(found):
    assert "class" not in words(found, pd.DataFrame({"class": ["省道", "村道"]}))
    assert words(found, pd.DataFrame({"class": np.array([1, 5], "uint8")}))["class"][5].zh == "高"


def test_ways_and_allocation_tell_how_they_differ(found):
    sheets = workbook(found)
    assert any("转移路线" in one.zh for one in sheets["避难安置去向"].notes)
    assert any("避难安置去向" in one.zh for one in sheets["转移路线"].notes)


def test_the_nearest_and_the_next_shelter_are_named(found):
    names = found.shelters.shelters["name"]
    demand = found.shelters.demand.assign(second_id=names.index[-1])
    sheet = workbook(replace(found, shelters=replace(found.shelters, demand=demand)))["避难可达"].frame
    for code, name in (("场所编号 Shelter code", "最近场所 Nearest shelter"),
                       ("次近场所编号 Code of the second nearest shelter", "次近场所 Second nearest shelter")):  # fmt: skip
        told = sheet[sheet[code].isin(names.index)]
        assert len(told) > 0
        assert (told[name].to_numpy() == names[told[code]].to_numpy()).all()


def test_the_encoding_of_a_file_is_told_in_words():
    assert _encoding("GB18030 (fallback)") == "GB18030 （无声明，由系统识别 not declared, recognised）"
    assert _encoding("") == ""
