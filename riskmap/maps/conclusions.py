"""What a run found out, on half a page: the figures of its results in sentences, each only where it is known."""

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from riskmap.maps.subject import scenario_title
from riskmap.maps.unit_words import unit_words
from riskmap.maps.words import number, quantity, share
from riskmap.model import NO_CLASS, NO_LEADER, NO_LEADER_WORDS, Assessment, ProductTable, RiskResult, Text
from riskmap.model.titles import hazard_word, short_title

__all__ = ["conclusions"]

_PLACES, _FIRST = 3, 5
_NORMAL = "dry"


def conclusions(assessment: Assessment) -> tuple[Text, ...]:
    """Say what the figures of a run say: where risk is high and why, who finds a shelter, what comes next, what is in doubt.

    Parameters
    ----------
    assessment : Assessment
        What a run found out, with its products.

    Returns
    -------
    tuple of Text
        One sentence or two each; nothing stands for what was not assessed, and unknown numbers are told as such.

    Notes
    -----
    Every figure is one of the results (units and classes of risk, scenarios of the shelters, lists for planning); none
    is computed here but sums and counts.

    Examples
    --------
    >>> conclusions.__name__
    'conclusions'
    """
    risk = assessment.risk
    told = [] if risk is None else [*_highest(assessment, risk), *_first(assessment, risk)]
    told += [*_room(assessment), *_next(assessment)]
    told += [] if risk is None else [*_doubtful(assessment, risk), *_warned(assessment, risk)]
    return (*told, *_unverified(assessment))


def _highest(assessment: Assessment, risk: RiskResult) -> Iterator[Text]:
    """How many stand in the highest class, where, and what leads there."""
    words, label = unit_words(assessment.survey), risk.scheme.label(risk.scheme.size)
    high = risk.units[risk.units["class"] == risk.scheme.size]
    if high.empty:
        yield words.fill(Text(f"没有{{unit}}为{label.zh}风险。", f"No {{unit}} is of {label.en.lower()} risk."))
        return
    zh = f"{label.zh}风险的{{unit}} {len(high)} 个"
    en = f"{{Units}} of {label.en.lower()} risk: {len(high)}"
    if "people" in high:
        people = quantity(high["people"].sum(skipna=False), "people")
        zh, en = f"{zh}，人口 {people.zh}", f"{en}, with {people.en}"
    where = _where(high, risk.townships)
    if where.zh:
        zh, en = f"{zh}，最多的{{above}}为{where.zh}", f"{en}; most are in {where.en}"
    yield _called(assessment, Text(f"{zh}。", f"{en}."))
    titles = {
        **{name: hazard_word(short_title(one.title)) for name, one in assessment.themes.items()},
        NO_LEADER: NO_LEADER_WORDS,
    }
    leaders = [(titles[one], count) for one, count in Counter(high["leading"]).most_common() if one in titles]
    if leaders:
        yield _called(
            assessment,
            Text(
                "这些{unit}的主导灾种：" + "，".join(f"{one.zh} {count} 个" for one, count in leaders) + "。",
                "What leads there: " + ", ".join(f"{one.en.lower()} in {count}" for one, count in leaders) + ".",
            ),
        )


def _called(assessment: Assessment, text: Text) -> Text:
    """Write the names of the units into a sentence, the English with a capital."""
    words = unit_words(assessment.survey)
    return words.fill(Text(text.zh, text.en.replace("{Units}", words.many.en.capitalize())))


def _where(units: pd.DataFrame, townships: pd.DataFrame) -> Text:
    if "parent_id" not in units or not len(townships):
        return Text("", "")
    names = townships["name"].astype(str)
    english = townships["name_en"].fillna("") if "name_en" in townships else names
    most = Counter(one for one in units["parent_id"] if one in names.index).most_common(_PLACES)
    return Text(
        "、".join(f"{names[one]}（{count} 个）" for one, count in most),
        ", ".join(f"{english[one] or names[one]} ({count})" for one, count in most),
    )


def _first(assessment: Assessment, risk: RiskResult) -> Iterator[Text]:
    """The first units of the county and why they are first."""
    why = _product(assessment, "why_class")
    ranked = risk.units[risk.units["index"].notna()].sort_values("index", ascending=False, kind="stable").head(_FIRST)
    if why is None:
        zh, en = "、".join(ranked["name"].astype(str)), ", ".join(_english(ranked))
        yield _called(assessment, Text(f"风险最高的{{unit}}：{zh}。", f"{{Units}} of highest risk: {en}."))
        return
    for place, (unit, row) in enumerate(ranked.iterrows(), start=1):
        name = Text(str(row["name"]), str(row.get("name_en") or row["name"]))
        zh, en = f"风险第 {place} 位：{name.zh}", f"Rank {place}: {name.en}"
        if unit in why.frame.index:
            yield Text(f"{zh}。{why.frame.loc[unit, 'reason_zh']}", f"{en}. {why.frame.loc[unit, 'reason_en']}")
        else:
            yield Text(f"{zh}。", f"{en}.")


def _english(units: pd.DataFrame) -> list[str]:
    english = units["name_en"].fillna("") if "name_en" in units else pd.Series("", index=units.index)
    return [str(b or a) for a, b in zip(units["name"], english, strict=True)]


def _said(assessment: Assessment, name: str) -> str:
    """English name of a unit, where the survey has one for it."""
    units = assessment.survey.units
    return next(iter(_english(units[units["name"] == name])), name)


def _room(assessment: Assessment) -> Iterator[Text]:
    """Who is in reach of a shelter and who has room, in normal times and where it is tightest."""
    reach = assessment.shelters
    if reach is None or _NORMAL not in reach.scenarios.index:
        return
    usual = reach.scenarios.loc[_NORMAL]
    covered, out = (quantity(usual[one], "people") for one in ("people_covered", "people_uncovered"))
    zh = f"无灾害时沿道路可达避难场所的人口占 {share(usual['share_covered'])}，{out.zh}不在服务范围内"
    en = f"In normal times {covered.en} ({share(usual['share_covered'])}) reach a shelter by road and {out.en} do not"
    if {"people_to_move", "people_assigned"} <= set(usual.index):
        every, placed = (quantity(usual[one], "people") for one in ("people_to_move", "people_assigned"))
        zh += f"；若全部 {every.zh}须安置，按容量和服务半径可安置 {placed.zh}"
        en += f"; were all {every.en} to be placed, there is room within reach for {placed.en}"
    yield Text(f"{zh}。", f"{en}.")
    if "people_unassigned" not in reach.scenarios:
        return
    others = reach.scenarios.drop(index=_NORMAL)["people_unassigned"].dropna()
    if len(others) and others.max() > 0:
        name = str(others.idxmax())
        row, title = reach.scenarios.loc[name], scenario_title(assessment, name)
        move, left = (quantity(row[one], "people") for one in ("people_to_move", "people_unassigned"))
        yield Text(
            f"缺口最大的灾害情景为“{title.zh}”：须转移 {move.zh}，其中 {left.zh}无处安置。",
            f"The scenario with most people left out is {title.en}: {move.en} have to move, {left.en} of them find no place.",
        )


def _next(assessment: Assessment) -> Iterator[Text]:
    """What the lists put first."""
    relocation, sites = (_product(assessment, one) for one in ("relocation_villages", "shelter_sites"))
    lines: list[Text] = []
    if relocation is not None and len(relocation.frame):
        first = relocation.frame["name"].head(_PLACES).astype(str)
        sheet, english = relocation.title, ", ".join(_said(assessment, one) for one in first)
        names = "、".join(first)
        lines.append(
            Text(
                f"核查“{sheet.zh}”所列 {len(relocation.frame)} 处，先查{names}",
                f"check the {len(relocation.frame)} places of the list {sheet.en!r}, {english} first",
            )
        )
    if sites is not None and len(sites.frame) and "name" in sites.frame:
        name, title = str(sites.frame["name"].iloc[0]), sites.title
        lines.append(Text(f"“{title.zh}”首选{name}", f"{title.en}: {_said(assessment, name)} first"))
    if lines:
        yield Text(
            "建议下一步：" + "；".join(one.zh for one in lines) + "。",
            "Next: " + "; ".join(one.en for one in lines) + ".",
        )


def _doubtful(assessment: Assessment, risk: RiskResult) -> Iterator[Text]:
    """How firmly the highest class stands."""
    high = risk.units[risk.units["class"] == risk.scheme.size]
    if "stability" not in high or not high["stability"].notna().any():
        return
    label, low = risk.scheme.label(risk.scheme.size), high["stability"].min()
    yield _called(
        assessment,
        Text(
            f"{label.zh}风险{{unit}}的等级在权重变动下平均有 {share(high['stability'].mean())} 的情形不变，最不稳的为 {share(low)}。",
            f"Under changed weights {{units}} of {label.en.lower()} risk keep their class in "
            f"{share(high['stability'].mean())} of the cases on average, the least firm in {share(low)}.",
        ),
    )


def _warned(assessment: Assessment, risk: RiskResult) -> Iterator[Text]:
    """What the products themselves warn of: the check against history, and how many stay in their class."""
    history, sources, units = (
        _product(assessment, one) for one in ("history_check", "robustness_sources", "robustness_units")
    )
    if history is not None:
        verdicts = history.frame.drop_duplicates("records")["verdict"]
        poor = int((verdicts == "no more").sum())
        if poor:  # the notes begin with a warning for each
            first = history.notes[0]
            yield Text(
                f"历史灾情检验 {len(verdicts)} 项，其中 {poor} 项不优于仅按人口。{first.zh}。",
                f"Checks against history: {len(verdicts)}, of them no better than people alone: {poor}. {first.en}.",
            )
    if sources is not None and sources.notes:
        yield Text(f"等级稳健性：{sources.notes[0].zh}。", f"How firm the classes are: {sources.notes[0].en}.")
    if units is not None:
        yield _called(assessment, _moved(units.frame, risk))


def _moved(units: pd.DataFrame, risk: RiskResult) -> Text:
    """How many, and how many people, would stand in another class more often than in theirs."""
    known = units[units["class"] != NO_CLASS]
    moved = known.index[known["likely_class"] != known["class"]]
    zh = f"各项不确定来源同时变动时，{number(len(moved))} 个{{unit}}的最可能等级与所给等级不同"
    en = f"With every source of doubt changed at once another class is the likelier one for some {{units}} ({number(len(moved))})"
    if "people" in risk.units:
        every, theirs = (risk.units["people"].reindex(one).sum(skipna=False) for one in (known.index, moved))
        if every > 0:
            people = quantity(theirs, "people")
            zh += f"，涉及人口 {people.zh}，占已定等级人口的 {share(theirs / every)}"
            en += f", with {people.en}, {share(theirs / every)} of the people in a class"
    return Text(f"{zh}。", f"{en}.")


def _unverified(assessment: Assessment) -> Iterator[Text]:
    """What the county has to confirm, and what could not be made."""
    unsure, gone = sum(one.unverified for one in assessment.thresholds), len(assessment.left_out)
    zh, en = [], []
    if unsure:
        zh.append(f"采用的取值中 {number(unsure)} 项未核实，须由县级主管部门确认")
        en.append(f"{number(unsure)} of the values used are unverified; the county should confirm them")
    if gone:
        zh.append(f"{number(gone)} 项产品因缺资料未编制，原因列于文末")
        en.append(f"products that could not be made: {number(gone)}; the reasons stand at the end")
    if zh:
        yield Text("存疑：" + "；".join(zh) + "。", "In doubt: " + "; ".join(en) + ".")


def _product(assessment: Assessment, name: str) -> ProductTable | None:
    return next((one for one in assessment.products if one.name == name), None)
