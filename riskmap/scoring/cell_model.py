"""The comprehensive index of the cells as one function of everything that may be in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.scoring.cell_kernels import fill_index
from riskmap.scoring.comprehensive import harms_of
from riskmap.scoring.weights import given_weights

__all__ = ["CellModel"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellModel:
    """Index of every cell where something stands, computed again from other weights, exposures and errors.

    Parameters
    ----------
    places : ndarray of int, shape (cells,)
        Where each cell lies in the flattened grid: inside a unit, with an exposed object on it or an unknown amount.
    zone : ndarray of int, shape (cells,)
        Its unit, from 0.
    empty : int
        Other cells inside the units: nothing stands there and their index is 0 whatever is tried.
    themes, objects : tuple of str
        Those with a weight above 0.
    theme_weights, object_weights : ndarray
        Of these, each scaled to sum 1.
    hazard : ndarray of float32, shape (themes, cells)
        Score 0..1; NaN unknown.
    exposure : ndarray of float32, shape (objects, cells)
        0..1; 0 nothing there, NaN unknown.
    vulnerability : ndarray, shape (objects, units)
        0..1; NaN unknown.
    errors : mapping of str to (int, ndarray)
        As in `UnitModel`, the change of the hazard of shape (cells,).
    """

    places: NDArray[np.int64]
    zone: NDArray[np.int64]
    empty: int
    themes: tuple[str, ...]
    objects: tuple[str, ...]
    theme_weights: NDArray[np.float64]
    object_weights: NDArray[np.float64]
    hazard: NDArray[np.float32]
    exposure: NDArray[np.float32]
    vulnerability: NDArray[np.float64]
    errors: Mapping[str, tuple[int, NDArray[np.float32]]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        scores: Mapping[str, xr.DataArray],
        exposures: Mapping[str, xr.DataArray],
        vulnerability: Mapping[str, np.ndarray],
        labels: xr.DataArray,
        *,
        themes: Mapping[str, float],
        objects: Mapping[str, float],
    ) -> "CellModel":
        """Take the cells out of the grid.

        Parameters
        ----------
        scores, exposures, vulnerability, labels, themes, objects
            As in `grid_index`.

        Returns
        -------
        CellModel
            Called without changes it gives the index of `grid_index`.

        Raises
        ------
        MethodError
            No theme or object with a weight above 0.

        Examples
        --------
        >>> one = lambda *values: xr.DataArray([list(values)], dims=("y", "x"))
        >>> model = CellModel.of({"flood": one(0.5, 1.0, 1.0)}, {"people": one(1.0, 0.0, 1.0)},
        ...     {"people": np.array([0.5])}, one(1, 1, 0), themes={"flood": 1}, objects={"people": 1})
        >>> model().tolist(), model.places.tolist(), model.empty
        ([0.25], [0], 1)
        """
        held_t = tuple(one for one in themes if one in scores and themes[one] > 0)
        held_o = tuple(one for one in objects if one in exposures and objects[one] > 0)
        if not held_t or not held_o:
            raise MethodError("the index of the cells needs a theme and an object with a weight above 0")
        units = labels.to_numpy().ravel()
        amounts = [exposures[one].to_numpy().ravel() for one in held_o]
        there = (units > 0) & np.any([one != 0 for one in amounts], axis=0)
        places = np.flatnonzero(there)
        zone = units[places].astype("int64") - 1
        return cls(
            places=places,
            zone=zone,
            empty=int(np.count_nonzero(units > 0)) - places.size,
            themes=held_t,
            objects=held_o,
            theme_weights=given_weights([themes[one] for one in held_t]),
            object_weights=given_weights([objects[one] for one in held_o]),
            hazard=np.stack([scores[one].to_numpy().ravel()[places] for one in held_t]).astype("float32"),
            exposure=np.stack([one[places] for one in amounts]).astype("float32"),
            vulnerability=harms_of(vulnerability, held_o, zone),
        )

    def __call__(self, changes: Mapping[str, Any] | None = None) -> NDArray[np.float32]:
        """Compute the index of every cell under some changes.

        Parameters
        ----------
        changes : mapping, optional
            As `UnitModel` takes them; arrays of ``exposure`` have shape (cells,).

        Returns
        -------
        ndarray of float32, shape (cells,)
            0..1, NaN unknown.

        Raises
        ------
        MethodError
            A change that is not known.
        """
        given = changes or {}
        wrong = sorted(set(given) - {"theme_weights", "object_weights", "exposure", "errors"})
        if wrong:
            raise MethodError(
                f"the index of the cells cannot change {', '.join(wrong)}; "
                "allowed: theme_weights, object_weights, exposure, errors"
            )
        other = given.get("exposure") or {}
        amounts = self.exposure if not other else np.stack(
            [np.asarray(other.get(name, self.exposure[n]), "float32") for n, name in enumerate(self.objects)]
        )  # fmt: skip
        hazard = self.hazard
        if given.get("errors"):
            hazard = hazard.copy()
            for name, size in given["errors"].items():
                theme, change = self.errors[name]
                hazard[theme] += np.float32(size) * change
            hazard = np.clip(hazard, 0, 1)
        by_theme = given_weights(given.get("theme_weights", self.theme_weights))
        by_object = given_weights(given.get("object_weights", self.object_weights))
        index = np.empty(self.places.size, np.float32)
        fill_index(hazard, amounts, self.vulnerability, self.zone, by_theme, by_object, index)
        return index
