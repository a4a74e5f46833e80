"""A profile with groups: weights, scores of every node, and published methods written as TOML alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from riskmap.errors import MethodError, MissingLayerError, StandardError
from riskmap.model import ClassScheme, Group, Indicator, Profile, Text
from riskmap.scoring import (
    classify,
    combine,
    combine_values,
    entropy_weights,
    evaluate,
    evaluate_tree,
    holds_scores,
    natural_breaks,
    normalise,
    weight_tree,
)
from riskmap.standards import book, read_profile

TITLE = Text("题", "Title")
HEAD = 'title = {zh = "题", en = "Title"}\nsource = "here"\nconfidence = "C"\n'


def leaf(factor, group="", **more):
    return Indicator(factor=factor, title=TITLE, group=group, **{"normaliser": "identity", **more})


def group(name, parent="", **more):
    return Group(name=name, title=TITLE, parent=parent, **more)


def tree(leaves, groups=(), **more):
    return Profile(
        name="p", title=TITLE, indicators=tuple(leaves), groups=tuple(groups), source="t", confidence="C", **more
    )


DEEP = tree(
    [leaf("a", "inner"), leaf("b", "inner", weight=3), leaf("c", "outer"), leaf("d", weight=2)],
    [group("outer", weight=3), group("inner", "outer", weight=4)],
)
TABLE = pd.DataFrame({"a": [0.2, np.nan], "b": [0.6, 0.4], "c": [1.0, 0.5], "d": [0.0, np.nan]})


def test_weights_multiply_along_the_way():
    table = weight_tree(DEEP)
    assert list(table.index) == ["goal", "outer", "inner", "a", "b", "c", "d"]
    assert table["global"].to_dict() == pytest.approx(
        {"goal": 1, "outer": 0.6, "inner": 0.48, "a": 0.12, "b": 0.36, "c": 0.12, "d": 0.4}
    )
    assert table.loc[table["kind"] == "indicator", "global"].sum() == pytest.approx(1)


def test_every_node_has_its_score_and_known_share():
    found = evaluate_tree(DEEP, TABLE)
    assert found.scores["inner"].tolist() == pytest.approx([0.5, 0.4])
    assert found.scores["outer"].tolist() == pytest.approx([0.6, 0.42])
    assert found.scores["goal"].tolist() == pytest.approx([0.36, 0.42])
    assert found.known_share["inner"].tolist() == pytest.approx([1, 0.75])
    assert found.known_share["goal"].tolist() == pytest.approx([1, 0.6 * (0.8 * 0.75 + 0.2)])
    score, known = evaluate(DEEP, TABLE)
    assert score.equals(found.scores["goal"].rename(None))
    assert known.equals(found.known_share["goal"].rename(None))


def test_one_group_of_everything_is_the_list_itself():
    leaves = [leaf("a", weight=2), leaf("b"), leaf("c", optional=False)]
    flat = evaluate(tree(leaves), TABLE)
    grouped = evaluate(tree([replace(one, group="all") for one in leaves], [group("all")]), TABLE)
    for one, other in zip(flat, grouped, strict=True):
        assert one.tolist() == pytest.approx(other.tolist(), nan_ok=True)


def test_grid_and_table_agree():
    names = list(TABLE)
    grid = xr.Dataset({one: (("y", "x"), TABLE[[one]].to_numpy(dtype="float32"), {"units": "1"}) for one in names})
    found = evaluate_tree(DEEP, grid)
    assert found.scores["outer"].dtype == np.float32
    assert found.scores["outer"].dims == ("y", "x")
    expected = evaluate_tree(DEEP, TABLE)
    for one in found.scores:
        assert found.scores[one].to_numpy().ravel() == pytest.approx(expected.scores[one].to_numpy(), nan_ok=True)
    masked = evaluate(DEEP, grid, mask=np.array([[True], [False]]))
    assert np.isnan(masked[0].to_numpy()).ravel().tolist() == [False, True]
    assert masked[1].to_numpy().ravel().tolist() == pytest.approx([1, 0])


def test_missing_rules_of_groups():
    strict = replace(DEEP, groups=(DEEP.groups[0], replace(DEEP.groups[1], missing="unknown", optional=False)))
    assert evaluate_tree(strict, TABLE).scores["outer"].tolist() == pytest.approx([0.6, np.nan], nan_ok=True)
    without = evaluate_tree(DEEP, TABLE[["c", "d"]])
    assert "inner" not in without.scores
    assert without.scores["outer"].tolist() == [1.0, 0.5]
    assert without.known_share["outer"].tolist() == pytest.approx([0.2, 0.2])
    needed = replace(DEEP, groups=(replace(DEEP.groups[0], optional=False), replace(DEEP.groups[1], optional=False)))
    with pytest.raises(MissingLayerError, match="a, b"):
        evaluate(needed, TABLE[["c", "d"]])
    inner = tree([leaf("a", "g", optional=False), leaf("b", "g"), leaf("d")], [group("g")])
    assert evaluate(inner, TABLE[["b", "d"]])[0].tolist() == pytest.approx([0.0, np.nan], nan_ok=True)


def test_weights_of_a_group_from_its_children():
    data = pd.DataFrame(np.random.default_rng(2).random((20, 4)), columns=list("abcd"))
    leaves = [leaf(one, "g") for one in "abc"]
    found = weight_tree(tree([*leaves, leaf("d")], [group("g", weights="entropy")]), data)
    assert found["local"][["a", "b", "c"]].to_numpy() == pytest.approx(
        entropy_weights(data[["a", "b", "c"]].to_numpy())
    )
    judged = tree([*leaves, leaf("d")], [group("g", weights="ahp", matrix=((1, 2, 4), (0.5, 1, 2), (0.25, 0.5, 1)))])
    assert weight_tree(judged)["local"][["a", "b", "c"]].tolist() == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    with pytest.raises(MethodError, match="found from data"):
        weight_tree(tree(leaves, [group("g", weights="pca")]))
    with pytest.raises(MethodError, match="3 rows of judgements for 2 parts"):
        weight_tree(replace(judged, indicators=judged.indicators[1:]))


def test_one_factor_in_two_groups_counts_twice():
    both = tree([leaf("a", "g"), leaf("b", "g"), leaf("a", "h"), leaf("c", "h")], [group("g"), group("h")])
    assert list(evaluate_tree(both, TABLE).scores) == ["goal", "g", "g/a", "b", "h", "h/a", "c"]
    again = tree([leaf("a"), leaf("a", normaliser="knots", options={"knots": [[0, 1], [1, 0]]})])
    assert evaluate(again, TABLE)[0].tolist() == pytest.approx([0.5, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("leaves", "groups", "told"),
    [
        ([leaf("a", "no")], [], "no group called 'no'"),
        ([leaf("a")], [group("g")], "holds no group"),
        ([leaf("a", "g")], [group("g"), group("g")], "name of its own"),
        ([leaf("a", "goal")], [group("goal")], "name of its own"),
        ([leaf("a", "g")], [group("g", "h"), group("h", "g")], "stands below itself"),
        ([leaf("a", "g")], [group("g", "no")], "no group called 'no'"),
    ],
)
def test_groups_that_make_no_tree_are_refused(leaves, groups, told):
    with pytest.raises(MethodError, match=told):
        evaluate(tree(leaves, groups), TABLE)


def test_the_reader_refuses_them_too():
    with pytest.raises(StandardError, match="no group called 'g'"):
        read_profile(HEAD + '[[indicators]]\nfactor = "a"\ntitle = {zh = "a", en = "a"}\ngroup = "g"\n', name="p")


def test_values_of_any_size_are_not_held_and_scores_are_asked_for_where_needed():
    raw = tree([leaf("a", normaliser="raw"), leaf("b", normaliser="raw")], combiner="sum")
    table = pd.DataFrame({"a": [30.0, -5.0, np.nan], "b": [12.0, 1.0, 4.0]})
    score, known = evaluate(raw, table)
    assert score.tolist() == [42.0, -4.0, 4.0]
    assert known.tolist() == [1, 1, 0.5]
    assert not holds_scores(raw)
    assert holds_scores(replace(raw, normaliser="minmax"))
    assert evaluate(replace(raw, combiner="max"), table)[0].tolist() == [30.0, 1.0, 4.0]
    assert evaluate(replace(raw, missing="unknown"), table)[0].tolist() == pytest.approx([42, -4, np.nan], nan_ok=True)
    weighted = replace(raw, combiner_options={"coefficients": [2, -1]})
    assert evaluate(weighted, table)[0].tolist() == [48.0, -11.0, -4.0]
    with pytest.raises(MethodError, match="takes scores"):
        evaluate(replace(raw, combiner="fuzzy_gamma", combiner_options={"gamma": 0.5}), table)
    with pytest.raises(MethodError, match="no direction -1"):
        normalise(np.array([1.0]), method="raw", direction=-1)


def test_powers_and_roots():
    values = [np.array([8.0, 8.0, -8.0, np.nan]), np.array([2.0, 0.0, 2.0, 2.0])]
    got, _ = combine_values(values, [1, 1], combiner="power_product", options={"exponents": [1 / 3, -1]})
    assert got == pytest.approx([1, np.nan, np.nan, np.nan], nan_ok=True)
    got, _ = combine_values(values, [1, 1], combiner="power_product", options={"exponents": [0, 2]})
    assert got == pytest.approx([4, 0, 4, 4])  # what does not count may be missing
    for options in ({}, {"exponents": [1]}, {"exponents": [1, np.inf]}):
        with pytest.raises(MethodError):
            combine_values(values, [1, 1], combiner="power_product", options=options)
    with pytest.raises(MethodError, match="any size"):
        combine(values, [1, 1], combiner="power_product", options={"exponents": [1, 1]})


def test_percentiles_by_groups():
    table = pd.DataFrame({"x": [1.0, 5, 3, 10, 20, 20, 7, np.nan], "where": ["n", "n", "n", "s", "s", "s", "w", "n"]})
    one = leaf("x", normaliser="percentile", options={"by": "where"})
    assert evaluate(tree([one]), table)[0].tolist() == pytest.approx(
        [0, 1, 0.5, 0, 0.75, 0.75, 0.5, np.nan], nan_ok=True
    )
    unnamed = table.assign(where=[None, *table["where"][1:]])
    assert evaluate(tree([one]), unnamed)[0].tolist()[:3] == pytest.approx([np.nan, 1, 0], nan_ok=True)
    with pytest.raises(MissingLayerError, match="where"):
        evaluate(tree([one]), table[["x"]])
    with pytest.raises(MethodError, match="one label a value"):
        normalise(np.array([1.0, 2.0]), method="percentile", by=np.array(["n"]))


@pytest.mark.parametrize("seed", range(12))
def test_kmeans_is_at_least_as_good_as_fifty_starts(seed):
    from sklearn.cluster import KMeans

    rng = np.random.default_rng(seed)
    values = rng.lognormal(size=rng.integers(12, 60)).round(2)
    classes = int(rng.integers(2, 6))
    names = (TITLE,) * classes
    scheme = ClassScheme(name="s", title=TITLE, labels=names, colours=("#000",) * classes, breaks="kmeans", source="t",
                         confidence="C")  # fmt: skip
    found = classify(values, scheme)
    ours = sum(((values[found.codes == code] - values[found.codes == code].mean()) ** 2).sum()
               for code in np.unique(found.codes))  # fmt: skip
    theirs = KMeans(n_clusters=classes, n_init=50, random_state=seed).fit(values[:, None]).inertia_
    assert ours <= theirs + 1e-9
    assert found.scheme.edges == natural_breaks(values, classes=classes)


# FEMA National Risk Index: Risk = Expected Annual Loss x Social Vulnerability / Community Resilience, summed over hazards;
# Expected Annual Loss = annual frequency x exposure x historic loss ratio; scores are percentiles, ratings by clustering.
# hazards.fema.gov/nri/determining-risk, disasterriskreport.com/guide/how-nri-is-calculated. The table is made up.
NRI = (
    HEAD
    + """
combiner = "power_product"
combiner_options = {exponents = [1, 1, -1]}
normaliser = "percentile"

[[groups]]
name = "loss"
title = {zh = "年均预期损失", en = "Expected annual loss"}
combiner = "sum"
"""
    + "".join(
        f"""
[[groups]]
name = "{hazard}"
parent = "loss"
title = {{zh = "{hazard}", en = "{hazard}"}}
combiner = "power_product"
combiner_options = {{exponents = [1, 1, 1]}}
"""
        + "".join(
            f"""
[[indicators]]
factor = "{factor}"
title = {{zh = "{factor}", en = "{factor}"}}
normaliser = "raw"
group = "{hazard}"
"""
            for factor in ("buildings", f"{hazard}_per_year", f"{hazard}_loss_ratio")
        )
        for hazard in ("flood", "hail")
    )
    + """
[[indicators]]
factor = "vulnerability"
title = {zh = "社会脆弱性", en = "Social vulnerability"}
normaliser = "raw"
[[indicators]]
factor = "resilience"
title = {zh = "社区韧性", en = "Community resilience"}
normaliser = "raw"
"""
)


def test_the_national_risk_index_is_a_toml():
    table = pd.DataFrame(
        {
            "buildings": [1000.0, 2000.0, 500.0, 800.0],
            "flood_per_year": [0.1, 0.05, 0.2, 0.0],
            "flood_loss_ratio": [0.02, 0.01, 0.05, 0.01],
            "hail_per_year": [2.0, 1.0, 0.5, 1.0],
            "hail_loss_ratio": [0.001, 0.002, 0.004, 0.001],
            "vulnerability": [0.6, 0.3, 0.9, 0.5],
            "resilience": [0.5, 0.6, 0.45, 0.0],
        }
    )
    profile = read_profile(NRI, name="nri")
    found = evaluate_tree(profile, table)
    # by hand: floods 1000*0.1*0.02 = 2, 1, 5, 0; hail 1000*2*0.001 = 2, 4, 1, 0.8; risk 4*0.6/0.5, 5*0.3/0.6, 6*0.9/0.45
    assert found.scores["flood"].tolist() == pytest.approx([2, 1, 5, 0])
    assert found.scores["loss"].tolist() == pytest.approx([4, 5, 6, 0.8])
    assert evaluate(replace(profile, normaliser="raw"), table)[0].tolist() == pytest.approx(
        [4.8, 2.5, 12, np.nan],
        nan_ok=True,  # no resilience at all: a division by 0
    )
    assert found.scores["goal"].tolist() == pytest.approx([0.5, 0, 1, np.nan], nan_ok=True)
    assert holds_scores(profile)
    three = ClassScheme(name="s", title=TITLE, labels=(TITLE,) * 3, colours=("#000",) * 3, breaks="kmeans", source="t",
                        confidence="C")  # fmt: skip
    assert classify(evaluate(replace(profile, normaliser="raw"), table)[0], three).codes.tolist() == [2, 1, 3, 255]


# INFORM-like: Risk = (Hazard & Exposure)^(1/3) x Vulnerability^(1/3) x (Lack of coping capacity)^(1/3), each 0..10.
# Marin-Ferrer, Vernaccini, Poljansek 2017, doi:10.2760/094023; drmkc.jrc.ec.europa.eu/inform-index/INFORM-Risk/Methodology.
# Inside a dimension arithmetic means; for the hazards a geometric mean in which a high one counts more, so it is taken of
# the values turned round to 10..1 and turned back: (10 - GEOMEAN(10 - 0.9 x)) / 0.9. The table is made up.
INFORM = (
    HEAD
    + """
combiner = "power_product"
combiner_options = {exponents = [0.3333333333333333, 0.3333333333333333, 0.3333333333333333]}

[[groups]]
name = "hazard"
title = {zh = "危险性与暴露", en = "Hazard and exposure"}
weights = "equal"
combiner = "geometric_mean"
normaliser = "raw"
options = {times = -1.1111111111111112, plus = 11.11111111111111}
[[groups]]
name = "vulnerability"
title = {zh = "脆弱性", en = "Vulnerability"}
weights = "equal"
[[groups]]
name = "coping"
title = {zh = "应对能力不足", en = "Lack of coping capacity"}
weights = "equal"
"""
    + "".join(
        f'[[indicators]]\nfactor = "{one}"\ntitle = {{zh = "{one}", en = "{one}"}}\ngroup = "{where}"\nnormaliser = "raw"\n'
        + ("options = {times = -0.9, plus = 10}\n" if where == "hazard" else "")
        for one, where in [("natural", "hazard"), ("human", "hazard"), ("economy", "vulnerability"),
                           ("groups", "vulnerability"), ("institutions", "coping"), ("infrastructure", "coping")]
    )
)  # fmt: skip


def test_inform_is_a_toml():
    table = pd.DataFrame(
        {"natural": [5.0, 10.0, 0.0], "human": [5.0, 10.0, 10.0], "economy": [4.0, 10.0, 8.0], "groups": [6.0, 10.0, 0.0],
         "institutions": [3.0, 10.0, 1.0], "infrastructure": [7.0, 10.0, 1.0]}
    )  # fmt: skip
    found = evaluate_tree(read_profile(INFORM, name="inform"), table)
    # by hand, third row: GEOMEAN(10, 1) = 3.1623, (10 - 3.1623) / 9 * 10 = 7.5975
    assert found.scores["hazard"].tolist() == pytest.approx([5, 10, 7.5975], abs=1e-4)
    assert found.scores["vulnerability"].tolist() == pytest.approx([5, 10, 4])
    assert found.scores["goal"].tolist() == pytest.approx([5, 10, (7.5975 * 4 * 1) ** (1 / 3)], abs=1e-4)


# Human Development Index of 1999: technical note of the Human Development Report, worked for three countries
# (sardc.net/HDev/MHDR2000/Eng/TechNotes/8.html). Its line for Mozambique prints 42.3 - 25 = 44.8, a slip of the pen: its
# index 0.288 is 17.3 / 60.
HDI = (
    HEAD
    + """
weights = "equal"
[[groups]]
name = "education"
title = {zh = "教育", en = "Educational attainment"}
[[indicators]]
factor = "literacy"
title = {zh = "识字率", en = "Adult literacy"}
unit = "%"
group = "education"
weight = 2
options = {low = 0, high = 100}
[[indicators]]
factor = "enrolment"
title = {zh = "入学率", en = "Gross enrolment"}
unit = "%"
group = "education"
options = {low = 0, high = 100}
[[indicators]]
factor = "life"
title = {zh = "预期寿命", en = "Life expectancy"}
unit = "a"
options = {low = 25, high = 85}
[[indicators]]
factor = "income"
title = {zh = "人均收入", en = "Income a head"}
normaliser = "log"
options = {low = 100, high = 40000, scale = 100}
"""
)


def test_human_development_index_as_printed():
    table = pd.DataFrame(
        {"life": [77.2, 69.8, 42.3], "literacy": [99.0, 82.9, 39.5], "enrolment": [88.1, 68.9, 32.0],
         "income": [21260.0, 3130.0, 740.0]}, index=["Germany", "China", "Mozambique"]
    )  # fmt: skip
    found = evaluate_tree(read_profile(HDI, name="hdi"), table)
    assert found.scores["life"].tolist() == pytest.approx([0.870, 0.747, 0.288], abs=5.1e-4)
    assert found.scores["education"].tolist() == pytest.approx([0.954, 0.782, 0.370], abs=5.1e-4)
    assert found.scores["income"].tolist() == pytest.approx([0.895, 0.575, 0.334], abs=5.1e-4)
    assert found.scores["goal"].tolist() == pytest.approx([0.906, 0.701, 0.331], abs=5.1e-4)


def test_rainstorm_by_entropy_and_percentiles():
    """DB63/T 2186-2023: A normalisation, B information entropy, D percentiles; 60/80/90/95 to five classes."""
    profile = book().profile("rainstorm")
    rng = np.random.default_rng(4)
    names = [one.factor for one in profile.indicators]
    table = pd.DataFrame(rng.gamma(2.0, size=(200, len(names))), columns=names)
    scaled = (table - table.min()) / (table.max() - table.min())
    share = scaled / scaled.sum()
    entropy = -(share * np.log(share.where(share > 0, 1))).sum() / np.log(len(table))
    weights = (1 - entropy) / (1 - entropy).sum()
    score, known = evaluate(profile, table)
    assert score.tolist() == pytest.approx((scaled * weights).sum(axis=1).tolist())
    assert known.eq(1).all()
    found = classify(score, book().scheme(profile.scheme))
    assert np.bincount(found.codes)[1:].tolist() == [120, 40, 20, 10, 10]
    assert book().scheme("percentiles").confidence == "A2"


def test_percentile_classes_fit_any_profile():
    any_profile = replace(DEEP, scheme="percentiles")
    table = pd.DataFrame(np.random.default_rng(5).random((100, 4)), columns=list("abcd"))
    codes = classify(evaluate(any_profile, table)[0], book().scheme(any_profile.scheme)).codes
    assert np.bincount(codes)[1:].tolist() == [60, 20, 10, 5, 5]
