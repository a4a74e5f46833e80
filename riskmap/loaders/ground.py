"""The ground that everything is put on: outline, analysis system, grid, mask, neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyproj
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox

from riskmap.errors import GridError, LayerError
from riskmap.loaders.layer import Where, read_layer
from riskmap.loaders.place import in_crs
from riskmap.loaders.quality import Against
from riskmap.loaders.raster import raster_frame
from riskmap.loaders.refusal import Refusal, few
from riskmap.loaders.system import Box
from riskmap.model.county import County, LayerEntry
from riskmap.model.layers import Finding, Layer, LayerSpec
from riskmap.model.text import Text
from riskmap.spatial import inside, make_grid, metric_crs, zone_crs

__all__ = ["Ground", "lay_ground"]

_MOST_CELLS = 400_000_000
_TOUCH_M = 500.0
"""Counties of a generalised outline file within this distance are neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """Where the county lies.

    Parameters
    ----------
    outline : GeoDataFrame
        One row (``name``, ``name_en``, ``code``), analysis system.
    grid : GeoBox
        Analysis grid around it.
    mask : DataArray of bool
        Cells inside.
    near : tuple of float
        Extent in degrees.
    layers : mapping of str to Layer
        ``outline`` and ``neighbours`` where they were delivered.
    findings : tuple of Finding
        Of these layers.
    """

    outline: gpd.GeoDataFrame
    grid: GeoBox
    mask: xr.DataArray
    near: Box
    layers: Mapping[str, Layer]
    findings: tuple[Finding, ...] = ()

    def where(self, folder: Path, *, border_m: float) -> Where:
        """Return what the reader of a layer needs to know of the county."""
        against = Against(area=self.outline, border_m=border_m)
        return Where(folder=folder, crs=self.outline.crs, near=self.near, against=against)


def lay_ground(county: County, specs: Mapping[str, LayerSpec]) -> Ground:
    """Find the county's outline and put a grid over it.

    The outline is the delivered one; without it the union of township or village polygons, else the extent of
    the elevation. Of a file with many counties the one with the county's code (else name) is taken; those that
    touch it become the layer ``neighbours``.

    Parameters
    ----------
    county : County
        Settings.
    specs : mapping of str to LayerSpec
        The catalogue.

    Returns
    -------
    Ground

    Raises
    ------
    LayerError
        Nothing tells where the county lies, or what tells it cannot be read.

    Examples
    --------
    >>> lay_ground.__name__
    'lay_ground'
    """
    layers: dict[str, Layer] = {}
    whole, rest, findings = _delivered(county, specs, layers) if "outline" in county.layers else _made(county, specs)
    crs = _system(county, whole)
    shape = shapely.union_all(shapely.make_valid(in_crs(whole, crs).geometry.to_numpy()))
    outline = gpd.GeoDataFrame(
        {"name": [county.title.zh], "name_en": [county.title.en], "code": [county.code]}, geometry=[shape], crs=crs
    )
    grid = make_grid(outline.total_bounds, crs, cell_size_m=county.cell_size_m)
    if grid.shape[0] * grid.shape[1] > _MOST_CELLS:
        what = Text(
            f"格网有 {grid.shape[1]} x {grid.shape[0]} 个，过细",
            f"the grid would have {grid.shape[1]} x {grid.shape[0]} cells",
        )
        raise Refusal(
            "county.toml",
            what,
            Text("加大 cell_size_m，或检查县界的坐标系", "raise cell_size_m, or check the outline's coordinate system"),
        )
    west, south, east, north = (float(one) for one in outline.to_crs(4326).total_bounds)
    if "outline" in layers:
        layers["outline"] = replace(layers["outline"], data=outline)
    around = _neighbours(rest, outline) if rest is not None and "neighbours" not in county.layers else None
    if around is not None and len(around):
        layers["neighbours"] = Layer(spec=specs["neighbours"], data=around, source=layers["outline"].source)
    return Ground(
        outline=outline,
        grid=grid,
        mask=inside(outline, grid),
        near=(west, south, east, north),
        layers=layers,
        findings=tuple(findings),
    )


def _delivered(
    county: County, specs: Mapping[str, LayerSpec], layers: dict[str, Layer]
) -> tuple[Any, Any, list[Finding]]:
    layer, findings = read_layer(county.layers["outline"], specs["outline"], where=Where(folder=county.folder))
    layers["outline"] = layer
    data: gpd.GeoDataFrame = layer.data
    mine = _mine(data, county, layer.source.path)
    return data[mine], data[~mine], list(findings)


def _mine(data: gpd.GeoDataFrame, county: County, path: str) -> Any:
    if "code" in data and county.code:
        mine = data["code"].str[:6] == county.code
        if mine.any():
            return mine
    if "name" in data:
        mine = data["name"] == county.title.zh
        if mine.any():
            return mine
    if len(data) == 1:
        return data.index == data.index[0]
    names = few(data["name"]) if "name" in data else few(data["code"]) if "code" in data else "?"
    what = Text(
        f"{len(data)} 个面中没有 {county.title.zh}（{county.code}）：{names}",
        f"none of its {len(data)} polygons is {county.title.en} ({county.code}): {names}",
    )
    cure = Text(
        "改正 county.toml 的 code 或 name，或在 columns 中指明代码列",
        "correct code or name in county.toml, or name the code's column under columns",
    )
    raise Refusal(path, what, cure, rule="no-outline")


def _made(county: County, specs: Mapping[str, LayerSpec]) -> tuple[gpd.GeoDataFrame, None, list[Finding]]:
    """Stand-in for an outline that was not delivered."""
    for name in ("townships", "villages"):
        shapes = _polygons(county.layers.get(name), specs[name], county.folder)
        if shapes is not None:
            return shapes, None, [_stand_in(specs[name].title)]
    if "dem" in county.layers:
        entry = county.layers["dem"]
        return (
            raster_frame(county.folder / entry.path, crs=entry.crs, layer=entry.layer),
            None,
            [_stand_in(specs["dem"].title)],
        )
    what = Text(
        "没有县界、乡镇面、村面或高程，不知道本县在哪里",
        "neither outline, township or village polygons, nor elevation tell where the county lies",
    )
    raise Refusal("county.toml", what, Text("提交 [layers.outline]", "deliver [layers.outline]"), rule="no-outline")


def _polygons(entry: LayerEntry | None, spec: LayerSpec, folder: Path) -> gpd.GeoDataFrame | None:
    if entry is None:
        return None
    try:
        layer, _ = read_layer(entry, spec, where=Where(folder=folder), also=("polygon",), placed=False)
    except LayerError:
        return None  # told when the layer itself is read
    data = layer.data
    if not isinstance(data, gpd.GeoDataFrame) or not data.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).any():
        return None
    return data


def _stand_in(title: Text) -> Finding:
    what = Text(
        f"没有县界图层，以“{title.zh}”的范围代替", f"no outline was delivered; the extent of '{title.en}' stands for it"
    )
    cure = Text("提交 [layers.outline]", "deliver [layers.outline]")
    return Finding(rule="no-outline", severity="warning", layer="outline", message=what, cure=cure)


def _system(county: County, whole: gpd.GeoDataFrame) -> pyproj.CRS:
    if county.crs:
        return metric_crs(county.crs)
    west, _, east, _ = whole.to_crs(4326).total_bounds
    try:
        return zone_crs(float(west + east) / 2)
    except GridError as fault:
        what = Text("不能从县界推定分析坐标系", f"no analysis system can be found from the outline ({fault})")
        raise Refusal("county.toml", what, Text("写明 crs", "state crs"), rule="no-crs") from None


def _neighbours(rest: gpd.GeoDataFrame, outline: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Counties of the same file that touch this one."""
    moved = in_crs(rest, outline.crs)
    close = shapely.distance(moved.geometry.to_numpy(), outline.geometry.iloc[0]) < _TOUCH_M
    near = moved[close].reset_index(drop=True)
    if "name" not in near:
        near = near.assign(name="")
    english = near.get("name_en", near["name"])
    return near.assign(name_en=english.where(english != "", near["name"]))
