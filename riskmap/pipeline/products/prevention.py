"""Prevention zoning: where to act first, for each hazard and for all together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.maps.tally import people_cells
from riskmap.model import NO_CLASS, Assessment, ClassScheme, Exposure, ProductTable, RiskResult, Survey, Text, Threshold
from riskmap.pipeline.capacity_score import capacity_score, enough_known
from riskmap.pipeline.columns import hazard_names
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring import FirstLevel, by_matrix, classify, first_level, prevention_zones, reaching_class
from riskmap.scoring.county_zones import county_rivers, smallest_zone_km2
from riskmap.scoring.zone_names import hazard_word
from riskmap.spatial import zonal_mean, zonal_shares, zone_labels

__all__ = ["make"]

_BOOK = "prevention"
_UNKNOWN = 4  # column of the matrix for a capacity that is not known

_HEADERS = {
    "class": Text("防治区等级", "Class of prevention"),
    "first_level": Text("一级防治区", "First level"),
    "first_level_en": Text("一级防治区（英文）", "First level (English)"),
    "measures": Text("防治措施", "Measures"),
    "measures_zh": Text("防治措施（中文）", "Measures (Chinese)"),
    "measures_en": Text("防治措施（英文）", "Measures (English)"),
}
_CHOSEN = Text(
    "等级矩阵与措施为参考方案，未经核实，由本县规划替换",
    "The matrices and measures are candidates, unverified, for the county's own plan to replace",
)
_FIRST = Text(
    "一级区按灾害组合相似且相连的地域划分，二级区按风险等级与减灾能力划分",
    "First level: ground that hangs together with like hazards; second level: class of risk and capacity",
)
_NO_CAPACITY = Text("缺少减灾能力资料之处按能力弱计", "Where capacity is not known it is taken as weak")


def make(assessment: Assessment) -> list[ProductTable]:
    """Zone the county for prevention, by the tables of ``standards/prevention.toml``.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        The comprehensive zoning (two levels), then one table a hazard.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    risk = assessment.risk
    if risk is None:
        raise AbsentError(
            "没有综合风险，无法编制防治区划", "There is no comprehensive risk to zone prevention by", asked=False
        )
    case = _Case.of(assessment, risk)
    found, gone = [case.table("", case.by_capacity(risk.units["class"].to_numpy()))], []
    for theme in assessment.themes:
        classes = case.of_theme(theme)
        if classes is None:
            gone.append(hazard_names(assessment)[theme])
        else:
            found.append(case.table(theme, classes))
    if gone:
        zh, en = "、".join(one.zh for one in gone), ", ".join(one.en for one in gone)
        note = Text(f"没有适用的等级矩阵，未编制：{zh}", f"Left out, no matrix fits: {en}")
        found[0] = replace(found[0], notes=(*found[0].notes, note))
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """What every zoning asks for."""

    assessment: Assessment
    risk: RiskResult
    capacity: np.ndarray
    """1 weak to 3 strong, 4 unknown."""
    exposure: np.ndarray
    first: FirstLevel
    people: xr.DataArray | None

    @classmethod
    def of(cls, assessment: Assessment, risk: RiskResult) -> "_Case":
        survey = assessment.survey
        table = risk.unit_risk.drop_duplicates(["unit_id", "object"]).groupby("unit_id")["exposure"].mean()
        amount = table.reindex(risk.units.index).to_numpy("float64")
        bounds = (int(survey.standards.value(f"{_BOOK}.{one}_first")) for one in ("fewest", "most"))
        return cls(
            assessment=assessment,
            risk=risk,
            capacity=_capacity(survey, risk),
            exposure=classify(amount, survey.standards.scheme("prevention-exposure")).codes,
            first=first_level(
                risk.units,
                titles=hazard_names(assessment),
                between=(next(bounds), next(bounds)),
                townships=survey.townships if len(survey.townships) else None,
                rivers=county_rivers(survey),
            ),
            people=people_cells(assessment),
        )

    def kind(self, theme: str) -> Mapping[str, Any]:
        """How a theme is zoned."""
        rows = {row["theme"]: row for row in self.assessment.survey.standards.table(f"{_BOOK}.kinds")}
        return rows.get(theme, rows["*"])

    def of_theme(self, theme: str) -> np.ndarray | None:
        """Class of prevention of each unit; None where no matrix fits."""
        survey, one = self.assessment.survey, self.assessment.themes[theme]
        if self.kind(theme)["levels"] == 2:
            part = self.risk.units.get(f"part_{theme}")
            if part is None:
                return None
            return self.by_capacity(classify(part.to_numpy(), survey.standards.scheme("object-risk")).codes)
        matrix = self._matrix("by_exposure", one.scheme.size)
        if matrix is None:
            return None
        labels, count = zone_labels(self.risk.units, survey.grid), len(self.risk.units)
        least = float(survey.standards.value(f"{_BOOK}.hazard_share"))
        area = zonal_shares(one.classes, labels, count=count, classes=one.scheme.size)
        hazard = reaching_class(area, least_share=least)
        if self.people is not None:
            lived = np.column_stack(
                [
                    zonal_mean(
                        (one.classes == code).where(one.classes != NO_CLASS), labels, count=count, weights=self.people
                    )
                    for code in range(1, one.scheme.size + 1)
                ]
            )
            there = reaching_class(lived, least_share=least)
            hazard = np.where(there == NO_CLASS, hazard, np.maximum(hazard, there)).astype("uint8")
        return by_matrix(hazard, self.exposure, matrix=matrix)

    def by_capacity(self, risk: np.ndarray) -> np.ndarray:
        """Class of prevention by class of risk and capacity."""
        matrix = self._matrix("by_capacity", self.risk.scheme.size)
        if matrix is None:
            size = self.risk.scheme.size
            raise AbsentError(
                f"没有 {size} 级风险的防治等级矩阵", f"no matrix of prevention for {size} classes of risk"
            )
        return by_matrix(risk, self.capacity, matrix=matrix)

    def _matrix(self, name: str, classes: int) -> Any:
        rows = self.assessment.survey.standards.table(f"{_BOOK}.{name}")
        return next((row["rows"] for row in rows if row["classes"] == classes), None)

    def table(self, theme: str, classes: np.ndarray) -> ProductTable:
        """Dissolve and name the zones of one theme, or of all (``""``)."""
        survey, kind = self.assessment.survey, self.kind(theme)
        title = Text(**kind["title"]) if "title" in kind else hazard_word(hazard_names(self.assessment)[theme])
        scheme = survey.standards.scheme(kind["scheme"])
        rows = survey.standards.table(f"{_BOOK}.measures")
        known = {row["theme"] for row in rows}
        measures = {
            row["class"]: Text(row["zh"], row["en"])
            for row in rows
            if row["theme"] == (theme if theme in known else "*")
        }
        frame = prevention_zones(
            self.risk.units,
            pd.Series(classes, index=self.risk.units.index),
            scheme=scheme,
            title=title,
            measures=measures,
            minimum_area_km2=smallest_zone_km2(survey),
            first=self.first if kind["levels"] == 2 else None,
            townships=survey.townships if len(survey.townships) else None,
            rivers=county_rivers(survey),
        )
        return ProductTable(
            name=f"prevention_{theme or 'comprehensive'}",
            title=Text(f"{title.zh}防治区划", f"Prevention zoning: {title.en.lower()}"),
            frame=frame,
            headers=_HEADERS,
            schemes={"class": scheme},
            notes=self._notes(two=kind["levels"] == 2),
            thresholds=self._thresholds(scheme, two=kind["levels"] == 2),
        )

    def _thresholds(self, scheme: ClassScheme, *, two: bool) -> tuple[Threshold, ...]:
        """Declared values behind a zoning, and where its classes come from."""
        standards = self.assessment.survey.standards
        keys = (f"{_BOOK}.fewest_first", f"{_BOOK}.most_first") if two else (f"{_BOOK}.hazard_share",)
        schemes = (scheme, standards.scheme("prevention-capacity" if two else "prevention-exposure"))
        rows = (
            Threshold(
                key=f"scheme.{one.name}",
                value="、".join(label.zh for label in one.labels),
                title=one.title,
                source=one.source,
                clause=one.clause,
                confidence=one.confidence,
            )
            for one in schemes
        )
        return (*(standards.threshold(key) for key in keys), *rows)

    def _notes(self, *, two: bool) -> tuple[Text, ...]:
        if two:
            weak = (_NO_CAPACITY,) if (self.capacity == _UNKNOWN).any() else ()
            return (_FIRST, *weak, _CHOSEN)
        share = float(self.assessment.survey.standards.value(f"{_BOOK}.hazard_share"))
        rule = Text(
            f"单元危险性等级取覆盖面积或人口达 {share:.0%} 的最高等级，与承灾体多少组合定级",
            f"Class by the highest hazard that covers {share:.0%} of the area or the people of a unit, and by how much "
            "is exposed there",
        )
        return (rule, _CHOSEN)


def _capacity(survey: Survey, risk: RiskResult) -> np.ndarray:
    """Class of capacity of each unit, as its township has it."""
    told = capacity_score(survey, Exposure(units=risk.exposure, grids={}))
    if told is None:
        return np.full(len(risk.units), _UNKNOWN, "uint8")
    score = enough_known(told[1], survey)
    codes = pd.Series(classify(score, survey.standards.scheme("prevention-capacity")).codes, index=score.index)
    own = risk.units["parent_id"] if len(survey.townships) else risk.units.index.to_series()
    found = own.map(codes).fillna(NO_CLASS).to_numpy("uint8")
    return np.where(found == NO_CLASS, _UNKNOWN, found).astype("uint8")
