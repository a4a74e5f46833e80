"""Read `county.toml` and name everything that is wrong with it, at once."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from riskmap.errors import CountyFileError
from riskmap.loaders.county_checks import check_settings
from riskmap.loaders.county_decisions import decision_faults, override_lines
from riskmap.loaders.county_words import in_words
from riskmap.model.county import County

__all__ = ["read_county"]

ExtraCheck = Callable[[dict[str, Any]], list[str]]


def read_county(path: str | Path, *, extra_check: ExtraCheck | None = None) -> County:
    """Read a county folder's settings.

    Parameters
    ----------
    path : path
        Folder that holds ``county.toml``, or that file.
    extra_check : callable, optional
        Takes the raw tables and returns more faults, one line each (knobs of hazards, for instance).

    Returns
    -------
    County
        Frozen, with every delivered file there.

    Raises
    ------
    CountyFileError
        No such file, not UTF-8, no TOML, or settings that cannot be used: unknown keys, wrong types, missing
        keys, missing files, unknown layers, schemes or standards. All faults are in `faults`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "county.toml").write_text(
    ...         'date = "2026-01-01"\\nname = {zh = "小河县", en = "Tiny"}\\nunits = "grid30s"', encoding="utf-8")
    ...     read_county(folder).title.zh
    '小河县'
    """
    file = _county_file(Path(path))
    raw = _tables(file)
    rows = raw.get("overrides")
    lines = override_lines(_text(file), len(rows)) if isinstance(rows, list) else []
    faults: list[str] = []
    county: County | None = None
    if "folder" in raw:
        faults.append("folder: unknown key; it is where county.toml stands")
    try:
        county = County.model_validate({**_numbered(raw, lines), "folder": file.parent.resolve()})
    except ValidationError as fault:
        faults.extend(_placed(one, lines) for one in in_words(fault, raw))
    faults.extend(check_settings(raw, file.parent))
    faults.extend(decision_faults(raw, lines))
    if extra_check is not None:
        faults.extend(extra_check(dict(raw)))
    if faults or county is None:
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        raise CountyFileError(f"{file}: {count}", dict.fromkeys(faults))
    return county


def _numbered(raw: Mapping[str, Any], lines: Sequence[int]) -> dict[str, Any]:
    """Give every override the line on which it stands."""
    rows = raw.get("overrides")
    if not lines or not isinstance(rows, list):
        return dict(raw)
    told = [{**one, "line": n} if isinstance(one, dict) else one for one, n in zip(rows, lines, strict=True)]
    return {**raw, "overrides": told}


def _placed(fault: str, lines: Sequence[int]) -> str:
    """Say the line of an override in place of its number."""
    found = re.match(r"overrides\.(\d+)\.?", fault)
    return fault if found is None else f"overrides (line {lines[int(found[1])]}) {fault[found.end() :]}"


def _county_file(path: Path) -> Path:
    file = path / "county.toml" if path.is_dir() else path
    if file.is_file():
        return file
    near = sorted(one.name for one in file.parent.glob("*.toml")) if file.parent.is_dir() else []
    there = f"; in that folder there is {', '.join(near)}" if near else ""
    raise CountyFileError(f"{file}: file not found{there}; make one with: riskmap init {path}")


def _tables(file: Path) -> Mapping[str, Any]:
    text = _text(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        hint = ""
        if "\\" in text:
            hint = r"; a Windows path needs / in place of \, or single quotes: path = 'data\dem.tif'"
        raise CountyFileError(f"{file}: no TOML: {fault}{hint}") from None


def _text(file: Path) -> str:
    raw = file.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CountyFileError(f"{file}: saved as UTF-16; save it again as UTF-8 (另存为, 编码 UTF-8)")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        where = f"byte 0x{raw[fault.start]:02X} on line {line}"
        guess = "saved as GBK" if _is_gbk(raw) else "not UTF-8"
        raise CountyFileError(
            f"{file}: {guess} ({where}); county.toml must be UTF-8: save it again as UTF-8 (另存为, 编码 UTF-8)"
        ) from None


def _is_gbk(raw: bytes) -> bool:
    try:
        return bool(raw.decode("gb18030"))
    except UnicodeDecodeError:
        return False
