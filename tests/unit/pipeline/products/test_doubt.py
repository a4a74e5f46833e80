"""Tables on how firm a class is, why it is so and what would move it."""

from dataclasses import replace

import numpy as np
import pytest
from doubtful import JUDGED, OBJECTS, THEMES, assessment

from riskmap.errors import MissingLayerError
from riskmap.model import NO_CLASS
from riskmap.pipeline.products import cell_robustness, robustness, stability, why
from riskmap.pipeline.products.unit_index import scaled_exposures, unit_index, with_errors


@pytest.fixture(scope="module")
def found():
    return assessment()


def test_probabilities_sum_to_one_and_agree_with_the_class(found):
    (table,) = stability.make(found)
    frame = table.frame
    chances = frame[[f"probability_{code}" for code in range(1, 6)]]
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-6)
    assert (chances.to_numpy().argmax(axis=1) + 1 == frame["likely_class"]).all()
    held = [row[f"probability_{row['class']}"] for _, row in frame.iterrows()]
    np.testing.assert_allclose(frame["stability"], held, atol=1e-6)
    assert frame["stability"].is_monotonic_increasing
    assert set(table.headers) >= set(chances)


def test_every_source_has_a_row_and_the_one_that_moves_most_is_first(found):
    sources, units, sensitivity = robustness.make(found)
    assert sources.frame.index[-1] == "together"
    assert set(sources.frame.index) == {"weights", "scaling", "breaks", "errors", "together"}
    alone = sources.frame["stability"].iloc[:-1]
    assert alone.is_monotonic_increasing
    assert sources.notes[0].zh.startswith(f"使等级变动最多的是{sources.words['source'][alone.index[0]].zh}")
    assert f"{sources.frame.loc['together', 'stability']:.0%}" in sources.notes[0].en
    assert not any("变动变动" in str(one) for one in units.headers.values())
    assert units.frame["stability_together"].is_monotonic_increasing
    assert units.frame["stability_weights"].to_dict() == pytest.approx(
        stability.make(found)[0].frame["stability"].to_dict(), abs=0.12
    )
    shares = sensitivity.frame["first"]
    assert sensitivity.frame["total"].is_monotonic_decreasing
    assert 0.6 < shares.sum() < 1.2
    assert len(sensitivity.frame) == 3 + 5 + 5 + 1
    assert {one.key for one in sources.thresholds} == {"robustness.draws", "comprehensive.weight_doubt"}
    assert {one.key for one in sensitivity.thresholds} == {"robustness.base_sample", "comprehensive.weight_doubt"}
    assert any("平方根" in one.zh and "square root" in one.en for one in sources.notes)
    for table in (sources, units, sensitivity):
        assert all(one.zh and one.en for one in table.headers.values())


def test_judgements_are_moved_where_there_are_any():
    sources, units, _ = robustness.make(assessment(**JUDGED))
    assert 0 < sources.frame.loc["judgements", "stability"] <= 1
    assert "stability_judgements" in units.frame
    assert any("1级" in one.zh and "舍弃" in one.zh for one in sources.notes)


def test_the_published_index_comes_back_and_errors_change_it(found):
    whole = unit_index(found)
    np.testing.assert_allclose(whole.model(), found.risk.units["index"].loc[whole.model.units], rtol=1e-12)
    assert (whole.classes == found.risk.units["class"]).all()
    model, titles = with_errors(found, whole)
    assert {key: one.en for key, one in titles.items()} == {"flood/equivalent_depth_m": "Depth"}
    theme, change = model.errors["flood/equivalent_depth_m"]
    assert model.themes[theme] == "flood"
    assert (change >= 0).all()
    assert change.max() > 0.01
    off = model({"errors": {"flood/equivalent_depth_m": 1.0}})
    assert (off >= model() - 1e-12).all()
    assert (off > model()).any()


def test_scalings_keep_nothing_at_nothing(found):
    whole = unit_index(found)
    for name, ways in scaled_exposures(found, whole).items():
        assert len(ways) == 4
        empty = found.risk.exposure.iloc[:, OBJECTS.index(name)].to_numpy() == 0
        for _, values in ways:
            assert (values[empty] == 0).all()
            assert ((values >= 0) & (values <= 1)).all()


def test_parts_add_up_and_measures_are_told_in_words(found):
    reasons, down = why.make(found)
    for kind, members in (("theme", THEMES), ("object", OBJECTS)):
        parts = reasons.frame[[f"part_{kind}_{one}" for one in members]]
        np.testing.assert_allclose(parts.sum(axis=1), reasons.frame["index"], rtol=1e-12)
    assert reasons.frame["rank"].tolist() == list(range(1, 7))
    assert reasons.frame["index"].is_monotonic_decreasing
    told = down.frame["measure_zh"]
    lowest = down.frame["class"] == 1
    assert (told[lowest] == "已是最低等级").all()
    assert (down.frame["measure_en"][lowest] == "in the lowest class already").all()
    assert not told.str.contains("[a-z]{3}").any()  # Chinese in Chinese, English beside it
    assert set(reasons.frame["weight"]) <= set(reasons.words["weight"])
    assert told[~lowest].str.contains("降低").all() or told.str.contains("不足以").any()
    does = down.frame["reduction_pct"].notna()
    assert does.any()
    edges = np.array(found.risk.scheme.edges)
    assert (down.frame["index_after"][does] < edges[down.frame["class"][does] - 2]).all()
    assert all(f"{pct:.1f}%" in text for pct, text in zip(down.frame["reduction_pct"][does], told[does], strict=True))


@pytest.mark.parametrize("make", [stability.make, robustness.make, why.make])
def test_without_risk_there_is_nothing_to_question(found, make):
    with pytest.raises(MissingLayerError, match="no comprehensive risk"):
        make(replace(found, risk=None))


def test_a_class_set_by_hand_is_not_what_is_questioned(found):
    units = found.risk.units.assign(**{"class": np.uint8(5)})
    by_hand = replace(found, risk=replace(found.risk, units=units))
    assert (unit_index(by_hand).classes == found.risk.units["class"]).all()
    assert NO_CLASS not in set(unit_index(by_hand).classes)


def test_cells_are_tried_by_every_source_and_told_as_rasters(found):
    (table,) = cell_robustness.make(found)
    assert set(table.frame.index) == {"weights", "scaling", "breaks", "errors", "together"}
    assert table.frame.index[-1] == "together"
    assert table.frame["draws"].to_dict() == {"weights": 50, "scaling": 50, "breaks": 4, "errors": 50, "together": 50}
    chances = table.rasters["risk_probability"].array.to_numpy().astype(int)
    inside = chances[0] != NO_CLASS
    np.testing.assert_array_equal(chances.sum(axis=0)[inside], 100)  # 50 draws: steps of 2 %
    likely = table.rasters["risk_likely_class_together"].array.to_numpy()
    np.testing.assert_array_equal(likely[inside], chances.argmax(axis=0)[inside] + 1)
    assert (likely[~inside] == NO_CLASS).all()
    held = table.rasters["risk_stability_together"].array.to_numpy()
    assert held[held != NO_CLASS].mean() / 100 == pytest.approx(table.frame.loc["together", "stability"], abs=1e-6)


def test_cells_without_risk_are_left_out_with_the_reason(found):
    with pytest.raises(MissingLayerError, match="no comprehensive risk"):
        cell_robustness.make(replace(found, risk=None))
