"""The whole way from scores and exposure to comprehensive risk and zones, by the county's settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MissingLayerError
from riskmap.model import (
    EXPOSURE_COLUMNS,
    NO_CLASS,
    OBJECTS,
    ClassScheme,
    Exposure,
    Indicator,
    LeftOut,
    Profile,
    RiskResult,
    Survey,
    Text,
    ThemeResult,
    Threshold,
)
from riskmap.scoring.cells_to_units import WORST_CLASS, rule_words, unit_hazards
from riskmap.scoring.classify import classify, cut
from riskmap.scoring.comprehensive import comprehensive, roll_up
from riskmap.scoring.county_zones import county_zones, zone_thresholds
from riskmap.scoring.doubt import class_doubt
from riskmap.scoring.on_grid import GridRisk, grid_risk
from riskmap.scoring.overrides import overridden, override_notes
from riskmap.scoring.risk import unit_risk
from riskmap.scoring.scores import normalise
from riskmap.scoring.weights import named_weights
from riskmap.spatial.zonal import zonal_mean, zonal_shares, zone_labels

__all__ = ["Case", "assess_risk"]

_DOUBT = ("comprehensive.stability_draws", "comprehensive.cell_draws", "comprehensive.weight_doubt")


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
    4. Comprehensive index = weighted mean over themes and objects (`comprehensive`); capacity lessens the
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
        case.hazards(),
        case.exposure,
        vulnerability,
        scheme=survey.standards.scheme("object-risk"),
        hazard_known=case.hazard_known(),
    )
    joined = comprehensive(risks, themes=case.theme_weights, objects=case.object_weights)
    classes, schemes = case.classed(joined.units)
    table = joined.units.assign(**classes).join(case.hazard_columns(case.labels, survey.units.index))
    table = table.join(case.doubt(risks, table["class"], schemes[""])).join(joined.contributions.add_prefix("part_"))
    table = table.join(exposed.units)
    units = overridden(_placed(survey.units, table), survey.county.overrides, scheme=schemes[""])
    townships = _townships(case, table, joined.contributions, schemes)
    townships = overridden(townships, survey.county.overrides, scheme=schemes[""])
    cells = case.on_grid()
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
        scheme=schemes[""],
        grid_scheme=cells.scheme,
        zones=county_zones(
            units, survey, scheme=schemes[""], titles=titles or {name: one.title for name, one in themes.items()}
        ),
        left_out=(*exposed.left_out, *case.thin()),
        notes=(*override_notes((units, townships), survey.county, schemes[""]), *exposed.notes, *case.notes()),
        thresholds=case.thresholds(schemes[""]),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """What every step of one assessment asks for."""

    survey: Survey
    themes: Mapping[str, ThemeResult]
    exposed: Exposure
    vulnerability: pd.DataFrame
    profile: Profile
    labels: xr.DataArray
    exposure: pd.DataFrame
    theme_weights: Mapping[str, float]
    object_weights: Mapping[str, float]

    @classmethod
    def of(
        cls, survey: Survey, themes: Mapping[str, ThemeResult], exposed: Exposure, vulnerability: pd.DataFrame
    ) -> "Case":
        """Gather what one assessment of a county stands on."""
        settings = survey.county.scoring
        profile = survey.standards.profile(settings.profile)
        by_column = {one.factor: one for one in profile.indicators}
        scaled = {
            name: _scaled(exposed.units[column], by_column[column])
            for name, column in EXPOSURE_COLUMNS.items()
            if column in exposed.units and column in by_column
        }
        declared = {name: by_column[c].weight for name, c in EXPOSURE_COLUMNS.items() if c in by_column}
        return cls(
            survey=survey,
            themes=themes,
            exposed=exposed,
            vulnerability=vulnerability,
            profile=profile,
            labels=zone_labels(survey.units, survey.grid),
            exposure=pd.DataFrame(scaled),
            theme_weights=named_weights(
                list(themes), given=settings.weights, order=settings.themes, pairwise=settings.pairwise
            ),
            object_weights=named_weights(list(declared), given=settings.objects or declared),
        )

    @property
    def objects(self) -> list[str]:
        """Exposed objects that are known."""
        return [str(one) for one in self.exposure]

    def hazards(self, rule: str = "") -> dict[str, pd.DataFrame]:
        """Hazard of each theme on each unit, for each object where it stands; by the county's rule or another."""
        settings, value = self.survey.county.scoring, self.survey.standards.value
        return unit_hazards(
            {theme: one.score for theme, one in self.themes.items()},
            self.labels,
            rule=rule or settings.cells_to_units,
            index=self.survey.units.index,
            objects=self.objects,
            amounts=self.exposed.grids,
            worst_share=settings.worst_share,
            covers=(value(WORST_CLASS[0]), value(WORST_CLASS[1])),
        )

    def classed(self, table: pd.DataFrame) -> tuple[dict[str, np.ndarray], dict[str, ClassScheme]]:
        """Class the joined index (name ``""``) and the index of each object; schemes with their edges."""
        standards, classes = self.survey.standards, {}
        schemes = {"": standards.scheme(self.survey.county.scoring.scheme)}
        schemes |= {name: standards.scheme("object-risk") for name in self.objects if f"index_{name}" in table}
        for name, scheme in schemes.items():
            found = classify(table[f"index_{name}" if name else "index"], scheme)
            schemes[name], classes[f"class_{name}" if name else "class"] = found.scheme, found.codes
        return classes, schemes

    def doubt(self, risks: pd.DataFrame, classes: pd.Series, scheme: ClassScheme) -> pd.DataFrame:
        """How firmly each unit stands in its class."""
        value = self.survey.standards.value
        return class_doubt(
            risks, classes, scheme=scheme, weights=(self.theme_weights, self.object_weights),
            draws=int(value("comprehensive.stability_draws")), doubt=value("comprehensive.weight_doubt"),
            seed=self.survey.county.seed,
        )  # fmt: skip

    def hazard_known(self) -> pd.DataFrame:
        """Share of each theme's score that stands on known facts, over the area of each unit."""
        count = len(self.survey.units)
        shares = {
            name: np.nan_to_num(zonal_mean(one.known_share.fillna(0.0), self.labels, count=count))
            for name, one in self.themes.items()
        }
        return pd.DataFrame(shares, index=self.survey.units.index)

    def hazard_columns(self, labels: xr.DataArray, index: pd.Index) -> pd.DataFrame:
        """``score_<theme>``: mean over the area. ``class_<theme>``: class of most of the area."""
        columns: dict[str, np.ndarray] = {}
        for name, one in self.themes.items():
            columns[f"score_{name}"] = zonal_mean(one.score, labels, count=len(index))
            shares = zonal_shares(one.classes, labels, count=len(index), classes=one.scheme.size)
            most = np.nan_to_num(shares).argmax(axis=1) + 1
            columns[f"class_{name}"] = np.where(np.isfinite(shares).any(axis=1), most, NO_CLASS).astype("uint8")
        return pd.DataFrame(columns, index=index)

    def on_grid(self) -> GridRisk:
        """Index, classes and their stability on the grid."""
        value = self.survey.standards.value
        return grid_risk(
            *self.cells(),
            self.labels,
            weights=(self.theme_weights, self.object_weights),
            scheme=self.survey.standards.scheme(self.survey.county.scoring.scheme),
            draws=int(value("comprehensive.cell_draws")),
            doubt=value("comprehensive.weight_doubt"),
            seed=self.survey.county.seed,
        )

    def cells(self) -> tuple[dict[str, xr.DataArray], dict[str, xr.DataArray], dict[str, np.ndarray]]:
        """Scores and scaled exposure of the cells, vulnerability of the units."""
        by_column = {one.factor: one for one in self.profile.indicators}
        columns = {name: EXPOSURE_COLUMNS[name] for name in self.objects}
        return (
            {name: one.score for name, one in self.themes.items()},
            {name: _scaled(self.exposed.grids[one].astype("float32"), by_column[one]) for name, one in columns.items()},
            {str(name): self.vulnerability[name].to_numpy() for name in self.vulnerability},
        )

    def thin(self) -> list[LeftOut]:
        """List the objects whose vulnerability is nowhere known."""
        reason = Text(
            "没有脆弱性资料，风险只按危险性与暴露计算",
            "no facts on vulnerability; risk is computed from hazard and exposure alone",
        )
        return [
            LeftOut(product=Text(f"{OBJECTS[one].zh}脆弱性", f"{OBJECTS[one].en}: vulnerability"), reason=reason)
            for one in self.objects
            if one not in self.vulnerability
        ]

    def notes(self) -> list[Text]:
        """Say how hazards came to the units and what weighs how much."""
        settings = self.survey.county.scoring
        rule = rule_words(settings.cells_to_units, settings, self.survey.standards)
        titles = {name: one.title for name, one in self.themes.items()} | dict(OBJECTS)
        shares = [(titles[name], share) for name, share in (*self.theme_weights.items(), *self.object_weights.items())]
        return [
            Text(f"格网危险性汇总到单元：{rule.zh}", f"Hazard of a unit: {rule.en}"),
            Text(
                "权重：" + "，".join(f"{one.zh} {share:.3f}" for one, share in shares),
                "Weights: " + ", ".join(f"{one.en} {share:.3f}" for one, share in shares),
            ),
            _product_note(settings.capacity),
        ]

    def thresholds(self, scheme: ClassScheme) -> tuple[Threshold, ...]:
        """Collect the declared values that went in, the edges and the weights among them."""
        standards, profile = self.survey.standards, self.profile
        rule = WORST_CLASS if self.survey.county.scoring.cells_to_units == "worst_class" else ()
        keys = (*self.vulnerability.attrs.get("thresholds", ()), *_DOUBT, *rule, *zone_thresholds(self.survey))
        declared = [standards.threshold(key) for key in keys]
        edges = Threshold(
            key=f"scheme.{scheme.name}",
            value=scheme.edges,
            unit=scheme.unit,
            title=scheme.title,
            source=scheme.source,
            clause=scheme.clause,
            confidence=scheme.confidence,
        )
        weights = Threshold(
            key=f"profile.{profile.name}",
            value="; ".join(f"{OBJECTS[name].zh} {share:.3f}" for name, share in self.object_weights.items()),
            title=profile.title,
            source=profile.source,
            clause=profile.clause,
            confidence=profile.confidence,
        )
        return (*self.exposed.thresholds, *declared, edges, weights)


def _product_note(capacity: float) -> Text:
    if capacity == 0:
        return Text(
            "风险指数为危险性、暴露与脆弱性之积；减灾能力另行列出，不参与相乘",
            "Risk is the product of hazard, exposure and vulnerability; capacity is listed beside it",
        )
    return Text(
        f"风险指数为危险性、暴露与脆弱性之积，脆弱性按减灾能力 C 折减为 V(1-{capacity:g}C)；能力未知处不折减",
        f"Risk is hazard x exposure x vulnerability, lessened by capacity C to V(1 - {capacity:g} C); unknown capacity lessens "
        "nothing",
    )


def _scaled(amount: Any, one: Indicator) -> Any:
    options: dict[str, Any] = dict(one.options)
    return normalise(amount, method=one.normaliser, **options)


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
    rolled["leading"] = rolled["leading"].fillna("")
    rolled["known_share"] = rolled["known_share"].fillna(0.0)
    for name, scheme in schemes.items():
        rolled[f"class_{name}" if name else "class"] = cut(rolled[f"index_{name}" if name else "index"], scheme)
    place = np.append(-1, areas.index.get_indexer(parents)).astype("int64") + 1
    labels = case.labels.copy(data=place[case.labels.to_numpy()])
    return _placed(areas, rolled.join(case.hazard_columns(labels, areas.index)))
