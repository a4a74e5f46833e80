"""What the steps of one assessment of risk ask of a county: its settings, hazards, exposure and weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.model import (
    EXPOSURE_COLUMNS,
    NO_CLASS,
    OBJECTS,
    ClassScheme,
    Exposure,
    Indicator,
    LeftOut,
    Profile,
    Survey,
    Text,
    ThemeResult,
    Threshold,
)
from riskmap.scoring.cells_to_units import WORST_CLASS, rule_words, unit_hazards
from riskmap.scoring.classify import classify
from riskmap.scoring.county_zones import zone_thresholds
from riskmap.scoring.doubt import class_doubt
from riskmap.scoring.leading import HIGH
from riskmap.scoring.on_grid import GridRisk, grid_risk, in_steps
from riskmap.scoring.scores import normalise
from riskmap.scoring.weights import named_weights
from riskmap.spatial.zonal import zonal_mean, zonal_shares, zone_labels

__all__ = ["Case"]

_DOUBT = ("comprehensive.stability_draws", "comprehensive.cell_draws", "comprehensive.weight_doubt")


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

    def on_grid(self) -> tuple[GridRisk, dict[str, xr.DataArray]]:
        """Index, classes and their stability on the grid; and the scaled exposure in steps."""
        scores, amounts, harms = self.cells()
        value = self.survey.standards.value
        found = grid_risk(
            scores,
            amounts,
            harms,
            self.labels,
            weights=(self.theme_weights, self.object_weights),
            scheme=self.survey.standards.scheme(self.survey.county.scoring.scheme),
            draws=int(value("comprehensive.cell_draws")),
            doubt=value("comprehensive.weight_doubt"),
            seed=self.survey.county.seed,
        )
        return found, {name: in_steps(one) for name, one in amounts.items()}

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
        keys = (*self.vulnerability.attrs.get("thresholds", ()), *_DOUBT, HIGH, *rule, *zone_thresholds(self.survey))
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
