"""How a unit compares with the middle unit of its county."""

import pandas as pd

__all__ = ["beside_median"]


def beside_median(values: pd.DataFrame) -> pd.DataFrame:
    """Divide each value by the median of its column.

    Parameters
    ----------
    values : DataFrame of float
        A row per unit, 0 or above; NaN unknown.

    Returns
    -------
    DataFrame of float
        2 is twice the median of the units whose value is known; NaN where the value is unknown, and in a column whose
        median is 0 or unknown, since nothing is a multiple of nothing.

    Examples
    --------
    >>> beside_median(pd.DataFrame({"roads_km": [2.0, 4.0, 10.0, None], "crops_km2": [0.0, 0.0, 3.0, 1.0]})).round(1)
       roads_km  crops_km2
    0       0.5        0.0
    1       1.0        0.0
    2       2.5        6.0
    3       NaN        2.0
    """
    medians = values.median()
    return values / medians.where(medians > 0)
