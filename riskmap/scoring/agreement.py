"""How far two zonings of the same places agree, and how they meet at a border."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError

__all__ = ["Agreement", "agreement", "edge_stretches"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Two zonings of the same places.

    Parameters
    ----------
    matrix : ndarray of float64, shape (K, K)
        Amount (number, or area) by class of the first (rows, low to high) and of the second (columns).
    overall : float
        Share 0..1 with the same class.
    within_one : float
        Share whose classes differ by one at most.
    kappa : float
        Quadratic weighted kappa, 1 for full agreement, 0 for that of chance; NaN where it is not defined.
    """

    matrix: NDArray[np.float64]
    overall: float
    within_one: float
    kappa: float


def agreement(first: ArrayLike, second: ArrayLike, *, size: int, weights: ArrayLike | None = None) -> Agreement:
    """Set two classes of each place side by side.

    Parameters
    ----------
    first, second : array_like of int
        Classes 1..K of the same places; a place with any other number on one side takes no part.
    size : int
        K.
    weights : array_like, optional
        Area of each place; each counts 1 unless given.

    Returns
    -------
    Agreement
        All NaN where no place has a class on both sides.

    Raises
    ------
    MethodError
        Lengths that differ.

    Notes
    -----
    ``kappa = 1 - sum(w O) / sum(w E)`` with ``w = (i - j)^2``, O the matrix and E the product of its margins over its
    sum (Cohen 1968, doi:10.1037/h0026256). Not defined where both stand in one and the same class throughout.

    Examples
    --------
    >>> found = agreement([1, 2, 3, 3, 255], [1, 3, 3, 1, 2], size=3)
    >>> found.overall, found.within_one, round(found.kappa, 3)
    (0.5, 0.75, 0.286)
    """
    one, two = np.asarray(first).astype("int64"), np.asarray(second).astype("int64")
    amount = np.ones(one.size) if weights is None else np.asarray(weights, dtype="float64")
    if not one.shape == two.shape == amount.shape:
        raise MethodError(f"{one.size} and {two.size} classes with {amount.size} weights; give one of each a place")
    good = (one >= 1) & (one <= size) & (two >= 1) & (two <= size)
    cells = (one[good] - 1) * size + two[good] - 1
    matrix = np.bincount(cells, weights=amount[good], minlength=size * size).reshape(size, size).astype("float64")
    return _agreement(matrix)


def _agreement(matrix: NDArray[np.float64]) -> Agreement:
    total = matrix.sum()
    apart = np.abs(np.subtract.outer(np.arange(len(matrix)), np.arange(len(matrix))))
    if not total > 0:
        nothing = float("nan")
        return Agreement(matrix=matrix, overall=nothing, within_one=nothing, kappa=nothing)
    chance = np.outer(matrix.sum(axis=1), matrix.sum(axis=0)) / total
    expected = float((apart**2 * chance).sum())
    kappa = 1 - float((apart**2 * matrix).sum()) / expected if expected > 0 else float("nan")
    return Agreement(
        matrix=matrix,
        overall=float(matrix.trace() / total),
        within_one=float(matrix[apart <= 1].sum() / total),
        kappa=kappa,
    )


def edge_stretches(
    own: gpd.GeoDataFrame, other: gpd.GeoDataFrame, border: shapely.Geometry, *, tolerance_m: float
) -> gpd.GeoDataFrame:
    """Compare the classes on both sides of a border, stretch by stretch.

    Parameters
    ----------
    own, other : GeoDataFrame
        Polygons of the county and of its neighbour in one projected CRS, metres; ``class`` (1..K). Names are taken
        from the index of `own`.
    border : shapely.Geometry
        Outline of the county, lines.
    tolerance_m : float
        The border is cut into pieces no longer than this; a piece is shared where a polygon of both sides lies this
        near to its middle. Gaps and overlaps up to it are bridged: the nearest polygon counts.

    Returns
    -------
    GeoDataFrame
        A row for each stretch that is shared with one and the same class of the neighbour: ``unit_id``,
        ``class_own``, ``class_other``, ``difference`` (own - other), ``length_km``, geometry (lines); the largest
        difference first, of those the longest. Empty where nothing is shared.

    Raises
    ------
    MethodError
        A tolerance that is not above 0.

    Notes
    -----
    The ends of a shared border are known to within the tolerance.

    Examples
    --------
    >>> own = gpd.GeoDataFrame({"class": [3]}, index=["a"], geometry=[shapely.box(0, 0, 1000, 1000)], crs="EPSG:4546")
    >>> other = gpd.GeoDataFrame({"class": [5]}, geometry=[shapely.box(1020, 0, 2000, 1000)], crs="EPSG:4546")
    >>> found = edge_stretches(own, other, own.geometry["a"].boundary, tolerance_m=21)
    >>> found[["unit_id", "difference", "length_km"]].to_numpy().tolist()
    [['a', -2, 1.0]]
    """
    if not tolerance_m > 0:
        raise MethodError(f"tolerance of {tolerance_m:g} m; give a number above 0")
    ends = shapely.get_coordinates(shapely.get_parts(shapely.segmentize(border, tolerance_m)), return_index=True)
    joined = ends[1][1:] == ends[1][:-1]
    pieces = shapely.linestrings(np.stack([ends[0][:-1], ends[0][1:]], axis=1)[joined])
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    here, there = _nearest(own, middle, tolerance_m), _nearest(other, middle, tolerance_m)
    shared = (here >= 0) & (there >= 0)
    table = pd.DataFrame(
        {
            "unit_id": own.index.to_numpy()[here[shared]],
            "class_own": own["class"].to_numpy().astype("int64")[here[shared]],
            "class_other": other["class"].to_numpy().astype("int64")[there[shared]],
        }
    )
    frame = gpd.GeoDataFrame(table, geometry=pieces[shared], crs=own.crs)
    keys = ["unit_id", "class_own", "class_other"]
    lines = frame.dissolve(keys, as_index=False) if len(frame) else frame
    lines = lines.assign(geometry=shapely.line_merge(lines.geometry.to_numpy())).explode(ignore_index=True)
    lines["difference"] = lines["class_own"] - lines["class_other"]
    lines["length_km"] = lines.length / 1000
    order = pd.DataFrame({"far": -lines["difference"].abs(), "long": -lines["length_km"]}).sort_values(["far", "long"])
    columns = [*keys, "difference", "length_km", "geometry"]
    return lines.loc[order.index, columns].reset_index(drop=True)


def _nearest(frame: gpd.GeoDataFrame, points: NDArray[np.object_], within_m: float) -> NDArray[np.int64]:
    """Place of the nearest polygon to each point, -1 where none is near enough."""
    found = np.full(len(points), -1, dtype="int64")
    if len(frame) and len(points):
        tree = shapely.STRtree(frame.geometry.to_numpy())
        point, polygon = tree.query_nearest(points, max_distance=within_m, all_matches=False)
        found[point] = polygon
    return found
