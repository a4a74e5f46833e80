"""Coordinate systems: the analysis zone of a county, metres only, longitude before latitude."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError

from riskmap.errors import CountyFileError, GridError, LayerError
from riskmap.model.text import Text

__all__ = ["guess_crs", "is_legacy_datum", "legacy_datum", "metric_crs", "to_analysis", "zone_crs"]

Datum = Literal["CGCS2000", "Xian 1980", "Beijing 1954"]

_SPAN_DEG = {3: (75, 135), 6: (75, 135)}
"""First and last central meridian of the CGCS2000 zones by width (EPSG v11.022)."""

_CODES: dict[Datum, dict[tuple[int, bool], int]] = {
    "CGCS2000": {(3, False): 4534, (3, True): 4513, (6, False): 4502, (6, True): 4491},
    "Xian 1980": {(3, False): 2370, (3, True): 2349, (6, False): 2338, (6, True): 2327},
    "Beijing 1954": {(3, False): 2422, (3, True): 2401, (6, False): 21453, (6, True): 21413},
}
"""EPSG code (v11.022) of the zone of 75 E by its width and whether eastings carry its number."""

_DEGREES: dict[Datum, int] = {"CGCS2000": 4490, "Xian 1980": 4610, "Beijing 1954": 4214}

_LEGACY: tuple[tuple[Datum, str, float], ...] = (
    ("Xian 1980", r"xi_?an|西安|iag_?(19)?75|xa_?(19)?80", 6_378_140.0),
    ("Beijing 1954", r"beijing|peking|北京|kras+ov?w?sky|bj_?(19)?54", 6_378_245.0),
)
"""Datums whose shift to CGCS2000 is not public (PROJ's answer is a ballpark up to 100 m off): how their names are
written, and the axis of their ellipsoid, which tells where the name is somebody's own."""


def zone_crs(lon_deg: float, *, width_deg: int = 3, prefix: bool = False, datum: Datum = "CGCS2000") -> pyproj.CRS:
    """Gauss-Krueger zone that holds a longitude.

    The central meridian is the multiple of 3 degrees nearest to `lon_deg` (for 6-degree zones:
    75, 81, ... 135). Codes by EPSG v11.022: for CGCS2000 without zone number ``4534 + (CM - 75) / 3`` and
    ``4502 + (CM - 75) / 6``; with it ``4513 + ...`` and ``4491 + ...``.

    Parameters
    ----------
    lon_deg : float
        Longitude, degrees east.
    width_deg : {3, 6}
        Width of the zone.
    prefix : bool
        Whether eastings start with the zone number (8 digits).
    datum : {"CGCS2000", "Xian 1980", "Beijing 1954"}
        On which the zone stands.

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
            f"no {datum} zone of {width_deg} degrees holds longitude {lon_deg}; "
            "there are zones of 3 and 6 degrees between 72 and 138 E; longitude comes before latitude"
        )
    step = int((lon_deg - first + half) // width_deg)
    return pyproj.CRS.from_epsg(_CODES[datum][width_deg, prefix] + step)


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
    riskmap.errors.CountyFileError: 坐标系 'EPSG:4490' 以度为单位；...
    """
    try:
        crs = pyproj.CRS.from_user_input(getattr(text, "proj", text))
    except CRSError as fault:
        raise _no_metres(repr(text), "不是已知的坐标系", "is not a known coordinate system") from fault
    label = repr(text) if isinstance(text, str | int) else repr(crs.name)
    if not crs.is_projected:
        raise _no_metres(label, "以度为单位", "counts in degrees")
    units = sorted({axis.unit_name for axis in crs.axis_info if axis.unit_conversion_factor != 1.0})
    if units:
        raise _no_metres(label, f"以 {'、'.join(units)} 为单位", f"counts in {', '.join(units)}")
    operation = crs.coordinate_operation
    method = operation.method_name.lower() if operation is not None else ""
    if "mercator" in method and "transverse" not in method:
        raise _no_metres(label, "是墨卡托投影，其米被拉长", "is Mercator, whose metres are stretched")
    return crs


def _no_metres(crs: str, zh: str, en: str) -> CountyFileError:
    return CountyFileError(
        Text(
            f"坐标系 {crs} {zh}；须为以米为单位的投影坐标系，如 EPSG:4546（CGCS2000 三度带，111°E）；"
            "请在 county.toml 写 crs，或不写而采用本县所在的三度带",
            f"crs {crs} {en}; allowed is a projected system in metres such as EPSG:4546 (CGCS2000 3-degree, 111 E); "
            "set crs in county.toml, or leave it out to have the zone of the county",
        )
    )


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
    return legacy_datum(crs) is not None


def legacy_datum(crs: Any) -> Datum | None:
    """Which old datum a coordinate system stands on.

    Told by the names of its datum and ellipsoid in any spelling (``D_Xian_1980``, ``北京54``) and, where EPSG does
    not know the datum, by the ellipsoid itself: 6,378,245 m is Krassowsky (Beijing 1954), 6,378,140 m IAG 1975
    (Xian 1980).

    Parameters
    ----------
    crs : str, int or CRS
        Anything that pyproj reads.

    Returns
    -------
    str or None
        ``"Xian 1980"``, ``"Beijing 1954"`` (also for New Beijing) or None for any other datum.

    Examples
    --------
    >>> legacy_datum("EPSG:2434"), legacy_datum("+proj=longlat +a=6378140 +rf=298.257"), legacy_datum(4490)
    ('Beijing 1954', 'Xian 1980', None)
    """
    geodetic = pyproj.CRS.from_user_input(getattr(crs, "proj", crs)).geodetic_crs
    if geodetic is None:
        return None
    ellipsoid = geodetic.ellipsoid
    own = geodetic.to_epsg() is None
    names = [geodetic.name, *([geodetic.datum.name] if geodetic.datum else [])]
    if own and ellipsoid is not None:
        names.append(ellipsoid.name)
    for datum, spelling, axis_m in _LEGACY:
        if any(re.search(spelling, one, re.IGNORECASE) for one in names):
            return datum
        if own and ellipsoid is not None and abs(ellipsoid.semi_major_metre - axis_m) < 0.5:
            return datum
    return None


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
        raise LayerError(
            Text(
                "图层没有坐标系；请在 county.toml 该图层下写 crs",
                "the layer states no coordinate system; set crs under its entry in county.toml",
            )
        )
    if is_legacy_datum(frame.crs) and frame.crs.geodetic_crs != target.geodetic_crs:
        raise LayerError(
            Text(
                f"图层为 {frame.crs.name}；它到 {target.name} 的转换参数不公开（相差可达 100 m）；"
                "可用 CGCS2000 与 WGS 84；请用本省参数转换后重新提交",
                f"the layer is in {frame.crs.name!r}; its shift to {target.name!r} (up to 100 m) is not public; "
                "allowed are CGCS2000 and WGS 84; have the layer transformed with the province's parameters",
            )
        )
    out = frame.to_crs(target)
    wrong = ~np.isfinite(shapely.bounds(out.geometry.to_numpy())).all(axis=1)
    wrong &= ~(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    if wrong.any():
        raise LayerError(
            Text(
                f"{int(wrong.sum())} 条记录不在 {target.name} 范围内；经度在前，纬度在后",
                f"{int(wrong.sum())} records do not fit {target.name!r}; longitude comes before latitude",
            ),
            [f"record {key!r}: {shape}" for key, shape in frame.geometry[wrong].head(20).items()],
        )
    return out


def guess_crs(
    bounds: tuple[float, float, float, float], *, near: tuple[float, float, float, float], datum: Datum = "CGCS2000"
) -> tuple[pyproj.CRS, ...]:
    """Coordinate systems under which a layer would lie where the county is.

    For deliveries without a coordinate system, or with one that puts them elsewhere. Tried are
    degrees, the 3- and 6-degree zones of the county with and without zone number, and UTM; if none fits, the zones
    beside them and Web Mercator. Systems that put it at the same place (3- and 6-degree zone of one meridian) are
    given once.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north of the layer, in its own unknown units.
    near : tuple of float
        West, south, east, north of the county, degrees.
    datum : {"CGCS2000", "Xian 1980", "Beijing 1954"}
        Which the numbers cannot show; the two old ones have no UTM and no Web Mercator.

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
    >>> [c.to_epsg() for c in guess_crs((254000, 4364000, 255000, 4365000), near=county)]  # zone of 114 E
    [4547]
    """
    west, south, east, north = near
    lon = (west + east) / 2
    zone_crs(lon)
    for tries in (_home(lon, datum), _beside(lon, datum)):
        found: dict[tuple[float, float], pyproj.CRS] = {}
        for crs in tries:
            x, y = _to_degrees(crs).transform((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
            if west <= x <= east and south <= y <= north:
                found.setdefault((round(x, 7), round(y, 7)), crs)
        if found:
            return tuple(found.values())
    return ()


def _home(lon: float, datum: Datum) -> Iterator[pyproj.CRS]:
    yield pyproj.CRS.from_epsg(_DEGREES[datum])
    yield from _zones([(lon, 3), (lon, 6)], datum)
    if datum == "CGCS2000":
        yield pyproj.CRS.from_epsg(32601 + int((lon + 180) // 6))


def _beside(lon: float, datum: Datum) -> Iterator[pyproj.CRS]:
    yield from _zones([(lon - 3, 3), (lon + 3, 3), (lon - 6, 6), (lon + 6, 6)], datum)
    if datum == "CGCS2000":
        yield from (pyproj.CRS.from_epsg(32601 + int((lon + 180) // 6) + step) for step in (-1, 1))
        yield pyproj.CRS.from_epsg(3857)


def _zones(places: Iterable[tuple[float, int]], datum: Datum) -> Iterator[pyproj.CRS]:
    for lon, width in places:
        for prefix in (False, True):
            try:
                yield zone_crs(lon, width_deg=width, prefix=prefix, datum=datum)
            except GridError:
                continue  # beyond the first or last zone


@lru_cache(maxsize=128)
def _to_degrees(crs: pyproj.CRS) -> pyproj.Transformer:
    """To the degrees of the system's own datum: a shift between datums would only blur the guess."""
    return pyproj.Transformer.from_crs(crs, crs.geodetic_crs or 4490, always_xy=True)
