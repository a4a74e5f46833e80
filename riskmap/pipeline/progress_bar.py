"""A progress bar for notebooks, without widgets and without a network."""

from html import escape
from time import monotonic
from typing import Any

from riskmap.pipeline.steps import Progress

__all__ = ["progress_bar"]


def progress_bar() -> Progress:
    """Make a bar to hand to `riskmap.run`, `load`, `assess` or `publish` as ``progress``.

    Returns
    -------
    callable
        ``(fraction, message)``. In a notebook one bar that moves, with the seconds it took; elsewhere a line for each
        whole tenth. A bar serves one command; make another one for the next.

    Examples
    --------
    >>> bar = progress_bar()
    >>> for n in range(3):
    ...     bar(n / 2, "读取 Reading")
      0%  读取 Reading  0 s
     50%  读取 Reading  0 s
    100%  读取 Reading  0 s
    """
    return _Bar()


class _Bar:
    """State of one bar: it draws itself on the display it was first shown on."""

    def __init__(self) -> None:
        self.began, self.fraction, self.message = monotonic(), 0.0, ""
        self.tenth = -1
        self.handle: Any = None
        self.display = _notebook_display()

    def __call__(self, fraction: float, message: str) -> None:
        self.fraction, self.message = min(max(fraction, 0.0), 1.0), message
        if self.display is None:
            if int(self.fraction * 10) != self.tenth:
                self.tenth = int(self.fraction * 10)
                print(self)  # noqa: T201  the only place to tell a plain console
        elif self.handle is None:
            self.handle = self.display(self, display_id=True)
        else:
            self.handle.update(self)

    def __repr__(self) -> str:
        return f"{self.fraction:4.0%}  {self.message}  {monotonic() - self.began:.0f} s"

    def _repr_html_(self) -> str:
        return f'<progress value="{self.fraction:.3f}" style="width:20em"></progress> {escape(repr(self))}'


def _notebook_display() -> Any:
    """`IPython.display.display` where a notebook's kernel runs, else None."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return None
    shell = get_ipython()
    return display if shell is not None and getattr(shell, "kernel", None) is not None else None
