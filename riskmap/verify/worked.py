"""Worked examples of books and papers for scoring, computed by what riskmap does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from riskmap.model import ClassScheme, Group, Indicator, Profile, Text
from riskmap.scoring import (
    ahp_weights,
    classify,
    combine,
    critic_weights,
    entropy_weights,
    evaluate_tree,
    grey_relation,
    normalise,
    pca_weights,
    topsis,
)
from riskmap.scoring.combiners import join

__all__ = ["Worked", "worked"]

Worked = tuple[str, float, float]
"""Name of a value, as printed, as computed."""


def worked(entry: Mapping[str, Any]) -> list[Worked]:
    """Compute what a worked example prints.

    Parameters
    ----------
    entry : mapping
        One of ``[examples.*]`` in ``verify/published.toml``: its ``method``, what goes in, what the source prints.

    Returns
    -------
    list of (str, float, float)
        Name of the value, as printed, as computed.

    Examples
    --------
    >>> worked({"method": "ordered", "data": [5, 6, 4], "order": [0.2, 0.7, 0.1], "value": 5.1})[0][:2]
    ('value', 5.1)
    """
    return _METHODS[entry["method"]](entry)


def _pairs(name: str, printed: Sequence[float], got: np.ndarray | Sequence[float]) -> list[Worked]:
    if len(printed) == 1:
        return [(name, float(printed[0]), float(got[0]))]
    return [(f"{name} {n}", float(a), float(b)) for n, (a, b) in enumerate(zip(printed, got, strict=True), start=1)]


def _table(entry: Mapping[str, Any]) -> np.ndarray:
    return np.array(entry["matrix"], dtype="float64")


def _hierarchy(entry: Mapping[str, Any]) -> list[Worked]:
    weights = ahp_weights(_table(entry)).weights
    parts = [np.array(one) for one in entry.get("parts", ())]
    parts += [ahp_weights(one).weights for one in entry.get("part_matrices", ())]
    found = _pairs("weight", entry["weights"], weights) if "weights" in entry else []
    return [*found, *_pairs("alternative", entry["values"], combine(parts, weights)[0])]


def _spread(rule: Callable[[np.ndarray], np.ndarray]) -> Callable[[Mapping[str, Any]], list[Worked]]:
    return lambda entry: _pairs("weight", entry["weights"], rule(_table(entry)))


def _topsis(entry: Mapping[str, Any]) -> list[Worked]:
    table = _table(entry)
    weights = entry["given"] if "given" in entry else entropy_weights(table)
    found = _pairs("weight", entry["weights"], weights) if "weights" in entry else []
    got = topsis(table, weights, directions=entry.get("directions", ()))
    return [*found, *_pairs("alternative", entry["values"], got)]


def _grey(entry: Mapping[str, Any]) -> list[Worked]:
    got = grey_relation(_table(entry), entry["given"], directions=entry["directions"])
    return _pairs("alternative", entry["values"], got)


def _scaled(entry: Mapping[str, Any]) -> np.ndarray:
    """Less is better turned round by 1/x; then columns over their sum or their best."""
    table = _table(entry)
    turned = np.array(entry.get("directions", [1] * table.shape[1])) == -1
    table[:, turned] = 1 / table[:, turned]
    return table / (table.sum(axis=0) if entry["scale"] == "sum" else table.max(axis=0))


def _weighted(entry: Mapping[str, Any]) -> list[Worked]:
    columns = list(_scaled(entry).T)
    if entry["method"] == "weighted_sum":
        got = combine(columns, entry["given"])[0]
    else:
        got = combine(columns, entry["given"], combiner="geometric_mean")[0]
    return _pairs("alternative", entry["values"], np.log10(got) if entry.get("logarithm") else got)


def _pca(entry: Mapping[str, Any]) -> list[Worked]:
    printed = np.array(entry["variances"]) @ np.abs(entry["loadings"])
    return _pairs("weight", (printed / printed.sum()).tolist(), pca_weights(_table(entry)))


def _breaks(entry: Mapping[str, Any]) -> list[Worked]:
    names = tuple(Text(str(n), str(n)) for n in range(entry["classes"]))
    scheme = ClassScheme(name=entry["breaks"], title=names[0], labels=names, colours=("#000000",) * len(names),
                         breaks=entry["breaks"], source=entry["source"], confidence="B")  # fmt: skip
    found = classify(np.array(entry["data"], dtype="float64"), scheme)
    counts = np.bincount(found.codes, minlength=len(names) + 1)[1:]
    edges = _pairs("break", entry["edges"], found.scheme.edges) if "edges" in entry else []
    return [*edges, *_pairs("size of class", entry["counts"], counts)]


def _boxcox(entry: Mapping[str, Any]) -> list[Worked]:
    """Standardised in the source, scaled to 0..1 here: a straight line between the two."""
    printed = np.array(entry["values"])
    got = normalise(np.array(entry["data"], dtype="float64"), method="boxcox")
    return _pairs("value", printed.tolist(), printed.min() + got * np.ptp(printed))


def _percentile(entry: Mapping[str, Any]) -> list[Worked]:
    data = np.array(entry["data"], dtype="float64")
    got = np.interp(entry["at"], data, normalise(data, method="percentile"))
    return _pairs("value", [entry["value"]], [float(got)])


def _ordered(entry: Mapping[str, Any]) -> list[Worked]:
    block = np.array(entry["data"], dtype="float64")[:, None]
    got = join(block, np.ones_like(block), np.isnan(block), combiner="owa", options={"order": entry["order"]})
    return _pairs("value", [entry["value"]], got)


def _human_development(entry: Mapping[str, Any]) -> list[Worked]:
    def leaf(factor: str, **more: Any) -> Indicator:
        return Indicator(factor=factor, title=Text(factor, factor), **more)

    share = {"low": 0, "high": 100}
    profile = Profile(
        name="hdi", title=Text("人类发展指数", "Human Development Index"), weights="equal", source=entry["source"],
        confidence="A2", groups=(Group(name="education", title=Text("教育", "Education")),),
        indicators=(
            leaf("literacy", group="education", weight=2, options=share),
            leaf("enrolment", group="education", options=share),
            leaf("life", options={"low": 25, "high": 85}),
            leaf("income", normaliser="log", options={"low": 100, "high": 40_000, "scale": 100}),
        ),
    )  # fmt: skip
    columns = {one.factor: np.array(entry[one.factor], dtype="float64") for one in profile.indicators}
    scores = evaluate_tree(profile, pd.DataFrame(columns)).scores
    return [
        *_pairs("education", entry["education"], scores["education"].to_numpy()),
        *_pairs("index", entry["values"], scores["goal"].to_numpy()),
    ]


_METHODS: Mapping[str, Callable[[Mapping[str, Any]], list[Worked]]] = {
    "ahp_hierarchy": _hierarchy,
    "entropy": _spread(entropy_weights),
    "critic": _spread(critic_weights),
    "topsis": _topsis,
    "entropy_topsis": _topsis,
    "grey": _grey,
    "weighted_sum": _weighted,
    "weighted_product": _weighted,
    "pca": _pca,
    "breaks": _breaks,
    "boxcox": _boxcox,
    "percentile": _percentile,
    "ordered": _ordered,
    "human_development": _human_development,
}
