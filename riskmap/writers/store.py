"""Write one result of a step into the cache, whole or not at all."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_store"]


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
