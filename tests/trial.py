"""What the run's own scoring says of the numbers that an atlas carries for trials of weights."""

import base64
import io
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import tiny
import xarray as xr
from PIL import Image

from riskmap.model import NO_CLASS, OBJECTS
from riskmap.scoring import comprehensive, given_weights, grid_index

THEMES = ("flood", "drought")


def assessment(**maps):
    """The tiny county with risks drawn at random, some unknown, and exposure on its cells."""
    rng = np.random.default_rng(11)
    made = tiny.assessment(**({"maps": {"compiler": "县局"} | maps} if maps else {}))
    rows = [
        {
            "unit_id": unit,
            "theme": theme,
            "object": thing,
            "index": rng.choice([np.nan, 0.0, rng.random()], p=[0.1, 0.2, 0.7]),
        }
        for unit in made.survey.units.index
        for theme in THEMES
        for thing in OBJECTS
    ]
    harm = made.risk.vulnerability.assign(people=rng.random(6), roads=np.nan)
    steps = {one: rng.integers(0, 251, tiny.SHAPE).astype("uint8") for one in OBJECTS}
    for one in steps.values():
        one[rng.random(tiny.SHAPE) < 0.5] = 0
        one[rng.random(tiny.SHAPE) < 0.1] = NO_CLASS
    cut_at = replace(made.risk.scheme, edges=(0.1, 0.2, 0.3, 0.4))
    risk = replace(
        made.risk, unit_risk=pd.DataFrame(rows), vulnerability=harm, grid_scheme=cut_at,
        theme_weights={"flood": 0.6, "drought": 0.4}, object_weights=dict.fromkeys(OBJECTS, 0.2),
        cell_exposure={one: tiny.raster(values) for one, values in steps.items()},
    )  # fmt: skip
    return replace(made, risk=risk)


def document(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'id="riskmap-data">(.*?)</script>', text, re.DOTALL).group(1))


def picture(address):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))))


def names(document):
    return {side: [one["id"] for one in document["whatIf"][side]] for side in ("themes", "objects")}


def drawn(document, count):
    """Weights as sliders give them."""
    rng = np.random.default_rng(3)
    return [{side: (rng.integers(0, 100, len(one)) + 1).tolist() for side, one in names(document).items()} for _ in range(count)]  # fmt: skip


def weighed(document, raw):
    return {side: dict(zip(one, given_weights(raw[side]), strict=True)) for side, one in names(document).items()}


def edges_of(part, dtype):
    return np.array([np.inf if one is None else one for one in part["edges"]], dtype)


def units_classed(document, raw):
    """Class of every unit, None unknown."""
    part, sides = document["whatIf"], names(document)
    pairs = [(theme, thing) for theme in sides["themes"] for thing in sides["objects"]]
    rows = [
        {"unit_id": n, "theme": theme, "object": thing, "index": np.nan if step < 0 else step / part["steps"]}
        for (theme, thing), steps in zip(pairs, part["risks"], strict=True)
        for n, step in enumerate(steps)
    ]
    index = comprehensive(pd.DataFrame(rows), **weighed(document, raw)).units["index"].to_numpy()
    codes = np.searchsorted(edges_of(part, "float64"), index, side="right") + 1
    return [None if np.isnan(one) else int(code) for one, code in zip(index, codes, strict=True)]


def cells_indexed(document):
    """A function from weights to the index of every cell, NaN outside or unknown."""
    part, sides = document["cells"], names(document)
    bands = picture(part["units"]).astype(int)
    labels = xr.DataArray(bands[..., 0] * 256 + bands[..., 1], dims=("y", "x"))

    def scores(address):
        steps = picture(address)
        values = np.where(steps == 255, np.nan, steps.astype("float32") / np.float32(part["steps"]))
        return xr.DataArray(values.astype("float32"), dims=("y", "x"))

    hazards = {one: scores(address) for one, address in zip(sides["themes"], part["scores"], strict=True)}
    amounts = {one: scores(address) for one, address in zip(sides["objects"], part["amounts"], strict=True)}
    harms = {
        one: np.array([np.nan if value < 0 else value for value in values])
        for one, values in zip(sides["objects"], part["harms"], strict=True)
    }

    return lambda raw: grid_index(hazards, amounts, harms, labels, **weighed(document, raw)).to_numpy().ravel()


def cells_classed(document):
    """A function from weights to the class of every cell, 0 outside or unknown."""
    indexed, edges = cells_indexed(document), edges_of(document["cells"], "float32")

    def classed(raw):
        index = indexed(raw)
        codes = np.searchsorted(edges, index, side="right") + 1
        return np.where(np.isnan(index), 0, codes)

    return classed
