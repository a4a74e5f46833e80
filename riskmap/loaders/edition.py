"""A published edition -> its manifest and the units of its database."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from riskmap.errors import EditionError
from riskmap.loaders.files import read_json
from riskmap.model.text import Text

__all__ = ["PublishedEdition", "read_edition"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedEdition:
    """What an edition says of itself.

    Parameters
    ----------
    manifest : dict
        ``manifest.json``.
    units : DataFrame
        Table ``risk_units`` by ``unit_id``, without shapes.
    shelters, scenarios : DataFrame, optional
        Tables ``shelters`` and ``shelter_scenarios``; None where shelters were not assessed.
    """

    manifest: dict[str, Any]
    units: pd.DataFrame
    shelters: pd.DataFrame | None = None
    scenarios: pd.DataFrame | None = None


def read_edition(folder: Path) -> PublishedEdition:
    """Read a published edition.

    Parameters
    ----------
    folder : Path
        Holds ``manifest.json`` and ``riskmap.gpkg``.

    Returns
    -------
    PublishedEdition

    Raises
    ------
    EditionError
        It is no edition, or one without comprehensive risk.

    Examples
    --------
    >>> read_edition(Path("nowhere"))
    Traceback (most recent call last):
    riskmap.errors.EditionError: nowhere：不是 riskmap 的成果：manifest.json 不能读取；...
    """
    cure = Text("请写 riskmap run 发布的文件夹", "name the folder that riskmap run has published")
    try:
        manifest = read_json(folder / "manifest.json")
    except (OSError, ValueError):
        manifest = None
    known = {"county", "date", "parameters", "inputs", "thresholds", "riskmap"}
    if not isinstance(manifest, dict) or not known <= set(manifest):
        raise EditionError(
            Text(
                f"{folder}：不是 riskmap 的成果：manifest.json 不能读取；{cure.zh}",
                f"{folder}: no edition of riskmap: manifest.json cannot be read; {cure.en}",
            )
        )
    try:
        units = pyogrio.read_dataframe(folder / "riskmap.gpkg", layer="risk_units", read_geometry=False)
    except DataLayerError:
        raise EditionError(
            Text(
                f"{folder}：这套成果没有综合风险（表 risk_units）",
                f"{folder}: this edition has no comprehensive risk (table risk_units)",
            )
        ) from None
    except DataSourceError:
        raise EditionError(
            Text(f"{folder}：riskmap.gpkg 不能读取；{cure.zh}", f"{folder}: riskmap.gpkg cannot be read; {cure.en}")
        ) from None
    return PublishedEdition(
        manifest=manifest,
        units=pd.DataFrame(units).set_index("unit_id"),
        shelters=_table(folder, "shelters"),
        scenarios=_table(folder, "shelter_scenarios"),
    )


def _table(folder: Path, name: str) -> pd.DataFrame | None:
    """A table of the database; None where the edition has no such table."""
    try:
        return pd.DataFrame(pyogrio.read_dataframe(folder / "riskmap.gpkg", layer=name, read_geometry=False))
    except DataLayerError:
        return None
