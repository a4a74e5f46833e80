"""What `riskmap init` leaves to fill in is told by the check and stops a run; a second file of a layer is named."""

import shutil

import pytest
import tiny_files

from riskmap.errors import CountyFileError, LayerError
from riskmap.loaders import county_template, describe_folder
from riskmap.loaders.county import refuse_unfilled, unfilled
from riskmap.pipeline import check, init_county, run


@pytest.fixture
def folder(tmp_path):
    folder = tiny_files.write(tmp_path / "小河文件夹")
    (folder / "county.toml").unlink()
    init_county(folder)
    return folder


def test_what_is_not_filled_in_stops_the_run_before_anything_is_written(folder):
    with pytest.raises(CountyFileError) as caught:
        run(folder)
    first, second, third = caught.value.faults
    assert "有 3 处没有填写，不能发布" in str(caught.value).splitlines()[0]
    assert first.startswith(
        "第 4 行 “name”还没有填写；填好这一项，并删去后面的“填写 FILL IN”字样\n    line 4: name is not"
    )
    assert second.startswith('第 5 行 “code”还没有填写；写上六位行政区划代码（GB/T 2260），如 code = "140930"')
    assert third.startswith("第 6 行 “date”还没有填写")
    assert not (folder / "derived").exists()


def test_the_check_warns_and_names_the_lines(folder):
    with pytest.raises(LayerError) as caught:  # no polygon bears the name of the folder
        check(folder)
    assert "第 5 行 “code”还没有填写" in str(caught.value)
    file = folder / "county.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("小河文件夹", "小河县").replace('""', '"140930"'), encoding="utf-8")
    found = [one for one in check(folder).findings if one.rule == "not-filled-in"]
    assert [(one.severity, one.layer, one.row, one.field) for one in found] == [
        ("warning", "county.toml", 4, "name"),
        ("warning", "county.toml", 5, "code"),
        ("warning", "county.toml", 6, "date"),
    ]


def test_what_is_filled_in_is_let_through(folder):
    file = folder / "county.toml"
    text = file.read_text(encoding="utf-8").replace("填写 FILL IN: ", "").replace('code = ""', 'code = "140930"')
    file.write_text(text, encoding="utf-8")
    refuse_unfilled(folder)
    file.write_text(text.replace('code = "140930"', "code = ''"), encoding="utf-8")
    assert [one.row for one in unfilled(file)] == [5]
    file.write_text("\n".join(line for line in text.splitlines() if not line.startswith("code")), encoding="utf-8")
    refuse_unfilled(folder)  # a place outside China has no such code


def test_a_second_file_of_a_layer_is_named_as_such(tmp_path):
    folder = tiny_files.write(tmp_path / "小河")
    shutil.copy(folder / "shelters.csv", folder / "避难场所旧.csv")
    found = {one.path: one for one in describe_folder(folder)}
    taken, double = sorted(("shelters.csv", "避难场所旧.csv"), key=lambda path: found[path].layer, reverse=True)
    assert (found[taken].layer, found[double].layer) == ("shelters", "")
    assert (
        found[double].note
        == f"疑为应急避难场所，已采用另一文件 {taken} seems to be Emergency shelters; {taken} is taken"
    )
    assert f"# {double}    疑为应急避难场所" in county_template("小河", list(found.values()))
