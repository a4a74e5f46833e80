"""How much room there is within reach of each place, counting who else wants it: floating catchments."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError

__all__ = ["catchment_weights", "floating_catchment"]

Decay = Literal["none", "steps", "gaussian"]


def catchment_weights(
    times: ArrayLike, *, catchment: float, decay: Decay = "none", steps: Mapping[float, float] | None = None
) -> NDArray[np.float64]:
    """Weights by which distance lessens the use of a place.

    Parameters
    ----------
    times : array_like
        Travel times or distances, any shape; inf or NaN where there is no way.
    catchment : float
        Farther than this, in the unit of `times`, weighs nothing.
    decay : {"none", "steps", "gaussian"}
        ``none``: 1 inside the catchment. ``steps``: the weight of the first bound of `steps` that is not passed.
        ``gaussian``: ``(exp(-t^2 / 2 c^2) - exp(-1/2)) / (1 - exp(-1/2))``: 1 at the place, 0 at the bound.
    steps : mapping of float to float
        Upper bound to weight.

    Returns
    -------
    ndarray of float64
        0..1, shaped like `times`.

    Raises
    ------
    MethodError
        A catchment that is not above 0, or steps where they are not asked for or not given.

    Notes
    -----
    Steps: Luo and Qi 2009, doi:10.1016/j.healthplace.2009.06.002. Gaussian: Dai 2010,
    doi:10.1016/j.healthplace.2010.06.012.

    Examples
    --------
    >>> catchment_weights([0.0, 10.0, 31.0], catchment=30)
    array([1., 1., 0.])
    >>> catchment_weights([0.0, 30.0], catchment=30, decay="gaussian")
    array([1., 0.])
    """
    if not catchment > 0:
        raise MethodError(f"catchment is {catchment:g}; give a time or distance above 0")
    if (decay == "steps") != bool(steps):
        raise MethodError(f"decay {decay!r} with steps {dict(steps or {})}; give steps with 'steps' and only there")
    way = np.asarray(times, dtype="float64")
    way = np.where(np.isnan(way), np.inf, way)
    inside = way <= catchment
    if decay == "gaussian":
        edge = np.exp(-0.5)
        return np.where(inside, (np.exp(-0.5 * np.square(np.where(inside, way, 0) / catchment)) - edge) / (1 - edge), 0)
    weight = np.ones(way.shape)
    if steps:
        bounds = np.array(sorted(steps))
        levels = np.append([steps[one] for one in bounds], 0.0)
        weight = levels[np.searchsorted(bounds, way, side="left")]
    return np.where(inside, weight, 0.0)


def floating_catchment(
    demand: ArrayLike,
    supply: ArrayLike,
    weights: ArrayLike,
    *,
    selection: bool = False,
) -> NDArray[np.float64]:
    """Room per head that each place can count on.

    Parameters
    ----------
    demand : array_like, shape (places,)
        People; not negative.
    supply : array_like, shape (sites,)
        Room of each site (people it holds); not negative.
    weights : array_like, shape (places, sites)
        From `catchment_weights` of the ways **from place to site**; ways that differ by direction (uphill, one-way
        streets) enter by the direction that people flee.
    selection : bool
        Three steps: people of a place share out over the sites in reach by weight, so that a place with a choice
        does not press on all of them at once.

    Returns
    -------
    ndarray of float64, shape (places,)
        0 where nothing is in reach. Times demand, it sums to the supply that anyone reaches.

    Raises
    ------
    MethodError
        Shapes that do not agree, or negative or unknown numbers.

    Notes
    -----
    ``R_j = S_j / sum_i G_ij w_ij P_i`` and ``A_i = sum_j G_ij w_ij R_j`` with ``G = 1`` (2SFCA, with steps E2SFCA, with
    Gaussian decay) or ``G_ij = w_ij / sum_k w_ik`` (3SFCA). Luo and Wang 2003, doi:10.1068/b29120; Wan, Zou and
    Sternberg 2012, doi:10.1080/13658816.2011.624987.

    Examples
    --------
    >>> floating_catchment([100, 300], [200], [[1.0], [1.0]])
    array([0.5, 0.5])
    """
    people, room, weight = (np.asarray(one, dtype="float64") for one in (demand, supply, weights))
    if weight.shape != (people.size, room.size) or people.ndim != 1 or room.ndim != 1:
        raise MethodError(f"weights of shape {weight.shape} for {people.size} places and {room.size} sites")
    for name, values in (("demand", people), ("supply", room), ("weights", weight)):
        if not (np.isfinite(values) & (values >= 0)).all():
            raise MethodError(f"{name} holds unknown or negative numbers; leave those places out, or count them as 0")
    if selection:
        total = weight.sum(axis=1, keepdims=True)
        weight = weight * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    asked = weight.T @ people
    ratio = np.divide(room, asked, out=np.zeros_like(room), where=asked > 0)
    return weight @ ratio
