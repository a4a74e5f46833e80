"""Division codes: one length, one edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskmap.loaders.refusal import Refusal, few
from riskmap.loaders.table import is_table, read_table
from riskmap.loaders.vector import read_vector
from riskmap.model.county import CodeTable
from riskmap.model.layers import Field, Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["CodeJoin", "division_codes", "full_code", "read_codes"]

_DIVISIONS: Mapping[str, tuple[str, ...]] = {
    "villages": ("code", "township_code"),
    "townships": ("code",),
    "yearbook": ("code",),
}
"""Columns of division codes beside those called ``township_code`` and ``village_code`` everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeJoin:
    """Old division codes and the new ones that stand for them.

    Parameters
    ----------
    new : mapping of str to str
        Twelve-digit old code -> twelve-digit new code.
    """

    new: Mapping[str, str] = field(default_factory=dict)


def full_code(code: str) -> str:
    """Twelve digits of a division code that was cut after the county (6) or the township (9).

    Examples
    --------
    >>> full_code("140930100"), full_code("140930100201")
    ('140930100000', '140930100201')
    """
    return code.ljust(12, "0") if code.isdigit() and len(code) in {6, 9} else code


def read_codes(table: CodeTable, *, folder: Path) -> CodeJoin:
    """Read the table that joins places across code editions.

    Parameters
    ----------
    table : CodeTable
        ``[codes]`` of county.toml.
    folder : Path
        Of county.toml.

    Returns
    -------
    CodeJoin

    Raises
    ------
    LayerError
        The table cannot be read, lacks one of the two columns, or gives one old code two new ones.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as where:
    ...     _ = Path(where, "c.csv").write_text("old_code,new_code\\n140930100,140930200\\n", encoding="utf-8")
    ...     dict(read_codes(CodeTable(path="c.csv"), folder=Path(where)).new)
    {'140930100000': '140930200000'}
    """
    path = folder / table.path
    names = (table.old, table.new)
    fields = tuple(Field(name=one, title=Text(one, one), dtype="code", required=True) for one in names)
    spec = LayerSpec(name="codes", title=Text("代码对照表", "Code table"), kind="table", fields=fields)
    frame = (read_table if is_table(path) else read_vector)(path, spec).frame
    gone = [one for one in names if one not in frame]
    if gone:
        what = Text(f"没有列 {few(gone)}", f"has no column {few(gone)}")
        raise Refusal(
            path.name,
            what,
            Text(
                f"文件中有：{few(frame.columns)}",
                f"the file has {few(frame.columns)}; name them as old and new under [codes]",
            ),
        )
    pairs = (
        frame[list(names)]
        .dropna()
        .astype(str)
        .map(lambda one: full_code(one.strip().removesuffix(".0")))
        .drop_duplicates()
    )
    twice = pairs[pairs[table.old].duplicated()][table.old]
    if len(twice):
        what = Text(f"旧代码对应多个新代码：{few(twice)}", f"old codes with several new ones: {few(twice)}")
        raise Refusal(path.name, what, Text("每个旧代码只写一行", "one row for each old code"))
    return CodeJoin(new=dict(zip(pairs[table.old], pairs[table.new], strict=True)))


def division_codes(frame: Any, spec: LayerSpec, codes: CodeJoin) -> tuple[Any, list[Finding]]:
    """Bring the division codes of a layer to twelve digits and to the new edition.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Typed.
    spec : LayerSpec
        Says which columns hold division codes.
    codes : CodeJoin
        Old -> new.

    Returns
    -------
    frame : DataFrame or GeoDataFrame
        New; other columns untouched.
    findings : list of Finding
        A note with the number of codes that were joined.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskmap.standards import layer_spec
    >>> table = pd.DataFrame({"code": ["140930100"]})
    >>> division_codes(table, layer_spec("yearbook"), CodeJoin())[0]["code"].tolist()
    ['140930100000']
    """
    findings = []
    for column in dict.fromkeys((*_DIVISIONS.get(spec.name, ()), "township_code", "village_code")):
        if column not in frame:
            continue
        full = frame[column].map(full_code)
        joined = full.map(lambda one: codes.new.get(one, one))
        frame = frame.assign(**{column: joined.astype("str")})
        count = int((joined != full).sum())
        if count:
            what = Text(
                f"{count} 个旧代码已按对照表换成新代码", f"{count} old codes were joined to new ones by the code table"
            )
            cure = Text("无需处理", "nothing to do")
            findings.append(
                Finding(
                    rule="codes-joined",
                    severity="note",
                    layer=spec.name,
                    field=spec.field(column).title.zh,
                    message=what,
                    cure=cure,
                    mended=True,
                )
            )
    return frame, findings
