"""What the rule from cells to units decides: the class of every unit under each rule."""

import geopandas as gpd
import pandas as pd

from riskmap.elements import exposure
from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring.cells_to_units import RULES, rule_words
from riskmap.scoring.rules_compared import RulesCompared, compare_rules

__all__ = ["make"]

_PUBLISHED = Text("公布的等级", "Published")
_HEADERS = {
    "first": Text("规则一", "Rule one"),
    "second": Text("规则二", "Rule two"),
    "units": Text("单元数", "Units"),
    "changed": Text("等级不同的单元数", "Units whose class differs"),
    "higher": Text("规则二较高", "Higher by rule two"),
    "lower": Text("规则二较低", "Lower by rule two"),
    "far": Text("相差两级及以上", "By two classes or more"),
    "changed_share": Text("不同的单元占比", "Share that differs"),
    "spread": Text("各规则间相差级数", "Classes between the rules"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate how many units change class between each pair of rules, and every unit's classes.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        Pairs of rules; units, those whose classes differ most first.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    risk, survey = assessment.risk, assessment.survey
    if risk is None:
        raise AbsentError(
            "没有综合风险，没有可比较的等级",
            "comprehensive risk was not assessed; without it there are no classes to compare",
            asked=False,
        )
    found = compare_rules(
        survey,
        assessment.themes,
        exposed=assessment.exposed or exposure(survey),
        vulnerability=risk.vulnerability,
        published=risk.units["class"],
    )
    settings = survey.county.scoring
    words = {rule: rule_words(rule, settings, survey.standards) for rule in RULES}
    own = words[settings.cells_to_units]
    notes = (
        Text(f"公布的等级按：{own.zh}", f"The published class stands on: {own.en}"),
        Text(
            "各规则只改变格网危险性汇总到单元的方式；等级都由各自的指数按本县分级方法得出",
            "Only the way from cells to units differs; each class is cut from its own index by the county's scheme",
        ),
    )
    pairs = ProductTable(
        name="rules_changes", title=Text("汇总规则对等级的影响", "What the rule from cells to units changes"),
        frame=found.changes, headers=_HEADERS, notes=notes, rows_shown=len(RULES),
        words={one: {"published": _PUBLISHED, **words} for one in ("first", "second")},
    )  # fmt: skip
    return [pairs, _units(assessment, found, words, notes)]


def _units(
    assessment: Assessment, found: RulesCompared, words: dict[str, Text], notes: tuple[Text, ...]
) -> ProductTable:
    risk = assessment.risk
    assert risk is not None  # noqa: S101  make has asked
    classes = found.classes.add_prefix("class_by_").rename(columns={"class_by_published": "class"})
    known = found.classes.where(found.classes <= risk.scheme.size)
    spread = (known.max(axis=1) - known.min(axis=1)).rename("spread")
    places = [one for one in ("name", "name_en", "parent_id") if one in risk.units]
    table = pd.DataFrame(risk.units[places]).join(classes).join(spread)
    order = table["spread"].sort_values(ascending=False, kind="stable").index
    frame = gpd.GeoDataFrame(table, geometry=risk.units.geometry, crs=risk.units.crs).loc[order]
    by_rule = {f"class_by_{rule}": Text(f"等级：{one.zh}", f"Class: {one.en}") for rule, one in words.items()}
    return ProductTable(
        name="rules_units", title=Text("各汇总规则下的单元等级", "Class of each unit under each rule"), frame=frame,
        headers={**_HEADERS, **by_rule, "class": _PUBLISHED}, notes=notes,
        schemes=dict.fromkeys(("class", *by_rule), risk.scheme),
    )  # fmt: skip
