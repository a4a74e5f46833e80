"""The reason of a class in one sentence: which hazards are high, and what stands there beside the middle of the county."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from riskmap.maps.words import COLUMNS, number, share
from riskmap.model import EXPOSURE_COLUMNS, NO_CLASS, OBJECTS, Assessment, RiskResult, Text
from riskmap.pipeline.columns import hazard_names
from riskmap.scoring.beside_median import beside_median
from riskmap.scoring.leading import HIGH, high_columns
from riskmap.scoring.zone_names import hazard_word

__all__ = ["UNUSUAL", "beside_headers", "beside_the_county", "why_sentences"]

UNUSUAL = ("comprehensive.unusual_times", "comprehensive.unusual_share")
"""Thresholds of what a reason names as far above the county."""

_TOLD = 2
_UNKNOWN = Text("资料不足，未定等级。", "Too little is known to class it.")


def beside_the_county(risk: RiskResult) -> pd.DataFrame:
    """Compare the amounts and the vulnerability of every unit with the median of the county.

    Parameters
    ----------
    risk : RiskResult
        With exposure and vulnerability.

    Returns
    -------
    DataFrame
        Index ``unit_id``; ``amount_<object>`` and ``harm_<object>``: 2 is twice the median; NaN where the value is
        unknown or the median is 0.

    Examples
    --------
    >>> beside_the_county.__name__
    'beside_the_county'
    """
    amounts = {f"amount_{name}": risk.exposure[one] for name, one in EXPOSURE_COLUMNS.items() if one in risk.exposure}
    harms = {f"harm_{name}": risk.vulnerability[name] for name in OBJECTS if name in risk.vulnerability}
    return beside_median(pd.DataFrame({**amounts, **harms}, index=risk.units.index).astype("float64"))


def beside_headers(columns: Sequence[str]) -> dict[str, Text]:
    """Headers of the columns of `beside_the_county`.

    Examples
    --------
    >>> beside_headers(["amount_roads"])["amount_roads"].zh
    '公路里程与全县中位数之比（倍）'
    """
    found = {}
    for column in columns:
        kind, name = column.split("_", 1)
        title = COLUMNS[EXPOSURE_COLUMNS[name]][0] if kind == "amount" else OBJECTS[name]
        zh, en = ("", "") if kind == "amount" else ("脆弱性", ": vulnerability")
        found[column] = Text(f"{title.zh}{zh}与全县中位数之比（倍）", f"{title.en}{en}, times the county median")
    return found


def why_sentences(assessment: Assessment, parts: pd.DataFrame, beside: pd.DataFrame) -> list[Text]:
    """Say for each unit why it stands where it stands.

    Parameters
    ----------
    assessment : Assessment
        With its risk.
    parts : DataFrame
        Index ``unit_id``, a column per object: what it adds to the index.
    beside : DataFrame
        From `beside_the_county`.

    Returns
    -------
    list of Text
        In the order of `parts`: the hazards that are high, then the two objects that add most, with their share of the
        index, and their amount and vulnerability beside the median of the units of the county (a vulnerability that
        rounds to the median is not told); last, of the other objects, at most two whose amounts lie furthest above the
        median, where `UNUSUAL` are met.

    Examples
    --------
    >>> why_sentences.__name__
    'why_sentences'
    """
    risk, names = assessment.risk, hazard_names(assessment)
    assert risk is not None  # noqa: S101  told by make
    units = risk.units.loc[parts.index]
    high = high_columns(units, assessment.themes, high_classes=int(assessment.survey.standards.value(HIGH)))
    by_part = units[[f"part_{one}" for one in high if f"part_{one}" in units]].rename(columns=lambda one: one[5:])
    times, least = (float(assessment.survey.standards.value(one)) for one in UNUSUAL)
    told = []
    for unit, values in zip(parts.index.astype(str), parts.to_numpy("float64"), strict=True):
        row = pd.Series(values, index=parts.columns)
        whole = float(row.sum())
        if units.loc[unit, "class"] == NO_CLASS or not np.isfinite(whole):
            told.append(_UNKNOWN)
            continue
        order = by_part.loc[[unit]].iloc[0].sort_values(ascending=False, kind="stable").index
        hazards = _hazards([hazard_word(names[one]) for one in order if high.loc[unit, one]])
        shares, nearby = row / whole, pd.Series(beside.loc[unit])
        things = shares[shares > 0].sort_values(ascending=False, kind="stable").head(_TOLD)
        lines = [hazards, *(_thing(str(one), part, nearby) for one, part in things.items())]
        lines += _unusual(shares.drop(things.index), nearby, times=times, least_share=least)
        told.append(Text("；".join(one.zh for one in lines) + "。", "; ".join(one.en for one in lines) + "."))
    return told


def _hazards(high: Sequence[Text]) -> Text:
    if not high:
        return Text("没有灾种处于高等级", "No hazard is in a high class")
    en = ", ".join(one.en.lower() for one in high)
    return Text(f"处于高等级的灾种：{'、'.join(one.zh for one in high)}", f"Hazards in a high class: {en}")


def _thing(name: str, part: float, beside: "pd.Series[Any]") -> Text:
    """Say what one kind of object adds, and how much of it there is."""
    titles: Mapping[str, Text] = {"amount": COLUMNS[EXPOSURE_COLUMNS[name]][0], "harm": Text("脆弱性", "vulnerability")}
    zh, en = f"{OBJECTS[name].zh}占指数的 {share(part)}", f"{_low(OBJECTS[name].en)}: {share(part)} of the index"
    told = {kind: beside.get(f"{kind}_{name}", np.nan) for kind in titles}
    known = {kind: number(one, digits=2) for kind, one in told.items() if np.isfinite(one)}
    if f"{told['harm']:.1f}" == "1.0":  # like the others: not worth a word
        known.pop("harm")
    if "amount" in known:
        zh += f"，{titles['amount'].zh}为全县中位数的 {known['amount']} 倍"
        en += f", the amount is {known['amount']} times the county median"
    if "harm" in known:
        zh += f"，{titles['harm'].zh}为中位数的 {known['harm']} 倍"
        en += f", the vulnerability {known['harm']} times its median"
    return Text(zh, en)


def _unusual(shares: "pd.Series[Any]", beside: "pd.Series[Any]", *, times: float, least_share: float) -> list[Text]:
    """Name the objects furthest above the county, of those that matter to the index."""
    amounts = {str(one): float(beside.get(f"amount_{one}", np.nan)) for one in shares[shares >= least_share].index}
    far = sorted((one for one in amounts if amounts[one] >= times), key=lambda one: -amounts[one])[:_TOLD]
    if not far:
        return []
    zh = "、".join(f"{OBJECTS[one].zh}（{number(amounts[one], digits=2)} 倍）" for one in far)
    en = ", ".join(f"{_low(OBJECTS[one].en)} ({number(amounts[one], digits=2)} times)" for one in far)
    return [Text(f"其他承灾体中高于全县中位数最多的是{zh}", f"of the others furthest above the county median: {en}")]


def _low(words: str) -> str:
    return words.lower().replace("gdp", "GDP")
