"""Names of zones, as a planner would say them."""

from collections.abc import Mapping, Sequence

import numpy as np

from riskmap.model import NO_LEADER, ClassScheme, Text
from riskmap.model.titles import hazard_word

__all__ = ["hazard_word", "octant", "unique_names", "zone_name"]

_OCTANTS = (
    Text("东部", "Eastern"),
    Text("东北部", "North-eastern"),
    Text("北部", "Northern"),
    Text("西北部", "North-western"),
    Text("西部", "Western"),
    Text("西南部", "South-western"),
    Text("南部", "Southern"),
    Text("东南部", "South-eastern"),
)
_MIDDLE = Text("中部", "Central")
_NOWHERE = Text("", "")


def octant(east_m: float, north_m: float, *, middle_m: float) -> Text:
    """Say in which part of the county a place lies.

    Parameters
    ----------
    east_m, north_m : float
        Of the place, from the middle of the county.
    middle_m : float
        Nearer than this it is central.

    Returns
    -------
    Text

    Examples
    --------
    >>> octant(-9000, 500, middle_m=3000)["en"], octant(100, -200, middle_m=3000)["zh"]
    ('Western', '中部')
    """
    if np.hypot(east_m, north_m) < middle_m:
        return _MIDDLE
    return _OCTANTS[round(float(np.arctan2(north_m, east_m)) / (np.pi / 4)) % 8]


def zone_name(
    place: Text,
    *,
    code: int,
    leading: str,
    scheme: ClassScheme,
    titles: Mapping[str, Text],
    along: Text = _NOWHERE,
) -> Text:
    """Name a zone by place, landmark, leading hazard and class.

    Parameters
    ----------
    place : Text
        From `octant`.
    code : int
        Class 1..K; anything else is no data.
    leading : str
        Theme that leads; ``""`` or `NO_LEADER` for none: then the name tells no hazard.
    scheme : ClassScheme
        Class names.
    titles : mapping of theme to Text
        Names of the themes; the theme's key where it is absent.
    along : Text
        From `riskmap.scoring.zone_landmarks.river_text`; empty for none.

    Returns
    -------
    Text

    Examples
    --------
    >>> from riskmap.standards import book
    >>> name = zone_name(Text("西部", "Western"), code=5, leading="flood",
    ...     scheme=book().scheme("comprehensive-risk"), titles={"flood": Text("洪水", "Flood")})
    >>> name.zh, name.en
    ('西部洪水高风险区', 'Western flood high-risk zone')
    """
    tail = f" {along.en}" if along.en else ""
    if not 1 <= code <= scheme.size:
        return Text(f"{place.zh}{along.zh}无数据区", f"{place.en} no-data zone{tail}")
    label = scheme.label(code)
    hazard = Text("", "") if leading == NO_LEADER else hazard_word(titles.get(leading, Text(leading, leading)))
    words = [place.en, hazard.en.lower(), f"{label.en.lower()}-risk zone"]
    return Text(f"{place.zh}{along.zh}{hazard.zh}{label.zh}风险区", " ".join(one for one in words if one) + tail)


def unique_names(names: Sequence[Text], places: Sequence[Text]) -> list[Text]:
    """Make names unique: those that repeat say which township they lie about, then carry a number.

    Parameters
    ----------
    names : sequence of Text
        In the order of numbering.
    places : sequence of Text
        The township of each; an empty one is not said.

    Returns
    -------
    list of Text
        No two alike in either language.

    Examples
    --------
    >>> west = Text("西部低风险区", "Western low-risk zone")
    >>> towns = [Text("甲乡", "Jia"), Text("乙镇", "Yi"), Text("乙镇", "Yi")]
    >>> [one.zh for one in unique_names([west, west, west], towns)]
    ['西部低风险区（甲乡一带）', '西部低风险区（乙镇一带）1', '西部低风险区（乙镇一带）2']
    """
    zh = _told([one.zh for one in names], [f"（{one.zh}一带）" if one.zh else "" for one in places], "")
    en = _told([one.en for one in names], [f" ({one.en})" if one.en else "" for one in places], " ")
    return [Text(a, b) for a, b in zip(zh, en, strict=True)]


def _told(names: list[str], places: list[str], gap: str) -> list[str]:
    placed = [a + b if names.count(a) > 1 else a for a, b in zip(names, places, strict=True)]
    told: list[str] = []
    for n, one in enumerate(placed):
        number = placed[:n].count(one) + 1
        name = f"{one}{gap}{number}" if placed.count(one) > 1 else one
        while name in told or (name != one and name in placed):
            number += 1
            name = f"{one}{gap}{number}"
        told.append(name)
    return told
