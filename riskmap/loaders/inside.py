"""Paths of `county.toml` stay inside the county's folder, or in folders that it names openly."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["leads_out", "roots_of"]

_MOST_PARTS = 5000


def roots_of(raw: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Folders that paths of a county may lead to: its own, and those under ``outside``.

    Parameters
    ----------
    raw : mapping
        Tables of ``county.toml``.
    folder : Path
        Where it stands.

    Returns
    -------
    tuple of Path
        Absolute, symbolic links followed.

    Examples
    --------
    >>> [one.name for one in roots_of({"outside": ["../base"]}, Path("/data/hequ"))]
    ['hequ', 'base']
    """
    named = raw.get("outside", ())
    texts = [one for one in named if isinstance(one, str) and one] if isinstance(named, list | tuple) else []
    return (folder.resolve(), *((folder / one).resolve() for one in texts))


def leads_out(path: Path, roots: Sequence[Path]) -> str:
    """Say where a path leads when that is outside all `roots`; ``""`` when it is inside.

    Parameters
    ----------
    path : Path
        File or File GDB, as named; sister files of a shapefile and the files of a geodatabase count too.
    roots : sequence of Path
        From `roots_of`.

    Returns
    -------
    str
        The first place outside.

    Examples
    --------
    >>> leads_out(Path("/data/hequ/../other/a.shp"), [Path("/data/hequ")])
    '/data/other/a.shp'
    """
    for one in _parts(path):
        place = one.resolve()
        if not any(place.is_relative_to(root) for root in roots):
            return place.as_posix()
    return ""


def _parts(path: Path) -> Iterator[Path]:
    """The path itself; and the links beside or in it, which could lead anywhere."""
    yield path
    near: Iterator[Path] = iter(())
    if path.is_dir() and path.suffix.lower() == ".gdb":
        near = path.iterdir()
    elif path.suffix.lower() == ".shp" and path.parent.is_dir():
        near = (one for one in path.parent.iterdir() if one.stem.lower() == path.stem.lower())
    for number, one in enumerate(near):
        if number < _MOST_PARTS and one.is_symlink():
            yield one
