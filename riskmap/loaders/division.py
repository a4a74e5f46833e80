"""Units and townships: polygons as delivered, areas made from seats, or survey cells of 30 arc-seconds."""

import warnings
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.errors import LayerError, RiskmapWarning
from riskmap.loaders.codes import full_code
from riskmap.loaders.ground import Ground
from riskmap.loaders.place import in_crs
from riskmap.loaders.refusal import Refusal, shown
from riskmap.model.county import County
from riskmap.model.layers import Finding, Layer
from riskmap.model.text import Text
from riskmap.spatial import made_areas

__all__ = ["divide", "survey_cells"]

_STEP_DEG = 1 / 120
_Frames = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[Finding]]


def divide(
    county: County, ground: Ground, layers: Mapping[str, Layer], polygons: Mapping[str, gpd.GeoDataFrame]
) -> _Frames:
    """Make the units of the county and the townships above them.

    Parameters
    ----------
    county : County
        `units` names what the units are.
    ground : Ground
        Outline and system.
    layers : mapping of str to Layer
        ``villages``, ``townships``, ``yearbook`` where they can be used.
    polygons : mapping of str to GeoDataFrame
        ``villages`` and ``townships`` with polygons, where they were delivered so.

    Returns
    -------
    units, townships : GeoDataFrame
        Index ``unit_id``; ``name``, ``name_en``, ``parent_id``, ``made_area``, geometry. Townships are empty where the
        units are townships themselves, or where none are known.
    findings : list of Finding
        Seats with an unknown township, areas that could not be made, what stands in for missing units.

    Raises
    ------
    LayerError
        Units of villages were asked for and no area can be made for them.

    Examples
    --------
    >>> divide.__name__
    'divide'
    """
    findings: list[Finding] = []
    towns = _frame(polygons["townships"], _county_id(county), made=False) if "townships" in polygons else None
    villages = None
    if "villages" in layers:
        villages, found = _villages(layers["villages"].data, polygons.get("villages"), ground.outline, towns)
        findings += found
    if towns is None and villages is not None:
        towns = _dissolved(villages, layers, county)
    none = _frame(ground.outline.iloc[:0].assign(code=""), "", made=False)
    if county.units == "grid30s":
        return survey_cells(ground.outline, townships=towns), none if towns is None else towns, findings
    if county.units == "villages" and villages is not None and towns is not None:
        return villages, towns, findings
    if county.units == "villages":
        stand_in = "乡镇" if towns is not None else "全县"
        findings.append(
            _stand_in(
                "villages",
                Text(
                    f"没有可用的村图层，以{stand_in}为单元",
                    f"no usable villages; units are {'the townships' if towns is not None else 'the whole county'}",
                ),
            )
        )
    elif towns is None:
        findings.append(
            _stand_in(
                "townships",
                Text("没有可用的乡镇图层，以全县为单元", "no usable townships; the unit is the whole county"),
            )
        )
    if towns is not None:
        return towns, none, findings
    whole = ground.outline.assign(code=_county_id(county) or "county")
    return _frame(whole, "", made=False), none, findings


def _stand_in(layer: str, what: Text) -> Finding:
    cure = Text(f"提交 [layers.{layer}]", f"deliver [layers.{layer}]")
    return Finding(rule="units-stand-in", severity="warning", layer=layer, message=what, cure=cure)


def _county_id(county: County) -> str:
    return full_code(county.code) if county.code else ""


def _frame(data: gpd.GeoDataFrame, parent: Any, *, made: bool) -> gpd.GeoDataFrame:
    """Columns of units, indexed by their code."""
    name = data["name"] if "name" in data else data["code"]
    english = data.get("name_en", name)
    columns = {
        "name": np.asarray(name, dtype=object),
        "name_en": np.where(np.asarray(english == ""), name, english).astype(object),
        "parent_id": np.broadcast_to(np.asarray(parent, dtype=object), len(data)),
        "made_area": made,
    }
    index = pd.Index(data["code"].astype("str").to_numpy(), name="unit_id")
    frame = gpd.GeoDataFrame(columns, geometry=data.geometry.to_numpy(), index=index, crs=data.crs)
    return frame.astype({"name": "str", "name_en": "str", "parent_id": "str", "made_area": bool})


def _villages(
    points: Any, polygons: gpd.GeoDataFrame | None, outline: gpd.GeoDataFrame, towns: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    stated = points["township_code"] if "township_code" in points else pd.Series("", index=points.index)
    parents = stated.where(stated != "", points["code"].str[:9] + "000")
    findings: list[Finding] = []
    if towns is not None:
        parents, findings = _known_parents(points, parents, towns)
    if polygons is not None:
        shapes = polygons.set_index("code").loc[points["code"]].geometry.to_numpy()
        return _frame(
            points.set_geometry(gpd.GeoSeries(shapes, index=points.index, crs=points.crs)), parents, made=False
        ), findings
    seats = _frame(points, parents, made=True)
    try:
        areas, more = _areas(seats, outline, towns)
    except LayerError as fault:
        if towns is None:
            raise
        findings.append(_no_areas(fault))
        areas, more = _areas(seats, outline, None)
    return areas, [*findings, *more]


def _areas(
    seats: gpd.GeoDataFrame, outline: gpd.GeoDataFrame, towns: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        areas = made_areas(seats, outline, parents=towns)
    cure = Text("核对村驻地坐标与乡镇界线", "check the seats of villages and the lines of townships")
    notes = [
        Finding(rule="made-areas", severity="warning", layer="villages", cure=cure,
                message=Text(f"由村驻地划分范围时：{shown(one.message, most=200)}", f"on making areas from seats: {shown(one.message, most=200)}"))
        for one in told if issubclass(one.category, RiskmapWarning)
    ]  # fmt: skip
    return areas[["name", "name_en", "parent_id", "made_area", "geometry"]], notes


def _no_areas(fault: LayerError) -> Finding:
    what = Text(
        f"不能在乡镇界内划分村范围（{shown(fault, most=200)}），改为在全县内划分",
        f"areas could not be made inside townships ({shown(fault, most=200)}); made inside the county",
    )
    cure = Text("核对村驻地坐标与乡镇界线", "check the seats of villages and the lines of townships")
    return Finding(rule="made-areas", severity="warning", layer="villages", message=what, cure=cure)


def _known_parents(
    points: gpd.GeoDataFrame, parents: pd.Series, towns: gpd.GeoDataFrame
) -> tuple[pd.Series, list[Finding]]:
    """Villages whose township code has no polygon belong to the township that they lie in, or nearest to."""
    strange = ~parents.isin(towns.index)
    if not strange.any():
        return parents, []
    tree = shapely.STRtree(towns.geometry.to_numpy())
    near = tree.nearest(points.geometry[strange].representative_point().to_numpy())
    cure = Text(
        "核对乡镇代码，或用 [codes] 对照新旧代码", "check the township's code, or join old and new codes by [codes]"
    )
    findings = []
    for key, code, place in zip(points["code"][strange], parents[strange], near, strict=True):
        name = towns["name"].iloc[place]
        what = Text(
            f"乡镇图层中没有代码 {code}，按位置归入{name}",
            f"no township has code {code}; by its place it belongs to {name}",
        )
        findings.append(
            Finding(
                rule="unknown-township",
                severity="warning",
                layer="villages",
                key=key,
                field="乡镇代码",
                value=code,
                message=what,
                cure=cure,
                mended=True,
            )
        )
    mended = parents.copy()
    mended[strange] = towns.index[near].to_numpy()
    return mended, findings


def _dissolved(villages: gpd.GeoDataFrame, layers: Mapping[str, Layer], county: County) -> gpd.GeoDataFrame:
    """Townships as the union of their villages, with names from the layers of townships or the yearbook."""
    union = villages[["parent_id", "geometry"]].dissolve("parent_id")
    order = range(1, len(union) + 1)
    names = pd.Series([f"未命名乡镇{n}" for n in order], index=union.index)
    english = pd.Series([f"Unnamed township {n}" for n in order], index=union.index)
    for layer in ("yearbook", "townships"):
        if layer in layers and "name" in layers[layer].data:
            data: Any = layers[layer].data
            table = data.drop_duplicates("code").set_index("code")
            named = table["name"][table["name"] != ""]
            names.update(named)
            english.update(table.get("name_en", named).reindex(named.index).where(lambda one: one != "", named))
    data = union.assign(code=union.index, name=names, name_en=english)
    return _frame(data, _county_id(county), made=bool(villages["made_area"].any()))


def survey_cells(outline: gpd.GeoDataFrame, *, townships: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """Cells of 30 arc-seconds inside the county, as the national survey counts them.

    Parameters
    ----------
    outline : GeoDataFrame
        The county.
    townships : GeoDataFrame, optional
        Indexed by code; a cell belongs to the one that holds its middle (else the nearest).

    Returns
    -------
    GeoDataFrame
        Index ``unit_id``: ``c0012r0034``, column and row from the north-west corner; cells at the border are cut along
        it. System of the outline. Columns as of units; ``made_area`` false.

    Examples
    --------
    >>> county = gpd.GeoDataFrame(geometry=[shapely.box(111.0, 39.0, 111.03, 39.02)], crs=4490)
    >>> survey_cells(county).index[:2].tolist()
    ['c0001r0001', 'c0002r0001']
    """
    degrees = outline.to_crs(4490)
    west, south, east, north = degrees.total_bounds
    slack = 1e-9
    first, last = np.floor(west / _STEP_DEG + slack), np.ceil(east / _STEP_DEG - slack)
    bottom, top = np.floor(south / _STEP_DEG + slack), np.ceil(north / _STEP_DEG - slack)
    columns, rows = np.meshgrid(np.arange(first, last), np.arange(top, bottom, -1))
    x, y = columns.ravel() * _STEP_DEG, rows.ravel() * _STEP_DEG
    cells = gpd.GeoDataFrame(
        {"column": (columns.ravel() - first + 1).astype(int), "row": (top - rows.ravel() + 1).astype(int)},
        geometry=shapely.box(x, y - _STEP_DEG, x + _STEP_DEG, y),
        crs=4490,
    )
    ground = shapely.union_all(outline.geometry.to_numpy())
    moved = in_crs(cells, outline.crs)
    cut = shapely.intersection(moved.geometry.to_numpy(), ground)
    kept = shapely.area(cut) > 0
    if not kept.any():
        what = Text("县界内没有 30 秒格网", "the outline holds no cell of 30 arc-seconds")
        raise Refusal("outline", what, Text("检查县界", "check the outline"))
    some, shapes = moved[kept], gpd.GeoSeries(cut[kept], crs=outline.crs)
    parents = np.full(len(some), "", dtype=object)
    if townships is not None and len(townships):
        near = shapely.STRtree(townships.geometry.to_numpy()).nearest(shapes.representative_point().to_numpy())
        parents = townships.index[near].to_numpy()
    data = gpd.GeoDataFrame(
        {
            "code": [f"c{c:04d}r{r:04d}" for c, r in zip(some["column"], some["row"], strict=True)],
            "name": [f"第{r}行第{c}列格网" for c, r in zip(some["column"], some["row"], strict=True)],
            "name_en": [f"Cell row {r}, column {c}" for c, r in zip(some["column"], some["row"], strict=True)],
        },
        geometry=shapes.to_numpy(),
        crs=outline.crs,
    )
    return _frame(data, parents, made=False)
