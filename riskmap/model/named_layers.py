"""Layers by name, where a name that is not there is told with the nearest that are."""

from collections.abc import Mapping
from difflib import get_close_matches

from riskmap.errors import MissingLayerError
from riskmap.model.layers import Layer

__all__ = ["NamedLayers"]


class NamedLayers(dict[str, Layer]):
    """Layers of a survey by name.

    Parameters
    ----------
    layers : mapping of str to Layer
        Delivered and derived layers.
    held_by : str
        Whose layers these are, for the message.

    Raises
    ------
    MissingLayerError
        Asked for by ``[name]`` and not there.

    Examples
    --------
    >>> "roads" in NamedLayers({}, held_by="Hequ County")
    False
    >>> NamedLayers({}, held_by="Hequ County")["roads"]
    Traceback (most recent call last):
        ...
    riskmap.errors.MissingLayerError: layer 'roads' is not in the survey of Hequ County; there are none; add [layers.roads] to county.toml
    """

    def __init__(self, layers: Mapping[str, Layer], *, held_by: str) -> None:
        super().__init__(layers)
        self.held_by = held_by

    def __missing__(self, name: str) -> Layer:
        near = get_close_matches(str(name), self, n=3, cutoff=0.6)
        every = f"there are {', '.join(sorted(self)) or 'none'}"
        hint, cure = (f"nearest: {', '.join(near)}", "take that, or add") if near else (every, "add")
        message = (
            f"layer {name!r} is not in the survey of {self.held_by}; {hint}; {cure} [layers.{name}] to county.toml"
        )
        raise MissingLayerError(message)
