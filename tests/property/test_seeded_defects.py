"""Defects of many kinds, planted at random places of a clean county: each is found in its row, and nothing else is."""

import clean_files as clean
import numpy as np
import pytest
from defects import DEFECTS, RASTER_DEFECTS, Bed

from riskmap.loaders import load_survey, read_county, read_raster
from riskmap.loaders.quality_all import check_between
from riskmap.loaders.rules import Against, Beside
from riskmap.standards import book, layer_specs

SEEDS = range(20)


def bed(seed):
    frames, rasters = clean.county(seed)
    return Bed(frames=frames, rasters=rasters, rng=np.random.default_rng([seed, 7]))


def found(made, folder):
    made.write(folder)
    survey = load_survey(read_county(folder), layer_specs(), standards=book())
    assert survey.left_out == ()
    return survey.findings


def marks(findings):
    """Layer, rule, row, and the key where there is no row."""
    return [(one.layer, one.rule, one.row, one.key if one.row is None else "") for one in findings]


def held(made, findings):
    wanted, got = made.rows(), marks(findings)
    lost = {name: mark for mark, name in wanted.items() if mark not in got}
    false = [(mark, one.message.en) for mark, one in zip(got, findings, strict=True) if mark not in wanted]
    assert (lost, false) == ({}, [])


def test_enough_kinds():
    names = [one.name for one in (*DEFECTS, *RASTER_DEFECTS)]
    assert len(set(names)) == len(names) >= 60
    assert len({(one.layer, one.rule) for one in (*DEFECTS, *RASTER_DEFECTS)}) >= 60


def plant(made, one):
    made.name = one.name
    one.plant(made)
    assert (one.layer, one.rule) in {mark[1:3] for mark in made.expected if mark[0] == made.name}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_defect_is_found_in_its_row_and_no_other(seed, tmp_path):
    """All kinds in one county, and of the faults of rasters one for each raster."""
    made = bed(seed)
    for n in made.rng.permutation(len(DEFECTS)):
        plant(made, DEFECTS[n])
    for layer in made.rasters:
        kinds = [one for one in RASTER_DEFECTS if one.layer == layer]
        plant(made, kinds[seed % len(kinds)])
    held(made, found(made, tmp_path))


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found_in_a_clean_county_and_every_fault_of_a_raster_in_a_faulty_one(seed, tmp_path):
    """Each kind of fault alone, on the ground of the clean county laid once."""
    sound = bed(seed)
    sound.write(tmp_path)
    county = read_county(tmp_path)
    survey = load_survey(county, layer_specs(), standards=book())
    assert survey.left_out == ()
    assert [(*mark, one.message.en) for mark, one in zip(marks(survey.findings), survey.findings, strict=True)] == []
    beside = {name: survey.layers[name] for name in ("villages", "stations")}
    frames = {name: one.data.set_axis(one.rows) for name, one in beside.items()}
    for one in RASTER_DEFECTS:
        made = Bed(
            {"stations": sound.frames["stations"]},
            {name: values.copy() for name, values in sound.rasters.items()},
            sound.rng,
        )
        plant(made, one)
        values, cell = made.rasters[one.layer], made.cell_m.get(one.layer, clean.CELL_M)
        path = clean.write_raster(tmp_path, one.layer, values, cell=cell, nodata=clean.nodata(values))
        spec, entry = layer_specs()[one.layer], county.layers[one.layer]
        layer, findings = read_raster(entry, spec, folder=tmp_path, grid=survey.grid, mask=survey.mask)
        held_against = Beside(
            layers={**frames, one.layer: layer.data},
            areas={},
            mask=survey.mask,
            against=Against(),
            files={one.layer: tmp_path / path},
        )
        others = [mark for mark in check_between(held_against, layer_specs()) if mark.layer in {one.layer, "stations"}]
        held(made, [*findings, *others])
