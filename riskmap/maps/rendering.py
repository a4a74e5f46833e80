"""Draw pages in a process beside this one, while the next ones are laid out here."""

import contextlib
import logging
import pickle
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from matplotlib.figure import Figure

from riskmap.maps import render_child
from riskmap.maps.fonts import font_files
from riskmap.maps.sheet import unwritable

__all__ = ["Renderer"]

log = logging.getLogger(__name__)


class Renderer:
    """Draws pages one after the other in a process of its own; where none can be had, in this one.

    Use it in a ``with`` block; the pictures must be asked for before it ends.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> with Renderer() as renderer:
    ...     renderer.submit(Figure(figsize=(1, 1)), name="empty").result()[1:4]
    b'PNG'
    """

    def __init__(self) -> None:
        self._behind = ThreadPoolExecutor(1)
        self._child: subprocess.Popen[bytes] | None = None
        self._alone = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._behind.shutdown(cancel_futures=fault is not None)
        if self._child is not None:
            with contextlib.suppress(OSError):  # a process that has died takes no more
                self._child.communicate()

    def submit(self, figure: Figure, *, name: str) -> Future[bytes]:
        """Begin to draw a page.

        Parameters
        ----------
        figure : Figure
            Laid out; changes made later are not drawn.
        name : str
            For messages.

        Returns
        -------
        Future of bytes
            A PNG; asking raises RiskmapError where the font cannot write a name.
        """
        return self._behind.submit(self._drawn, pickle.dumps(figure, protocol=5), name)

    def _drawn(self, page: bytes, name: str) -> bytes:
        try:
            return self._picture(page)
        except UserWarning as fault:
            raise unwritable(name, str(fault)) from fault

    def _picture(self, page: bytes) -> bytes:
        if not self._alone:
            try:
                picture, fault = self._answer(page)
            except (OSError, EOFError, pickle.UnpicklingError) as broken:
                log.warning("pages are drawn in this process, as none beside it can be had: %s", broken)
                self._alone = True
            else:
                if fault:
                    raise UserWarning(fault)
                return picture
        return render_child.png(pickle.loads(page))  # noqa: S301 - written by `submit`

    def _answer(self, page: bytes) -> tuple[bytes, str]:
        if self._child is None:
            self._child = subprocess.Popen(  # noqa: S603 - our own script, no shell
                [sys.executable, "-I", str(Path(render_child.__file__))],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            pickle.dump([str(one) for one in font_files()], self._child.stdin, protocol=5)  # type: ignore[arg-type]
        assert self._child.stdin is not None and self._child.stdout is not None  # noqa: S101, PT018  both are pipes
        self._child.stdin.write(page)
        self._child.stdin.flush()
        answer: tuple[bytes, str] = pickle.load(self._child.stdout)  # noqa: S301 - from our own script
        return answer
