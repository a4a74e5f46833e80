"""How firmly each cell stands in its class under every source of doubt."""

from dataclasses import replace
from math import ceil

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.elements import exposure
from riskmap.model import EXPOSURE_COLUMNS, NO_CLASS, Assessment, ClassScheme, ProductRaster, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.doubts import SOURCES, SUMMARY_HEADERS, doubts, sentence
from riskmap.pipeline.products.unit_index import measured_profiles, other_scalings
from riskmap.scoring.case import Case
from riskmap.scoring.cell_model import CellModel
from riskmap.scoring.input_errors import shifted_scores
from riskmap.scoring.robustness import Robustness, robustness

__all__ = ["make"]

_USED = ("robustness.cell_draws", "robustness.edge_cells", "comprehensive.weight_doubt")
_HEADERS = {
    "stability": Text("等级不变的平均比例（0-1）", "Mean share of draws that keep the class (0-1)"),
    "moved_share": Text("最可能等级改变的格网占比（0-1）", "Share of cells whose likely class is another (0-1)"),
    "shaken_share": Text(
        "过半抽样改变等级的格网占比（0-1）", "Share of cells that move in over half of the draws (0-1)"
    ),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Class the cells again under every source of doubt; the table tells the sources, rasters tell the cells.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        The sources, the one that moves most cells first; with rasters of the stability under each source and of the
        most likely class and the probability of each class under all together.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    risk, survey = assessment.risk, assessment.survey
    if risk is None:
        raise AbsentError("没有综合风险", "there is no comprehensive risk", asked=False)
    exposed = assessment.exposed or exposure(survey)
    case = Case.of(survey, assessment.themes, exposed, risk.vulnerability)
    model = CellModel.of(*case.cells(), case.labels, themes=case.theme_weights, objects=case.object_weights)
    if not model.places.size:
        raise AbsentError("没有承灾体分布", "nothing stands on any cell", asked=False)
    model, titles = _with_errors(assessment, model)
    amounts = [exposed.grids[EXPOSURE_COLUMNS[name]] for name in model.objects]
    scalings = {
        name: [model.exposure[n], *_otherwise(assessment, amounts[n], model)] for n, name in enumerate(model.objects)
    }
    count = int(survey.standards.value("robustness.cell_draws"))
    sources, notes = doubts(assessment, model, scalings, titles=titles, count=count)
    published = pd.Series(risk.classes.to_numpy().ravel()[model.places])
    thin = ceil((published.size + model.empty) / survey.standards.value("robustness.edge_cells"))
    found = robustness(model, sources, scheme=risk.grid_scheme, published=published, empty=model.empty, thin=thin)
    order = [one for one in found.summary.sort_values("stability", kind="stable").index if one != "together"]
    summary = found.summary.loc[[*order, "together"]]
    where = Text(
        f"只统计有承灾体的{model.places.size:,}个格网；其余{model.empty:,}个格网没有承灾体，指数恒为0",
        f"Of the {model.places.size:,} cells where something stands; on the other {model.empty:,} nothing does and their "
        "index is 0 whatever is tried",
    )
    return [
        ProductTable(
            name="robustness_cells", title=Text("等级稳健性：格网", "Robustness of classes: cells"), frame=summary,
            headers={**SUMMARY_HEADERS, **_HEADERS}, words={"source": dict(SOURCES)},
            notes=(sentence(summary, Text("格网", "cells")), where, *notes),
            thresholds=tuple(survey.standards.threshold(one) for one in _USED),
            rasters=_rasters(found, model.places, like=risk.classes, scheme=risk.grid_scheme),
        )
    ]  # fmt: skip


def _otherwise(assessment: Assessment, amount: xr.DataArray, model: CellModel) -> list[np.ndarray]:
    """Exposure of one object as others might scale it, over the whole grid as the profile does."""
    cells = amount.to_numpy().ravel().astype("float32")
    return [array[model.places] for _, array in other_scalings(assessment, cells)]


def _with_errors(assessment: Assessment, model: CellModel) -> tuple[CellModel, dict[str, Text]]:
    """Add what a standard error of each measured input does to the hazard of each cell."""
    errors: dict[str, tuple[int, np.ndarray]] = {}
    titles: dict[str, Text] = {}
    rows, columns = (one[np.newaxis] for one in np.unravel_index(model.places, assessment.survey.mask.shape))
    places = {"y": (("y", "x"), rows), "x": (("y", "x"), columns)}
    for theme, measured, profile in measured_profiles(assessment, model.themes):
        if not any(str(name).endswith("_sd") for name in measured):
            continue
        for name, low, high in shifted_scores(profile, measured.isel(places)):
            attrs = measured[name].attrs
            change = np.nan_to_num((high - low).to_numpy().ravel() / 2).astype("float32")
            errors[f"{theme}/{name}"] = (model.themes.index(theme), change)
            titles[f"{theme}/{name}"] = Text(attrs.get("title_zh", name), attrs.get("title_en", name))
    return replace(model, errors=errors), titles


def _rasters(
    found: Robustness, places: np.ndarray, *, like: xr.DataArray, scheme: ClassScheme
) -> dict[str, ProductRaster]:
    """Spread the cells over the grid again."""

    def spread(values: np.ndarray) -> np.ndarray:
        whole = np.full(like.size, NO_CLASS, np.uint8)
        whole[places] = values
        return whole.reshape(like.shape)

    def percent(shares: np.ndarray) -> np.ndarray:
        return spread(np.where(np.isnan(shares), NO_CLASS, np.nan_to_num(shares) * 100 + 0.5).astype("uint8"))

    made = {
        f"risk_stability_{name}": ProductRaster(
            title=Text(
                f"{SOURCES[name].zh}：综合风险等级稳定性（%）", f"{SOURCES[name].en}: stability of the risk class (%)"
            ),
            array=like.copy(data=percent(found.stability[name].to_numpy())),
        )
        for name in map(str, found.stability)
        if name != "weights"  # told by the draws of weights of the risk itself, over all cells
    }
    probability = xr.DataArray(
        np.stack([percent(one) for one in found.probability["together"].T]),
        dims=("class", *like.dims),
        coords={**like.coords, "class": np.arange(1, scheme.size + 1, dtype="uint8")},
        attrs={"units": "%"},
    )
    return made | {
        "risk_likely_class_together": ProductRaster(
            title=Text("全部不确定来源下最可能的综合风险等级", "Most likely risk class, all doubts together"),
            array=like.copy(data=spread(found.likely["together"].to_numpy("uint8"))),
            scheme=scheme,
        ),
        "risk_probability": ProductRaster(
            title=Text(
                "全部不确定来源下各综合风险等级的概率（%）", "Probability of each risk class, all doubts together (%)"
            ),
            array=probability,
        ),
    }
