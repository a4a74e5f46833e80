"""Put a finished edition in place of the earlier one, whole or not at all.

An edition is built in a sibling folder (``.hequ.building`` beside ``hequ``). When it is complete, a journal is
written, the earlier edition is moved aside, the new one takes its name, and the journal goes. Whoever comes
next (a run, a check) finishes a swap that was interrupted before it reads anything.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from riskmap.errors import EditionError
from riskmap.model.text import Text

__all__ = ["EditionPaths", "begin", "edition_lock", "recover", "swap"]

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class EditionPaths:
    """Where an edition stands, and the siblings used while it is built.

    Parameters
    ----------
    target : pathlib.Path
        Folder of the published edition.

    Examples
    --------
    >>> EditionPaths(Path("derived/hequ")).building.name
    '.hequ.building'
    """

    target: Path

    def _sibling(self, what: str) -> Path:
        return self.target.parent / f".{self.target.name}.{what}"

    @property
    def building(self) -> Path:
        """Folder in which the next edition is built."""
        return self._sibling("building")

    @property
    def previous(self) -> Path:
        """Where the earlier edition waits during the swap."""
        return self._sibling("previous")

    @property
    def journal(self) -> Path:
        """Present only while a complete edition is being swapped in."""
        return self._sibling("journal.json")

    @property
    def interrupted(self) -> bool:
        """Whether a swap was begun and not finished."""
        return self.journal.exists() or (self.previous.exists() and not self.target.exists())

    @property
    def cache(self) -> Path:
        """Results of steps, kept from run to run."""
        return self._sibling("cache")

    @property
    def lock(self) -> Path:
        """File held while a command works on this edition."""
        return self._sibling("lock")


@contextmanager
def edition_lock(target: Path) -> Iterator[EditionPaths]:
    """Hold the edition for one command; the system lets go of it even when the process is killed.

    Parameters
    ----------
    target : pathlib.Path
        Folder of the published edition.

    Yields
    ------
    EditionPaths

    Raises
    ------
    EditionError
        Another command works on the same edition, or the folder beside it cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, edition_lock(Path(folder, "hequ")) as paths:
    ...     paths.target.name
    'hequ'
    """
    paths = EditionPaths(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(paths.lock, timeout=0)
        lock.acquire()
    except Timeout:
        raise EditionError(
            Text(
                f"{target}：另一条 riskmap 命令正在处理这套成果；请等它完成，或先停止它",
                f"{target}: another riskmap command is working on this edition; wait for it or end it",
            )
        ) from None
    except OSError as fault:
        raise EditionError(
            Text(
                f"{target.parent}：不能写入（{fault.strerror}）；请在 county.toml 的 output 另给文件夹",
                f"{target.parent}: cannot be written to ({fault.strerror}); choose another output",
            )
        ) from None
    try:
        yield paths
    finally:
        lock.release()


def recover(paths: EditionPaths) -> str:
    """Finish an interrupted swap and sweep away what a killed run left.

    Parameters
    ----------
    paths : EditionPaths
        Of a locked edition.

    Returns
    -------
    str
        ``"clean"``, ``"finished"`` (the swap was completed) or ``"swept"`` (a half-built edition was removed).

    Raises
    ------
    EditionError
        A file of the edition is held open by another program; the earlier edition stays.

    Examples
    --------
    >>> recover(EditionPaths(Path("nowhere/hequ")))
    'clean'
    """
    for half in paths.cache.glob("*.new"):
        half.unlink(missing_ok=True)
    if paths.journal.exists():
        if paths.building.exists():
            _exchange(paths)
        _finish(paths)
        return "finished"
    if paths.previous.exists() and not paths.target.exists():
        _move(paths.previous, paths.target)  # the journal itself was lost: the earlier edition comes back
    swept = paths.building.exists() or paths.previous.exists()
    _remove(paths.building)
    _remove(paths.previous)
    paths.journal.with_suffix(".new").unlink(missing_ok=True)
    return "swept" if swept else "clean"


def begin(paths: EditionPaths) -> Path:
    """Make an empty folder for the next edition.

    Parameters
    ----------
    paths : EditionPaths
        Of a locked edition.

    Returns
    -------
    pathlib.Path
        `paths.building`, empty.

    Raises
    ------
    EditionError
        The target is a folder that holds something else than an edition, or what an earlier swap left cannot be deleted.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     begin(EditionPaths(Path(folder, "hequ"))).is_dir()
    True
    """
    target = paths.target
    if target.exists() and not (target / MANIFEST).exists() and (not target.is_dir() or any(target.iterdir())):
        raise EditionError(
            Text(
                f"{target}：里面的文件不是 riskmap 的成果（没有 {MANIFEST}）；"
                "请在 county.toml 的 output 另给文件夹，或移走这些文件",
                f"{target}: holds files that are no edition of riskmap (no {MANIFEST}); "
                "name another output in county.toml, or move these files away",
            )
        )
    _remove(paths.previous)
    if paths.previous.exists():
        raise EditionError(
            Text(
                f"{paths.previous}：是替换下来的旧版，其中的文件删不掉（被占用或受保护），新成果无法就位；"
                "请解除保护后删除这个文件夹，再运行",
                f"{paths.previous}: an earlier edition with files that cannot be deleted (held open or protected) stands "
                "where the next one has to pass; take the protection away, delete this folder, and run again",
            )
        )
    _remove(paths.building)
    paths.building.mkdir(parents=True)
    return paths.building


def swap(paths: EditionPaths) -> None:
    """Put the finished edition in `paths.building` in place of `paths.target`.

    Parameters
    ----------
    paths : EditionPaths
        Of a locked edition whose `building` folder is complete (it holds its manifest).

    Raises
    ------
    EditionError
        The build is not complete, or a file of the earlier edition is held open: that edition stays.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = EditionPaths(Path(folder, "hequ"))
    ...     _ = (begin(paths) / "manifest.json").write_text("{}")
    ...     swap(paths)
    ...     paths.target.is_dir(), paths.building.exists()
    (True, False)
    """
    if not (paths.building / MANIFEST).exists():
        raise EditionError(
            Text(
                f"{paths.building}：不完整，没有 {MANIFEST}；旧版成果保持不变",
                f"{paths.building}: not complete, it has no {MANIFEST}; the earlier edition stays",
            )
        )
    _settle(paths.building)  # the journal vouches for these files: they must be on the disk before it
    entry = paths.journal.with_suffix(".new")
    with entry.open("w", encoding="utf-8") as handle:
        json.dump({"target": paths.target.name, "state": "complete"}, handle)
        handle.flush()
        os.fsync(handle.fileno())
    entry.replace(paths.journal)
    _exchange(paths)
    _finish(paths)


def _settle(folder: Path) -> None:
    """Wait until every file of a folder is on the disk itself, not in the system's memory only."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb+") as handle:
                os.fsync(handle.fileno())


def _exchange(paths: EditionPaths) -> None:
    """Move the earlier edition aside and the new one in; on failure put the earlier one back."""
    if paths.target.exists():
        _remove(paths.previous)
        try:
            _move(paths.target, paths.previous)
        except EditionError:
            paths.journal.unlink(missing_ok=True)
            raise
    try:
        _move(paths.building, paths.target)
    except EditionError:
        if paths.previous.exists():
            paths.previous.replace(paths.target)
        paths.journal.unlink(missing_ok=True)
        raise


def _finish(paths: EditionPaths) -> None:
    paths.journal.unlink(missing_ok=True)
    paths.journal.with_suffix(".new").unlink(missing_ok=True)
    _remove(paths.previous)


def _move(here: Path, there: Path) -> None:
    try:
        here.replace(there)
    except OSError as fault:
        raise EditionError(
            Text(
                f"{here}：不能移动（{fault.strerror}）；请关闭正打开其中文件的程序（QGIS、Excel、浏览器）后重新运行；旧版成果保持不变",
                f"{here}: cannot be moved ({fault.strerror}); close the program that has one of its files open "
                "(QGIS, Excel, a browser) and run again; the earlier edition stays",
            )
        ) from None


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
