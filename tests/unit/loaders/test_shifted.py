import geopandas as gpd
import pytest
import shapely

from riskmap.errors import CountyFileError
from riskmap.loaders import read_county
from riskmap.loaders.layer import Where, read_layer
from riskmap.model.county import LayerEntry
from riskmap.spatial import SHIFTS, add_shift
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
