"""The index of the cells, computed again under changes, against the index of the grid."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import Text
from riskmap.scoring import classify, grid_index
from riskmap.scoring.cell_model import CellModel
from riskmap.scoring.robustness import Doubtful, robustness
from riskmap.standards import book

THEMES, OBJECTS = {"flood": 0.5, "drought": 0.3, "fire": 0.2}, {"people": 0.6, "crops": 0.4}
SCHEME = book().scheme("comprehensive-risk")


def field(rng: np.random.Generator, *, holes: float = 0.1, zeros: float = 0.0) -> xr.DataArray:
    values = rng.random((30, 40)).astype("float32")
    values[rng.random(values.shape) < holes] = np.nan
    values[rng.random(values.shape) < zeros] = 0
    return xr.DataArray(values, dims=("y", "x"))


@pytest.fixture(scope="module")
def case() -> tuple:
    rng = np.random.default_rng(5)
    scores = {one: field(rng) for one in THEMES}
    exposures = {one: field(rng, holes=0.05, zeros=0.7) for one in OBJECTS}
    labels = xr.DataArray(rng.integers(0, 5, (30, 40)), dims=("y", "x"))
    return scores, exposures, {"people": np.array([0.2, 0.9, np.nan, 0.5])}, labels


@pytest.fixture(scope="module")
def model(case: tuple) -> CellModel:
    return CellModel.of(*case, themes=THEMES, objects=OBJECTS)


def of_grid(case: tuple, model: CellModel, themes: dict, objects: dict) -> np.ndarray:
    return grid_index(*case, themes=themes, objects=objects).to_numpy().ravel()[model.places]


def test_without_changes_it_is_the_index_of_the_grid(case: tuple, model: CellModel) -> None:
    np.testing.assert_allclose(model(), of_grid(case, model, THEMES, OBJECTS), atol=1e-7)
    whole = grid_index(*case, themes=THEMES, objects=OBJECTS).to_numpy().ravel()
    left = np.setdiff1d(np.flatnonzero(case[3].to_numpy().ravel() > 0), model.places)
    assert model.empty == left.size > 100
    assert (whole[left] == 0).all()


def test_other_weights_are_those_of_the_grid(case: tuple, model: CellModel) -> None:
    themes, objects = {"flood": 0.1, "drought": 0.1, "fire": 0.8}, {"people": 0.3, "crops": 0.7}
    found = model({"theme_weights": list(themes.values()), "object_weights": list(objects.values())})
    np.testing.assert_allclose(found, of_grid(case, model, themes, objects), atol=1e-7)


def test_other_exposure_and_errors_are_those_of_a_changed_grid(case: tuple, model: CellModel) -> None:
    scores, exposures, harm, labels = case
    rooted = {**exposures, "crops": np.sqrt(exposures["crops"])}
    change = np.full(model.places.size, 0.2, np.float32)
    shaken = replace(model, errors={"drought/rain": (1, change)})
    moved = {**scores, "drought": (scores["drought"] - 0.3).clip(0, 1)}
    expected = of_grid((moved, rooted, harm, labels), model, THEMES, OBJECTS)
    root = rooted["crops"].to_numpy().ravel()[model.places]
    found = shaken({"exposure": {"crops": root}, "errors": {"drought/rain": -1.5}})
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_array_equal(shaken(), model())  # nothing is written into the model


def test_a_change_that_is_not_known_is_refused(model: CellModel) -> None:
    with pytest.raises(MethodError, match="cannot change season; allowed"):
        model({"season": 1})


def test_empty_land_counts_where_edges_are_found(case: tuple, model: CellModel) -> None:
    whole = grid_index(*case, themes=THEMES, objects=OBJECTS)
    published = classify(whole, SCHEME)
    codes = pd.Series(published.codes.ravel()[model.places])
    doubt = {"breaks": Doubtful(title=Text("分级", "Breaks"), draws=[{}, {}], schemes=[SCHEME] * 2)}
    firm = robustness(model, doubt, scheme=published.scheme, published=codes, empty=model.empty)
    assert firm.summary.loc["breaks", "stability"] == 1
    thin = robustness(model, doubt, scheme=published.scheme, published=codes)
    assert thin.summary.loc["breaks", "stability"] < 1


def test_many_places_are_counted_as_few_are() -> None:
    rng = np.random.default_rng(9)
    base = rng.random(60_000).astype("float32")
    base[:7] = np.nan
    draws = [{"by": float(one)} for one in rng.normal(0, 0.05, 12)]
    scheme = replace(SCHEME, edges=(0.2, 0.4, 0.6, 0.8))
    doubt = {"shift": Doubtful(title=Text("偏差", "Shift"), draws=draws)}

    def found(part: slice) -> np.ndarray:
        codes = classify(base[part], replace(scheme, breaks="fixed")).codes
        shift = robustness(
            lambda one: base[part] + np.float32(one["by"]), doubt, scheme=scheme, published=pd.Series(codes)
        )
        np.testing.assert_allclose(np.nansum(shift.probability["shift"], axis=1)[7:9], 1, atol=1e-6)
        return shift.stability["shift"].to_numpy()

    whole = found(slice(None))
    assert np.isnan(whole[:7]).all()
    np.testing.assert_array_equal(whole[:100], found(slice(0, 100)))
