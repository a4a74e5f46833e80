"""Two editions of one county on a page: what changed class, and why."""

from collections.abc import Mapping
from types import MappingProxyType

from riskmap.maps.document import Cell, Head, Part, Section, Table, class_cell, rendered, text_cell
from riskmap.model import Text
from riskmap.model.editions import Cause, EditionsCompared, ShelterChange
from riskmap.model.reach_result import MEASURES

__all__ = ["CAUSES", "SHELTER_CHANGES", "editions_page"]

CAUSES: Mapping[Cause, Text] = MappingProxyType(
    {
        "data": Text("资料", "Data"),
        "method": Text("方法", "Method"),
        "data and method": Text("资料与方法", "Data and method"),
        "noise": Text("不确定性之内", "Within the doubt"),
        "by hand": Text("人工审定", "By hand"),
    }
)
"""Why a unit changed class."""
SHELTER_CHANGES: Mapping[ShelterChange, Text] = MappingProxyType(
    {"added": Text("新增", "New"), "gone": Text("取消", "Gone"), "changed": Text("有变", "Changed")}
)
"""What happened to a shelter."""
_MOST = 500


def editions_page(found: EditionsCompared) -> str:
    """Write the comparison of two editions as one HTML file that opens without a network.

    Parameters
    ----------
    found : EditionsCompared
        From the pipeline.

    Returns
    -------
    str
        HTML; at most 500 units are listed, the workbook has all.

    Raises
    ------
    RiskmapError
        There is no font to embed.

    Examples
    --------
    >>> editions_page.__name__
    'editions_page'
    """
    counts = found.changes["cause"].value_counts()
    facts = [
        {"value": f"{len(found.changes):,}", "label": Text("等级改变的单元", "Units that changed class")},
        {"value": f"{found.same:,}", "label": Text("等级未变", "Kept their class")},
        {"value": f"{found.added:,} / {found.removed:,}", "label": Text("新增 / 取消的单元", "Units added / gone")},
        *_shelter_facts(found),
        *({"value": f"{int(counts[one]):,}", "label": label} for one, label in CAUSES.items() if one in counts),
    ]
    title = Text(f"{found.county.zh}：两版成果对比", f"{found.county.en}: two editions compared")
    values = {
        "title": title,
        "note": None,
        "imprint": [
            Text(f"旧版 {found.dates[0]}，新版 {found.dates[1]}", f"before {found.dates[0]}, now {found.dates[1]}")
        ],
        "approval": Text("", ""),
        "facts": facts,
        "sections": [_reasons(found), _transition(found), _units(found), *_shelters(found)],
    }
    return rendered("report.html", values)


def _shelter_facts(found: EditionsCompared) -> list[Mapping[str, object]]:
    if found.shelters is None or found.placing is None:
        return []
    return [
        {"value": f"{len(found.shelters):,}", "label": Text("有变的避难场所", "Shelters that changed")},
        {
            "value": f"{len(found.placing):,}",
            "label": Text("安置或覆盖有变的情景", "Scenarios placed or covered otherwise"),
        },
    ]


def _shelters(found: EditionsCompared) -> list[Section]:
    """Shelters that changed, and people covered and placed before and now."""
    if found.shelters is None or found.placing is None:
        return []
    heads = tuple(
        Head(text=Text(zh, en), right=right)
        for zh, en, right in (
            ("避难场所", "Shelter", False), ("变动", "Change", False), ("旧类型", "Type before", False),
            ("新类型", "Type now", False), ("旧容量（人）", "Capacity before", True), ("新容量（人）", "Capacity now", True),
            ("旧服务半径（m）", "Radius before, m", True), ("新服务半径（m）", "Radius now, m", True),
        )
    )  # fmt: skip
    rows = tuple(
        (
            text_cell(row["name"]),
            Cell(text=SHELTER_CHANGES[row["change"]]),
            *(text_cell(row[f"{name}_{when}"]) for name in ("type", "capacity_people", "radius_m") for when in _WHEN),
        )
        for row in found.shelters.to_dict("records")
    )
    nothing = () if rows else (Text("没有变动。", "None changed."),)
    part = Part(
        title=Text("避难场所变动", "Shelters"), lines=nothing, tables=(Table(heads=heads, rows=rows),) if rows else ()
    )
    return [Section(title=Text("避难场所与安置", "Shelters and who is placed"), parts=(part, _placing(found)))]


_WHEN = ("old", "new")
_PLACED = ("people_to_move", "people_assigned", "people_unassigned", "people_covered")


def _placing(found: EditionsCompared) -> Part:
    table, title = found.placing, Text("各情景安置与覆盖", "Placed and covered by scenario")
    if table is None or table.empty:
        return Part(title=title, lines=(Text("各情景人数均未变。", "The same people in every scenario."),))
    heads = (
        Head(text=Text("情景", "Scenario")),
        *(
            Head(text=Text(f"{when.zh}{head.zh}（人）", f"{head.en} {when.en}"), right=True)
            for head in (
                Text("需安置", "To move"),
                Text("已安置", "Placed"),
                Text("未安置", "Not placed"),
                Text("覆盖", "Covered"),
            )
            for when in (Text("旧", "before"), Text("新", "now"))
        ),
    )
    rows = tuple(
        tuple(text_cell(row[name]) for name in ("name", *(f"{one}_{when}" for one in _PLACED for when in _WHEN)))
        for row in table.to_dict("records")
    )
    return Part(title=title, lines=(MEASURES,), tables=(Table(heads=heads, rows=rows),))


def _reasons(found: EditionsCompared) -> Section:
    nothing = (Text("没有差异", "nothing differs"),)
    return Section(
        title=Text("两版之间有何不同", "What differs between the editions"),
        parts=(
            Part(title=Text("资料", "Data"), lines=found.data or nothing),
            Part(title=Text("方法", "Method"), lines=found.method or nothing),
        ),
    )


def _transition(found: EditionsCompared) -> Section:
    heads = (
        Head(text=Text("旧等级", "Class before")),
        Head(text=Text("新等级", "Class now")),
        Head(text=Text("单元数", "Units"), right=True),
        Head(text=Text("人口（人）", "People"), right=True),
    )
    rows = tuple(
        (
            class_cell(found.scheme, row["class_old"]),
            class_cell(found.scheme, row["class_new"]),
            text_cell(row["units"]),
            text_cell(row["people"]),
        )
        for row in found.transition.to_dict("records")
    )
    return Section(
        title=Text("等级转移", "Classes before and now"), parts=(Part(tables=(Table(heads=heads, rows=rows),)),)
    )


def _units(found: EditionsCompared) -> Section:
    heads = (
        Head(text=Text("单元", "Unit")),
        Head(text=Text("旧等级", "Class before")),
        Head(text=Text("新等级", "Class now")),
        Head(text=Text("原因", "Why")),
        Head(text=Text("说明", "In words")),
    )
    shown = found.changes.head(_MOST)
    rows = tuple(
        (
            text_cell(f"{row['name']} {unit}"),
            class_cell(found.scheme, row["class_old"]),
            class_cell(found.scheme, row["class_new"]),
            Cell(text=CAUSES[row["cause"]]),
            text_cell(row["reason"]),
        )
        for unit, row in zip(shown.index, shown.to_dict("records"), strict=True)
    )
    rest = len(found.changes) - len(shown)
    lines = (Text(f"另有 {rest} 个单元，见数据表", f"{rest} more units in the workbook"),) if rest else ()
    title = Text("等级改变的单元", "Units that changed class")
    return Section(title=title, parts=(Part(lines=lines, tables=(Table(heads=heads, rows=rows),)),))
