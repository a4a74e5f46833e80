"""Sheets to fill in: the catalogue of layers laid out as workbooks."""

import re
from pathlib import Path

from riskmap.errors import CountyFileError
from riskmap.loaders.headers import split_header
from riskmap.loaders.units_of_measure import bounds_words, unit_words
from riskmap.model import Text
from riskmap.model.layers import Field, LayerSpec
from riskmap.standards import layer_specs
from riskmap.writers import Column, write_template

__all__ = ["sheet_columns", "template_layers", "template_name", "write_templates"]

_PLACES = (
    Field(name="lon", title=Text("经度", "Longitude"), dtype="number", required=True, low=73, high=136),
    Field(name="lat", title=Text("纬度", "Latitude"), dtype="number", required=True, low=3, high=54),
)
_TYPES = {
    "text": Text("文字", "text"),
    "code": Text("代码（按文本填写，保留前面的零）", "code (as text, leading zeros kept)"),
    "integer": Text("整数", "whole number"),
    "number": Text("数", "number"),
    "date": Text("日期，如 2019-07-01", "date, such as 2019-07-01"),
    "yesno": Text("是 或 否", "yes or no (是, 否)"),
}
_DATE = "2026-01-01"


def template_layers() -> dict[str, LayerSpec]:
    """Layers that can be filled in by hand: tables, and points with longitude and latitude.

    Returns
    -------
    dict of str to LayerSpec
        In the order of the catalogue.

    Examples
    --------
    >>> "shelters" in template_layers(), "dem" in template_layers()
    (True, False)
    """
    return {name: one for name, one in layer_specs().items() if one.kind in {"table", "point"} and not one.derived}


def template_name(spec: LayerSpec) -> str:
    """File of a layer's sheet, by which `riskmap init` knows it again.

    Examples
    --------
    >>> template_name(layer_specs()["villages"])
    '村_社区_villages.xlsx'
    """
    plain = re.sub(r"[^0-9A-Za-z\u4e00-\u9fff]+", "_", spec.title.zh).strip("_")
    return f"{plain}_{spec.name}.xlsx"


def sheet_columns(spec: LayerSpec) -> list[Column]:
    """Columns of a layer's sheet: header with its unit, type, range and list of values.

    Parameters
    ----------
    spec : LayerSpec
        A table, or points (then longitude and latitude are added).

    Returns
    -------
    list of Column

    Examples
    --------
    >>> [one.header for one in sheet_columns(layer_specs()["rain_design"])]
    ['重现期(年)', '历时(h)', '雨量(mm)', '站号']
    """
    fields = [*spec.fields, *_PLACES] if spec.kind == "point" else list(spec.fields)
    return [_column(one) for one in fields]


def _column(field: Field) -> Column:
    unit = _unit(field)
    told = [_TYPES[field.dtype], Text("必填", "required") if field.required else Text("可空", "may be empty")]
    if field.name in {"lon", "lat"}:
        told.append(Text("十进制度，CGCS2000", "decimal degrees, CGCS2000"))
    own = unit in {"", unit_words(field.unit).zh}
    bounded = (field.low is not None or field.high is not None) and own
    if bounded:
        told.append(bounds_words(field.low, field.high))
    if field.codes:
        told.append(Text(f"取值：{'、'.join(field.codes)}", f"one of {', '.join(field.codes)}"))
    if field.personal:
        told.append(Text("个人信息，不写入成果", "personal data, kept out of the outputs"))
    return Column(
        header=f"{field.title.zh}({unit})" if unit else field.title.zh,
        note=Text("；".join(one.zh.strip() for one in told), "; ".join(one.en for one in told)),
        kind=field.dtype,
        required=field.required,
        low=field.low if own else None,
        high=field.high if own else None,
        choices=("是", "否") if field.dtype == "yesno" else field.codes,
    )


def _unit(field: Field) -> str:
    """Unit that such tables use: the one in a header in use (万元, 亩), else the field's own."""
    used = [one.rstrip(")").rpartition("(")[2] for one in field.aliases if "(" in one and split_header(one)[1]]
    return used[0] if used else unit_words(field.unit).zh


def write_templates(folder: str | Path) -> list[Path]:
    """Write a workbook to fill in for every layer that can be filled in by hand.

    Parameters
    ----------
    folder : path
        Made if it is not there; a workbook that is there already is never replaced.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    CountyFileError
        One of the files is there already.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     len(write_templates(folder)) == len(template_layers())
    True
    """
    folder = Path(folder)
    targets = {name: folder / template_name(one) for name, one in template_layers().items()}
    there = [path.name for path in targets.values() if path.exists()]
    if there:
        raise CountyFileError(
            Text(
                f"{folder}：已有 {'、'.join(there)}，可能已经填过；请写另一个文件夹",
                f"{folder}: holds {', '.join(there)} already, perhaps filled in; name another folder",
            )
        )
    for name, path in targets.items():
        spec = layer_specs()[name]
        write_template(path, spec.title.zh, sheet_columns(spec), notes=_notes(spec), date=_DATE)
    return list(targets.values())


def _notes(spec: LayerSpec) -> list[str]:
    return [
        str(Text(f"填报表：{spec.title.zh}", f"Sheet to fill in: {spec.title.en}")),
        "一行一条记录，从第 2 行起填写；表头不要改动。红色表头必填，其他没有值就留空，不要写“无”“不详”。",
        (
            "One record a row, from row 2; leave the headers as they are. Red headers are required; leave others empty "
            "where there is no value."
        ),
        "数值按表头括号中的单位填写，只写数字。有下拉框的列从中选择。",
        "Numbers in the unit of the header, digits only. Choose from the drop-down where there is one.",
        "填好后把文件放入县文件夹，运行 riskmap init 或在 county.toml 写明。没有填写的表不会被采用。",
        (
            "Put the file into the county folder and run riskmap init, or name it in county.toml. A sheet without records "
            "is passed over."
        ),
    ]
