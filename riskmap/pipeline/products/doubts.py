"""What is in doubt about the comprehensive risk, drawn: for the units and for the cells alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.maps.subject import BREAKS
from riskmap.model import Assessment, ClassScheme, Text
from riskmap.scoring import drawn_weights
from riskmap.scoring.cell_model import CellModel
from riskmap.scoring.judgement_draws import moved_judgements
from riskmap.scoring.robustness import Doubtful
from riskmap.scoring.unit_model import UnitModel

__all__ = ["SOURCES", "SUMMARY_HEADERS", "doubts", "sentence"]

SOURCES: Mapping[str, Text] = {
    "weights": Text("权重", "Weights"),
    "judgements": Text("两两判断", "Pairwise judgements"),
    "scaling": Text("暴露量的归一化方法", "Scaling of the exposed amounts"),
    "breaks": Text("分级方法", "Rule of the breaks"),
    "errors": Text("输入数据误差", "Errors of the input data"),
    "together": Text("全部同时变动", "All together"),
}
SUMMARY_HEADERS = {
    "source": Text("不确定来源", "Source of doubt"),
    "draws": Text("抽样次数（次）", "Draws"),
    "stability": Text("等级不变的平均比例（0-1）", "Mean share of draws that keep the class (0-1)"),
    "moved_share": Text("最可能等级改变的单元占比（0-1）", "Share of units whose likely class is another (0-1)"),
    "shaken_share": Text(
        "过半抽样改变等级的单元占比（0-1）", "Share of units that move in over half of the draws (0-1)"
    ),
}
_UNITS = Text("单元", "units")
_HELD = Text(
    "对计算所得等级检验（不含人工认定）。权重、判断与误差变动时分级界线保持不变；归一化与分级方法变动时按新值重新分级",
    "Of the computed classes, not of classes set by hand. Under other weights, judgements and errors the breaks are held; "
    "under other scalings and rules they are found anew",
)


def doubts(
    assessment: Assessment,
    model: UnitModel | CellModel,
    scalings: Mapping[str, Sequence[np.ndarray]],
    *,
    titles: Mapping[str, Text],
    count: int,
) -> tuple[dict[str, Doubtful], tuple[Text, ...]]:
    """Draw what might have been chosen or measured instead, every source by itself and all together.

    Parameters
    ----------
    assessment : Assessment
        With its standards and settings.
    model : UnitModel or CellModel
        The index as a function.
    scalings : mapping of str to sequence of ndarray
        Exposure of each object as scaled by the profile, then as others might.
    titles : mapping of str to Text
        Of the inputs with an error.
    count : int
        Draws of each source.

    Returns
    -------
    dict of str to Doubtful
        By source; ``together`` is the last.
    tuple of Text
        How it was drawn.

    Examples
    --------
    >>> doubts.__name__
    'doubts'
    """
    survey = assessment.survey
    rng = np.random.default_rng([survey.county.seed, 53])
    parts, notes = _drawn(assessment, model, scalings, titles=titles, rng=rng, count=count)
    ways = _schemes(assessment)
    picked = [ways[n] for n in rng.integers(len(ways), size=count)]
    together = [{key: value for part in parts.values() for key, value in part[n].items()} for n in range(count)]
    sources = {name: Doubtful(title=SOURCES[name], draws=draws) for name, draws in parts.items()}
    sources["scaling"] = replace(sources["scaling"], schemes=[ways[0]] * count)
    sources["breaks"] = Doubtful(title=SOURCES["breaks"], draws=[{}] * len(ways), schemes=ways)
    sources["together"] = Doubtful(title=SOURCES["together"], draws=together, schemes=picked)
    return sources, notes


def _drawn(
    assessment: Assessment,
    model: UnitModel | CellModel,
    scalings: Mapping[str, Sequence[np.ndarray]],
    *,
    titles: Mapping[str, Text],
    rng: np.random.Generator,
    count: int,
) -> tuple[dict[str, list[dict[str, Any]]], tuple[Text, ...]]:
    """Draw the changes of each source; later ones go before earlier ones where all are put together."""
    survey = assessment.survey
    doubt, notes = survey.standards.value("comprehensive.weight_doubt"), [_HELD, _others(assessment)]
    by_theme, by_object = (
        drawn_weights(one, draws=count, rng=rng, doubt=doubt) for one in (model.theme_weights, model.object_weights)
    )
    drawn = zip(by_theme, by_object, strict=True)
    parts: dict[str, list[dict[str, Any]]] = {
        "weights": [{"theme_weights": one, "object_weights": other} for one, other in drawn]
    }
    if len(survey.county.scoring.pairwise):
        steps = int(survey.standards.value("robustness.judgement_steps"))
        moved = moved_judgements(survey.county.scoring.pairwise, steps=steps, draws=count, rng=rng)
        places = [survey.county.scoring.themes.index(one) for one in model.themes]
        parts["judgements"] = [{"theme_weights": one} for one in moved.weights[:, places]]
        notes.append(
            Text(
                f"每个两两判断在萨蒂标度上变动至多{steps}级；{moved.rejected}次抽样因不满足一致性被舍弃并重抽",
                f"Each judgement moved by up to {steps} steps of Saaty's scale; {moved.rejected} draws were inconsistent, "
                "rejected and made again",
            )
        )
    parts["scaling"] = [
        {"exposure": {name: ways[int(rng.integers(len(ways)))] for name, ways in scalings.items()}}
        for _ in range(count)
    ]
    if titles:
        sizes = rng.standard_normal((count, len(titles)))
        parts["errors"] = [{"errors": dict(zip(titles, one.tolist(), strict=True))} for one in sizes]
        zh, en = (dict.fromkeys(one[language] for one in titles.values()) for language in ("zh", "en"))
        notes.append(
            Text(
                f"计入误差的输入（按全县同向偏差计）：{'、'.join(zh)}",
                f"Inputs with a stated error, taken as off the same way everywhere: {', '.join(en)}",
            )
        )
    return parts, tuple(notes)


def _others(assessment: Assessment) -> Text:
    """Say what else is tried where a rule is in doubt."""
    scalings = [Text(**row["title"]) for row in assessment.survey.standards.table("robustness.scalings")]
    breaks = [BREAKS[one.breaks] for one in _schemes(assessment)[1:]]
    zh, en = (["、".join(one.zh for one in scalings), "、".join(one.zh for one in breaks)],
              [", ".join(one.en for one in scalings), ", ".join(one.en for one in breaks)])  # fmt: skip
    return Text(
        f"另试的归一化方法：{zh[0]}；另试的分级方法：{zh[1]}（均为自选，未核实）",
        f"Other scalings tried: {en[0]}; other rules of the breaks: {en[1]} (chosen by us, in no standard)",
    )


def _schemes(assessment: Assessment) -> list[ClassScheme]:
    """The rule of the breaks as declared, then the others."""
    survey = assessment.survey
    used = survey.standards.scheme(survey.county.scoring.scheme)
    others = [
        replace(used, breaks=row["breaks"], edges=(), options=row["options"])
        for row in survey.standards.table("robustness.breaks")
        if row["breaks"] != used.breaks and len(row["options"].get("multiples", used.labels[1:])) == used.size - 1
    ]
    return [used, *others]


def sentence(summary: pd.DataFrame, things: Text = _UNITS) -> Text:
    """Say which source moves most units, and how many stay whatever is doubted.

    Parameters
    ----------
    summary : DataFrame
        Of `Robustness`.
    things : Text
        What was classed.

    Returns
    -------
    Text

    Examples
    --------
    >>> sentence.__name__
    'sentence'
    """
    mean = summary["stability"].astype("float64")
    first = str(mean.drop("together").idxmin())
    share, kept = float(1 - mean.loc[first]), float(mean.loc["together"])
    title = SOURCES[first]
    return Text(
        f"使等级变动最多的是{title.zh}：平均每次抽样改变{share:.0%}{things.zh}的等级；全部同时变动时，平均{kept:.0%}{things.zh}的等级不变",
        f"What moves most units is: {title.en[0].lower()}{title.en[1:]}. A draw changes the class of {share:.0%} of the {things.en} on average; "
        f"with all together {kept:.0%} keep theirs",
    )
