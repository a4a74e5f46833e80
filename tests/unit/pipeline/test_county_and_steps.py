"""A county folder is opened whole or refused whole; a step is computed once."""

import logging

import numpy as np
import pytest

from riskmap.errors import CountyFileError, LayerError, StandardError
from riskmap.hazards import THEMES
from riskmap.loaders import file_hash, read_json
from riskmap.model import Text
from riskmap.pipeline.county import Digests, open_county, standards_of
from riskmap.pipeline.knobs import atlas_faults
from riskmap.pipeline.steps import Steps
from riskmap.standards import book

HEAD = 'name = {zh = "小河县", en = "Tiny"}\ndate = "2026-01-01"\nunits = "grid30s"\n'


def county(folder, text="", layers=("dem",)):
    folder.mkdir(parents=True, exist_ok=True)
    for name in layers:
        (folder / f"{name}.tif").write_bytes(b"II*\0")
        text += f'\n[layers.{name}]\npath = "{name}.tif"\n'
    (folder / "county.toml").write_text(HEAD + text, encoding="utf-8")
    return folder


def test_knobs_are_checked_by_the_signature(tmp_path):
    text = """
[hazards.flood]
return_periods_a = [5, 100]
[hazards.flod]
[hazards.landslide]
retrun_periods = 3
"""
    with pytest.raises(CountyFileError) as caught:
        open_county(county(tmp_path, text))
    assert len(caught.value.faults) == 2
    assert "nearest: flood" in caught.value.faults[0]
    assert "hazards.landslide.retrun_periods: unknown key" in caught.value.faults[1]


def test_wrong_type_of_a_knob(tmp_path):
    with pytest.raises(CountyFileError, match=r"hazards.flood.return_periods_a = 'often'"):
        open_county(county(tmp_path, '[hazards.flood]\nreturn_periods_a = "often"\n'))


def test_the_atlas_leaves_out_what_it_can_have(tmp_path):
    text = '[maps]\natlas_leave_out = ["hazard-flod", "object-roads", "hazard-fire", "values", "risk"]\n'
    with pytest.raises(CountyFileError) as caught:
        open_county(county(tmp_path, text))
    first, second = caught.value.faults
    assert first.startswith("maps.atlas_leave_out：没有图层 hazard-flod；最接近：hazard-flood")
    assert "\n    maps.atlas_leave_out: no layer called hazard-flod; nearest: hazard-flood" in first
    assert "\n    maps.atlas_leave_out: no layer called risk;" in second
    assert "trial-cells" in second
    right = open_county(county(tmp_path / "b", text.replace("flod", "flood").replace(', "risk"', ""))).maps
    assert right.atlas_leave_out == ("hazard-flood", "object-roads", "hazard-fire", "values")


def test_a_given_hazard_may_be_left_out_of_the_atlas(tmp_path):
    given = {"hail": {}, "flood": {}}
    asked = {"maps": {"atlas_leave_out": ["hazard-hail", "hazard-hale"]}, "given": given}
    assert [one.en.split(";")[0] for one in atlas_faults(asked, THEMES)] == [
        "maps.atlas_leave_out: no layer called hazard-hale"
    ]


def test_shelters_serve_in_hazards_that_there_are(tmp_path):
    text = """
[shelters.serves]
"避难硐室" = ["fier", "dry", "quake"]
[shelters.share.quake]
title = {zh = "设定地震", en = "Scenario earthquake"}
share = 0.3
"""
    with pytest.raises(CountyFileError) as caught:
        open_county(county(tmp_path, text))
    assert [one.split("\n    ")[1].partition(";")[0] for one in caught.value.faults] == [
        "shelters.serves.避难硐室: no hazard called fier"
    ]
    right = open_county(county(tmp_path / "b", text.replace("fier", "fire"))).shelters
    assert right.serves == {"避难硐室": ("fire", "dry", "quake")}
    assert (right.share["quake"].share, right.share["quake"].limit) == (0.3, "radius")


def test_own_profile_and_confirmed_value(tmp_path):
    own = """
title = {zh = "本县", en = "Own"}
source = "本县"
confidence = "C"
[[indicators]]
factor = "equivalent_depth_m"
title = {zh = "水深", en = "Depth"}
"""
    folder = county(
        tmp_path / "县 一",
        """
[hazards.flood]
profile = "own.toml"
[standards.flood-risk-degree]
edges = [0.2, 0.6, 1.2]
clause = "5.2"
confirmed_by = "水利局"
date = "2026-03-01"
""",
    )
    (folder / "own.toml").write_text(own, encoding="utf-8")
    standards = standards_of(open_county(folder))
    assert standards.profile("own.toml").indicators[0].factor == "equivalent_depth_m"
    scheme = standards.scheme("flood-risk-degree")
    assert scheme.edges == (0.2, 0.6, 1.2)
    assert not scheme.unverified
    assert book().scheme("flood-risk-degree").unverified
    (folder / "own.toml").unlink()
    with pytest.raises(StandardError, match=r"neither a file beside it nor one of"):
        standards_of(open_county(folder))


def test_digest_follows_file_and_settings(tmp_path):
    folder = county(tmp_path)
    before = Digests.of(open_county(folder))
    assert Digests.of(open_county(folder)) == before
    (folder / "dem.tif").write_bytes(b"II*\0 changed")
    after = Digests.of(open_county(folder))
    assert after.layers["dem"] != before.layers["dem"]
    assert after.frame != before.frame
    assert before.key("dem") != before.key("roads")


def test_hash_of_a_shapefile_has_its_parts(tmp_path):
    for suffix in ("shp", "dbf"):
        (tmp_path / f"点[1].{suffix}").write_bytes(b"1")
    before = file_hash(tmp_path / "点[1].shp")
    (tmp_path / "点[1].dbf").write_bytes(b"2")
    assert file_hash(tmp_path / "点[1].shp") != before
    with pytest.raises(LayerError, match="cannot be read"):
        file_hash(tmp_path / "none.csv")


def test_damaged_json_is_placed(tmp_path):
    (tmp_path / "m.json").write_text('{"a": 1,\n"b": }', encoding="utf-8")
    with pytest.raises(LayerError, match="line 2, column 6"):
        read_json(tmp_path / "m.json")


TITLE = Text("步", "step")


def test_a_step_is_computed_once(tmp_path):
    calls = []

    def make():
        calls.append(1)
        return {"a": np.arange(3)}

    for key in ("k", "k", "other"):
        steps = Steps(cache=tmp_path / "cache", standards=book())
        assert steps.run("s", TITLE, key, make)["a"].tolist() == [0, 1, 2]
    assert len(calls) == 2
    steps.sweep()
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_damaged_store_is_computed_again(tmp_path, caplog):
    steps = Steps(cache=tmp_path, standards=book())
    steps.run("s", TITLE, "k", lambda: 1)
    (stored,) = tmp_path.iterdir()
    for damage in (b"", stored.read_bytes()[:40]):
        stored.write_bytes(damage)
        with caplog.at_level(logging.WARNING):
            again = Steps(cache=tmp_path, standards=book())
            assert again.run("s", TITLE, "k", lambda: 2) == 2
        assert "damaged" in caplog.text
        assert again.summary() == {"computed": 1, "reused": 0}


def test_progress_says_what_was_reused(tmp_path):
    told = []
    for _ in range(2):
        steps = Steps(cache=tmp_path, standards=book(), progress=lambda f, m: told.append((f, m)), total=1)
        steps.run("s", TITLE, "k", lambda: 1)
    assert told[0] == (0.0, "步 step")
    assert told[-1][0] == 1.0
    assert "reused" in told[-1][1]
