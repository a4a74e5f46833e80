"""What each class holds sums to the county; planned areas and sites meet high hazard where they do."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny

from riskmap.errors import MissingLayerError
from riskmap.model import Exposure, Layer, Text
from riskmap.pipeline.products.planning import make, make_amounts
from riskmap.scoring import amounts_by_class, whole_numbers
from riskmap.spatial import zone_labels
from riskmap.standards import layer_spec


def exposed():
    """People on every tenth cell; the totals of the units are odd on purpose."""
    labels = zone_labels(tiny.units(), tiny.grid())
    cells = np.where((np.arange(labels.size) % 10 == 0).reshape(labels.shape), 1.0, 0.0)
    totals = pd.DataFrame({"people": [1201.0, 333, 91, 457, 0, 2099]}, index=pd.Index(tiny.CODES, name="unit_id"))
    return Exposure(units=totals, grids={"people": tiny.raster(cells)})


def graded(name="flood", title="洪水"):
    """High in the western ten columns, else low; the northern rows unknown."""
    score = np.full(tiny.SHAPE, 0.1)
    score[:, :10] = 0.95
    score[:3] = np.nan
    return tiny.theme(name, Text(title, name), "flood-risk-degree", score)


def test_columns_sum_to_the_county_and_people_are_whole():
    found = replace(tiny.assessment(), exposed=exposed(), themes={"flood": graded()})
    (table,) = make_amounts(found)
    for _, part in table.frame.groupby("product"):
        assert part["people"].sum() == exposed().units["people"].sum()
        assert part["area_km2"].sum() == pytest.approx(tiny.SHAPE[0] * tiny.SHAPE[1] * 0.01)
        assert (part["people"] % 1 == 0).all()
    assert all(set(table.frame[one]) <= set(table.words[one]) for one in ("product", "label"))
    flood = table.frame[table.frame["product"].str.startswith("洪水")].set_index("label")
    assert flood.loc["极高", "area_km2"] == pytest.approx(57 * 10 * 0.01)
    assert flood.loc["无数据", "area_km2"] == pytest.approx(3 * 50 * 0.01)


def test_units_are_whole_in_their_own_class():
    found = replace(tiny.assessment(), exposed=exposed())
    risk = found.risk
    (table,) = make_amounts(found)
    part = table.frame[table.frame["product"].str.startswith("综合风险（村")].set_index("label")
    people = exposed().units["people"].groupby(risk.units["class"].reindex(tiny.CODES)).sum()
    cells = pd.Series(zone_labels(tiny.units(), tiny.grid()).to_numpy().ravel()).value_counts()
    area = risk.units["class"].reindex(tiny.CODES).reset_index(drop=True)
    for code, heads in people.items():
        row = part.loc[risk.scheme.label(int(code)).zh]
        assert row["people"] == heads
        assert row["area_km2"] == pytest.approx(cells[area.index[area == code] + 1].sum() * 0.01)
    assert part["people"].sum() == exposed().units["people"].sum()


def test_the_cells_say_how_a_unit_is_divided():
    labels = zone_labels(tiny.units(), tiny.grid())
    one = exposed()
    found = amounts_by_class(
        graded().classes, labels, size=4, cells={"people": one.grids["people"].to_numpy()}, totals=one.units
    )
    assert found.groupby("unit_id")["people"].sum().reindex(tiny.CODES).tolist() == pytest.approx(one.units["people"])
    west = found.loc[tiny.CODES[2]]["people"]
    assert west[4] == pytest.approx(91 / 3)  # people stand in columns 0, 10 and 20 of the unit; the first lies high


def test_rounded_parts_keep_the_whole():
    rng = np.random.default_rng(1)
    for _ in range(200):
        parts = rng.random(6) * rng.integers(1, 400)
        parts *= round(parts.sum()) / parts.sum()
        assert whole_numbers(parts).sum() == round(parts.sum())
        assert (abs(whole_numbers(parts) - parts) < 1).all()


def with_plans():
    def box(west, south, east, north):
        return shapely.box(tiny.WEST_M + west, tiny.NORTH_M - south, tiny.WEST_M + east, tiny.NORTH_M - north)

    areas = gpd.GeoDataFrame(
        {"name": ["新区", "绿地", "田"], "type": ["城镇开发边界", "公园", "永久基本农田"]},
        geometry=[box(500, 2000, 1500, 1000), box(0, 4000, 900, 3000), box(3000, 5000, 4000, 4000)],
        crs=tiny.CRS,
    )
    sites = gpd.GeoDataFrame(
        {"code": ["G1", "G2"], "name": ["小学", "仓库"], "type": ["学校", "仓储"]},
        geometry=[
            shapely.Point(tiny.WEST_M + 4000, tiny.NORTH_M - 1500),
            shapely.Point(tiny.WEST_M + 500, tiny.NORTH_M - 1500),
        ],
        crs=tiny.CRS,
    )
    found = tiny.assessment()
    layers = {"planning": areas, "planned_sites": sites}
    made = {name: Layer(spec=layer_spec(name), data=one) for name, one in layers.items()}
    themes = {"flood": graded(), "drought": graded("drought", "干旱")}
    return replace(found, survey=found.survey.with_layers(made), exposed=exposed(), themes=themes)


def test_planned_areas_meet_high_hazard_by_their_own_rules():
    areas, _ = make(with_plans())
    assert areas.frame["name"].tolist() == ["新区"]  # the park has no rule, the field lies low
    assert areas.frame["theme"].tolist() == ["flood"]  # nobody moves a boundary for a drought
    row = areas.frame.iloc[0]
    assert (row["area_km2"], row["share"], row["highest"]) == (pytest.approx(0.5), 50.0, "极高")
    assert row["geometry"].area == pytest.approx(0.5e6)
    assert "公园" in areas.notes[0].zh


def test_fields_care_for_drought_as_their_rule_names_it():
    found = with_plans()
    plans = found.survey.frame("planning").assign(type=["永久基本农田", "公园", "公园"])
    layer = Layer(spec=layer_spec("planning"), data=plans)
    areas, _ = make(replace(found, survey=found.survey.with_layers({"planning": layer})))
    assert set(areas.frame["theme"]) == {"flood", "drought"}


def test_sites_are_in_order_and_drought_moves_nobody():
    _, sites = make(with_plans())
    assert sites.frame["code"].tolist() == ["G2", "G1"]
    assert sites.frame["high"].tolist() == [1, 0]
    assert sites.frame["why"].iloc[0] == "洪水极高"
    assert sites.frame.geometry.iloc[0].x == tiny.WEST_M + 500


def test_the_advice_fits_the_hazard():
    found = with_plans()
    plans = found.survey.frame("planning").assign(type=["生态保护红线", "公园", "公园"])
    sites = found.survey.frame("planned_sites").assign(type=["学校", "能源"])
    made = {"planning": plans, "planned_sites": sites}
    layers = {name: Layer(spec=layer_spec(name), data=one) for name, one in made.items()}
    themes = {name: graded(name, name) for name in ("landslide", "fire")}
    areas, checked = make(replace(found, survey=found.survey.with_layers(layers), themes=themes))
    advice = areas.frame.set_index("theme")["advice"]
    assert "水土保持" in advice["landslide"]
    assert "防火" not in advice["landslide"]
    assert "防火隔离带" in advice["fire"]
    power = checked.frame.iloc[0]
    assert power["advice"] == "复核地基与边坡稳定，必要时治理或移位；布设防火隔离带，清理设备和线路周边可燃物"
    assert "flood" not in power["advice_en"]
    assert checked.frame["advice"].iloc[1] == ""  # the school lies low


def test_without_plans_or_exposure_it_is_left_out():
    with pytest.raises(MissingLayerError):
        make(tiny.assessment())
    with pytest.raises(MissingLayerError):
        make_amounts(tiny.assessment())
