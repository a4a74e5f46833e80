"""How likely each class is for each unit when the weights are in doubt."""

import numpy as np
import pandas as pd

from riskmap.model import NO_CLASS, Assessment, ProductTable, Text
from riskmap.pipeline.products.unit_index import UnitIndex, unit_index
from riskmap.scoring import ClassStability
from riskmap.scoring.doubt import unit_draws

__all__ = ["make"]

_USED = ("comprehensive.stability_draws", "comprehensive.weight_doubt")


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate the probability of each class, the most likely class and the stability of every unit.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        One table, the least firm unit first.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    whole, value = unit_index(assessment), assessment.survey.standards.value
    model, scheme = whole.model, whole.risk.scheme
    draws, doubt = int(value("comprehensive.stability_draws")), value("comprehensive.weight_doubt")
    found = unit_draws(
        whole.risk.unit_risk,
        whole.classes,
        scheme=scheme,
        weights=(
            dict(zip(model.themes, model.theme_weights.tolist(), strict=True)),
            dict(zip(model.objects, model.object_weights.tolist(), strict=True)),
        ),
        draws=draws,
        doubt=doubt,
        seed=assessment.survey.county.seed,
    )
    names = [f"probability_{code}" for code in range(1, scheme.size + 1)]
    headers = {
        name: Text(f"{label.zh}等级的概率（0-1）", f"Probability of {label.en} (0-1)")
        for name, label in zip(names, scheme.labels, strict=True)
    }
    known = (whole.classes != NO_CLASS).to_numpy()
    firm = float(np.mean(found.likely[known] == whole.classes[known])) if known.any() else np.nan
    notes = (
        Text(
            f"在{draws}次权重抽样下（平均权重的相对标准差{doubt:.0%}，分级界线不变）；"
            f"{firm:.0%}单元的最可能等级就是计算所得等级",
            f"Under {draws} draws of the weights (relative standard deviation of an average weight {doubt:.0%}, breaks "
            f"held); the most likely class is the computed one for {firm:.0%} of the units",
        ),
    )
    return [
        ProductTable(
            name="class_probability", title=Text("各等级概率", "Probability of each class"),
            frame=_frame(whole, found, names),
            headers={**headers, "likely_class": Text("最可能等级", "Most likely class"),
                     "class": Text("计算等级", "Computed class")},
            schemes={"class": scheme, "likely_class": scheme}, notes=notes,
            thresholds=tuple(assessment.survey.standards.threshold(one) for one in _USED),
        )
    ]  # fmt: skip


def _frame(whole: UnitIndex, found: ClassStability, names: list[str]) -> pd.DataFrame:
    frame = whole.names.copy()
    frame["class"], frame["likely_class"] = whole.classes, found.likely
    frame = frame.join(pd.DataFrame(found.probability.astype("float64"), index=frame.index, columns=names))
    frame["stability"] = found.stability.astype("float64")
    return frame.sort_values("stability", kind="stable")
