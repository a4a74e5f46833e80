"""Core indicators of a plan: yearly rates beside their counts, and their mean over the years against the target."""

import numpy as np
import pandas as pd

from riskmap.errors import MethodError

__all__ = ["RATES", "mean_of_years", "yearly_counts", "yearly_rates"]

RATES = ("deaths_per_million", "affected_per_100000", "loss_share_pct", "relief_share_pct")
"""The four rates, in the order of the plan."""
_COUNTS = ("deaths_people", "missing_people", "affected_people", "loss_yuan")


def yearly_counts(losses: pd.DataFrame, *, years: range, relief_hours: float) -> pd.DataFrame:
    """Sum recorded losses by year.

    Parameters
    ----------
    losses : DataFrame
        ``date``; any of ``deaths_people``, ``missing_people``, ``affected_people`` (person-times: a person struck twice
        counts twice), ``loss_yuan``, ``relief_hours``.
    years : range
        Years of the plan.
    relief_hours : float
        Within so many hours relief is in time.

    Returns
    -------
    DataFrame of float64
        Index ``year``; ``records``, the four sums, ``relief_records`` (records that say when relief came) and
        ``relief_in_time``. A year between the first and the last record of the whole table that has no record is a
        known zero; years outside are NaN. A sum is NaN where the column was not delivered, or where no record of
        the year has a value.

    Raises
    ------
    MethodError
        No year, or no record with a date.

    Examples
    --------
    >>> losses = pd.DataFrame({"date": pd.to_datetime(["2021-07-01", "2021-08-01", "2023-06-01"]),
    ...     "deaths_people": [1, 0, 2]})
    >>> yearly_counts(losses, years=range(2021, 2025), relief_hours=10)["deaths_people"].tolist()
    [1.0, 0.0, 2.0, nan]
    """
    dated = losses[losses["date"].notna()]
    if not len(years) or not len(dated):
        raise MethodError(
            f"core indicators: {len(years)} years of the plan and {len(dated)} dated records; give a last year "
            "that is not before the first, and records with dates"
        )
    year = pd.to_datetime(dated["date"]).dt.year
    index = pd.Index(years, name="year")
    known = (index >= year.min()) & (index <= year.max())
    counts = pd.DataFrame({"records": year.value_counts().reindex(index, fill_value=0)}, index=index)
    for name in _COUNTS:
        if name not in dated:
            counts[name] = np.nan
            continue
        sums = pd.to_numeric(dated[name]).astype("float64").groupby(year).sum(min_count=1).reindex(index)
        counts[name] = sums.where(counts["records"] > 0, 0.0)
    hours = pd.to_numeric(dated.get("relief_hours", pd.Series(np.nan, index=dated.index))).astype("float64")
    told = hours.notna().groupby(year).sum()
    in_time = (hours <= relief_hours).groupby(year).sum()
    counts["relief_records"] = told.reindex(index, fill_value=0)
    counts["relief_in_time"] = in_time.reindex(index, fill_value=0)
    return counts.astype("float64").where(pd.Series(known, index=index), np.nan, axis=0)


def yearly_rates(counts: pd.DataFrame, *, people: pd.Series, gdp_yuan: pd.Series, count_missing: bool) -> pd.DataFrame:
    """Rates of every year.

    Parameters
    ----------
    counts : DataFrame
        From `yearly_counts`.
    people, gdp_yuan : Series of float
        Resident people and GDP by year.
    count_missing : bool
        Whether missing people count among the dead.

    Returns
    -------
    DataFrame of float64
        Index ``year``, columns `RATES`; NaN where a count, the people or the GDP are unknown. With `count_missing`
        the deaths are unknown where the missing are. The share of relief is NaN in a year in which no record says when it came.

    Notes
    -----
    ``deaths x 1e6 / P``, ``person-times x 1e5 / P``, ``loss / GDP x 100``: 国家综合防灾减灾规划 (国减发〔2022〕1号), counted by
    自然灾害情况统计调查制度 (应急〔2020〕19号).

    Examples
    --------
    >>> counts = pd.DataFrame({"deaths_people": [881.0], "missing_people": [98.0], "affected_people": [1.4e8],
    ...     "loss_yuan": [3018.7e8], "relief_records": [0.0], "relief_in_time": [0.0]}, index=[2017])
    >>> nation = {"people": pd.Series({2017: 1.39008e9}), "gdp_yuan": pd.Series({2017: 82.7122e12})}
    >>> yearly_rates(counts, **nation, count_missing=True).round(3).iloc[0, :3].tolist()
    [0.704, 10071.363, 0.365]
    """
    heads = people.reindex(counts.index).astype("float64").where(lambda one: one > 0)
    product = gdp_yuan.reindex(counts.index).astype("float64").where(lambda one: one > 0)
    deaths = counts["deaths_people"] + counts["missing_people"] if count_missing else counts["deaths_people"]
    told = counts["relief_records"].where(counts["relief_records"] > 0)
    rates = {
        "deaths_per_million": deaths * 1e6 / heads,
        "affected_per_100000": counts["affected_people"] * 1e5 / heads,
        "loss_share_pct": counts["loss_yuan"] * 100 / product,
        "relief_share_pct": counts["relief_in_time"] * 100 / told,
    }
    return pd.DataFrame(rates, index=counts.index)


def mean_of_years(rates: pd.DataFrame, *, below: pd.Series, at_least: pd.Series) -> pd.DataFrame:
    """Hold the mean of the yearly rates against the targets.

    Parameters
    ----------
    rates : DataFrame
        From `yearly_rates`.
    below, at_least : Series of float
        Targets by rate; every rate stands in one of the two.

    Returns
    -------
    DataFrame
        Index ``rate``; ``mean``, ``years`` (their number with a known rate), ``target``, ``met`` (``yes``, ``no``,
        ``unknown``).

    Notes
    -----
    The mean of yearly rates, not the sum of the counts over the sum of the people: every year has one vote.

    Examples
    --------
    >>> rates = pd.DataFrame({"deaths_per_million": [0.0, 3.0, np.nan]}, index=[2021, 2022, 2023])
    >>> found = mean_of_years(rates, below=pd.Series({"deaths_per_million": 1.0}), at_least=pd.Series(dtype=float))
    >>> found[["mean", "years", "met"]].to_numpy().tolist()
    [[1.5, 2, 'no']]
    """
    rows = []
    for name in map(str, rates.columns):
        mean, years = float(rates[name].mean()), int(rates[name].notna().sum())
        least = name in at_least
        target = float(at_least[name] if least else below[name])
        met = mean >= target if least else mean < target
        rows.append((mean, years, target, "unknown" if np.isnan(mean) else "yes" if met else "no"))
    return pd.DataFrame(rows, columns=["mean", "years", "target", "met"], index=pd.Index(rates.columns, name="rate"))
