"""Verbs on arrays and frames: coordinate systems, the grid, zones, terrain, water, interpolation, networks.

Everything here is pure and works on plain GeoDataFrames and xarray objects whose grid is an odc-geo
GeoBox: dims ``(y, x)``, north up, square cells in metres, NaN unknown.
"""

from riskmap.spatial.align import burn, distance, inside, resample
from riskmap.spatial.arrival import BEARINGS_DEG, least_time
from riskmap.spatial.crs import guess_crs, is_legacy_datum, legacy_datum, metric_crs, to_analysis, zone_crs
from riskmap.spatial.geometry import made_areas, repair
from riskmap.spatial.grid import cell_size_m, grid_of, make_grid, on_grid
from riskmap.spatial.hydrology import Flow, accumulation, fill, flow, from_outside, hydrology
from riskmap.spatial.interpolate import interpolate, leave_one_out
from riskmap.spatial.network import Nearest, Network, attach, build_network, nearest_source
from riskmap.spatial.raster_zones import class_polygons, minimum_mapping, smooth_classes
from riskmap.spatial.routes import RouteGraph, Ways, nearest_ways, route_graph, way_matrix
from riskmap.spatial.sample import cell_values, values_at
from riskmap.spatial.shifted import SHIFTS, Shift, add_shift, remove_shift, unshifted
from riskmap.spatial.terrain import aspect_deg, curvature, hillshade, relief_m, slope_deg, terrain
from riskmap.spatial.topology import Topology, topology
from riskmap.spatial.travel import driving_minutes, tobler_km_h, walking_minutes
from riskmap.spatial.zonal import (
    exact_mean,
    exact_statistics,
    zonal_mean,
    zonal_shares,
    zonal_sum,
    zone_labels,
)

__all__ = [
    "BEARINGS_DEG",
    "SHIFTS",
    "Flow",
    "Nearest",
    "Network",
    "RouteGraph",
    "Shift",
    "Topology",
    "Ways",
    "accumulation",
    "add_shift",
    "aspect_deg",
    "attach",
    "build_network",
    "burn",
    "cell_size_m",
    "cell_values",
    "class_polygons",
    "curvature",
    "distance",
    "driving_minutes",
    "exact_mean",
    "exact_statistics",
    "fill",
    "flow",
    "from_outside",
    "grid_of",
    "guess_crs",
    "hillshade",
    "hydrology",
    "inside",
    "interpolate",
    "is_legacy_datum",
    "least_time",
    "leave_one_out",
    "legacy_datum",
    "made_areas",
    "make_grid",
    "metric_crs",
    "minimum_mapping",
    "nearest_source",
    "nearest_ways",
    "on_grid",
    "relief_m",
    "remove_shift",
    "repair",
    "resample",
    "route_graph",
    "slope_deg",
    "smooth_classes",
    "terrain",
    "to_analysis",
    "tobler_km_h",
    "topology",
    "unshifted",
    "values_at",
    "walking_minutes",
    "way_matrix",
    "zonal_mean",
    "zonal_shares",
    "zonal_sum",
    "zone_crs",
    "zone_labels",
]
