"""The command line speaks Chinese first: help, check, run; what moved since the edition before; what was left behind."""

import json
import re
import shutil
from types import SimpleNamespace

import pytest
import tiny_files
from commands import riskmap
from test_assess import whole_survey
from typer.main import get_command

from riskmap.cli import app
from riskmap.errors import EditionError
from riskmap.model import Finding, Text
from riskmap.pipeline.headlines import changes_between, headlines
from riskmap.pipeline.run import run
from riskmap.pipeline.steps import Steps
from riskmap.pipeline.told import check_lines, lacking, leftover_words, run_lines
from riskmap.standards import book
from riskmap.writers import EditionPaths, begin, edition_lock, recover, swap

HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def options():
    for name, command in get_command(app).commands.items():
        yield f"{name}", command.help
        for one in command.params:
            if one.name != "help":
                yield f"{name} {one.name}", one.help


@pytest.mark.parametrize(("where", "text"), list(options()))
def test_every_line_of_help_is_chinese_first(where, text):
    assert HAN.match(text) or text.startswith("输出"), where
    assert re.search(r"[。] [A-Z]", text), where


def finding(layer="shelters", severity="warning", **more):
    what, cure = Text("“约300”不是数，按缺值处理", "'约300' is no number"), Text("改为纯数字", "write a plain number")
    return Finding(rule="no-number", severity=severity, layer=layer, message=what, cure=cure, **more)


def test_the_check_names_file_row_and_severity(tmp_path):
    survey = whole_survey()
    layers = {"shelters": {"path": "避难/应急避难场所.xlsx"}}
    county = survey.county.model_validate({**survey.county.model_dump(), "folder": ".", "layers": layers})
    found = (finding(row=13, field="有效面积", value="约300"), finding("roads", "error"), finding("county.toml", row=5))
    told = check_lines(SimpleNamespace(
        findings=found, county=county, layers=survey.layers, has=lambda name: name in survey.layers or name == "dem"
    ), "县")  # fmt: skip
    assert told[0] == "警告 避难/应急避难场所.xlsx 第13行 有效面积 “约300”：“约300”不是数，按缺值处理 → 改为纯数字"
    assert told[1] == "    warning, Emergency shelters row 13: '约300' is no number → write a plain number"
    assert told[2].startswith("错误 公路：")
    assert told[4].startswith("警告 county.toml 第5行：")
    assert told[6] == f"共 3 条：错误 1，警告 2，提示 0；{len(survey.layers)} 个图层"
    assert told[7] == f"  3 findings in {len(survey.layers)} layers: 1 errors, 2 warnings, 0 notes"
    assert "riskmap check 县 --out" in told[-1]


def test_a_layer_that_is_lacking_names_what_it_costs():
    survey = whole_survey()
    bare = {name: one for name, one in survey.layers.items() if name not in {"dem", "roads"}}
    gone = lacking(SimpleNamespace(county=survey.county, has=lambda name: name in bare))
    assert [one.zh for one in gone["dem"]] == ["滑坡崩塌", "洪水"]
    assert "避难场所与安置" in [one.zh for one in gone["roads"]]
    given = survey.county.model_copy(update={"given": {"flood": None, "landslide": None}})
    assert "dem" not in lacking(SimpleNamespace(county=given, has=lambda name: name in bare))


def test_a_deleted_layer_is_told_by_the_command(tmp_path):
    folder = tiny_files.write(tmp_path / "小河")
    file = folder / "county.toml"
    text = file.read_text(encoding="utf-8").replace('[layers.dem]\npath = "frame/dem.tif"\n', "")
    file.write_text(text, encoding="utf-8")
    done = riskmap("check", folder)
    assert "缺少的图层 → 不能编制的成果" in done.stdout
    assert "  数字高程模型 → 滑坡崩塌、洪水" in done.stdout
    assert re.search(r"^警告 shelters\.csv 第\d+行", done.stdout, re.MULTILINE)


def test_progress_never_passes_the_end():
    told = []
    steps = Steps(cache=None, standards=book(), progress=lambda share, _: told.append(share), total=1)
    for name in "ab":
        steps.run(name, Text("步", "step"), "k", lambda: 1)
    assert max(told) == 1.0


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A county that is run, and run again with another capacity of a shelter."""
    folder = tiny_files.write(tmp_path_factory.mktemp("县") / "小河")
    told = []
    first = run(folder, progress=lambda share, text: told.append((share, text)))
    file = folder / "shelters.csv"
    file.write_bytes(file.read_bytes().replace(b",2000,", b",20,").replace("3亩".encode("gbk"), b"15"))
    return first, run(folder), told, folder


def test_a_run_names_what_changed_and_which_figures_moved(twice):
    first, second, _, folder = twice
    assert first.changes is None
    assert [one.zh for one in second.changes.inputs] == ["应急避难场所 shelters.csv：文件已改"]
    moved = {title.zh: (old, new) for title, old, new in second.changes.figures}
    assert any("可安置" in title and old > new for title, (old, new) in moved.items()), moved
    manifest = json.loads((folder / "derived/manifest.json").read_text(encoding="utf-8"))
    people = {one["key"]: one["value"] for one in manifest["headlines"] if one["key"].startswith("people-risk-")}
    units = second.assessment.risk.units
    assert sum(people.values()) == pytest.approx(units.loc[units["class"] > 0, "people"].sum())
    assert {"people-covered", "people_assigned: dry"} <= {one["key"] for one in manifest["headlines"]}


def test_progress_of_a_run_rises_to_its_end(twice):
    shares = [share for share, _ in twice[2]]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    report = next(share for share, text in twice[2] if text.startswith("报告"))
    assert 0.9 < report < 1.0


def test_what_did_not_move_is_said_too():
    figure = {"key": "a", "zh": "甲", "en": "A", "value": 1.0}
    found = changes_between({"date": "d", "headlines": [figure]}, {"headlines": [figure], "parameters": {"seed": 1}})
    assert (found.figures, found.compared) == ((), 1)
    assert found.inputs[0].zh == "设置 county.toml：seed 已改"
    assert changes_between({"date": "d"}, {"headlines": [figure]}).compared == 0
    gone = changes_between({"headlines": [figure]}, {"headlines": [{**figure, "value": None}]}).figures
    assert gone == ((Text("甲", "A"), 1.0, None),)


def test_headlines_of_the_tiny_county_are_its_own(twice):
    rows = headlines(twice[1].assessment)
    assert all(HAN.search(one["zh"]) and "(people)" in one["en"] for one in rows)


def test_a_file_that_cannot_be_deleted_is_told_and_stops_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "rmtree", lambda *_args, **_options: None)
    for n in range(2):
        with edition_lock(tmp_path / "derived") as paths:
            recover(paths)
            folder = begin(paths)
            for name in ("manifest.json", "tables.xlsx"):
                (folder / name).write_text(str(n))
            swap(paths)
    assert paths.previous.exists()
    words = leftover_words(paths.previous)
    assert words.startswith("注意：新成果已就位")
    assert str(paths.previous) in words
    with pytest.raises(EditionError, match="请解除保护后删除这个文件夹"):
        begin(EditionPaths(tmp_path / "derived"))


def test_a_run_says_where_the_public_atlas_is(tmp_path):
    edition = SimpleNamespace(
        left_out=(), unchanged=False, computed=3, reused=2, changes=None, folder=tmp_path, excluded=1
    )
    lines = run_lines(edition, {"public": tmp_path / "公开.html"})
    assert f"公开图集 public atlas: {tmp_path / '公开.html'}" in lines
    assert lines[0] == "已发布 published: 计算 3 步，沿用 2 步 steps computed, re-used"
    assert lines[-1] == "未采用记录 records not used: 1"
