"""Coordinate systems: the analysis zone of a county, metres only, longitude before latitude."""

from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError

from riskmap.errors import CountyFileError, GridError, LayerError

__all__ = ["guess_crs", "is_legacy_datum", "metric_crs", "to_analysis", "zone_crs"]

_SPAN_DEG = {3: (75, 135), 6: (75, 135)}
"""First and last central meridian of the CGCS2000 zones by width (EPSG v11.022)."""

_LEGACY = frozenset({"Beijing 1954", "New Beijing", "Xian 1980"})
"""Datums whose shift to CGCS2000 is not public: PROJ's answer is a ballpark up to 100 m off."""


def zone_crs(lon_deg: float, *, width_deg: int = 3, prefix: bool = False) -> pyproj.CRS:
    """CGCS2000 Gauss-Krueger zone that holds a longitude.

    The central meridian is the multiple of 3 degrees nearest to `lon_deg` (for 6-degree zones:
    75, 81, ... 135). Codes by EPSG v11.022: without zone number ``4534 + (CM - 75) / 3`` and
    ``4502 + (CM - 75) / 6``; with it ``4513 + ...`` and ``4491 + ...``.

    Parameters
    ----------
    lon_deg : float
        Longitude, degrees east.
    width_deg : {3, 6}
        Width of the zone.
    prefix : bool
        Whether eastings start with the zone number (8 digits).

    Returns
    -------
    pyproj.CRS
        Projected, metres. Its own axes are northing, easting: transform with ``always_xy``, as
        geopandas and `to_analysis` do.

    Raises
    ------
    GridError
        NaN, or no such zone in the table.

    Examples
    --------
    >>> [zone_crs(111.15, prefix=prefix).to_epsg() for prefix in (False, True)]
    [4546, 4525]
    """
    first, last = _SPAN_DEG.get(width_deg, (0, 0))
    half = width_deg / 2
    if not (first and first - half <= lon_deg < last + half):
        raise GridError(
            f"no CGCS2000 zone of {width_deg} degrees holds longitude {lon_deg}; "
            "there are zones of 3 and 6 degrees between 72 and 138 E; longitude comes before latitude"
        )
    step = int((lon_deg - first + half) // width_deg)
    return pyproj.CRS.from_epsg({3: (4534, 4513), 6: (4502, 4491)}[width_deg][prefix] + step)


def metric_crs(text: Any) -> pyproj.CRS:
    """Coordinate system that can carry an analysis: projected, true metres.

    Parameters
    ----------
    text : str, int or CRS
        ``"EPSG:4546"``, WKT, or a CRS of pyproj or odc-geo.

    Returns
    -------
    pyproj.CRS
        The same system.

    Raises
    ------
    CountyFileError
        Not a known system; geographic (degrees); not in metres; or Mercator, whose metres are
        stretched by ``1 / cos(latitude)`` (a third at 39 N).

    Examples
    --------
    >>> metric_crs("EPSG:4546").name
    'CGCS2000 / 3-degree Gauss-Kruger CM 111E'
    >>> metric_crs("EPSG:4490")
    Traceback (most recent call last):
    ...
    riskmap.errors.CountyFileError: crs 'EPSG:4490' counts in degrees; allowed is ...
    """
    allowed = (
        "allowed is a projected system in metres such as EPSG:4546 (CGCS2000 3-degree, 111 E); "
        "set crs in county.toml, or leave it out to have the zone of the county"
    )
    try:
        crs = pyproj.CRS.from_user_input(getattr(text, "proj", text))
    except CRSError as fault:
        raise CountyFileError(f"crs {text!r} is not a known coordinate system; {allowed}") from fault
    label = repr(text) if isinstance(text, str | int) else repr(crs.name)
    if not crs.is_projected:
        raise CountyFileError(f"crs {label} counts in degrees; {allowed}")
    units = sorted({axis.unit_name for axis in crs.axis_info if axis.unit_conversion_factor != 1.0})
    if units:
        raise CountyFileError(f"crs {label} counts in {', '.join(units)}; {allowed}")
    operation = crs.coordinate_operation
    method = operation.method_name.lower() if operation is not None else ""
    if "mercator" in method and "transverse" not in method:
        raise CountyFileError(f"crs {label} is Mercator, whose metres are stretched; {allowed}")
    return crs


def is_legacy_datum(crs: Any) -> bool:
    """Whether a coordinate system stands on Beijing 1954 or Xian 1980.

    Their shift to CGCS2000 needs parameters that are not public; PROJ answers with an identity
    ("ballpark") that can be 100 m off while it reports success.

    Parameters
    ----------
    crs : str, int or CRS
        Anything that pyproj reads.

    Returns
    -------
    bool
        True for these datums.

    Examples
    --------
    >>> is_legacy_datum("EPSG:2381"), is_legacy_datum("EPSG:4546"), is_legacy_datum("EPSG:4326")
    (True, False, False)
    """
    geodetic = pyproj.CRS.from_user_input(getattr(crs, "proj", crs)).geodetic_crs
    return geodetic is not None and any(name in geodetic.name for name in _LEGACY)


def to_analysis(frame: gpd.GeoDataFrame, crs: Any) -> gpd.GeoDataFrame:
    """Bring a layer into the analysis coordinate system.

    Parameters
    ----------
    frame : GeoDataFrame
        Any layer with a known coordinate system; geographic coordinates are longitude, latitude.
    crs : str, int or CRS
        Target.

    Returns
    -------
    GeoDataFrame
        New frame; index, columns and rows without geometry are kept.

    Raises
    ------
    LayerError
        No coordinate system; a legacy datum (`is_legacy_datum`) with another target datum; or records
        that cannot be projected (typically latitude and longitude swapped), all named at once.

    Examples
    --------
    >>> seat = gpd.GeoDataFrame(geometry=gpd.points_from_xy([111.15], [39.38]), crs="EPSG:4326")
    >>> point = to_analysis(seat, "EPSG:4546").geometry[0]
    >>> round(point.x), round(point.y)
    (512924, 4360702)
    """
    target = pyproj.CRS.from_user_input(getattr(crs, "proj", crs))
    if frame.crs is None:
        raise LayerError("the layer states no coordinate system; set crs under its entry in county.toml")
    if is_legacy_datum(frame.crs) and frame.crs.geodetic_crs != target.geodetic_crs:
        raise LayerError(
            f"the layer is in {frame.crs.name!r}; its shift to {target.name!r} (up to 100 m) is not public; "
            "allowed are CGCS2000 and WGS 84; have the layer transformed with the province's parameters"
        )
    out = frame.to_crs(target)
    wrong = ~np.isfinite(shapely.bounds(out.geometry.to_numpy())).all(axis=1)
    wrong &= ~(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    if wrong.any():
        raise LayerError(
            f"{int(wrong.sum())} records do not fit {target.name!r}; longitude comes before latitude",
            [f"record {key!r}: {shape}" for key, shape in frame.geometry[wrong].head(20).items()],
        )
    return out


def guess_crs(
    bounds: tuple[float, float, float, float], *, near: tuple[float, float, float, float]
) -> tuple[pyproj.CRS, ...]:
    """Coordinate systems under which a layer would lie where the county is.

    For deliveries without a coordinate system, or with one that puts them elsewhere. Tried are
    CGCS2000 degrees, the 3- and 6-degree zones of the county with and without zone number, and UTM.
    Systems that put it at the same place (3- and 6-degree zone of one meridian) are given once.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north of the layer, in its own unknown units.
    near : tuple of float
        West, south, east, north of the county, degrees.

    Returns
    -------
    tuple of pyproj.CRS
        Candidates whose transformed centre of `bounds` lies inside `near`; empty if none does. More than
        one is common: UTM lies 1 to 2 km north or south of the 6-degree zone.

    Raises
    ------
    GridError
        `near` lies outside the zones of China.

    Examples
    --------
    >>> county = (110.9, 39.0, 111.6, 39.6)
    >>> [c.to_epsg() for c in guess_crs((37490000, 4330000, 37540000, 4390000), near=county)]
    [4525]
    >>> [c.to_epsg() for c in guess_crs((111.0, 39.1, 111.4, 39.5), near=county)]
    [4490]
    """
    west, south, east, north = near
    lon = (west + east) / 2
    zones = partial(zone_crs, lon)
    tries = [pyproj.CRS.from_epsg(4490), zones(), zones(prefix=True), zones(width_deg=6)]
    tries += [zones(width_deg=6, prefix=True), pyproj.CRS.from_epsg(32601 + int((lon + 180) // 6))]
    found: dict[tuple[float, float], pyproj.CRS] = {}
    for crs in tries:
        back = pyproj.Transformer.from_crs(crs, 4490, always_xy=True)
        x, y = back.transform((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        if west <= x <= east and south <= y <= north:
            found.setdefault((round(x, 7), round(y, 7)), crs)
    return tuple(found.values())
