import numpy as np
import pytest
import shapely
from scipy import ndimage

from riskmap.errors import GridError
from riskmap.model import NO_CLASS
from riskmap.spatial import class_polygons, make_grid, minimum_mapping, on_grid, smooth_classes

CELL = 30.0


def raster(codes):
    codes = np.asarray(codes, "uint8")
    grid = make_grid(
        (510_000, 4_359_990, 510_000 + CELL * codes.shape[1], 4_359_990 + CELL * codes.shape[0]),
        "EPSG:4546",
        cell_size_m=CELL,
    )
    return on_grid(codes, grid)


def noise(seed, shape=(60, 45), classes=4, gaps=0.1):
    rng = np.random.default_rng(seed)
    codes = rng.integers(1, classes + 1, shape).astype("uint8")
    codes[rng.random(shape) < gaps] = NO_CLASS
    return raster(codes)


def majority(codes, size):
    """Cell by cell, as the rule reads."""
    reach, out = size // 2, codes.copy()
    for y, x in np.argwhere(codes != NO_CLASS):
        seen = codes[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
        values, votes = np.unique(seen[seen != NO_CLASS], return_counts=True)
        best = values[votes == votes.max()]
        out[y, x] = codes[y, x] if codes[y, x] in best else best[0]
    return out


def patches(codes):
    """Sizes of the patches of each class, by scipy."""
    return {
        code: np.bincount(ndimage.label(codes == code)[0].ravel())[1:].tolist()
        for code in np.unique(codes)
        if code != NO_CLASS
    }


@pytest.mark.parametrize("size", [1, 3, 5, 9])
@pytest.mark.parametrize("seed", range(4))
def test_majority_cell_by_cell(size, seed):
    classes = noise(seed)
    assert np.array_equal(smooth_classes(classes, size=size).to_numpy(), majority(classes.to_numpy(), size))


def test_ties_and_the_unknown():
    # the middle cell sees 1, 1, 2, 2 and itself 3: the lower of the tied; its neighbour keeps its own
    row = raster([[1, 1, 3, 2, 2]])
    assert smooth_classes(row, size=5).to_numpy()[0, 2] == 1
    assert smooth_classes(raster([[1, 2]]), size=3).to_numpy().tolist() == [[1, 2]]
    assert smooth_classes(raster([[255, 255, 4, 255, 255]]), size=5).to_numpy().tolist() == [[255, 255, 4, 255, 255]]


@pytest.mark.parametrize("seed", range(5))
def test_no_patch_is_smaller_and_nothing_unknown_is_filled(seed):
    classes = noise(seed, gaps=0.02)
    least = 12
    out = minimum_mapping(classes, area_km2=least * CELL**2 / 1e6)
    codes, new = classes.to_numpy(), out.to_numpy()
    assert np.array_equal(codes == NO_CLASS, new == NO_CLASS)
    known = ndimage.label(new != NO_CLASS)[0]
    alone = {int(n): size for n, size in enumerate(np.bincount(known.ravel())[1:], 1) if size < least}
    for code in (1, 2, 3, 4):
        numbers, count = ndimage.label(new == code)
        for n in range(1, count + 1):
            held = numbers == n
            assert held.sum() >= least or int(known[held][0]) in alone
    assert not np.array_equal(codes, new)


def test_the_longest_border_takes_it_then_the_nearest_class():
    codes = np.full((5, 6), 1)
    codes[:, 3:] = 3
    codes[2, 2] = 4  # three edges with 1, one with 3
    assert minimum_mapping(raster(codes), area_km2=2 * CELL**2 / 1e6).to_numpy()[2, 2] == 1
    tied = raster([[1, 1, 4, 3, 3]])
    assert minimum_mapping(tied, area_km2=2 * CELL**2 / 1e6).to_numpy()[0, 2] == 3


def test_a_chain_of_small_patches_grows_together():
    """`gdal_sieve` leaves these, for none has a neighbour that is large enough."""
    row = raster([[1, 2, 1, 2, 1, 2]])
    out = minimum_mapping(row, area_km2=4 * CELL**2 / 1e6).to_numpy()
    assert list(patches(out).values()) == [[6]]


@pytest.mark.parametrize("simplify_m", [0.0, 45.0, 200.0])
@pytest.mark.parametrize("seed", range(3))
def test_polygons_cover_the_known_ground(seed, simplify_m):
    classes = minimum_mapping(smooth_classes(noise(seed, gaps=0.05), size=5), area_km2=0.01)
    codes = classes.to_numpy()
    found = class_polygons(classes, simplify_m=simplify_m)
    shapes = found.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    known = float((codes != NO_CLASS).sum()) * CELL**2
    assert found.area.sum() == pytest.approx(known, rel=1e-9)
    assert shapely.union_all(shapes).area == pytest.approx(known, rel=1e-9)  # no overlaps
    sizes = {code: sorted(found.loc[found["class"] == code, "cells"]) for code in np.unique(found["class"])}
    assert sizes == {code: sorted(held) for code, held in patches(codes).items()}
    if simplify_m:
        assert shapely.coverage_is_valid(shapes)
        plain = class_polygons(classes).geometry
        assert shapely.get_num_coordinates(shapes).sum() < shapely.get_num_coordinates(plain.to_numpy()).sum()
    else:
        assert (found.area.to_numpy() == found["cells"].to_numpy() * CELL**2).all()


def test_polygons_stand_on_their_cells():
    classes = noise(7, shape=(20, 30))
    found = class_polygons(classes)
    x, y = np.meshgrid(classes["x"], classes["y"])
    where, which = found.sindex.query(shapely.points(x.ravel(), y.ravel()), predicate="within")
    codes = classes.to_numpy().ravel()
    assert np.array_equal(where, np.flatnonzero(codes != NO_CLASS))
    assert np.array_equal(found["class"].to_numpy()[which], codes[where])
    assert found.crs == "EPSG:4546"
    assert (np.diff(found["class"].astype(int)) <= 0).all()


def test_nothing_known():
    empty = raster(np.full((4, 4), NO_CLASS))
    assert len(class_polygons(empty, simplify_m=30)) == 0
    assert (minimum_mapping(empty, area_km2=1) == NO_CLASS).all()
    assert (smooth_classes(empty, size=3) == NO_CLASS).all()


def test_inputs_are_left_alone():
    classes = noise(1)
    before = classes.to_numpy().copy()
    smooth_classes(classes, size=3)
    minimum_mapping(classes, area_km2=1)
    class_polygons(classes, simplify_m=30)
    assert np.array_equal(classes.to_numpy(), before)


def test_wrong_numbers_are_told():
    with pytest.raises(GridError, match="4 cells"):
        smooth_classes(noise(0), size=4)
    with pytest.raises(GridError, match="-1"):
        minimum_mapping(noise(0), area_km2=-1)
    with pytest.raises(GridError, match="tolerance"):
        class_polygons(noise(0), simplify_m=-1)
