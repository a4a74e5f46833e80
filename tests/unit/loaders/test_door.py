"""What is wrong at the door is said in Chinese first, with English below it."""

import ast
import re
from pathlib import Path

import pytest
from commands import riskmap
from filelock import FileLock
from pydantic import BaseModel

import riskmap as riskmap_package
from riskmap.errors import CountyFileError, EditionError, LayerError
from riskmap.loaders import file_hash, read_county, read_json
from riskmap.loaders.county_meanings import MEANINGS
from riskmap.model import County, Text
from riskmap.pipeline import init_county
from riskmap.pipeline.county import open_county
from riskmap.writers import EditionPaths, begin, edition_lock

HEAD = 'name = {zh = "小河县", en = "Tiny"}\ndate = "2026-01-01"\nunits = "grid30s"\n'
HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def county(folder, text, head=HEAD):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "county.toml").write_text(head + text, encoding="utf-8")
    return folder


def told(folder):
    with pytest.raises(CountyFileError) as caught:
        open_county(folder)
    return caught.value


def test_an_error_takes_both_languages():
    fault = LayerError(Text("甲", "A"), [Text("乙", "B"), "same"])
    assert str(fault) == "甲\n  A\n  - 乙\n    B\n  - same"
    assert (fault.zh, fault.en) == ("甲\n  - 乙\n  - same", "A\n  - B\n  - same")
    assert str(LayerError("plain")) == "plain"


def test_a_missing_file_and_an_unknown_key(tmp_path):
    text = 'cellsize = 30\n[layers.rain_design]\npath = "气象/设计暴雨.csv"\n'
    assert str(told(county(tmp_path / "县", text))).splitlines()[2:6] == [
        "  - cellsize：没有这一项；最接近：cell_size_m；可用："
        + "、".join(one for one in County.model_fields if one != "folder"),
        "    cellsize: unknown key; nearest: cell_size_m; allowed: "
        + ", ".join(one for one in County.model_fields if one != "folder"),
        "  - layers.rain_design.path：找不到文件“气象/设计暴雨.csv”；没有文件夹“" + f"{tmp_path}/县/气象”",
        f"    layers.rain_design.path: file not found '气象/设计暴雨.csv'; there is no folder '{tmp_path}/县/气象'",
    ]


FAULTS = [
    'date = 2026\nname = {zh = "小河县", en = "Tiny"}\n',
    'name = {zh = "小河县", en = "Tiny"}\n',
    HEAD + 'code = "14"\n',
    HEAD + "cell_size_m = -1\n",
    HEAD + 'cell_size_m = "fine"\n',
    HEAD + 'crs = "EPSG:4490"\n',
    HEAD + 'crs = "EPSG:nonsense"\n',
    HEAD + 'output = "."\n',
    HEAD + 'folder = "x"\n',
    HEAD.replace("grid30s", "towns"),
    HEAD.replace("2026-01-01", "2026"),
    HEAD + '[layers.dam]\npath = "x"\n',
    HEAD + '[layers.slope]\npath = "x"\n',
    HEAD + '[layers.dem]\npath = "county.toml"\n',
    HEAD + '[layers.dem]\npath = "../../x.tif"\n',
    HEAD + '[layers.dem]\npath = "a\\\\b.tif"\n',
    HEAD
    + '[layers.shelters]\npath = "x.csv"\ncolumns = {nam = "名称"}\nencoding = "latin-x"\ncrs = "no"\nunits = {area_m2 = "kg"}\n',
    HEAD + '[layers.shelters]\npath = "x.csv"\nshift = "gcj"\n',
    HEAD + '[maps]\natlas_leave_out = ["hazard-flod"]\n',
    HEAD + "[maps]\nis_public = true\npersonal_data = true\n",
    HEAD + "[hazards.flod]\n",
    HEAD + '[hazards.flood]\nreturn_periods_a = "often"\ntial = 1\n',
    HEAD + '[shelters.serves]\n"应急" = ["fier"]\n',
    HEAD + '[scoring]\nprofile = "none.toml"\nscheme = "no"\npairwise = [[1, 2]]\n',
    HEAD + '[standards.no]\nvalue = 1\nclause = "1"\nconfirmed_by = "局"\ndate = "2026-01-01"\n',
    HEAD + '[standards.gb-spi]\nedges = [1]\nclause = "1"\nconfirmed_by = "局"\ndate = "2026-01-01"\n',
    HEAD + '[[overrides]]\nunit = "1"\nclass = "极高"\ndate = "x"\n[[overrides]]\nunit = "1"\nclass = 9\n',
    HEAD + '[given.hail]\nkind = "table"\nscheme = "no"\nclasses = {"高" = 9}\nscores = [2]\n',
    HEAD + "x = \n",
]


@pytest.mark.parametrize("text", FAULTS)
def test_every_fault_of_the_file_is_in_chinese_first(tmp_path, text):
    fault = told(county(tmp_path, "", head=text))
    lines = str(fault).splitlines()
    assert HAN.search(lines[0])
    assert not HAN.search(lines[1].replace("小河县", ""))
    for one in fault.faults:
        zh, en = one.split("\n")[0], one.split("\n")[1]
        assert HAN.search(zh), zh
        assert zh.split("：")[0].split(" ")[0].split("（")[0] == en.strip().split(":")[0].split(" ")[0]


@pytest.mark.parametrize("encoding", ["utf-16", "gbk"])
def test_a_file_in_another_encoding(tmp_path, encoding):
    (tmp_path / "county.toml").write_text(HEAD, encoding=encoding)
    with pytest.raises(CountyFileError) as caught:
        read_county(tmp_path)
    assert "请另存为 UTF-8" in str(caught.value).splitlines()[0]


def test_every_key_is_explained_in_chinese():
    def models(model):
        yield model
        for one in model.model_fields.values():
            for part in (one.annotation, *getattr(one.annotation, "__args__", ())):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    yield from models(part)

    english = {one.description for model in models(County) for one in model.model_fields.values() if one.description}
    assert english <= set(MEANINGS), english - set(MEANINGS)


def test_folders_and_editions(tmp_path):
    folder = county(tmp_path / "县", "")
    for call, words in (
        (lambda: open_county(tmp_path / "none"), "没有这个文件夹"),
        (lambda: init_county(tmp_path / "none"), "没有这个文件夹"),
        (lambda: init_county(folder), "已经存在，保留不动"),
        (lambda: begin(EditionPaths(folder)), "不是 riskmap 的成果"),
        (lambda: file_hash(tmp_path / "none.csv"), "不能读取"),
        (lambda: read_json(folder / "county.toml"), "不是 JSON"),
    ):
        with pytest.raises((CountyFileError, EditionError, LayerError)) as caught:
            call()
        assert words in str(caught.value).splitlines()[0]
        assert not HAN.search(str(caught.value).splitlines()[1].replace("县", ""))


def test_an_edition_that_another_command_holds(tmp_path):
    held = FileLock(EditionPaths(tmp_path / "hequ").lock)
    with held, pytest.raises(EditionError, match="另一条 riskmap 命令正在处理"), edition_lock(tmp_path / "hequ"):
        pass


def test_the_command_says_both(tmp_path):
    done = riskmap("run", county(tmp_path, "cellsize = 30\n"))
    assert done.returncode == 2
    first, second = done.stderr.splitlines()[:2]
    assert first == f"riskmap: {tmp_path / 'county.toml'}：1 处问题"
    assert second.strip() == f"{tmp_path / 'county.toml'}: 1 fault"


PACKAGE = Path(riskmap_package.__file__).parent
ERRORS = {"CountyFileError", "LayerError", "EditionError", "MethodError", "MissingLayerError"}
ROOMS = [
    "loaders",
    "hazards",
    "demo",
    "writers/edition.py",
    *(f"pipeline/{one.name}" for one in PACKAGE.glob("pipeline/*.py")),
]


def plain_errors(path):
    """Lines of a file that raise an error with text in one language."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS
        if called and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
            yield f"{path.relative_to(PACKAGE)}:{node.lineno}"


def test_no_error_that_a_planner_meets_is_in_one_language():
    files = [
        one for room in ROOMS for one in ([PACKAGE / room] if room.endswith(".py") else (PACKAGE / room).rglob("*.py"))
    ]
    assert len(files) > 100
    assert [line for file in files for line in plain_errors(file)] == []
