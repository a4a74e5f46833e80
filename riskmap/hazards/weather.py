"""What the hazards that measure from weather stations share: records on one calendar, stations on the grid."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from riskmap.errors import MethodError
from riskmap.hazards.declare import measured
from riskmap.model import Text
from riskmap.spatial import interpolate, leave_one_out

__all__ = ["latitudes", "on_stations", "spread", "station_names", "twice"]

_SHOWN = 5


def station_names(stations: gpd.GeoDataFrame) -> list[str]:
    """Name of every station, its number where it has none.

    Parameters
    ----------
    stations : GeoDataFrame
        Columns ``station_id`` and, where known, ``name``.

    Returns
    -------
    list of str

    Examples
    --------
    >>> station_names(pd.DataFrame({"station_id": ["53564", "53478"], "name": ["河曲", None]}))
    ['河曲', '53478']
    """
    number = stations["station_id"].astype(str)
    return (stations["name"].fillna(number) if "name" in stations else number).astype(str).tolist()


def latitudes(stations: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Latitude of every station, degrees north.

    Parameters
    ----------
    stations : GeoDataFrame
        Points in any known coordinate system.

    Returns
    -------
    ndarray, shape (stations,)

    Examples
    --------
    >>> points = gpd.GeoSeries.from_xy([500000.0], [4361000.0], crs="EPSG:4546")
    >>> latitudes(points.to_frame("geometry")).round(1).tolist()
    [39.4]
    """
    return np.asarray(stations.geometry.to_crs("EPSG:4490").y, dtype=float)


def twice(table: pd.DataFrame, key: Sequence[str], *, layer: str) -> None:
    """Refuse records that say two things of one time.

    Parameters
    ----------
    table : DataFrame
        Records.
    key : sequence of str
        Columns that must be unique together.
    layer : str
        Named in the message.

    Raises
    ------
    MethodError
        With the first of those that stand twice.

    Examples
    --------
    >>> twice(pd.DataFrame({"year": [2001, 2002]}), ["year"], layer="weather_monthly")
    """
    again = table.loc[table.duplicated(list(key)), list(key)].drop_duplicates()
    if len(again):
        rows = [", ".join(f"{name} {value}" for name, value in row.items()) for row in again.to_dict("records")]
        more = [f"and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
        raise MethodError(
            Text(
                f"{layer}：{len(rows)} 个时间重复；每个时间请只留一条记录",
                f"{layer}: {len(rows)} times stand twice; keep one record of each",
            ),
            [*rows[:_SHOWN], *more],
        )


def on_stations(
    table: pd.DataFrame, column: str, *, stations: gpd.GeoDataFrame, step: pd.Series, steps: int
) -> NDArray[np.float64]:
    """Put the records of stations on one calendar.

    Parameters
    ----------
    table : DataFrame
        Records with ``station_id``, each of a station in `stations`.
    column : str
        What to put there.
    stations : GeoDataFrame
        Stations, one row each.
    step : Series of int
        Position in time of every record, 0 to `steps` - 1.
    steps : int
        Length of the calendar.

    Returns
    -------
    ndarray, shape (stations, steps)
        NaN where there is no record, or no value in it.

    Examples
    --------
    >>> table = pd.DataFrame({"station_id": ["B", "A"], "rain_mm": [4.0, 9.0]})
    >>> stations = pd.DataFrame({"station_id": ["A", "B"]})
    >>> on_stations(table, "rain_mm", stations=stations, step=pd.Series([0, 1]), steps=2)
    array([[nan,  9.],
           [ 4., nan]])
    """
    values = np.full((len(stations), steps), np.nan)
    row = pd.Index(stations["station_id"]).get_indexer(table["station_id"])
    values[row, step.to_numpy()] = table[column].to_numpy(dtype=float, na_value=np.nan)
    return values


def spread(
    name: str,
    values: NDArray[np.float64],
    stations: gpd.GeoDataFrame,
    *,
    grid: GeoBox,
    mask: xr.DataArray,
    title: Text,
    unit: str,
) -> dict[str, xr.DataArray]:
    """Spread values of stations over the county, with their error.

    Parameters
    ----------
    name : str
        Name of the variable.
    values : ndarray, shape (stations,)
        NaN where a station does not know.
    stations : GeoDataFrame
        Points in the analysis CRS.
    grid : GeoBox
        Analysis grid.
    mask : DataArray of bool
        The county.
    title, unit
        Of the variable.

    Returns
    -------
    dict of str to DataArray
        ``name`` and ``name_sd`` (root mean square of the leave-one-out errors, the same in every cell; NaN for
        fewer than 2 stations). All NaN where no station knows.

    Examples
    --------
    >>> spread.__name__
    'spread'
    """
    inside = mask.to_numpy().astype(bool)
    known = ~np.isnan(values)
    field, error = np.full(grid.shape, np.nan, np.float32), np.nan
    if known.any():
        field = np.where(inside, interpolate(stations[known], values[known], grid).to_numpy(), np.nan)
        error = float(np.sqrt(np.mean(leave_one_out(stations[known], values[known]) ** 2)))
    doubt = Text(f"{title.zh}的插值误差", f"{title.en}: interpolation error")
    return {
        name: measured(field, grid, title=title, unit=unit),
        f"{name}_sd": measured(np.where(inside, error, np.nan), grid, title=doubt, unit=unit),
    }
