"""When a front arrives: shapes that a hand can draw, and another implementation of least time."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import ConvexHull

from riskmap.errors import GridError, MethodError
from riskmap.spatial import BEARINGS_DEG, least_time, make_grid, on_grid

CELL_M = 10.0


def field(values):
    values = np.asarray(values)
    grid = make_grid((0, 0, CELL_M * values.shape[1], CELL_M * values.shape[0]), "EPSG:4546", cell_size_m=CELL_M)
    return on_grid(values, grid)


def run(speed, *, start, dem=None, **how):
    source = np.zeros(np.shape(speed), bool)
    source[start] = True
    heights = np.zeros(np.shape(speed)) if dem is None else dem
    return least_time(field(source), field(np.asarray(speed, float)), field(heights), **how).to_numpy()


def polar(size):
    rows, columns = np.mgrid[:size, :size] - size // 2
    return rows, columns, CELL_M * np.hypot(rows, columns)


def test_a_calm_flat_field_burns_in_a_circle():
    _, _, away = polar(81)
    lag = run(np.full((81, 81), 2.0), start=(40, 40))[away > 0] / (away[away > 0] / 2)
    assert lag.min() == pytest.approx(1, abs=1e-6)
    # half of the gap between a straight step and a knight's: 13.28 degrees
    assert 1.026 < lag.max() <= 1 / np.cos(np.arctan(0.5) / 2) + 1e-6


def test_with_wind_the_front_is_the_hull_of_the_sixteen_speeds():
    """A front of least times is the convex hull of the speeds in each direction (tacking in between)."""
    towards = np.radians(np.array(BEARINGS_DEG) - 90)
    speeds = np.exp(0.1783 * 8 * np.cos(towards))
    rows, columns, away = polar(81)
    got = run(np.ones((81, 81)), start=(40, 40), by_direction=speeds)
    bearing = np.radians(np.array(BEARINGS_DEG))
    hull = ConvexHull(np.column_stack([np.sin(bearing), np.cos(bearing)]) * speeds[:, None])
    points = np.column_stack([columns.ravel(), -rows.ravel()]) * CELL_M
    expected = (points @ (hull.equations[:, :2] / -hull.equations[:, 2:]).T).max(axis=1).reshape(81, 81)
    far = away > 300
    np.testing.assert_allclose(got[far], expected[far], rtol=5e-3)  # ways end at the middle of a cell
    assert got[40, 80] == pytest.approx(400 / speeds.max(), rel=1e-6)  # the head runs east
    assert got[40, 0] > 2 * got[40, 80]
    np.testing.assert_allclose(got, got[::-1], rtol=1e-6)  # and both flanks alike


def test_uphill_is_earlier_than_downhill():
    dem = np.tile(3.0 * np.arange(41), (41, 1))  # rises 0.3 to the east
    slopes = np.exp(np.linspace(-1, 1, 201))
    got = run(np.ones((41, 41)), start=(20, 20), dem=dem, by_slope=slopes)
    along = 200 * np.hypot(1, 0.3)
    assert got[20, 40] == pytest.approx(along / np.exp(0.3), rel=1e-5)
    assert got[20, 0] <= along / np.exp(-0.3) * (1 + 1e-6)
    assert got[20, 40] < got[40, 20] < got[20, 0]
    steep = run(np.ones((1, 3)), start=(0, 0), dem=[[0.0, 50, 100]], by_slope=slopes)
    assert steep[0, 2] == pytest.approx(20 * np.hypot(1, 5) / np.e, rel=1e-6)  # no faster than the last slope


def test_a_wall_is_gone_round():
    speed = np.ones((21, 21))
    speed[5:16, 10] = 0
    got = run(speed, start=(10, 8))
    assert np.isnan(got[5:16, 10]).all()
    way = got[10, 12]
    over_the_end = 2 * CELL_M * np.hypot(6, 2)
    assert over_the_end * 0.99 < way < over_the_end * 1.06
    speed[:, 10] = 0
    shut = run(speed, start=(10, 8))
    assert np.isnan(shut[:, 10:]).all()
    assert np.isfinite(shut[:, :10]).all()


def test_no_step_leaps_a_wall_of_one_cell_or_slips_through_its_corners():
    stairs = np.ones((12, 12))
    stairs[np.arange(12), np.arange(12)] = 0
    got = run(stairs, start=(11, 0))
    assert np.isnan(got[np.triu_indices(12)]).all()
    assert np.isfinite(got[np.tril_indices(12, -1)]).all()


def test_unknown_ground_is_not_crossed_and_later_arrivals_are_not_told():
    speed, dem = np.ones((3, 9)), np.zeros((3, 9))
    speed[:, 4], dem[:, 6] = np.nan, np.nan
    got = run(speed, start=(1, 0), dem=dem)
    assert np.isfinite(got[:, :4]).all()
    assert np.isnan(got[:, 4:]).all()
    short = run(np.ones((1, 9)), start=(0, 0), limit=30.0)
    np.testing.assert_allclose(short[0], [0, 10, 20, 30, *[np.nan] * 5])
    assert np.isnan(run(np.zeros((2, 2)), start=(0, 0))).all()


def steps():
    bearing = np.radians(np.array(BEARINGS_DEG))
    far = np.where(np.arange(16) % 2 == 0, np.where(np.arange(16) % 4 == 0, 1, np.sqrt(2)), np.sqrt(5))
    return np.column_stack([-np.cos(bearing) * far, np.sin(bearing) * far]).round().astype(int)


@pytest.mark.parametrize("seed", range(4))
def test_equal_to_dijkstra_of_scipy_on_random_ground(seed):
    draw = np.random.default_rng(seed)
    shape = (13, 17)
    speed = draw.choice([0.0, 0.4, 1.0, 1.8], shape, p=[0.25, 0.25, 0.25, 0.25])
    dem, ways = draw.normal(0, 4, shape), draw.uniform(0.3, 5, 16)
    slopes = np.exp(3 * np.linspace(-0.7, 0.7, 141))
    start = tuple(np.argwhere(speed > 0)[3])
    heads, tails, costs = [], [], []
    for row, column in np.argwhere(speed > 0):
        for way, (down, right) in zip(ways, steps(), strict=True):
            end = (row + down, column + right)
            # points along the way tell which cells it crosses, and how much of it lies in each
            share = np.linspace(0, 1, 2001)[1::2]
            if not (0 <= end[0] < shape[0] and 0 <= end[1] < shape[1]) or speed[end] == 0:
                continue
            crossed = speed[(row + down * share + 0.5).astype(int), (column + right * share + 0.5).astype(int)]
            corner = abs(down) == abs(right) and speed[row + down, column] == speed[row, column + right] == 0
            if (crossed == 0).any() or corner:
                continue
            run_m, rise = CELL_M * np.hypot(down, right), dem[end] - dem[row, column]
            factor = np.interp(rise / run_m, np.linspace(-0.7, 0.7, 141), slopes)
            tails.append(row * shape[1] + column)
            heads.append(end[0] * shape[1] + end[1])
            costs.append(np.hypot(run_m, rise) * (1 / crossed).mean() / (way * factor))
    graph = csr_array((costs, (tails, heads)), shape=(speed.size, speed.size))
    expected = dijkstra(graph, indices=start[0] * shape[1] + start[1]).reshape(shape)
    got = run(speed, start=start, dem=dem, by_direction=ways, by_slope=slopes, steepest=0.7)
    np.testing.assert_allclose(got, np.where(np.isinf(expected), np.nan, expected), rtol=2e-5)
    assert np.isfinite(got).sum() > 40


def test_what_cannot_be_is_refused():
    flat = field(np.ones((2, 2)))
    with pytest.raises(GridError, match="share one grid"):
        least_time(flat, field(np.ones((2, 3))), flat)
    for wrong, said in (
        ({"by_direction": np.ones(8)}, "16 directions"),
        ({"by_slope": np.ones(4)}, "3, 5, 7"),
        ({"by_direction": np.zeros(16)}, "above 0"),
        ({"steepest": 0.0}, "above 0"),
    ):
        with pytest.raises(MethodError, match=said):
            least_time(flat, flat, flat, **wrong)
