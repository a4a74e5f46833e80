"""Read one stored result of a step from the cache."""

import zipfile
from pathlib import Path

__all__ = ["read_store"]


def read_store(path: Path) -> dict[str, bytes]:
    """Read the named pieces of bytes that `riskmap.writers.write_store` wrote.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    dict of str to bytes

    Raises
    ------
    ValueError
        The file is damaged.
    OSError
        It cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with zipfile.ZipFile(Path(folder, "s.zip"), "w") as store:
    ...         store.writestr("a", b"1")
    ...     read_store(Path(folder, "s.zip"))
    {'a': b'1'}
    """
    try:
        with zipfile.ZipFile(path) as store:
            return {name: store.read(name) for name in store.namelist()}
    except zipfile.BadZipFile as fault:
        raise ValueError(f"{path}: {fault}") from None
