"""Area and people of classes: unknown people are no nought."""

from dataclasses import replace

import numpy as np
import tiny

from riskmap.maps.tally import people_cells, tally_cells, tally_shapes


def without(made, units):
    """The assessment with the people of these units unknown."""
    people = made.risk.exposure["people"].astype("float64")
    people.iloc[list(units)] = np.nan
    exposure = made.risk.exposure.assign(people=people)
    return replace(made, risk=replace(made.risk, exposure=exposure, units=made.risk.units.assign(people=people)))


def by_class(made):
    risk = made.risk
    cells = tally_cells(risk.classes, risk.scheme, mask=made.survey.mask, people=people_cells(made))
    return cells["people"], tally_shapes(risk.units, risk.scheme)["people"]


def test_a_class_whose_people_are_unknown_has_none():
    for told in by_class(without(tiny.assessment(), [0, 3])):
        assert np.isnan(told[5])
        assert np.isnan(told[2])
        assert told[[1, 3, 4, 255]].to_dict() == {1: 2100, 3: 90, 4: 300, 255: 0}


def test_an_empty_class_has_nobody():
    made = tiny.assessment()
    kept = made.risk.units[made.risk.units["class"] != 4]
    assert tally_shapes(kept, made.risk.scheme)["people"][4] == 0


def test_nothing_is_told_where_no_people_are_known():
    for told in by_class(without(tiny.assessment(), range(6))):
        assert told.isna().to_dict() == {1: True, 2: True, 3: True, 4: True, 5: True, 255: True}


def test_every_cell_of_an_unknown_unit_is_unknown_with_a_population_grid_too():
    made = tiny.assessment()
    layer = replace(made.survey.layers["dem"], data=tiny.raster(np.full(tiny.SHAPE, 2.0)))
    made = without(replace(made, survey=made.survey.with_layers({"population": layer})), [0])
    cells = people_cells(made)
    assert np.isnan(cells[:20, :25]).all()
    assert float(cells[20:].sum() + cells[:20, 25:].sum()) == 300 + 90 + 450 + 2100
