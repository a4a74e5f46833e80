"""Rates of the plan against figures of the press; the mean is of years, not of sums."""

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MethodError
from riskmap.scoring.core_indicators import mean_of_years, yearly_counts, yearly_rates

# 民政部、国家减灾办 press releases of January 2016 and 2018: 受灾人次, 死亡, 失踪, 直接经济损失. People and GDP: first figures of the
# 国民经济和社会发展统计公报 of 2015 (137462 万人, 676708 亿元) and 2017 (139008 万人, 827122 亿元).
PRESS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2015-12-31", "2017-12-31"]),
        "affected_people": [186.203e6, 140e6],
        "deaths_people": [819, 881],
        "missing_people": [148, 98],
        "loss_yuan": [2704.1e8, 3018.7e8],
    }
)
PEOPLE = pd.Series({2015: 1374.62e6, 2016: 1382.71e6, 2017: 1390.08e6})
GDP = pd.Series({2015: 67.6708e12, 2016: 74.4127e12, 2017: 82.7122e12})


def rates(losses, *, count_missing, years=range(2015, 2018)):
    counts = yearly_counts(losses, years=years, relief_hours=10)
    return yearly_rates(counts, people=PEOPLE, gdp_yuan=GDP, count_missing=count_missing)


def test_press_figures_of_2015_and_2017_by_hand():
    found = rates(PRESS, count_missing=True)
    assert found.loc[2015, "deaths_per_million"] == pytest.approx(967 / 1374.62)
    assert found.loc[2017, "deaths_per_million"] == pytest.approx(979 / 1390.08)
    assert found.loc[2017, "affected_per_100000"] == pytest.approx(10071.36, abs=0.01)
    assert found.loc[2015, "loss_share_pct"] == pytest.approx(0.3996, abs=1e-4)
    assert found.loc[2017, "loss_share_pct"] == pytest.approx(0.3650, abs=1e-4)


def test_missing_people_count_only_where_asked():
    assert rates(PRESS, count_missing=False).loc[2017, "deaths_per_million"] == pytest.approx(881 / 1390.08)
    without = PRESS.drop(columns="missing_people")
    assert rates(without, count_missing=True)["deaths_per_million"].isna().sum() == 3
    assert rates(without, count_missing=False).loc[2017, "deaths_per_million"] == pytest.approx(881 / 1390.08)


def test_a_year_without_records_is_zero_inside_the_records_and_unknown_outside():
    found = yearly_counts(PRESS, years=range(2014, 2019), relief_hours=10)
    assert found.loc[2016, ["records", "deaths_people", "loss_yuan"]].tolist() == [0, 0, 0]
    assert found.loc[[2014, 2018]].isna().all(axis=None)


def test_a_year_whose_records_give_no_number_is_unknown():
    gap = PRESS.assign(deaths_people=[np.nan, 881])
    assert np.isnan(yearly_counts(gap, years=range(2015, 2018), relief_hours=10).loc[2015, "deaths_people"])


def test_the_mean_gives_every_year_one_vote():
    table = pd.DataFrame({"affected_per_100000": [10.0, 30.0, np.nan]}, index=[2021, 2022, 2023])
    none = pd.Series(dtype=float)
    found = mean_of_years(table, below=pd.Series({"affected_per_100000": 20.0}), at_least=none).iloc[0]
    assert (found["mean"], found["years"], found["met"]) == (20.0, 2, "no")  # below 20, and 20 is not below 20
    counts = yearly_counts(PRESS, years=range(2015, 2018), relief_hours=10)
    people = pd.Series({2015: 1e6, 2016: 1e6, 2017: 1e8})
    mean = yearly_rates(counts, people=people, gdp_yuan=GDP, count_missing=False)["deaths_per_million"].mean()
    assert mean == pytest.approx((819 + 0 + 8.81) / 3)
    assert mean != pytest.approx((819 + 881) / 102)


def test_relief_counts_the_records_that_say_when_it_came():
    losses = PRESS.assign(date=pd.to_datetime(["2017-03-01", "2017-09-01"]), relief_hours=[10.0, 10.5])
    found = rates(losses, count_missing=False)
    assert found.loc[2017, "relief_share_pct"] == 50
    assert np.isnan(found.loc[2016, "relief_share_pct"])
    assert np.isnan(rates(PRESS, count_missing=False)["relief_share_pct"]).all()


def test_no_years_and_no_dates_are_refused():
    with pytest.raises(MethodError, match="0 years"):
        yearly_counts(PRESS, years=range(2018, 2015), relief_hours=10)
    with pytest.raises(MethodError, match="0 dated"):
        yearly_counts(PRESS.assign(date=pd.NaT), years=range(2015, 2018), relief_hours=10)
