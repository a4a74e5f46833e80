"""What a sheet shows: its picture, its legend and its story, ready to be laid out."""

import geopandas as gpd
import pandas as pd

from riskmap.errors import MissingLayerError
from riskmap.maps.legend import BREAKS, HEADS, LegendLine, Subject, break_note, class_rows
from riskmap.maps.planning_subject import (
    CAPACITY,
    CONFLICTS,
    PREVENTION,
    capacity_subject,
    conflicts_subject,
    has_capacity,
    has_conflicts,
    has_prevention,
    prevention_subject,
)
from riskmap.maps.tally import people_cells, tally_cells, tally_shapes
from riskmap.maps.unit_words import VILLAGES, unit_words
from riskmap.maps.words import number, share
from riskmap.model import Assessment, ClassScheme, ShelterResult, Text, ThemeResult, Threshold
from riskmap.model.titles import scenario_words

__all__ = ["BREAKS", "LegendLine", "Subject", "scenario_title", "sheet_names", "subject_of"]

COVERED, UNCOVERED, CLOSED = "#1b7837", "#c51b7d", "#d7301f"
_ROAD, _SEAT = "#8a8178", "#4a4a4a"
_SITUATIONS = ("covered", "too far", "no road", "unsafe", "no people")
_REACH = ClassScheme(
    name="reach", title=Text("避难覆盖", "Reach of shelters"),
    labels=(
        Text("已覆盖：服务半径内", "Covered: within a radius"), Text("未覆盖：超出服务半径", "Not covered: beyond the radius"),
        Text("未覆盖：无道路连通", "Not covered: no road"), Text("未覆盖：场所受威胁", "Not covered: shelter unsafe"),
        Text("无常住人口", "No residents"),
    ),
    colours=("#a6d8a0", "#f1b6da", "#af8dc3", "#f4a582", "#d9d9d9"), source="drawing only", confidence="C",
)  # fmt: skip
"""Villages by whether they are covered, and why not."""
_WHOLE = Text(
    "按驻地到最近场所的路程是否在其服务半径内，整村（社区）着色",
    "whole villages, by whether the way from the seat to a shelter lies within its radius",
)

_PLANNING = {
    PREVENTION: (has_prevention, prevention_subject),
    CAPACITY: (has_capacity, capacity_subject),
    CONFLICTS: (has_conflicts, conflicts_subject),
}


def sheet_names(assessment: Assessment) -> tuple[str, ...]:
    """Names of the sheets that can be drawn of an assessment.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.

    Returns
    -------
    tuple of str
        ``hazard-<theme>`` for every theme, ``risk-units``, ``risk-grid``, ``zones``, ``prevention``, ``capacity``,
        ``conflicts``, ``shelters``.

    Examples
    --------
    >>> sheet_names.__name__
    'sheet_names'
    """
    names = [f"hazard-{name}" for name in assessment.themes]
    if assessment.risk is not None:
        names += ["risk-units", "risk-grid", *(["zones"] if len(assessment.risk.zones) else [])]
    names += [name for name, (made, _) in _PLANNING.items() if made(assessment)]
    if assessment.shelters is not None:
        names.append("shelters")
    return tuple(names)


def subject_of(assessment: Assessment, product: str) -> Subject:
    """Gather what the sheet `product` shows.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.
    product : str
        One of `sheet_names`.

    Returns
    -------
    Subject

    Raises
    ------
    MissingLayerError
        There is no such sheet.

    Examples
    --------
    >>> subject_of.__name__
    'subject_of'
    """
    names = sheet_names(assessment)
    if product not in names:
        raise MissingLayerError(f"no sheet called {product!r}; there are {', '.join(names) or 'none'}")
    if product == "shelters":
        return _shelters(assessment)
    if product in _PLANNING:
        return _PLANNING[product][1](assessment)
    if product.startswith("hazard-"):
        return _hazard(assessment, assessment.themes[product.removeprefix("hazard-")])
    return _risk(assessment, product)


def _hazard(assessment: Assessment, theme: ThemeResult) -> Subject:
    table = tally_cells(theme.classes, theme.scheme, mask=assessment.survey.mask, people=people_cells(assessment))
    given = theme.origin == "given"
    head = Text("部门成果", "Product of another department") if given else Text("编制方法", "Method")
    notes = [(head, theme.method), *([] if given else [break_note(theme.scheme)])]
    if assessment.survey.has("villages") and not assessment.survey.has("population"):
        notes.append(_SEATS)
    scores = {}
    if given and theme.name in assessment.survey.county.given:
        row = assessment.survey.county.given[theme.name].scores
        scores = {code: Text(f"得分 {number(one)}", f"score {number(one)}") for code, one in enumerate(row, 1)}
    return Subject(
        title=_map_title(theme.title, suffix=Text("危险性图", "hazard")),
        heads=HEADS,
        rows=class_rows(theme.scheme, table, bounds=scores if given else None),
        notes=tuple(notes),
        scheme=theme.scheme,
        codes=theme.classes,
    )


def _risk(assessment: Assessment, product: str) -> Subject:
    risk = assessment.risk
    assert risk is not None  # noqa: S101  sheet_names offers these only with a risk
    story = Text("\n".join(one.zh for one in risk.notes), "\n".join(one.en for one in risk.notes))
    notes = [(Text("编制方法", "Method"), story)] if risk.notes else []
    if product == "risk-grid":
        scheme, shapes, codes = risk.grid_scheme, None, risk.classes
        table = tally_cells(codes, scheme, mask=assessment.survey.mask, people=people_cells(assessment))
        title = Text("自然灾害综合风险图（格网）", "Comprehensive natural-disaster risk, by cell")
    else:
        zones = product == "zones"
        scheme, codes, shapes = risk.scheme, None, risk.zones if zones else risk.units
        table = tally_shapes(shapes, scheme)
        words = unit_words(assessment.survey)
        by = Text("行政村", "village") if words is VILLAGES else words.one
        title = Text(f"自然灾害综合风险图（{by.zh}）", f"Comprehensive natural-disaster risk, by {by.en}")
        if zones:
            title = Text("自然灾害综合风险区划图", "Zoning of comprehensive natural-disaster risk")
            notes.insert(0, _numbers(risk.zones))
        elif "made_area" in shapes and bool(shapes["made_area"].any()):
            notes.append(_MADE)
    return Subject(
        title=title,
        heads=HEADS,
        rows=class_rows(scheme, table),
        notes=(*notes, break_note(scheme)),
        scheme=scheme,
        codes=codes,
        shapes=shapes,
        named=product == "zones",
    )


def _numbers(zones: gpd.GeoDataFrame) -> tuple[Text, Text]:
    """The numbers that stand where a zone has no room for its name, with their names."""
    zh = "；".join(f"{key} {name}" for key, name in zones["name"].items())
    en = "; ".join(f"{key} {name}" for key, name in zones["name_en"].items())
    return Text("区划编号", "Numbers of the zones"), Text(zh, en)


_SEATS = (
    Text("人口", "People"),
    Text("按村（社区）驻地所在位置统计", "counted where the seats of the villages are"),
)
_MADE = (
    Text("单元范围", "Areas"),
    Text("村界由村驻地推算，不作为行政界线依据", "made from the seats of villages; no legal boundaries"),
)


def _shelters(assessment: Assessment) -> Subject:
    reach = assessment.shelters
    assert reach is not None  # noqa: S101  sheet_names offers it only with shelters
    closed = reach.roads["closed_in"].fillna("").astype(str) != ""
    rows = _shelter_rows(reach, bool(closed.any()))
    notes = [(Text("着色", "Colours"), _WHOLE), (Text("情景", "Scenarios"), _scenarios(assessment, reach))]
    if any(one.unverified for one in reach.thresholds):
        notes.append((Text("※ 阈值未核实", "unverified thresholds"), _unverified(reach.thresholds)))
    notes += [(Text("路网", "Roads"), one) for one in reach.notes[:1]]
    return Subject(
        title=Text("应急避难场所服务覆盖图", "Reach of emergency shelters"),
        heads=(Text("处数", "Places"), Text("人口 人", "People"), Text("人口占比", "Share of people")),
        rows=rows,
        notes=tuple(notes),
        scheme=_REACH,
        shapes=_villages(assessment.survey.units, reach),
        points=_shelter_points(reach, reach.demand["people"].fillna(0) > 0),
        lines=reach.roads[["geometry"]].assign(colour=closed.map({True: CLOSED, False: _ROAD})),
    )


def _shelter_points(reach: ShelterResult, inhabited: pd.Series) -> gpd.GeoDataFrame:
    villages = reach.demand.loc[inhabited, ["geometry"]].assign(colour=_SEAT, marker="o", size=9.0)
    places = reach.shelters[["geometry"]].assign(colour=COVERED, marker="^", size=60.0)
    return gpd.GeoDataFrame(pd.concat([villages, places]), crs=reach.demand.crs)


def _shelter_rows(reach: ShelterResult, closed: bool) -> tuple[LegendLine, ...]:
    """Shelters, villages by whether they are covered and why not, roads."""
    people, reason = reach.demand["people"], reach.demand["reason"]
    total, places = people.sum(), Text("避难场所", "Shelter")
    rows = [LegendLine(label=places, colour=COVERED, figures=(number(len(reach.shelters)), "", ""), mark="shelter")]
    for n, key in enumerate(_SITUATIONS):
        which = reason == key
        if not which.any():
            continue
        heads = people[which].sum()
        values = (number(which.sum()), number(heads), share(heads / total if total else None))
        rows.append(LegendLine(label=_REACH.labels[n], colour=_REACH.colours[n], figures=values))
    rows.append(LegendLine(label=Text("村（社区）驻地", "Village seat"), colour=_SEAT, mark="point"))
    rows.append(LegendLine(label=Text("道路", "Road"), colour=_ROAD, mark="line"))
    if closed:
        label = Text("任一情景下中断的道路", "Road closed, any scenario")
        rows.append(LegendLine(label=label, colour=CLOSED, mark="line"))
    return tuple(rows)


def _villages(units: gpd.GeoDataFrame, reach: ShelterResult) -> gpd.GeoDataFrame:
    """Areas of the units, by whether they are covered and why not."""
    codes = {key: n for n, key in enumerate(_SITUATIONS, 1)}
    return units[["geometry"]].assign(**{"class": reach.demand["reason"].map(codes).reindex(units.index)})


def _scenarios(assessment: Assessment, reach: ShelterResult) -> Text:
    closed = reach.roads["closed_in"].fillna("").astype(str).str.split("; ")
    zh, en = [], []
    for name, row in reach.scenarios.iterrows():
        title = scenario_title(assessment, str(name))
        by_road, straight = share(row["share_covered"]), share(row["share_straight"])
        plain = Text(f"，直线 {straight}", f", straight {straight}") if name == "dry" else Text("", "")
        km = float(reach.roads.loc[[name in one for one in closed], "length_m"].sum()) / 1000
        shut = Text(f"，中断路段 {number(km)} km", f", {number(km)} km of stretches closed") if km > 0 else Text("", "")
        zh.append(f"{title.zh}：道路可达 {by_road}{plain.zh}{shut.zh}")
        en.append(f"{title.en}: by road {by_road}{plain.en}{shut.en}")
    return Text("\n".join(zh), "\n".join(en))


def scenario_title(assessment: Assessment, name: str) -> Text:
    """Name of a scenario as people say it: the theme by its title, no code.

    Examples
    --------
    >>> scenario_title.__name__
    'scenario_title'
    """
    if name == "dry":
        return Text("无灾害", "No hazard")
    own = {} if assessment.shelters is None else assessment.shelters.titles
    if name in own:
        return own[name]
    theme = assessment.themes.get(name.partition(": ")[0])
    if theme is not None:
        return scenario_words(theme.title, name, part=theme.scenario_titles.get(name))
    return Text(name, name)


def _unverified(thresholds: tuple[Threshold, ...]) -> Text:
    titles = [one.title for one in thresholds if one.unverified]
    return Text("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


def _map_title(title: Text, *, suffix: Text) -> Text:
    if title.zh.endswith("图"):
        return title
    if title.zh.endswith("性"):  # 危险性, 易发性: the title says already what is shown
        return Text(f"{title.zh}图", f"{title.en} map")
    return Text(f"{title.zh}{suffix.zh}", f"{title.en} {suffix.en}")
