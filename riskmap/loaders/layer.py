"""One delivered vector file or table -> one checked layer."""

from collections.abc import Sequence

from riskmap.loaders.files import file_hash
from riskmap.loaders.quality import check_records, located
from riskmap.loaders.records import Where, deliver, read_records
from riskmap.loaders.refusal import Refusal
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Finding, Layer, LayerSource, LayerSpec
from riskmap.model.text import Text

__all__ = ["Where", "deliver", "read_layer"]


def read_layer(
    entry: LayerEntry, spec: LayerSpec, *, where: Where, also: Sequence[str] = (), placed: bool = True
) -> tuple[Layer, tuple[Finding, ...]]:
    """Read and check one vector layer or table.

    Parameters
    ----------
    entry : LayerEntry
        ``[layers.<name>]``.
    spec : LayerSpec
        What it should be.
    where : Where
        What is known of the county.
    also : sequence of str
        Kinds of shape that are taken besides the spec's own.
    placed : bool
        False: a table without coordinates will do (names of townships).

    Returns
    -------
    layer : Layer
        Declared columns that were delivered, typed (see `read_column`), in the analysis system; records with
        errors, closed ones and repeated ones left out; rows numbered from 0. Coordinate-less kinds are DataFrames.
    findings : tuple of Finding
        With row, key and place.

    Raises
    ------
    LayerError
        The layer cannot be used: unreadable, empty, required columns missing, not in this county.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from riskmap.standards import layer_spec
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "y.csv").write_text("乡镇代码,GDP(万元)\\n140930100,5\\n", encoding="utf-8")
    ...     layer, found = read_layer(LayerEntry(path="y.csv"), layer_spec("yearbook"), where=Where(folder=Path(folder)))
    >>> layer.data.to_dict("records")
    [{'code': '140930100000', 'gdp_yuan': 50000.0}]
    """
    records = read_records(entry, spec, where=where, also=also, placed=placed)
    path, table, findings = where.folder / entry.path, records.frame, list(records.findings)
    checked = check_records(table, spec, against=where.against, found=findings)
    findings += checked.findings
    if not len(checked.frame):
        what = Text(f"{len(table)} 条记录都不能用", f"none of the {len(table)} records can be used")
        raise Refusal(path.name, what, Text("按检查结果改正", "correct what the check found"), rule="empty-layer")
    source = LayerSource(
        path=entry.path,
        sha256=file_hash(path),
        encoding=records.raw.encoding,
        crs=records.crs,
        licence=entry.licence,
        source=entry.source,
        rows_read=len(records.raw.frame),
        rows_kept=len(checked.frame),
        secrecy=entry.secrecy or spec.secrecy,
    )
    rows = checked.frame.index.to_numpy("int64")
    layer = Layer(spec=spec, data=checked.frame.reset_index(drop=True), source=source, rows=rows)
    return layer, located(findings, table, spec)
