import json
from dataclasses import replace

import fields
import numpy as np
import pytest
import tiny

from riskmap.errors import MethodError, MissingLayerError
from riskmap.hazards.landslide import LANDSLIDE, measure
from riskmap.methods import information_values


def table(found):
    return {(one["factor"], one["class_zh"]): one for one in found.attrs["contributions"]}


def reasons(found):
    return {one[0]: one[2] for one in found.attrs["left_out"]}


def test_slides_follow_slope():
    survey = fields.valley()
    found = measure(survey, survey.grid)
    index = found["susceptibility"].to_numpy()
    assert found.attrs["method_key"] == "information_value"
    assert index[:, [0, 49]].mean() > index[:, [20, 30]].mean() > index[:, [24, 25]].mean()
    assert found.attrs["auroc"]["in_sample"] > 0.65
    assert found.attrs["auroc"]["points"] == 60
    json.dumps(found.attrs["contributions"]), json.dumps(found.attrs["auroc"])


def test_values_are_the_sum_of_the_printed_contributions():
    survey = fields.bare(slope_deg=fields.terrain()["slope_deg"], hazard_points=fields.inventory())
    found = measure(survey, survey.grid)
    slope, points = fields.terrain()["slope_deg"], fields.inventory().iloc[:60]
    rows = ((tiny.NORTH_M - points.geometry.y) // tiny.CELL_M).astype(int)
    columns = ((points.geometry.x - tiny.WEST_M) // tiny.CELL_M).astype(int)
    edges = [8, 15, 25, 35]
    events = np.bincount(np.digitize(slope[rows, columns], edges), minlength=5)
    cells = np.bincount(np.digitize(slope, edges).ravel(), minlength=5)
    values = information_values(events, cells)
    np.testing.assert_allclose(found["susceptibility"], values[np.digitize(slope, edges)], rtol=1e-5)
    assert [one["points"] for one in found.attrs["contributions"]] == events[cells > 0].tolist()
    np.testing.assert_allclose([one["information_value"] for one in found.attrs["contributions"]], values[cells > 0])


def test_other_kinds_are_not_pooled_and_are_named():
    survey = fields.valley()
    found = measure(survey, survey.grid)
    only = fields.inventory()
    same = measure(fields.valley(hazard_points=only[only["type"].isin(["滑坡", "崩塌"])]), survey.grid)
    np.testing.assert_array_equal(found["susceptibility"], same["susceptibility"])
    assert reasons(found)["泥石流易发性"].startswith("2处")
    assert reasons(found)["地面塌陷易发性"].startswith("1处")
    assert "泥石流易发性" not in reasons(same)


def test_few_points_fall_back_to_expert_weights():
    survey = fields.valley(hazard_points=fields.inventory().iloc[:10])
    found = measure(survey, survey.grid)
    assert found.attrs["method_key"] == "expert"
    assert sum(found.attrs["weights"].values()) == pytest.approx(1)
    assert found.attrs["consistency_ratio"] < 0.1
    assert float(found["susceptibility"].min()) >= 1
    assert float(found["susceptibility"].max()) <= 9
    assert "ahp.random_index_saaty" in found.attrs["thresholds"]
    with pytest.raises(MethodError, match="10 slides"):
        measure(survey, survey.grid, method="information_value")


def test_expert_rating_by_hand():
    """Slope and relief only: judgement 2 to 1, so weights 2/3 and 1/3."""
    survey = fields.bare(slope_deg=fields.terrain()["slope_deg"], relief_m=fields.terrain()["relief_m"])
    found = measure(survey, survey.grid)
    assert found.attrs["weights"] == pytest.approx({"slope_deg": 2 / 3, "relief_m": 1 / 3})
    flat, steep = found["susceptibility"].to_numpy()[0, 24], found["susceptibility"].to_numpy()[-1, 0]
    assert flat == pytest.approx(1)
    assert steep == pytest.approx(9)


def test_unknown_ground_stays_unknown_and_does_not_count():
    hole = fields.terrain()["slope_deg"].copy()
    hole[:4, :10] = np.nan
    survey = fields.valley(slope_deg=hole)
    found = measure(survey, survey.grid)
    index = found["susceptibility"].to_numpy()
    np.testing.assert_array_equal(np.isnan(index), np.isnan(hole))
    np.testing.assert_array_equal(np.isnan(found["susceptibility_rank_pct"].to_numpy()), np.isnan(hole))


def test_a_factor_known_on_half_of_the_county_is_left_out():
    half = fields.rocks().iloc[:1]
    found = measure(fields.valley(lithology=half), tiny.grid())
    assert reasons(found)["易发性模型中的因子：工程地质岩组"] == "仅覆盖全县40%"
    assert not any(one["factor"] == "lithology" for one in found.attrs["contributions"])


def test_rank_is_a_percentile():
    survey = fields.valley()
    found = measure(survey, survey.grid)
    rank, index = found["susceptibility_rank_pct"].to_numpy(), found["susceptibility"].to_numpy()
    assert 0 < rank.min() < 5
    assert 95 < rank.max() < 100
    assert rank.mean() == pytest.approx(50)
    assert (np.diff(rank.ravel()[np.argsort(index.ravel())]) >= 0).all()


def test_lithology_is_read_as_delivered():
    rows = table(measure(fields.valley(), tiny.grid()))
    assert rows["lithology", "黄土"]["cells"] == 1200
    assert rows["lithology", "坚硬砂岩"]["cells"] == 1800


def test_aspect_has_octants_and_flat():
    aspect = fields.terrain()["aspect_deg"].copy()
    slope = fields.terrain()["slope_deg"].copy()
    aspect[0], slope[0] = np.nan, 0
    aspect[1] = 350
    rows = table(measure(fields.valley(aspect_deg=aspect, slope_deg=slope), tiny.grid()))
    assert rows["aspect_deg", "平地"]["cells"] == 50
    assert rows["aspect_deg", "北向"]["cells"] == 50
    assert rows["aspect_deg", "东向"]["cells"] == 25 * 58


def test_wrong_use():
    with pytest.raises(MissingLayerError, match="slope_deg"):
        measure(tiny.survey(), tiny.grid())
    with pytest.raises(MethodError, match="folds_count"):
        measure(fields.valley(), tiny.grid(), folds_count=1)


def test_closure_is_the_top_tenth():
    survey = fields.valley()
    closure = LANDSLIDE.closures[0]
    closed = measure(survey, survey.grid)[closure.variable] >= survey.standards.value(closure.threshold)
    assert 0.02 < float(closed.mean()) < 0.15


def test_points_outside_the_county_do_not_count():
    survey = fields.valley()
    mask = survey.mask.copy()
    mask[:, 40:] = False
    found = measure(replace(survey, mask=mask), survey.grid)
    points = fields.inventory().iloc[:60]
    within = int((points.geometry.x < tiny.WEST_M + 4000).sum())
    assert found.attrs["auroc"]["points"] == within < 60
    assert np.isnan(found["susceptibility"].to_numpy()[:, 40:]).all()
    assert sum(one["points"] for one in found.attrs["contributions"] if one["factor"] == "slope_deg") == within
