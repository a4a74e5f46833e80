"""What errors of measurement do to a score."""

from collections.abc import Iterator

import xarray as xr

from riskmap.model import Profile
from riskmap.scoring.profile_tree import evaluate

__all__ = ["shifted_scores"]


def shifted_scores(profile: Profile, measured: xr.Dataset) -> Iterator[tuple[str, xr.DataArray, xr.DataArray]]:
    """Score a hazard again with each input that states its error one standard error down and up.

    Parameters
    ----------
    profile : Profile
        That of the hazard.
    measured : Dataset
        Its quantities; an input ``q`` states its standard error as ``q_sd``.

    Yields
    ------
    str, DataArray, DataArray
        Name of the input, the score with it one standard error lower, and one higher. Inputs without a stated error,
        or whose error is nowhere known, are left aside.

    Notes
    -----
    Half the difference of the two is the change of the score for one standard error (central difference), through the
    bends and the ends of the profile. A cell whose error is unknown keeps its value.

    Examples
    --------
    >>> from riskmap.model import Indicator, Text
    >>> slope = Indicator(factor="slope_deg", title=Text("坡度", "Slope"), unit="deg", options={"low": 0, "high": 40})
    >>> profile = Profile(name="p", title=slope.title, indicators=(slope,), source="here", confidence="C")
    >>> field = lambda value: xr.DataArray([[value]], dims=("y", "x"), attrs={"units": "deg"})
    >>> measured = xr.Dataset({"slope_deg": field(10.0), "slope_deg_sd": field(4.0)})
    >>> [(name, round(float(low[0, 0]), 3), round(float(up[0, 0]), 3)) for name, low, up in shifted_scores(profile, measured)]
    [('slope_deg', 0.15, 0.35)]
    """
    for one in profile.indicators:
        if one.factor not in measured or f"{one.factor}_sd" not in measured:
            continue
        error = measured[f"{one.factor}_sd"].fillna(0)
        if not float(error.max()) > 0:
            continue
        base = measured[one.factor]
        low, high = (
            evaluate(profile, measured.assign({one.factor: (base + sign * error).assign_attrs(base.attrs)}))[0]
            for sign in (-1, 1)
        )
        yield one.factor, low, high
