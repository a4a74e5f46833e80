"""How firmly a class stands under each source of doubt by itself and under all of them together."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, ClassScheme, Text
from riskmap.model.shown import frame_html
from riskmap.scoring.cell_kernels import tally_classes
from riskmap.scoring.classify import found_edges

__all__ = ["Doubtful", "Robustness", "robustness"]

_MANY = 50_000  # from so many places on, threads are worth their start
Evaluate = Callable[[Mapping[str, Any]], NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Doubtful:
    """One source of doubt: what else might have been chosen or measured.

    Parameters
    ----------
    title : Text
        What is in doubt.
    draws : sequence of mapping
        Changes handed to `evaluate`, one mapping a draw, each as likely as the others.
    schemes : sequence of ClassScheme
        Empty: the edges that were used are held. Else one scheme a draw; its edges are found anew from the drawn index.
    """

    title: Text
    draws: Sequence[Mapping[str, Any]]
    schemes: Sequence[ClassScheme] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Robustness:
    """What the draws say of the class of each unit, a column per source of doubt.

    Parameters
    ----------
    stability : DataFrame of float64
        Share of the draws that leave a unit in its class; NaN where its index is unknown.
    likely : DataFrame of uint8
        Class of most draws (the lower of equals), `NO_CLASS` where unknown.
    probability : mapping of str to ndarray of float32, shape (units, classes)
        By source: share of the draws in each class; NaN where the index is unknown.
    summary : DataFrame
        Index: the source; ``draws``, ``stability`` (mean over the units), ``moved_share`` (share of the units whose
        most likely class is not the published one) and ``shaken_share`` (share that leaves its class in more than half
        of the draws).
    """

    stability: pd.DataFrame
    likely: pd.DataFrame
    probability: Mapping[str, NDArray[np.float32]]
    summary: pd.DataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Sources of doubt, a row each."""
        return self.summary


def robustness(
    evaluate: Evaluate,
    sources: Mapping[str, Doubtful],
    *,
    scheme: ClassScheme,
    published: pd.Series,
    empty: int = 0,
    thin: int = 1,
) -> Robustness:
    """Class every unit, or every cell, again under the draws of each source of doubt.

    Parameters
    ----------
    evaluate : callable
        Takes the changes of one draw, gives the index of every unit.
    sources : mapping of str to Doubtful
        By name.
    scheme : ClassScheme
        With the edges that were used; held for sources that bring no schemes of their own.
    published : Series of uint8
        Index ``unit_id``: the published class, `NO_CLASS` unknown.
    empty : int
        Places of index 0 whatever is tried that `evaluate` leaves out (empty land): they count where edges are found.
    thin : int
        Where edges are found anew, they are found from every so many-th place; 1 takes all.

    Returns
    -------
    Robustness

    Raises
    ------
    MethodError
        A source without draws, or with schemes that do not match its draws or the number of classes.

    Notes
    -----
    Where only numbers are in doubt (weights, errors of measurement) the edges are held: the question is whether a unit
    stays high on this map. Where the rule is in doubt (how amounts are scaled, how classes are cut) edges of another
    rule would mean nothing, so they are found anew.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> from dataclasses import replace
    >>> cuts = replace(book().scheme("comprehensive-risk"), edges=(0.2, 0.4, 0.6, 0.8))
    >>> doubt = Doubtful(title=Text("偏差", "Shift"), draws=[{"by": 0.0}, {"by": 0.06}])
    >>> found = robustness(lambda one: np.array([0.5, 0.35]) + one["by"], {"shift": doubt}, scheme=cuts,
    ...     published=pd.Series([3, 2], index=["a", "b"]))
    >>> found.stability["shift"].tolist(), found.likely["shift"].tolist()
    ([1.0, 0.5], [3, 2])
    """
    shown = published.to_numpy("int64")
    known = shown != NO_CLASS
    stability, likely, probability, rows = {}, {}, {}, {}
    for name, source in sources.items():
        _check(source, scheme, name=name)
        counts = _counts(evaluate, source, scheme, shape=(len(shown), scheme.size), empty=empty, thin=thin)
        drawn = counts.sum(axis=1)
        held = np.take_along_axis(counts, np.clip(shown - 1, 0, scheme.size - 1)[:, None], axis=1)[:, 0]
        stability[name] = np.divide(held, drawn, out=np.full(len(shown), np.nan), where=(drawn > 0) & known)
        likely[name] = np.where(drawn > 0, counts.argmax(axis=1) + 1, NO_CLASS).astype("uint8")
        probability[name] = np.divide(
            counts, drawn[:, None], out=np.full(counts.shape, np.nan, "float32"), where=drawn[:, None] > 0
        )
        some = known & (drawn > 0)
        rows[name] = {
            "draws": len(source.draws),
            "stability": float(np.mean(stability[name][some])) if some.any() else np.nan,
            "moved_share": float(np.mean(likely[name][some] != shown[some])) if some.any() else np.nan,
            "shaken_share": float(np.mean(stability[name][some] < 0.5)) if some.any() else np.nan,
        }
    return Robustness(
        stability=pd.DataFrame(stability, index=published.index),
        likely=pd.DataFrame(likely, index=published.index),
        probability=probability,
        summary=pd.DataFrame.from_dict(rows, orient="index").rename_axis("source").astype({"draws": "int64"}),
    )


def _check(source: Doubtful, scheme: ClassScheme, *, name: str) -> None:
    if not source.draws or len(source.schemes) not in {0, len(source.draws)}:
        raise MethodError(
            f"{name}: {len(source.draws)} draws, {len(source.schemes)} schemes; give at least one draw, and no scheme or "
            "one a draw"
        )
    sizes = {one.size for one in source.schemes} - {scheme.size}
    if sizes:
        raise MethodError(f"{name}: schemes of {sorted(sizes)} classes; the published one has {scheme.size}")


def _counts(
    evaluate: Evaluate, source: Doubtful, scheme: ClassScheme, *, shape: tuple[int, int], empty: int, thin: int
) -> NDArray[np.int32]:
    """How often each unit falls into each class; large tables are worked by all processors."""
    workers = (os.cpu_count() or 1) if shape[0] > _MANY else 1
    counts = np.zeros((workers, *shape), np.int32)

    def work(worker: int) -> None:
        for n in range(worker, len(source.draws), workers):
            index = np.asarray(evaluate(source.draws[n]))
            edges = scheme.edges
            if source.schemes:
                every = np.concatenate([index[::thin], np.zeros(empty // thin, index.dtype)])
                edges = found_edges(every, source.schemes[n])
            sign = -1 if scheme.direction == -1 else 1
            tally_classes(sign * index, np.asarray(edges).astype(index.dtype), counts[worker])

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
    return np.asarray(counts.sum(axis=0, dtype="int32"))
