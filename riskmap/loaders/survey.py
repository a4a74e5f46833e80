"""Load a county: its frame first, then every other layer, then what only shows between layers."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.errors import LayerError
from riskmap.loaders.codes import CodeJoin, read_codes
from riskmap.loaders.county_decisions import refuse_lost_overrides, refuse_lost_seat
from riskmap.loaders.division import divide
from riskmap.loaders.ground import Ground, lay_ground
from riskmap.loaders.layer import Where, read_layer
from riskmap.loaders.quality_all import check_between
from riskmap.loaders.raster import read_raster
from riskmap.loaders.refusal import Refusal, gathered
from riskmap.loaders.rules import Against, Beside
from riskmap.loaders.shifted import check_shifts
from riskmap.model.county import County
from riskmap.model.layers import Finding, Layer, LayerSpec
from riskmap.model.results import LeftOut, Survey
from riskmap.model.standards import Standards
from riskmap.model.text import Text

__all__ = ["load_survey"]

_LOG = logging.getLogger(__name__)
_FRAME = ("townships", "villages", "yearbook")
_AREAL = ("townships", "villages")
_SHAPED = frozenset({"Polygon", "MultiPolygon"})
Progress = Callable[[float, str], None]


def load_survey(
    county: County, specs: Mapping[str, LayerSpec], *, standards: Standards, progress: Progress | None = None
) -> Survey:
    """Read and check all delivered layers of a county.

    Parameters
    ----------
    county : County
        From `read_county`.
    specs : mapping of str to LayerSpec
        The catalogue of layers.
    standards : Standards
        With the county's confirmations.
    progress : callable, optional
        Told ``(fraction, message)``.

    Returns
    -------
    Survey
        Layers in the analysis system and on the grid. A layer that cannot be used is in `left_out`, with its reason
        among `findings`.

    Raises
    ------
    LayerError
        Nothing tells where the county lies (no outline, no polygons of units, no elevation), the outline cannot be
        read, or the code table cannot.

    Examples
    --------
    >>> load_survey.__name__
    'load_survey'
    """
    tell = progress or (lambda _fraction, _message: None)
    tell(0.0, str(specs["outline"].title))
    ground = lay_ground(county, specs)
    codes = CodeJoin() if county.codes is None else read_codes(county.codes, folder=county.folder)
    where = replace(ground.where(county.folder, border_m=standards.value("quality.border_m")), codes=codes)
    where = replace(where, against=replace(where.against, standards=standards))
    loaded = _Loaded(dict(ground.layers), list(ground.findings))
    names = [*_FRAME, *(name for name in county.layers if name not in (*_FRAME, "outline"))]
    names = [name for name in names if name in county.layers]
    for number, name in enumerate(names):
        tell((number + 1) / (len(names) + 2), str(specs[name].title))
        against = loaded.against(county, where.against)
        loaded.read(county, specs[name], where=replace(where, against=against), ground=ground)
    tell(0.95, "评估单元 Units")
    units, townships, found = divide(county, ground, loaded.layers, loaded.polygons)
    loaded.findings += found
    refuse_lost_overrides(county, units.index, townships.index)
    refuse_lost_seat(county, units.index)
    beside = Beside(
        layers=loaded.numbered(),
        areas=loaded.areas(),
        mask=ground.mask,
        against=loaded.against(county, where.against),
        files={name: county.folder / one.path for name, one in county.layers.items() if specs[name].kind == "raster"},
    )
    loaded.findings += check_between(beside, specs)
    loaded.findings += check_shifts(loaded.layers, areas=loaded.polygons, entries=county.layers)
    tell(1.0, "完成 Done")
    return Survey(
        county=county,
        standards=standards,
        grid=ground.grid,
        mask=ground.mask,
        outline=ground.outline,
        units=units,
        townships=townships,
        layers=MappingProxyType(loaded.usable(specs)),
        findings=gathered(loaded.findings),
        left_out=tuple(loaded.left_out),
    )


class _Loaded:
    """Layers, findings and left-out products as they come in."""

    def __init__(self, layers: dict[str, Layer], findings: list[Finding]) -> None:
        self.layers = layers
        self.findings = findings
        self.left_out: list[LeftOut] = []
        self.polygons: dict[str, gpd.GeoDataFrame] = {}

    def read(self, county: County, spec: LayerSpec, *, where: Where, ground: Ground) -> None:
        """Read one layer; a fault of the whole layer leaves it out."""
        entry = county.layers[spec.name]
        try:
            if spec.kind == "raster":
                layer, found = read_raster(entry, spec, folder=county.folder, grid=ground.grid, mask=ground.mask)
            else:
                also = {"townships": ("point",), "villages": ("polygon",)}.get(spec.name, ())
                layer, found = read_layer(entry, spec, where=where, also=also, placed=spec.name != "townships")
        except LayerError as fault:
            _LOG.warning("%s left out: %s", spec.name, fault)
            self.leave_out(spec, fault)
            return
        self.findings += found
        data = layer.data
        if spec.name in _AREAL and isinstance(data, gpd.GeoDataFrame) and data.geometry.geom_type.isin(_SHAPED).all():
            self.polygons[spec.name] = data
        if spec.name == "villages":
            points: Any = data
            layer = replace(layer, data=points.set_geometry(points.geometry.representative_point()))
        self.layers[spec.name] = layer

    def leave_out(self, spec: LayerSpec, fault: LayerError) -> None:
        """Record a layer that cannot be used."""
        said = Text(fault.zh, fault.en)
        refusal = (
            fault
            if isinstance(fault, Refusal)
            else Refusal(spec.name, said, Text("改正后重新提交", "correct and deliver again"))
        )
        finding = refusal.finding(spec.name)
        self.findings.append(finding)
        self.left_out.append(LeftOut(product=spec.title, reason=finding.message))

    def divisions(self) -> frozenset[str] | None:
        """Codes of the villages and townships read so far; None before the villages."""
        if "villages" not in self.layers:
            return None
        data: Any = self.layers["villages"].data
        towns: Any = self.layers["townships"].data["code"] if "townships" in self.layers else ()
        return frozenset({*data["code"], *(data["code"].str[:9] + "000"), *towns})

    def against(self, county: County, plain: Against) -> Against:
        """What the next layer's records are held against."""
        date = pd.to_datetime(county.date, errors="coerce")
        return replace(
            plain, divisions=self.divisions(), county=county.code, date=None if pd.isna(date) else pd.Timestamp(date)
        )

    def numbered(self) -> dict[str, Any]:
        """Data of the layers, records indexed by their rows in the files."""
        return {
            name: layer.data
            if layer.rows is None or len(layer.rows) != len(layer.data)
            else layer.data.set_axis(layer.rows)
            for name, layer in self.layers.items()
        }

    def areas(self) -> dict[str, gpd.GeoDataFrame]:
        """Polygons of the units, records indexed by their rows in the files."""
        return {name: frame.set_axis(self.layers[name].rows) for name, frame in self.polygons.items()}

    def usable(self, specs: Mapping[str, LayerSpec]) -> dict[str, Layer]:
        """Layers that hold what their kind promises (names of townships alone are no polygons)."""
        return {
            name: layer
            for name, layer in self.layers.items()
            if name != "townships" or name in self.polygons or specs[name].kind == "table"
        }
