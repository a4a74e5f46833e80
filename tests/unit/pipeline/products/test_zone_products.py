"""Tables of the zones: on the grid, their number, and why they are what they are."""

from dataclasses import replace

import numpy as np
import pytest
import tiny

from riskmap.model import NO_CLASS
from riskmap.pipeline.products import grid_zones, make_product, prevention, reasons, zone_costs
from riskmap.pipeline.products.absent import AbsentError


def test_grid_zones_cover_the_known_cells_with_their_people():
    found = tiny.assessment(zoning={"mapping_km2": 0.0})
    (table,) = grid_zones.make(found)
    frame, codes = table.frame, found.risk.classes.to_numpy()
    assert frame["area_km2"].sum() == pytest.approx((codes != NO_CLASS).sum() / 100, rel=1e-9)
    assert frame["cells"].sum() == (codes != NO_CLASS).sum()
    assert frame["class"].tolist() == sorted(frame["class"], reverse=True)
    assert frame["people"].sum() == pytest.approx(1200 + 300 + 90 + 450 + 2100)
    assert frame["known_share"].between(0, 1).all()
    assert frame["known_share"].min() < 1  # the flood is unknown in a corner
    assert frame.crs == tiny.CRS
    assert str(table.notes[0]).count("km²") == 2


def test_grid_zones_follow_the_settings():
    one = tiny.assessment()
    codes = one.risk.classes.copy()
    codes[10, 10] = 1
    spotted = replace(one, risk=replace(one.risk, classes=codes))
    assert len(grid_zones.make(spotted)[0].frame) == 5
    rough = replace(
        spotted, survey=replace(spotted.survey, county=tiny.county(zoning={"smooth_cells": 1, "mapping_km2": 0.0}))
    )
    assert len(grid_zones.make(rough)[0].frame) == 6
    mapped = replace(
        spotted, survey=replace(spotted.survey, county=tiny.county(zoning={"smooth_cells": 1, "mapping_km2": 0.02}))
    )
    assert len(grid_zones.make(mapped)[0].frame) == 5


def test_costs_go_from_one_zone_up():
    found = tiny.assessment()
    (table,) = zone_costs.make(found)
    frame = table.frame
    assert frame["zones"].tolist() == [2, 3, 4, 5]  # five units have all scores
    assert frame["share_lost"].is_monotonic_decreasing
    assert frame["share_lost"].iloc[-1] == 0
    assert (frame["units_first"] + frame["units_second"]).iloc[0] == 5
    assert set(frame["joined_first"]) <= set(found.risk.units["name"])


def test_reasons_of_zones_and_townships():
    found = tiny.assessment()
    zones, towns = make_product("zone_reasons", found)
    frame = zones.frame
    assert frame.index.tolist() == found.risk.zones.index.tolist()
    parts = frame[[one for one in frame if one.startswith("part_")]]
    assert parts.sum(axis=1).to_numpy() == pytest.approx(frame["index"].to_numpy(), rel=1e-12)
    # 1200, 300, 90 and 450 people at 0.9, 0.7, 0.5 and 0.3
    assert frame["index"].iloc[0] == pytest.approx((1080 + 210 + 45 + 135) / 2040)
    told = frame["reason_zh"].iloc[0]
    assert told.startswith("西部洪水高风险区含 4 个村（社区），面积 20 km²，人口 2,040 人")
    assert "；处于高等级的灾种中，主导灾种为洪水；风险指数中洪水占 100%；" in told
    assert "权重变动时 75% 的情形等级不变" in told
    assert (
        "of the hazards in a high class the leading one is flood; of the index: flood 100%;"
        in frame["reason_en"].iloc[0]
    )
    assert towns.frame.index.tolist() == found.risk.townships.index.tolist()
    assert {"class"} == set(towns.schemes)
    assert "小于 0.3 km² 的并入" in zones.notes[0].zh  # a hundredth of the county
    assert len(towns.notes) == len(zones.notes) - 1
    for table in (zones, towns):
        named = set(table.headers)
        assert {str(one) for one in table.frame.columns} - {"geometry"} <= named


def test_the_share_of_the_leading_hazard_goes_before_larger_ones():
    found = tiny.assessment()
    parts = {"part_flood": 0.2, "part_fire": 0.5, "part_drought": 0.3}
    units = found.risk.units.assign(**{name: share * found.risk.units["index"] for name, share in parts.items()})
    for table in reasons.make(replace(found, risk=replace(found.risk, units=units))):
        row = table.frame.iloc[0]
        assert "主导灾种为洪水；风险指数中洪水占 20%；占比更大而不居主导的：" in row["reason_zh"]
        assert "占 50%、" in row["reason_zh"]
        assert "of the index: flood 20%; larger without leading: " in row["reason_en"]


def test_a_zone_of_one_village_holds_a_village():
    found = tiny.assessment()
    units, (first, second) = found.risk.units, found.risk.townships.index
    units = units.assign(parent_id=np.where(units.index == units.index[0], first, second))
    told = reasons.make(replace(found, risk=replace(found.risk, units=units)))[1].frame["reason_en"]
    assert " holds 1 village (" in told[first]
    assert f" holds {len(units) - 1} villages (" in told[second]


def test_where_nothing_is_known_the_sentence_says_so():
    found = tiny.assessment()
    units = found.risk.units.copy()
    lost = [one for one in units if one == "index" or one.startswith(("index_", "part_"))]
    units.loc[units.index[4:], lost] = np.nan
    zones = found.risk.zones.assign(**{"class": np.array([5, NO_CLASS], "uint8")})
    frame = reasons.make(replace(found, risk=replace(found.risk, units=units, zones=zones)))[0].frame
    assert frame["reason_zh"].iloc[1].endswith("资料不足，未定等级。")
    assert "too little is known" in frame["reason_en"].iloc[1]


@pytest.mark.parametrize("maker", [grid_zones, zone_costs, reasons, prevention])
def test_without_a_risk_they_say_why(maker):
    with pytest.raises(AbsentError, match="comprehensive risk") as told:
        maker.make(replace(tiny.assessment(), risk=None))
    assert "综合风险" in told.value.reason.zh


def by_prevention(**settings):
    found = tiny.assessment(zoning={"minimum_area_km2": 0.0}, **settings)
    parts = found.risk.units.assign(
        part_drought=[0.0, 0.0, 0.3, 0.1, np.nan, 0.0], score_drought=[0.1, 0.2, 0.4, 0.5, 0.8, 0.9]
    )
    parts = parts[[*parts.columns.drop("geometry"), "geometry"]]
    return replace(found, risk=replace(found.risk, units=parts))


def test_prevention_has_all_hazards_together_and_each_of_its_own():
    found = by_prevention()
    tables = {one.name: one for one in make_product("prevention", found)}
    assert list(tables) == ["prevention_comprehensive", "prevention_flood", "prevention_drought", "prevention_hail"]
    for one in tables.values():
        assert one.frame["area_km2"].sum() == pytest.approx(30, rel=1e-9)
        assert one.frame["units"].sum() == 6
        assert {str(name) for name in one.frame.columns} - {"geometry"} <= set(one.headers)
        assert any("未经核实" in note.zh for note in one.notes)
        known = one.frame[one.frame["class"] != NO_CLASS]
        assert (known["measures_zh"] != "").all()
    whole = tables["prevention_comprehensive"].frame
    assert "first_level" in whole
    # without facts on capacity it is taken as weak: classes of risk 5, 4, 3, 2, unknown, 1
    expected = dict(zip(found.risk.units.index, [3, 3, 2, 2, NO_CLASS, 1], strict=True))
    for unit, code in expected.items():
        here = whole[whole.contains(found.risk.units.geometry[unit].representative_point())]
        assert here["class"].tolist() == [code]
    assert any("按能力弱计" in note.zh for note in tables["prevention_comprehensive"].notes)
    assert "first_level" not in tables["prevention_flood"].frame
    assert tables["prevention_hail"].title.zh == "冰雹防治区划"


def test_a_hazard_that_touches_the_people_counts_though_it_covers_little():
    """The seats of the villages stand in a strip of the highest class that covers 4 % of each unit."""
    found = by_prevention()
    flood = found.themes["flood"]
    codes = flood.classes.copy(data=np.ones(tiny.SHAPE, "uint8"))
    codes[:, 12] = 4
    strip = replace(flood, classes=codes)
    exposed = found.risk.unit_risk.assign(
        exposure=found.risk.unit_risk["unit_id"].map({tiny.CODES[0]: 0.9, tiny.CODES[1]: 0.9}).fillna(0.1)
    )
    case = replace(found, themes={**found.themes, "flood": strip}, risk=replace(found.risk, unit_risk=exposed))
    frame = {one.name: one.frame for one in make_product("prevention", case)}["prevention_flood"]
    west = frame[frame.contains(found.risk.units.geometry.iloc[0].representative_point())]
    east = frame[frame.contains(found.risk.units.geometry.iloc[1].representative_point())]
    assert west["class"].tolist() == [3]
    assert east["class"].tolist() == [1]


def test_a_hazard_without_contributions_or_matrix_is_named_as_left_out():
    found = tiny.assessment()  # nothing is known of what drought adds
    tables = make_product("prevention", found)
    assert [one.name for one in tables] == ["prevention_comprehensive", "prevention_flood", "prevention_hail"]
    assert any("未编制：气象干旱" in note.zh for note in tables[0].notes)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"method": "like", "minimum_area_km2": 2.0}, "等级与主导灾种相同的相邻单元合并而成，小于 2 km²"),
        ({"method": "regions"}, "相近的相邻单元聚合"),
    ],
)
def test_the_note_follows_the_method(settings, words):
    assert words in make_product("zone_reasons", tiny.assessment(zoning=settings))[0].notes[0].zh


def test_declared_values_of_the_tables_are_told_by_the_assessment():
    found = by_prevention()
    tables = tuple(one for name in ("prevention", "grid_zones", "zone_costs") for one in make_product(name, found))
    told = {one.key: one for one in replace(found, products=tables).thresholds}
    wanted = {
        "prevention.hazard_share", "prevention.fewest_first", "scheme.prevention-flood", "scheme.prevention-exposure",
        "scheme.prevention-capacity", "comprehensive.grid_zone_km2", "comprehensive.most_regions",
    }  # fmt: skip
    assert wanted <= set(told)
    assert {told[one].confidence for one in wanted} == {"C"}
    assert not wanted & {one.key for one in found.thresholds}
