"""Does a layer fit another one better after a web map's shift is taken out of it? The evidence, in numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from riskmap.spatial import SHIFTS, Shift, add_shift, remove_shift

__all__ = ["Fit", "Sample", "Sign", "fit_near", "fit_own", "sample", "tree_of"]

Sign = Literal[-1, 0, 1]
_Array = NDArray[np.float64]

_MOST_POINTS = 1000
_STEP_M = 20.0
_CELL_M = 2000.0
"""Points of one cell of this side are drawn together: neighbours share their errors."""
_AROUND_M = 4000.0
"""Points farther from the reference say nothing about it."""
_NEAR = 0.3
"""Two things have nothing to do with each other beyond this share of the shift; nearer, they fit the better."""
_LEAST_RECORDS, _LEAST_CELLS = 15, 8
_LEAST_FIT, _LEAST_GAIN = 0.2, 0.1
_ODDS, _ODDS_DECOY = (2.5, 0.001), (1.75, 0.05)
"""Least ratio of the odds, and the share of the drawings that may show no gain: against as delivered, other moves."""
_MOST_LEFT = 0.35
"""Share of the shift that the offset from the own villages may still have after it."""
_DRAWS = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How one layer lies to another.

    Parameters
    ----------
    layer, reference : str
        Names.
    shift : {"gcj02", "bd09"}
        The shift that was tried.
    sign : {1, 0, -1}
        1: the layer fits after the shift is taken out of it; -1: after it is taken out of the reference;
        0: they fit as they are.
    before_m, after_m : float
        Median distance (``near``), or length of the mean offset (``own``), as delivered and after.
    records : int
        Records of the layer that were compared.
    places : int
        Cells of 2 km, or villages, in which they lie: the weight of the comparison.
    kind : {"near", "own"}
        Distance to the nearest part of the reference, or to the record of the own village code.
    """

    layer: str
    reference: str
    shift: Shift
    sign: Sign
    before_m: float
    after_m: float
    records: int
    places: int
    kind: Literal["near", "own"] = "near"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Points of a layer, and where they would be without and with each shift.

    Parameters
    ----------
    name : str
        Of the layer.
    xy : ndarray, shape (n, 2)
        Metres.
    steps : mapping of (shift, sign) to ndarray, shape (n, 2)
        Displacement, metres: sign 1 takes the shift out, -1 puts it in.
    codes : ndarray of str, optional
        Village code of each point.
    rows : ndarray of int
        Record of each point.
    """

    name: str
    xy: _Array
    steps: Mapping[tuple[Shift, Sign], _Array]
    codes: Any = None
    rows: NDArray[np.int64]

    @property
    def records(self) -> int:
        """Records that have a point here."""
        return len(np.unique(self.rows))

    def only(self, keep: NDArray[np.bool_]) -> "Sample":
        """Return the points where `keep` is true."""
        steps = {key: step[keep] for key, step in self.steps.items()}
        codes = None if self.codes is None else self.codes[keep]
        return replace(self, xy=self.xy[keep], steps=steps, codes=codes, rows=self.rows[keep])

    def moved(self, shift: Shift, sign: Sign) -> _Array:
        """Return the points after the shift is taken out (1) or put in (-1)."""
        return self.xy + self.steps[shift, sign]


def sample(
    frame: gpd.GeoDataFrame, name: str, *, correct: tuple[Shift, Sign] | None = None, most: int = _MOST_POINTS
) -> Sample:
    """Take points of a layer: its own, or points along its lines and borders.

    Parameters
    ----------
    frame : GeoDataFrame
        Any kind of shape, in metres.
    name : str
        Of the layer.
    correct : tuple of str and int, optional
        Shift to take out (1) or put in (-1) first.
    most : int
        Points that are taken, evenly over the records.

    Returns
    -------
    Sample

    Examples
    --------
    >>> seat = gpd.GeoDataFrame(geometry=gpd.points_from_xy([512924.0], [4360702.0]), crs=4546)
    >>> sample(seat, "villages").steps["gcj02", 1].round().tolist()
    [[-567.0, -127.0]]
    """
    xy, row = _points(frame.geometry.to_numpy(), most=most)
    to_degrees = pyproj.Transformer.from_crs(frame.crs, 4490, always_xy=True)
    if correct is not None:
        xy = _shifted(xy, to_degrees, *correct)
    steps: dict[tuple[Shift, Sign], _Array] = {}
    signs: tuple[Sign, Sign] = (1, -1)
    for shift in SHIFTS:
        for sign in signs:
            steps[shift, sign] = _shifted(xy, to_degrees, shift, sign) - xy
    codes = frame["village_code"].to_numpy()[row] if "village_code" in frame else None
    return Sample(name=name, xy=xy, steps=steps, codes=codes, rows=row)


def tree_of(frame: gpd.GeoDataFrame, *, correct: tuple[Shift, Sign] | None = None) -> cKDTree:
    """Search tree of a reference's lines and borders, a point every 20 m.

    Examples
    --------
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs=4546)
    >>> tree_of(road).n
    6
    """
    shapes = shapely.segmentize(_lines(frame.geometry.to_numpy()), _STEP_M)
    xy = shapely.get_coordinates(shapes)
    if correct is not None:
        xy = _shifted(xy, pyproj.Transformer.from_crs(frame.crs, 4490, always_xy=True), *correct)
    return cKDTree(xy)


def fit_near(points: Sample, tree: cKDTree, reference: str) -> Iterator[Fit]:
    """Compare a layer with lines: its points may lie at them much better after a shift is taken out.

    A point at a line counts 1, one farther off than 30 % of the shift's length counts 0, one between in proportion.
    The mean is compared as delivered, after the shift, and after seven other moves of like length; the gain must
    stand when cells of 2 km are drawn anew.

    Parameters
    ----------
    points : Sample
        Of the layer.
    tree : cKDTree
        Of the reference (`tree_of`).
    reference : str
        Its name.

    Yields
    ------
    Fit
        At most one for each shift; nothing where the layer says nothing clearly.

    Examples
    --------
    >>> fit_near.__name__
    'fit_near'
    """
    before = tree.query(points.xy, distance_upper_bound=_AROUND_M)[0]
    keep = before < _AROUND_M
    points, before = points.only(keep), before[keep]
    cells = _groups(np.floor(points.xy / _CELL_M))
    if len(points.xy) < _LEAST_RECORDS or cells.max(initial=-1) + 1 < _LEAST_CELLS:
        return
    for shift in SHIFTS:
        near = _NEAR * float(np.hypot(*points.steps[shift, 1].T).mean())
        fits: dict[Sign, _Array] = {
            0: _close(before, near),
            1: _closeness(tree, points.moved(shift, 1), near),
            -1: _closeness(tree, points.moved(shift, -1), near),
        }
        best = max(fits, key=lambda sign: float(fits[sign].mean()))
        others = [fit for sign, fit in fits.items() if sign != best] if best == 0 else [fits[0]]
        if not _clearer(fits[best], others, cells, least=_ODDS):
            continue
        moves = _decoys(points.steps[shift, best]) if best else ()
        decoys = [_closeness(tree, points.xy + step, near) for step in moves]
        if not decoys or _clearer(fits[best], decoys, cells, least=_ODDS_DECOY):
            after = tree.query(points.moved(shift, best))[0] if best else before
            yield Fit(layer=points.name, reference=reference, shift=shift, sign=best, records=points.records,
                      before_m=float(np.median(before)), after_m=float(np.median(after)),
                      places=int(cells.max()) + 1)  # fmt: skip


def fit_own(points: Sample, seats: Mapping[str, tuple[float, float]], reference: str) -> Iterator[Fit]:
    """Compare records with the seats of the villages that they name: the offset of all may be a shift.

    Parameters
    ----------
    points : Sample
        With `codes`.
    seats : mapping of str to (float, float)
        Village code -> place, metres.
    reference : str
        Name of the layer of the seats.

    Yields
    ------
    Fit
        At most one for each shift.

    Examples
    --------
    >>> fit_own.__name__
    'fit_own'
    """
    if points.codes is None:
        return
    points = points.only(pd.Series(points.codes).isin(list(seats)).to_numpy())
    if len(points.xy) < _LEAST_RECORDS:
        return
    away = points.xy - np.array([seats[code] for code in points.codes])
    close = np.hypot(*away.T) < _AROUND_M
    points, away = points.only(close), away[close]
    for shift in SHIFTS:
        length = float(np.hypot(*points.steps[shift, 1].T).mean())
        steps: dict[Sign, _Array] = {0: np.zeros_like(away), 1: points.steps[shift, 1], -1: points.steps[shift, -1]}
        by_village = {sign: pd.DataFrame(away + step).groupby(points.codes).mean() for sign, step in steps.items()}
        if len(by_village[0]) < _LEAST_RECORDS:
            return
        offset = {sign: float(np.hypot(*table.mean())) for sign, table in by_village.items()}
        best = min(offset, key=lambda sign: offset[sign])
        others = [sign for sign in by_village if sign != best]
        if offset[best] > _MOST_LEFT * length or min(offset[one] for one in others) < (1 - _MOST_LEFT) * length:
            continue
        if not _surely_less(by_village[best].to_numpy(), [by_village[one].to_numpy() for one in others]):
            continue
        yield Fit(layer=points.name, reference=reference, shift=shift, sign=best, before_m=offset[0],
                  after_m=offset[best], records=points.records, places=len(by_village[0]), kind="own")  # fmt: skip


def _points(shapes: Any, *, most: int) -> tuple[_Array, NDArray[np.int64]]:
    """Points and the record of each; lines and borders in even steps."""
    chosen = _evenly(len(shapes), most)
    shapes = shapes[chosen]
    if len(shapes) and shapely.get_dimensions(shapes).max() > 0:
        shapes = _lines(shapes)
        shapes = shapely.segmentize(shapes, max(1.0, float(shapely.length(shapes).sum()) / most))
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    pick = _evenly(len(xy), most)
    return xy[pick], chosen[row[pick]]


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype("int64"))


def _lines(shapes: Any) -> Any:
    areal = shapely.get_dimensions(shapes) == 2
    return np.where(areal, shapely.boundary(shapes), shapes)


def _shifted(xy: _Array, to_degrees: pyproj.Transformer, shift: Shift, sign: Sign) -> _Array:
    verb = remove_shift if sign == 1 else add_shift
    lonlat = verb(np.column_stack(to_degrees.transform(*xy.T)), shift=shift)
    return np.column_stack(to_degrees.transform(lonlat[:, 0], lonlat[:, 1], direction="INVERSE"))


def _decoys(step: _Array) -> Iterator[_Array]:
    """Other moves of like length: a layer that any move would mend has no web map's shift."""
    for angle in (60, 120, 180, 240, 300):
        turn = np.radians(angle)
        yield step @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    yield 0.5 * step
    yield 1.5 * step


def _groups(cells: _Array) -> NDArray[np.int64]:
    return np.unique(cells, axis=0, return_inverse=True)[1].reshape(-1) if len(cells) else np.empty(0, "int64")


def _odds(share: float, count: int) -> float:
    """Odds, with half a point on either side so that none is infinite."""
    return (share * count + 0.5) / ((1 - share) * count + 0.5)


def _closeness(tree: cKDTree, xy: _Array, near_m: float) -> _Array:
    return _close(tree.query(xy, distance_upper_bound=near_m)[0], near_m)


def _close(far_m: _Array, near_m: float) -> _Array:
    return np.clip(1 - far_m / near_m, 0.0, 1.0)


def _clearer(better: _Array, others: list[_Array], cells: NDArray[np.int64], *, least: tuple[float, float]) -> bool:
    """Whether the points fit far better, in nearly every drawing of the cells."""
    mine = float(better.mean())
    most = max(float(one.mean()) for one in others)
    count = len(better)
    if mine < _LEAST_FIT or mine - most < _LEAST_GAIN or _odds(mine, count) < least[0] * _odds(most, count):
        return False
    size = np.bincount(cells)
    draws = np.random.default_rng(0).multinomial(len(size), np.full(len(size), 1 / len(size)), _DRAWS)
    for other in others:
        gain = np.bincount(cells, weights=better - other)
        if np.quantile(draws @ gain / (draws @ size), least[1]) <= 0:
            return False
    return True


def _surely_less(better: _Array, others: list[_Array]) -> bool:
    """Whether the mean offset is the shorter one in nearly every drawing of the villages."""
    rows = np.random.default_rng(0).integers(0, len(better), (_DRAWS, len(better)))
    ours = np.hypot(*better[rows].mean(axis=1).T)
    return all(np.mean(ours < np.hypot(*one[rows].mean(axis=1).T)) > 0.998 for one in others)
