"""How much likeness is lost with every zone fewer."""

import numpy as np
import pandas as pd

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring import unit_regions
from riskmap.scoring.county_zones import REGION_BOUNDS, region_bounds

__all__ = ["make"]

_ROWS = 40
_HEADERS = {
    "zones": Text("区数", "Zones"),
    "cost": Text("再合并一次的成本（离差平方和增量）", "Cost of one zone fewer (rise of the sum of squares within)"),
    "share_lost": Text("已损失的方差占比", "Share of variance lost so far"),
    "joined_first": Text("所并第一组（含）", "First group joined (holds)"),
    "units_first": Text("第一组单元数", "Units in the first group"),
    "joined_second": Text("所并第二组（含）", "Second group joined (holds)"),
    "units_second": Text("第二组单元数", "Units in the second group"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate what it costs to draw fewer zones.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        One table, the fewest zones first.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk, or there are not two units that touch.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    risk, survey = assessment.risk, assessment.survey
    if risk is None:
        raise AbsentError(
            "没有综合风险，无法比较区数", "There is no comprehensive risk to compare numbers of zones", asked=False
        )
    units = risk.units.sort_index()
    found = unit_regions(units, between=region_bounds(survey))
    merges = found.merges
    if merges.empty:
        raise AbsentError("没有相邻且资料完备的单元，无法比较区数", "No two units that touch have all scores")
    names = (units["name"] if "name" in units else units.index.to_series()).to_numpy()
    lost = np.append(0.0, merges["share_lost"].to_numpy()[:-1])
    frame = pd.DataFrame(
        {
            "zones": merges["left"] + 1,
            "cost": merges["cost"],
            "share_lost": lost,
            "joined_first": names[merges["first"]],
            "units_first": merges["units_first"],
            "joined_second": names[merges["second"]],
            "units_second": merges["units_second"],
        }
    ).iloc[: -_ROWS - 1 : -1]
    notes = (
        Text(
            "相邻单元按各灾种得分与综合指数（标准化）的相似程度逐次合并（Ward 法，每个单元同等计数）；"
            f"在允许范围内成本跃变最大处为 {found.count} 区",
            "Units that touch are joined by likeness of scores and index (Ward, standardised, each unit alike); within "
            f"the allowed range the cost jumps most at {found.count} zones",
        ),
    )
    title = Text("区数与成本", "Number of zones and its cost")
    used = tuple(survey.standards.threshold(one) for one in REGION_BOUNDS)
    frame = frame.reset_index(drop=True)
    return [
        ProductTable(name="zone_costs", title=title, frame=frame, headers=_HEADERS, notes=notes, thresholds=used)
    ]  # fmt: skip
