"""The tiny county with risks that go with its exposure: what is asked of classes in doubt."""

from dataclasses import replace

import numpy as np
import pandas as pd
import tiny
import xarray as xr

from riskmap.scoring import classify, comprehensive, unit_risk

THEMES, OBJECTS = ("flood", "drought", "hail"), ("people", "gdp", "crops", "houses", "roads")
JUDGED = {
    "scoring": {"themes": list(THEMES), "pairwise": [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]},
}


def assessment(**settings):
    """The tiny county with risks that go with its exposure, and an error of the flood depth."""
    found = tiny.assessment(**settings)
    amounts = found.risk.exposure.copy()
    amounts.iloc[[1, 4], 0] = 0  # two places without people share a rank above the lowest
    found = replace(found, risk=replace(found.risk, exposure=amounts))
    units, rng = found.survey.units.index, np.random.default_rng(4)
    hazard = pd.DataFrame(rng.random((6, 3)), index=units, columns=list(THEMES))
    exposure = pd.DataFrame(rng.random((6, 5)), index=units, columns=list(OBJECTS))
    exposure = exposure.mask(found.risk.exposure.to_numpy() == 0, 0.0)
    harm = pd.DataFrame(rng.random((6, 3)), index=units, columns=["people", "houses", "roads"])
    book = found.survey.standards
    risks = unit_risk(hazard, exposure, harm, scheme=book.scheme("object-risk"))
    weights = dict(zip(THEMES, (0.648, 0.23, 0.122), strict=True)) if settings else dict.fromkeys(THEMES, 1.0)
    index = comprehensive(risks, themes=weights, objects=dict.fromkeys(OBJECTS, 1.0)).units["index"]
    classes = classify(index, book.scheme("comprehensive-risk"))
    frame = found.risk.units.assign(**{"index": index, "class": classes.codes})
    depth = found.themes["flood"].score.astype("float64")
    depth.attrs = {"units": "m", "title_zh": "水深", "title_en": "Depth"}
    measured = xr.Dataset({"equivalent_depth_m": depth, "equivalent_depth_m_sd": xr.full_like(depth, 0.1)})
    themes = {**found.themes, "flood": replace(found.themes["flood"], measured=measured)}
    risk = replace(found.risk, unit_risk=risks, units=frame, scheme=classes.scheme)
    return replace(found, risk=risk, themes=themes)
