"""Recompute published figures and say where they stand."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from riskmap.methods import ahp_weights, day_lengths, fire_weather, risk_degree
from riskmap.model.shown import fields_frame, frame_html
from riskmap.scoring import critic_weights, entropy_weights, natural_breaks
from riskmap.spatial import to_analysis
from riskmap.verify.reference import reference_values
from riskmap.verify.shelters import shelter_values
from riskmap.verify.worked import Worked, worked

__all__ = ["Verified", "verify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One published value beside our own.

    Parameters
    ----------
    group, name : str
        Method, and which of its values.
    expected, got : float
        As published, and as computed.
    tolerance : float
        Half a unit of the last printed digit, or what the source allows.
    source : str
        Where it was published.
    """

    group: str
    name: str
    expected: float
    got: float
    tolerance: float
    source: str

    _repr_html_ = frame_html
    to_frame = fields_frame

    @property
    def ok(self) -> bool:
        """Whether both agree."""
        return bool(abs(self.got - self.expected) <= self.tolerance)

    def as_dict(self) -> dict[str, Any]:
        """All fields and the verdict, for a program to read."""
        return {**asdict(self), "ok": self.ok}


def verify(reference: Path | None = None) -> list[Verified]:
    """Recompute every published value that ships with riskmap, and those of larger sets in a folder.

    Parameters
    ----------
    reference : Path, optional
        Folder of the larger sets: ``location/pmed1.txt`` and on (OR-Library), ``location/sanfrancisco`` (PySAL spopt).

    Returns
    -------
    list of Verified
        In the order of ``verify/published.toml``.

    Raises
    ------
    MissingLayerError
        A file is not in the folder.

    Examples
    --------
    >>> all(one.ok for one in verify())
    True
    """
    text = files("riskmap.verify").joinpath("published.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)
    examples: list[Verified] = []
    for name, entry in entries.pop("examples").items():
        if "data_of" in entry:
            entry["data"] = entries[entry["data_of"]]["densities"]
        examples += _told(name, entry, worked(entry))
    for name, entry in entries.pop("shelters").items():
        examples += _told("shelters", entry, shelter_values(name.replace("_", " "), entry))
    for entry in entries.pop("reference").values():
        examples += _told("shelters", entry, reference_values(entry, reference) if reference else [])
    return [*(one for group, entry in entries.items() for one in _METHODS[group](group, entry)), *examples]


def _told(group: str, entry: dict[str, Any], rows: Sequence[Worked]) -> Iterator[Verified]:
    yield from _rows(group, entry, [one[0] for one in rows], [one[1:] for one in rows])


def _rows(group: str, entry: dict[str, Any], names: Sequence[str], pairs: Sequence[Any]) -> Iterator[Verified]:
    for name, (expected, got) in zip(names, pairs, strict=True):
        yield Verified(
            group=group,
            name=name,
            expected=float(expected),
            got=float(got),
            tolerance=float(entry["tolerance"]),
            source=entry["source"],
        )


def _ahp(group: str, entry: dict[str, Any]) -> Iterator[Verified]:
    found = ahp_weights(np.array(entry["matrix"]))
    yield from _rows(group, entry, entry["names"], list(zip(entry["weights"], found.weights, strict=True)))
    yield from _rows(group, entry, ["consistency ratio"], [(entry["consistency_ratio"], found.consistency_ratio)])


def _entropy(group: str, entry: dict[str, Any]) -> Iterator[Verified]:
    yield from _weights(group, entry, entropy_weights(np.array(entry["matrix"], dtype="float64")))


def _critic(group: str, entry: dict[str, Any]) -> Iterator[Verified]:
    columns = np.array(entry["matrix"], dtype="float64")
    scaled = (columns - columns.min(axis=0)) / np.ptp(columns, axis=0)
    yield from _weights(group, entry, critic_weights(scaled))


def _weights(group: str, entry: dict[str, Any], got: np.ndarray) -> Iterator[Verified]:
    names = [f"weight {number}" for number in range(1, len(got) + 1)]
    yield from _rows(group, entry, names, list(zip(entry["weights"], got, strict=True)))


def _fire(group: str, entry: dict[str, Any]) -> Iterator[Verified]:
    weather = [np.array([[value]]) for value in entry["weather"]]
    found = fire_weather(*weather, month=np.array([4]), lengths=day_lengths([46.0]))
    got = [getattr(found, name.lower())[0, 0] for name in entry["names"]]
    yield from _rows(group, entry, entry["names"], list(zip(entry["values"], got, strict=True)))


def _coordinates(group: str, entry: dict[str, Any]) -> Iterator[Verified]:
    point = gpd.GeoDataFrame(geometry=[shapely.Point(entry["lon_lat"])], crs="EPSG:4490")
    here = to_analysis(point, "EPSG:4546").geometry.iloc[0]
    yield from _rows(group, entry, entry["names"], list(zip(entry["values"], (here.x, here.y), strict=True)))


def _natural_breaks(group: str, entry: dict[str, Any]) -> Iterator[Verified]:
    density = np.array(entry["densities"])
    edges = natural_breaks(density, classes=5)
    codes = np.digitize(density, edges)
    upper = [density[codes == code].max() for code in range(5)]
    names = [f"upper bound of class {code + 1}" for code in range(5)]
    yield from _rows(group, entry, names, list(zip(entry["upper"], upper, strict=True)))
    names = [f"size of class {code + 1}" for code in range(5)]
    yield from _rows(group, entry, names, list(zip(entry["counts"], np.bincount(codes, minlength=5), strict=True)))


def _flood(group: str, entry: dict[str, Any]) -> Iterator[Verified]:
    got = risk_degree(np.array(entry["depths_m"], dtype="float64"), entry["return_periods_a"])
    yield from _rows(group, entry, ["risk degree"], [(entry["value"], got)])


_METHODS: dict[str, Callable[[str, dict[str, Any]], Iterator[Verified]]] = {
    "ahp": _ahp,
    "entropy": _entropy,
    "critic": _critic,
    "fire_weather": _fire,
    "coordinates": _coordinates,
    "natural_breaks": _natural_breaks,
    "flood": _flood,
}
