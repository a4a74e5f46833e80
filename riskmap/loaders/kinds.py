"""What a delivered file is, by its content; and for what cannot be read, the export that makes it readable."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from riskmap.loaders.refusal import Refusal, shown
from riskmap.model.text import Text

__all__ = ["FOREIGN_SUFFIXES", "check_kind", "export_step", "kind_of", "kind_of_bytes"]

_HEAD = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"SQLite format 3\0", "sqlite"),
    (0, b"PAR1", "parquet"),
    (0, b"fgb\x03", "flatgeobuf"),
    (6, b"OSMHeader", "osm"),
    (0, b"\x00\x00\x27\x0a", "shapefile"),
    (0, b"WMAP", "mapgis"),
    (4, b"Standard Jet DB", "access"),
    (4, b"Standard ACE DB", "access"),
    (0, b"AC10", "dwg"),
    (0, b"AutoCAD Binary DXF", "dxf"),
    (0, b"Rar!", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "rar"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"%PDF", "pdf"),
    (0, b"EHFA_HEADER_TAG", "img"),
    (0, b"CDF\x01", "netcdf"),
    (0, b"CDF\x02", "netcdf"),
    (0, b"CDF\x05", "netcdf"),
    (0, b"\x89HDF\r\n\x1a\n", "netcdf"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"II+\0", "tiff"),
    (0, b"MM\0+", "tiff"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (0, b"\xff\x4f\xff\x51", "jp2"),
    (0, b"\xff\xd8\xff", "picture"),
    (0, b"\x89PNG", "picture"),
    (0, b"GIF8", "picture"),
    (0, b"BM", "picture"),
)
_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"\s*(999\s*\n.*\n\s*)*0\s*\n\s*SECTION\b", "dxf"),
        (r"\s*(ncols|nrows|xllc)\w*\s+[-\d.]", "asc"),
        (r"EXP\s+[01]\s", "e00"),
        (r"\s*HeadBegin\b", "vct"),
        (r"\s*!table\b", "mapinfo"),
        (r"\s*Version\s+\d+\s*\n\s*Charset\b", "mapinfo"),
    )
)
_ROOTS: Mapping[str, str] = {
    "kml": "kml", "html": "html", "table": "html", "meta": "html", "vrtdataset": "vrt", "ogrvrtdatasource": "ogr-vrt",
    "workbook": "spreadsheet-xml", "featurecollection": "gml",
}  # fmt: skip
_EXCEL = Text("用 Excel 或 WPS 打开，另存为 .xlsx", "open it in Excel or WPS and save it as .xlsx")
_FOREIGN: Mapping[str, tuple[Text, Text]] = {
    "access": (
        Text("Access 数据库（个人地理数据库）", "an Access database (personal geodatabase)"),
        Text(
            "在 ArcMap 中右键要素类，导出到文件地理数据库 (.gdb) 或 Shapefile；纯表格在 Access 中导出为 .xlsx",
            "in ArcMap right-click the feature class, Export > to File Geodatabase (.gdb) or shapefile; plain tables: in Access, External Data > Excel (.xlsx)",
        ),
    ),
    "mapgis": (
        Text("MapGIS 6 的 .wt/.wl/.wp 文件", "a .wt/.wl/.wp file of MapGIS 6"),
        Text(
            "在 MapGIS 6.7 的“文件转换”中选“输出 SHAPE 文件”，连同坐标系一起提交",
            "in MapGIS 6.7 use File conversion (文件转换) > Output SHAPE (输出SHAPE文件), and say its coordinate system",
        ),
    ),
    "dwg": (
        Text("AutoCAD 图形 .dwg", "an AutoCAD drawing (.dwg)"),
        Text(
            "在 AutoCAD 中另存为 .dxf（2010 格式），或用 ArcGIS 导出为 Shapefile",
            "in AutoCAD save it as .dxf (2010), or export it to a shapefile with ArcGIS",
        ),
    ),
    "e00": (
        Text("ArcInfo 交换文件 .e00", "an ArcInfo interchange file (.e00)"),
        Text(
            "用 ArcGIS 的“从 E00 导入”工具转换后导出为 Shapefile",
            "use ArcGIS, Import from E00, then export it to a shapefile",
        ),
    ),
    "vct": (
        Text("国土 VCT 交换文件", "a VCT interchange file"),
        Text(
            "用 MapGIS 或 SuperMap 的数据转换导入后导出为 Shapefile 或 .gdb",
            "import it in MapGIS or SuperMap and export it to a shapefile or .gdb",
        ),
    ),
    "mapinfo": (
        Text("MapInfo 文件", "a MapInfo file"),
        Text("用 MapInfo 的“通用转换器”导出为 Shapefile", "export it with MapInfo's Universal Translator to a shapefile"),
    ),
    "gml": (
        Text("GML 文件", "a GML file"),
        Text("用 QGIS 打开，另存为 GeoPackage", "open it in QGIS and save it as GeoPackage"),
    ),
    "ogr-vrt": (
        Text("指向其他文件的 VRT", "a VRT that points at other files"),
        Text("提交它指向的数据文件本身", "deliver the data file that it points at"),
    ),
    "gdal-command": (
        Text("一条 GDAL 处理命令，不是数据", "a command for GDAL, no data"),
        Text("提交命令的结果文件", "deliver the file that the command makes"),
    ),
    "document": (
        Text("Word、PowerPoint 等办公文档", "an office document, no workbook"),
        Text("把其中的表格复制到 Excel，另存为 .xlsx", "copy its table into Excel and save it as .xlsx"),
    ),
    "pdf": (
        Text("PDF 文件", "a PDF"),
        Text("提交制作它所用的矢量数据或表格", "deliver the vector data or table that it was made from"),
    ),
    "picture": (
        Text("图片", "a picture"),
        Text("提交制作它所用的数据，栅格用 GeoTIFF", "deliver the data it was made from; rasters as GeoTIFF"),
    ),
    "rar": (
        Text("RAR 或 7z 压缩包", "a RAR or 7z archive"),
        Text("解压后提交，或重新压缩为 .zip", "unpack it, or pack it again as .zip"),
    ),
    "gzip": (Text("gzip 压缩包", "a gzip archive"), Text("解压后提交", "unpack it")),
    "encrypted": (
        Text("有密码的工作簿", "a workbook under a password"),
        Text("去掉密码后另存为 .xlsx", "remove the password and save it as .xlsx"),
    ),
    "html": (Text("网页表格（不是真正的工作簿）", "a web page with a table, no real workbook"), _EXCEL),
    "spreadsheet-xml": (Text("XML 表格 2003", "an XML spreadsheet of 2003"), _EXCEL),
}  # fmt: skip
FOREIGN_SUFFIXES: Mapping[str, str] = {
    ".mdb": "access", ".accdb": "access", ".wp": "mapgis", ".wl": "mapgis", ".wt": "mapgis", ".dwg": "dwg",
    ".e00": "e00", ".vct": "vct", ".mif": "mapinfo", ".tab": "mapinfo", ".gml": "gml", ".rar": "rar", ".7z": "rar",
    ".doc": "document", ".docx": "document", ".pdf": "pdf", ".html": "html", ".htm": "html",
}  # fmt: skip
"""Suffixes of formats that are known and not read."""


def kind_of(path: Path) -> str:
    """Tell what a file is from its bytes, whatever its suffix.

    Parameters
    ----------
    path : Path
        File, or the folder of a File GDB.

    Returns
    -------
    str
        ``"shapefile"``, ``"sqlite"``, ``"json"``, ``"kml"``, ``"zip"``, ``"workbook-zip"``, ``"workbook-ole"``, ``"gdb"``,
        ``"text"`` and so on; ``"unknown"`` for other bytes, ``"empty"`` for none.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.shp").write_bytes(b"AC1032" + bytes(100))
    ...     kind_of(Path(folder, "a.shp"))
    'dwg'
    """
    if path.is_dir():
        return "gdb" if any(path.glob("*.gdbtable")) else "folder"
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    return _ole(path) if head.startswith(_OLE) else kind_of_bytes(head)


def kind_of_bytes(head: bytes) -> str:
    """Tell what a file is from its first bytes (archives and office files excepted).

    Examples
    --------
    >>> kind_of_bytes(b"fgb\\x03fgb"), kind_of_bytes(b'{"type": "FeatureCollection"'), kind_of_bytes(b"")
    ('flatgeobuf', 'json', 'empty')
    """
    for at, mark, kind in _MARKS:
        if head.startswith(mark, at) and not (kind == "picture" and len(head) < 60):
            return kind
    return _text(head) if head else "empty"


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {one.lower() for one in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError, IndexError):
        return "zip"
    if "[content_types].xml" in names:
        office = any(one.startswith(("word/", "ppt/")) for one in names)
        return "document" if office else "workbook-zip"
    if any(one.endswith(".kml") for one in names) and not any(one.endswith(".shp") for one in names):
        return "kmz"
    return "zip"


def _ole(path: Path) -> str:
    """Kinds of compound file, by the names of their streams."""
    raw = path.read_bytes()[: 64 << 20]
    for name, kind in (("EncryptedPackage", "encrypted"), ("WordDocument", "document"), ("PowerPoint", "document")):
        if name.encode("utf-16-le") in raw:
            return kind
    return "workbook-ole"


def _text(head: bytes) -> str:
    codec = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(head[:2], "latin-1")
    text = head.removeprefix(b"\xef\xbb\xbf").decode(codec, "replace").lstrip("\ufeff \t\r\n")
    if codec == "latin-1" and b"\0" in head[:512]:
        return "dbf" if head[0] in {0x03, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5} and len(head) > 32 else "unknown"
    if text.startswith(("{", "[")):
        plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), text)
        return "gdal-command" if re.search(r'"type"\s*:\s*"gdal_', plain) else "json"
    if text.startswith("<"):
        root = re.search(r"<(?:\w+:)?([A-Za-z_]\w*)", text)
        return _ROOTS.get(root[1].lower(), "markup") if root else "markup"
    return next((kind for pattern, kind in _TEXTS if pattern.match(text)), "text")


def export_step(kind: str) -> Text | None:
    """Return what to do with a format that is known and not read; None if there is no such format.

    Examples
    --------
    >>> export_step("dwg").zh
    '在 AutoCAD 中另存为 .dxf（2010 格式），或用 ArcGIS 导出为 Shapefile'
    """
    return _FOREIGN[kind][1] if kind in _FOREIGN else None


def check_kind(path: Path, *, allowed: Mapping[str, str]) -> str:
    """Return what a file is, when that is one of the kinds that a reader takes.

    Parameters
    ----------
    path : Path
        The file.
    allowed : mapping of str to str
        Kind -> its name for people.

    Returns
    -------
    str
        Kind.

    Raises
    ------
    LayerError
        It is another kind; the message says which, and the export that makes it readable.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.shp").write_bytes(b"WMAP`D23" + bytes(100))
    ...     try:
    ...         check_kind(Path(folder, "a.shp"), allowed={"shapefile": "shapefile"})
    ...     except Refusal as fault:
    ...         print(fault.what.en)
    is a .wt/.wl/.wp file of MapGIS 6, which is not read
    """
    try:
        kind = kind_of(path)
    except OSError as fault:
        what = Text(f"无法打开（{fault.strerror}）", f"cannot be opened ({fault.strerror})")
        raise Refusal(path.name, what, Text("关闭占用它的程序", "close the program that holds it")) from None
    if kind in allowed:
        return kind
    if kind in _FOREIGN:
        name, cure = _FOREIGN[kind]
        raise Refusal(
            path.name, Text(f"是{name.zh}，不能读取", f"is {name.en}, which is not read"), cure, rule="wrong-format"
        )
    listed = ", ".join(dict.fromkeys(allowed.values()))
    names = {"empty": Text("是空文件", "is empty"), "folder": Text("是普通文件夹", "is a plain folder")}
    content = shown(kind)
    what = names.get(
        kind,
        Text(
            f"文件损坏或内容（{content}）不是可读格式",
            f"damaged, or nothing that can be read by its content ({content})",
        ),
    )
    raise Refusal(
        path.name, what, Text(f"可用：{listed}；或重新复制该文件", f"allowed: {listed}; or copy the file again")
    )
