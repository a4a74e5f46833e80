"""`county.toml` as a frozen noun. Reading the file and naming its faults is the loaders' work."""

from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from riskmap.model.layers import Secrecy
from riskmap.model.shown import frame_html
from riskmap.model.text import Text

__all__ = [
    "CodeTable",
    "CompareSettings",
    "ComparedProduct",
    "Confirmation",
    "County",
    "GivenProduct",
    "LayerEntry",
    "MapSettings",
    "Override",
    "PlanSettings",
    "ScoringSettings",
    "ShelterSettings",
    "ZoningSettings",
]


_Row = Annotated[tuple[float, ...], Field(strict=False)]
_Texts = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Name(_Table):
    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    @property
    def text(self) -> Text:
        """The name as a `Text`."""
        return Text(self.zh, self.en)


class LayerEntry(_Table):
    """`[layers.<name>]`: one delivered file and how to read it."""

    path: Annotated[str, Field(min_length=1, description="file, relative to county.toml")]
    layer: Annotated[str, Field(description="layer of a GeoPackage or File GDB")] = ""
    sheet: Annotated[str, Field(description="sheet of a workbook")] = ""
    band: Annotated[int, Field(ge=1, description="band of a raster")] = 1
    encoding: Annotated[str, Field(description="text encoding; found by itself when empty")] = ""
    crs: Annotated[str, Field(description="coordinate system, when the file states none or a wrong one")] = ""
    shift: Annotated[Literal["", "gcj02", "bd09"], Field(description="web map whose shift is taken out")] = ""
    columns: Annotated[dict[str, str], Field(description="riskmap's column = the file's column")] = {}
    units: Annotated[dict[str, str], Field(description="column = unit in the file (亩, 万元, km2)")] = {}
    missing: Annotated[tuple[str, ...], Field(strict=False, description="cell texts that mean no value")] = ()
    only: Annotated[dict[str, _Texts], Field(description="the file's column = texts of the records to keep")] = {}
    every: Annotated[dict[str, str], Field(description="riskmap's column = one text for all records")] = {}
    licence: str = ""
    source: str = ""
    secrecy: Secrecy | None = None


class GivenProduct(_Table):
    """`[given.<theme>]`: a finished product of another department."""

    title: _Name
    path: Annotated[str, Field(min_length=1)]
    layer: str = ""
    sheet: str = ""
    band: Annotated[int, Field(ge=1)] = 1
    encoding: str = ""
    crs: str = ""
    kind: Literal["polygon", "raster", "table"]
    field: Annotated[str, Field(description="column with the class (polygons, tables)")] = ""
    key: Annotated[str, Field(description="column with the unit code (tables)")] = ""
    classes: Annotated[dict[str, int], Field(description="value in the file = class 1..K, low to high")]
    scores: Annotated[tuple[float, ...], Field(strict=False, description="score 0..1 of class 1..K")]
    scheme: Annotated[str, Field(min_length=1)]
    producer: Annotated[str, Field(min_length=1)]
    date: Annotated[str, Field(min_length=1)]
    method: Annotated[str, Field(min_length=1)]
    licence: str = ""
    secrecy: Secrecy | None = None


class ScoringSettings(_Table):
    """`[scoring]`: how themes join to the comprehensive index."""

    profile: str = "comprehensive"
    weights: Annotated[dict[str, float], Field(description="theme = weight")] = {}
    themes: Annotated[tuple[str, ...], Field(strict=False, description="order of the rows of pairwise")] = ()
    pairwise: Annotated[tuple[_Row, ...], Field(strict=False, description="AHP judgements between the themes")] = ()
    objects: Annotated[dict[str, float], Field(description="exposed object = weight")] = {}
    scheme: str = "comprehensive-risk"
    cells_to_units: Literal["area_mean", "people_mean", "exposed_mean", "worst_share", "worst_class"] = "exposed_mean"
    worst_share: Annotated[float, Field(gt=0, le=1)] = 0.1
    capacity: Annotated[
        float,
        Field(ge=0, le=1, description="how much of capacity lessens vulnerability: 0 none, 1 risk = H E V (1 - C)"),
    ] = 0.0
    try_knobs: Annotated[
        bool, Field(description="measure the hazards anew with other knobs, for the sensitivity of the index")
    ] = False


class ZoningSettings(_Table):
    """`[zoning]`: how units join to zones."""

    method: Annotated[
        Literal["class", "like", "regions"],
        Field(
            description="class: one class; like: one class and leading hazard; regions: units that resemble one another"
        ),
    ] = "class"
    minimum_area_km2: Annotated[
        float | None, Field(ge=0, description="smallest zone of class and like; a share of the county unless given")
    ] = None
    count: Annotated[
        int | None, Field(ge=1, description="number of regions; by the jump of their cost unless given")
    ] = None
    smooth_cells: Annotated[
        Literal[1, 3, 5, 7, 9, 11], Field(description="side of the window that smooths the grid zones, cells")
    ] = 5
    mapping_km2: Annotated[float | None, Field(ge=0, description="smallest grid zone; a threshold unless given")] = None


class ShareScenario(_Table):
    """`[shelters.share.<name>]`: a share of all people who must leave, where no zone is told (an earthquake)."""

    title: _Name
    share: Annotated[float, Field(ge=0, le=1, description="share of all people who look for a shelter")]
    limit: Annotated[Literal["radius", "time"], Field(description="radius of the shelter, or the walking time")] = (
        "radius"
    )


class ShelterSettings(_Table):
    """`[shelters]`: rules of reach."""

    rules: str = "gb51143"
    walk_speed_km_h: Annotated[float, Field(gt=0, le=10)] = 4.0
    snap_m: Annotated[float, Field(gt=0)] = 1000.0
    radius_m: Annotated[dict[str, float], Field(description="shelter type = radius")] = {}
    serves: Annotated[dict[str, _Texts], Field(description="shelter type = the only hazards in which it serves")] = {}
    share: Annotated[dict[str, ShareScenario], Field(description="name = share of people who must leave")] = {}


class MapSettings(_Table):
    """`[maps]`: what stands on the sheets and in the atlas."""

    title: _Name | None = None
    compiler: str = ""
    compile_date: str = ""
    map_approval_number: str = ""
    is_public: bool = False
    personal_data: Annotated[bool, Field(description="contacts of the shelters stand in the tables")] = False
    data_note: Annotated[_Name | None, Field(description="printed on every output")] = None
    atlas_mb: Annotated[float, Field(gt=0, description="largest atlas; pictures are coarsened to fit")] = 10.0
    atlas_leave_out: Annotated[
        tuple[str, ...],
        Field(strict=False, description="layers that the atlas does not carry, or trial-cells, values, buildings"),
    ] = ()


class Confirmation(_Table):
    """`[standards.<key>]`: a value that the county has read in the standard itself."""

    value: float | str | None = None
    edges: Annotated[tuple[float, ...], Field(strict=False, description="inner edges of a scheme, low to high")] = ()
    clause: Annotated[str, Field(min_length=1)]
    confirmed_by: Annotated[str, Field(min_length=1)]
    date: Annotated[str, Field(min_length=1)]
    confidence: Literal["county-confirmed"] = "county-confirmed"


class ComparedProduct(_Table):
    """`[compare.province]`, `[compare.neighbour.<name>]`: a finished risk zoning to set beside the county's own."""

    title: _Name
    path: Annotated[str, Field(min_length=1, description="polygons, relative to county.toml")]
    layer: Annotated[str, Field(description="layer of a GeoPackage or File GDB")] = ""
    encoding: Annotated[str, Field(description="text encoding; found by itself when empty")] = ""
    crs: Annotated[str, Field(description="coordinate system, when the file states none or a wrong one")] = ""
    field: Annotated[str, Field(min_length=1, description="column with the class")]
    classes: Annotated[dict[str, int], Field(min_length=1, description="value in the file = class 1..K, low to high")]
    producer: Annotated[str, Field(min_length=1, description="who made it")]
    date: Annotated[str, Field(min_length=1, description="date of the product")]
    licence: str = ""
    secrecy: Secrecy | None = None


class CompareSettings(_Table):
    """`[compare]`: products of others that the county's zoning is compared with."""

    province: Annotated[ComparedProduct | None, Field(description="product of the level above")] = None
    neighbour: Annotated[dict[str, ComparedProduct], Field(description="name = product of a neighbour")] = {}

    @property
    def products(self) -> dict[str, ComparedProduct]:
        """All of them by name: ``province``, ``neighbour.<name>``."""
        found = {f"neighbour.{name}": one for name, one in self.neighbour.items()}
        return found if self.province is None else {"province": self.province, **found}


class Override(_Table):
    """`[[overrides]]`: a class that somebody signs for, in place of the computed one."""

    unit: Annotated[str, Field(min_length=1, description="code of the village or township")]
    class_: Annotated[int | str, Field(alias="class", description="class: its number, or its name zh or en")]
    by: Annotated[str, Field(min_length=1, description="office that answers for it")]
    date: Annotated[str, Field(min_length=1, description="day on which it was signed")]
    reason: Annotated[str, Field(min_length=1, description="why the computed class does not hold")]
    evidence: Annotated[str, Field(min_length=1, description="what shows it: a report, a photograph, a visit")]
    evidence_file: Annotated[str, Field(description="file that holds it, relative to county.toml")] = ""
    computed: Annotated[int | str | None, Field(description="class that was computed when it was signed")] = None
    line: Annotated[int, Field(exclude=True, description="line of county.toml, filled in when it is read")] = 0


class CodeTable(_Table):
    """`[codes]`: joins places across code editions."""

    path: Annotated[str, Field(min_length=1)]
    old: str = "old_code"
    new: str = "new_code"


class PlanSettings(_Table):
    """`[plan]`: the county's plan for disaster prevention, its years and the targets of its core indicators."""

    name: _Name
    first_year: Annotated[int, Field(ge=1949, le=2100, description="first year of the plan")]
    last_year: Annotated[int, Field(ge=1949, le=2100, description="last year of the plan")]
    deaths_per_million: Annotated[float | None, Field(gt=0, description="deaths a year per million people, below")] = (
        None
    )
    affected_per_100000: Annotated[
        float | None, Field(gt=0, description="person-times affected a year per 100,000 people, below")
    ] = None
    loss_share_pct: Annotated[float | None, Field(gt=0, le=100, description="direct loss in % of GDP, below")] = None
    relief_hours: Annotated[float | None, Field(gt=0, description="relief within so many hours")] = None
    people: Annotated[dict[str, float], Field(description="year = resident people of the county")] = {}
    gdp_yuan: Annotated[dict[str, float], Field(description="year = GDP of the county, yuan")] = {}


class County(_Table):
    """A county folder, read and right.

    `folder` is where `county.toml` stands; every path in it is relative to that folder.
    """

    folder: Annotated[Path, Field(strict=False, exclude=True)]
    name: _Name
    code: Annotated[str, Field(pattern=r"^(\d{6})?$", description="GB/T 2260, six digits")] = ""
    code_version: str = ""
    crs: Annotated[str, Field(description="analysis CRS, projected, in metres")] = ""
    cell_size_m: Annotated[float, Field(gt=0, le=5000)] = 30.0
    units: Annotated[str, Field(description="layer of the units, or grid30s")] = "villages"
    date: Annotated[str, Field(description="date of the edition, printed on every output")]
    output: str = "derived"
    outside: Annotated[
        tuple[str, ...], Field(strict=False, description="folders outside the county's own that paths may lead to")
    ] = ()
    seed: Annotated[int, Field(ge=0)] = 0
    layers: dict[str, LayerEntry] = {}
    hazards: dict[str, dict[str, Any]] = {}
    given: dict[str, GivenProduct] = {}
    scoring: ScoringSettings = ScoringSettings()
    zoning: ZoningSettings = ZoningSettings()
    shelters: ShelterSettings = ShelterSettings()
    maps: MapSettings = MapSettings()
    standards: dict[str, Confirmation] = {}
    codes: CodeTable | None = None
    plan: PlanSettings | None = None
    compare: CompareSettings = CompareSettings()
    seat: Annotated[str, Field(description="code of the village or community where the county government sits")] = ""
    overrides: Annotated[tuple[Override, ...], Field(strict=False, description="classes set by hand")] = ()

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Settings that were made, a row each: ``scoring.method``."""
        told = pd.json_normalize(self.model_dump(mode="json", exclude_unset=True)).iloc[0]
        return pd.DataFrame({"value": told}).rename_axis("setting")

    @property
    def title(self) -> Text:
        """Name of the county in both languages."""
        return self.name.text

    @property
    def output_folder(self) -> Path:
        """Absolute folder of the published edition."""
        return (self.folder / self.output).resolve()
