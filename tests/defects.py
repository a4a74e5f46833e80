"""Defects as counties deliver them: how each is planted into the clean county, and what the check must say of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import clean_files as clean
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.standards import layer_spec


@dataclass
class Bed:
    """The frames of one county while defects are planted: each in records that no other defect touches.

    Records are known by their label; `rows` says at the end in which row of its file each of them stands.
    """

    frames: dict[str, Any]
    rasters: dict[str, np.ndarray]
    rng: np.random.Generator
    taken: dict[str, set] = field(default_factory=dict)
    expected: list[tuple[str, str, str, Any, str]] = field(default_factory=list)
    name: str = ""
    cell_m: dict[str, float] = field(default_factory=dict)

    def __post_init__(self):
        self.frames = dict(self.frames)
        for name, frame in self.frames.items():
            columns = {one: frame[one].astype(object) for one in frame.columns if one != "geometry"}
            self.frames[name] = frame.assign(**columns)
            if isinstance(frame, gpd.GeoDataFrame) and self.is_text(name):
                self.frames[name] = (
                    clean.in_degrees(self.frames[name])
                    .assign(_east=frame.geometry.x, _north=frame.geometry.y)
                    .astype(object)
                )

    def pick(self, layer, where=None, count=1):
        """Labels of records that no defect has touched."""
        frame = self.frames[layer]
        some = frame if where is None else frame[where(frame)]
        free = [one for one in some.index if one not in self.taken.get(layer, set())]
        chosen = [free[n] for n in self.rng.permutation(len(free))[:count]]
        assert len(chosen) == count, f"no record left for {self.name}"
        self.take(layer, chosen)
        return chosen[0] if count == 1 else chosen

    def take(self, layer, labels):
        self.taken.setdefault(layer, set()).update(labels)

    def set(self, layer, label, **values):
        for column, value in values.items():
            self.frames[layer].loc[label, column] = value

    def value(self, layer, label, column):
        return self.frames[layer].loc[label, column]

    def append(self, layer, label=None, **changes):
        """Append a copy of a record at the end; returns its label."""
        frame = self.frames[layer]
        row = frame.loc[[self.pick(layer) if label is None else label]].assign(**changes)
        new = max(frame.index) + 1
        row.index = [new]
        grown = pd.concat([frame, row.astype(frame.dtypes.drop("geometry", errors="ignore").to_dict())])
        self.frames[layer] = gpd.GeoDataFrame(grown, crs=frame.crs) if isinstance(frame, gpd.GeoDataFrame) else grown
        self.take(layer, [new])
        return new

    def move(self, layer, label, east, north):
        """Put a point elsewhere, metres."""
        place = gpd.GeoSeries([shapely.Point(east, north)], crs=clean.CRS).to_crs(4490).iloc[0]
        self.set(layer, label, lon=round(place.x, 6), lat=round(place.y, 6), _east=east, _north=north)

    def place(self, layer, label):
        return float(self.value(layer, label, "_east")), float(self.value(layer, label, "_north"))

    def shape(self, layer, label, shape):
        shapes = self.frames[layer].geometry.to_numpy().copy()
        shapes[self.frames[layer].index.get_loc(label)] = shape
        self.frames[layer] = self.frames[layer].set_geometry(
            gpd.GeoSeries(shapes, index=self.frames[layer].index, crs=clean.CRS)
        )

    def drop(self, layer, label):
        self.frames[layer] = self.frames[layer].drop(index=label)

    def expect(self, layer, rule, label=None, key=""):
        self.expected.append((self.name, layer, rule, label, key))

    def rows(self):
        """What must be found: (layer, rule, row, key where there is no row), with the defect's name."""
        out = {}
        for name, layer, rule, label, key in self.expected:
            row = None
            if label is not None:
                first = 2 if self.is_text(layer) else 1
                row = int(self.frames[layer].index.get_loc(label)) + first
            out.setdefault((layer, rule, row, key), name)
        return out

    def is_text(self, layer):
        return layer != "villages" and layer_spec(layer).kind in {"point", "table"}

    def write(self, folder):
        paths = {}
        for name, frame in self.frames.items():
            plain = frame.drop(columns=[one for one in ("_east", "_north") if one in frame])
            paths[name] = clean.write_frame(folder, name, plain)
        for name, values in self.rasters.items():
            cell = self.cell_m.get(name, clean.CELL_M)
            paths[name] = clean.write_raster(folder, name, values, cell=cell, nodata=clean.nodata(values))
        (folder / "county.toml").write_text(clean.settings(paths), encoding="utf-8")


@dataclass(frozen=True)
class Defect:
    """One kind of defect."""

    name: str
    layer: str
    rule: str
    plant: Callable[[Bed], None]


DEFECTS: list[Defect] = []
RASTER_DEFECTS: list[Defect] = []


def cell(name, layer, rule, column, value, where=None):
    """A defect of one cell: a value that must not stand there."""

    def plant(bed):
        label = bed.pick(layer, where)
        bed.set(layer, label, **{column: value(bed, label) if callable(value) else value})
        bed.expect(layer, rule, label)

    DEFECTS.append(Defect(name, layer, rule, plant))


def defect(name, layer, rule):
    """Register a planting function; it says what is expected beside the rule itself."""

    def keep(plant):
        DEFECTS.append(Defect(name, layer, rule, plant))
        return plant

    return keep


def raster(name, layer, rule):
    def keep(plant):
        RASTER_DEFECTS.append(Defect(name, layer, rule, plant))
        return plant

    return keep


# -- values of single cells

cell("words for an area", "shelters", "no-number", "area_m2", "约三百")
cell("negative area", "shelters", "out-of-range", "area_m2", -50)
cell("impossible capacity", "shelters", "out-of-range", "capacity_people", 9_999_999)
cell("half a person", "shelters", "not-whole", "capacity_people", 120.5)
cell("type off the list", "shelters", "not-in-list", "type", "帐篷")
cell("neither yes nor no", "shelters", "no-yesno", "indoor", "可能")
cell("no name", "shelters", "missing-value", "name", "")
cell("no code", "shelters", "missing-value", "code", "")
cell("code in scientific notation", "shelters", "code-digits-lost", "code", "1.4093E+11")
cell("name of a test", "shelters", "placeholder-name", "name", "测试")
cell("name of stops", "hazard_points", "placeholder-name", "name", "……")
cell("unknown kind of hazard", "hazard_points", "not-in-list", "type", "火山")
cell("unit in the cell", "hazard_points", "no-number", "threatened_property_yuan", "350元")
cell("sentinel for people", "hazard_points", "out-of-range", "threatened_people", -9999)
cell("month thirteen", "hazard_points", "no-date", "found_date", "2019-13-45")
cell("found in the future", "hazard_points", "future-date", "found_date", "2031-05-01")
cell("found in the Qing dynasty", "hazard_points", "too-old", "found_date", "1812-05-01")
cell("unknown village", "hazard_points", "unknown-division", "village_code", "140930999999")
cell("structure off the list", "buildings", "not-in-list", "structure", "竹编")
cell("built in the future", "buildings", "future-date", "built_year", 2031)
cell("built long ago", "buildings", "too-old", "built_year", 1812)
cell("hundreds of storeys", "buildings", "out-of-range", "storeys", 300)
cell("unknown village of a house", "buildings", "unknown-division", "village_code", "140930888888")
cell("beds below zero", "clinics", "out-of-range", "beds_count", -3)
cell("level off the list", "relief_stores", "not-in-list", "level", "国家重点")
cell("burnt area below zero", "past_fires", "out-of-range", "area_hm2", -1)
cell("fire in the future", "past_fires", "future-date", "date", "2027-03-01")
cell("fire long ago", "past_fires", "too-old", "date", "1801-03-01")
cell("loss in the future", "losses", "future-date", "date", "2029-07-01")
cell("loss long ago", "losses", "too-old", "date", "1888-07-01")
cell("loss without date", "losses", "no-date", "date", "去年夏天")
cell("loss without hazard", "losses", "missing-value", "theme", "")
cell("loss in an unknown township", "losses", "unknown-division", "township_code", "140930777000")
cell("humidity over 100", "weather_daily", "out-of-range", "humidity_pct", 140, lambda f: f["station_id"] == "53560")
cell("no temperature", "weather_daily", "missing-value", "temp_degc", "", lambda f: f["station_id"] == "53560")
cell("class of road off the list", "roads", "not-in-list", "class", "索道")
cell("road too wide", "roads", "out-of-range", "width_m", 640.0)
cell("stream order 40", "streams", "out-of-range", "order", 40)
cell("rock without group", "lithology", "missing-value", "group", "")
cell("plan without type", "planning", "missing-value", "type", "")
cell("seam too thick", "mined_out", "out-of-range", "thickness_m", 300.0)
cell("site without name", "planned_sites", "missing-value", "name", "")
cell("name of a village to come", "villages", "placeholder-name", "name", "待定", lambda f: f["people"] > 100)


# -- columns against each other

cell("deaths over affected", "losses", "part-exceeds-whole", "deaths_people", 450)
cell("old and young over all", "villages", "part-exceeds-whole", "elderly_people", lambda b, n: b.value("villages", n, "people"), lambda f: f["people"] > 100)  # fmt: skip
cell("a tenth of a person a household", "villages", "odd-ratio", "households", lambda b, n: b.value("villages", n, "people") * 9, lambda f: f["people"] > 100)  # fmt: skip
cell(
    "capacity over area",
    "shelters",
    "too-many-people",
    "capacity_people",
    lambda b, n: b.value("shelters", n, "area_m2") * 3,
)
cell("class over its numbers", "hazard_points", "class-differs", "threat_class", "特大型")
cell("name of another kind", "hazard_points", "name-contradicts", "name", lambda b, n: f"{n}号" + ("滑坡" if b.value("hazard_points", n, "type") == "崩塌" else "崩塌"))  # fmt: skip
cell("GDP in another unit", "yearbook", "odd-ratio", "gdp_yuan", 5000)
cell("cropland in another unit", "yearbook", "exceeds-area", "cropland_m2", 400_000_000)
cell("another township's name", "yearbook", "name-differs", "name", "外乡")
cell("a station at sea level", "stations", "height-differs", "elevation_m", 1900)
cell("people over the township", "losses", "exceeds-division", "affected_people", 90_000)


@defect("more households than people", "hazard_points", "odd-ratio")
def _households(bed):
    label = bed.pick("hazard_points")
    bed.set("hazard_points", label, threatened_people=10, threatened_households=90, threat_class="小型")
    bed.expect("hazard_points", "odd-ratio", label)


@defect("more people at risk than the village has", "hazard_points", "exceeds-division")
def _people(bed):
    label = bed.pick("hazard_points")
    bed.set("hazard_points", label, threatened_people=900, threatened_households=110, threat_class="大型")
    bed.expect("hazard_points", "exceeds-division", label)


@defect("more households at risk than the village has", "hazard_points", "exceeds-division")
def _houses(bed):
    villages = bed.frames["villages"]
    free = villages[~villages.index.isin(bed.taken.get("villages", set()))]["code"]
    label = bed.pick("hazard_points", lambda f: f["village_code"].isin(free))
    bed.take("villages", free.index[free == bed.value("hazard_points", label, "village_code")])
    bed.set("hazard_points", label, threatened_people=400, threatened_households=300, threat_class="中型")
    bed.expect("hazard_points", "exceeds-division", label)


@defect("closed record", "hazard_points", "closed-record")
def _closed(bed):
    bed.set("hazard_points", bed.pick("hazard_points"), closed="是")
    bed.expect("hazard_points", "closed-record")


# -- places of points


@defect("swapped coordinates", "shelters", "swapped-coordinates")
def _swapped(bed):
    label = bed.pick("shelters")
    bed.set("shelters", label, lon=bed.value("shelters", label, "lat"), lat=bed.value("shelters", label, "lon"))
    bed.expect("shelters", "swapped-coordinates", label)


@defect("a degree to the east", "shelters", "outside-county")
def _outside(bed):
    label = bed.pick("shelters")
    bed.set("shelters", label, lon=bed.value("shelters", label, "lon") + 1)
    bed.expect("shelters", "outside-county", label)


@defect("coordinates of zero", "clinics", "outside-county")
def _zero(bed):
    label = bed.pick("clinics")
    bed.set("clinics", label, lon=0, lat=0)
    bed.expect("clinics", "outside-county", label)


@defect("no coordinates", "shelters", "no-place")
def _no_place(bed):
    label = bed.pick("shelters")
    bed.set("shelters", label, lon=np.nan, lat=np.nan)
    bed.expect("shelters", "no-place", label)


@defect("words for a coordinate", "hazard_points", "no-number")
def _worded(bed):
    label = bed.pick("hazard_points")
    bed.set("hazard_points", label, lon="村东")
    bed.expect("hazard_points", "no-number", label)


def _copied(layer, rule, **changes):
    def plant(bed):
        label = bed.append(layer, **{key: f"{value}{len(bed.frames[layer])}" for key, value in changes.items()})
        bed.expect(layer, rule, label)

    return plant


for _layer in ("shelters", "clinics", "relief_stores"):
    defect(f"the same place and name: {_layer}", _layer, "duplicate-place")(
        _copied(_layer, "duplicate-place", code="再")
    )
for _layer in ("shelters", "hazard_points", "clinics", "planned_sites", "fire_stations"):
    defect(f"another name on the same point: {_layer}", _layer, "same-place")(
        _copied(_layer, "same-place", code="另", name="河湾")
    )


def _beside(layer, suffix=""):
    def plant(bed):
        label = bed.pick(layer)
        east, north = bed.place(layer, label)
        name = bed.value(layer, label, "name") + suffix
        new = bed.append(layer, label, code=f"近{label}", name=name)
        turn = bed.rng.uniform(0, 2 * np.pi)
        bed.move(layer, new, east + 14 * np.cos(turn), north + 14 * np.sin(turn))
        bed.expect(layer, "near-duplicate", new)

    return plant


defect("entered again 14 m away", "shelters", "near-duplicate")(_beside("shelters"))
defect("entered again under a longer name", "clinics", "near-duplicate")(_beside("clinics", "室"))
defect("hazard entered again 14 m away", "hazard_points", "near-duplicate")(_beside("hazard_points"))


@defect("coordinates of two decimals", "shelters", "coarse-place")
def _coarse(bed):
    sources = bed.frames["hazard_points"]
    hazards = shapely.points(np.array(sources[["_east", "_north"]], float))
    mined = bed.frames["mined_out"].union_all()
    for _ in range(200):
        east = clean.WEST_M + bed.rng.uniform(1500, clean.WIDE_M - 1500)
        north = clean.SOUTH_M + bed.rng.uniform(1500, clean.HIGH_M - 1500)
        spot = gpd.GeoSeries([shapely.Point(east, north)], crs=clean.CRS).to_crs(4490).iloc[0]
        lon, lat = round(spot.x, 2), round(spot.y, 2)
        there = gpd.GeoSeries([shapely.Point(lon, lat)], crs=4490).to_crs(clean.CRS).iloc[0]
        if shapely.distance(hazards, there).min() > 100 and mined.distance(there) > 100:
            break
    label = bed.pick("shelters")
    bed.set("shelters", label, lon=lon, lat=lat)
    bed.expect("shelters", "coarse-place", label)


@defect("a shelter on a mined-out area", "shelters", "in-hazard-zone")
def _mined(bed):
    label = bed.pick("shelters")
    bed.move("shelters", label, clean.WEST_M + bed.rng.uniform(1850, 2150), clean.SOUTH_M + bed.rng.uniform(1850, 2150))
    bed.expect("shelters", "in-hazard-zone", label)


@defect("a planned site on a mined-out area", "planned_sites", "in-hazard-zone")
def _planned(bed):
    label = bed.pick("planned_sites")
    bed.move("planned_sites", label, clean.WEST_M + bed.rng.uniform(8850, 9150), clean.SOUTH_M + 7000)
    bed.expect("planned_sites", "in-hazard-zone", label)


@defect("a shelter beside a landslide", "shelters", "near-hazard-point")
def _near(bed):
    east, north = bed.place("hazard_points", bed.pick("hazard_points"))
    label = bed.pick("shelters")
    bed.move("shelters", label, east + 20, north - 15)
    bed.expect("shelters", "near-hazard-point", label)


def _far_village(bed, layer, label):
    villages = bed.frames["villages"]
    busy = villages[(villages["people"] > 100) & ~villages["code"].isin(bed.taken.get("empty", set()))]
    away = shapely.distance(busy.geometry.to_numpy(), shapely.Point(bed.place(layer, label)))
    return busy["code"].to_numpy()[int(np.argmax(away))]


@defect("a hazard with a far village's code", "hazard_points", "wrong-division")
def _wrong(bed):
    label = bed.pick("hazard_points")
    bed.set("hazard_points", label, village_code=_far_village(bed, "hazard_points", label))
    bed.expect("hazard_points", "wrong-division", label)


@defect("a house with a far village's code", "buildings", "wrong-division")
def _wrong_house(bed):
    label = bed.pick("buildings")
    bed.set("buildings", label, village_code=_far_village(bed, "buildings", label))
    bed.expect("buildings", "wrong-division", label)


# -- keys and repeated records


def _key_again(layer, column):
    def plant(bed):
        one, two = bed.pick(layer, count=2)
        first, second = sorted((one, two))
        bed.set(layer, second, **{column: bed.value(layer, first, column)})
        bed.expect(layer, "duplicate-key", second)

    return plant


for _layer in ("shelters", "hazard_points", "buildings", "clinics", "past_fires"):
    defect(f"a code used twice: {_layer}", _layer, "duplicate-key")(_key_again(_layer, "code"))


def _again(layer, rule, **changes):
    def plant(bed):
        bed.expect(layer, rule, bed.append(layer, **changes))

    return plant


defect("a month given twice", "weather_monthly", "duplicate-record")(_again("weather_monthly", "duplicate-record"))
defect("a day given twice", "weather_daily", "duplicate-record")(_again("weather_daily", "duplicate-record"))
defect("a design rain given twice", "rain_design", "duplicate-record")(_again("rain_design", "duplicate-record"))
defect("a loss entered twice", "losses", "same-record")(_again("losses", "same-record", code="ZQX"))
defect("a house entered twice", "buildings", "same-record")(_again("buildings", "same-record", code="FWX"))
defect("a fire entered twice", "past_fires", "same-record")(_again("past_fires", "same-record", code="HZX"))
defect("a station nobody knows", "weather_monthly", "unknown-reference")(_again("weather_monthly", "unknown-reference", station_id="99999"))  # fmt: skip
defect("month thirteen of a year", "weather_monthly", "out-of-range")(
    _again("weather_monthly", "out-of-range", month=13)
)
defect("a day to come", "weather_daily", "future-date")(_again("weather_daily", "future-date", date="2033-01-01"))


@defect("a station nobody knows, by day", "weather_daily", "unknown-reference")
def _strange_day(bed):
    bed.expect("weather_daily", "unknown-reference", bed.append("weather_daily", station_id="88888"))


@defect("one name for two fire stations", "fire_stations", "same-name")
def _station_names(bed):
    first, second = sorted(bed.pick("fire_stations", count=2))
    bed.set("fire_stations", second, name=bed.value("fire_stations", first, "name"))
    bed.expect("fire_stations", "same-name", second)


@defect("a station without records", "weather_monthly", "missing-record")
def _silent(bed):
    bed.append("stations", station_id="53999", name="新站", lon=0, lat=0)
    east, north = clean.WEST_M + bed.rng.uniform(1000, 11_000), clean.SOUTH_M + bed.rng.uniform(1000, 9000)
    new = max(bed.frames["stations"].index)
    bed.move("stations", new, east, north)
    bed.set("stations", new, elevation_m=round(float(clean.height(east, north)), 1))
    bed.expect("weather_monthly", "missing-record", key="53999")


# -- time


@defect("a month missing", "weather_monthly", "gap-in-series")
def _gap(bed):
    def middle(frame):
        first, last = frame.groupby("station_id").cumcount(), frame.groupby("station_id").cumcount(ascending=False)
        free = ~frame.index.to_series().shift(-1).isin(bed.taken.get("weather_monthly", set()))
        return (first > 0) & (last > 0) & free

    label = bed.pick("weather_monthly", middle)
    bed.take("weather_monthly", [label + 1])
    bed.drop("weather_monthly", label)
    bed.expect("weather_monthly", "gap-in-series", label + 1)


@defect("an instrument that is stuck", "weather_daily", "stuck-value")
def _stuck(bed):
    free = [
        n
        for n in bed.frames["weather_daily"].index
        if n + 6 in bed.frames["weather_daily"].index
        and bed.value("weather_daily", n, "station_id") == bed.value("weather_daily", n + 6, "station_id") == "53562"
        and not bed.taken.get("weather_daily", set()) & set(range(n, n + 7))
    ]
    start = int(bed.rng.choice(free))
    run = range(start, start + 7)
    bed.take("weather_daily", run)
    for n in run:
        bed.set("weather_daily", n, temp_degc=11.1, humidity_pct=44.4, wind_m_s=2.2)
    bed.expect("weather_daily", "stuck-value", start)


@defect("rain that falls with the return period", "rain_design", "not-rising")
def _falling(bed):
    label = bed.pick("rain_design", lambda f: f["return_period_a"] > 5)
    bed.set("rain_design", label, rain_mm=5.0)
    bed.expect("rain_design", "not-rising", label)


# -- codes of the division


def _small(frame):
    return frame["people"] < 100


@defect("a village code of ten digits", "villages", "malformed-code")
def _short(bed):
    label = bed.pick("villages", _small)
    bed.set("villages", label, code=bed.value("villages", label, "code")[:9] + "9")
    bed.expect("villages", "malformed-code", label)


@defect("a village of another county", "villages", "foreign-code")
def _foreign(bed):
    label = bed.pick("villages", _small)
    bed.set("villages", label, code="150930" + bed.value("villages", label, "code")[6:])
    bed.expect("villages", "foreign-code", label)
    bed.expect("villages", "code-differs", label)


@defect("another township's code", "villages", "code-differs")
def _township(bed):
    label = bed.pick("villages", _small)
    mine = bed.value("villages", label, "township_code")
    other = bed.rng.choice([one for one in bed.frames["townships"]["code"] if one != mine])
    bed.set("villages", label, township_code=str(other))
    bed.expect("villages", "code-differs", label)


@defect("a village numbered into another township", "villages", "wrong-division")
def _numbered(bed):
    label = bed.pick("villages", _small)
    mine = bed.value("villages", label, "code")
    others = [one for one in bed.frames["townships"]["code"] if one[:9] != mine[:9]]
    town = str(bed.rng.choice(others))
    bed.set("villages", label, code=f"{town[:9]}299", township_code=town)
    bed.expect("villages", "wrong-division", label)


@defect("two villages of one name", "villages", "same-name")
def _same_name(bed):
    label = bed.pick("villages", lambda f: ~_small(f))
    town = bed.value("villages", label, "township_code")
    other = bed.pick("villages", lambda f: (f["township_code"] == town) & ~_small(f))
    first, second = sorted((label, other))
    bed.set("villages", second, name=bed.value("villages", first, "name"))
    bed.expect("villages", "same-name", second)


# -- sums


@defect("a yearbook that counts more people", "villages", "sum-differs")
def _sum(bed):
    label = bed.pick("yearbook")
    bed.set("yearbook", label, people=int(bed.value("yearbook", label, "people") * 1.4))
    bed.expect("villages", "sum-differs", key=bed.value("yearbook", label, "code"))


@defect("a county row that is no sum", "yearbook", "sum-differs")
def _county(bed):
    people = int(bed.frames["yearbook"]["people"].sum() * 2)
    whole = {
        "code": f"{clean.COUNTY}000000",
        "name": "小河县",
        "people": people,
        "gdp_yuan": np.nan,
        "cropland_m2": np.nan,
    }
    label = bed.append("yearbook", bed.frames["yearbook"].index[0], **whole)
    bed.expect("yearbook", "county-row", label)
    bed.expect("yearbook", "sum-differs", label)


@defect("houses of no size", "buildings", "odd-sum")
def _no_size(bed):
    frame, taken = bed.frames["buildings"], bed.taken.get("buildings", set())
    groups = {code: set(some.index) for code, some in frame.groupby("village_code")}
    free = sorted(code for code, some in groups.items() if not some & taken)
    code = str(bed.rng.choice(free))
    bed.take("buildings", groups[code])
    bed.take("empty", [code])
    for n, label in enumerate(sorted(groups[code])):
        bed.set("buildings", label, floor_area_m2=1 + n)
    bed.expect("buildings", "odd-sum", key=code)


# -- lines and polygons


def _east_side(bed, wide):
    """A village that has a neighbour to the east, and its box grown (or shrunk) towards it."""

    def inner(frame):
        west = frame.geometry.bounds["minx"] - clean.WEST_M
        return (frame["people"] > 100) & (west < clean.WIDE_M - 2100)

    label = bed.pick("villages", inner)
    west, south, east, north = bed.frames["villages"].geometry[label].bounds
    bed.shape("villages", label, shapely.box(west, south, east + wide, north))
    return label, (west + 2000, south)


@defect("villages that overlap", "villages", "overlap")
def _overlap(bed):
    label, corner = _east_side(bed, 150)
    bounds = bed.frames["villages"].geometry.bounds
    near = bounds[(bounds["minx"] == corner[0]) & (bounds["miny"] == corner[1])].index[0]
    bed.expect("villages", "overlap", max(label, near))


@defect("a gap between villages", "villages", "gap")
def _hole(bed):
    _east_side(bed, -150)
    bed.expect("villages", "gap")


@defect("a village over the county's border", "villages", "partly-outside")
def _over(bed):
    label = bed.pick("villages", lambda f: (f.geometry.bounds["maxx"] > clean.WEST_M + clean.WIDE_M - 1) & ~_small(f))
    west, south, east, north = bed.frames["villages"].geometry[label].bounds
    bed.shape("villages", label, shapely.box(west, south, east + 700, north))
    bed.expect("villages", "partly-outside", label)


@defect("a plan over the county's border", "planning", "partly-outside")
def _over_plan(bed):
    label = bed.pick("planning")
    bed.shape("planning", label, clean.box(11_700, 3000 + 5 * label, 900, 300))
    bed.expect("planning", "partly-outside", label)


def _bow_tie(layer):
    def plant(bed):
        label = bed.pick(layer)
        west, south, east, north = bed.frames[layer].geometry[label].bounds
        bed.shape(layer, label, shapely.Polygon([(west, south), (east, north), (east, south), (west, north)]))
        bed.expect(layer, "broken-shape", label)

    return plant


defect("a plan crossed over itself", "planning", "broken-shape")(_bow_tie("planning"))


@defect("lines among rocks", "lithology", "wrong-kind")
def _line(bed):
    bed.expect("lithology", "wrong-kind", bed.append("lithology", geometry=[clean.line((100, 100), (900, 800))]))


for _layer in ("streams", "roads", "faults", "lithology", "planning", "mined_out"):
    defect(f"the same shape again: {_layer}", _layer, "repeated-shape")(_again(_layer, "repeated-shape"))


@defect("a stream of another province", "streams", "far-outside")
def _far(bed):
    a, b = bed.rng.uniform(50_000, 90_000, 2)
    bed.expect("streams", "far-outside", bed.append("streams", geometry=[clean.line((a, b), (a + 900, b + 500))]))


@defect("a road of another province", "roads", "far-outside")
def _far_road(bed):
    a, b = bed.rng.uniform(-90_000, -50_000, 2)
    bed.expect("roads", "far-outside", bed.append("roads", geometry=[clean.line((a, b), (a + 900, b + 500))]))


@defect("a scrap of rock", "lithology", "tiny-shape")
def _scrap(bed):
    a, b = bed.rng.uniform(500, 9000, 2)
    bed.expect("lithology", "tiny-shape", bed.append("lithology", geometry=[clean.box(a, b, 0.6, 0.6)]))


@defect("a scrap of a stream", "streams", "tiny-shape")
def _dot(bed):
    a, b = bed.rng.uniform(500, 9000, 2)
    bed.expect("streams", "tiny-shape", bed.append("streams", geometry=[clean.line((a, b), (a + 0.2, b + 0.1))]))


@defect("rocks that overlap", "lithology", "overlap")
def _rocks(bed):
    west, south, _, _ = bed.frames["lithology"].geometry[bed.pick("lithology")].bounds
    a, b = bed.rng.uniform(200, 1800, 2)
    bed.expect("lithology", "overlap", bed.append("lithology", geometry=[shapely.box(west + a, south + b, west + a + 900, south + b + 700)]))  # fmt: skip


@defect("a road that stops short", "roads", "near-miss")
def _short_road(bed):
    label = bed.pick("roads", lambda f: f["class"] == "村道")
    (a, b), (c, d) = bed.frames["roads"].geometry[label].coords
    bed.shape("roads", label, shapely.LineString([(a, b), (c, d - float(bed.rng.uniform(0.5, 4)))]))
    bed.expect("roads", "near-miss", label)


# -- rasters: one at a time


def _where(bed, share=0.1):
    rows, columns = bed.rasters["dem"].shape
    return int(bed.rng.integers(10, rows * (1 - share) - 10)), int(bed.rng.integers(10, columns - 40))


def _unstationed(bed):
    """A cell three cells or more from every station."""
    stations = bed.frames["stations"]
    while True:
        n, m = _where(bed)
        east, north = clean.cells()
        away = np.hypot(stations["_east"].astype(float) - east[n, m], stations["_north"].astype(float) - north[n, m])
        if away.min() > 3 * clean.CELL_M:
            return n, m


@raster("a spike", "dem", "spike")
def _spike(bed):
    bed.rasters["dem"][_unstationed(bed)] += 400
    bed.expect("dem", "spike")


@raster("a pit", "dem", "spike")
def _pit(bed):
    bed.rasters["dem"][_unstationed(bed)] -= 400
    bed.expect("dem", "spike")


@raster("a stripe along a row", "dem", "stripes")
def _row(bed):
    bed.rasters["dem"][_where(bed)[0]] += 25
    bed.expect("dem", "stripes")


@raster("a stripe along a column", "dem", "stripes")
def _column(bed):
    bed.rasters["dem"][:, _where(bed)[1]] -= 25
    bed.expect("dem", "stripes")


def _sea(value):
    def plant(bed):
        n, m = int(bed.rng.integers(0, 50)), int(bed.rng.integers(0, 60))
        bed.rasters["dem"][n : n + 45, m : m + 55] = value
        bed.expect("dem", "one-value")
        _off(bed)

    return plant


def _off(bed):
    """Stations whose cell is off by more than the limit are told too."""
    for label in bed.frames["stations"].index:
        x, y = bed.place("stations", label)
        n, m = int((clean.SOUTH_M + clean.HIGH_M - y) // clean.CELL_M), int((x - clean.WEST_M) // clean.CELL_M)
        if abs(float(bed.rasters["dem"][n, m]) - float(bed.value("stations", label, "elevation_m"))) > 150:
            bed.expect("stations", "height-differs", label)


raster("a sea of zeros", "dem", "one-value")(_sea(0.0))
raster("a sea of another value", "dem", "one-value")(_sea(1234.0))


@raster("no data that is not declared", "dem", "out-of-range")
def _undeclared(bed):
    n, m = _where(bed)
    bed.rasters["dem"][n : n + 8, m : m + 8] = -32768
    bed.expect("dem", "out-of-range")
    bed.expect("dem", "no-coverage")


@raster("a hole in the model", "dem", "no-coverage")
def _void(bed):
    n, m = _where(bed)
    bed.rasters["dem"][n : n + 8, m : m + 8] = -9999
    bed.expect("dem", "no-coverage")


@raster("heights in decimetres", "dem", "too-steep")
def _decimetres(bed):
    bed.rasters["dem"] = bed.rasters["dem"] * 10
    bed.expect("dem", "too-steep")
    _off(bed)


@raster("one height everywhere", "dem", "flat-raster")
def _flat(bed):
    bed.rasters["dem"][:] = 3000
    bed.expect("dem", "flat-raster")
    _off(bed)


@raster("a code without meaning", "land_cover", "unknown-code")
def _code(bed):
    bed.rasters["land_cover"][_where(bed)] = 77
    bed.expect("land_cover", "unknown-code")


@raster("one class everywhere", "land_cover", "flat-raster")
def _one_class(bed):
    bed.rasters["land_cover"][:] = int(bed.rng.choice([10, 20, 30]))
    bed.expect("land_cover", "flat-raster")


@raster("cells of a kilometre", "land_cover", "coarse-raster")
def _coarse_cells(bed):
    bed.rasters["land_cover"] = np.ascontiguousarray(bed.rasters["land_cover"][::10, ::10])
    bed.cell_m["land_cover"] = 1000.0
    bed.expect("land_cover", "coarse-raster")


@raster("people by the thousand", "population", "sum-differs")
def _thousands(bed):
    bed.rasters["population"] = bed.rasters["population"] / 1000
    bed.expect("population", "sum-differs")


@raster("people below zero", "population", "out-of-range")
def _negative(bed):
    bed.rasters["population"][_where(bed)] = -5
    bed.expect("population", "out-of-range")


@raster("one number of people everywhere", "population", "flat-raster")
def _even(bed):
    bed.rasters["population"][:] = bed.rasters["population"].mean()
    bed.expect("population", "flat-raster")
