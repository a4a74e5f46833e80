"""What a warning or an event hits: people, houses, danger points, shelters and roads inside its footprint, in seconds."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.elements import exposure
from riskmap.errors import LayerError
from riskmap.loaders import read_footprint
from riskmap.maps.impact_page import impact_page, impact_sheet
from riskmap.maps.words import number
from riskmap.model import Exposure, ProductTable, Survey, Text
from riskmap.model.shown import frame_html
from riskmap.pipeline.county import Digests, open_county, standards_of
from riskmap.pipeline.impact_tables import footprint_tables
from riskmap.pipeline.load import load
from riskmap.pipeline.steps import Progress, Steps, silent
from riskmap.writers import EditionPaths, write_bytes, write_json, write_workbook

__all__ = ["Impact", "impact", "impact_values", "write_impact"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Impact:
    """What lies inside a footprint. For internal use: it names wardens.

    Parameters
    ----------
    survey : Survey
        The county, with a mark for internal use.
    source : str
        Name of the file with the footprint.
    footprint : GeoDataFrame
        The area inside the county; without a row where they do not meet.
    tables : dict of str to ProductTable
        By name; only those whose layers were delivered.
    """

    survey: Survey
    source: str
    footprint: gpd.GeoDataFrame
    tables: dict[str, ProductTable]

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Figures at a glance."""
        return pd.DataFrame([(str(label), value) for _, value, label in self.facts()], columns=["title", "value"])

    def facts(self) -> list[tuple[str, float, Text]]:
        """Figures at a glance: a key, the number (NaN unknown) and what it counts."""
        area = float(self.footprint.area.sum() / 1e6)
        found = [("area_km2", area, Text("影响面积（km²）", "Area (km²)"))]
        for name, column, label in _FACTS:
            if name in self.tables:
                frame = self.tables[name].frame
                value = float(frame[column].sum(skipna=False)) if column else float(len(frame))
                found.append((f"{name}.{column or 'count'}", value, label))
        return found


_FACTS = (
    ("impact_units", "", Text("涉及村（社区）", "Villages touched")),
    ("impact_units", "people_inside", Text("范围内人口（人）", "People inside")),
    ("impact_buildings", "buildings", Text("房屋（栋）", "Buildings")),
    ("impact_danger", "", Text("地质灾害隐患点（处）", "Geological danger points")),
    ("impact_danger", "threatened_people", Text("隐患点威胁人口（人）", "People the danger points threaten")),
    ("impact_shelters", "", Text("范围内避难场所（处）", "Shelters inside")),
    ("impact_roads", "length_km", Text("范围内道路（km）", "Roads inside (km)")),
)


def impact(
    path: str | Path,
    footprint: str | Path,
    *,
    above: float | None = None,
    layer: str = "",
    crs: str = "",
    progress: Progress = silent,
) -> Impact:
    """Count what lies inside the footprint of a warning or an event; no hazard is measured again.

    Parameters
    ----------
    path : path
        The county folder, or its ``county.toml``.
    footprint : path
        Polygons, or a raster.
    above : float, optional
        For a raster: cells above it are inside.
    layer, crs : str
        Layer inside the file; coordinate system where the file states none.
    progress : callable
        ``(fraction, message)``.

    Returns
    -------
    Impact
        Layers and people come from the memory of the last run where nothing changed since; classes of risk and hazard
        from the published edition, if there is one.

    Raises
    ------
    CountyFileError, LayerError
        As `run`; and where the footprint cannot be read.

    Examples
    --------
    >>> impact.__name__
    'impact'
    """
    county, event = open_county(path), Path(footprint)
    if not event.exists():
        raise LayerError(
            Text(f"{event}：没有这个文件；请写影响范围文件", f"{event}: no such file; name the file with the footprint")
        )
    paths, digests = EditionPaths(county.output_folder), Digests.of(county)
    steps = Steps(cache=paths.cache, standards=standards_of(county), progress=progress, total=4, keep=False)
    survey = load(county, steps=steps)
    exposed: Exposure = steps.run(
        "exposure", Text("承灾体暴露", "Exposed objects"), digests.everything(county), lambda: exposure(survey)
    )
    survey = _internal(survey)
    area, _ = read_footprint(event, survey, above=above, layer=layer, crs=crs)
    tables = {} if area.empty else footprint_tables(survey, exposed, area, edition=paths.target)
    return Impact(survey=survey, source=event.name, footprint=area, tables=tables)


def _internal(survey: Survey) -> Survey:
    """Mark a survey so that nothing drawn from it can pass for a public map."""
    maps = survey.county.maps.model_copy(update={"is_public": False, "map_approval_number": ""})
    return replace(survey, county=survey.county.model_copy(update={"maps": maps}))


def impact_values(found: Impact) -> dict[str, Any]:
    """Impact as plain values, for JSON: figures at a glance and the touched villages.

    Parameters
    ----------
    found : Impact
        From `impact`.

    Returns
    -------
    dict

    Examples
    --------
    >>> impact_values.__name__
    'impact_values'
    """
    facts = {key: None if np.isnan(value) else value for key, value, _ in found.facts()}
    units: list[Any] = []
    if "impact_units" in found.tables:
        frame = pd.DataFrame(found.tables["impact_units"].frame.drop(columns="geometry")).reset_index()
        units = frame.astype("object").where(frame.notna(), None).to_dict("records")
    return {"county": found.survey.county.title.zh, "footprint": found.source, "facts": facts, "units": units}


def write_impact(found: Impact, folder: str | Path) -> Path:
    """Write `impact.xlsx`, `impact.html`, `impact.png` and `impact.json`, marked for internal use.

    Parameters
    ----------
    found : Impact
        From `impact`.
    folder : path
        Made if it is not there. Not a published edition: this names wardens.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    LayerError
        The folder is, or lies in, the published edition.

    Examples
    --------
    >>> write_impact.__name__
    'write_impact'
    """
    folder, survey = Path(folder).resolve(), found.survey
    edition = survey.county.output_folder
    if folder == edition or edition in folder.parents:
        raise LayerError(
            Text(
                f"{folder}：在已发布的成果里；影响速报含责任人姓名，请写另一个文件夹",
                f"{folder}: lies in the published edition; an impact names wardens, choose another folder",
            )
        )
    title = Text(f"{survey.county.title.zh}灾害影响速报（内部）", f"{survey.county.title.en}: impact, internal")
    facts = [(number(value), label) for _, value, label in found.facts()]
    image = b""
    if found.tables:
        short = Text("灾害影响速报（内部）", "Impact of a warning or event (internal)")
        image = impact_sheet(survey, found.footprint, title=short, points=_points(found), roads=_roads(found))
        write_bytes(folder / "impact.png", image)
    tables = list(found.tables.values())
    page = impact_page(survey, title=title, facts=facts, tables=tables, image=image)
    write_bytes(folder / "impact.html", page.encode("utf-8"))
    notes = [str(title), f"影响范围 footprint: {found.source}", "内部使用 For internal use"]
    notes += [f"{label}: {value}" for value, label in facts]
    sheets = {one.title.zh: _plain(one) for one in tables}
    write_workbook(folder / "impact.xlsx", sheets, date=survey.county.date, notes=notes)
    write_json(folder / "impact.json", impact_values(found))
    return folder


def _plain(table: ProductTable) -> pd.DataFrame:
    """Rows with words for codes and headers in both languages."""
    frame = pd.DataFrame(table.frame.drop(columns="geometry", errors="ignore"))
    frame = frame.reset_index() if frame.index.name else frame
    for column, scheme in table.schemes.items():
        frame[column] = frame[column].map(lambda code, scheme=scheme: scheme.label(int(code)).zh)
    return frame.rename(columns={one: str(table.headers.get(str(one), one)) for one in frame})


def _points(found: Impact) -> list[tuple[Text, str, str, gpd.GeoDataFrame, float | None]]:
    tables = found.tables
    kinds = []
    if "impact_units" in tables:
        units = gpd.GeoDataFrame(tables["impact_units"].frame)
        people = float(units["people_inside"].sum()) if "people_inside" in units else None
        kinds.append((Text("涉及村（社区）", "Village touched"), "#fc8d59", "o", units, people))
    for name, label, colour, marker in (
        ("impact_danger", Text("地质灾害隐患点", "Danger point"), "#8c2d04", "s"),
        ("impact_shelters", Text("范围内避难场所", "Shelter inside"), "#c51b7d", "^"),
        ("impact_refuge", Text("接收避难场所", "Shelter that takes people in"), "#1b7837", "^"),
    ):
        if name in tables:
            places = gpd.GeoDataFrame(tables[name].frame)
            kinds.append((label, colour, marker, places, None))
    return kinds


def _roads(found: Impact) -> gpd.GeoDataFrame:
    empty = gpd.GeoDataFrame(geometry=[], crs=found.footprint.crs)
    return gpd.GeoDataFrame(found.tables["impact_roads"].frame) if "impact_roads" in found.tables else empty
