"""Which input explains how much of the variance of the index of the units."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from riskmap.model import OBJECTS, Assessment, ProductTable, Text
from riskmap.pipeline.columns import hazard_names
from riskmap.pipeline.products.hazard_knobs import KnobTrials, knob_trials
from riskmap.pipeline.products.unit_index import UnitIndex, scaled_exposures
from riskmap.scoring.sensitivity import Sobol, Uncertain, around_share, normal, one_of, sobol

__all__ = ["sensitivity_table"]

_USED = ("robustness.base_sample", "comprehensive.weight_doubt")

_HEADERS = {
    "input": Text("输入", "Input"),
    "first": Text("一阶指数（0-1）", "First-order index (0-1)"),
    "first_half": Text("一阶指数95%区间半宽", "Half width of its 95 % interval"),
    "total": Text("总指数（0-1）", "Total index (0-1)"),
    "total_half": Text("总指数95%区间半宽", "Half width of its 95 % interval"),
}


def sensitivity_table(assessment: Assessment, whole: UnitIndex, titles: Mapping[str, Text]) -> ProductTable:
    """Tabulate the Sobol indices of weights, scalings and input errors, as means over the units.

    Parameters
    ----------
    assessment : Assessment
        With its risk.
    whole : UnitIndex
        Its model with errors.
    titles : mapping of str to Text
        Of the inputs with an error.

    Returns
    -------
    ProductTable
        A row per input, the largest total index first.

    Examples
    --------
    >>> sensitivity_table.__name__
    'sensitivity_table'
    """
    value, model = assessment.survey.standards.value, whole.model
    trials = knob_trials(assessment, whole)
    inputs = {**_inputs(assessment, whole, titles), **trials.inputs}
    base = int(value("robustness.base_sample"))

    def evaluate(drawn: Mapping[str, Any]) -> np.ndarray:
        changes: dict[str, Any] = {
            "exposure": {one: drawn[f"scaling/{one}"] for one in model.objects},
            "errors": {one: drawn[f"error/{one}"] for one in titles},
            "hazard": trials.of(drawn),
        }
        for kind, members in (("theme", model.themes), ("object", model.objects)):
            if len(members) > 1:
                changes[f"{kind}_weights"] = [drawn[f"{kind}/{one}"] for one in members]
        return model(changes)

    found = sobol(evaluate, inputs, n=base, seed=assessment.survey.county.seed)
    names = [str(inputs[str(one)].title) for one in found.mean.index]
    frame = pd.concat([pd.DataFrame({"input": names}), found.mean.reset_index(drop=True)], axis=1)
    return ProductTable(
        name="sensitivity", title=Text("指数敏感性", "Sensitivity of the index"), frame=frame, headers=_HEADERS,
        notes=_notes(found, inputs, trials, value("comprehensive.weight_doubt")),
        rows_shown=len(frame), thresholds=tuple(assessment.survey.standards.threshold(one) for one in _USED),
    )  # fmt: skip


def _notes(found: Sobol, inputs: Mapping[str, Uncertain], trials: KnobTrials, doubt: float) -> tuple[Text, ...]:
    """Say what explains most, and how it was drawn."""
    first = inputs[str(found.mean.index[0])].title
    notes: tuple[Text, ...] = (
        Text(
            f"对指数方差贡献最大的是{first.zh}（总指数{found.mean['total'].iloc[0]:.2f}）",
            f"Most of the variance of the index stems from: {first.en[0].lower()}{first.en[1:]} (total index "
            f"{found.mean['total'].iloc[0]:.2f})",
        ),
        Text(
            f"索博尔指数，对各单元按方差加权平均；指数计算{found.evaluations}次。权重按狄利克雷分布抽样（平均权重的相对标准差"
            f"{doubt:.0%}），归一化方法等概率，输入误差按正态分布",
            f"Sobol indices, means over the units weighted by variance, from {found.evaluations} computations of the index. "
            f"Weights from a Dirichlet distribution (relative standard deviation of an average weight "
            f"{doubt:.0%}), every scaling as likely, errors normal",
        ),
        Text(
            "一阶指数：该输入单独解释的方差占比；总指数：含与其他输入共同作用的占比",
            "First-order: share of the variance that the input explains by itself; total: with its interplay with others",
        ),
    )
    if trials.inputs:
        notes += (
            Text(
                f"危险性按各设定重新测算{trials.measured}次（每种组合一次），各选项等概率",
                f"Hazards were measured anew {trials.measured} times, once a combination of settings, every option as likely",
            ),
            *(
                Text(f"未能采用的设定：{one.zh}", f"A setting that could not be tried: {one.en}")
                for one in trials.refused
            ),
        )
    return notes


def _inputs(assessment: Assessment, whole: UnitIndex, titles: Mapping[str, Text]) -> dict[str, Uncertain]:
    """Everything in doubt, each independent of the others."""
    model, doubt = whole.model, assessment.survey.standards.value("comprehensive.weight_doubt")
    hazards = hazard_names(assessment)
    found: dict[str, Uncertain] = {}
    sides = (
        ("theme", model.themes, model.theme_weights, hazards),
        ("object", model.objects, model.object_weights, OBJECTS),
    )
    for kind, members, weights, names in sides:
        if len(members) < 2:
            continue
        strength = (len(members) - 1) / doubt**2 - 1
        for one, share in zip(members, weights.tolist(), strict=True):
            title = Text(f"{names[one].zh}的权重", f"Weight of {names[one].en}")
            found[f"{kind}/{one}"] = around_share(share, strength=strength, title=title)
    for name, ways in scaled_exposures(assessment, whole).items():
        title = Text(f"{OBJECTS[name].zh}暴露量的归一化方法", f"Scaling of the exposure of {OBJECTS[name].en}")
        found[f"scaling/{name}"] = one_of([array for _, array in ways], title=title)
    for name, told in titles.items():
        title = Text(f"{told.zh}的误差", f"Error of {told.en}")
        found[f"error/{name}"] = normal(0.0, 1.0, title=title)
    return found
