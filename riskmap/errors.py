"""What can go wrong, by name. Every error is also a child of a builtin, so that plain ``except`` works."""

from collections.abc import Iterable

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


class RiskmapError(Exception):
    """Root of all errors that riskmap raises on purpose.

    The message says what was wrong, where, what is allowed and what to do. When one input has several
    faults, all of them are gathered in `faults` and raised once.

    Parameters
    ----------
    message : str
        One sentence, or the heading over the faults.
    faults : iterable of str, optional
        One line each.

    Examples
    --------
    >>> print(CountyFileError("county.toml: 2 faults", faults=["cell_size: unknown key", "name: missing"]))
    county.toml: 2 faults
      - cell_size: unknown key
      - name: missing
    """

    def __init__(self, message: str, faults: Iterable[str] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__("\n  - ".join([message, *self.faults]))


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
