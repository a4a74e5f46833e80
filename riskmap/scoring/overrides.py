"""Classes that somebody signs for, in place of computed ones; both are kept."""

from collections.abc import Iterator, Sequence

import geopandas as gpd
import pandas as pd

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, ClassScheme, County, Text
from riskmap.model.county import Override

__all__ = ["overridden", "override_class", "override_notes", "override_words"]


def override_class(value: int | str, scheme: ClassScheme) -> int:
    """Number of the class that an override names.

    Parameters
    ----------
    value : int or str
        Number 1..K, low to high, or the name in either language.
    scheme : ClassScheme
        Names of the classes.

    Returns
    -------
    int
        1..K.

    Raises
    ------
    MethodError
        The scheme has no such class; those that it has are listed.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> [override_class(one, book().scheme("comprehensive-risk")) for one in (4, "高", "medium-low", "2")]
    [4, 5, 2, 2]
    """
    text = str(value).strip().casefold()
    for code, label in enumerate(scheme.labels, start=1):
        if text in {str(code), label.zh.casefold(), label.en.casefold()}:
            return code
    allowed = ", ".join(f"{code} {label}" for code, label in enumerate(scheme.labels, start=1))
    raise MethodError(f"no class {value!r}; allowed: {allowed}")


def override_words(one: Override) -> str:
    """Say who set a class, when, and why, in the county's own words.

    Examples
    --------
    >>> override_words(Override(unit="1", **{"class": 4}, by="应急局", date="2026-01-05", reason="新建堤防",
    ...     evidence="验收报告第3页"))
    '应急局，2026-01-05：新建堤防（依据：验收报告第3页）'
    """
    file = f"，{one.evidence_file}" if one.evidence_file else ""
    return f"{one.by}，{one.date}：{one.reason}（依据：{one.evidence}{file}）"


def overridden(areas: gpd.GeoDataFrame, overrides: Sequence[Override], *, scheme: ClassScheme) -> gpd.GeoDataFrame:
    """Put signed classes in place of computed ones.

    Parameters
    ----------
    areas : GeoDataFrame
        Index: codes; ``class`` (uint8), and ``stability`` and ``next_class`` where known.
    overrides : sequence of Override
        Of these areas and of others; others are passed over.
    scheme : ClassScheme
        Of ``class``.

    Returns
    -------
    GeoDataFrame
        The same areas. Where one is overridden, all have ``class_computed`` (uint8) and ``override`` (who, when,
        why; empty where the class is computed) right after ``class``; a signed class has no stability (NaN) and no
        next class (`NO_CLASS`), for no draw of weights moves it. A frame without overrides comes back as it is.

    Raises
    ------
    MethodError
        A class that the scheme does not have.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> from riskmap.standards import book
    >>> one = Override(unit="a", **{"class": "高"}, by="应急局", date="2026-01-05", reason="溃坝", evidence="照片")
    >>> areas = gpd.GeoDataFrame({"class": np.array([2, 3], "uint8")}, index=["a", "b"],
    ...     geometry=[shapely.Point(0, 0)] * 2)
    >>> overridden(areas, [one], scheme=book().scheme("comprehensive-risk"))[["class", "class_computed"]].to_numpy()
    array([[5, 2],
           [3, 3]], dtype=uint8)
    """
    here = [one for one in overrides if one.unit in areas.index]
    if not here:
        return areas
    signed = pd.Series({one.unit: override_class(one.class_, scheme) for one in here})
    computed = areas["class"].astype("uint8")
    words = pd.Series(
        {one.unit: f"计算等级“{scheme.label(int(computed[one.unit])).zh}”；{override_words(one)}" for one in here}
    )
    published = signed.reindex(areas.index).fillna(computed).astype("uint8")
    told = words.reindex(areas.index).fillna("")
    changes: dict[str, pd.Series] = {"class": published}
    if "stability" in areas:
        changes["stability"] = areas["stability"].where(told == "")
    if "next_class" in areas:
        changes["next_class"] = areas["next_class"].where(told == "", NO_CLASS).astype("uint8")
    out = areas.assign(**changes)
    place = list(out.columns).index("class") + 1
    out.insert(place, "class_computed", computed)
    out.insert(place + 1, "override", told.astype("str"))
    return out


def override_notes(areas: Sequence[gpd.GeoDataFrame], county: County, scheme: ClassScheme) -> list[Text]:
    """Tell how every override stands against what is computed now.

    Parameters
    ----------
    areas : sequence of GeoDataFrame
        From `overridden`: units, townships.
    county : County
        Its overrides.
    scheme : ClassScheme
        Names of the classes.

    Returns
    -------
    list of Text
        A line for all of them, and one for each whose computed class now agrees with it, or is no longer the one
        that it was signed against. Empty without overrides.

    Examples
    --------
    >>> override_notes.__name__
    'override_notes'
    """
    found = list(_standing(areas, county))
    if not found:
        return []
    count = len(found)
    notes = [
        Text(
            f"{count} 个单元的等级由人工审定，计算等级一并列出",
            f"Classes set by hand: {count}; the computed classes are listed beside them",
        )
    ]
    for one, name, computed in found:
        published, label = override_class(one.class_, scheme), scheme.label(computed)
        if computed == published:
            notes.append(
                Text(
                    f"{name}（{one.unit}）：计算等级现已为“{label.zh}”，与 {one.date} 的审定一致，可以撤销该审定",
                    f"{name} ({one.unit}): the computed class is now {label.en} too, as was signed on {one.date}; "
                    "this override can be taken out",
                )
            )
        elif one.computed is not None and (was := override_class(one.computed, scheme)) != computed:
            notes.append(
                Text(
                    f"{name}（{one.unit}）：审定时的计算等级为“{scheme.label(was).zh}”，现为“{label.zh}”，请复核该审定",
                    f"{name} ({one.unit}): the computed class was {scheme.label(was).en} when it was signed and is "
                    f"{label.en} now; look at this override again",
                )
            )
    return notes


def _standing(areas: Sequence[gpd.GeoDataFrame], county: County) -> Iterator[tuple[Override, str, int]]:
    for frame in areas:
        for one in county.overrides:
            if "class_computed" in frame and one.unit in frame.index:
                row = frame.loc[one.unit]
                yield one, str(row.get("name", one.unit)), int(row["class_computed"])
