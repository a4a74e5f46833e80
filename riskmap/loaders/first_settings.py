"""The first county.toml of a folder of deliveries, as text with comments."""

from collections.abc import Sequence

from riskmap.loaders.scout import Found
from riskmap.standards import layer_specs

__all__ = ["county_template"]

_CELLS_M = (5, 10, 20, 30, 50, 90, 100, 250, 500, 1000)


def county_template(folder: str, found: Sequence[Found]) -> str:
    """Text of a commented county.toml for a folder of deliveries.

    Parameters
    ----------
    folder : str
        Name of the folder, which stands for the county's name until it is filled in.
    found : sequence of Found
        From `describe_folder`.

    Returns
    -------
    str
        One page of TOML: what must be filled in is marked, files that were not recognised are commented out.

    Examples
    --------
    >>> print(county_template("hequ", [Found(path="dem.tif", layer="dem", kind="raster", crs="EPSG:4490")]).splitlines()[-1])
    path = "dem.tif"
    """
    lines = [
        "# 县级自然灾害风险区划设置。填好带“填写 FILL IN”的各项并删去这几个字，再运行：riskmap check .",
        "# Settings of a county. Fill in what says FILL IN, take these words away, then run: riskmap check .",
        "",
        f'name = {{zh = "{_quoted(folder)}", en = "{_quoted(folder)}"}}    # 填写 FILL IN: 县名，中英文 county, in Chinese and English',
        'code = ""                # 填写 FILL IN: 六位行政区划代码 six digits (GB/T 2260), such as "140930"',
        'date = "2026-01-01"      # 填写 FILL IN: 成果日期 date of the edition, printed on every output',
        f"cell_size_m = {_cell(found)}".ljust(25) + "# 分析格网 analysis cell, metres",
        f'units = "{_units(found)}"       # 村、乡镇或 30 弧秒格网 villages, townships, or grid30s (30 arc-second cells)',
        '# crs = "EPSG:4546"      # 分析坐标系 analysis system; by default the CGCS2000 3-degree zone of the county',
        '# output = "derived"',
    ]
    known = [one for one in found if one.layer]
    for one in sorted(known, key=lambda entry: list(layer_specs()).index(entry.layer)):
        lines += ["", *_table(one)]
    strange = [one for one in found if not one.layer]
    if strange:
        lines += ["", "# 未采用的文件 files that are not taken (layers: " + ", ".join(_deliverable()) + ")"]
    for one in strange:
        what = " ".join(one.note.split())[:100] or f"{one.kind} {' '.join(list(one.columns)[:12])}".strip()
        lines.append(f"# {_quoted(one.path)}{f' [{_quoted(one.part)}]' if one.part else ''}    {what}")
    return "\n".join(lines) + "\n"


def _table(one: Found) -> list[str]:
    lines = [f"[layers.{one.layer}]", f'path = "{_quoted(one.path)}"']
    if one.part:
        lines.append(f'{"sheet" if one.path.lower().endswith((".xlsx", ".xlsm")) else "layer"} = "{_quoted(one.part)}"')
    if one.columns:
        pairs = ", ".join(f'{name} = "{_quoted(header)}"' for name, header in one.columns.items())
        lines.append(f"# columns = {{{pairs}}}    # 自动识别，要改才写 found by itself; needed only to change it")
    if one.encoding:
        lines.append(f"# encoding: {one.encoding}")
    if one.kind == "raster" and not one.crs:
        lines.append('crs = "EPSG:4490"    # 填写 FILL IN: 文件没有写明 the file states none')
    return lines


def _cell(found: Sequence[Found]) -> int:
    """Cell nearest to that of the elevation; 30 m where there is none."""
    cell = next((one.cell_m for one in found if one.layer == "dem" and one.cell_m), 30.0)
    return min(_CELLS_M, key=lambda size: abs(size - cell))


def _units(found: Sequence[Found]) -> str:
    layers = {one.layer for one in found}
    return next((name for name in ("villages", "townships") if name in layers), "grid30s")


def _deliverable() -> list[str]:
    return [name for name, layer in layer_specs().items() if not layer.derived]


def _quoted(text: str) -> str:
    return text.replace("\\", "/").replace('"', '\\"').replace("\n", " ")
