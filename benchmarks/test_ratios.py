"""Ours against a named peer on the same data, in the same run: `pytest benchmarks --benchmark-group-by=group`."""

import geopandas as gpd
import mapclassify
import networkx as nx
import numpy as np
import pytest
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox
from odc.geo.xr import xr_coords
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from riskmap.scoring.natural_breaks import natural_breaks
from riskmap.scoring.stability import class_stability, drawn_weights
from riskmap.spatial import (
    RouteGraph,
    build_network,
    exact_mean,
    flow,
    nearest_source,
    nearest_ways,
    zonal_mean,
    zone_labels,
)

SIDES = (512, 1024)


def relief(side):
    rng = np.random.default_rng(1)
    slope = np.add.outer(np.linspace(400, 0, side), np.linspace(0, 100, side))
    values = (slope + 30 * np.abs(np.fft.ifft2(rng.normal(size=(side, side))).real)).astype("float32")
    grid = GeoBox.from_bbox((0, 0, side * 30, side * 30), "EPSG:4546", resolution=30)
    return xr.DataArray(values, dims=("y", "x"), coords=xr_coords(grid))


def units(side, across=14):
    step = side * 30 / across
    boxes = [
        shapely.box(i * step, j * step, (i + 1) * step, (j + 1) * step) for i in range(across) for j in range(across)
    ]
    return gpd.GeoDataFrame(geometry=boxes, crs="EPSG:4546")


def repeat(benchmark, call):
    call()  # compile
    benchmark.pedantic(call, rounds=3, iterations=1)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("who", ["riskmap", "pyflwdir"])
def test_flow_directions(benchmark, side, who):
    dem = relief(side)
    benchmark.group = f"drainage of {side} x {side} cells"
    if who == "riskmap":
        repeat(benchmark, lambda: flow(dem))
    else:
        pyflwdir = pytest.importorskip("pyflwdir")
        heights, affine = dem.to_numpy(), dem.odc.geobox.affine
        repeat(benchmark, lambda: pyflwdir.from_dem(heights, nodata=-9999.0, transform=affine, latlon=False))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("who", ["riskmap", "exactextract"])
def test_zonal_mean(benchmark, side, who):
    dem, areas = relief(side), units(side)
    benchmark.group = f"mean over 196 units of {side} x {side} cells"
    if who == "riskmap":  # by whole cells
        repeat(benchmark, lambda: zonal_mean(dem, zone_labels(areas, dem.odc.geobox), count=len(areas)))
    else:  # by parts of cells
        repeat(benchmark, lambda: exact_mean(dem, areas))


@pytest.mark.parametrize("count", [500, 2000])
@pytest.mark.parametrize("who", ["riskmap", "mapclassify.FisherJenks"])
def test_natural_breaks(benchmark, count, who):
    values = np.random.default_rng(1).gamma(2.0, size=count)
    benchmark.group = f"natural breaks, 5 classes of {count} values"
    if who == "riskmap":
        repeat(benchmark, lambda: natural_breaks(values, classes=5))
    else:
        repeat(benchmark, lambda: mapclassify.FisherJenks(values, k=5))


@pytest.mark.parametrize("side", [30, 100])
@pytest.mark.parametrize("who", ["riskmap", "networkx"])
def test_nearest_shelter(benchmark, side, who):
    lines = [
        shapely.LineString([(i, j), (i + di, j + dj)])
        for i in range(side)
        for j in range(side)
        for di, dj in ((1, 0), (0, 1))
    ]
    roads = gpd.GeoDataFrame(geometry=shapely.transform(np.array(lines), lambda xy: xy * 200.0), crs="EPSG:4546")
    network = build_network(roads)
    sources = np.arange(0, len(network.nodes), len(network.nodes) // 40)
    benchmark.group = f"nearest of 40 shelters, {len(network.nodes)} road nodes"
    if who == "riskmap":
        repeat(benchmark, lambda: nearest_source(network, sources))
    else:
        graph = nx.Graph()
        graph.add_weighted_edges_from(network.edges[["u", "v", "length_m"]].itertuples(index=False))
        repeat(benchmark, lambda: nx.multi_source_dijkstra_path_length(graph, set(sources.tolist())))


@pytest.mark.parametrize("side", [224, 707])
@pytest.mark.parametrize("who", ["riskmap", "riskmap, nearest three", "scipy"])
def test_nearest_of_200_sources(benchmark, side, who):
    """Streets of a grid with two fifths as many chords as nodes; 707: 500,000 nodes, 1.2 million edges."""
    rng = np.random.default_rng(1)
    place = np.arange(side * side).reshape(side, side)
    start = rng.integers(0, place.size, 2 * place.size // 5)
    chord = np.minimum(start + rng.integers(1, 3 * side, start.size), place.size - 1)
    u = np.concatenate([place[:, :-1].ravel(), place[:-1].ravel(), start])
    v = np.concatenate([place[:, 1:].ravel(), place[1:].ravel(), chord])
    length = rng.uniform(10, 100, len(u))
    ends = (np.r_[u, v], np.r_[v, u])
    matrix = coo_matrix((np.r_[length, length], ends), shape=(place.size, place.size)).tocsr()
    graph = RouteGraph(
        indptr=matrix.indptr.astype("int64"), heads=matrix.indices, costs=matrix.data,
        edges=np.arange(matrix.nnz), toward=True,
    )  # fmt: skip
    sources = rng.choice(place.size, 200, replace=False)
    benchmark.group = f"nearest of 200 sources, {place.size} nodes"
    if who == "scipy":
        repeat(benchmark, lambda: dijkstra(matrix, indices=sources, min_only=True))
    else:
        repeat(benchmark, lambda: nearest_ways(graph, sources, k=3 if "three" in who else 1))


@pytest.mark.parametrize("places", [3000, 30_000])
@pytest.mark.parametrize("who", ["riskmap", "numpy"])
def test_class_stability(benchmark, places, who):
    rng = np.random.default_rng(1)
    scores, edges = rng.random((places, 30)), [0.45, 0.48, 0.52, 0.55]
    draws = drawn_weights(np.ones(30), draws=1000, rng=rng)
    published = np.ones(places, "uint8")
    benchmark.group = f"classes of {places} places, 30 indicators, under 1000 draws of weights"
    if who == "riskmap":
        repeat(benchmark, lambda: class_stability(scores, draws, edges=edges, published=published))
    else:

        def counted():
            codes = np.searchsorted(edges, scores @ draws.T, side="right")
            return np.stack([(codes == code).mean(axis=1) for code in range(5)], axis=1)

        repeat(benchmark, counted)
