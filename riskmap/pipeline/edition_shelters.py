"""Shelters of two editions: which came, went or changed, and who is covered and placed before and now."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from riskmap.model import Text
from riskmap.model.editions import ShelterChange
from riskmap.model.titles import scenario_words
from riskmap.standards import book

__all__ = ["changed_placing", "changed_shelters"]

_TOLD = ("name", "type", "capacity_people", "radius_m")
_PEOPLE = ("people_to_move", "people_assigned", "people_unassigned", "people_covered")


def changed_shelters(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """List the shelters that stand in one edition only, or differ.

    Parameters
    ----------
    before, now : DataFrame
        Table ``shelters`` of each edition: ``shelter_id``, ``name``, ``type``, ``capacity_people``, ``radius_m``.

    Returns
    -------
    DataFrame
        Index ``shelter_id``; ``name``, ``change`` (`ShelterChange`), type, capacity and radius before and now (``_old``,
        ``_new``; NaN where the shelter is not, or nothing is known); the largest changes of capacity first.

    Examples
    --------
    >>> one = pd.DataFrame({"shelter_id": ["S1"], "name": ["广场"], "type": ["紧急"], "capacity_people": [900.0]})
    >>> found = changed_shelters(one, one.assign(capacity_people=300.0))
    >>> found["change"].item(), found["capacity_people_old"].item(), found["capacity_people_new"].item()
    ('changed', 900.0, 300.0)
    """
    was, is_now = (one.set_index("shelter_id").reindex(columns=list(_TOLD)) for one in (before, now))
    both = was.add_suffix("_old").join(is_now.add_suffix("_new"), how="outer")
    differs = np.zeros(len(both), bool)
    for name in _TOLD:
        one, two = both[f"{name}_old"], both[f"{name}_new"]
        differs |= ~((one == two) | (one.isna() & two.isna())).to_numpy(bool)
    added, gone = ~both.index.isin(was.index), ~both.index.isin(is_now.index)
    change: list[ShelterChange] = [
        "added" if a else "gone" if g else "changed" for a, g in zip(added, gone, strict=True)
    ]
    both.insert(0, "change", change)
    both.insert(0, "name", both["name_new"].fillna(both["name_old"]))
    moved = (both["capacity_people_new"].fillna(0) - both["capacity_people_old"].fillna(0)).abs().to_numpy("float64")
    order = np.argsort(-moved, kind="stable")
    return both.drop(columns=["name_old", "name_new"]).iloc[order[differs[order]]]


def changed_placing(
    before: pd.DataFrame, now: pd.DataFrame, *, themes: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """Put people covered and placed before and now side by side, scenario by scenario.

    Parameters
    ----------
    before, now : DataFrame
        Table ``shelter_scenarios`` of each edition.
    themes : mapping, optional
        ``themes`` of the manifest, which names the hazards.

    Returns
    -------
    DataFrame
        Index ``scenario``, those of the newer edition first; ``name``; people to move, placed, not placed and covered before and now
        (``_old``, ``_new``); NaN where an edition does not tell. Scenarios without any difference are not in it.

    Examples
    --------
    >>> one = pd.DataFrame({"scenario": ["dry"], "people_assigned": [500], "people_covered": [700]})
    >>> found = changed_placing(one, one.assign(people_assigned=350))
    >>> found.loc["dry", ["people_assigned_old", "people_assigned_new"]].tolist()
    [500.0, 350.0]
    """
    was, is_now = (one.set_index("scenario").reindex(columns=list(_PEOPLE)).astype("float64") for one in (before, now))
    names = [*is_now.index, *(one for one in was.index if one not in is_now.index)]
    both = was.reindex(names).add_suffix("_old").join(is_now.add_suffix("_new"))
    columns = [f"{name}_{when}" for name in _PEOPLE for when in ("old", "new")]
    one, two = (both[[f"{name}_{when}" for name in _PEOPLE]].to_numpy() for when in ("old", "new"))
    both.insert(0, "name", [str(_title(str(one), themes or {})) for one in names])
    return both.loc[~((one == two) | (np.isnan(one) & np.isnan(two))).all(axis=1), ["name", *columns]]


def _title(scenario: str, themes: Mapping[str, Mapping[str, str]]) -> Text:
    """Name of a scenario: the day without a hazard, a declared share, a hazard with what happens; else as it stands."""
    if scenario == "dry":
        return Text("无灾害", "No hazard")
    shares = {row["name"]: Text(**row["title"]) for row in book().table("shelters.shares")}
    if scenario in shares:
        return shares[scenario]
    theme = scenario.partition(": ")[0]
    if theme in themes:
        return scenario_words(Text(themes[theme]["title"], themes[theme].get("title_en", theme.capitalize())), scenario)
    return Text(scenario, scenario)
