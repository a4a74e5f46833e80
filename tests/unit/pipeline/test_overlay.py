"""An overlay from files to a file is that of the whole arrays."""

import numpy as np
import pytest
import rasterio

from riskmap.errors import LayerError, MethodError
from riskmap.pipeline.overlay import overlay_files
from riskmap.scoring import overlay_classes
from riskmap.writers import raster_blocks

EDGES = (0.3, 0.45, 0.55, 0.7)


def write(path, values, *, nodata=None, origin=(510_000, 4_366_000), crs="EPSG:4546"):
    height, width = values.shape
    with rasterio.open(path, "w", driver="GTiff", dtype=values.dtype.name, count=1, height=height, width=width, crs=crs,
                       transform=rasterio.Affine(30, 0, origin[0], 0, -30, origin[1]), nodata=nodata) as out:  # fmt: skip
        out.write(values, 1)
    return path


@pytest.fixture
def layers(tmp_path):
    rng = np.random.default_rng(2)
    made = [rng.random((1300, 210), dtype=np.float32) for _ in range(3)]
    made[0][:700, :50] = np.nan
    made[1][600:900] = np.nan
    files = [
        write(tmp_path / "0.tif", made[0]),
        write(tmp_path / "1.tif", np.nan_to_num(made[1], nan=-9999), nodata=-9999),
    ]
    files.append(write(tmp_path / "2.tif", made[2].astype("float64")))
    return made, files


def test_strips_give_what_the_whole_gives(layers, tmp_path, monkeypatch):
    made, files = layers
    monkeypatch.setattr(raster_blocks, "_VALUES", 1)  # strips of one row of tiles
    target = overlay_files(files, tmp_path / "out.tif", weights=[1, 2, 3], edges=EDGES, title="综合 Overlay")
    with rasterio.open(target) as found:
        np.testing.assert_array_equal(found.read(1), overlay_classes(made, [1, 2, 3], edges=EDGES))
        assert found.nodata == 255
        assert found.crs.to_epsg() == 4546
        assert found.transform.e == -30
        assert found.tags()["TIFFTAG_IMAGEDESCRIPTION"] == "综合 Overlay"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["0.tif", "1.tif", "2.tif", "out.tif"]


def test_unknown_where_a_required_raster_is(layers, tmp_path):
    made, files = layers
    target = overlay_files(files, tmp_path / "out.tif", weights=[1, 2, 3], edges=EDGES, required=[True, False, False])
    with rasterio.open(target) as found:
        assert (found.read(1)[np.isnan(made[0])] == 255).all()


def test_other_grids_are_named_and_nothing_is_left_behind(layers, tmp_path):
    made, files = layers
    shifted = write(tmp_path / "shifted.tif", made[2], origin=(510_015, 4_366_000))
    small = write(tmp_path / "small.tif", made[2][:20])
    with pytest.raises(LayerError, match="align them first") as told:
        overlay_files([*files, shifted, small], tmp_path / "out.tif", weights=[1] * 5, edges=EDGES)
    assert "shifted.tif" in str(told.value)
    assert "small.tif" in str(told.value)
    assert not (tmp_path / "out.tif").exists()


def test_a_failed_overlay_leaves_the_earlier_file(layers, tmp_path):
    _, files = layers
    target = overlay_files(files, tmp_path / "out.tif", weights=[1, 2, 3], edges=EDGES)
    before = target.read_bytes()
    with pytest.raises(MethodError):
        overlay_files(files, target, weights=[1, 2], edges=EDGES)
    assert target.read_bytes() == before
    assert not list(tmp_path.glob(".*part"))
