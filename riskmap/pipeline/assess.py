"""From the checked survey to everything that is found out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.elements import exposure, vulnerability
from riskmap.errors import LayerError, MethodError, MissingLayerError
from riskmap.hazards import THEMES
from riskmap.model import (
    NO_CLASS,
    Assessment,
    Exposure,
    LeftOut,
    RiskResult,
    ShelterResult,
    Survey,
    Text,
    Theme,
    ThemeResult,
)
from riskmap.pipeline.capacity_score import capacity_score, enough_known
from riskmap.pipeline.county import Digests
from riskmap.pipeline.derive import derived_layers, needed_derivations
from riskmap.pipeline.given import given_theme
from riskmap.pipeline.products import PRODUCTS, make_product
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.steps import Progress, Steps, fingerprint, silent
from riskmap.pipeline.themes import assess_theme, missing_layers
from riskmap.scoring import assess_risk
from riskmap.shelters import assess_shelters, scenarios_of
from riskmap.spatial import zonal_mean, zonal_shares, zonal_sum, zone_labels

__all__ = ["assess", "lessened"]

_NEEDS = {
    "risk": Text("缺少人口、经济、耕地、房屋、公路等承灾体图层", "no layer of people, economy, crops, houses or roads"),
    "shelters": Text("缺少道路、避难场所或人口图层", "roads, shelters or people are missing"),
}
_RISK = Text("综合风险与区划", "Comprehensive risk and zoning")
_SHELTERS = Text("避难场所覆盖", "Shelter coverage")
_EXPOSED = Text("承灾体暴露", "Exposed objects")


def assess(
    survey: Survey,
    *,
    hazards: Sequence[Theme] = THEMES,
    steps: Steps | None = None,
    progress: Progress = silent,
) -> Assessment:
    """Measure the hazards, find risk and zones, and see who reaches a shelter.

    Parameters
    ----------
    survey : Survey
        From `load`.
    hazards : sequence of Theme
        What to measure, in the order of maps and tables; one of your own stands beside those of the house:
        ``(*riskmap.hazards.THEMES, MINE)``, its scheme, profile and thresholds in ``survey.standards``.
    steps : Steps, optional
        Step cache of a run; without it everything is computed.
    progress : callable
        ``(fraction, message)``; used when there are no `steps`.

    Returns
    -------
    Assessment
        With the reason for every product that could not be made.

    Raises
    ------
    LayerError
        No hazard could be measured and none was given.
    MethodError
        Two hazards of one name, or `steps` that remember, which do not know the code of a hazard of your own.

    Examples
    --------
    >>> assess.__name__
    'assess'
    """
    _check_hazards(hazards, steps)
    steps = steps or Steps(
        cache=None, standards=survey.standards, progress=progress, total=len(hazards) + 6 + len(PRODUCTS)
    )
    digests = Digests.of(survey.county)
    wanted = [one for one in hazards if one.name not in survey.county.given]
    survey = _derive(survey, wanted, digests, steps)
    results, left_out, survey = _themes(survey, wanted, digests, steps)
    if not results:
        raise LayerError(
            Text(
                f"{survey.county.title.zh}：没有可评估的灾种，也没有采用的成果；请在 county.toml 补充图层",
                f"{survey.county.title.en}: no hazard can be measured and none is given; add layers to county.toml",
            ),
            [Text(f"{one.product.zh}：{one.reason.zh}", f"{one.product.en}: {one.reason.en}") for one in left_out],
        )
    themes = MappingProxyType(results)
    everything = digests.everything(survey.county)
    common: dict[str, Any] = {"key": everything, "steps": steps, "left_out": left_out}
    exposed: Exposure = steps.run("exposure", _EXPOSED, everything, lambda: exposure(survey))
    risk = _attempt("risk", _RISK, lambda: _risk(survey, themes, exposed, hazards), **common)
    people = None if risk is None or "people" not in risk.exposure else risk.exposure["people"]
    reach: ShelterResult | None = _attempt(
        "shelters",
        _SHELTERS,
        lambda: assess_shelters(survey, themes, people=people, threatened=_threatened(survey, themes, exposed)),
        **common,
    )
    units = steps.run("units", Text("汇总到单元", "Units"), everything, lambda: _hazard_units(survey, themes))
    found = Assessment(survey=survey, themes=themes, risk=risk, shelters=reach, hazard_units=units, exposed=exposed)
    tables = [
        table
        for name, title in PRODUCTS.items()
        for table in _attempt(name, title, partial(make_product, name, found), **common) or ()
    ]
    return replace(found, left_out=(*survey.left_out, *left_out), products=tuple(tables))


def _check_hazards(hazards: Sequence[Theme], steps: Steps | None) -> None:
    names = [one.name for one in hazards]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise MethodError(
            Text(
                f"hazards：{'、'.join(twice)} 重复；请给每个灾种不同的名称",
                f"hazards: {', '.join(twice)} stands twice; give each hazard a name of its own",
            )
        )
    if steps is not None and steps.cache is not None and tuple(hazards) != THEMES:
        raise MethodError(
            Text(
                "自定义灾种不存入缓存；请不带 steps 调用 assess",
                "hazards of your own are not remembered between runs; call assess without steps",
            )
        )


def _derive(survey: Survey, wanted: Sequence[Theme], digests: Digests, steps: Steps) -> Survey:
    if not survey.has("dem"):
        return survey
    titles = {"terrain": Text("地形因子", "Terrain"), "hydrology": Text("水文分析", "Hydrology")}
    specs = [spec for theme in wanted for spec in theme.layers]
    for name in needed_derivations(specs):
        layers = steps.run(name, titles[name], digests.key("dem", "streams"), partial(derived_layers, survey, name))
        survey = survey.with_layers(layers)
    return survey


def _themes(
    survey: Survey, wanted: Sequence[Theme], digests: Digests, steps: Steps
) -> tuple[dict[str, ThemeResult], list[LeftOut], Survey]:
    results: dict[str, ThemeResult] = {}
    left_out: list[LeftOut] = []
    for theme in wanted:
        settings = survey.county.hazards.get(theme.name, {})
        absent = _refused(theme, settings) or missing_layers(theme, survey)
        if absent is not None:
            left_out.append(absent)
            continue
        delivered = [spec.name for spec in theme.layers if not spec.derived]
        profile = survey.standards.profile(settings.get("profile", theme.profile))
        key = fingerprint(digests.key(*delivered, "dem", "streams", "villages"), settings, repr(profile))
        result, gone = steps.run(
            f"hazard-{theme.name}", theme.title, key, partial(assess_theme, theme, survey, settings)
        )
        left_out.extend(gone)
        if result is not None:
            results[theme.name] = result
    for name, product in survey.county.given.items():
        title = Text(f"{product.title.zh}（部门成果）", f"{product.title.en} (given)")
        key = digests.key(f"given.{name}", "townships", "villages")
        make = partial(given_theme, name, product, survey)
        result, findings = steps.run(f"given-{name}", title, key, make)
        results[name] = result
        survey = replace(survey, findings=(*survey.findings, *findings))
    return results, left_out, survey


def _refused(theme: Theme, settings: Mapping[str, Any]) -> LeftOut | None:
    """A hazard that the county leaves out on purpose, with the reason it gives."""
    reason = settings.get("leave_out", "")
    return LeftOut(product=theme.title, reason=Text(reason, reason)) if reason else None


def _attempt(
    name: str, title: Text, make: Callable[[], Any], *, key: str, steps: Steps, left_out: list[LeftOut]
) -> Any:
    """Run a step that may lack its layers; then it is left out with the reason, and the run goes on."""

    def careful() -> Any:
        try:
            return make()
        except AbsentError as fault:
            return LeftOut(product=title, reason=fault.reason) if fault.asked else []
        except MissingLayerError as fault:
            return LeftOut(product=title, reason=_NEEDS.get(name) or Text(f"缺少资料：{fault.zh}", fault.en))
        except MethodError as fault:
            return LeftOut(product=title, reason=Text(f"无法计算：{fault.zh}", fault.en))

    result = steps.run(name, title, key, careful)
    if isinstance(result, LeftOut):
        left_out.append(result)
        return None
    return result


def _threatened(survey: Survey, themes: Mapping[str, ThemeResult], exposed: Exposure) -> dict[str, pd.Series]:
    """People of each unit who live inside the zone of a scenario: of a hazard, or of delivered danger areas."""
    if "people" not in exposed.grids:
        return {}
    labels, people = zone_labels(survey.units, survey.grid), exposed.grids["people"]
    return {
        name: pd.Series(
            zonal_sum(people.where(one.mask, 0.0), labels, count=len(survey.units)), index=survey.units.index
        )
        for name, one in scenarios_of(survey, themes).items()
        if one.mask is not None
    }


def _risk(survey: Survey, themes: Mapping[str, ThemeResult], exposed: Exposure, hazards: Sequence[Theme]) -> RiskResult:
    titles = {
        **{one.name: one.title for one in hazards},
        **{name: one.title.text for name, one in survey.county.given.items()},
    }
    harm = lessened(vulnerability(survey, exposed), survey, exposed)
    return assess_risk(survey, themes, exposed=exposed, vulnerability=harm, titles=titles)


def lessened(harm: pd.DataFrame, survey: Survey, exposed: Exposure) -> pd.DataFrame:
    """Lessen vulnerability by capacity: ``V (1 - k C)``, k the county's ``[scoring] capacity``.

    Parameters
    ----------
    harm : DataFrame
        Vulnerability 0..1, index ``unit_id``.
    survey : Survey
        With the layers of capacity.
    exposed : Exposure
        With people.

    Returns
    -------
    DataFrame
        A unit whose capacity is not known keeps its vulnerability: nothing is credited that was not shown.

    Examples
    --------
    >>> lessened.__name__
    'lessened'
    """
    share = survey.county.scoring.capacity
    if share == 0:
        return harm
    told = capacity_score(survey, exposed)
    if told is None:
        return harm
    areas = survey.units["parent_id"] if len(survey.townships) else harm.index
    own = enough_known(told[1], survey).reindex(areas).to_numpy("float64")
    less = harm.mul(1 - share * np.nan_to_num(own), axis=0)
    less.attrs = dict(harm.attrs)
    return less


def _hazard_units(survey: Survey, themes: Mapping[str, ThemeResult]) -> gpd.GeoDataFrame:
    labels = zone_labels(survey.units, survey.grid)
    count = len(survey.units)
    columns: dict[str, np.ndarray] = {}
    for name, theme in themes.items():
        columns[f"score_{name}"] = zonal_mean(theme.score, labels, count=count)
        shares = zonal_shares(theme.classes, labels, count=count, classes=theme.scheme.size)
        known = np.nansum(shares, axis=1) > 0
        columns[f"class_{name}"] = np.where(known, np.argmax(np.nan_to_num(shares), axis=1) + 1, NO_CLASS).astype(
            "uint8"
        )
    frame = survey.units.drop(columns="geometry").assign(**columns)
    return gpd.GeoDataFrame(frame, geometry=survey.units.geometry, crs=survey.units.crs)
