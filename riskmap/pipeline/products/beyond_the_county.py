"""The county's zoning beside those of its neighbours and of the province."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.errors import LayerError, MissingLayerError
from riskmap.loaders import classed_polygons
from riskmap.model import NO_CLASS, Assessment, ProductTable, RiskResult, Text
from riskmap.model.county import ComparedProduct
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring.agreement import Agreement, agreement, edge_stretches
from riskmap.spatial import burn, zonal_shares, zone_labels

__all__ = ["make_neighbours", "make_province"]

_TOLERANCE = "comparison.edge_tolerance_m"
_HEADERS = {
    "neighbour": Text("邻县成果", "Product of the neighbour"),
    "class_own": Text("本县等级", "Class in this county"),
    "class_other": Text("对方等级", "Class in the other product"),
    "difference": Text("级差（本县减对方）", "Difference in classes (own less other)"),
    "length_km": Text("长度（km）", "Length (km)"),
    "length_share": Text("占共有边界", "Share of the shared border"),
    "units": Text("单元数", "Units"),
    "area_km2": Text("面积（km²）", "Area (km²)"),
    "by": Text("统计口径", "Counted by"),
    "overall": Text("等级一致占比", "Share with the same class"),
    "within_one": Text("相差不超过一级占比", "Share within one class"),
    "kappa": Text("二次加权卡帕系数", "Quadratic weighted kappa"),
    "amount": Text("参与比较的数量", "Amount compared"),
    "class_province": Text("上级等级", "Class of the province"),
    "province_share": Text("该等级占单元面积", "Share of the unit in that class"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Other:
    """Polygons of a compared product and what there is to say of them."""

    polygons: gpd.GeoDataFrame
    notes: tuple[Text, ...]


def make_neighbours(assessment: Assessment) -> list[ProductTable]:
    """Match the classes along the borders with the neighbours.

    Parameters
    ----------
    assessment : Assessment
        With its risk; its county names the products under ``[compare.neighbour.<name>]``.

    Returns
    -------
    list of ProductTable
        Length by difference in classes for each neighbour; stretches that differ, the worst first, as lines.

    Raises
    ------
    MissingLayerError
        No product of a neighbour is named, or one cannot be read.

    Examples
    --------
    >>> make_neighbours.__name__
    'make_neighbours'
    """
    risk, survey = _risk(assessment), assessment.survey
    products = survey.county.compare.neighbour
    if not products:
        raise AbsentError(
            "没有给出邻县区划成果，可在 [compare.neighbour.<名称>] 中写明",
            "no zoning of a neighbour was given; name one under [compare.neighbour.<name>]",
            asked=False,
        )
    tolerance = survey.standards.value(_TOLERANCE)
    own = risk.units.loc[risk.units["class"] != NO_CLASS, ["name", "class", "geometry"]]
    border = survey.outline.geometry.union_all().boundary
    notes = [
        Text(
            f"缝隙或重叠在 {tolerance:g} m 以内的边界视为共有；正值表示本县较高。两侧界线由各自数据求得时，级差也可能只因界线不同",
            f"Borders with gaps or overlaps of up to {tolerance:g} m count as shared; above 0 this county is higher. "
            "Where both sides find their breaks from their own data, they may differ for that alone",
        )
    ]
    parts = []
    for name, product in products.items():
        other = _other(assessment, f"neighbour.{name}", product)
        found = edge_stretches(own, other.polygons, border, tolerance_m=tolerance)
        found.insert(0, "neighbour", str(product.title.text))
        found.insert(2, "name", own["name"].reindex(found["unit_id"]).to_numpy())
        parts.append(found)
        notes += other.notes
        if not len(found):
            notes.append(
                Text(
                    f"{product.title.zh}：没有共有边界，请核对范围与坐标系",
                    f"{product.title.en}: shares no border; check its extent and its coordinate system",
                )
            )
    return list(_edge_tables(risk, gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=own.crs), tuple(notes)))


def _edge_tables(risk: RiskResult, stretches: gpd.GeoDataFrame, notes: tuple[Text, ...]) -> Iterator[ProductTable]:
    length = stretches.groupby(["neighbour", "difference"], sort=True)["length_km"].sum().rename("length_km")
    table = length.reset_index()
    table["length_share"] = table["length_km"] / table.groupby("neighbour")["length_km"].transform("sum")
    yield ProductTable(
        name="edge_matching", title=Text("与邻县接边检查", "How the classes meet at the border"), frame=table,
        headers=_HEADERS, notes=notes,
    )  # fmt: skip
    far = stretches["difference"].abs()
    order = pd.DataFrame({"far": -far, "long": -stretches["length_km"]}).sort_values(["far", "long"]).index
    worst = stretches.loc[[one for one in order if far[one] > 0]].reset_index(drop=True)
    yield ProductTable(
        name="edge_stretches", title=Text("接边等级不同的边界", "Stretches where the classes differ"), frame=worst,
        headers=_HEADERS, schemes=dict.fromkeys(("class_own", "class_other"), risk.scheme),
    )  # fmt: skip


def make_province(assessment: Assessment) -> list[ProductTable]:
    """Set the county's classes beside those of the level above.

    Parameters
    ----------
    assessment : Assessment
        With its risk; its county names the product under ``[compare.province]``.

    Returns
    -------
    list of ProductTable
        Agreement by units and by area; confusion matrix; units that differ, with their places.

    Raises
    ------
    MissingLayerError
        No such product is named, it cannot be read, or it covers no unit.

    Examples
    --------
    >>> make_province.__name__
    'make_province'
    """
    risk, survey = _risk(assessment), assessment.survey
    product = survey.county.compare.province
    if product is None:
        raise AbsentError(
            "没有给出上级区划成果，可在 [compare.province] 中写明",
            "no zoning of the level above was given; name it under [compare.province]",
            asked=False,
        )
    other = _other(assessment, "province", product)
    size = risk.scheme.size
    codes = burn(other.polygons, survey.grid, column="class").fillna(NO_CLASS).astype("uint8")
    labels = zone_labels(survey.units, survey.grid)
    shares = zonal_shares(codes, labels, count=len(survey.units), classes=size)
    covered = np.isfinite(shares).any(axis=1)
    if not covered.any():
        raise MissingLayerError(f"{product.path}: covers no unit of the county; check its extent and crs")
    above = np.where(covered, np.nan_to_num(shares).argmax(axis=1) + 1, NO_CLASS)
    own = risk.units["class"].to_numpy().astype("int64")
    by_units = agreement(own, above, size=size)
    cell = abs(survey.grid.resolution.x * survey.grid.resolution.y) / 1e6
    units_own = np.append(NO_CLASS, own)[labels.to_numpy()]
    by_area = agreement(units_own.ravel(), codes.to_numpy().ravel(), size=size, weights=np.full(codes.size, cell))
    frame = risk.units[["name", "class", "geometry"]].assign(
        class_province=above.astype("uint8"),
        province_share=np.where(covered, np.nan_to_num(shares).max(axis=1), np.nan),
    )
    frame = frame[["name", "class", "class_province", "province_share", "geometry"]]
    gone = int((~covered).sum())
    notes = (
        Text(
            f"单元的上级等级取占面积最多的等级；上级成果未覆盖的单元 {gone} 个，不参与比较",
            f"A unit takes the class of most of its area; {gone} units are not covered and take no part",
        ),
        *other.notes,
    )
    return list(_province_tables(risk, frame, (by_units, by_area), notes))


def _province_tables(
    risk: RiskResult, frame: gpd.GeoDataFrame, found: tuple[Agreement, Agreement], notes: tuple[Text, ...]
) -> Iterator[ProductTable]:
    by_units, by_area = found
    rows = [
        {"by": by, "amount": one.matrix.sum(), "overall": one.overall, "within_one": one.within_one, "kappa": one.kappa}
        for by, one in (("units", by_units), ("area", by_area))
    ]
    yield ProductTable(
        name="province_agreement", title=Text("与上级成果的一致性", "Agreement with the level above"),
        frame=pd.DataFrame(rows), headers=_HEADERS, notes=notes,
        words={"by": {"units": Text("单元（个）", "units"), "area": Text("面积（km²）", "area (km²)")}},
    )  # fmt: skip
    classes = range(risk.scheme.size, 0, -1)
    cells = [
        {"class": a, "class_province": b, "units": int(by_units.matrix[a - 1, b - 1]), "area_km2": area}
        for a in classes
        for b in classes
        if (area := float(by_area.matrix[a - 1, b - 1])) > 0 or by_units.matrix[a - 1, b - 1] > 0
    ]
    schemes = dict.fromkeys(("class", "class_province"), risk.scheme)
    yield ProductTable(
        name="province_confusion", title=Text("与上级成果的等级对照", "Classes beside those of the level above"),
        frame=pd.DataFrame(cells, columns=["class", "class_province", "units", "area_km2"]), headers=_HEADERS,
        schemes=schemes, rows_shown=risk.scheme.size**2,
    )  # fmt: skip
    both = (frame["class"] != NO_CLASS) & (frame["class_province"] != NO_CLASS)
    step = frame["class"].astype("int64") - frame["class_province"].astype("int64")
    order = step[both & (step != 0)].abs().sort_values(ascending=False, kind="stable").index
    differ = frame.loc[order].assign(difference=step[order])
    yield ProductTable(
        name="province_units", title=Text("与上级成果等级不同的单元", "Units whose class differs from the level above"),
        frame=differ[[*(one for one in differ if one != "geometry"), "geometry"]], headers=_HEADERS, schemes=schemes,
    )  # fmt: skip


def _risk(assessment: Assessment) -> RiskResult:
    if assessment.risk is None:
        raise AbsentError(
            "没有综合风险，没有可比较的等级",
            "comprehensive risk was not assessed; without it there are no classes to compare",
            asked=False,
        )
    return assessment.risk


def _other(assessment: Assessment, name: str, product: ComparedProduct) -> _Other:
    survey = assessment.survey
    try:
        found, findings = classed_polygons(product, f"compare.{name}", survey.county.folder / product.path, survey)
    except LayerError as fault:
        raise MissingLayerError(f"compare.{name}: {fault}") from fault
    told = Text(
        f"{product.title.zh}：{product.producer}，{product.date}",
        f"{product.title.en}: {product.producer}, {product.date}",
    )
    notes = (told, *(one.message for one in findings if one.severity != "note"))
    return _Other(polygons=found.rename(columns={"class_number": "class"}), notes=notes)
