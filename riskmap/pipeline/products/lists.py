"""Lists that get the money: whom to move, which schools and hospitals to strengthen, where weak houses stand."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Assessment, ProductTable, Survey, Text
from riskmap.pipeline.columns import hazard_names
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring import hazards_at, in_order

__all__ = ["make", "slow_hazards", "sudden_hazards"]

_THRESHOLDS = ("lists.high_classes", "lists.old_house_year", "lists.relocation_people")
_HEADERS = {
    "rank": Text("次序", "Rank"),
    "code": Text("编号", "Code"),
    "name": Text("名称", "Name"),
    "village": Text("村（社区）", "Village"),
    "kind": Text("类别", "Kind"),
    "type": Text("灾害类型", "Type"),
    "threat_class": Text("险情等级", "Threat class"),
    "threatened_people": Text("威胁人数（人）", "Threatened people"),
    "threatened_households": Text("威胁户数（户）", "Threatened households"),
    "points": Text("隐患点（处）", "Danger points"),
    "high": Text("处于高等级的灾种数", "Hazards in a high class"),
    "why": Text("理由", "Why"),
    "why_en": Text("理由（英）", "Why (English)"),
    "beds_count": Text("床位", "Beds"),
    "floor_area_m2": Text("建筑面积（m²）", "Floor area (m²)"),
    "structure": Text("结构类型", "Structure"),
    "built_year": Text("建成年份", "Year built"),
    "buildings": Text("房屋（栋）", "Buildings"),
    "weak": Text("薄弱房屋（栋）", "Weak houses"),
    "weak_high": Text("高等级区内薄弱房屋（栋）", "Weak houses in a high class"),
    "weak_high_m2": Text("其建筑面积（m²）", "Their floor area (m²)"),
    "people": Text("常住人口（人）", "Residents"),
    "weak_high_people": Text("其中居住人口（人，按建筑面积估算）", "People in them (estimated by floor area)"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Rank danger points, villages, public buildings and weak houses; no names of wardens.

    Parameters
    ----------
    assessment : Assessment
        With hazards on the grid.

    Returns
    -------
    list of ProductTable
        Those whose layers were delivered.

    Raises
    ------
    MissingLayerError
        None of the layers was delivered.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    survey = assessment.survey
    found = []
    if survey.has("hazard_points"):
        found += _relocation(assessment)
    if survey.has("clinics") or survey.has("buildings"):
        found += _public(assessment)
    if survey.has("buildings"):
        found += _weak(assessment)
    if not found:
        raise AbsentError("没有隐患点、房屋和医疗机构图层", "danger points, buildings and clinics were not delivered")
    return found


def _table(survey: Survey, name: str, title: Text, frame: pd.DataFrame, **more: Text) -> ProductTable:
    thresholds = tuple(survey.standards.threshold(one) for one in _THRESHOLDS)
    return ProductTable(
        name=name,
        title=title,
        frame=frame,
        headers=_HEADERS,
        notes=(more["note"],),
        thresholds=thresholds,
        rows_shown=15,
    )


def slow_hazards(assessment: Assessment) -> frozenset[str]:
    """Names of the hazards that are no reason to move or to strengthen.

    Examples
    --------
    >>> slow_hazards.__name__
    'slow_hazards'
    """
    return frozenset(str(row["theme"]) for row in assessment.survey.standards.table("lists.slow_hazards"))


def sudden_hazards(assessment: Assessment, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Look up hazards at places but for slow ones, which are no reason to move or to strengthen.

    Examples
    --------
    >>> sudden_hazards.__name__
    'sudden_hazards'
    """
    standards = assessment.survey.standards
    slow = slow_hazards(assessment)
    themes = {name: one for name, one in assessment.themes.items() if name not in slow}
    high = int(standards.value("lists.high_classes"))
    return hazards_at(places, themes, titles=hazard_names(assessment), high_classes=high)


def _ordered(survey: Survey, table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Put a list in the order that the rules give it; columns that were not delivered have no say."""
    by = next(row["by"] for row in survey.standards.table("lists.order") if row["list"] == name)
    return in_order(table, [one for one in by if one in table], key="code")


def _village(survey: Survey, places: gpd.GeoDataFrame) -> np.ndarray:
    """Unit that holds each place; "" outside all."""
    points = gpd.GeoDataFrame(geometry=places.geometry.representative_point(), crs=places.crs)
    joined = points.sjoin(survey.units[["geometry"]], how="left", predicate="within")
    held = joined[~joined.index.duplicated()].iloc[:, -1]
    return held.fillna("").astype("str").to_numpy()


def _names(survey: Survey, codes: np.ndarray) -> np.ndarray:
    names = survey.units["name"] if "name" in survey.units else pd.Series("", index=survey.units.index)
    return names.reindex(codes).fillna("").to_numpy()


def _relocation(assessment: Assessment) -> list[ProductTable]:
    """Danger points and villages by whom they threaten."""
    survey = assessment.survey
    points = survey.frame("hazard_points").reset_index(drop=True)
    home = _village(survey, points)
    shown = [
        one
        for one in ("code", "name", "type", "threat_class", "threatened_people", "threatened_households")
        if one in points
    ]
    table = points[[*shown, "geometry"]].assign(village=_names(survey, home)).join(sudden_hazards(assessment, points))
    if "threatened_people" not in table:
        table["threatened_people"] = np.nan
    if "code" not in table:
        table["code"] = table.index.astype(str)
    least, people = survey.standards.value("lists.relocation_people"), pd.to_numeric(table["threatened_people"])
    listed = _explained(table[people >= least])
    order = [*shown[:1], "name", "village", *shown[2:], "high", "why", "why_en", "geometry"]
    ranked = _ordered(survey, listed.assign(unit=home[listed.index]), "relocation_points")
    gone = int(people.isna().sum())
    note = Text(
        f"按处于高等级的灾种数、威胁人数排序；威胁人数不少于 {least:g} 人者列入；共 {len(points)} 处隐患点，{gone} 处未填威胁人数、未列入",
        f"by the number of hazards in a high class, then the people threatened; at least {least:g}; of {len(points)} points, "
        f"{gone} of them not listed as they do not say how many people",
    )
    title = Text("避险搬迁：隐患点清单", "Relocation: danger points")
    first = _table(survey, "relocation_points", title, ranked[[one for one in order if one in ranked]], note=note)
    return [first, _relocation_villages(assessment, ranked)]


def _explained(points: pd.DataFrame) -> pd.DataFrame:
    """Put the people before the hazards in the reason."""
    people = [f"{one:g}" for one in pd.to_numeric(points["threatened_people"])]
    zh = [f"威胁 {n} 人" + (f"；{why}" if why else "") for n, why in zip(people, points["why"], strict=True)]
    en = [
        f"{n} people threatened" + (f"; {why}" if why else "") for n, why in zip(people, points["why_en"], strict=True)
    ]
    return points.assign(why=zh, why_en=en)


def _relocation_villages(assessment: Assessment, ranked: pd.DataFrame) -> ProductTable:
    """Villages by the people whom their danger points threaten; the reason names the first point."""
    survey = assessment.survey
    label = "name" if "name" in ranked else "code"
    groups = ranked[ranked["unit"] != ""].groupby("unit")
    villages = groups.agg(points=("code", "size"), threatened_people=("threatened_people", "sum"), high=("high", "max"),
                          first=(label, "first"), why=("why", "first"), why_en=("why_en", "first"))  # fmt: skip
    villages.insert(0, "name", _names(survey, villages.index.to_numpy()))
    first = villages.pop("first").fillna("").astype(str)
    villages["why"] = [f"首要隐患点：{name}，{why}" for name, why in zip(first, villages["why"], strict=True)]
    villages["why_en"] = [f"first point: {name}, {why}" for name, why in zip(first, villages["why_en"], strict=True)]
    if assessment.risk is not None and "people" in assessment.risk.exposure:
        villages.insert(4, "people", assessment.risk.exposure["people"].reindex(villages.index))
    ordered = _ordered(survey, villages.rename_axis("code").reset_index(), "relocation_villages")
    note = Text("按村内隐患点威胁人数合计排序", "by the people whom the danger points of the village threaten")
    return _table(
        survey, "relocation_villages", Text("避险搬迁：村（社区）清单", "Relocation: villages"), ordered, note=note
    )


def _public(assessment: Assessment) -> list[ProductTable]:
    """Schools, hospitals and homes for the elderly in a high class."""
    survey = assessment.survey
    words = [(str(row["word"]), Text(**row["kind"])) for row in survey.standards.table("lists.public_words")]
    parts = []
    if survey.has("clinics"):
        clinics = survey.frame("clinics")
        kept = [one for one in ("code", "name", "beds_count", "geometry") if one in clinics]
        parts.append(clinics[kept].assign(kind="医疗"))
    if survey.has("shelters"):
        parts.append(_worded(survey.frame("shelters"), "name", words))
    if survey.has("buildings"):
        parts.append(_worded(survey.frame("buildings"), "use", words))
    every = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=survey.units.crs)
    table = every.assign(village=_names(survey, _village(survey, every))).join(sudden_hazards(assessment, every))
    listed = table[table["high"] > 0]
    amount = [one for one in ("beds_count", "floor_area_m2") if one in listed]
    ranked = _ordered(survey, listed, "public_buildings")
    order = ("code", "name", "kind", "village", *amount, "structure", "built_year", "high", "why", "why_en", "geometry")
    note = Text(
        f"学校、医疗、养老设施 {len(every)} 处，其中 {len(listed)} 处位于高等级区；按灾种数、危险性得分排序",
        f"{len(every)} schools, hospitals and homes, {len(listed)} in a high class; by number of hazards, then by score",
    )
    title = Text("学校医院加固清单", "Schools and hospitals to strengthen")
    kinds = {kind.zh: kind for _, kind in words}
    table = _table(survey, "public_buildings", title, ranked[[one for one in order if one in ranked]], note=note)
    return [replace(table, words={"kind": kinds})]


def _worded(frame: gpd.GeoDataFrame, column: str, words: list[tuple[str, Text]]) -> gpd.GeoDataFrame:
    """Records whose text holds one of the words, with the kind that it means."""
    if column not in frame:
        return frame.iloc[:0]
    texts = frame[column].fillna("").astype(str)
    kinds = texts.map(lambda one: next((kind.zh for word, kind in words if word in one), ""))
    shown = [one for one in ("code", "name", "floor_area_m2", "structure", "built_year", "geometry") if one in frame]
    return frame.loc[kinds != "", shown].assign(kind=kinds[kinds != ""])


def _weak(assessment: Assessment) -> list[ProductTable]:
    """Villages by the weak houses that stand in a high class."""
    survey, houses = assessment.survey, assessment.survey.frame("buildings").reset_index(drop=True)
    year = survey.standards.value("lists.old_house_year")
    kinds = {str(row["structure"]): Text(**row["why"]) for row in survey.standards.table("lists.weak_structures")}
    kinds[""] = Text(f"{year:g} 年以前建成", f"built before {year:g}")
    empty = pd.Series(np.nan, index=houses.index)
    structure, built = houses.get("structure", empty), pd.to_numeric(houses.get("built_year", empty))
    kind = structure.where(structure.isin(list(kinds)), other=pd.Series("", index=houses.index).where(built < year))
    frail = kind.notna()
    risky = frail & (sudden_hazards(assessment, houses)["high"] > 0)
    area = pd.to_numeric(houses.get("floor_area_m2", empty), errors="coerce")
    rows = pd.DataFrame({"unit": _village(survey, houses), "kind": kind, "area": area, "buildings": 1,
                         "weak": frail.astype(int), "weak_high": risky.astype(int)})  # fmt: skip
    villages = _weak_by_village(assessment, rows[rows["unit"] != ""], kinds)
    ordered = _ordered(survey, villages, "weak_houses")
    outside, names = int((rows["unit"] == "").sum()), [one for one in kinds if one]
    english = ", ".join(kinds[one].en for one in names)
    note = Text(
        f"薄弱房屋：{'、'.join(names)}，或 {year:g} 年以前建成；全县 {int(frail.sum()):,} 栋，位于高等级区 {int(risky.sum()):,} 栋"
        f"（单元以外 {outside} 栋未列）；居住人口按村常住人口以建筑面积分摊估算",
        f"weak: {english}, or built before {year:g}; {int(frail.sum()):,} in the county, "
        f"{int(risky.sum()):,} in a high class ({outside} outside all units are not listed); people: those of the village, shared "
        "out by floor area",
    )
    title = Text("危旧与土窑房屋清单", "Dangerous and earthen houses")
    return [_table(survey, "weak_houses", title, ordered, note=note)]


def _weak_by_village(assessment: Assessment, rows: pd.DataFrame, kinds: dict[str, Text]) -> pd.DataFrame:
    """Counts, floor area, people and reason of every village that has a weak house in a high class.

    An unknown floor area makes the area, and with it the people, of the village unknown.
    """
    risky = rows[rows["weak_high"] > 0]
    counts = rows.groupby("unit")[["buildings", "weak", "weak_high"]].sum().query("weak_high > 0")
    area, part = (one.groupby("unit")["area"].agg(lambda held: held.sum(skipna=False)).reindex(counts.index)
                  for one in (rows, risky))  # fmt: skip
    found = counts.assign(weak_high_m2=part)
    exposed = assessment.exposed
    if exposed is not None and "people" in exposed.units:
        people = exposed.units["people"].reindex(counts.index)
        found["weak_high_people"] = (people * part / area.where(area > 0)).round()
    held = risky.groupby(["unit", "kind"]).size()
    told = {unit: held[unit].sort_values(ascending=False, kind="stable") for unit in counts.index}
    found["why"] = ["、".join(f"{kinds[str(k)].zh} {n} 栋" for k, n in told[unit].items()) for unit in counts.index]
    found["why_en"] = [", ".join(f"{kinds[str(k)].en}: {n}" for k, n in told[unit].items()) for unit in counts.index]
    found.insert(0, "name", _names(assessment.survey, found.index.to_numpy()))
    return found.rename_axis("code").reset_index()
