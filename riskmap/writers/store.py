"""Write one result of a step into the cache, whole or not at all."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_bytes", "write_store"]


def write_store(path: Path, blobs: Mapping[str, bytes]) -> None:
    """Write named pieces of bytes into one file; the file appears only when it is complete.

    Parameters
    ----------
    path : pathlib.Path
        File to write; its folder is made.
    blobs : mapping of str to bytes
        From `riskmap.model.codec.encode`.

    Raises
    ------
    OSError
        The disk is full, or the folder cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_store(Path(folder, "step.zip"), {"tree.json": b"1"})
    ...     zipfile.ZipFile(Path(folder, "step.zip")).namelist()
    ['tree.json']
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_STORED) as store:
            for name, content in blobs.items():
                store.writestr(zipfile.ZipInfo(name), content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a finished page or picture; its folder is made.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    content : bytes
        All of it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_bytes(Path(folder, "a", "b.html"), b"x")
    ...     Path(folder, "a", "b.html").read_bytes()
    b'x'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
