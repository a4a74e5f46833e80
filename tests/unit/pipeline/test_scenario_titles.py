"""Scenarios bear the words of their hazard's closures, in both languages."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import tiny
import xarray as xr

from riskmap.hazards import FIRE, FLOOD, LANDSLIDE
from riskmap.maps.subject import scenario_title
from riskmap.pipeline.themes import _scenarios
from riskmap.shelters.coverage import _titles
from riskmap.shelters.scenarios import Scenario

YEARS = xr.DataArray([20, 100], dims="return_period", attrs={"units": "a"})
HOURS = xr.DataArray([1, 3], dims="hours", attrs={"units": "h"})


def told(theme):
    """Titles of the theme's scenarios, each of its variables made by hand."""
    cells = tiny.raster(np.ones(tiny.SHAPE, "float32"))
    lead = {"depth_m": YEARS}
    made = {one.variable: cells for one in theme.closures}
    for name in made:
        along = lead.get(name, HOURS if "front" in name else None)
        if along is not None:
            made[name] = cells.expand_dims({along.dims[0]: along.size}).assign_coords({along.dims[0]: along})
    return _scenarios(theme, xr.Dataset(made), tiny.survey())["scenario_titles"]


def test_closures_name_their_scenarios_in_both_languages():
    (slope,) = told(LANDSLIDE).values()
    assert (slope.zh, slope.en) == ("高易发斜坡中断", "Most susceptible slopes closed")
    assert [one.en for one in told(FLOOD).values()] == ["20-year", "100-year"]


def test_a_front_is_told_by_its_hours():
    front = [one for one in told(FIRE).values() if "after" in one.en]
    assert [(one.zh, one.en) for one in front] == [
        ("火场1小时后", "Fire front after 1 h"),
        ("火场3小时后", "Fire front after 3 h"),
    ]


def test_the_atlas_and_the_shelters_alone_say_the_same():
    made = tiny.assessment()
    titles = told(LANDSLIDE)
    (name,) = titles
    slide = replace(made.themes["flood"], name="landslide", scenario_titles=titles, title=LANDSLIDE.title)
    themes = MappingProxyType(dict(made.themes) | {"landslide": slide})
    said = scenario_title(replace(made, themes=themes), name)
    assert said.en.endswith("(Most susceptible slopes closed)")
    scenarios = {"dry": Scenario(name="dry", theme="dry"), name: Scenario(name=name, theme="landslide")}
    assert _titles(scenarios, themes) == {name: said}
