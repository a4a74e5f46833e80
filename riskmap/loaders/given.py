"""Finished hazard products of other departments -> classes and scores on the grid."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.loaders.codes import full_code
from riskmap.loaders.headers import split_header
from riskmap.loaders.layer import deliver
from riskmap.loaders.place import in_crs
from riskmap.loaders.quality_given import sites_in_worst_class
from riskmap.loaders.raster import read_window
from riskmap.loaders.refusal import Refusal, few, shown
from riskmap.loaders.shapes import right_shapes
from riskmap.loaders.system import with_crs
from riskmap.model.county import ComparedProduct, GivenProduct, LayerEntry
from riskmap.model.layers import Field, Finding, LayerSpec
from riskmap.model.results import Survey
from riskmap.model.scheme import NO_CLASS
from riskmap.model.text import Text
from riskmap.spatial import burn, on_grid, resample

__all__ = ["classed_polygons", "read_given"]

_Classed = tuple[xr.DataArray, list[Finding]]


def read_given(
    product: GivenProduct, *, name: str, survey: Survey
) -> tuple[xr.DataArray, xr.DataArray, tuple[Finding, ...]]:
    """Read a finished product onto the grid.

    Parameters
    ----------
    product : GivenProduct
        ``[given.<name>]``: polygons or a table with a class column, or a raster of class values.
    name : str
        Theme, for messages.
    survey : Survey
        Grid, mask and units.

    Returns
    -------
    codes : DataArray of uint8
        Class 1..K on the grid, `NO_CLASS` where the product says nothing or a value that `classes` does not hold.
    score : DataArray of float32
        The declared score of the class, NaN where unknown.
    findings : tuple of Finding
        Unknown values (each with its count), units the table does not name, parts of the county without a class.

    Raises
    ------
    LayerError
        The file cannot be read, lacks the column, or gives no cell of the county a class.

    Examples
    --------
    >>> read_given.__name__
    'read_given'
    """
    layer = f"given.{name}"
    path = survey.county.folder / product.path
    readers = {"polygon": _polygons, "raster": _raster, "table": _table}
    values, findings = readers[product.kind](product, layer, path, survey)
    codes = values.where(survey.mask & np.isfinite(values), NO_CLASS).astype("uint8")
    inside = max(int(survey.mask.sum()), 1)
    unknown = float(((codes == NO_CLASS) & survey.mask).sum()) / inside
    if unknown == 1:
        what = Text("没有给本县任何位置定级", "gives no class to any place of the county")
        cure = Text(
            "核对 classes 的取值、坐标系和范围", "check the values under classes, the coordinate system and the extent"
        )
        raise Refusal(path.name, what, cure, rule="no-coverage")
    if unknown > 0.0005:
        what = Text(f"全县 {unknown:.1%} 的面积没有等级", f"{unknown:.1%} of the county has no class")
        cure = Text("补全成果；该处按无数据处理", "complete the product; it is unknown there")
        findings.append(Finding(rule="no-coverage", severity="warning", layer=layer, message=what, cure=cure))
    table = np.full(256, np.nan, dtype="float32")
    table[1 : len(product.scores) + 1] = product.scores
    codes.name, codes.attrs = name, {"nodata": NO_CLASS}
    score = on_grid(table[codes.to_numpy()], survey.grid, name=name, units="1")
    findings += sites_in_worst_class(codes, survey, title=product.title.text, worst=len(product.scores))
    return codes, score, tuple(findings)


def _raster(product: GivenProduct, layer: str, path: Path, survey: Survey) -> _Classed:
    raw, _ = read_window(path, survey.grid, band=product.band, crs=product.crs, layer=product.layer)
    data = raw.to_numpy()
    keys = {one: f"{one:g}" for one in np.unique(data[~np.isnan(data)])}
    meant = _meanings(product.classes)
    out = np.full(data.shape, np.nan, dtype="float32")
    counts: dict[str, int] = {}
    for value, text in keys.items():
        here = data == value
        if text in meant:
            out[here] = meant[text]
        else:
            counts[text] = int(here.sum())
    return resample(raw.copy(data=out), survey.grid, method="nearest"), _unknown(counts, product, layer)


def _polygons(product: GivenProduct, layer: str, path: Path, survey: Survey) -> _Classed:
    known, findings = classed_polygons(product, layer, path, survey)
    return burn(known, survey.grid, column="class_number"), findings


def classed_polygons(
    product: GivenProduct | ComparedProduct, layer: str, path: Path, survey: Survey
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read the polygons of a finished product with their classes.

    Parameters
    ----------
    product : GivenProduct or ComparedProduct
        Says which column holds the class, and what its values mean.
    layer : str
        For messages: ``given.hail``, ``compare.province``.
    path : Path
        The file.
    survey : Survey
        Outline and coordinate system.

    Returns
    -------
    polygons : GeoDataFrame
        In the analysis system; ``class_number`` 1..K as float, the lowest first. Polygons without a shape or
        without a class are left out.
    findings : list of Finding
        What was wrong, unknown values with their counts.

    Raises
    ------
    LayerError
        The file cannot be read as polygons, or lacks the column.

    Examples
    --------
    >>> classed_polygons.__name__
    'classed_polygons'
    """
    spec = _spec(product, layer, kind="polygon")
    frame = deliver(path, spec, _entry(product)).frame
    if not isinstance(frame, gpd.GeoDataFrame):
        raise Refusal(
            path.name,
            Text("文件没有图形", "holds no shapes"),
            Text("提交面图层", "deliver polygons"),
            rule="wrong-kind",
        )
    if not len(frame):
        raise Refusal(
            path.name,
            Text("图层没有记录", "the layer has no records"),
            Text("补交数据", "deliver the records"),
            rule="empty-layer",
        )
    outline = survey.outline.to_crs(4326).total_bounds
    near = (float(outline[0]), float(outline[1]), float(outline[2]), float(outline[3]))
    frame, findings = with_crs(frame, layer=layer, declared=product.crs, near=near)
    frame, mended = right_shapes(frame, spec)
    classes, unknown = _classes(frame[_column(frame, product.field, path)], product, layer)
    shapes = in_crs(frame, survey.outline.crs).assign(class_number=classes)
    known = shapes[shapes["class_number"].notna() & ~shapes.geometry.isna()].sort_values("class_number", kind="stable")
    return known, [*findings, *mended, *unknown]


def _table(product: GivenProduct, layer: str, path: Path, survey: Survey) -> _Classed:
    frame = deliver(path, _spec(product, layer, kind="table"), _entry(product)).frame
    keys = frame[_column(frame, product.key, path)].map(lambda one: full_code(shown(one).removesuffix(".0")))
    classes, findings = _classes(frame[_column(frame, product.field, path)], product, layer)
    by_code = pd.Series(classes.to_numpy(), index=keys.to_numpy())
    again = sorted(set(by_code.index[by_code.index.duplicated()]))
    cure = Text("每个单元一行，用当年的代码", "one row for each unit, with its present code")
    if again:
        what = Text(f"单元重复：{few(again)}，取首行", f"units that stand twice: {few(again)}; the first row is used")
        findings.append(
            Finding(rule="duplicate-key", severity="warning", layer=layer, value=again[0], message=what, cure=cure)
        )
    by_code = by_code[~by_code.index.duplicated()]
    own = by_code.reindex(survey.units.index)
    filled = own.where(own.notna(), by_code.reindex(survey.units["parent_id"]).to_numpy())
    strange = sorted(set(by_code.index) - set(survey.units.index) - set(survey.townships.index))
    if strange:
        what = Text(f"不是本县的单元：{few(strange)}", f"no units of this county: {few(strange)}")
        findings.append(
            Finding(rule="unknown-division", severity="warning", layer=layer, value=strange[0], message=what, cure=cure)
        )
    units = survey.units.assign(class_number=filled.to_numpy("float64"))
    return burn(units, survey.grid, column="class_number"), findings


def _spec(product: GivenProduct | ComparedProduct, layer: str, *, kind: Any) -> LayerSpec:
    key = product.key if isinstance(product, GivenProduct) else ""
    names = [one for one in (key, product.field) if one]
    fields = tuple(Field(name=one, title=Text(one, one)) for one in names)
    return LayerSpec(name=layer, title=product.title.text, kind=kind, fields=fields)


def _entry(product: GivenProduct | ComparedProduct) -> LayerEntry:
    sheet = product.sheet if isinstance(product, GivenProduct) else ""
    return LayerEntry(path=product.path, layer=product.layer, sheet=sheet, encoding=product.encoding, crs=product.crs)


def _column(frame: Any, name: str, path: Path) -> Any:
    """Header of the file that is this column, case, width and blanks aside."""
    plain = {split_header(str(one))[0]: one for one in frame.columns}
    if name in frame.columns:
        return name
    if split_header(name)[0] in plain:
        return plain[split_header(name)[0]]
    what = Text(f"没有列“{name}”", f"has no column '{name}'")
    raise Refusal(
        path.name,
        what,
        Text(f"文件中有：{few(frame.columns)}", f"the file has {few(frame.columns)}; correct field or key"),
        rule="missing-column",
    )


def _meanings(classes: Mapping[str, int]) -> dict[str, int]:
    return {split_header(key)[0]: code for key, code in classes.items()}


def _classes(cells: pd.Series, product: GivenProduct | ComparedProduct, layer: str) -> tuple[pd.Series, list[Finding]]:
    meant = _meanings(product.classes)
    texts = cells.map(lambda one: split_header(shown(one))[0])
    classes = texts.map(lambda one: meant.get(one, np.nan)).astype("float64")
    counts = cells[classes.isna()].map(shown).value_counts()
    return classes, _unknown({str(key): int(count) for key, count in counts.items()}, product, layer)


def _unknown(counts: Mapping[str, int], product: GivenProduct | ComparedProduct, layer: str) -> list[Finding]:
    cure = Text(
        f"在 classes 中写明；已写明的有 {few(product.classes)}",
        f"name it under classes; those named are {few(product.classes)}",
    )
    return [
        Finding(rule="unknown-class", severity="warning", layer=layer, field=product.field, value=value, cure=cure,
                message=Text(f"值“{value}”没有对应等级（{count} 处），作无数据处理", f"value '{value}' stands for no class ({count} times); taken as no data"))
        for value, count in counts.items()
    ]  # fmt: skip
