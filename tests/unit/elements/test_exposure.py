from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
import tiny
from tiny_exposure import buildings, cover, with_layers, yearbook

from riskmap.elements import exposure
from riskmap.elements.spread import line_km_by_cell, spread
from riskmap.model import EXPOSURE_COLUMNS


def whole(survey=None):
    return exposure(
        with_layers(survey or tiny.survey(), buildings=buildings(), yearbook=yearbook(), land_cover=cover())
    )


def test_absent_layers_leave_objects_out_with_reasons(tiny_survey):
    found = exposure(tiny_survey)
    assert list(found.units) == list(found.grids) == ["people", "roads_km"]
    assert [one.product.zh for one in found.left_out] == ["经济风险", "农作物风险", "房屋风险"]
    assert all(one.reason.zh and one.reason.en for one in found.left_out)
    bare = replace(tiny_survey, layers={})
    assert exposure(bare).units.shape == (6, 0)
    assert len(exposure(bare).left_out) == 5


def test_people_of_villages_are_kept_exactly(tiny_survey):
    found = exposure(tiny_survey)
    assert found.units["people"].tolist() == [1200, 300, 90, 450, 0, 2100]
    cells = found.grids["people"]
    assert cells.dtype == np.float64
    assert cells.odc.geobox == tiny.grid()
    assert float(cells.sum()) == pytest.approx(4140, rel=1e-12)
    block = cells.to_numpy()[:20, :25]
    assert block.sum() == pytest.approx(1200, rel=1e-12)
    rows, columns = np.nonzero(block)
    assert np.hypot(rows - 9.5, columns - 12).max() <= 5.01  # within 500 m of the seat


def test_people_go_where_the_houses_are():
    cells = whole().grids["people"].to_numpy()
    assert cells[1, 1] == pytest.approx(300)
    assert cells[18, 22] == pytest.approx(900)
    assert cells[1, 26] == pytest.approx(300)
    assert cells[25:35, 40:].sum() == pytest.approx(450 / 2)  # built-up land, evenly, rows 20 to 39


def test_unknown_people_are_not_zero(tiny_survey):
    villages = tiny_survey.frame("villages")
    villages["people"] = villages["people"].astype("float64")
    villages.loc[0, "people"] = np.nan
    found = exposure(with_layers(tiny_survey, villages=villages.iloc[:5], yearbook=yearbook()))
    assert np.isnan(found.units["people"]).tolist() == [True, False, False, False, False, True]
    assert found.units["people"].iloc[4] == 0
    assert np.isnan(found.grids["people"].to_numpy()[:20, :25]).all()
    assert np.isnan(found.units["gdp_yuan"]).tolist() == [True, False, False, False, False, True]


def test_villages_without_areas_of_their_own(tiny_survey):
    found = exposure(replace(tiny_survey, units=tiny_survey.townships, townships=tiny_survey.townships.iloc[:0]))
    assert found.units["people"].sum() == pytest.approx(4140, rel=1e-12)
    assert found.units["people"].tolist() == pytest.approx([1590, 2550], rel=1e-12)


def test_population_grid_is_scaled_to_the_yearbook(tiny_survey):
    cells = tiny.raster(np.ones(tiny.SHAPE, "float32"))
    plain = exposure(with_layers(tiny_survey, population=cells)).units["people"]
    assert plain.tolist() == [500.0] * 6
    scaled = exposure(with_layers(tiny_survey, population=cells, yearbook=yearbook()))
    by_township = scaled.units["people"].groupby(tiny_survey.units["parent_id"]).sum()
    assert by_township.tolist() == pytest.approx([3180, 5100], rel=1e-12)
    assert float(scaled.grids["people"].sum()) == pytest.approx(8280, rel=1e-12)


def test_gdp_sums_to_the_yearbook(tiny_survey):
    found = whole()
    by_township = found.units["gdp_yuan"].groupby(tiny_survey.units["parent_id"]).sum()
    assert by_township.tolist() == pytest.approx([3e7, 8e7], rel=1e-12)
    assert found.units["gdp_yuan"].iloc[0] == pytest.approx(3e7 * 1200 / 1590)
    assert float(found.grids["gdp_yuan"].sum()) == pytest.approx(1.1e8, rel=1e-12)


def test_gdp_without_people_is_unknown(tiny_survey):
    villages = tiny_survey.frame("villages").assign(people=[0, 0, 0, 5, 0, 5])
    found = exposure(with_layers(tiny_survey, villages=villages, yearbook=yearbook()))
    assert np.isnan(found.units["gdp_yuan"]).tolist() == [True, True, True, False, False, False]


def test_crops_are_mapped_and_scaled():
    found = whole().units["crops_km2"]
    assert found.iloc[:3].sum() == pytest.approx(4.0, rel=1e-12)  # 4e6 m2 in the yearbook
    assert found.iloc[0] == 0  # grassland only: a known zero
    assert found.iloc[3] == pytest.approx(3.0)  # 15 of 25 columns, 20 rows, 0.01 km2 each; no yearbook value
    assert np.isnan(found.iloc[5])  # no land cover known
    note = next(one for one in whole().notes if one.zh.startswith("农作物"))
    assert "16.0" in note.zh
    assert "12.0" in note.zh


def test_houses_lie_where_they_stand():
    found = whole()
    assert found.units["houses_m2"].tolist() == [400, 50, 0, 0, 0, 80]
    assert float(found.grids["houses_m2"].sum()) == 530
    assert any("1 栋不在任何单元内" in one.zh for one in found.notes)


def test_roads_are_measured_exactly(tiny_survey):
    found = exposure(tiny_survey)
    assert found.units["roads_km"].tolist() == pytest.approx([1.0, 0, 2.0 + 1.25, 1.25, 1.0, 0])
    assert float(found.grids["roads_km"].sum()) == pytest.approx(6.5, rel=1e-9)


def test_thresholds_are_told():
    keys = {one.key for one in whole().thresholds}
    assert keys == {"exposure.seat_radius_m", "exposure.built_code", "exposure.cropland_code"}
    assert set(whole().grids) == set(EXPOSURE_COLUMNS.values())


def test_a_zone_without_a_cell_keeps_its_total_at_the_seat():
    labels = np.array([[1, 1], [1, 0]])
    seats = np.array([[0, 0], [1, 1], [9, 9]])
    cells = spread(np.array([3.0, 7.0, 5.0]), labels, surfaces=[], seats=seats)
    assert cells.tolist() == [[1, 1], [1, 7]]


def test_lines_of_several_parts():
    two = gpd.GeoSeries([shapely.MultiLineString([[(50, 50), (150, 50)], [(250, 50), (250, 150)]]), None], crs=tiny.CRS)
    grid = tiny.GeoBox.from_bbox((0, 0, 300, 200), tiny.CRS, resolution=100)
    assert line_km_by_cell(two, grid=grid).tolist() == [
        [0, 0, pytest.approx(0.05)],
        [0.05, 0.05, pytest.approx(0.05)],
    ]
