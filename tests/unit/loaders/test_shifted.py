import re

import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import CountyFileError
from riskmap.loaders import read_county
from riskmap.loaders.layer import Where, read_layer
from riskmap.loaders.shifted import check_shifts
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Layer
from riskmap.spatial import SHIFTS, add_shift, unshifted
from riskmap.standards import layer_spec

NEAR = (110.9, 38.9, 111.7, 39.7)
SEATS = [(111.15, 39.38), (111.20, 39.30), (111.25, 39.20)]


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("kind", ["table", "degrees", "metres"])
def test_a_declared_shift_is_taken_out(tmp_path, shift, kind):
    shifted = add_shift(SEATS, shift=shift)
    frame = gpd.GeoDataFrame(
        {"编号": ["1", "2", "3"], "场所名称": ["甲", "乙", "丙"]}, geometry=gpd.points_from_xy(*shifted.T), crs=4490
    )
    path = "s.csv" if kind == "table" else "s.gpkg"
    if kind == "table":
        table = frame.drop(columns="geometry").assign(经度=shifted[:, 0], 纬度=shifted[:, 1])
        table.to_csv(tmp_path / path, index=False, encoding="utf-8")
    else:
        frame.to_crs(4490 if kind == "degrees" else 4525).to_file(tmp_path / path)
    where = Where(folder=tmp_path, crs="EPSG:4546", near=NEAR)
    layer, found = read_layer(LayerEntry(path=path, shift=shift), layer_spec("shelters"), where=where)
    true = gpd.GeoSeries(gpd.points_from_xy(*zip(*SEATS, strict=True)), crs=4490).to_crs(4546)
    assert shapely.dwithin(layer.data.geometry.to_numpy(), true.to_numpy(), 0.01).all()
    told = [one for one in found if one.rule == "shift-removed"]
    assert [(one.severity, one.mended) for one in told] == [("note", True)]
    assert layer.source.crs.endswith(shift)


def test_shifts_of_rasters_and_unknown_ones_are_refused(tmp_path):
    text = 'date = "2026-01-01"\nname = {zh = "甲", en = "A"}\n'
    text += '[layers.dem]\npath = "d.tif"\nshift = "gcj02"\n[layers.roads]\npath = "r.gpkg"\nshift = "gcj-02"\n'
    (tmp_path / "county.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CountyFileError) as caught:
        read_county(tmp_path)
    told = "\n".join(caught.value.faults)
    assert "layers.dem.shift: only vector layers and tables" in told
    assert "layers.roads.shift: 'gcj-02' is text; allowed: '', 'gcj02' or 'bd09'" in told


CRS = "EPSG:4546"


def shifted(frame, shift):
    """The layer as a web map would give it."""
    moved = shapely.transform(frame.to_crs(4490).geometry.to_numpy(), lambda xy: add_shift(xy, shift=shift))
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=4490)).to_crs(frame.crs)


def around(places, metres, seed):
    rng = np.random.default_rng(seed)
    return places + rng.normal(0, metres, places.shape)


@pytest.fixture(scope="module")
def frames():
    """Crooked roads in a county of 30 x 30 km; villages and shelters at them, hazard points on the slopes around."""
    rng = np.random.default_rng(140930)
    west, south = 500_000, 4_340_000
    lines = []
    for number in range(9):
        along = np.arange(0, 30_001, 500)
        across = 2_000 + 3_200 * number + 700 * np.sin(along / rng.uniform(1_500, 3_000) + rng.uniform(0, 6))
        pair = (along, across) if number % 2 else (across, along)
        lines.append(shapely.LineString(np.column_stack([west + pair[0], south + pair[1]])))
    roads = gpd.GeoDataFrame({"code": [str(n) for n in range(9)]}, geometry=lines, crs=CRS)
    at = shapely.get_coordinates(
        shapely.line_interpolate_point(np.repeat(roads.geometry.to_numpy(), 12), rng.uniform(0.03, 0.97, 108), normalized=True)
    )  # fmt: skip
    codes = [f"1409301{n:05d}" for n in range(108)]
    places = gpd.points_from_xy
    villages = gpd.GeoDataFrame({"code": codes}, geometry=places(*around(at, 60, 1).T), crs=CRS)
    shelters = gpd.GeoDataFrame({"code": codes[::2]}, geometry=places(*around(at[::2], 60, 2).T), crs=CRS)
    hazards = gpd.GeoDataFrame(
        {"village_code": codes * 2}, geometry=places(*around(np.tile(at, (2, 1)), 600, 3).T), crs=CRS
    )
    houses = gpd.GeoDataFrame(
        {"village_code": codes * 9}, geometry=places(*around(np.tile(at, (9, 1)), 120, 4).T), crs=CRS
    )
    county = shapely.Point(west + 15_000, south + 15_000).buffer(15_000)
    halves = [
        county.intersection(shapely.box(west + dx, south, west + dx + 15_000, south + 30_000)) for dx in (0, 15_000)
    ]
    return {
        "outline": gpd.GeoDataFrame({"name": ["甲"]}, geometry=[county], crs=CRS),
        "townships": gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=halves, crs=CRS),
        "villages": villages,
        "roads": roads,
        "shelters": shelters,
        "hazard_points": hazards,
        "buildings": houses,
    }


def told(frames, **declared):
    layers = {name: Layer(spec=layer_spec(name), data=data) for name, data in frames.items()}
    entries = {name: LayerEntry(path="x", shift=declared.get(name, "")) for name in frames}
    areas = {name: frames[name] for name in ("townships",) if name in frames}
    return check_shifts(layers, areas=areas, entries=entries)


def test_nothing_is_told_of_layers_that_fit(frames):
    assert told(frames) == []
    assert told({name: frames[name].iloc[:0] for name in frames}) == []
    assert told({name: frame for name, frame in frames.items() if name not in {"roads", "townships"}}) == []


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(
    "names",
    [
        ("roads",),
        ("villages",),
        ("shelters",),
        ("hazard_points",),
        ("buildings",),
        ("outline",),
        ("townships",),
        ("roads", "shelters"),
        ("roads", "villages", "hazard_points", "shelters"),
    ],
    ids=" ".join,
)
def test_shifted_layers_are_told_with_their_shift(frames, names, shift):
    found = told({name: shifted(frame, shift) if name in names else frame for name, frame in frames.items()})
    assert {(one.layer, one.value) for one in found} == {(name, shift) for name in names}
    for one in found:
        assert (one.rule, one.severity, one.mended) == ("shifted-coordinates", "warning", False)
        assert f'shift = "{shift}" under [layers.{one.layer}]' in one.cure.en
        assert re.search(r"\d+ records of '.*' lie .*\d+ → \d+ m", one.message.en)
        assert re.search(r"\d+ 条记录.*\d+ → \d+ 米", one.message.zh)


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("name", ["villages", "shelters", "hazard_points", "roads"])
def test_a_shift_taken_out_for_nothing_is_told(frames, name, shift):
    wrong = unshifted(frames[name], shift=shift).to_crs(CRS)
    found = told({**frames, name: wrong}, **{name: shift})
    assert [(one.layer, one.rule, one.value) for one in found] == [(name, "needless-shift", shift)]


@pytest.mark.parametrize("angle", [60, 105, 150, 240, 285, 330])
@pytest.mark.parametrize("name", ["villages", "hazard_points", "roads"])
def test_layers_that_lie_wrong_otherwise_are_not_called_shifted(frames, name, angle):
    # GCJ-02 moves this county 580 m to 13 degrees north of east; against it, all the others would be the shifted ones
    turned = np.radians(angle)
    frame = frames[name]
    moved = frame.set_geometry(frame.geometry.translate(580 * np.cos(turned), 580 * np.sin(turned)))
    assert told({**frames, name: moved}) == []


def test_too_few_records_say_nothing(frames):
    assert told({**frames, "shelters": shifted(frames["shelters"].iloc[:8], "gcj02")}) == []


def test_layers_without_an_entry_are_not_told(frames):
    layers = {name: Layer(spec=layer_spec(name), data=shifted(data, "gcj02") if name == "roads" else data)
              for name, data in frames.items()}  # fmt: skip
    assert check_shifts(layers, areas={}, entries={}) == []
