"""Where every class begins: the rule, the break values and how well they fit."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from riskmap.maps.subject import BREAKS
from riskmap.maps.words import CONFIDENCE, UNITS
from riskmap.model import Assessment, ClassScheme, ProductTable, Text
from riskmap.scoring import goodness_of_fit
from riskmap.standards.source_words import source_text

__all__ = ["make"]

_HEADERS = {
    "product": Text("成果", "Product"),
    "rule": Text("分级方法", "Rule"),
    "edges": Text("分级界线（低到高）", "Breaks, low to high"),
    "unit": Text("单位", "Unit"),
    "goodness": Text("方差拟合优度", "Goodness of variance fit"),
    "values": Text("参与分级的值数", "Values classed"),
    "source": Text("依据", "Source"),
    "confidence": Text("可信度", "Confidence"),
}
_NOTES = (
    Text(
        "拟合优度为各级能解释的方差占比，1 为完全解释；界线本身归入较高一级",
        "Goodness is the share of the variance that the classes explain, 1 for all; a break belongs to the class above",
    ),
)


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate the break values of every classed product, with their goodness of fit.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.

    Returns
    -------
    list of ProductTable
        One table, a row a product.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    rows = [_row(*one) for one in _classed(assessment)]
    words: dict[str, dict[str, Text]] = {
        "rule": {**BREAKS},
        "confidence": {**CONFIDENCE},
        "source": {str(row["source"]): source_text(str(row["source"])) for row in rows},
        "unit": {str(row["unit"]): UNITS[str(row["unit"])] for row in rows if row["unit"] in UNITS},
    }
    return [
        ProductTable(
            name="class_breaks", title=Text("分级界线与拟合优度", "Breaks and their fit"), frame=pd.DataFrame(rows),
            headers=_HEADERS, words=words, notes=_NOTES, rows_shown=len(rows),
        )
    ]  # fmt: skip


def _classed(assessment: Assessment) -> Iterator[tuple[Text, ClassScheme, np.ndarray, np.ndarray]]:
    for theme in assessment.themes.values():
        if theme.origin == "measured":
            quantity = theme.score if theme.headline == "score" else theme.measured[theme.headline]
            yield theme.title, theme.scheme, quantity.to_numpy(), theme.classes.to_numpy()
    risk = assessment.risk
    if risk is None:
        return
    units = risk.units
    codes = units["class_computed" if "class_computed" in units else "class"].to_numpy()
    yield Text("单元综合风险", "Risk by unit"), risk.scheme, units["index"].to_numpy(), codes
    yield Text("格网综合风险", "Risk by cell"), risk.grid_scheme, risk.index.to_numpy(), risk.classes.to_numpy()


def _row(title: Text, scheme: ClassScheme, values: np.ndarray, codes: np.ndarray) -> dict[str, object]:
    edges = [scheme.direction * one for one in scheme.edges if np.isfinite(one)]
    return {
        "product": str(title),
        "rule": scheme.breaks,
        "edges": ", ".join(f"{one:.4g}" for one in edges),
        "unit": scheme.unit,
        "goodness": goodness_of_fit(values, codes),
        "values": int(np.isfinite(values).sum()),
        "source": scheme.source,
        "confidence": scheme.confidence,
    }
