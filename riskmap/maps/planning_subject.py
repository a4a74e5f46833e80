"""What the sheets of planning show."""

import geopandas as gpd
import numpy as np

from riskmap.errors import MissingLayerError
from riskmap.maps.legend import HEADS, LegendLine, Subject, break_note, class_rows
from riskmap.maps.style import INK
from riskmap.maps.tally import tally_shapes
from riskmap.maps.words import number, share
from riskmap.model import Assessment, ClassScheme, ProductTable, Survey, Text

__all__ = [
    "CAPACITY",
    "CONFLICTS",
    "PREVENTION",
    "capacity_subject",
    "conflicts_subject",
    "has_capacity",
    "has_conflicts",
    "has_prevention",
    "prevention_subject",
]

PREVENTION, CAPACITY, CONFLICTS = "prevention", "capacity", "conflicts"
_TABLES = {PREVENTION: "prevention_comprehensive", CAPACITY: "capacity_townships", CONFLICTS: "planning_conflicts"}
_PLANNED, _MENDED, _HIT, _SITE = "#4d4d4d", "#e08214", "#d7301f", "#1b7837"
_BROKEN = "broken-shape"
_CONFLICT = ClassScheme(
    name="conflict", title=Text("规划冲突", "Planning conflict"), labels=(Text("与高等级区冲突部分", "Part in a high class"),),
    colours=("#f4a582",), source="drawing only", confidence="C",
)  # fmt: skip
_BORDER_PT = 1.6
_SEAM_M = 1.0


def has_prevention(assessment: Assessment) -> bool:
    """Whether the comprehensive prevention zoning was made.

    Examples
    --------
    >>> has_prevention.__name__
    'has_prevention'
    """
    return _found(assessment, PREVENTION) is not None


def prevention_subject(assessment: Assessment) -> Subject:
    """Gather the sheet of the comprehensive prevention zoning: zones of the second level, borders of the first.

    Parameters
    ----------
    assessment : Assessment
        With its products.

    Returns
    -------
    Subject

    Raises
    ------
    MissingLayerError
        The prevention zoning was not made.

    Examples
    --------
    >>> prevention_subject.__name__
    'prevention_subject'
    """
    table = _found(assessment, PREVENTION)
    if table is None:
        raise MissingLayerError("没有综合防治区划 The comprehensive prevention zoning was not made; it needs a risk")
    scheme, zones = table.schemes["class"], gpd.GeoDataFrame(table.frame)
    nothing = {code: Text("", "") for code in range(1, scheme.size + 1)}
    border = LegendLine(label=Text("一级区界", "Border of the first level"), colour=INK, mark="line")
    return Subject(
        title=Text("自然灾害综合防治区划图", "Zoning for the prevention of natural disasters"),
        heads=HEADS,
        rows=(*class_rows(scheme, tally_shapes(zones, scheme), bounds=nothing), border),
        notes=(
            (_NUMBERS, _first_levels(zones)),
            (_NAMES, Text("见报告与数据表", "in the report and the tables")),
            (Text("编制方法", "Method"), _joined(table.notes[:-1])),
            (Text("※ 参考方案（未核实）", "Candidates (unverified)"), table.notes[-1]),
        ),
        scheme=scheme,
        shapes=zones.assign(name=zones.index, name_en=zones.index),  # names of two levels have no room
        named=True,
        lines=_borders(zones),
    )


_NUMBERS = Text("一级区（编号首位）", "First level")

_NAMES = Text("各区名称与防治措施", "Names and measures")


def has_capacity(assessment: Assessment) -> bool:
    """Whether capacity was scored.

    Examples
    --------
    >>> has_capacity.__name__
    'has_capacity'
    """
    return _found(assessment, CAPACITY) is not None


def capacity_subject(assessment: Assessment) -> Subject:
    """Gather the sheet of the capacity of the townships.

    Parameters
    ----------
    assessment : Assessment
        With its products.

    Returns
    -------
    Subject

    Raises
    ------
    MissingLayerError
        Capacity was not scored.

    Examples
    --------
    >>> capacity_subject.__name__
    'capacity_subject'
    """
    table = _found(assessment, CAPACITY)
    if table is None:
        raise MissingLayerError("没有减灾能力成果 Capacity was not scored; it needs people and facilities")
    scheme, areas = table.schemes["class"], gpd.GeoDataFrame(table.frame)
    return Subject(
        title=Text("自然灾害减灾能力图", "Capacity to reduce natural disasters"),
        heads=HEADS,
        rows=class_rows(scheme, tally_shapes(_with_people(assessment, areas), scheme)),
        notes=((Text("※ 编制方法（未核实）", "Method (unverified)"), _joined(table.notes)), break_note(scheme)),
        scheme=scheme,
        shapes=areas,
    )


def has_conflicts(assessment: Assessment) -> bool:
    """Whether planned areas were laid over the hazards.

    Examples
    --------
    >>> has_conflicts.__name__
    'has_conflicts'
    """
    return _found(assessment, CONFLICTS) is not None and assessment.survey.has("planning")


def conflicts_subject(assessment: Assessment) -> Subject:
    """Gather the sheet of planned areas and sites that meet high hazard.

    Parameters
    ----------
    assessment : Assessment
        With its products.

    Returns
    -------
    Subject

    Raises
    ------
    MissingLayerError
        No planned area meets a high class.

    Examples
    --------
    >>> conflicts_subject.__name__
    'conflicts_subject'
    """
    table = _found(assessment, CONFLICTS)
    if table is None:
        raise MissingLayerError(
            "没有规划冲突成果 No planned area meets a high class, or no planning layer was delivered"
        )
    parts, plans = gpd.GeoDataFrame(table.frame), assessment.survey.frame("planning")
    hit, mended = parts[["geometry"]].dissolve().assign(**{"class": 1}), _mended(assessment.survey, plans)
    points, rows = _sites(assessment)
    rows = [*_plan_rows(assessment.survey, hit, count=parts["name"].nunique(), mended=int(mended.sum())), *rows]
    names = _conflict_names(parts, mended_names=set(plans.loc[mended, "name"].astype(str)))
    return Subject(
        title=Text("规划与灾害风险冲突图", "Planned areas and sites against hazards"),
        heads=(Text("处数", "Places"), Text("面积 km²", "Area km²"), HEADS[2]),
        rows=tuple(rows),
        notes=((Text("冲突的规划（最高等级）", "In conflict (highest class)"), names), (Text("※ 规则（未核实）", "Rules (unverified)"), _joined(table.notes))),
        scheme=_CONFLICT,
        shapes=hit,
        points=points,
        lines=gpd.GeoDataFrame(geometry=plans.boundary.to_numpy(), crs=plans.crs).assign(
            colour=np.where(mended, _MENDED, _PLANNED), width=np.where(mended, 1.4, 0.7),
        ),
    )  # fmt: skip


def _plan_rows(survey: Survey, hit: gpd.GeoDataFrame, *, count: int, mended: int) -> list[LegendLine]:
    area = float(hit.area.sum()) / 1e6
    part = share(area / (float(survey.outline.area.sum()) / 1e6))
    plain = Text("规划范围", "Planned area")
    rows = [
        LegendLine(label=_CONFLICT.labels[0], colour=_CONFLICT.colours[0], figures=(number(count), number(area), part)),
        LegendLine(label=plain, colour=_PLANNED, mark="line"),
    ]
    if mended:
        label = Text("规划范围（图形经修复，待核）", "Mended: check")
        rows.append(LegendLine(label=label, colour=_MENDED, mark="line"))
    return rows


def _conflict_names(parts: gpd.GeoDataFrame, *, mended_names: set[str]) -> Text:
    mark = "（图形经修复，待核）"
    rows = parts[["name", "highest"]].drop_duplicates("name").astype(str)
    lines = [f"{name}{mark if name in mended_names else ''}：{highest}" for name, highest in rows.to_numpy()]
    return Text("\n".join(lines), "areas and hazards: see the report and the tables")


def _mended(survey: Survey, plans: gpd.GeoDataFrame) -> np.ndarray:
    """Which shapes were broken and put right on reading: those nearest to where they were found broken."""
    found = [
        (one.lon, one.lat)
        for one in survey.findings
        if one.layer == "planning" and one.rule == _BROKEN and one.mended and one.lon is not None
    ]
    hit = np.zeros(len(plans), bool)
    for point in (
        gpd.GeoSeries(gpd.points_from_xy(*zip(*found, strict=True)), crs="EPSG:4326").to_crs(plans.crs) if found else ()
    ):
        hit[int(np.argmin(plans.distance(point).to_numpy()))] = True
    return hit


def _sites(assessment: Assessment) -> tuple[gpd.GeoDataFrame | None, list[LegendLine]]:
    """Planned sites, red where one hazard at least is high, with their lines of the legend."""
    found = next((one.frame for one in assessment.products if one.name == "planned_sites_checked"), None)
    if found is None or not len(found):
        return None, []
    bad = found["high"] > 0
    sites = gpd.GeoDataFrame(found)
    points = sites[["geometry"]].assign(colour=bad.map({True: _HIT, False: _SITE}), marker="s", size=34.0)
    told = (
        (Text("位于高等级区的规划点位", "Planned site in a high class"), _HIT, int(bad.sum())),
        (Text("其他规划点位", "Other planned site"), _SITE, int((~bad).sum())),
    )
    return points, [
        LegendLine(label=label, colour=colour, figures=(number(count), "", ""), mark="site")
        for label, colour, count in told
    ]


def _with_people(assessment: Assessment, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the people beside the areas, for the legend."""
    risk = assessment.risk
    for frame in () if risk is None else (risk.townships, risk.units):
        if "people" in frame and set(areas.index) <= set(frame.index):
            return areas.assign(people=frame["people"].reindex(areas.index))
    return areas


def _found(assessment: Assessment, name: str) -> ProductTable | None:
    return next((one for one in assessment.products if one.name == _TABLES[name] and len(one.frame)), None)


def _first_levels(zones: gpd.GeoDataFrame) -> Text:
    numbers = zones.index.to_series().str.partition("-")[0]
    rows = zones.assign(number=numbers).drop_duplicates("number")
    told = list(zip(rows["number"], rows["first_level"], rows["first_level_en"], strict=True))
    return Text("\n".join(f"{n} {zh}" for n, zh, _ in told), "\n".join(f"{n} {en}" for n, _, en in told))


def _borders(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    numbers = zones.index.to_series().str.partition("-")[0]
    areas = zones[["geometry"]].dissolve(numbers)
    whole = areas.buffer(_SEAM_M).buffer(-_SEAM_M)  # edges of made areas differ by rounding
    return areas.set_geometry(whole.boundary).assign(colour=INK, width=_BORDER_PT)


def _joined(texts: tuple[Text, ...]) -> Text:
    return Text("\n".join(one.zh for one in texts), "\n".join(one.en for one in texts))
