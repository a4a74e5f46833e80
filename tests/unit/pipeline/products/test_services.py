"""Networks of facilities and relief goods on the tiny county: reckoned by hand, and sums that must be exact."""

from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny

from riskmap.errors import MissingLayerError
from riskmap.model import Layer, LayerSource
from riskmap.pipeline.products import network_ground, relief, services
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.service_words import amount_headers, amount_words
from riskmap.shelters import service_rules
from riskmap.standards import book, layer_spec

PARTS = ["served", "too_far", "no_road", "cut_off", "unsafe", "none"]


def layer(kind, points, /, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(*one) for one in points], crs=tiny.CRS)
    return {kind: Layer(spec=layer_spec(kind), data=frame, source=LayerSource(path="x", sha256="0" * 64))}


def at(east_m, south_m):
    return tiny.WEST_M + east_m, tiny.NORTH_M - south_m


def county(layers, **changes):
    """Seats of the six villages lie at the middle of boxes of 2.5 x 2 km; a state road runs south along the western ones
    (1, 3 and 5), a village road east from the third to the fourth."""
    found = tiny.assessment()
    return replace(found, survey=found.survey.with_layers(layers), **changes)


def table(found, name):
    return next(one for one in found if one.name == name)


def stations(**columns):
    return layer("fire_stations", [at(1250, 1000)], code=["F1"], name=["城关站"], level=["二级站"], **columns)


def flood(closes="both", *, row=slice(19, 21)):
    """Water over the state road between the first and the third village."""
    mask = tiny.raster(np.zeros(tiny.SHAPE, bool))
    mask[row] = True
    theme = tiny.theme("flood", tiny.Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE))
    return {"flood": replace(theme, scenarios={"flood: 20 a": mask}, scenario_closes={"flood: 20 a": closes})}


def test_minutes_by_class_of_road_reckoned_by_hand():
    found = services.make(county(stations(), themes={}))
    rows = table(found, "network_fire_stations").frame.set_index("unit_id")
    # state road 60 km/h: 2 km 2 min, 4 km 4 min; one minute to set out. The fourth: 2 km of state road, 2.5 km of village
    # road at 20 km/h 7.5 min. The second and sixth have a seat 2.5 km from the road, more than the walk allowed.
    told = {tiny.CODES[n]: rows.loc[tiny.CODES[n], "way"] for n in range(6)}
    assert [told[code] for code in tiny.CODES] == pytest.approx([1, np.nan, 3, 10.5, 5, np.nan], nan_ok=True)
    assert rows.loc[tiny.CODES, "reason"].tolist() == ["served", "no road", "served", "too far", "served", "no road"]
    total = table(found, "networks").frame.iloc[0]
    people = [1200, 300, 90, 450, 0, 2100]
    assert total[["total", "served", "too_far", "no_road"]].tolist() == [sum(people), 1290, 450, 2400]


def test_served_and_unserved_add_up_in_every_scenario_and_network():
    layers = stations() | layer(
        "relief_stores", [at(1250, 3000), at(1300, 5000)], code=["R1", "R2"], name=["县库", "镇库"],
        level=["县级", "乡镇级"], floor_area_m2=[700.0, 90.0],
    ) | layer("clinics", [at(3750, 3000)], code=["C1"], name=["卫生院"], beds_count=[9.0]) | layer(
        "stations", [at(1250, 1000)], station_id=["W1"], name=["甲站"]
    )  # fmt: skip
    found = services.make(county(layers, themes=flood()))
    frame = table(found, "networks").frame
    assert set(frame["network"]) == {
        "fire_stations", "relief_county", "relief_township", "relief_village", "clinics", "stations_villages"
    }  # fmt: skip
    assert (frame[PARTS].sum(axis=1) == frame["total"]).all()
    assert (frame["places_served"] <= frame["places"]).all()
    villages = frame[frame["network"] == "relief_village"]
    assert villages[["scenario", "none", "total"]].to_numpy().tolist() == [["dry", 4140, 4140]]
    high = frame[frame["network"] == "stations_villages"].iloc[0]
    assert (high["places"], high["total"]) == (2, 1500)  # classes 5 and 4 of 5
    fire = frame[frame["network"] == "fire_stations"].set_index("scenario")
    assert fire.loc["flood: 20 a", ["served", "cut_off"]].tolist() == [1200, 90]


def test_the_next_station_is_told_with_its_land():
    found = services.make(county(stations(), themes={}))
    needs = table(found, "network_needs").frame.iloc[0]
    # the villages on no road cannot be served: 1740 of 4140 at most, one more station at the fourth village
    assert needs["covered_pct"] == pytest.approx(round(100 * 1290 / 4140, 1))
    assert needs["possible_pct"] == pytest.approx(round(100 * 1740 / 4140, 1))
    assert (needs["reached"], needs["more"], needs["land_m2"]) == (False, 1, 2300)
    assert needs["outcome"] == "全部增设 1 处也只能达 42%，达不到要求"
    assert "至少" not in str(table(found, "network_needs").headers["more"])
    sites = table(found, "network_sites").frame
    assert sites[["turn", "gain", "land_m2"]].to_numpy().tolist() == [[1, 450, 2300]]
    gained = found[0].frame.iloc[0]["served"] + sites["gain"].sum()
    assert gained / 4140 == pytest.approx(needs["possible_pct"] / 100, abs=0.001)


def test_land_counts_every_site():
    # two points 12.5 km apart, each within 5 km of a seat: no one place serves both
    layers = layer("stations", [at(-9000, 0)], station_id=["W1"], name=["甲站"]) | layer(
        "hazard_points", [at(-3000, 0), at(8000, 6000), at(-9000, 0)], name=["甲", "乙", "丙"], type="滑坡",
        threatened_people=[10.0, 10.0, 1.0],
    )  # fmt: skip
    found = services.make(county(layers, themes={}))
    needs = table(found, "network_needs").frame.set_index("network").loc["stations_points"]
    sites = table(found, "network_sites").frame
    assert (needs["more"], needs["land_m2"]) == (2, 32)
    assert sites.loc[sites["network"] == "stations_points", "gain"].tolist() == [10, 10]


def test_urban_villages_alone_where_codes_tell_them():
    whole = county(stations(), themes={})
    villages = whole.survey.frame("villages").assign(ur_code=["111", "220", "121", "220", "220", None])
    spec = {
        "villages": Layer(spec=layer_spec("villages"), data=villages, source=LayerSource(path="x", sha256="0" * 64))
    }
    town = services.make(replace(whole, survey=whole.survey.with_layers(spec)))
    assert table(town, "network_fire_stations").frame["unit_id"].tolist() == [tiny.CODES[0], tiny.CODES[2]]
    assert "城乡分类代码首位为 1" in table(town, "networks").notes[2].zh
    assert "缺少城乡分类代码" in table(services.make(whole), "networks").notes[2].zh


def test_land_of_a_station_against_the_area_of_its_level():
    found = table(services.make(county(stations(), themes={})), "network_land_fire_stations").frame.iloc[0]
    # 4 minutes along the state road at 60 km/h: all 4 km of it, 2 minutes along the village road: 667 m; 200 m to each side
    length = 4.0 + 2 / 60 * 20  # the walks from the roads to the villages are no land of it
    assert found["limit_km2"] == 4.0
    assert found["area_km2"] == pytest.approx(0.4 * length + np.pi * 0.04, abs=0.08)
    assert found["judged"] == "part"
    told = table(services.make(county(stations(), themes={})), "network_land_fire_stations").thresholds
    assert told[0].title.en == "Largest area of responsibility of a station of the first class"


def test_danger_points_are_for_internal_use_and_closed_ones_do_not_count():
    layers = layer("stations", [at(0, 0)], station_id=["W1"], name=["甲站"]) | layer(
        "hazard_points", [at(3000, 4000), at(3001, 4001), at(9, 9)], name=["近", "远", "已销号"], type="滑坡",
        threatened_people=[7.0, 20.0, 50.0], closed=[False, False, True],
    )  # fmt: skip
    found = table(services.make(county(layers, themes={})), "network_stations_points")
    assert found.internal
    assert found.frame[["name", "reason", "way"]].to_numpy().tolist() == [
        ["远", "too far", 5001],
        ["近", "served", 5000],
    ]
    assert found.headers["way"].zh == "到最近设施（m）"


def test_trucks_bring_water_to_every_village_with_a_road():
    layers = layer("water_points", [at(1250, 1000)], code=["S1"], name=["一号井"], yield_m3_d=[25.0])
    found = services.make(county(layers, themes={}))
    routes = table(found, "network_routes_water_points").frame.reindex(tiny.CODES)
    # 1200 people x 15 L = 18 m3: three trucks of 8 m3; the third village lies 2 minutes away, 20 to fill
    assert routes["trips"].fillna(-1).tolist() == [3, -1, 1, 1, 0, -1]
    assert routes.loc[tiny.CODES[2], ["there_min", "back_min", "round_min"]].tolist() == [2, 2, 24]
    assert routes.geometry.iloc[3].length == pytest.approx(4500)
    point = table(found, "network_supply_water_points").frame.iloc[0]
    assert (point["people"], point["trips"], point["m3_d"]) == (1740, 5, 26.1)
    assert point["enough"] == "no"


def test_a_new_network_is_one_table_of_toml():
    row = {
        "name": "houses", "title": {"zh": "房屋消防", "en": "Houses"}, "layer": "fire_stations", "mode": "drive",
        "outward": True, "limit": "networks.fire_response_min", "demand": "buildings", "amount": "floor_area_m2",
        "by_village": True,
    }  # fmt: skip
    tables = {**book().tables, "networks.networks": (MappingProxyType(row),)}
    layers = stations() | layer(
        "buildings", [at(1250, 1000), at(1251, 900), at(1250, 3100), at(99_999, 0)], code=list("abcd"),
        floor_area_m2=[100.0, 50.4, np.nan, 7.0],
    )  # fmt: skip
    found = county(layers, themes={})
    found = replace(found, survey=replace(found.survey, standards=replace(found.survey.standards, tables=tables)))
    made = services.make(found)
    assert table(made, "networks").frame[["network", "total", "served"]].to_numpy().tolist() == [["houses", 150, 150]]
    assert table(made, "network_houses").headers["amount"].zh == "建筑面积（m²）"
    assert table(made, "networks").headers["served"].zh == "已服务（m²）"


def test_amounts_of_several_kinds_are_told_by_the_column():
    rules = service_rules(book())
    kinds = [rules[0], replace(rules[0], demand="buildings")]
    assert amount_headers(kinds)["served"].zh == "已服务"
    assert amount_words(kinds[1]).zh == "房屋建筑（处）"


def stores(**more):
    return layer(
        "relief_stores", [at(1250, 1000), at(1250, 5000)], code=["R1", "R2"], name=["县库", "镇库"],
        level=["县级", "乡镇级"], **({"floor_area_m2": [700.0, 90.0]} | more),
    )  # fmt: skip


def moving(people, scenario="flood: 20 a", time="resident"):
    rows = {"scenario": scenario, "time": time, "unit_id": tiny.CODES, "people": people}
    return pd.DataFrame({**rows, "assigned": 0, "unassigned": people, "reason": "too far"})


def relieved(layers, moved, **changes):
    return relief.make(
        county(layers, shelters=replace(tiny.shelters(), evacuated=moved), **({"themes": flood()} | changes))
    )


def test_goods_follow_the_scenario_that_moves_most_residents():
    moved = pd.concat(
        [
            moving([9999] * 6, "dry"),
            moving([0, 0, 50, 30, 0, 20]),
            moving([1, 0, 0, 0, 0, 0], "hail: worst"),
            moving([9999] * 6, time="day"),
        ]
    )
    size, villages, need = relieved(stores(), moved)
    assert size.frame[["people_to_move", "verdict", "asked_m2"]].to_numpy().tolist() == [[100, "pass", 630]]
    frame = villages.frame.set_index("unit_id")
    assert set(frame.index) == {tiny.CODES[2], tiny.CODES[3], tiny.CODES[5]}
    third = frame.loc[tiny.CODES[2]]
    assert third[["water_l", "food_kg", "tents_count", "quilts_count", "beds_count"]].tolist() == [450, 90, 4, 50, 15]
    assert (third["minutes"], third["in_time"], third["lone_km"]) == (122, True, 2.0)
    assert np.isnan(third["shut_min"])  # the road to it is under water
    assert np.isnan(frame.loc[tiny.CODES[5], "minutes"])
    for level, part in need.frame.assign(level=need.frame["level"].replace("", np.nan).ffill()).groupby("level"):
        assert part["people"].sum() == 100, level
        assert part["water_l"].sum() == 900, level
    lost = need.frame[need.frame["level"] == ""]
    assert lost["people"].tolist() == [20, 20]


def test_villages_at_risk_and_remote_come_first():
    # classes 5, 4, 3, 2, none, 1: the first two are high; the second and the last have no road
    _, villages, _ = relieved(stores(), moving([10, 5, 80, 70, 0, 90]))
    told = villages.frame[["name", "urgency"]].to_numpy().tolist()
    assert told == [["乙村", 3], ["甲村", 2], ["己村", 1], ["丙村", 0], [tiny.EVIL, 0]]


def test_what_is_in_stock_is_taken_off():
    _, _, need = relieved(stores(stock_quilts_count=[30.0, 500.0]), moving([0, 0, 50, 0, 0, 0]))
    assert need.frame["gap_quilts_count"].tolist() == [20, 0]
    assert "gap_water_l" not in need.frame
    assert {"stock_quilts_count", "gap_quilts_count"} <= set(need.headers)


def test_an_unknown_floor_area_is_not_judged():
    size, *_ = relieved(stores(floor_area_m2=[np.nan, 90.0]), moving([0, 0, 50, 0, 0, 0]))
    assert size.frame["verdict"].tolist() == ["not known"]


def test_every_column_has_a_header_and_every_code_its_word():
    layers = stations() | stores(stock_water_l=[1.0, 2.0]) | layer(
        "water_points", [at(1250, 1000)], code=["S1"], name=["井"], yield_m3_d=[2.0]
    )  # fmt: skip
    found = services.make(county(layers, themes=flood())) + relieved(layers, moving([0, 0, 50, 30, 0, 20]))
    for one in found:
        names = [name for name in [one.frame.index.name, *one.frame.columns] if name and name != "geometry"]
        assert set(names) <= set(one.headers), one.name
        for column, words in one.words.items():
            assert set(one.frame[column]) <= set(words), (one.name, column)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: services.make(tiny.assessment()), "no layer of such facilities"),
        (lambda: relief.make(tiny.assessment()), "relief stores were not delivered"),
        (lambda: relief.make(county(stores(), shelters=None)), "people to move were not assessed"),
        (lambda: relieved(stores(), moving([0] * 6)), "no scenario in which people must be moved"),
    ],
)
def test_what_is_missing_is_told(made, reason):
    with pytest.raises(AbsentError, match=reason):
        made()
    assert issubclass(AbsentError, MissingLayerError)


def test_a_network_without_its_column_or_demand_is_not_there():
    without = county(layer("relief_stores", [at(0, 0)], code=["R"], name=["库"]), themes={})
    with pytest.raises(AbsentError):
        network_ground.network_ground(without)
    survey = county(stations()).survey
    layers = {name: one for name, one in survey.layers.items() if name != "roads"}
    roadless = replace(tiny.assessment(), survey=replace(survey, layers=layers))
    with pytest.raises(AbsentError, match="roads or people"):
        services.make(roadless)
