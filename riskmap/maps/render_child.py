"""Turns laid-out pages into pictures: called as it is, or run as a script in a process beside the one that lays out.

As a script it loads matplotlib, not riskmap: it reads pickles from standard input, first what `Settings` says, then pages,
and answers each with a pickle of a picture or of what was wrong.
"""

import pickle
import sys
import warnings
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["SETTINGS", "main", "png"]

SETTINGS: dict[str, Any] = {
    "axes.unicode_minus": False,
    "pdf.fonttype": 42,
    "hatch.linewidth": 0.6,
    "hatch.color": "#a8a8a8",
}
"""What matplotlib is told while a page is laid out and while it is drawn."""


def png(figure: Figure) -> bytes:
    """Draw a page without the alpha of paper that is white throughout: smaller, and in half the time.

    Parameters
    ----------
    figure : Figure
        Laid out.

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    UserWarning
        The font lacks a glyph.

    Examples
    --------
    >>> png(Figure(figsize=(1, 1)))[1:4]
    b'PNG'
    """
    with mpl.rc_context(SETTINGS), warnings.catch_warnings(), BytesIO() as out:
        warnings.filterwarnings("error", message="Glyph .* missing")
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        picture.save(out, "PNG", compress_level=4, dpi=(figure.dpi, figure.dpi))
        return out.getvalue()


def main() -> None:
    """Answer pages until standard input ends.

    Examples
    --------
    >>> main.__name__
    'main'
    """
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    for font in pickle.load(source):  # noqa: S301 - from the process that started this one
        font_manager.fontManager.addfont(font)
    while True:
        try:
            figure = pickle.load(source)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        try:
            answer: tuple[bytes, str] = (png(figure), "")
        except UserWarning as fault:
            answer = (b"", str(fault))
        pickle.dump(answer, sink, protocol=5)
        sink.flush()


if __name__ == "__main__":
    main()
