"""Two deliveries of one layer, record by record: added, removed, moved, changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.errors import LayerError
from riskmap.loaders import Where
from riskmap.loaders.ground import Ground, lay_ground
from riskmap.loaders.records import Records, read_records
from riskmap.model import County, Text
from riskmap.model.comparison import Comparison, Difference
from riskmap.model.county import LayerEntry
from riskmap.model.layers import LayerSpec
from riskmap.pipeline.county import open_county
from riskmap.spatial import zone_crs
from riskmap.standards import layer_spec, layer_specs

__all__ = ["compare", "compare_records"]

MOVED_M = 10.0
"""Records that lie farther than this from where they were are moved, unless asked otherwise."""


def compare(
    old: str | Path, new: str | Path, *, layer: str, key: Sequence[str] = (), moved_m: float = MOVED_M
) -> Comparison:
    """Compare two deliveries of one layer by their keys.

    Parameters
    ----------
    old, new : path
        A delivered file, or a county folder (then its file of the layer). A file is read as the county on the other
        side says, where there is one.
    layer : str
        Name of the layer in the catalogue.
    key : sequence of str
        Columns that together name a record; by default the layer's key.
    moved_m : float
        Distance above which a record counts as moved, metres.

    Returns
    -------
    Comparison

    Raises
    ------
    LayerError
        A file cannot be read, or no column names the records.
    StandardError
        No such layer.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, people in (("a", 5), ("b", 7)):
    ...         _ = Path(folder, f"{name}.csv").write_text(f"乡镇代码,人口\\n140930100,{people}\\n", encoding="utf-8")
    ...     got = compare(Path(folder, "a.csv"), Path(folder, "b.csv"), layer="yearbook")
    >>> [(one.kind, one.key, one.field.zh, one.old, one.new) for one in got.differences]
    [('changed', '140930100000', '常住人口', '5', '7')]
    """
    spec = layer_spec(layer)
    if spec.kind == "raster" or spec.derived:
        raise LayerError(
            Text(
                f"{layer}：是栅格；只能对比有记录的图层（表格、矢量）",
                f"{layer}: is a raster; only records can be compared, layers of tables or shapes",
            )
        )
    sides = [_county(Path(old)), _county(Path(new))]
    known = next((one for one in sides if one is not None and layer in one.layers), None)
    ground = None if known is None else _ground(known)
    near = None if ground is None else ground.near
    records = [
        _read(Path(path), one, spec, known=known, near=near) for path, one in zip((old, new), sides, strict=True)
    ]
    names = tuple(key) or _key(spec, records)
    found = compare_records(records[0].frame, records[1].frame, spec, key=names, moved_m=moved_m)
    was, now = (set(one.columns.found) for one in records)
    titles = {one.name: one.title for one in spec.fields}
    columns = {
        "added": tuple(titles[one] for one in titles if one in now - was),
        "removed": tuple(titles[one] for one in titles if one in was - now),
    }
    outline = None
    if ground is not None and found.shapes is not None:
        outline = ground.outline.to_crs(found.shapes.crs)
    return replace(found, old=str(old), new=str(new), columns=columns, outline=outline)


def _county(path: Path) -> County | None:
    folder = path.is_dir() and path.suffix.lower() != ".gdb"
    return open_county(path) if folder or path.suffix.lower() == ".toml" else None


def _ground(county: County) -> Ground | None:
    try:
        return lay_ground(county, layer_specs())
    except LayerError:
        return None


def _read(path: Path, county: County | None, spec: LayerSpec, *, known: County | None, near: Any) -> Records:
    if county is not None:
        if spec.name not in county.layers:
            raise LayerError(
                Text(
                    f"{path}：county.toml 里没有 [layers.{spec.name}]；请直接写文件",
                    f"{path}: its county.toml has no [layers.{spec.name}]; name the file itself",
                )
            )
        return _records(county.layers[spec.name], spec, Where(folder=county.folder, near=near))
    where = Where(folder=path.parent, near=near)
    plain = LayerEntry(path=path.name)
    if known is None:
        return _records(plain, spec, where)
    told = known.layers[spec.name]
    kept = told.model_copy(
        update={"path": path.name, "layer": "", "sheet": "", "encoding": "", "only": {}, "every": {}}
    )
    try:
        return _records(kept, spec, where)
    except LayerError:
        return _records(plain, spec, where)


def _records(entry: LayerEntry, spec: LayerSpec, where: Where) -> Records:
    also = {"townships": ("point",), "villages": ("polygon",)}.get(spec.name, ())
    return read_records(entry, spec, where=where, also=also, placed=spec.name != "townships")


def _key(spec: LayerSpec, records: Sequence[Records]) -> tuple[str, ...]:
    both = set(records[0].columns.found) & set(records[1].columns.found)
    found = next((one for one in (spec.key, "code", "name") if one in both), None)
    if found is None:
        fields = ", ".join(one.name for one in spec.fields if one.name in both)
        raise LayerError(
            Text(
                f"{spec.title.zh}：两次提交没有共同的编号列；请用 --key 指定一列或几列（{fields}）",
                f"{spec.name}: no column names its records in both deliveries; give one or several with --key ({fields})",
            )
        )
    return (found,)


def compare_records(
    old: pd.DataFrame, new: pd.DataFrame, spec: LayerSpec, *, key: Sequence[str], moved_m: float = MOVED_M
) -> Comparison:
    """Compare typed records by their keys.

    Parameters
    ----------
    old, new : DataFrame or GeoDataFrame
        As `read_records` gives them; index is the row of the file.
    spec : LayerSpec
        Declares the columns.
    key : sequence of str
        Columns that together name a record.
    moved_m : float
        Points: distance; lines and polygons: Hausdorff distance of the shapes, metres.

    Returns
    -------
    Comparison
        Records without key, and all but the first of those that share one, are counted and not compared.

    Raises
    ------
    LayerError
        A column of the key is missing.

    Examples
    --------
    >>> old, new = pd.DataFrame({"code": ["a", "b"]}), pd.DataFrame({"code": ["b", "c"]})
    >>> [(one.kind, one.key) for one in compare_records(old, new, layer_spec("yearbook"), key=["code"]).differences]
    [('added', 'c'), ('removed', 'a')]
    """
    gone = [one for one in key if one not in old or one not in new]
    if gone:
        raise LayerError(
            Text(
                f"{spec.title.zh}：两次提交没有都含列 {'、'.join(gone)}；现有 {'、'.join(map(str, old.columns))}",
                f"{spec.name}: no column {', '.join(gone)} in both deliveries; there is {', '.join(old.columns)}",
            )
        )
    old, new = _metric(old, new)
    (was, left_old), (now, left_new) = _keyed(old, key), _keyed(new, key)
    found = [*_whole("added", now, was, spec), *_whole("removed", was, now, spec)]
    both = [one for one in was.index if one in now.index]
    pair = (was.loc[both], now.loc[both])
    found += _moved(*pair, spec, moved_m)
    found += _changed(*pair, spec, key)
    return Comparison(
        spec=spec,
        key=tuple(key),
        moved_m=moved_m,
        records=(len(old), len(new)),
        same=len(both) - len({one.key for one in found if one.kind in {"moved", "changed"}}),
        unkeyed=(left_old, left_new),
        differences=tuple(found),
        shapes=now if isinstance(now, gpd.GeoDataFrame) else None,
        before=was if isinstance(was, gpd.GeoDataFrame) else None,
    )


def _metric(old: Any, new: Any) -> tuple[Any, Any]:
    """Both in the 3-degree zone of CGCS2000 in which they lie."""
    if not (isinstance(old, gpd.GeoDataFrame) and isinstance(new, gpd.GeoDataFrame)):
        return pd.DataFrame(old.drop(columns="geometry", errors="ignore")), pd.DataFrame(
            new.drop(columns="geometry", errors="ignore")
        )
    bounds = shapely.bounds(old.to_crs(4490).geometry.to_numpy())
    middle = float(np.nanmedian(bounds[:, [0, 2]])) if np.isfinite(bounds).any() else 111.0
    crs = zone_crs(min(max(middle, 75.0), 135.0))
    return old.to_crs(crs), new.to_crs(crs)


def _keyed(frame: Any, key: Sequence[str]) -> tuple[Any, int]:
    """Records by key, with their row; how many have none or repeat one."""
    texts = [frame[one].map(lambda cell: "" if pd.isna(cell) else _text(cell)) for one in key]
    joined = (
        texts[0] if len(texts) == 1 else pd.Series(["|".join(cells) for cells in zip(*texts, strict=True)], frame.index)
    )
    keep = ~joined.duplicated() & (joined.str.strip("|") != "")
    kept = frame[keep.to_numpy()].assign(_row=frame.index[keep.to_numpy()])
    kept.index = pd.Index(joined[keep.to_numpy()], dtype=object)
    return kept, int((~keep).sum())


def _text(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float | np.floating):
        return f"{value:.10g}"
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    return str(value)


def _whole(kind: Any, frame: Any, others: Any, spec: LayerSpec) -> list[Difference]:
    """Records whose key the other delivery does not have."""
    alone = frame[~frame.index.isin(others.index)]
    return [
        Difference(kind=kind, key=str(key), row=int(row), name=_name(frame, str(key)), layer=spec.name)
        for key, row in alone["_row"].items()
    ]


def _name(frame: Any, key: str) -> str:
    return str(frame["name"][key]) if "name" in frame else ""


def _moved(was: Any, now: Any, spec: LayerSpec, moved_m: float) -> list[Difference]:
    if not isinstance(was, gpd.GeoDataFrame) or not len(was):
        return []
    one, two = was.geometry.to_numpy(), now.geometry.to_numpy()
    points = (shapely.get_type_id(one) == 0) & (shapely.get_type_id(two) == 0)
    metres = np.where(points, shapely.distance(one, two), np.nan)
    metres[~points] = shapely.hausdorff_distance(one[~points], two[~points])
    lost = shapely.is_missing(one) != shapely.is_missing(two)
    return [
        Difference(
            kind="moved", key=str(was.index[n]), row=int(now["_row"].iloc[n]), name=_name(now, was.index[n]),
            layer=spec.name, metres=None if lost[n] else round(float(metres[n]), 1),
        )
        for n in np.flatnonzero((metres > moved_m) | lost)
    ]  # fmt: skip


def _changed(was: Any, now: Any, spec: LayerSpec, key: Sequence[str]) -> list[Difference]:
    found = []
    for field in spec.fields:
        if field.name in key or field.name not in was or field.name not in now:
            continue
        one, two = was[field.name], now[field.name]
        gone = (one.isna() | (one.astype(str) == "")).to_numpy(), (two.isna() | (two.astype(str) == "")).to_numpy()
        if field.dtype in {"number", "integer"}:
            same = np.isclose(one.to_numpy("float64"), two.to_numpy("float64"), rtol=1e-9, atol=0)
        else:
            same = one.astype(str).to_numpy() == two.astype(str).to_numpy()
        differ = ~(same | (gone[0] & gone[1])) | (gone[0] != gone[1])
        for n in np.flatnonzero(differ):
            told = ["" if gone[side][n] else _text(values.iloc[n]) for side, values in enumerate((one, two))]
            if field.personal:
                told = ["***" if text else "" for text in told]
            found.append(
                Difference(
                    kind="changed", key=str(was.index[n]), row=int(now["_row"].iloc[n]), name=_name(now, was.index[n]),
                    layer=spec.name, field=field.title, unit=field.unit, old=told[0], new=told[1],
                )
            )  # fmt: skip
    order: Mapping[str, int] = {str(one): n for n, one in enumerate(was.index)}
    return sorted(found, key=lambda one: order[one.key])
