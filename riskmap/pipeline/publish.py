"""Write a finished assessment as one edition: database, rasters, sheets, atlas, report, tables, manifest."""

import math
import platform
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import riskmap
from riskmap.loaders import file_hash
from riskmap.maps import sheet_names
from riskmap.maps.desktop import ramp_style, raster_style
from riskmap.maps.imprint import approval
from riskmap.model import NO_CLASS, NO_LEADER_WORDS, Assessment, ClassScheme, County, Text
from riskmap.model.county import ComparedProduct, GivenProduct
from riskmap.pipeline.columns import hazard_names
from riskmap.pipeline.headlines import headlines
from riskmap.pipeline.pages import write_pages
from riskmap.pipeline.products.chains import hazards_together
from riskmap.pipeline.secrecy import fit_to_publish, refuse_secrets
from riskmap.pipeline.steps import Progress, Steps, code_version, fingerprint, silent
from riskmap.pipeline.tables import database, workbook
from riskmap.writers import (
    begin,
    edition_lock,
    recover,
    swap,
    write_cog,
    write_geopackage,
    write_json,
    write_workbook,
)

__all__ = ["build_edition", "edition_key", "publish", "rasters"]

_FIRM = ("#fff7ec", "#7f2704")  # doubtful cells recede
_LIBRARIES = ("numpy", "pandas", "xarray", "geopandas", "shapely", "rasterio", "pyproj", "folium", "matplotlib")


def publish(assessment: Assessment, folder: str | Path | None = None, *, progress: Progress = silent) -> Path:
    """Publish an assessment; the earlier edition stays until the new one is whole.

    Parameters
    ----------
    assessment : Assessment
        From `assess`.
    folder : path, optional
        Folder of the edition; by default the county's `output_folder`.
    progress : callable
        ``(fraction, message)``.

    Returns
    -------
    pathlib.Path
        The folder, with ``atlas.html`` in it.

    Raises
    ------
    EditionError
        The folder holds something else, is in use, or cannot be written to.

    Examples
    --------
    >>> publish.__name__
    'publish'
    """
    target = assessment.survey.county.output_folder if folder is None else Path(folder).resolve()
    count = len(sheet_names(assessment)) + 3
    steps = Steps(cache=None, standards=assessment.survey.standards, progress=progress, total=count)
    with edition_lock(target) as paths:
        recover(paths)
        build_edition(assessment, begin(paths), steps=steps, key=edition_key(assessment))
        swap(paths)
    return target


def edition_key(assessment: Assessment) -> str:
    """Key of everything that an edition shows, but for the code.

    Parameters
    ----------
    assessment : Assessment
        From `assess`.

    Returns
    -------
    str

    Examples
    --------
    >>> edition_key.__name__
    'edition_key'
    """
    survey = assessment.survey
    sources = {name: layer.source.sha256 for name, layer in survey.layers.items()}
    given = {name: file_hash(survey.county.folder / one.path) for name, one in survey.county.given.items()}
    given |= {name: file_hash(survey.county.folder / one.path) for name, one in survey.county.compare.products.items()}
    return fingerprint(survey.county.model_dump(mode="json"), sources, given, sorted(assessment.themes))


def build_edition(assessment: Assessment, folder: Path, *, steps: Steps, key: str) -> None:
    """Write every file of an edition into an empty folder, the manifest last; personal data stay out.

    Parameters
    ----------
    assessment : Assessment
        From `assess`.
    folder : pathlib.Path
        Empty.
    steps : Steps
        Pages and sheets that did not change are taken from its cache.
    key : str
        From `edition_key`.

    Examples
    --------
    >>> build_edition.__name__
    'build_edition'
    """
    refuse_secrets(assessment.survey.county, assessment.survey.standards)
    survey = fit_to_publish(assessment.survey)
    shown = tuple(one for one in assessment.products if not (one.internal and survey.county.maps.is_public))
    assessment = replace(assessment, survey=survey, products=shown)
    note = f"{_note(assessment)} {approval(survey)}".strip()
    with ThreadPoolExecutor(1) as behind:  # rasters are packed outside Python's lock, while the sheets are drawn
        packing = behind.submit(_write_rasters, assessment, folder / "rasters", note=note)
        write_pages(assessment, folder, steps=steps, key=key)
        write_geopackage(folder / "riskmap.gpkg", database(assessment), date=survey.county.date, note=note)
        write_workbook(folder / "tables.xlsx", workbook(assessment), date=survey.county.date, notes=_notes(assessment))
        packing.result()
    write_json(folder / "manifest.json", _manifest(assessment, folder, key))


def _write_rasters(assessment: Assessment, folder: Path, *, note: str) -> None:
    folder.mkdir()
    for name, (title, array, style) in rasters(assessment).items():
        write_cog(folder / f"{name}.tif", array, title=str(title), style=style, note=note)


def rasters(assessment: Assessment) -> dict[str, tuple[Text, xr.DataArray, str]]:
    """Rasters of an edition: classes and scores of every hazard, its main quantities, the comprehensive index.

    Parameters
    ----------
    assessment : Assessment
        From `assess`.

    Returns
    -------
    dict of str to (Text, DataArray, str)
        By file stem; the text is the QML of its style.

    Examples
    --------
    >>> rasters.__name__
    'rasters'
    """
    found: dict[str, tuple[Text, xr.DataArray, str]] = {}
    hazards = hazard_names(assessment)
    for name, theme in assessment.themes.items():
        short, scheme = hazards[name], theme.scheme
        title = Text(f"{short.zh}危险性等级", f"{short.en} hazard class")
        found[f"{name}_class"] = (title, theme.classes, raster_style(scheme))
        title = Text(f"{short.zh}危险性得分", f"{short.en} hazard score")
        found[f"{name}_score"] = (title, theme.score, _ramp(theme.score, scheme.colours))
        if theme.headline and theme.headline != "score":
            array = theme.measured[theme.headline]
            title = Text(array.attrs.get("title_zh", theme.headline), array.attrs.get("title_en", theme.headline))
            found[f"{name}_{theme.headline}"] = (title, array, _ramp(array, scheme.colours[:: scheme.direction]))
        for variable, array in theme.measured.data_vars.items():
            if array.attrs.get("raster") == "low is worse":
                title = Text(array.attrs["title_zh"], array.attrs["title_en"])
                found[f"{name}_{variable}"] = (title, array, _ramp(array, scheme.colours[::-1]))
    risk = assessment.risk
    if risk is not None:
        title = Text("综合风险等级", "Comprehensive risk class")
        found["risk_class"] = (title, risk.classes, raster_style(risk.grid_scheme))
        title = Text("综合风险指数", "Comprehensive risk index")
        found["risk_index"] = (title, risk.index, _ramp(risk.index, risk.grid_scheme.colours))
        if risk.cell_stability is not None and risk.cell_likely is not None:
            title = Text(
                "权重变动下综合风险等级的稳定性", "Stability of the comprehensive risk class under other weights"
            )
            found["risk_stability"] = (title, risk.cell_stability, ramp_style(_FIRM, 0.0, 1.0))
            title = Text("权重变动下最可能的综合风险等级", "Most likely comprehensive risk class under other weights")
            found["risk_likely_class"] = (title, risk.cell_likely, raster_style(risk.grid_scheme))
    for product in assessment.products:
        for name, one in product.rasters.items():
            style = ramp_style(_FIRM, 0.0, 100.0) if one.scheme is None else raster_style(one.scheme)
            found[name] = (one.title, one.array, style)
    return found | (_together(assessment) if len(assessment.themes) > 1 else {})


def _together(assessment: Assessment) -> dict[str, tuple[Text, xr.DataArray, str]]:
    """Hazards that meet in a cell: how many are high, and which one leads."""
    found, mask = hazards_together(assessment), assessment.survey.mask
    names = hazard_names(assessment)
    colours = [_HAZARD_COLOURS[n % len(_HAZARD_COLOURS)] for n in range(len(found.names))]
    scheme = ClassScheme(
        name="leading-hazard", title=Text("主导灾种", "Leading hazard"),
        labels=(*(names[one] for one in found.names), NO_LEADER_WORDS), colours=(*colours, _NO_LEADER_COLOUR),
        source="the highest weighted score of the hazards in a high class", confidence="C",
    )  # fmt: skip
    codes = np.where(found.leading == 0, len(found.names) + 1, found.leading)
    leading = mask.copy(data=np.where(mask, codes, NO_CLASS).astype("uint8"))
    number = mask.copy(data=np.where(mask, found.number, np.nan).astype("float32"))
    title = Text("处于高等级的灾种数", "Hazards in a high class")
    return {
        "hazards_leading": (scheme.title, leading, raster_style(scheme)),
        "hazards_high": (title, number, ramp_style(_FIRM[::-1], 0.0, float(len(found.names)))),
    }


_NO_LEADER_COLOUR = "#e6e6e6"
_HAZARD_COLOURS = ("#8c510a", "#2166ac", "#dfc27d", "#b2182b", "#762a83", "#1b7837", "#878787", "#e08214")


def _ramp(array: xr.DataArray, colours: Sequence[str]) -> str:
    """Style of a measured quantity, from its lowest value to its highest; none where nothing is known."""
    values = array.to_numpy()
    known = values[np.isfinite(values)]
    if not known.size:
        return ""
    low, high = float(known.min()), float(known.max())
    return ramp_style(colours, low, high if high > low else low + 1)


def _note(assessment: Assessment) -> str:
    note = assessment.survey.county.maps.data_note
    return "" if note is None else str(note.text)


def _notes(assessment: Assessment) -> list[str]:
    county = assessment.survey.county
    gone = [f"未编制：{one.product.zh}：{one.reason.zh}" for one in assessment.left_out]
    gone += [f"Left out: {one.product.en}: {one.reason.en}" for one in assessment.left_out]
    mark = str(approval(assessment.survey))
    return [str(county.title), _note(assessment), mark, f"{county.maps.compiler}  {county.date}", *gone]


def _manifest(assessment: Assessment, folder: Path, key: str) -> dict[str, Any]:
    survey, county = assessment.survey, assessment.survey.county
    told = ("path", "sha256", "encoding", "crs", "licence", "source", "rows_read", "rows_kept", "secrecy")
    plain = ("key", "value", "unit", "source", "clause", "confidence")
    return {
        "riskmap": riskmap.__version__,
        "key": fingerprint(key, code_version()),
        "county": {"code": county.code, "zh": county.title.zh, "en": county.title.en},
        "date": county.date,
        "note": _note(assessment),
        "parameters": county.model_dump(mode="json"),
        "inputs": {
            name: {one: getattr(layer.source, one) for one in told}
            for name, layer in survey.layers.items()
            if layer.source.path
        }
        | {
            name: {"path": one.path, "sha256": file_hash(county.folder / one.path)}
            for name, one in _others(county).items()
        },
        "code": code_version(),
        "themes": {name: {"origin": one.origin, "title": one.title.zh} for name, one in assessment.themes.items()},
        "thresholds": [{one: _finite(getattr(row, one)) for one in plain} for row in assessment.thresholds],
        "headlines": headlines(assessment),
        "findings": dict(sorted(Counter(one.severity for one in survey.findings).items())),
        "left_out": [
            {"product": one.product.zh, "reason": one.reason.zh, "reason_en": one.reason.en}
            for one in assessment.left_out
        ],
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}},
        "outputs": {
            path.relative_to(folder).as_posix(): file_hash(path) for path in sorted(folder.rglob("*")) if path.is_file()
        },
    }


def _others(county: County) -> dict[str, GivenProduct | ComparedProduct]:
    """Products of others that were taken over or compared with, as the manifest names them."""
    found: dict[str, GivenProduct | ComparedProduct] = {f"given.{name}": one for name, one in county.given.items()}
    return found | {f"compare.{name}": one for name, one in county.compare.products.items()}


def _finite(value: Any) -> Any:
    """Return a value that JSON can hold: numbers that are not finite become text."""
    if isinstance(value, tuple):
        return [_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
