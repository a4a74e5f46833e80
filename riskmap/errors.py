"""What can go wrong, by name. Every error is also a child of a builtin, so that plain ``except`` works."""

from collections.abc import Iterable
from typing import Protocol

__all__ = [
    "CountyFileError",
    "CoverageWarning",
    "EditionError",
    "GridError",
    "LayerError",
    "MethodError",
    "MissingLayerError",
    "RiskmapError",
    "RiskmapWarning",
    "StandardError",
    "ThinDataWarning",
]


class _Said(Protocol):
    """What is said in both languages: a `Text`, or another error."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


class RiskmapError(Exception):
    """Root of all errors that riskmap raises on purpose.

    The message says what was wrong, where, what is allowed and what to do. When one input has several
    faults, all of them are gathered in `faults` and raised once. What is given in both languages is shown in
    Chinese first, with English on the next line; `zh` and `en` are the whole message in one of them.

    Parameters
    ----------
    message : str or Text
        One sentence, or the heading over the faults.
    faults : iterable of str or Text, optional
        One line each (two in both languages).

    Examples
    --------
    >>> print(CountyFileError("county.toml: 2 faults", faults=["cell_size: unknown key", "name: missing"]))
    county.toml: 2 faults
      - cell_size: unknown key
      - name: missing
    """

    def __init__(self, message: str | _Said, faults: Iterable[str | _Said] = ()) -> None:
        every = [message, *faults]
        self.faults = tuple(_shown(one, "\n    ") for one in every[1:])
        self.zh = "\n  - ".join(one if isinstance(one, str) else one.zh for one in every)
        self.en = "\n  - ".join(one if isinstance(one, str) else one.en for one in every)
        super().__init__("\n  - ".join([_shown(message, "\n  "), *self.faults]))


def _shown(said: str | _Said, gap: str) -> str:
    """Chinese, and English below it where that is something else."""
    if isinstance(said, str):
        return said
    return said.zh if said.zh == said.en else f"{said.zh}{gap}{said.en}"


class CountyFileError(RiskmapError, ValueError):
    """`county.toml` cannot be used as it stands."""


class LayerError(RiskmapError, ValueError):
    """A delivered file cannot be read as the layer that it should be."""


class MissingLayerError(RiskmapError, LookupError):
    """A product asks for a layer or a variable that the survey does not hold."""


class GridError(RiskmapError, ValueError):
    """Two rasters, or a raster and the analysis grid, do not fit."""


class StandardError(RiskmapError, LookupError):
    """A threshold, scheme or profile is not in the standards, or is not well formed."""


class MethodError(RiskmapError, ValueError):
    """A method was asked for something its formula does not give."""


class EditionError(RiskmapError, OSError):
    """The finished outputs could not be put in place; the earlier edition stays."""


class RiskmapWarning(UserWarning):
    """Root of the warnings: the result is right but thinner."""


class ThinDataWarning(RiskmapWarning):
    """Few records stand behind a result."""


class CoverageWarning(RiskmapWarning):
    """An input does not cover the whole county."""
