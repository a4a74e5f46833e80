"""Faults of real deliveries, sown on purpose and written down as truth."""

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

__all__ = ["Sown", "soil_buildings", "soil_hazard_points", "soil_planning", "soil_shelters"]

_TEXTS = ("约30", "20余", "不详", "约50")
_FARM = "鹿固农田集中区"


@dataclass(slots=True)
class Sown:
    """List of faults sown so far.

    Parameters
    ----------
    faults : list of dict
        ``what``, ``layer``, ``file``, ``row`` (first record 1; in sheets the sheet's own row), ``key``, ``field``,
        ``value``, ``right`` (the value before, where there is one).
    """

    faults: list[dict[str, Any]] = field(default_factory=list)

    def add(self, what: str, place: tuple[str, str, int], cell: tuple[str, str, str], right: str = "") -> None:
        """Write one fault down: what, (layer, file, row), (key, field, value), value before."""
        layer, file, row = place
        key, column, value = cell
        self.faults.append(
            {
                "what": what,
                "layer": layer,
                "file": file,
                "row": row,
                "key": key,
                "field": column,
                "value": value,
                "right": right,
            }
        )


def _told(point: shapely.Point) -> str:
    return f"{point.x:.6f},{point.y:.6f}"


def soil_hazard_points(frame: gpd.GeoDataFrame, sown: Sown, rng: np.random.Generator, *, file: str) -> gpd.GeoDataFrame:
    """Sow swapped coordinates, words for numbers, a code used twice, a place outside, closed records.

    Parameters
    ----------
    frame : GeoDataFrame
        Delivered columns (``yhdbh``, ``wxrsr``, ``sfxh``), longitude and latitude.
    sown : Sown
        Receives the faults.
    rng : Generator
        Picks the rows.
    file : str
        Name of the file, for the truth.

    Returns
    -------
    GeoDataFrame
        One record more; ``wxrsr`` is text.

    Examples
    --------
    >>> points = gpd.points_from_xy(np.full(20, 111.2), np.full(20, 39.1))
    >>> clean = gpd.GeoDataFrame({"yhdbh": [f"{n:02d}" for n in range(20)], "wxrsr": 5, "sfxh": "否"}, geometry=points)
    >>> sown = Sown()
    >>> len(soil_hazard_points(clean, sown, np.random.default_rng(0), file="a.shp")), len(sown.faults)
    (21, 15)
    """
    frame = frame.assign(wxrsr=frame["wxrsr"].astype(str))
    rows = rng.permutation(len(frame))
    swapped, worded, closed, (big, twice, outside) = rows[:3], rows[3:7], rows[7:12], rows[12:15]
    geometry = frame.geometry.to_numpy().copy()
    key = frame["yhdbh"].to_numpy()

    def add(what: str, row: int, name: str, *, value: str, right: str = "") -> None:
        sown.add(what, ("hazard_points", file, int(row) + 1), (key[row], name, value), right)

    for row in swapped:
        right = geometry[row]
        geometry[row] = shapely.Point(right.y, right.x)
        add("swapped-coordinates", row, "geometry", value=_told(geometry[row]), right=_told(right))
    right, geometry[outside] = (
        geometry[outside],
        shapely.transform(geometry[outside], lambda xy: xy + np.array([0.62, 0.0])),
    )
    add("outside-county", outside, "geometry", value=_told(geometry[outside]), right=_told(right))
    for row, text in zip(worded, _TEXTS, strict=True):
        add("text-in-number", row, "wxrsr", value=text, right=frame.loc[row, "wxrsr"])
        frame.loc[row, "wxrsr"] = text
    add("out-of-range", big, "wxrsr", value="60000", right=frame.loc[big, "wxrsr"])
    frame.loc[big, "wxrsr"] = "60000"
    for row in closed:
        frame.loc[row, "sfxh"] = "是"
        add("closed-record", row, "sfxh", value="是")
    frame = frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=frame.crs))
    frame = gpd.GeoDataFrame(pd.concat([frame, frame.iloc[[twice]]], ignore_index=True), crs=frame.crs)
    sown.add("duplicate-code", ("hazard_points", file, len(frame)), (key[twice], "yhdbh", key[twice]))
    return frame


def soil_shelters(table: pd.DataFrame, sown: Sown, rng: np.random.Generator, *, file: str) -> pd.DataFrame:
    """Sow an area below zero and a place outside the county.

    Parameters
    ----------
    table : DataFrame
        Delivered columns (``场所编号``, ``有效避难面积(平方米)``, ``经度``); row 1 of the sheet is its header.
    sown, rng, file
        As in `soil_hazard_points`.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> clean = pd.DataFrame({"场所编号": list("ab"), "有效避难面积(平方米)": 5.0, "经度": 111.0})
    >>> float(soil_shelters(clean, Sown(), np.random.default_rng(0), file="a.xlsx")["经度"].max())
    111.9
    """
    table = table.copy()
    low, outside = rng.permutation(min(len(table), 30))[:2]
    for what, row, name, wrong in (
        ("out-of-range", low, "有效避难面积(平方米)", -1200.0),
        ("outside-county", outside, "经度", 111.9),
    ):
        key, right = str(table.loc[row, "场所编号"]), str(table.loc[row, name])
        sown.add(what, ("shelters", file, int(row) + 2), (key, name, str(wrong)), right)
        table.loc[row, name] = wrong
    return table


def soil_buildings(frame: gpd.GeoDataFrame, sown: Sown, rng: np.random.Generator, *, file: str) -> gpd.GeoDataFrame:
    """Sow a village code that does not exist.

    Parameters
    ----------
    frame : GeoDataFrame
        Delivered columns (``房屋编号``, ``村代码``).
    sown, rng, file
        As in `soil_hazard_points`.

    Returns
    -------
    GeoDataFrame

    Examples
    --------
    >>> clean = gpd.GeoDataFrame({"房屋编号": ["a"], "村代码": ["140930100200"]}, geometry=[shapely.Point(1, 1)])
    >>> soil_buildings(clean, Sown(), np.random.default_rng(0), file="a.gdb")["村代码"].tolist()
    ['140930999999']
    """
    frame = frame.copy()
    row = int(rng.integers(len(frame)))
    key, right, wrong = frame.loc[row, "房屋编号"], frame.loc[row, "村代码"], "140930999999"
    sown.add("unknown-code", ("buildings", file, row + 1), (key, "村代码", wrong), right)
    frame.loc[row, "村代码"] = wrong
    return frame


def soil_planning(frame: gpd.GeoDataFrame, sown: Sown, *, file: str) -> gpd.GeoDataFrame:
    """Sow a polygon that crosses itself.

    Parameters
    ----------
    frame : GeoDataFrame
        Delivered columns (``规划名称``).
    sown, file
        As in `soil_hazard_points`.

    Returns
    -------
    GeoDataFrame

    Examples
    --------
    >>> clean = gpd.GeoDataFrame({"规划名称": ["鹿固农田集中区"]}, geometry=[shapely.box(0, 0, 2, 2)])
    >>> soil_planning(clean, Sown(), file="a.gpkg").is_valid.tolist()
    [False]
    """
    row = int(np.flatnonzero(frame["规划名称"] == _FARM)[0])
    west, south, east, north = frame.geometry.iloc[row].bounds
    crossed = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    geometry = frame.geometry.to_numpy().copy()
    geometry[row] = crossed
    sown.add("invalid-geometry", ("planning", file, row + 1), (_FARM, "geometry", "self-crossing"))
    return frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=frame.crs))
