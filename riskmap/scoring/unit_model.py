"""The comprehensive index of the units as one function of everything that may be in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.scoring.weights import given_weights

__all__ = ["UnitModel"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitModel:
    """Index of every unit, computed again from other weights, exposures and errors of the hazards.

    Parameters
    ----------
    units : Index
        ``unit_id``.
    themes, objects : tuple of str
        Those that were assessed and have a weight above 0.
    theme_weights, object_weights : ndarray
        Of these, each scaled to sum 1.
    hazard : ndarray, shape (themes, objects, units)
        Score 0..1 where the object stands; NaN unknown.
    exposure : ndarray, shape (objects, units)
        0..1; 0 nothing there, NaN unknown.
    vulnerability : ndarray, shape (objects, units)
        0..1; NaN unknown.
    errors : mapping of str to (int, ndarray)
        By name of an input: its theme (place in `themes`) and the change of the hazard for one standard error of
        the input, shape (objects, units).
    """

    units: pd.Index
    themes: tuple[str, ...]
    objects: tuple[str, ...]
    theme_weights: NDArray[np.float64]
    object_weights: NDArray[np.float64]
    hazard: NDArray[np.float64]
    exposure: NDArray[np.float64]
    vulnerability: NDArray[np.float64]
    errors: Mapping[str, tuple[int, NDArray[np.float64]]] = field(default_factory=dict)

    @classmethod
    def from_risks(
        cls, risks: pd.DataFrame, *, themes: Mapping[str, float], objects: Mapping[str, float]
    ) -> "UnitModel":
        """Take apart the long table of `unit_risk`.

        Parameters
        ----------
        risks : DataFrame
            ``unit_id, theme, object, hazard, exposure, vulnerability``.
        themes, objects : mapping of str to float
            Weights, as given to `comprehensive`.

        Returns
        -------
        UnitModel
            Called without changes it gives the index of `comprehensive`.

        Raises
        ------
        MethodError
            The table holds nothing that has a weight.

        Examples
        --------
        >>> risks = pd.DataFrame({"unit_id": ["a", "a"], "theme": ["flood", "drought"], "object": "people",
        ...     "hazard": [0.8, 0.2], "exposure": 0.5, "vulnerability": 1.0})
        >>> UnitModel.from_risks(risks, themes={"flood": 1, "drought": 2}, objects={"people": 1})().round(3).tolist()
        [0.2]
        """
        units = pd.Index(risks["unit_id"].unique(), name="unit_id")
        held_t = tuple(one for one in themes if themes[one] > 0 and (risks["theme"] == one).any())
        held_o = tuple(one for one in objects if objects[one] > 0 and (risks["object"] == one).any())
        if not held_t or not held_o:
            raise MethodError(
                f"no weight falls on what was assessed: {', '.join(risks['theme'].unique()) or 'nothing'}"
            )
        every = pd.MultiIndex.from_product([held_t, held_o, units])
        table = risks.set_index(["theme", "object", "unit_id"]).reindex(every)
        shape = (len(held_t), len(held_o), len(units))
        parts = {one: table[one].to_numpy("float64").reshape(shape) for one in ("hazard", "exposure", "vulnerability")}
        return cls(
            units=units,
            themes=held_t,
            objects=held_o,
            theme_weights=given_weights([themes[one] for one in held_t]),
            object_weights=given_weights([objects[one] for one in held_o]),
            hazard=parts["hazard"],
            exposure=parts["exposure"][0],
            vulnerability=parts["vulnerability"][0],
        )

    def __call__(self, changes: Mapping[str, Any] | None = None) -> NDArray[np.float64]:
        """Compute the index of every unit under some changes.

        Parameters
        ----------
        changes : mapping, optional
            Any of ``theme_weights`` and ``object_weights`` (arrays in the order of `themes` and `objects`),
            ``exposure`` (mapping of object to an array of units), ``hazard`` (mapping of theme to an array (objects,
            units)) and ``errors`` (mapping of name to a number of standard errors). Everything else is as it was.

        Returns
        -------
        ndarray of float64, shape (units,)
            0..1, NaN unknown.

        Raises
        ------
        MethodError
            A change that is not known.
        """
        given = changes or {}
        wrong = sorted(set(given) - {"theme_weights", "object_weights", "exposure", "hazard", "errors"})
        if wrong:
            raise MethodError(
                f"the index of the units cannot change {', '.join(wrong)}; "
                "allowed: theme_weights, object_weights, exposure, hazard, errors"
            )
        by_theme = given_weights(given.get("theme_weights", self.theme_weights))
        by_object = given_weights(given.get("object_weights", self.object_weights))
        risk = self.risks(**{name: given.get(name) for name in ("exposure", "hazard", "errors")})
        weight = (by_theme[:, None] * by_object)[..., None]
        below = (weight * np.isfinite(risk)).sum(axis=(0, 1))
        total = (weight * np.nan_to_num(risk)).sum(axis=(0, 1))
        return np.divide(total, below, out=np.full(len(self.units), np.nan), where=below > 0)

    def risks(
        self,
        *,
        exposure: Mapping[str, np.ndarray] | None = None,
        hazard: Mapping[str, np.ndarray] | None = None,
        errors: Mapping[str, float] | None = None,
    ) -> NDArray[np.float64]:
        """Risk of each theme and object on each unit, by the formula of `risk_index`.

        Parameters
        ----------
        exposure : mapping of object to ndarray, optional
            Exposures to put in place.
        hazard : mapping of theme to ndarray, optional
            Hazards to put in place, of shape (objects, units).
        errors : mapping of str to float, optional
            Numbers of standard errors by which inputs are off; hazards are held to 0..1.

        Returns
        -------
        ndarray of float64, shape (themes, objects, units)
            NaN unknown.
        """
        there = self.exposure if not exposure else np.stack(
            [exposure.get(name, self.exposure[n]) for n, name in enumerate(self.objects)]
        )  # fmt: skip
        score = self.hazard if not hazard else np.stack(
            [hazard.get(name, self.hazard[n]) for n, name in enumerate(self.themes)]
        )  # fmt: skip
        if errors:
            score = score.copy()
            for name, size in errors.items():
                theme, change = self.errors[name]
                score[theme] += size * change
            score = np.clip(score, 0, 1)
        both = score * there
        risk = np.where(np.isnan(self.vulnerability), both * np.sqrt(both), both * self.vulnerability)
        return np.where(there == 0, 0.0, risk)
