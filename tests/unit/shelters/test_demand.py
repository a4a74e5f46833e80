"""Who leaves when, who walks slowly, who finds room, who rides: told by hand on the tiny county, and exact in every sum."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_shelters import MIDDLE, belt, danger, theme, with_shelters

from riskmap.maps.web.strings import HINTS
from riskmap.maps.words import REASONS
from riskmap.model import Layer, Text
from riskmap.pipeline.products import evacuation_buses, evacuation_groups, evacuation_routes, shelter_use
from riskmap.shelters import (
    Evacuation,
    assess_shelters,
    group_shares,
    groups_moved,
    leaving,
    people_at_times,
    scenarios_of,
    slow_flows,
)
from riskmap.standards import layer_spec

RESIDENTS = pd.Series([1200.0, 300, 90, 450, 0, 2100], index=tiny.CODES)


def told(survey, **columns):
    """Put these columns into the village layer."""
    villages = survey.frame("villages").assign(**columns)
    return survey.with_layers({"villages": Layer(spec=layer_spec("villages"), data=villages)})


def test_only_delivered_times_are_counted():
    assert list(people_at_times(tiny.survey(), RESIDENTS)) == ["resident"]
    survey = told(tiny.survey(), people_day=[2000, 100, np.nan, 0, 5, 1000], away_people=[10, np.nan, 20, 0, 7, 0])
    found = people_at_times(survey, RESIDENTS)
    assert list(found) == ["resident", "day", "festival"]
    assert found["day"].fillna(-1).tolist() == [2000, 100, -1, 0, 5, 1000]
    # those who live away come back; where nothing was told it stays unknown, for nobody told the registered either
    assert found["festival"].fillna(-1).tolist() == [1210, -1, 110, 450, 7, 2100]


def test_registered_people_stand_in_for_those_away():
    survey = told(tiny.survey(), registered_people=[1500, 200, 90, 450, 40, 2100])
    assert people_at_times(survey, RESIDENTS)["festival"].tolist() == [1500, 300, 90, 450, 40, 2100]


def test_villages_add_up_to_townships():
    survey = told(tiny.survey(), people_night=[1, 2, 3, 4, 5, 6], township_code=tiny.units()["parent_id"].to_numpy())
    survey = replace(survey, units=tiny.townships())
    whole = pd.Series(1.0, index=tiny.townships().index)
    assert people_at_times(survey, whole)["night"].tolist() == [6, 15]


def test_inside_a_zone_other_times_follow_the_residents():
    survey = told(tiny.survey(), people_day=[600, 300, 90, 450, 50, 2100])
    times = people_at_times(survey, RESIDENTS)
    zone = scenarios_of(survey, theme(mask=belt(0, 50)))["flood: 20 a"]
    inside = pd.Series([400.0, 300, 0, 0, 0, 0], index=tiny.CODES)
    found = leaving(survey, zone, times, inside=inside)
    assert found["resident"].tolist() == inside.tolist()
    assert found["day"].tolist() == pytest.approx([200, 300, 0, 0, 50 * 0.5, 0])  # no residents: half of its area
    assert leaving(survey, zone, times) is None
    quake = scenarios_of(survey, {})["earthquake"]
    assert leaving(survey, quake, times)["day"].tolist() == pytest.approx((0.15 * times["day"]).tolist())


def test_shares_of_groups():
    assert group_shares(tiny.survey()).empty
    elderly, disabled = [600, 30, np.nan, 450, 3, 0], [900, np.nan, np.nan, 45, 0, 0]
    found = group_shares(told(tiny.survey(), elderly_people=elderly, disabled_people=disabled))
    assert list(found) == ["elderly_people", "disabled_people", "slow"]
    assert found["slow"].fillna(-1).tolist() == pytest.approx([1, 0.1, -1, 1, -1, 0])


def one_place(people, assigned, flows):
    """An allocation of one village: people and minutes of its flows."""
    keys = {"scenario": "s", "time": "resident", "unit_id": "U"}
    table = pd.DataFrame([{**keys, "shelter_id": f"S{n}", "people": p, "minutes": m} for n, (p, m) in enumerate(flows)])
    table = table.reindex(columns=[*keys, "shelter_id", "people", "minutes"])
    row = pd.DataFrame(
        [{**keys, "people": people, "assigned": assigned, "unassigned": people - assigned, "reason": ""}]
    )
    return Evacuation(flows=table, places=row, scenarios=row, times=row)


flow = st.tuples(st.integers(1, 80), st.integers(0, 90).map(float))


@given(st.lists(flow, max_size=5), st.integers(0, 60), st.floats(0, 1), st.floats(1, 4))
def test_groups_sum_exactly_and_the_slow_never_do_better(flows, left, share, slower):
    assigned = sum(p for p, _ in flows)
    moved = one_place(assigned + left, assigned, flows)
    shares = pd.DataFrame({"slow": [share]}, index=["U"])
    if assigned + left == 0:
        return
    found, quick = (groups_moved(moved, shares, slower=one, limit_min=60.0) for one in (slower, 1.0))
    if found.empty:
        assert round((assigned + left) * share) == 0
        return
    row, fast = found.iloc[0], quick.iloc[0]
    assert row["people"] == row["assigned"] + row["unassigned"]
    assert row["assigned"] == row["in_time"] + row["need_vehicle"]
    assert 0 <= row["in_time"] <= fast["in_time"] <= row["assigned"] <= assigned
    assert 0 <= row["unassigned"] <= left
    riders = slow_flows(moved, found, slower=slower, limit_min=60.0)
    assert riders["people"].sum() == row["need_vehicle"]


def test_the_slow_take_the_nearest_places_of_their_village():
    # 30 places at 20 minutes, 70 at 40: at half the speed only the first are within 60 minutes
    moved = one_place(120, 100, [(70, 40.0), (30, 20.0)])
    found = groups_moved(moved, pd.DataFrame({"slow": [0.6]}, index=["U"]), slower=2.0, limit_min=60.0)
    row = found.iloc[0]
    assert row[["people", "assigned", "unassigned", "in_time", "need_vehicle"]].tolist() == [72, 60, 12, 30, 30]
    riders = slow_flows(moved, found, slower=2.0, limit_min=60.0)
    assert riders[["shelter_id", "people"]].to_numpy().tolist() == [["S0", 30]]


def full_case(**villages):
    survey = with_shelters(MIDDLE, (3750, 3000, "短期固定"))
    survey = danger(told(survey, **villages), ("山洪危险区", 0, 2000), ("地质灾害风险区", 4000, 6000))
    inside = {
        "山洪危险区": pd.Series([1200.0, 300, 0, 0, 0, 0], index=tiny.CODES),
        "地质灾害风险区": pd.Series([0.0, 0, 0, 0, 0, 2100], index=tiny.CODES),
    }
    return assess_shelters(survey, {}, people=RESIDENTS, threatened=inside)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=18, max_size=18))
def test_people_are_placed_or_not_exactly_in_every_scenario_time_and_group(numbers):
    day, away, old = (numbers[n : n + 6] for n in (0, 6, 12))
    elderly = np.minimum(old, RESIDENTS.to_numpy()).tolist()
    found = full_case(people_day=day, away_people=away, elderly_people=elderly)
    assert set(found.times["scenario"]) == {"dry", "山洪危险区", "地质灾害风险区", "earthquake"}
    assert set(found.times["time"]) == {"resident", "day", "festival"}
    sums = found.evacuated.groupby(["scenario", "time"])[["people", "assigned", "unassigned"]].sum()
    assert (sums["people"] == sums["assigned"] + sums["unassigned"]).all()
    flows = found.flows.groupby(["scenario", "time"])["people"].sum().reindex(sums.index, fill_value=0)
    assert (flows == sums["assigned"]).all()
    dry = found.times.set_index(["scenario", "time"])["people_to_move"]
    assert dry["dry", "day"] == sum(day)
    assert dry["dry", "festival"] == RESIDENTS.sum() + sum(away)
    assert (found.groups["people"] == found.groups["assigned"] + found.groups["unassigned"]).all()
    assert (found.groups["assigned"] == found.groups["in_time"] + found.groups["need_vehicle"]).all()
    whole = found.evacuated.set_index(["scenario", "time", "unit_id"])["assigned"]
    keys = pd.MultiIndex.from_frame(found.groups[["scenario", "time", "unit_id"]])
    assert (found.groups["assigned"].to_numpy() <= whole.reindex(keys).to_numpy()).all()


def test_buses_bring_the_slow_and_those_without_a_place_and_count_off_the_room():
    # 1500 places each at the middle; the first village walks 2 km, 30 min at 4 km/h, 67 at 1.8: the old need a vehicle
    found = full_case(elderly_people=[120, 30, 9, 45, 0, 210])
    slow = found.groups[(found.groups["group"] == "slow") & (found.groups["scenario"] == "山洪危险区")]
    first = slow.set_index("unit_id").loc[tiny.CODES[0]]
    assert first[["people", "assigned", "in_time", "need_vehicle"]].tolist() == [120, 120, 0, 120]
    jobs = found.buses[found.buses["scenario"] == "山洪危险区"]
    assert jobs[["unit_id", "shelter_id", "people", "trips"]].to_numpy().tolist() == [[tiny.CODES[0], "S0", 120, 3]]
    # 1 km of 国道 at 60 km/h is a minute; the walks to the road stand at 20 km/h
    assert jobs["there_min"].tolist() == pytest.approx([2.0], abs=0.01)
    assert jobs["trip_min"].tolist() == pytest.approx([15 + 4], abs=0.02)
    # 2100 people of the village without a road: nobody can ride
    assert found.fleet.loc["山洪危险区", ["people", "left"]].tolist() == [120, 0]
    assert "地质灾害风险区" not in found.fleet.index
    assert (
        found.evacuated.set_index(["scenario", "unit_id"]).loc[("地质灾害风险区", tiny.CODES[5]), "reason"] == "no road"
    )


def test_a_full_shelter_is_full_for_buses_too():
    survey = danger(with_shelters(MIDDLE), ("山洪危险区", 0, 1000))
    inside = {"山洪危险区": pd.Series([1200.0, 0, 90, 450, 0, 0], index=tiny.CODES)}
    found = assess_shelters(survey, {}, people=RESIDENTS, threatened=inside)
    assert found.scenarios.loc["山洪危险区", ["people_assigned", "people_unassigned"]].tolist() == [1500, 240]
    assert found.fleet.loc["山洪危险区", ["people", "left", "trips"]].tolist() == [0, 240, 0]
    two = danger(with_shelters(MIDDLE, (1250, 4900, "紧急")), ("山洪危险区", 0, 1000))
    roomy = assess_shelters(two, {}, people=RESIDENTS, threatened=inside)
    assert roomy.scenarios.loc["山洪危险区", "people_unassigned"] == 0


def houses(*rows):
    """Buildings at (metres east, metres south, floor area, structure, use)."""
    return gpd.GeoDataFrame(
        {
            "code": [f"H{n}" for n in range(len(rows))],
            "floor_area_m2": [one[2] for one in rows],
            "structure": [one[3] for one in rows],
            "use": [one[4] for one in rows],
        },
        geometry=[shapely.Point(tiny.WEST_M + one[0], tiny.NORTH_M - one[1]) for one in rows],
        crs=tiny.CRS,
    )


def sheltered(depth, *rows, name="flood"):
    """The first village flees from a belt of water (rows 18 to 21) that does not lie between it and the houses."""
    survey = with_shelters((1250, 4900, "紧急"))
    survey = survey.with_layers({"buildings": Layer(spec=layer_spec("buildings"), data=houses(*rows))})
    zone = belt(0, 2)
    wet = None if depth is None else zone.astype("float32") * depth
    leave = {f"{name}: 20 a": pd.Series([400.0, 0, 0, 0, 0, 0], index=tiny.CODES)}
    hazards = theme(name, zone, depth=wet)
    return assess_shelters(survey, hazards, people=RESIDENTS, threatened=leave)


GOOD = (1250, 1500, 900.0, "砖混", "公共服务")


def test_a_firm_public_house_takes_people_in_with_its_route():
    found = sheltered(None, GOOD)
    assert found.houses[["type", "capacity_people", "unit_id"]].to_numpy().tolist() == [
        ["安全公共建筑", 300, tiny.CODES[0]]
    ]
    flows = found.flows[found.flows["scenario"] == "flood: 20 a"].set_index("shelter_id")["people"]
    assert flows["H0"] == 300
    assert set(found.flows[found.flows["scenario"] == "dry"]["shelter_id"]) <= {"S0"}
    assert list(found.shelters.index) == ["S0"]
    route = found.routes.set_index(["scenario", "shelter_id"]).loc[("flood: 20 a", "H0")]
    assert route["length_m"] == pytest.approx(500, abs=0.01)
    assert route["geometry"].length == pytest.approx(500, abs=0.01)
    ends = np.array(route["geometry"].coords)[[0, -1]]
    assert ends.tolist() == pytest.approx(
        np.array([[tiny.WEST_M + 1250, tiny.NORTH_M - 1000], [tiny.WEST_M + 1250, tiny.NORTH_M - 1500]])
    )


@pytest.mark.parametrize(
    "row",
    [
        (1250, 1500, 150.0, "砖混", "公共服务"),
        (1250, 1500, 900.0, "土木", "公共服务"),
        (1250, 1500, 900.0, None, "公共服务"),
        (1250, 1500, 900.0, "砖混", "住宅"),
        (1250, 100, 900.0, "砖混", "学校"),
        (3750, 1500, 900.0, "砖混", "学校"),
    ],
    ids=["too small", "weak", "structure not known", "a home", "inside the zone", "a village that stays"],
)
def test_other_houses_do_not(row):
    assert sheltered(None, row).houses.empty


def test_a_house_counts_above_the_flood_line_only_and_not_against_fire():
    # the valley falls 1 m a row to the south, 13 rows from the water to the house, and its sides rise 8 m in 100
    assert sheltered(0.2, GOOD).houses.empty
    survey = with_shelters((1250, 4900, "紧急"))
    rows = [(n * 100 + 50, 1550, 900.0, "砖混", "学校") for n in (5, 12, 20)]
    survey = survey.with_layers({"buildings": Layer(spec=layer_spec("buildings"), data=houses(*rows))})
    low = tiny.raster(tiny.relief() < 1090.0)
    wet = low.astype("float32") * (1090.0 - tiny.raster(tiny.relief()))
    zone = theme("flood", tiny.raster(wet.to_numpy() > 1.5), depth=wet)
    leave = {"flood: 20 a": pd.Series([400.0, 0, 0, 0, 0, 0], index=tiny.CODES)}
    found = assess_shelters(survey, zone, people=RESIDENTS, threatened=leave)
    # ground of the three: 1201, 1145, 1081 m; the water stands at 1090 m
    assert set(found.houses.index) <= {"H0", "H1"}
    assert len(found.houses) == 2
    assert len(sheltered(None, GOOD, name="landslide").houses) == 1
    assert sheltered(None, GOOD, name="fire").houses.empty


def test_who_is_left_out_is_told_the_limit_that_holds_in_the_scenario():
    survey = with_shelters(MIDDLE)
    short = replace(survey.standards.threshold("shelters.evacuation_limit_min"), value=1.0)
    survey = replace(survey, standards=survey.standards.with_entries(thresholds={short.key: short}))
    leave = {"fire: 20 a": pd.Series([400.0, 0, 0, 0, 0, 0], index=tiny.CODES)}
    found = assess_shelters(survey, theme("fire", belt(0, 2)), people=RESIDENTS, threatened=leave)
    left = found.evacuated[found.evacuated["unassigned"] > 0]
    assert left.loc[left["scenario"] == "fire: 20 a", "reason"].tolist() == ["too long"]
    assert "too far" in set(left.loc[left["scenario"] == "dry", "reason"])
    assert "too long" not in set(left.loc[left["scenario"] == "dry", "reason"])
    assert REASONS["too long"] == Text("超出步行时限", "beyond the walking limit")
    assert "半径" not in HINTS["too long"].zh
    (table,) = (one for one in evacuation_groups.make(replace(tiny.assessment(), shelters=found, survey=survey))
                if one.name == "evacuation_reasons")  # fmt: skip
    assert table.words["reason"]["too far"].zh == "超出服务半径"


def test_the_tables_say_it_in_words():
    found = full_case(elderly_people=[120, 30, 9, 45, 0, 210], people_night=[1200, 300, 90, 450, 0, 2100])
    survey = with_shelters(MIDDLE, (3750, 3000, "短期固定"))
    whole = replace(tiny.assessment(), shelters=found, survey=survey)
    tables = {one.name: one for maker in (evacuation_groups, evacuation_routes, evacuation_buses, shelter_use)
              for one in maker.make(whole)}  # fmt: skip
    assert set(tables) == {
        "evacuation_times", "evacuation_reasons", "evacuation_groups", "evacuation_vehicles", "evacuation_groups_left", "evacuation_routes",
        "evacuation_fleet", "evacuation_buses", "shelter_load",
    }  # fmt: skip
    for one in tables.values():
        columns = [name for name in one.frame if name != "geometry"]
        assert set(columns) <= set(one.headers), one.name
        for name in {"time", "group", "reason"} & set(columns):
            assert set(one.frame[name]) <= set(one.words[name]), (one.name, name)
    times = tables["evacuation_times"].frame
    assert (times["people"] == times["assigned"] + times["unassigned"]).all()
    by_reason = tables["evacuation_reasons"].frame.groupby(["scenario", "time"])["unassigned"].sum()
    assert by_reason.sum() == times["unassigned"].sum()
    assert tables["evacuation_vehicles"].internal
    load = tables["shelter_load"].frame
    assert (load["room_left"] >= 0).all()
    assert load["people"].sum() == found.flows["people"].sum()
    assert load["m2_per_head"].min() >= 2.0  # a short-term shelter is never fuller than its standard
