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
from riskmap.model.layers import Finding
from riskmap.model.text import Text

__all__ = ["in_line", "read_county", "refuse_unfilled", "unfilled"]

_MARK = re.compile(r"""\s*([\w."']+)\s*=.*#.*FILL IN""")
_CODE = re.compile(r"""\s*code\s*=\s*(""|'')""")
ExtraCheck = Callable[[dict[str, Any]], list[Text]]


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
    faults: list[Text] = []
    county: County | None = None
    if "folder" in raw:
        where = Text(
            "folder：没有这一项；它就是 county.toml 所在处", "folder: unknown key; it is where county.toml stands"
        )
        faults.append(where)
    try:
        county = County.model_validate({**_numbered(raw, lines), "folder": file.parent.resolve()})
    except ValidationError as fault:
        faults.extend(_placed(one, lines) for one in in_words(fault, raw))
    faults.extend(check_settings(raw, file.parent))
    faults.extend(decision_faults(raw, lines))
    if extra_check is not None:
        faults.extend(extra_check(dict(raw)))
    if faults or county is None:
        told = list(dict.fromkeys(faults))
        en = f"{file}: {len(told)} fault{'s' if len(told) > 1 else ''}"
        raise CountyFileError(Text(f"{file}：{len(told)} 处问题", en), told)
    return county


def unfilled(path: str | Path) -> tuple[Finding, ...]:
    """Say what the first county.toml of ``riskmap init`` left to fill in and nobody has.

    Parameters
    ----------
    path : path
        Folder that holds ``county.toml``, or that file.

    Returns
    -------
    tuple of Finding
        One a line: where the mark ``FILL IN`` still stands after a setting, or ``code`` is empty. A ``code`` that was
        taken out altogether (a place outside China) is no fault.

    Raises
    ------
    CountyFileError
        As in `read_county`, where the file cannot be read as text.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "county.toml").write_text('code = ""', encoding="utf-8")
    ...     [(one.row, one.message.zh, one.cure.zh) for one in unfilled(folder)]
    [(1, '“code”还没有填写', '写上六位行政区划代码（GB/T 2260），如 code = "140930"')]
    """
    mark = Text("填好这一项，并删去后面的“填写 FILL IN”字样", "fill it in, and take the words FILL IN away")
    code = Text(
        '写上六位行政区划代码（GB/T 2260），如 code = "140930"',
        'write the six digits of GB/T 2260, such as code = "140930"',
    )
    found = []
    for row, line in enumerate(_text(_county_file(Path(path))).splitlines(), start=1):
        empty, marked = _CODE.match(line), _MARK.match(line)
        if empty is None and marked is None:
            continue
        key = "code" if empty else line.partition("=")[0].strip()
        what = Text(f"“{key}”还没有填写", f"{key} is not filled in")
        found.append(
            Finding(
                rule="not-filled-in", severity="warning", layer="county.toml", row=row, field=key, message=what,
                cure=code if empty else mark,
            )
        )  # fmt: skip
    return tuple(found)


def refuse_unfilled(path: str | Path) -> None:
    """Stop before anything is computed where `unfilled` finds something: its name would stand on every output.

    Parameters
    ----------
    path : path
        Folder that holds ``county.toml``, or that file.

    Raises
    ------
    CountyFileError
        Names every line and what to write there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "county.toml").write_text('code = "140930"', encoding="utf-8")
    ...     refuse_unfilled(folder)
    """
    found, file = unfilled(path), _county_file(Path(path))
    if found:
        head = Text(f"{file}：有 {len(found)} 处没有填写，不能发布", f"{file}: {len(found)} settings are not filled in")
        raise CountyFileError(head, map(in_line, found))


def in_line(one: Finding) -> Text:
    """Return a finding of ``county.toml`` as one line of an error.

    Examples
    --------
    >>> words = {"message": Text("空", "empty"), "cure": Text("填", "fill it in")}
    >>> in_line(Finding(rule="not-filled-in", severity="warning", layer="county.toml", row=5, **words)).en
    'line 5: empty; fill it in'
    """
    return Text(f"第 {one.row} 行 {one.message.zh}；{one.cure.zh}", f"line {one.row}: {one.message.en}; {one.cure.en}")


def _numbered(raw: Mapping[str, Any], lines: Sequence[int]) -> dict[str, Any]:
    """Give every override the line on which it stands."""
    rows = raw.get("overrides")
    if not lines or not isinstance(rows, list):
        return dict(raw)
    told = [{**one, "line": n} if isinstance(one, dict) else one for one, n in zip(rows, lines, strict=True)]
    return {**raw, "overrides": told}


def _placed(fault: Text, lines: Sequence[int]) -> Text:
    """Say the line of an override in place of its number."""
    found = re.match(r"overrides\.(\d+)\.?", fault.en)
    if found is None:
        return fault
    line, end = lines[int(found[1])], found.end()
    return Text(f"overrides（第 {line} 行）{fault.zh[end:]}", f"overrides (line {line}) {fault.en[end:]}")


def _county_file(path: Path) -> Path:
    file = path / "county.toml" if path.is_dir() else path
    if file.is_file():
        return file
    near = sorted(one.name for one in file.parent.glob("*.toml")) if file.parent.is_dir() else []
    zh = f"；该文件夹里有 {'、'.join(near)}" if near else ""
    en = f"; in that folder there is {', '.join(near)}" if near else ""
    if path.suffix != ".toml" and not path.exists():
        zh, en = "；没有这个文件夹，请核对路径", "; there is no such folder, check the path"
    raise CountyFileError(
        Text(
            f"{file}：找不到文件{zh}；新建：riskmap init {path}",
            f"{file}: file not found{en}; make one with: riskmap init {path}",
        )
    )


def _tables(file: Path) -> Mapping[str, Any]:
    text = _text(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        zh, en = f"{file}：TOML 写法有误：{fault}", f"{file}: no TOML: {fault}"
        if "\\" in text:
            zh += r"；Windows 路径请用 / 代替 \，或用单引号：path = 'data\dem.tif'"
            en += r"; a Windows path needs / in place of \, or single quotes: path = 'data\dem.tif'"
        raise CountyFileError(Text(zh, en)) from None


def _text(file: Path) -> str:
    raw = file.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CountyFileError(
            Text(f"{file}：存成了 UTF-16；请另存为 UTF-8 编码", f"{file}: saved as UTF-16; save it again as UTF-8")
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        byte = f"0x{raw[fault.start]:02X}"
        guess = Text("存成了 GBK", "saved as GBK") if _is_gbk(raw) else Text("不是 UTF-8", "not UTF-8")
        raise CountyFileError(
            Text(
                f"{file}：{guess.zh}（第 {line} 行，字节 {byte}）；county.toml 须为 UTF-8 编码，请另存为 UTF-8",
                f"{file}: {guess.en} (byte {byte} on line {line}); county.toml must be UTF-8: save it again as UTF-8",
            )
        ) from None


def _is_gbk(raw: bytes) -> bool:
    try:
        return bool(raw.decode("gb18030"))
    except UnicodeDecodeError:
        return False
