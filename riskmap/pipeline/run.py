"""One command: a county folder to a published edition; and the check on its own."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.errors import CountyFileError, LayerError
from riskmap.hazards import THEMES
from riskmap.loaders import file_hash, read_json
from riskmap.loaders.county import in_line, refuse_unfilled, unfilled
from riskmap.maps import OfflineMap, atlas, sheet_names
from riskmap.maps.explore import explore
from riskmap.maps.web.pictures import PIXELS
from riskmap.model import Assessment, County, LeftOut, Survey, Text
from riskmap.pipeline.assess import assess
from riskmap.pipeline.county import open_county, standards_of
from riskmap.pipeline.headlines import Changes, changes_between
from riskmap.pipeline.load import load
from riskmap.pipeline.products import PRODUCTS
from riskmap.pipeline.publish import build_edition, edition_key
from riskmap.pipeline.secrecy import PUBLIC_CELL, fit_to_publish, refuse_secrets, secrets
from riskmap.pipeline.steps import Progress, Steps, code_version, fingerprint, silent
from riskmap.writers import EditionPaths, begin, edition_lock, recover, swap, write_bytes

__all__ = ["Edition", "check", "run", "write_online_atlas", "write_public_atlas"]

_KEY = "TIANDITU_KEY"
_PAGES = 3
"""Atlas, report, quality report: steps after the sheets."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edition:
    """What a run published.

    Parameters
    ----------
    folder : pathlib.Path
        Where it stands.
    assessment : Assessment
        What was found out.
    computed, reused : int
        Steps computed and steps taken from the cache.
    unchanged : bool
        True when the edition in place was already this one.
    changes : Changes, optional
        What differs from the edition that was in place before; None without one.
    leftover : pathlib.Path, optional
        Folder of the earlier edition where a file in it could not be deleted.
    """

    folder: Path
    assessment: Assessment
    computed: int
    reused: int
    unchanged: bool = False
    changes: Changes | None = None
    leftover: Path | None = None

    @property
    def excluded(self) -> int:
        """Number of delivered records that were not used."""
        layers = self.assessment.survey.layers.values()
        return sum(one.source.rows_read - one.source.rows_kept for one in layers if one.spec.kind != "raster")

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Products that could not be made."""
        return self.assessment.left_out

    def told(self) -> dict[str, Any]:
        """What a program reads: folder, counts, what was left out, and what moved since the edition before."""
        moved = self.changes
        return {
            "folder": str(self.folder),
            "computed": self.computed,
            "reused": self.reused,
            "unchanged": self.unchanged,
            "excluded": self.excluded,
            "leftover": None if self.leftover is None else str(self.leftover),
            "left_out": [
                {"product": one.product.zh, "reason": one.reason.zh, "reason_en": one.reason.en}
                for one in self.left_out
            ],
            "changed_inputs": [] if moved is None else [one.en for one in moved.inputs],
            "moved": []
            if moved is None
            else [{"figure": title.en, "before": old, "now": new} for title, old, new in moved.figures],
        }

    def __repr__(self) -> str:
        return f"<Edition {self.folder}>"

    def _repr_html_(self) -> str:
        pages = {"atlas.html": "图集 Atlas", "report.html": "报告 Report", "quality.html": "质检报告 Quality report"}
        links = " · ".join(
            f'<a href="{escape((self.folder / name).as_uri())}" target="_blank">{title}</a>'
            for name, title in pages.items()
        )
        return f"<p><b>riskmap</b> {escape(str(self.folder))}<br>{links}</p>"

    def to_frame(self) -> pd.DataFrame:
        """Units, as the assessment tells them."""
        return self.assessment.to_frame()


@explore.register
def _explore(result: Edition, *, title: Text | None = None, on: Survey | None = None) -> OfflineMap:
    return explore(result.assessment, title=title, on=on)


def run(path: str | Path, *, progress: Progress = silent) -> Edition:
    """Take a county folder to its published edition.

    Every step whose inputs, parameters and code did not change is re-used. A run that is killed leaves the
    earlier edition whole, and the next one goes on where it was.

    Parameters
    ----------
    path : path
        The folder that holds ``county.toml``, or that file.
    progress : callable
        ``(fraction, message)``.

    Returns
    -------
    Edition

    Raises
    ------
    CountyFileError
        ``county.toml`` cannot be used, is not filled in, or asks for a public edition of layers that are not public.
    LayerError
        Nothing could be published from the layers.
    EditionError
        The output folder is in use or cannot be written to.

    Examples
    --------
    >>> run.__name__
    'run'
    """
    county = open_county(path)
    refuse_unfilled(path)
    refuse_secrets(county, standards_of(county))
    with edition_lock(county.output_folder) as paths:
        recover(paths)
        steps = Steps(cache=paths.cache, standards=standards_of(county), progress=progress, total=_expected(county))
        assessment = assess(load(county, steps=steps), steps=steps)
        key = edition_key(assessment)
        before = _manifest(paths)
        unchanged = _is_current(paths, before, fingerprint(key, code_version()))
        if not unchanged:
            steps.total = steps.done + len(sheet_names(assessment)) + _PAGES
            build_edition(assessment, begin(paths), steps=steps, key=key)
            progress(1.0, "替换旧版 Putting the edition in place")
            swap(paths)
            steps.sweep()
        progress(1.0, "成果没有变化 The edition in place is still right" if unchanged else "完成 Done")
        count: Mapping[str, int] = steps.summary()
        now = None if unchanged else _manifest(paths)
        return Edition(
            folder=paths.target,
            assessment=assessment,
            computed=count["computed"],
            reused=count["reused"],
            unchanged=unchanged,
            changes=changes_between(before, now) if before and now else None,
            leftover=paths.previous if paths.previous.exists() else None,
        )


def write_online_atlas(edition: Edition, file: str | Path) -> Path:
    """Write a second atlas that offers the online base map Tianditu; the edition itself stays without a key.

    Parameters
    ----------
    edition : Edition
        From `run`.
    file : path
        HTML file to write. The key in it can be read by whoever gets the file.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CountyFileError
        The environment variable ``TIANDITU_KEY`` is not set.
    MethodError
        What it holds is no key.

    Examples
    --------
    >>> write_online_atlas.__name__
    'write_online_atlas'
    """
    key = os.environ.get(_KEY, "")
    if not key:
        raise CountyFileError(
            Text(
                f"{_KEY}：没有设置；请把天地图的密钥写入这个环境变量",
                f"{_KEY}: not set; put your key of the Tianditu map service into this environment variable",
            )
        )
    file = Path(file)
    found = edition.assessment
    found = replace(found, survey=fit_to_publish(found.survey))
    write_bytes(file, atlas(found, tianditu_key=key).encode())
    return file


def write_public_atlas(edition: Edition, file: str | Path) -> Path:
    """Write a second atlas for the public, whatever ``maps.is_public`` says of the edition.

    No trial of weights, no ways, no product that is marked internal; where a layer for internal use went in, pictures of
    cells are no finer than ``secrecy.public_cell_m``.

    Parameters
    ----------
    edition : Edition
        From `run`.
    file : path
        HTML file to write.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CountyFileError
        A classified layer went in, or what went in is not public and drawn itself.

    Examples
    --------
    >>> write_public_atlas.__name__
    'write_public_atlas'
    """
    file, found = Path(file), edition.assessment
    county, standards = found.survey.county, found.survey.standards
    maps = county.maps.model_copy(update={"is_public": True, "personal_data": False})
    public = county.model_copy(update={"maps": maps})
    if secrets(public, standards):  # larger cells may make it fit; what they do not is refused by name
        cell_m = max(county.cell_size_m, standards.value(PUBLIC_CELL))
        public = public.model_copy(update={"cell_size_m": cell_m})
        refuse_secrets(public, standards)
    box = found.survey.grid.boundingbox
    pixels = int(box.span_x * box.span_y / public.cell_size_m**2)
    survey = fit_to_publish(replace(found.survey, county=public))
    shown = tuple(one for one in found.products if not one.internal)
    page = atlas(replace(found, survey=survey, products=shown), pixels=min(PIXELS, pixels))
    write_bytes(file, page.encode())
    return file


def check(path: str | Path, *, progress: Progress = silent) -> Survey:
    """Read and check a county's layers; nothing is measured.

    Parameters
    ----------
    path : path
        The folder that holds ``county.toml``, or that file.
    progress : callable
        ``(fraction, message)``.

    Returns
    -------
    Survey
        Its `findings` say what is wrong, where, and what to do.

    Raises
    ------
    CountyFileError, LayerError
        As in `run`.

    Examples
    --------
    >>> check.__name__
    'check'
    """
    county = open_county(path)
    if EditionPaths(county.output_folder).interrupted:
        with edition_lock(county.output_folder) as paths:
            recover(paths)
    empty = unfilled(path)
    try:
        survey = load(county, progress=progress)
    except LayerError as fault:
        if not empty:
            raise
        raise LayerError(fault, map(in_line, empty)) from None
    return replace(survey, findings=(*empty, *survey.findings))


def _expected(county: County) -> int:
    """Guess the number of steps: hazards, given products, a sheet each, tables of planning, and a score of others."""
    themes = len({*(one.name for one in THEMES), *county.given})
    return 2 * themes + 20 + len(PRODUCTS)


def _manifest(paths: EditionPaths) -> dict[str, Any] | None:
    """Manifest of the edition in place; None where there is none that can be read."""
    try:
        found = read_json(paths.target / "manifest.json")
    except LayerError:
        return None
    return found if isinstance(found, dict) else None


def _is_current(paths: EditionPaths, manifest: dict[str, Any] | None, key: str) -> bool:
    """Whether the edition in place has this key and all its files are as they were written."""
    if manifest is None:
        return False
    try:
        return manifest["key"] == key and all(
            file_hash(paths.target / name) == digest for name, digest in manifest["outputs"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False
