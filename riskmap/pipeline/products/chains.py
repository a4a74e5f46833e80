"""Where one hazard raises another, and where several are high at once; reported beside the risk, which stays as it is."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.maps.words import CONFIDENCE
from riskmap.model import NO_CLASS, NO_LEADER, Assessment, ProductTable, Text, Threshold
from riskmap.pipeline.columns import hazard_names
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring import named_weights
from riskmap.scoring.chains import Chain, Compound, Raised, chains_of, compound, raised
from riskmap.scoring.leading import HIGH, high_columns, lowest_high, stands_high
from riskmap.spatial import flow
from riskmap.spatial.zonal import zonal_mean, zone_labels

__all__ = ["hazards_together", "make"]

_NUMBER = Text("高等级灾种数", "Hazards in a high class")
_HEADERS = {
    "chain": Text("灾害链", "Chain"),
    "cause": Text("起因灾种", "Hazard that starts it"),
    "effect": Text("被加重灾种", "Hazard that it raises"),
    "place": Text("作用地点", "Where it acts"),
    "county_pct": Text("占全县面积（%）", "Share of the county (%)"),
    "units_named": Text("涉及单元（个）", "Units concerned"),
    "score_before": Text("作用区原得分", "Score there without the chain"),
    "score_after": Text("作用区加重后得分", "Score there with the chain"),
    "declared": Text("采用的阈值", "Declared values"),
    "confidence": Text("可信度", "Confidence"),
    "number_high": _NUMBER,
    "area_km2": Text("面积（平方千米）", "Area (km2)"),
    "chains": Text("起作用的灾害链（占单元面积）", "Chains that act there (share of its area)"),
    "chain_pct": Text("灾害链作用面积占比（%）", "Share of its area where a chain acts (%)"),
}
_BESIDE = Text(
    "灾害链单独列出，不改变已发布的风险指数；加重后得分 = 1 -（1 - 原得分）×（1 - 强度 × 起因得分）",
    "Chains stand beside the published risk index, which they do not change; "
    "the raised score is 1 - (1 - own score) x (1 - strength x score of the cause)",
)


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate the chains of the county, how many hazards meet, and both for every unit.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.

    Returns
    -------
    list of ProductTable
        Chains; number of hazards at once; units.

    Raises
    ------
    MissingLayerError
        Fewer than two hazards, or no hazards by unit.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    units = assessment.to_frame()
    if len(assessment.themes) < 2:
        raise AbsentError(
            f"灾害链需要两种以上灾害，现有 {len(assessment.themes)} 种",
            f"chains join two hazards or more; there are {len(assessment.themes)}: deliver the layers of another hazard",
        )
    if not {f"{kind}_{name}" for name in assessment.themes for kind in ("score", "class")} <= set(units):
        raise AbsentError(
            "灾害链需要分单元的危险性，请提交村或乡镇", "chains need the hazards by unit; deliver villages or townships"
        )
    high = _high(assessment)
    chains = chains_of(assessment.survey.standards)
    found = _raised(assessment, chains, high)
    shares = _shares(assessment, found)
    working = [one for one in chains if one.name in found.acting]
    return [
        *_chain_table(assessment, working, found, shares),
        _number_table(assessment),
        _unit_table(assessment, working, shares, units),
    ]


def _high_classes(assessment: Assessment) -> int:
    return int(assessment.survey.standards.value(HIGH))


def _high(assessment: Assessment) -> dict[str, np.ndarray]:
    most = _high_classes(assessment)
    return {
        name: stands_high(one.classes.to_numpy(), classes=one.scheme.size, high_classes=most)
        for name, one in assessment.themes.items()
    }


def _weights(assessment: Assessment) -> Mapping[str, float]:
    settings = assessment.survey.county.scoring
    return named_weights(
        list(assessment.themes), given=settings.weights, order=settings.themes, pairwise=settings.pairwise
    )


def _raised(assessment: Assessment, chains: Sequence[Chain], high: Mapping[str, np.ndarray]) -> Raised:
    survey, themes = assessment.survey, assessment.themes
    wanted = {one.variable for chain in chains for one in (*chain.cause_where, *chain.where)}
    values: dict[str, np.ndarray] = {}
    for name in sorted(wanted):
        holders = [one.measured[name] for one in themes.values() if name in one.measured]
        layer = survey.raster(name) if survey.has(name) else next(iter(holders), None)
        if layer is not None and layer.shape == survey.mask.shape:
            values[name] = layer.to_numpy()
    water = None
    if survey.has("dem") and any(one.reach == "upstream" for one in chains):
        streams = survey.raster("stream_distance_m") == 0 if survey.has("stream_distance_m") else None
        water = flow(survey.raster("dem"), streams=streams)
    scores = {name: one.score.to_numpy() for name, one in themes.items()}
    return raised(scores, chains, high=high, values=values, flow=water)


def _shares(assessment: Assessment, found: Raised) -> pd.DataFrame:
    """Share of the area of each unit where each chain acts, and where any does (``""``)."""
    survey = assessment.survey
    labels = zone_labels(survey.units, survey.grid)
    every = np.logical_or.reduce([np.zeros(survey.mask.shape, dtype=bool), *found.acting.values()])
    columns = {
        name: zonal_mean(xr.DataArray(one.astype("float32"), dims=("y", "x")), labels, count=len(survey.units))
        for name, one in {**found.acting, "": every}.items()
    }
    return pd.DataFrame(columns, index=survey.units.index)


def _chain_table(
    assessment: Assessment, chains: Sequence[Chain], found: Raised, shares: pd.DataFrame
) -> list[ProductTable]:
    inside, least = assessment.survey.mask.to_numpy(), assessment.survey.standards.value("chains.share_named")
    rows = []
    for one in chains:
        acts = found.acting[one.name] & inside
        before, after = assessment.themes[one.effect].score.to_numpy()[acts], found.scores[one.effect][acts]
        rows.append(
            {
                "chain": str(one.title),
                "cause": one.cause,
                "effect": one.effect,
                "place": str(one.words),
                "county_pct": round(100 * float(acts.sum()) / max(int(inside.sum()), 1), 2),
                "units_named": int((shares[one.name] >= least).sum()),
                "score_before": round(float(before.mean()), 3) if acts.any() else np.nan,
                "score_after": round(float(after.mean()), 3) if acts.any() else np.nan,
                "declared": "; ".join(_value(part) for part in dict.fromkeys(one.thresholds)),
                "confidence": "C" if any(part.unverified for part in one.thresholds) else one.strength.confidence,
            }
        )
    if not rows:
        return []
    hazards = hazard_names(assessment)
    return [
        ProductTable(
            name="hazard_chains", title=Text("灾害链", "Chains of hazards"), frame=pd.DataFrame(rows), headers=_HEADERS,
            words={"cause": hazards, "effect": hazards, "confidence": {**CONFIDENCE}}, rows_shown=len(rows),
            notes=(_BESIDE, *_gone(assessment, found)),
        )
    ]  # fmt: skip


def _value(one: Threshold) -> str:
    unit = "" if one.unit in {"", "1"} else f" {one.unit}"
    return f"{one.title} {one.value}{unit}"


def _gone(assessment: Assessment, found: Raised) -> list[Text]:
    titles = {one.name: one.title for one in chains_of(assessment.survey.standards)}
    return [
        Text(
            f"未计算：{titles[name].zh}，缺少所需灾种或图层",
            f"Not worked out: {titles[name].en}, hazard or layer absent",
        )
        for name in found.left_out
    ]


def hazards_together(assessment: Assessment) -> Compound:
    """Count the hazards that are high in each cell, and name the one that leads there.

    Parameters
    ----------
    assessment : Assessment
        With hazards on the grid.

    Returns
    -------
    Compound
        On the grid; whole, also outside the county.

    Examples
    --------
    >>> hazards_together.__name__
    'hazards_together'
    """
    scores = {name: one.score.to_numpy() for name, one in assessment.themes.items()}
    return compound(scores, high=_high(assessment), weights=_weights(assessment))


def _number_table(assessment: Assessment) -> ProductTable:
    inside = assessment.survey.mask.to_numpy()
    number = hazards_together(assessment).number[inside]
    cells = np.bincount(number, minlength=len(assessment.themes) + 1)
    width, height = assessment.survey.grid.resolution.xy
    frame = pd.DataFrame(
        {
            "number_high": np.arange(cells.size),
            "area_km2": (cells * abs(width * height) / 1e6).round(2),
            "county_pct": (100 * cells / max(cells.sum(), 1)).round(2),
        }
    )
    return ProductTable(
        name="hazards_at_once", title=Text("多灾种叠加", "Hazards that meet"), frame=frame, headers=_HEADERS,
        rows_shown=len(frame), notes=(_count_note(assessment),),
    )  # fmt: skip


def _count_note(assessment: Assessment) -> Text:
    titles = hazard_names(assessment)
    most = _high_classes(assessment)
    lowest = {
        name: one.scheme.label(lowest_high(one.scheme.size, high_classes=most))
        for name, one in assessment.themes.items()
    }
    return Text(
        "计为高等级：" + "，".join(f"{titles[name].zh}“{one.zh}”及以上" for name, one in lowest.items()),
        "Counted as high: " + ", ".join(f"{titles[name].en} from {one.en!r} up" for name, one in lowest.items()),
    )


def _unit_table(
    assessment: Assessment, chains: Sequence[Chain], shares: pd.DataFrame, units: pd.DataFrame
) -> ProductTable:
    themes, standards = assessment.themes, assessment.survey.standards
    high = high_columns(units, themes, high_classes=_high_classes(assessment))
    met = compound(
        {name: units[f"score_{name}"].to_numpy() for name in themes},
        high={name: high[name].to_numpy() for name in themes},
        weights=_weights(assessment),
    )
    table = shares.reindex(units.index)
    frame = gpd.GeoDataFrame(
        {
            "name": units["name"],
            "name_en": units["name_en"],
            "leading": units["leading"] if "leading" in units else _names_of(met),
            "number_high": met.number.astype("int64"),
            "chains": _told(chains, table, least=standards.value("chains.share_named")),
            "chain_pct": (100 * table[""]).round(1),
        },
        geometry=assessment.survey.units.geometry,
        index=units.index,
    )
    frame = frame.sort_values(["number_high", "chain_pct"], ascending=False, kind="stable")
    note = Text(
        "主导灾种：处于高等级的灾种中对风险指数贡献最大者（没有风险指数时为加权得分最大者）；没有灾种处于高等级的为“无突出灾种”",
        "Leading hazard: of those in a high class the one that adds most to the risk index (without an index: of the "
        "largest weighted score); where no hazard is in a high class, none stands out",
    )
    return ProductTable(
        name="chains_by_unit", title=Text("单元灾害链", "Chains by unit"), frame=frame, headers=_HEADERS,
        notes=(_count_note(assessment), note, _BESIDE),
    )  # fmt: skip


def _names_of(met: Compound) -> np.ndarray:
    """Hazard that leads, in a word of the tables."""
    names = np.array([NO_LEADER, *met.names, ""], dtype=object)
    return names[np.where(met.leading == NO_CLASS, len(met.names) + 1, met.leading)]


def _told(chains: Sequence[Chain], shares: pd.DataFrame, *, least: float) -> list[str]:
    """Name the chains of every unit in words, the widest first."""
    names = {one.name: str(one.title) for one in chains}
    lines = []
    for _, row in shares[list(names)].iterrows():
        wide = row[row >= least].sort_values(ascending=False, kind="stable")
        lines.append("; ".join(f"{names[str(name)]} {share:.0%}" for name, share in wide.items()))
    return lines
