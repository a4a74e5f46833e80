"""Relief goods and the size of the store, by hand and by the ends of the published table."""

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MethodError
from riskmap.shelters.relief import goods_needed, store_size, urgency
from riskmap.standards import book

GOODS = [
    {"name": "water", "amount": 3.0, "daily": True},
    {"name": "tents", "amount": 0.25, "share": 0.3, "whole": True},
]
SIZES = book().table("networks.store_sizes")


def test_goods_by_hand():
    people = pd.Series([110.0, 0, np.nan, 40], index=list("abcd"))
    found = goods_needed(people, GOODS, days=5)
    assert found["water"].fillna(-1).tolist() == [1650, 0, -1, 600]
    assert found["tents"].fillna(-1).tolist() == [9, 0, -1, 3]  # 8.25 and exactly 3
    with pytest.raises(MethodError, match="days above 0"):
        goods_needed(people, GOODS, days=0)
    with pytest.raises(MethodError, match="people from 0"):
        goods_needed(-people, GOODS, days=1)


# Source of the rows: 建标121-2009, 县级 0.5-0.7 x 10^4 people 630-800 m2; 市级 4-6 x 10^4 people 2900-4100 m2
@pytest.mark.parametrize(
    ("people", "area", "verdict", "asked", "reason"),
    [
        (5000, 630, "pass", 630, "within"),
        (5000, 629, "fail", 630, "within"),
        (7000, 799, "fail", 800, "within"),
        (7000, 800, "pass", 800, "within"),
        (50_000, 3500, "pass", 3500, "within"),
        (1400, 630, "pass", 630, "below"),
        (1400, 600, "fail", 630, "below"),
        (20_000, 799, "fail", 800, "between"),
        (20_000, 2000, "not known", 800, "between"),
        (20_000, 2900, "pass", 800, "between"),
        (90_000, 4099, "fail", 4100, "above"),
        (90_000, 9999, "not known", 4100, "above"),
    ],
)
def test_the_store_is_judged_by_the_table(people, area, verdict, asked, reason):
    found = store_size(people, area, sizes=SIZES)
    assert (found.verdict, found.asked_m2, found.reason) == (verdict, asked, reason)


def test_what_is_not_known_is_not_judged():
    assert store_size(np.nan, 800, sizes=SIZES).verdict == "not known"
    found = store_size(6000, np.nan, sizes=SIZES)
    assert (found.verdict, found.reason) == ("not known", "unknown")
    assert np.isnan(found.asked_m2)
    with pytest.raises(MethodError, match="empty"):
        store_size(6000, 700, sizes=[])


def test_villages_both_at_risk_and_remote_come_first():
    assert np.argsort(-urgency([False, True, True, False], [True, False, True, False])).tolist() == [2, 1, 0, 3]
