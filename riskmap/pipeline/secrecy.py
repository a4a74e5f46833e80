"""What may leave the house: secrecy of layers against public maps, and personal data kept out of editions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from riskmap.errors import CountyFileError
from riskmap.maps.words import layer_title
from riskmap.model import County, Finding, Layer, Standards, Survey, Text
from riskmap.model.layers import Field, Secrecy
from riskmap.standards import layer_specs

__all__ = [
    "PUBLIC_CELL",
    "fit_to_publish",
    "personal_fields",
    "refuse_secrets",
    "secrecy_findings",
    "secrets",
    "with_secrecy",
]

_DRAWN = frozenset({"outline", "neighbours", "townships", "villages", "places", "streams", "roads", "shelters"})
"""Layers whose own records stand on the sheets, in the atlas or in the database."""

PUBLIC_CELL = "secrecy.public_cell_m"
_CURE = Text(
    '取消 maps.is_public，或由提供部门同意公开后写 secrecy = "公开"，或不用该图层',
    'take maps.is_public away, or write secrecy = "公开" once its owner agrees to publish it, or leave the layer out',
)


def secrets(county: County, standards: Standards) -> dict[str, Text]:
    """Layers that keep a county from being published with ``maps.is_public = true``, and why.

    Classified layers always do. Layers for internal use do where their own records are drawn, or where the analysis
    cell is smaller than ``secrecy.public_cell_m``.

    Parameters
    ----------
    county : County
        Settings; what they say of a layer goes before the catalogue.
    standards : Standards
        With the county's confirmations.

    Returns
    -------
    dict of str to Text
        By name of the layer, ``given.<theme>`` for finished products; empty where nothing stands against it.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> plain = {"folder": ".", "name": {"zh": "县", "en": "C"}, "date": "2026-01-01", "maps": {"is_public": True}}
    >>> secrets(County.model_validate({**plain, "layers": {"hazard_points": {"path": "a.shp"}}}), book())
    {'hazard_points': Text(zh='内部资料，...', en='for internal use, ...')}
    """
    if not county.maps.is_public:
        return {}
    least = standards.value(PUBLIC_CELL)
    found = {}
    for name, secrecy in _secrecies(county):
        if secrecy == "涉密":
            found[name] = Text("涉密资料", "classified")
        elif secrecy == "内部" and name in _DRAWN:
            found[name] = Text("内部资料，图上直接显示其记录", "for internal use, and its own records are drawn")
        elif secrecy == "内部" and county.cell_size_m < least:
            cell = f"{county.cell_size_m:g} m"
            found[name] = Text(
                f"内部资料，派生成果的格网 {cell}，细于可公开的 {least:g} m（{PUBLIC_CELL}，可信度 C）",
                f"for internal use, and what is derived from it has cells of {cell}, finer than the {least:g} m that "
                f"may be public ({PUBLIC_CELL}, confidence C)",
            )
    return found


def _secrecies(county: County) -> Iterator[tuple[str, Secrecy]]:
    for name, entry in county.layers.items():
        yield name, entry.secrecy or layer_specs()[name].secrecy
    for name, product in county.given.items():
        yield f"given.{name}", product.secrecy or "公开"
    for name, compared in county.compare.products.items():
        yield f"compare.{name}", compared.secrecy or "公开"


def refuse_secrets(county: County, standards: Standards) -> None:
    """Stop before anything is computed where a public edition would show what is not public.

    Parameters
    ----------
    county : County
        Settings.
    standards : Standards
        With the county's confirmations.

    Raises
    ------
    CountyFileError
        Names every such layer and the cure.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> plain = {"folder": ".", "name": {"zh": "县", "en": "C"}, "date": "2026-01-01"}
    >>> refuse_secrets(County.model_validate(plain), book())
    """
    found = secrets(county, standards)
    if not found:
        return
    faults = []
    for name, why in found.items():
        where = name if name.startswith(("given.", "compare.")) else f"layers.{name}"
        title = layer_title(name)
        zh = f"{where} {title.zh}：{why.zh}；{_CURE.zh}"
        faults.append(Text(zh, f"{where} {title.zh}: {why.en}; {_CURE.en}"))
    size = f"{standards.value(PUBLIC_CELL):g}"
    zh, en = f"，或把 cell_size_m 设为 {size} 以上", f", or take cell_size_m of {size} or more"
    zh, en = (zh, en) if _only_cells(found) else ("", "")
    head = Text(
        f"county.toml：maps.is_public = true，但有 {len(found)} 个图层不能公开{zh}",
        f"county.toml: maps.is_public = true, and {len(found)} of its layers may not be published so{en}",
    )
    raise CountyFileError(head, faults)


def _only_cells(found: Mapping[str, Text]) -> bool:
    return all(PUBLIC_CELL in one.en for one in found.values())


def personal_fields(survey: Survey) -> dict[str, tuple[Field, ...]]:
    """Delivered columns with personal data (names and telephone numbers of people), by layer.

    Parameters
    ----------
    survey : Survey
        A loaded survey.

    Returns
    -------
    dict of str to tuple of Field
        Layers that have any.

    Examples
    --------
    >>> personal_fields.__name__
    'personal_fields'
    """
    found = {}
    for name, layer in survey.layers.items():
        columns = getattr(layer.data, "columns", ())
        fields = tuple(one for one in layer.spec.fields if one.personal and one.name in columns)
        if fields:
            found[name] = fields
    return found


def secrecy_findings(survey: Survey) -> tuple[Finding, ...]:
    """Tell which columns hold personal data, and which layers stand against a public edition.

    Parameters
    ----------
    survey : Survey
        A loaded survey.

    Returns
    -------
    tuple of Finding
        A note for each layer with personal data, an error for each that may not be published as set.

    Examples
    --------
    >>> secrecy_findings.__name__
    'secrecy_findings'
    """
    shown = survey.county.maps.personal_data
    findings = []
    for name, fields in personal_fields(survey).items():
        zh, en = "、".join(one.title.zh for one in fields), ", ".join(one.title.en for one in fields)
        what = Text(
            f"含个人信息：{zh}；{'按设置写入避难场所成果表' if shown else '不写入任何成果'}",
            f"holds personal data: {en}; {'written into the tables of shelters, as set' if shown else 'no output has them'}",
        )
        cure = Text("由 county.toml 的 maps.personal_data 决定", "maps.personal_data in county.toml decides")
        findings.append(Finding(rule="personal-data", severity="note", layer=name, field=zh, message=what, cure=cure))
    for name, why in secrets(survey.county, survey.standards).items():
        what = Text(f"不能公开发布：{why.zh}", f"may not be published: {why.en}")
        findings.append(Finding(rule="not-public", severity="error", layer=name, message=what, cure=_CURE))
    return tuple(findings)


def with_secrecy(survey: Survey) -> Survey:
    """Return a survey whose findings tell of secrecy and quote no personal data.

    Parameters
    ----------
    survey : Survey
        As loaded.

    Returns
    -------
    Survey

    Examples
    --------
    >>> with_secrecy.__name__
    'with_secrecy'
    """
    titles = {
        (name, one.title.zh) for name, layer in survey.layers.items() for one in layer.spec.fields if one.personal
    }
    hidden = [
        replace(one, value="***") if one.value and (one.layer, one.field) in titles else one for one in survey.findings
    ]
    return replace(survey, findings=(*hidden, *secrecy_findings(survey)))


def fit_to_publish(survey: Survey) -> Survey:
    """Return the survey as editions may show it.

    Columns with personal data are taken out, unless ``maps.personal_data`` lets the shelters keep theirs. In a public edition the findings of layers that are not public name no record and no place.

    Parameters
    ----------
    survey : Survey
        A loaded survey.

    Returns
    -------
    Survey

    Examples
    --------
    >>> fit_to_publish.__name__
    'fit_to_publish'
    """
    people = personal_fields(survey)
    kept = {"shelters"} if survey.county.maps.personal_data else set()
    layers = {
        name: _without(layer, people[name]) if name in people and name not in kept else layer
        for name, layer in survey.layers.items()
    }
    findings = list(survey.findings)
    if survey.county.maps.is_public:
        closed = {name for name, secrecy in _secrecies(survey.county) if secrecy != "公开"}
        findings = [_bare(one) if one.layer in closed else one for one in findings]
    return replace(survey, layers=MappingProxyType(layers), findings=tuple(findings))


def _without(layer: Layer, fields: tuple[Field, ...]) -> Layer:
    data: Any = layer.data
    return replace(layer, data=data.drop(columns=[one.name for one in fields]))


def _bare(one: Finding) -> Finding:
    return replace(one, row=None, key="", value="", lon=None, lat=None)
