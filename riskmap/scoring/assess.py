"""The whole way from scores and exposure to comprehensive risk and zones, by the county's settings."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.errors import MissingLayerError
from riskmap.model import (
    ClassScheme,
    Exposure,
    RiskResult,
    Survey,
    Text,
    ThemeResult,
)
from riskmap.scoring.case import Case
from riskmap.scoring.classify import cut
from riskmap.scoring.comprehensive import comprehensive, roll_up
from riskmap.scoring.county_zones import county_zones
from riskmap.scoring.leading import HIGH, high_columns, leading_hazard
from riskmap.scoring.overrides import overridden, override_notes
from riskmap.scoring.risk import unit_risk

__all__ = ["assess_risk"]


def assess_risk(
    survey: Survey,
    themes: Mapping[str, ThemeResult],
    *,
    exposed: Exposure,
    vulnerability: pd.DataFrame,
    titles: Mapping[str, Text] | None = None,
) -> RiskResult:
    """Assess the risk of the exposed objects, the comprehensive risk and the zones of a county.

    Parameters
    ----------
    survey : Survey
        Its county holds the settings ``[scoring]`` and ``[zoning]``.
    themes : mapping of str to ThemeResult
        Hazards with their scores on the grid.
    exposed : Exposure
        Amounts per unit and per cell.
    vulnerability : DataFrame
        Index ``unit_id``, a column 0..1 per object that is known; ``attrs["thresholds"]`` names what it used.
    titles : mapping of str to Text, optional
        Short names of the themes for zone names; the titles of the results unless given.

    Returns
    -------
    RiskResult

    Raises
    ------
    MissingLayerError
        No theme, or nothing exposed.
    MethodError
        Weights that leave nothing, or judgements that contradict one another.

    Notes
    -----
    1. Hazard of a unit: the cells' score by ``cells_to_units``, for each object where it stands.
    2. Exposure: each column scaled by the profile over all units (over all cells for the grid).
    3. Risk = hazard x exposure x vulnerability (`risk_index`), classed per theme and object.
    4. The leading hazard adds most to the index among those that are in a high class there (`leading_hazard`).
    5. Comprehensive index = weighted mean over themes and objects (`comprehensive`); capacity lessens the
       vulnerability before it comes here where the county asks for it. Townships: means weighted by people, cut by the edges of the units.

    Examples
    --------
    >>> assess_risk.__name__
    'assess_risk'
    """
    if not themes or exposed.units.empty:
        lacking = "hazard" if not themes else "exposed object"
        raise MissingLayerError(f"risk needs at least one {lacking}; none could be made from the layers delivered")
    case = Case.of(survey, themes, exposed, vulnerability)
    risks = unit_risk(
        case.hazards(), case.exposure, vulnerability, scheme=survey.standards.scheme("object-risk"),
        hazard_known=case.hazard_known(),
    )  # fmt: skip
    joined = comprehensive(risks, themes=case.theme_weights, objects=case.object_weights)
    classes, schemes = case.classed(joined.units)
    table = joined.units.assign(**classes).join(case.hazard_columns(case.labels, survey.units.index))
    table = table.join(case.doubt(risks, table["class"], schemes[""])).join(joined.contributions.add_prefix("part_"))
    table = _led(case, table).join(exposed.units)
    units = overridden(_placed(survey.units, table), survey.county.overrides, scheme=schemes[""])
    townships = _townships(case, table, joined.contributions, schemes)
    townships = overridden(townships, survey.county.overrides, scheme=schemes[""])
    cells, steps = case.on_grid()
    return RiskResult(
        exposure=exposed.units,
        vulnerability=vulnerability,
        unit_risk=risks,
        units=units,
        townships=townships,
        index=cells.index,
        classes=cells.classes,
        cell_stability=cells.stability,
        cell_likely=cells.likely,
        theme_weights=case.theme_weights,
        object_weights=case.object_weights,
        cell_exposure=steps,
        scheme=schemes[""],
        grid_scheme=cells.scheme,
        zones=county_zones(
            units, survey, scheme=schemes[""], titles=titles or {name: one.title for name, one in themes.items()}
        ),
        left_out=(*exposed.left_out, *case.thin()),
        notes=(*override_notes((units, townships), survey.county, schemes[""]), *exposed.notes, *case.notes()),
        thresholds=case.thresholds(schemes[""]),
    )


def _placed(areas: gpd.GeoDataFrame, table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give a table the names and shapes of its areas, geometry last."""
    frame = areas.drop(columns="geometry").join(table)
    return gpd.GeoDataFrame(frame, geometry=areas.geometry, crs=areas.crs)


def _townships(
    case: Case, table: pd.DataFrame, contributions: pd.DataFrame, schemes: Mapping[str, ClassScheme]
) -> gpd.GeoDataFrame:
    areas = case.survey.townships
    if not len(areas):
        return areas.copy()
    parents = case.survey.units["parent_id"]
    rolled = roll_up(table, parents, contributions, area_km2=case.survey.units.area / 1e6).reindex(areas.index)
    rolled["known_share"] = rolled["known_share"].fillna(0.0)
    for name, scheme in schemes.items():
        rolled[f"class_{name}" if name else "class"] = cut(rolled[f"index_{name}" if name else "index"], scheme)
    place = np.append(-1, areas.index.get_indexer(parents)).astype("int64") + 1
    labels = case.labels.copy(data=place[case.labels.to_numpy()])
    rolled = _led(case, rolled.join(case.hazard_columns(labels, areas.index)))
    return _placed(areas, rolled.drop(columns=[f"part_{one}" for one in contributions]))


def _led(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """Put the leading hazard beside the index."""
    parts = table[[one for one in table if str(one).startswith("part_")]].rename(
        columns=lambda one: one[len("part_") :]
    )
    high = high_columns(table, case.themes, high_classes=int(case.survey.standards.value(HIGH)))
    found = table.assign(leading=leading_hazard(parts, high, table["index"]))
    return found[["index", "leading", *(one for one in table if one != "index")]]
