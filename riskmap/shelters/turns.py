"""In which order chosen sites are best built: each time the one that serves most of what is not served yet."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["in_turn"]


def in_turn(amount: ArrayLike, reached: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Order of sites, and what each adds in its turn.

    Parameters
    ----------
    amount : array_like, shape (places,)
        What is to be served at each place and is not yet; NaN counts as nothing.
    reached : array_like of bool, shape (places, sites)
        Whether a site serves a place.

    Returns
    -------
    order : ndarray of int
        Positions of the sites; of equals the first of the list comes first.
    gain : ndarray
        What each adds when those before it stand: the gains add up to what all serve together.

    Examples
    --------
    >>> order, gain = in_turn([50, 30, 20], [[0, 1, 1], [0, 1, 0], [1, 0, 1]])
    >>> order.tolist(), gain.tolist()
    ([1, 0, 2], [80.0, 20.0, 0.0])
    """
    near = np.asarray(reached, dtype=bool)
    left = np.nan_to_num(np.asarray(amount, dtype="float64"))
    order, gains = np.empty(near.shape[1], np.intp), np.empty(near.shape[1])
    waiting = np.ones(near.shape[1], bool)
    for turn in range(near.shape[1]):
        adds = np.where(waiting, left @ near, -1.0)
        order[turn] = adds.argmax()
        gains[turn] = adds[order[turn]]
        left = np.where(near[:, order[turn]], 0.0, left)
        waiting[order[turn]] = False
    return order, gains
