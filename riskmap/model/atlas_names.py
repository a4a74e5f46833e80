"""Names of what an atlas can carry, for `[maps] atlas_leave_out`."""

from collections.abc import Iterable

from riskmap.model.results import OBJECTS

__all__ = ["BUILDINGS", "TRIAL_CELLS", "VALUES", "atlas_names"]

TRIAL_CELLS, VALUES, BUILDINGS = "trial-cells", "values", "buildings"
"""What trials of weights need for cells, values under the pointer, buildings one by one."""


def atlas_names(hazards: Iterable[str]) -> tuple[str, ...]:
    """Everything that may be left out of an atlas.

    Parameters
    ----------
    hazards : iterable of str
        Names of the hazards that there can be.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> atlas_names(["flood"])[:4]
    ('risk-units', 'risk-grid', 'zones', 'hazard-flood')
    """
    layers = ("risk-units", "risk-grid", "zones", *(f"hazard-{one}" for one in dict.fromkeys(hazards)))
    return (*layers, *(f"object-{one}" for one in OBJECTS), TRIAL_CELLS, VALUES, BUILDINGS)
