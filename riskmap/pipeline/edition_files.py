"""A comparison of two editions as files: a page, a workbook, a list for programs."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from riskmap.maps.editions_page import CAUSES, SHELTER_CHANGES, editions_page
from riskmap.model.editions import EditionsCompared
from riskmap.writers import write_bytes, write_json, write_workbook

__all__ = ["edition_values", "write_edition_comparison"]

_HEADS = {
    "unit_id": "单元代码 Unit code",
    "name": "名称 Name",
    "class_old": "旧等级 Class before",
    "class_new": "新等级 Class now",
    "step": "变动级数 Classes moved",
    "index_old": "旧指数 Index before",
    "index_new": "新指数 Index now",
    "stability_old": "旧等级稳定性 Stability before",
    "cause": "原因 Why",
    "reason": "说明 In words",
    "units": "单元数 Units",
    "people": "人口（人） People",
}

_SHELTER_HEADS = {
    "shelter_id": "场所编号 Shelter code",
    "name": "名称 Name",
    "change": "变动 Change",
    **{
        f"{name}_{when}": f"{'旧' if when == 'old' else '新'}{zh} {en} {'before' if when == 'old' else 'now'}"
        for name, zh, en in (
            ("type", "类型", "Type"), ("capacity_people", "容量（人）", "Capacity (people)"),
            ("radius_m", "服务半径（m）", "Radius (m)"), ("people_to_move", "需安置（人）", "To move"),
            ("people_assigned", "已安置（人）", "Placed"), ("people_unassigned", "未安置（人）", "Not placed"),
            ("people_covered", "覆盖：服务半径内（人）", "Covered: within a radius"),
        )
        for when in ("old", "new")
    },
}  # fmt: skip


def edition_values(found: EditionsCompared) -> dict[str, Any]:
    """Comparison as plain values, for JSON.

    Parameters
    ----------
    found : EditionsCompared
        Of two editions.

    Returns
    -------
    dict
        Dates, counts by cause, what differs, transition table, changed units, changed shelters and placing; unknown numbers are None.

    Examples
    --------
    >>> edition_values.__name__
    'edition_values'
    """
    counts = found.changes["cause"].value_counts()
    return {
        "county": found.county.zh,
        "dates": list(found.dates),
        "changed": len(found.changes),
        "same": found.same,
        "added": found.added,
        "removed": found.removed,
        "causes": {one: int(counts.get(one, 0)) for one in CAUSES},
        "data": [one.en for one in found.data],
        "method": [one.en for one in found.method],
        "transition": _plain(found.transition),
        "units": _plain(found.changes.reset_index()),
        "shelters": None if found.shelters is None else _plain(found.shelters.reset_index()),
        "placing": None if found.placing is None else _plain(found.placing.reset_index()),
    }


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): None if isinstance(one, float) and not np.isfinite(one) else one for key, one in row.items()}
        for row in frame.to_dict("records")
    ]


def write_edition_comparison(found: EditionsCompared, folder: Path) -> None:
    """Write `editions.html`, `editions.xlsx` and `editions.json` into a folder.

    Parameters
    ----------
    found : EditionsCompared
        Of two editions.
    folder : pathlib.Path
        Made if it is not there; other files in it are left alone.

    Examples
    --------
    >>> write_edition_comparison.__name__
    'write_edition_comparison'
    """
    write_bytes(folder / "editions.html", editions_page(found).encode("utf-8"))
    sheets = {
        "变动单元 Units": _spelled(found, found.changes.reset_index()),
        "等级转移 Classes": _spelled(found, found.transition),
    }
    if found.shelters is not None:
        told = found.shelters.reset_index()
        told["change"] = told["change"].map(lambda one: str(SHELTER_CHANGES[one]))
        sheets["避难场所变动 Shelters"] = told.rename(columns=_SHELTER_HEADS)
    if found.placing is not None:
        sheets["安置与覆盖 Placed"] = found.placing.reset_index(drop=True).rename(columns=_SHELTER_HEADS)
    notes = [
        f"{found.county}: {found.dates[0]} → {found.dates[1]}",
        *(f"资料 Data: {one}" for one in found.data),
        *(f"方法 Method: {one}" for one in found.method),
    ]
    write_workbook(folder / "editions.xlsx", sheets, date=found.dates[1], notes=notes)
    write_json(folder / "editions.json", edition_values(found))


def _spelled(found: EditionsCompared, frame: pd.DataFrame) -> pd.DataFrame:
    words = {one: frame[one].map(lambda code: found.scheme.label(int(code)).zh) for one in ("class_old", "class_new")}
    causes = {"cause": frame["cause"].map(lambda one: str(CAUSES[one]))} if "cause" in frame else {}
    return frame.assign(**words, **causes).rename(columns=_HEADS)
