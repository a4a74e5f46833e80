"""Which bytes are which characters: the chain of guesses, and texts that were once decoded wrongly."""

import codecs
import re
from collections.abc import Iterable

import numpy as np

from riskmap.loaders.refusal import Refusal
from riskmap.model.text import Text

__all__ = ["codec_of", "dbf_encoding", "decode", "unscramble"]

_LDID = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
"""Language driver byte (offset 29 of a DBF) -> codec; others say nothing about Chinese."""

_SILENT = frozenset({"iso8859-1", "cp1252", "ascii", "latin_1"})
"""Codecs that software writes by default and that decode any bytes: no evidence."""

_CJK = re.compile(r"[\u4e00-\u9fff]")
_COMMON_PAIRS = re.compile(r"([\x00-\x7f]*[\u00b0-\u00d7][\u00a1-\u00fe])+[\x00-\x7f]*")
"""Latin letters that are byte pairs of the common characters of GB 2312; words of other languages hardly ever are."""

_CURE = Text(
    "在 county.toml 写明正确的 encoding，或重新导出为 UTF-8",
    "state the right encoding in county.toml, or export as UTF-8",
)


def codec_of(label: str) -> str:
    """Name of the Python codec for what a .cpg or a person writes; ``""`` if it is none.

    GBK, GB2312, CP936 and their like all become GB18030, of which they are subsets.

    Examples
    --------
    >>> codec_of("ANSI 936"), codec_of("65001"), codec_of("UTF8"), codec_of("?")
    ('gb18030', 'utf-8', 'utf-8', '')
    """
    plain = label.strip().lower().removeprefix("ansi").strip(" -_")
    plain = {"65001": "utf-8", "936": "gb18030", "950": "big5", "": "?"}.get(plain, plain)
    try:
        name = codecs.lookup(plain).name
    except LookupError:
        return ""
    return "gb18030" if name in {"gbk", "gb2312"} else name


def decode(raw: bytes, *, declared: str = "", where: str = "") -> tuple[str, str]:
    """Decode a text file: declared encoding, else byte order mark, strict UTF-8, GB18030.

    Parameters
    ----------
    raw : bytes
        The whole file.
    declared : str
        Encoding stated in ``county.toml``.
    where : str
        File, for messages.

    Returns
    -------
    text : str
        Content without byte order mark.
    label : str
        Encoding and how it was decided.

    Raises
    ------
    LayerError
        The declared encoding (or none of the chain) decodes the bytes; line and byte are named. Or the
        declared one decodes them into characters that are plainly another encoding's.

    Examples
    --------
    >>> decode("村名,人口".encode("gbk"))
    ('村名,人口', 'GB18030 (fallback)')
    """
    if declared:
        return _declared(raw, declared, where), f"{declared} (declared)"
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            name = codec.removesuffix("-sig").upper()
            try:
                return raw.decode(codec), f"{name} (byte order mark)"
            except UnicodeDecodeError as fault:
                raise _undecodable(raw, fault, name, where) from None
    try:
        return raw.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as fault:
        first = fault
    try:
        return raw.decode("gb18030"), "GB18030 (fallback)"
    except UnicodeDecodeError:
        raise _undecodable(raw, first, "UTF-8 / GB18030", where) from None


def _declared(raw: bytes, declared: str, where: str) -> str:
    codec = codec_of(declared)
    try:
        text = raw.decode("utf-8-sig" if codec == "utf-8" else codec)
    except UnicodeDecodeError as fault:
        raise _undecodable(raw, fault, declared, where) from None
    mended = unscramble(text.splitlines()[:200])
    if mended:
        raise _scrambled(where, declared, *mended)
    return text


def _undecodable(raw: bytes, fault: UnicodeDecodeError, name: str, where: str) -> Refusal:
    at = min(fault.start, len(raw) - 1)
    line = raw[:at].count(b"\n") + 1
    byte = f"0x{raw[at]:02X}"
    return Refusal(
        where,
        Text(f"第 {line} 行的字节 {byte} 不是 {name} 编码", f"byte {byte} on line {line} is not {name}"),
        _CURE,
        rule="wrong-encoding",
    )


def _scrambled(where: str, used: str, before: str, after: str) -> Refusal:
    return Refusal(
        where,
        Text(
            f"按 {used} 读出乱码“{before}”（应为“{after}”）",
            f"read as {used} it gives garbled text '{before}' (should be '{after}')",
        ),
        _CURE,
        rule="garbled-text",
    )


def unscramble(values: Iterable[str]) -> tuple[str, str] | None:
    """Find text that was once decoded with the wrong encoding (乱码).

    UTF-8 read as GBK, and GBK or UTF-8 read as Latin-1, are undone; a text counts as garbled when that
    works without loss and gives Chinese. More than half of the non-ASCII values must.

    Parameters
    ----------
    values : iterable of str
        Values of one column, or lines of a file.

    Returns
    -------
    tuple of str, or None
        First garbled value and what it should be; None if the texts are fine.

    Examples
    --------
    >>> unscramble(["河曲县文笔镇".encode().decode("gbk")])[1]
    '河曲县文笔镇'
    >>> unscramble(["河曲县", "Hequ"]) is None
    True
    """
    wide = [one for one in dict.fromkeys(values) if not one.isascii()]
    pairs = [(one, back) for one in wide if (back := put_right(one)) is not None]
    return pairs[0] if pairs and len(pairs) * 2 > len(wide) else None


def put_right(text: str) -> str | None:
    """Text before a wrong decoding; None where there was none.

    Examples
    --------
    >>> put_right("ºÓÇúÏØ")
    '河曲县'
    """
    for wrong, right in (("gb18030", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb2312")):
        try:
            back = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        if wrong == "gb18030" and len(_CJK.findall(text)) < 2:
            continue
        if right == "gb2312" and not _COMMON_PAIRS.fullmatch(text):
            continue
        if len(_CJK.findall(back)) >= max(1, sum(not one.isascii() for one in back) - 1) and back != text:
            return back
    return None


def dbf_encoding(raw: bytes, *, cpg: str = "", declared: str = "", where: str = "") -> tuple[str, str, bool]:
    """Decide the text encoding of a DBF table: declared, .cpg, language byte, strict UTF-8, GB18030.

    Parameters
    ----------
    raw : bytes
        The whole DBF.
    cpg : str
        Content of the .cpg file, ``""`` without one.
    declared : str
        Encoding stated in ``county.toml``.
    where : str
        File, for messages.

    Returns
    -------
    codec : str
        For reading.
    label : str
        Encoding and how it was decided, for the record.
    wrong_cpg : bool
        The .cpg named an encoding that does not fit the bytes, and was passed over.

    Raises
    ------
    LayerError
        The declared encoding, or none of the chain, fits the bytes; the record and byte are named.

    Examples
    --------
    >>> header = bytearray(32); header[8] = 33; header[10] = 1; header[29] = 0x4D
    >>> dbf_encoding(bytes(header) + b"\\r")[:2]
    ('gb18030', 'GB18030 (language byte)')
    """
    texts = _dbf_texts(raw)
    chain = [
        (codec_of(cpg), ".cpg"),
        (_LDID.get(raw[29], ""), "language byte"),
        ("utf-8", "strict"),
        ("gb18030", "fallback"),
    ]
    if declared:
        chain = [(codec_of(declared), "declared")]
    wrong_cpg, first = False, None
    for codec, how in chain:
        if not codec or (codec in _SILENT and not declared):
            continue
        fault = _misfit(texts, codec)
        if fault is None:
            return codec, f"{codec.upper()} ({how})", wrong_cpg
        first = first or (codec.upper(), fault)
        wrong_cpg = wrong_cpg or how == ".cpg"
    name, (record, found) = first or ("", (0, ""))
    what = Text(f"第 {record} 条记录 {found} 不是 {name} 编码", f"record {record}: {found} is not {name}")
    raise Refusal(where, what, _CURE, rule="wrong-encoding")


def _misfit(texts: list[tuple[int, bytes]], codec: str) -> tuple[int, str] | None:
    """First record whose bytes are not in this codec (a character cut at the field's end is forgiven)."""
    decoded = []
    for record, value in texts:
        try:
            decoded.append(codecs.getincrementaldecoder(codec)().decode(value, final=False))
        except UnicodeDecodeError as fault:
            return record, f"byte 0x{value[fault.start]:02X}"
    if codec == "gb18030" and texts and sum(len(value) for _, value in texts) >= 6:
        right = [_utf8(value) for _, value in texts]
        if all(right):  # whole columns of GB 18030 text are never UTF-8 by chance
            return texts[0][0], f"'{decoded[0]}' (should be '{right[0]}')"
    return None


def _utf8(value: bytes) -> str:
    """Text of bytes that are UTF-8, but for a character cut at the end; empty if they are not."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(value, final=False)
    except UnicodeDecodeError:
        return ""


def _dbf_texts(raw: bytes) -> list[tuple[int, bytes]]:
    """Distinct non-ASCII texts of a DBF with their record number (field names have number 0)."""
    start, size = int.from_bytes(raw[8:10], "little"), int.from_bytes(raw[10:12], "little")
    ends = range(32, min(start, len(raw)) - 32, 32)
    fields = [raw[n : n + 32] for n in ends if raw[n] != 0x0D]
    texts = [(0, name) for one in fields if not (name := one[:11].split(b"\0")[0]).isascii()]
    count = (len(raw) - start) // size if size else 0
    if count <= 0:
        return texts
    table = np.frombuffer(raw, np.uint8, count * size, start).reshape(count, size)
    at = 1
    for one in fields:
        width = one[16] + (256 * one[17] if one[11:12] == b"C" else 0)
        if at + width > size:
            break  # the header lies: reading will tell
        if one[11:12] == b"C" and width:
            block = np.ascontiguousarray(table[:, at : at + width])
            wide = np.flatnonzero((block > 127).any(axis=1))
            values, first = np.unique(block[wide].view(f"S{width}").ravel(), return_index=True)
            texts += [(int(wide[n]) + 1, value.rstrip()) for value, n in zip(values.tolist(), first, strict=True)]
        at += width
    return texts
