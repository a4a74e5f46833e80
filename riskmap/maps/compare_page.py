"""Two deliveries of one layer on a page: what was added, removed, moved, changed, with a map."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import shapely

from riskmap.maps.document import rendered
from riskmap.maps.quality_map import Frame
from riskmap.maps.words import UNITS
from riskmap.model import Text
from riskmap.model.comparison import Comparison, Difference, Kind

__all__ = ["KINDS", "compare_page", "difference_words"]

KINDS: Mapping[Kind, tuple[Text, str]] = MappingProxyType(
    {
        "added": (Text("新增", "Added"), "#1b7837"),
        "removed": (Text("删除", "Removed"), "#b2182b"),
        "moved": (Text("移动", "Moved"), "#2166ac"),
        "changed": (Text("修改", "Changed"), "#e08214"),
    }
)
"""Kind of difference: its name and its colour."""
_MOST = 2000
_DRAWN = 4000


def difference_words(one: Difference) -> Text:
    """Say what happened to a record.

    Examples
    --------
    >>> difference_words(Difference(kind="moved", layer="l", key="a", row=2, metres=12.5)).en
    'moved by 12.5 m'
    """
    if one.kind == "moved":
        if one.metres is None:
            return Text("位置只在一方有", "has a place in one delivery only")
        return Text(f"移动 {one.metres:,.1f} 米", f"moved by {one.metres:,.1f} m")
    if one.kind == "changed" and one.field is not None:
        unit = UNITS.get(one.unit, Text(one.unit, one.unit))
        old, new = one.old or "（空）", one.new or "（空）"
        was, now = one.old or "empty", one.new or "empty"
        return Text(
            f"{one.field.zh}：{old} → {new} {unit.zh}".strip(), f"{one.field.en}: {was} → {now} {unit.en}".strip()
        )
    return KINDS[one.kind][0]


def compare_page(found: Comparison) -> str:
    """Write a comparison as one HTML file that opens without a network.

    Parameters
    ----------
    found : Comparison
        Of two deliveries.

    Returns
    -------
    str
        HTML: counts, a map of what differs, and a table with filters; a click on the map leads to the row. At most
        2000 rows are listed; the workbook has all.

    Raises
    ------
    RiskmapError
        There is no font to embed.

    Examples
    --------
    >>> compare_page.__name__
    'compare_page'
    """
    listed = found.differences[:_MOST]
    drawing = _drawing(found, listed)
    drawn = {one["number"] for one in drawing["marks"]} if drawing else set()
    fields = {one.field.zh: one.field for one in found.differences if one.field is not None}
    title = found.spec.title
    values: dict[str, Any] = {
        "title": Text(f"{title.zh}：两次提交对比", f"{title.en}: two deliveries compared"),
        "old": found.old,
        "new": found.new,
        "key": Text(_titles(found, "zh"), _titles(found, "en")),
        "moved": Text(f"移动超过 {found.moved_m:g} 米的算移动", f"moved: by more than {found.moved_m:g} m"),
        "facts": list(_facts(found)),
        "columns": [(KINDS[kind][0], texts) for kind, texts in found.columns.items() if texts],  # type: ignore[index]
        "kinds": [{"name": name, "label": label, "colour": colour} for name, (label, colour) in KINDS.items()],
        "fields": sorted(fields.values(), key=lambda one: one.zh),
        "map": drawing,
        "rows": [_row(n, one, placed=n in drawn) for n, one in enumerate(listed)],
        "unlisted": len(found.differences) - len(listed),
    }
    return rendered("compare.html", values)


def _titles(found: Comparison, language: Literal["zh", "en"]) -> str:
    titles = {one.name: one.title[language] for one in found.spec.fields}
    return (
        "、".join(titles.get(one, one) for one in found.key)
        if language == "zh"
        else ", ".join(titles.get(one, one) for one in found.key)
    )


def _facts(found: Comparison) -> Iterator[dict[str, Any]]:
    counts = found.counts
    yield {"value": f"{found.records[0]:,}", "label": Text("旧记录", "Records before")}
    yield {"value": f"{found.records[1]:,}", "label": Text("新记录", "Records now")}
    for kind, (label, _) in KINDS.items():
        yield {"value": f"{counts[kind]:,}", "label": label}
    yield {"value": f"{found.same:,}", "label": Text("未变", "The same")}
    if any(found.unkeyed):
        told = Text("无编号或编号重复，未比较", "Without a code or repeated: not compared")
        yield {"value": f"{found.unkeyed[0]:,} / {found.unkeyed[1]:,}", "label": told}


def _row(number: int, one: Difference, *, placed: bool) -> dict[str, Any]:
    label, colour = KINDS[one.kind]
    named = one.field.zh if one.field else ""
    told = {"number": number, "kind": one.kind, "label": label, "colour": colour, "placed": placed, "field": named}
    return told | {"row": one.row, "key": one.key, "name": one.name, "words": difference_words(one)}


def _drawing(found: Comparison, listed: tuple[Difference, ...]) -> dict[str, Any] | None:
    if found.shapes is None or found.before is None:
        return None
    county = [] if found.outline is None else list(found.outline.geometry)
    every = [*found.shapes.geometry, *found.before.geometry, *county]
    bounds = shapely.bounds(np.array([one for one in every if one is not None and not one.is_empty], dtype=object))
    if not len(bounds):
        return None
    frame = Frame.around((*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0)))
    ground = [one for one in found.shapes.geometry if one is not None and one.geom_type != "Point"]
    dots = [frame.at(one.x, one.y) for one in found.shapes.geometry if one is not None and one.geom_type == "Point"]
    marks = [mark for n, one in enumerate(listed) if (mark := _mark(found, one, n, frame)) is not None]
    return {
        "width": f"{frame.wide:.0f}",
        "height": f"{max(frame.high, 60):.0f}",
        "outline": frame.path(county),
        "ground": frame.path(ground[:_DRAWN]),
        "dots": [{"x": f"{x:.1f}", "y": f"{y:.1f}"} for x, y in dots[:_DRAWN]],
        "marks": marks[::-1],
    }


def _mark(found: Comparison, one: Difference, number: int, frame: Frame) -> dict[str, Any] | None:
    """Where a difference is: its dot, and the way that a moved record went."""
    frames = {"removed": found.before}
    now: Any = frames.get(one.kind, found.shapes)
    shape = now.geometry.get(one.key)
    was = found.before.geometry.get(one.key) if one.kind == "moved" and found.before is not None else None
    shape = was if shape is None or shape.is_empty else shape
    if shape is None or shape.is_empty:
        return None
    spot = shape.representative_point()
    x, y = frame.at(spot.x, spot.y)
    words = difference_words(one)
    way = ""
    if was is not None and not was.is_empty:
        first = was.representative_point()
        a, b = frame.at(first.x, first.y)
        way = f"M{a:.1f} {b:.1f}L{x:.1f} {y:.1f}"
    text = (
        f"{KINDS[one.kind][0].zh} {one.key} {one.name} {words.zh if one.kind in {'moved', 'changed'} else ''}".strip()
    )
    return {"number": number, "x": f"{x:.1f}", "y": f"{y:.1f}", "colour": KINDS[one.kind][1], "text": text, "way": way}
