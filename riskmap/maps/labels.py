"""Which labels fit on a map, and where: none over another, none over the edge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskmap.maps.fonts import text_width

__all__ = ["MM_PER_POINT", "Label", "Placed", "place_labels"]

MM_PER_POINT = 25.4 / 72
_LINE, _GAP_MM = 1.25, 0.9
_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name that wants a place.

    Parameters
    ----------
    text : str
        One line.
    x, y : float
        Anchor in mm on the page.
    size : float
        Type size in points.
    beside : bool
        True sets it beside the anchor (a point with a mark), False on it (the name of an area).
    kind : str
        What it names; handed through.
    """

    text: str
    x: float
    y: float
    size: float
    beside: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A label with its place.

    Parameters
    ----------
    label : Label
        As it was asked for.
    x, y : float
        Centre of the text in mm.
    box : tuple of float
        Left, bottom, right, top in mm.
    """

    label: Label
    x: float
    y: float
    box: tuple[float, float, float, float]


def place_labels(
    labels: Iterable[Label],
    *,
    frame: tuple[float, float, float, float],
    taken: Sequence[tuple[float, float, float, float]] = (),
) -> list[Placed]:
    """Place labels in the order given, each where it is free; those that fit nowhere are left out.

    Parameters
    ----------
    labels : iterable of Label
        The most important first.
    frame : tuple of float
        Left, bottom, right, top of the map in mm; no label crosses it.
    taken : sequence of tuple
        Boxes that must stay free.

    Returns
    -------
    list of Placed
        In the order given.

    Examples
    --------
    >>> two = [Label(text="甲", x=5, y=5, size=10), Label(text="乙", x=5, y=5, size=10)]
    >>> [one.label.text for one in place_labels(two, frame=(0, 0, 50, 50))]
    ['甲']
    """
    boxes = list(taken)
    placed: list[Placed] = []
    for label in labels:
        wide = text_width(label.text, size=label.size * MM_PER_POINT)
        high = label.size * MM_PER_POINT * _LINE
        for across, up in _AROUND if label.beside else ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)):
            gap = _GAP_MM if label.beside else 0
            x = label.x + across * (wide / 2 + gap)
            y = label.y + up * (high / 2 + gap)
            box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
            if _within(box, frame) and not any(_meet(box, one) for one in boxes):
                boxes.append(box)
                placed.append(Placed(label=label, x=x, y=y, box=box))
                break
    return placed


def _within(box: tuple[float, float, float, float], frame: tuple[float, float, float, float]) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
