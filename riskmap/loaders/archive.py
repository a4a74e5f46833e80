"""Archives, looked through before anything in them is opened: how many files, how large, under which names."""

import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from riskmap.loaders.limits import MOST_MEMBERS, MOST_SQUEEZED, MOST_UNPACKED, SMALL_UNPACKED
from riskmap.loaders.refusal import Refusal, shown
from riskmap.model.text import Text

__all__ = ["check_markup", "has_doctype", "member_name", "members", "unpacked"]

_AGAIN = Text("重新压缩或重新复制该文件", "pack or copy the file again")
_HEAD = 1 << 20
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def members(path: Path) -> list[str]:
    """Names of the files in a zip archive, after its claims were checked.

    Parameters
    ----------
    path : Path
        Archive (also a workbook or a KMZ).

    Returns
    -------
    list of str
        As they stand in the archive; folders left out.

    Raises
    ------
    LayerError
        Damaged, under a password, names that lead out of the archive, more files or bytes than
        `riskmap.loaders.limits` allow, or squeezed more than real data ever are.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with zipfile.ZipFile(Path(folder, "a.zip"), "w") as file:
    ...         file.writestr("../../x.shp", b"")
    ...     try:
    ...         members(Path(folder, "a.zip"))
    ...     except Refusal as fault:
    ...         print(fault.what.en)
    the name '../../x.shp' in it leads out of the archive
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError, IndexError) as fault:
        cause = shown(fault, most=100)
        what = Text(f"压缩包损坏（{cause}）", f"the archive is damaged ({cause})")
        raise Refusal(path.name, what, _AGAIN) from None
    total = sum(one.file_size for one in entries)
    size = max(path.stat().st_size, 1)
    if len(entries) > MOST_MEMBERS:
        raise _too_large(path, f"{len(entries):,} files", f"{len(entries):,} 个文件", f"{MOST_MEMBERS:,}")
    if total > MOST_UNPACKED or (total > SMALL_UNPACKED and total > MOST_SQUEEZED * size):
        limit = f"{MOST_UNPACKED >> 30} GB, {MOST_SQUEEZED} x"
        raise _too_large(path, f"{total:,} bytes from {size:,}", f"由 {size:,} 字节解出 {total:,} 字节", limit)
    for one in entries:
        parts = PurePosixPath(one.filename.replace("\\", "/")).parts
        if ".." in parts or one.filename.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", one.filename):
            name = shown(member_name(one.filename))
            what = Text(f"压缩包内的文件名“{name}”指向压缩包之外", f"the name '{name}' in it leads out of the archive")
            cure = Text("只压缩数据文件本身", "pack the data files themselves, without outside folders")
            raise Refusal(path.name, what, cure, rule="unsafe-path")
        if one.flag_bits & 1:
            what = Text("压缩包有密码", "the archive is under a password")
            raise Refusal(path.name, what, Text("不加密码重新压缩", "pack it again without a password"))
    return [one.filename for one in entries]


def _too_large(path: Path, en: str, zh: str, limit: str) -> Refusal:
    what = Text(f"压缩包会解出过多内容：{zh}（上限 {limit}）", f"the archive unpacks to {en}; allowed: {limit}")
    cure = Text("只压缩需要的数据文件", "pack only the data files that are needed")
    return Refusal(path.name, what, cure, rule="absurd-size")


def member_name(name: str) -> str:
    """Name of an archived file as it was written where the archive says nothing of its encoding (GBK, in China).

    Examples
    --------
    >>> member_name("避难场所.shp".encode("gbk").decode("cp437"))
    '避难场所.shp'
    """
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for codec in ("ascii", "utf-8", "gbk"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return name


def unpacked(path: Path, name: str, *, most: int = -1) -> bytes:
    """Bytes of one file of an archive, never more than it claims to have.

    Parameters
    ----------
    path : Path
        Archive that `members` has checked.
    name : str
        One of those names.
    most : int
        Only so many bytes from its beginning; all when negative.

    Returns
    -------
    bytes

    Raises
    ------
    LayerError
        Its bytes are damaged.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with zipfile.ZipFile(Path(folder, "a.zip"), "w") as file:
    ...         file.writestr("x.txt", b"12345")
    ...     unpacked(Path(folder, "a.zip"), "x.txt", most=2)
    b'12'
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            return file.read(most)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        cause = f"{member_name(name)}: {shown(fault, most=100)}"
        what = Text(f"压缩包损坏（{cause}）", f"the archive is damaged ({cause})")
        raise Refusal(path.name, what, _AGAIN) from None


def has_doctype(head: bytes) -> bool:
    """Say whether markup declares a document type or entities: data never need them, and they can blow up.

    Examples
    --------
    >>> has_doctype(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc">]>'), has_doctype(b"<kml/>")
    (True, False)
    """
    return bool(_DOCTYPE.search(head.replace(b"\0", b"")))


def check_markup(path: Path, names: Iterable[str] = ()) -> None:
    """Refuse markup that declares a document type or entities.

    Parameters
    ----------
    path : Path
        A markup file, or the archive that holds it.
    names : iterable of str
        Files in the archive; none if `path` is the markup itself.

    Raises
    ------
    LayerError
        One of them does.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.kml").write_text("<kml/>", encoding="utf-8")
    ...     check_markup(Path(folder, "a.kml"))
    """
    inside = list(names)
    for name in inside or [""]:
        if name:
            head = unpacked(path, name, most=_HEAD)
        else:
            with path.open("rb") as file:
                head = file.read(_HEAD)
        if has_doctype(head):
            place = f" ({member_name(name)})" if name else ""
            what = Text(
                f"其 XML 声明了 DOCTYPE 或实体{place}，可能在读取时膨胀",
                f"its XML declares a document type or entities{place}, which can blow up on reading",
            )
            cure = Text("用原软件重新导出", "export it again from the software that made it")
            raise Refusal(path.name, what, cure, rule="unsafe-markup")
