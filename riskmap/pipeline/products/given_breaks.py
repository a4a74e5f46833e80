"""What confirmed breaks change: local classes beside those by the breaks that the province gives."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import NO_CLASS, Assessment, ClassScheme, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring import classify
from riskmap.standards import book

__all__ = ["make"]

_HEADERS = {
    "class_local": Text("按本县数据分级", "Class by the county's own breaks"),
    "class_given": Text("按给定界线分级", "Class by the breaks given"),
    "units": Text("单元数", "Units"),
    "people": Text("人口（人）", "People"),
    "area_km2": Text("面积（km²）", "Area (km²)"),
}
_NOTES = (
    Text(
        "给定界线（如省级统一界线）使各县可比；按本县数据分级只能在县内比较。公布的是给定界线的结果",
        "Breaks that are given, as by the province, make counties comparable; the county's own compare within it only. "
        "The classes by the breaks given are those published",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Both:
    """One classed product under both kinds of breaks."""

    name: str
    title: Text
    scheme: ClassScheme
    amounts: pd.DataFrame


def make(assessment: Assessment) -> list[ProductTable]:
    """Class by the county's own breaks what stands on confirmed ones, and set both side by side.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.

    Returns
    -------
    list of ProductTable
        Transitions of each such product; classes of the units where the comprehensive risk is one of them.

    Raises
    ------
    MissingLayerError
        No scheme that finds its breaks from data was confirmed by the county.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    found = list(_confirmed(assessment))
    if not found:
        raise AbsentError(
            "没有给定分级界线，可在 [standards.<分级>] 的 edges 中给出",
            "no breaks are given for a scheme that finds its own; give edges under [standards.x]",
            asked=False,
        )
    tables = [
        ProductTable(
            name=f"breaks_transition_{one.name}",
            title=Text(f"{one.title.zh}：本县界线与给定界线", f"{one.title.en}: own breaks and breaks given"),
            frame=_transitions(one), headers=_HEADERS, notes=_NOTES, rows_shown=one.scheme.size**2,
            schemes=dict.fromkeys(("class_local", "class_given"), one.scheme),
        )
        for one in found
    ]  # fmt: skip
    risk = assessment.risk
    if risk is not None and risk.scheme.name in {one.scheme.name for one in found}:
        tables += [_units(assessment)]
    return tables


def _shipped(name: str) -> ClassScheme | None:
    """Scheme as it ships, where it finds its breaks from data."""
    scheme = book().schemes.get(name)
    return scheme if scheme is not None and scheme.breaks != "fixed" else None


def _confirmed(assessment: Assessment) -> Iterator[_Both]:
    given = {name for name, one in assessment.survey.county.standards.items() if one.edges}
    risk, cell = assessment.risk, abs(assessment.survey.grid.resolution.x * assessment.survey.grid.resolution.y) / 1e6
    if risk is not None and risk.scheme.name in given and (own := _shipped(risk.scheme.name)) is not None:
        units = risk.units
        codes = units["class_computed" if "class_computed" in units else "class"]
        people = units.get("people", np.nan)
        frame = {"class_local": classify(units["index"], own).codes, "class_given": codes, "people": people}
        table = pd.DataFrame(frame, index=units.index).assign(units=1, area_km2=units.area / 1e6)
        yield _Both(name="units", title=Text("单元综合风险", "Risk by unit"), scheme=risk.scheme, amounts=table)
    for theme in assessment.themes.values():
        shipped = _shipped(theme.scheme.name) if theme.scheme.name in given and theme.origin == "measured" else None
        if shipped is None:
            continue
        quantity = theme.score if theme.headline == "score" else theme.measured[theme.headline]
        local = classify(quantity, shipped).codes.ravel()
        table = pd.DataFrame({"class_local": local, "class_given": theme.classes.to_numpy().ravel()})
        yield _Both(
            name=theme.name,
            title=theme.title,
            scheme=theme.scheme,
            amounts=table.assign(people=np.nan, units=np.nan, area_km2=cell),
        )


def _transitions(one: _Both) -> pd.DataFrame:
    known = one.amounts[(one.amounts["class_local"] != NO_CLASS) & (one.amounts["class_given"] != NO_CLASS)]
    groups = known.groupby(["class_local", "class_given"], sort=True)
    amounts = groups[["units", "people", "area_km2"]]
    sums = amounts.sum().where(amounts.count().eq(groups.size(), axis=0))  # unknown where one is unknown
    return sums.iloc[::-1].reset_index()


def _units(assessment: Assessment) -> ProductTable:
    risk = assessment.risk
    assert risk is not None  # noqa: S101  make has asked
    own = _shipped(risk.scheme.name)
    assert own is not None  # noqa: S101  make has asked
    columns = [one for one in ("name", "name_en", "index", "class_computed", "class", "people") if one in risk.units]
    frame = risk.units[columns].rename(
        columns={"class_computed" if "class_computed" in columns else "class": "class_given"}
    )
    frame = frame.assign(class_local=classify(risk.units["index"], own).codes)
    differ = frame[frame["class_local"] != frame["class_given"]].sort_values("index", ascending=False)
    return ProductTable(
        name="breaks_units", title=Text("两种界线下等级不同的单元", "Units whose class differs between the breaks"),
        frame=gpd.GeoDataFrame(differ, geometry=risk.units.geometry.loc[differ.index], crs=risk.units.crs),
        headers=_HEADERS, schemes=dict.fromkeys(("class_given", "class_local"), risk.scheme), notes=_NOTES,
    )  # fmt: skip
