"""How firmly each unit stands in its class under every source of doubt, and which source moves most."""

from dataclasses import replace

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.doubts import SOURCES, SUMMARY_HEADERS, doubts, sentence
from riskmap.pipeline.products.sensitivity import sensitivity_table
from riskmap.pipeline.products.unit_index import scaled_exposures, unit_index, with_errors
from riskmap.scoring.robustness import robustness

__all__ = ["make"]


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate the stability of the class of each unit by source of doubt, and the sources.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        The sources, the one that moves most units first; the units, the least firm first; and how much of the variance
        of the index each input explains.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    whole = unit_index(assessment)
    model, titles = with_errors(assessment, whole)
    whole = replace(whole, model=model)
    scalings = {name: [array for _, array in ways] for name, ways in scaled_exposures(assessment, whole).items()}
    count, scheme = int(assessment.survey.standards.value("robustness.draws")), whole.risk.scheme
    sources, notes = doubts(assessment, model, scalings, titles=titles, count=count)
    found = robustness(model, sources, scheme=scheme, published=whole.classes)
    keys = ["robustness.draws", "comprehensive.weight_doubt"]
    keys += ["robustness.judgement_steps"] if "judgements" in found.stability else []
    used = tuple(assessment.survey.standards.threshold(one) for one in keys)
    order = [one for one in found.summary.sort_values("stability", kind="stable").index if one != "together"]
    summary = found.summary.loc[[*order, "together"]]
    words = {"source": {**SOURCES}}
    names = {
        f"stability_{one}": Text(
            f"{title.zh.removesuffix('变动')}变动时等级不变的比例（0-1）",
            f"{title.en}: share of draws that keep the class (0-1)",
        )
        for one, title in SOURCES.items()
    }
    units = whole.names.copy()
    units["class"] = whole.classes
    units = units.join(found.stability.add_prefix("stability_"))
    units["likely_class"] = found.likely["together"]
    return [
        ProductTable(
            name="robustness_sources", title=Text("等级稳健性：不确定来源", "Robustness of classes: sources of doubt"),
            frame=summary, headers=SUMMARY_HEADERS, words=words, notes=(sentence(summary), *notes), thresholds=used,
        ),
        ProductTable(
            name="robustness_units", title=Text("等级稳健性：各单元", "Robustness of classes: units"),
            frame=units.sort_values("stability_together", kind="stable"),
            headers={**names, "likely_class": Text("全部变动时最可能等级", "Most likely class, all together")},
            schemes={"class": whole.risk.scheme, "likely_class": whole.risk.scheme}, notes=notes[:1],
        ),
        sensitivity_table(assessment, whole, titles),
    ]  # fmt: skip
