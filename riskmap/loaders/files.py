"""Plain files: their text, their JSON, and the hash that tells whether they changed."""

import hashlib
import json
from pathlib import Path
from typing import Any

from riskmap.errors import LayerError
from riskmap.model.text import Text

__all__ = ["file_hash", "read_json", "read_text"]

_BLOCK = 1 << 20
_LARGEST_TEXT = 16 << 20


def file_hash(path: Path) -> str:
    """Hash a delivered file with all its parts.

    Parameters
    ----------
    path : pathlib.Path
        A file; a folder (File GDB) is hashed with all files in it, a ``.shp`` with its sister files of the same stem.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits. Names count, time stamps do not.

    Raises
    ------
    LayerError
        The file is not there or cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_text("1", encoding="utf-8")
    ...     file_hash(Path(folder, "a.csv"))[:8]
    '6b86b273'
    """
    if path.is_dir():
        parts = sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() != ".lock")
    elif path.suffix.lower() == ".shp":
        parts = sorted(one for one in path.parent.glob(f"{_literal(path.stem)}.*") if one.is_file())
    else:
        parts = [path]
    whole = hashlib.sha256()
    try:
        for part in parts:
            if len(parts) > 1 or path.is_dir():
                whole.update(part.name.encode())
            with part.open("rb") as handle:
                while block := handle.read(_BLOCK):
                    whole.update(block)
    except OSError as fault:
        raise LayerError(
            Text(
                f"{path}：不能读取（{fault.strerror}）；请核对文件是否存在、是否被其他程序占用",
                f"{path}: cannot be read ({fault.strerror}); check that it is there and not locked",
            )
        ) from None
    return whole.hexdigest()


def read_text(path: Path) -> str:
    """Read a text file in UTF-8 (a byte-order mark is taken off).

    Parameters
    ----------
    path : pathlib.Path
        At most 16 MB.

    Returns
    -------
    str

    Raises
    ------
    LayerError
        Not there, too large, or not UTF-8 (with the byte where it ends to be).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "p.toml").write_text("a = 1", encoding="utf-8-sig")
    ...     read_text(Path(folder, "p.toml"))
    'a = 1'
    """
    try:
        if path.stat().st_size > _LARGEST_TEXT:
            raise LayerError(
                Text(f"{path}：大于 16 MB，不是设置文件", f"{path}: larger than 16 MB; this is no settings file")
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise LayerError(
            Text(
                f"{path}：第 {fault.start} 字节处不是 UTF-8；请另存为 UTF-8",
                f"{path}: not UTF-8 at byte {fault.start}; save it as UTF-8",
            )
        ) from None
    except OSError as fault:
        raise LayerError(
            Text(
                f"{path}：不能读取（{fault.strerror}）；请核对文件是否存在",
                f"{path}: cannot be read ({fault.strerror}); check that it is there",
            )
        ) from None


def read_json(path: Path) -> Any:
    """Read a JSON file in UTF-8.

    Parameters
    ----------
    path : pathlib.Path
        At most 16 MB.

    Returns
    -------
    object

    Raises
    ------
    LayerError
        As in `read_text`, or no JSON (with line and column).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "m.json").write_text('{"a": 1}', encoding="utf-8")
    ...     read_json(Path(folder, "m.json"))
    {'a': 1}
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as fault:
        raise LayerError(
            Text(
                f"{path}：第 {fault.lineno} 行第 {fault.colno} 列不是 JSON：{fault.msg}",
                f"{path}: no JSON at line {fault.lineno}, column {fault.colno}: {fault.msg}",
            )
        ) from None


def _literal(stem: str) -> str:
    """Keep brackets in a file name from being read as a pattern."""
    return "".join(f"[{one}]" if one in "[]*?" else one for one in stem)
