"""The atlas of a province of 3,000 areas stays small, with borders that neighbours share."""

import json
import re

import province
import pytest
import shapely
from polyline import opened

from riskmap.maps import atlas


@pytest.fixture(scope="module")
def page():
    return atlas(province.province())


def test_under_five_megabytes_with_everything_in_it(page):
    told = json.loads(re.search(r'id="riskmap-data">(.*?)</script>', page, re.DOTALL).group(1))
    assert len(page.encode()) < 5e6
    assert len(told["areas"]["units"]["shapes"]) == 3000
    assert len(told["whatIf"]["risks"]) == 4 * 5
    assert told["cells"]["size"][0] >= 400
    assert len([one for one in told["layers"] if one["kind"] == "grid"]) == 1 + 4


def test_simplified_borders_are_still_shared(page):
    told = json.loads(re.search(r'id="riskmap-data">(.*?)</script>', page, re.DOTALL).group(1))
    rings = [one["coordinates"] for one in told["areas"]["units"]["shapes"] if one["type"] == "Polygon"]
    assert len(rings) == 3000
    found = [shapely.Polygon(opened(one[0])) for one in rings]
    assert shapely.coverage_is_valid(found, gap_width=1e-4)
    drawn, whole = shapely.get_num_coordinates(found).sum(), province.province().survey.units.geometry.to_numpy()
    assert 0.2 < drawn / shapely.get_num_coordinates(whole).sum() < 0.7
