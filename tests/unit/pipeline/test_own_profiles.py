"""A county's own profiles at the door: what a hazard and the exposed objects can take, and how weights are printed."""

import numpy as np
import pytest
import tiny
import xarray as xr

from riskmap.errors import StandardError
from riskmap.pipeline.county import standards_of
from riskmap.pipeline.themes import _shares
from riskmap.standards import book, read_profile

HEAD = 'title = {zh = "得分", en = "Score"}\nsource = "here"\nconfidence = "C"\n'
LEAF = '[[indicators]]\nfactor = "fwi_p90"\ntitle = {zh = "火险", en = "Fire weather"}\n'
TREE = (
    '[[groups]]\nname = "weather"\ntitle = {zh = "天气", en = "Weather"}\nweight = 3\n'
    + LEAF
    + 'group = "weather"\n[[indicators]]\nfactor = "slope_deg"\ntitle = {zh = "坡度", en = "Slope"}\n'
)


def county(folder, text, **more):
    (folder / "mine.toml").write_text(HEAD + text, encoding="utf-8")
    return tiny.county(str(folder), **more)


def test_a_tree_is_taken_by_a_hazard(tmp_path):
    found = standards_of(county(tmp_path, TREE, hazards={"fire": {"profile": "mine.toml"}}))
    assert [one.name for one in found.profile("mine.toml").groups] == ["weather"]


def test_values_of_any_size_are_no_score_of_a_hazard(tmp_path):
    raw = LEAF + 'normaliser = "raw"\n'
    with pytest.raises(StandardError, match="normaliser, for instance percentile"):
        standards_of(county(tmp_path, raw, hazards={"fire": {"profile": "mine.toml"}}))
    ranked = 'normaliser = "percentile"\n' + raw
    standards_of(county(tmp_path, ranked, hazards={"fire": {"profile": "mine.toml"}}))


def test_exposed_objects_stand_in_no_groups(tmp_path):
    with pytest.raises(StandardError, match="takes no groups"):
        standards_of(county(tmp_path, TREE, scoring={"profile": "mine.toml"}))


def test_weights_are_printed_as_shares_of_the_goal_in_a_tree_and_as_declared_in_a_list():
    rng = np.random.default_rng(1)
    layers = {one: (("y", "x"), rng.random((4, 5)).astype("float32")) for one in ("fwi_p90", "slope_deg")}
    tree = read_profile(HEAD + TREE, name="mine")
    assert [(title.en, share) for title, share in _shares(tree, xr.Dataset(layers))] == [
        ("Fire weather", 0.75),
        ("Slope", 0.25),
    ]
    fire = book().profile("fire")
    assert [share for _, share in _shares(fire, xr.Dataset())] == [one.weight for one in fire.indicators]
    spread = read_profile(
        'weights = "entropy"\n' + HEAD + LEAF + TREE.rpartition('group = "weather"\n')[2], name="mine"
    )
    shares = [share for _, share in _shares(spread, xr.Dataset(layers))]
    assert sum(shares) == pytest.approx(1, abs=0.002)
    assert shares[0] != shares[1]
