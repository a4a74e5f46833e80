"""A comparison of two deliveries as files: a page with a map, a workbook, a list for programs."""

from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.maps.compare_page import KINDS, compare_page, difference_words
from riskmap.model import Text
from riskmap.model.comparison import Comparison
from riskmap.writers import write_bytes, write_json, write_workbook

__all__ = ["comparison_values", "write_comparison"]

_DATE = "2026-01-01"
"""No date is known of two files: the only one in the workbook, so that the same comparison is the same bytes."""


def comparison_values(found: Comparison) -> dict[str, Any]:
    """Comparison as plain values, for JSON.

    Parameters
    ----------
    found : Comparison
        Of two deliveries.

    Returns
    -------
    dict
        The two files, counts, and a list of differences.

    Examples
    --------
    >>> comparison_values.__name__
    'comparison_values'
    """
    plain = ("kind", "key", "row", "name", "old", "new", "metres")
    return {
        "layer": found.spec.name,
        "old": found.old,
        "new": found.new,
        "key": list(found.key),
        "moved_m": found.moved_m,
        "records": list(found.records),
        "same": found.same,
        "not_compared": list(found.unkeyed),
        "counts": found.counts,
        "columns": {kind: [one.zh for one in texts] for kind, texts in found.columns.items()},
        "differences": [
            {**{name: getattr(one, name) for name in plain}, "field": one.field.zh if one.field else ""}
            for one in found.differences
        ],
    }


def write_comparison(found: Comparison, folder: Path) -> None:
    """Write `compare.html`, `compare.xlsx` and `compare.json` into a folder.

    Parameters
    ----------
    found : Comparison
        Of two deliveries.
    folder : pathlib.Path
        Made if it is not there; other files in it are left alone.

    Examples
    --------
    >>> write_comparison.__name__
    'write_comparison'
    """
    write_bytes(folder / "compare.html", compare_page(found).encode("utf-8"))
    write_workbook(folder / "compare.xlsx", _sheets(found), date=_DATE, notes=_notes(found))
    write_json(folder / "compare.json", comparison_values(found))


def _notes(found: Comparison) -> list[str]:
    title = found.spec.title
    return [
        str(Text(f"{title.zh}：两次提交对比", f"{title.en}: two deliveries compared")),
        f"旧 Before: {found.old}",
        f"新 Now: {found.new}",
        str(Text(f"移动：超过 {found.moved_m:g} 米", f"Moved: by more than {found.moved_m:g} m")),
        "行号：新文件的行号；删除的记录为旧文件的行号。个人信息以 *** 代替。",
        "Row: of the newer file; of removed records of the older. Personal data stand as ***.",
    ]


def _sheets(found: Comparison) -> dict[str, pd.DataFrame]:
    counts = [(str(KINDS[kind][0]), number) for kind, number in found.counts.items()]  # type: ignore[index]
    counts += [("未变 The same", found.same), ("旧记录 Before", found.records[0]), ("新记录 Now", found.records[1])]
    counts += [
        ("未比较（旧） Not compared, before", found.unkeyed[0]),
        ("未比较（新） Not compared, now", found.unkeyed[1]),
    ]
    sheets = {"汇总 Summary": pd.DataFrame(counts, columns=["类别 Kind", "记录 Records"])}
    heads = [
        "行号 Row",
        "编号 Key",
        "名称 Name",
        "字段 Column",
        "旧值 Before",
        "新值 Now",
        "距离（米） Distance (m)",
        "说明 In words",
    ]
    for kind, (title, _) in KINDS.items():
        rows = [
            (
                one.row, one.key, one.name, "" if one.field is None else str(one.field), one.old, one.new, one.metres,
                str(difference_words(one)),
            )
            for one in found.differences
            if one.kind == kind
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=heads)
        keep = [one for one in heads if not (frame[one].isna() | (frame[one] == "")).all() or one in heads[:3]]
        sheets[str(title)] = frame[keep]
    return sheets
