"""Why a unit stands in its class, and the least that would move it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.model import NO_CLASS, ClassScheme
from riskmap.scoring.unit_model import UnitModel

__all__ = ["one_class_down", "parts_of_index", "weight_flip"]

_HALVINGS = 60
_STEP_PCT = 0.1  # reductions are told in tenths of a percent, rounded up


def parts_of_index(model: UnitModel) -> NDArray[np.float64]:
    """What each theme and object adds to the index of each unit; they add up to it.

    Parameters
    ----------
    model : UnitModel
        Of the units.

    Returns
    -------
    ndarray of float64, shape (themes, objects, units)
        ``w_t w_o R_to`` over the weights that are known; 0 where R is unknown, NaN where the index is.

    Examples
    --------
    >>> risks = pd.DataFrame({"unit_id": ["a", "a"], "theme": ["flood", "drought"], "object": "people",
    ...     "hazard": [0.8, 0.2], "exposure": 0.5, "vulnerability": 1.0})
    >>> model = UnitModel.from_risks(risks, themes={"flood": 1, "drought": 1}, objects={"people": 1})
    >>> parts_of_index(model)[:, 0, 0].round(3).tolist()
    [0.2, 0.05]
    """
    risk = model.risks()
    weight = (model.theme_weights[:, None] * model.object_weights)[..., None]
    below = (weight * np.isfinite(risk)).sum(axis=(0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(weight * np.nan_to_num(risk) / np.where(below > 0, below, np.nan))


def one_class_down(model: UnitModel, classes: pd.Series, *, scheme: ClassScheme) -> pd.DataFrame:
    """Smallest single reduction that brings the index of each unit under the lower edge of its class.

    Parameters
    ----------
    model : UnitModel
        Of the units.
    classes : Series of uint8
        Index ``unit_id``, in the order of the units of `model`: the published class.
    scheme : ClassScheme
        With the edges that were used.

    Returns
    -------
    DataFrame
        Index ``unit_id``; ``outcome``: ``measure``, ``none`` (no single reduction does it), ``lowest`` (nothing to
        fall to) or ``unknown``; and for a measure ``part`` (``hazard``, ``exposure`` or ``vulnerability``), ``of`` (the
        theme, or the object), ``reduction_pct`` (of its present score, rounded up to a tenth), ``index_after``.

    Notes
    -----
    One score is multiplied by f = 1 - reduction, all others staying: the hazard of one theme to all objects, or the
    exposure or the (known) vulnerability of one object to all themes. A risk is multiplied by f, or by ``f^1.5`` where
    vulnerability is unknown and stands for ``(H E)^0.5`` (`risk_index`), so the index is ``rest + L f + C f^1.5``; f is
    found by halving. Of all that do it the one with the smallest share taken away is told. It is what the index says,
    not a promise that a measure on the ground can take that much.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from riskmap.standards import book
    >>> cuts = replace(book().scheme("comprehensive-risk"), edges=(0.1, 0.2, 0.3, 0.4))
    >>> risks = pd.DataFrame({"unit_id": ["a", "a"], "theme": ["flood", "drought"], "object": "people",
    ...     "hazard": [0.8, 0.2], "exposure": 0.5, "vulnerability": 1.0})
    >>> model = UnitModel.from_risks(risks, themes={"flood": 1, "drought": 1}, objects={"people": 1})
    >>> one_class_down(model, pd.Series([3], index=["a"]), scheme=cuts).round(5).to_numpy().tolist()
    [['measure', 'exposure', 'people', 20.1, 0.19975]]
    """
    parts = parts_of_index(model)
    index = parts.sum(axis=(0, 1))
    codes = classes.to_numpy("int64")
    cuts = np.append(-np.inf, np.asarray(scheme.edges, dtype="float64"))
    edge = cuts[np.where(codes == NO_CLASS, 0, codes - 1)]
    names, found, after = [], [], []
    for part, of, linear, curved in _levers(model, parts):
        left = _factor(linear, curved, linear + curved - (index - edge))
        pct = (np.floor((1 - left) * 100 / _STEP_PCT + 1e-6) + 1) * _STEP_PCT  # strictly under the edge
        keep = 1 - np.round(pct, 1) / 100
        names.append((part, of))
        found.append(np.where(keep >= 0, np.round(pct, 1), np.inf))
        after.append(index - linear * (1 - keep) - curved * (1 - np.maximum(keep, 0) ** 1.5))
    table = np.where(np.isnan(np.stack(found)), np.inf, np.stack(found))
    best = table.argmin(axis=0)
    least = table[best, np.arange(index.size)]
    unknown = np.isnan(index) | (codes == NO_CLASS)
    outcome = np.select([unknown, codes == 1, np.isinf(least)], ["unknown", "lowest", "none"], "measure")
    does = outcome == "measure"
    return pd.DataFrame(
        {
            "outcome": outcome,
            "part": np.where(does, np.array([one for one, _ in names])[best], ""),
            "of": np.where(does, np.array([one for _, one in names])[best], ""),
            "reduction_pct": np.where(does, least, np.nan),
            "index_after": np.where(does, np.stack(after)[best, np.arange(index.size)], np.nan),
        },
        index=classes.index,
    )


def _levers(
    model: UnitModel, parts: NDArray[np.float64]
) -> Iterator[tuple[str, str, NDArray[np.float64], NDArray[np.float64]]]:
    """Every score that can be lowered, with the parts of the index that fall with it in proportion, and as f^1.5."""
    thin = np.isnan(model.vulnerability)
    linear, curved = np.where(thin, 0, parts), np.where(thin, parts, 0)
    for place, name in enumerate(model.themes):
        yield "hazard", name, linear[place].sum(axis=0), curved[place].sum(axis=0)
    for place, name in enumerate(model.objects):
        yield "exposure", name, linear[:, place].sum(axis=0), curved[:, place].sum(axis=0)
    for place, name in enumerate(model.objects):
        yield "vulnerability", name, linear[:, place].sum(axis=0), np.zeros(linear.shape[2])


def _factor(linear: NDArray[np.float64], curved: NDArray[np.float64], rest: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest factor f that brings ``L f + C f^1.5`` down to `rest`; NaN where even 0 does not go under it."""
    low, high = np.zeros(rest.size), np.ones(rest.size)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        under = linear * middle + curved * middle**1.5 <= rest
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.where(rest > 0, low, np.nan)


def weight_flip(model: UnitModel, *, scheme: ClassScheme) -> pd.DataFrame:
    """Smallest change of one weight that changes the class of each unit, the other weights keeping their ratios.

    Parameters
    ----------
    model : UnitModel
        Of the units.
    scheme : ClassScheme
        With the edges that were used; they are held.

    Returns
    -------
    DataFrame
        Index ``unit_id``; ``kind`` (``theme``, ``object`` or "" where no weight alone can do it), ``weight`` (which),
        ``from`` and ``to`` (shares 0..1 of the weights of its kind). A unit that stands on an edge has equal two.

    Notes
    -----
    With N and D the sums over known risks with and without the risks, the index meets an edge e where the weighted mean
    of ``g_t = N_t - e D_t`` over the themes (or objects) is 0. With weight t set to v that is ``v g_t + (1 - v) r_t``, r
    the mean of the others: linear in v, and so exact. Without gaps it is `flip_distance`.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from riskmap.standards import book
    >>> cuts = replace(book().scheme("comprehensive-risk"), edges=(0.1, 0.2, 0.3, 0.4))
    >>> risks = pd.DataFrame({"unit_id": ["a", "a"], "theme": ["flood", "drought"], "object": "people",
    ...     "hazard": [0.8, 0.2], "exposure": 0.5, "vulnerability": 1.0})
    >>> model = UnitModel.from_risks(risks, themes={"flood": 1, "drought": 1}, objects={"people": 1})
    >>> found = weight_flip(model, scheme=cuts)  # 0.5 of flood down to 1/3, or of drought up to 2/3, which is the same
    >>> (found["to"] - found["from"]).abs().round(3).tolist()
    [0.167]
    """
    risk = model.risks()
    known = np.isfinite(risk)
    total = np.where(known, risk, 0)
    count = len(model.units)
    best = np.full(count, np.inf)
    kind, which = np.full(count, "", dtype=object), np.full(count, "", dtype=object)
    start, stop = np.full(count, np.nan), np.full(count, np.nan)
    sides = (
        ("theme", model.themes, model.theme_weights, "o,tou->tu", model.object_weights),
        ("object", model.objects, model.object_weights, "t,tou->ou", model.theme_weights),
    )
    for name, members, weights, rule, others in sides:
        above, below = np.einsum(rule, others, total), np.einsum(rule, others, known.astype("float64"))
        for edge in (one for one in scheme.edges if np.isfinite(one)):
            change, place = _least_change(above - edge * below, below, weights)
            better = np.abs(change) < best - 1e-12  # of equals, the lower edge
            best = np.where(better, np.abs(change), best)
            kind[better] = name
            which[better] = np.array(members, dtype=object)[place[better]]
            start[better] = weights[place[better]]
            stop[better] = weights[place[better]] + change[better]
    gap = ~known.any(axis=(0, 1))
    kind[gap], which[gap], start[gap], stop[gap] = "", "", np.nan, np.nan
    return pd.DataFrame({"kind": kind.astype(str), "weight": which.astype(str), "from": start, "to": stop},
                        index=model.units)  # fmt: skip


def _least_change(
    gains: NDArray[np.float64], below: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Smallest change of one weight that brings the weighted mean of `gains` (members, units) to 0, and whose."""
    share = weights[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        others, rest = ((weights @ one - share * one) / (1 - share) for one in (gains, below))
        at = others / (others - gains)
        legal = np.isfinite(at) & (at >= 0) & (at <= 1) & (below > 0) & (rest > 0)
        change = np.where(legal, at - share, np.inf)
    place = np.abs(change).argmin(axis=0)
    return change[place, np.arange(place.size)], place
