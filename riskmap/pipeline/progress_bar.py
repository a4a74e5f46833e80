"""How far a command is: a bar for notebooks without widgets or network, and one for the command line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from time import monotonic
from typing import Any

from riskmap.pipeline.steps import Progress, silent

__all__ = ["progress_bar", "shown_progress"]


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


@contextmanager
def shown_progress(quiet: bool) -> Iterator[Progress]:
    """Show on standard error how far a command is: a bar with time left on a terminal, plain lines elsewhere.

    Parameters
    ----------
    quiet : bool
        Nothing is shown.

    Yields
    ------
    callable
        ``(fraction, message)``.

    Examples
    --------
    >>> with shown_progress(True) as progress:
    ...     progress(0.5, "half")
    """
    if quiet:
        yield silent
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda fraction, message: print(f"{fraction:4.0%}  {message}", file=sys.stderr, flush=True)  # noqa: T201
        return
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(30),
        TextColumn("{task.percentage:3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message)


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
