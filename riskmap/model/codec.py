"""Nouns as plain bytes and back: what the step cache stores. Data only; nothing in it is ever executed."""

import io
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox
from odc.geo.xr import xr_coords

import riskmap.model as nouns
from riskmap.model.county import County
from riskmap.model.standards import Standards

__all__ = ["decode", "encode"]

_NOUNS: dict[str, Any] = {name: thing for name in nouns.__all__ if is_dataclass(thing := getattr(nouns, name))}
_TREE = "tree.json"


def encode(value: Any) -> dict[str, bytes]:
    """Turn a noun, a frame, an array or a mapping of such into named pieces of bytes.

    Parameters
    ----------
    value : object
        Nouns of `riskmap.model`, xarray, pandas and geopandas objects, GeoBox, bytes, plain values, and
        tuples, lists and mappings of them. A `Standards` book is left out and handed in again by `decode`.

    Returns
    -------
    dict of str to bytes

    Raises
    ------
    TypeError
        Something else.

    Examples
    --------
    >>> decode(encode({"a": (1, 2.5), "b": np.arange(3)}))["b"]
    array([0, 1, 2])
    """
    blobs: dict[str, bytes] = {}
    tree = _Encoder(blobs).tree(value)
    return {_TREE: json.dumps(tree, ensure_ascii=False).encode(), **blobs}


def decode(blobs: Mapping[str, bytes], *, standards: Standards | None = None) -> Any:
    """Build again what `encode` took apart.

    Parameters
    ----------
    blobs : mapping of str to bytes
        From `encode`.
    standards : Standards, optional
        Put where a `Standards` book stood.

    Returns
    -------
    object

    Raises
    ------
    ValueError, KeyError
        The pieces are damaged.

    Examples
    --------
    >>> decode(encode(nouns.Text("洪水", "Flood"))).en
    'Flood'
    """
    return _Decoder(blobs, standards).value(json.loads(blobs[_TREE]))


class _Encoder:
    def __init__(self, blobs: dict[str, bytes]) -> None:
        self.blobs = blobs

    def tree(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, np.generic):
            return {"scalar": [str(value.dtype), self.tree(value.item())]}
        if isinstance(value, int | float):
            return {"number": repr(value)} if isinstance(value, float) else value
        if isinstance(value, list | tuple):
            kind = "list" if isinstance(value, list) else "tuple"
            return {kind: [self.tree(one) for one in value]}
        if isinstance(value, Mapping) and not isinstance(value, xr.Dataset):
            return {"map": [[self.tree(key), self.tree(one)] for key, one in value.items()]}
        return self.whole(value)

    def whole(self, value: Any) -> Any:
        if isinstance(value, Standards):
            return {"standards": True}
        if isinstance(value, County):
            return {"county": [str(value.folder), value.model_dump(mode="json")]}
        if type(value).__name__ in _NOUNS and type(value) is _NOUNS[type(value).__name__]:
            return {
                "noun": [
                    type(value).__name__,
                    {f.name: self.tree(getattr(value, f.name)) for f in fields(value)},
                ]
            }
        if isinstance(value, GeoBox):
            epsg = value.crs.to_epsg()
            crs = f"EPSG:{epsg}" if epsg else value.crs.to_wkt()
            return {"geobox": [list(value.shape), [float(n) for n in value.affine[:6]], crs]}
        if isinstance(value, xr.Dataset):
            return {
                "dataset": [
                    {str(k): self.tree(v) for k, v in value.data_vars.items()},
                    self.tree(value.attrs),
                ]
            }
        if isinstance(value, xr.DataArray):
            return self.array(value)
        if isinstance(value, pd.DataFrame):
            return {"frame": [isinstance(value, gpd.GeoDataFrame), self.blob(_parquet(value))]}
        if isinstance(value, np.ndarray):
            return {"ndarray": [str(value.dtype), list(value.shape), self.blob(_squeeze(value)), value.nbytes]}
        if isinstance(value, bytes):
            return {"bytes": self.blob(value)}
        raise TypeError(f"cannot store a {type(value).__name__}")

    def array(self, value: xr.DataArray) -> Any:
        box = value.odc.geobox if {"y", "x"} <= set(value.dims) else None
        coords = {
            str(name): [list(map(str, one.dims)), self.tree(one.to_numpy())]
            for name, one in value.coords.items()
            if box is None or name not in {"y", "x", "spatial_ref"}
        }
        name = None if value.name is None else str(value.name)
        parts = [name, list(map(str, value.dims)), self.tree(value.to_numpy()), coords]
        return {"dataarray": [*parts, self.tree(value.attrs), None if box is None else self.whole(box)]}

    def blob(self, content: bytes) -> str:
        name = f"{len(self.blobs):04d}"
        self.blobs[name] = content
        return name


class _Decoder:
    def __init__(self, blobs: Mapping[str, bytes], standards: Standards | None) -> None:
        self.blobs, self.standards = blobs, standards

    def value(self, tree: Any) -> Any:
        if not isinstance(tree, dict):
            return tree
        ((kind, body),) = tree.items()
        return getattr(self, f"_{kind}")(body)

    def _number(self, body: str) -> float:
        return float(body)

    def _scalar(self, body: list[Any]) -> Any:
        return np.dtype(body[0]).type(self.value(body[1]))

    def _list(self, body: list[Any]) -> list[Any]:
        return [self.value(one) for one in body]

    def _tuple(self, body: list[Any]) -> tuple[Any, ...]:
        return tuple(self.value(one) for one in body)

    def _map(self, body: list[Any]) -> Mapping[Any, Any]:
        return MappingProxyType({self.value(key): self.value(one) for key, one in body})

    def _standards(self, _: Any) -> Standards | None:
        return self.standards

    def _county(self, body: list[Any]) -> County:
        return County.model_validate({**body[1], "folder": body[0]})

    def _noun(self, body: list[Any]) -> Any:
        return _NOUNS[body[0]](**{name: self.value(one) for name, one in body[1].items()})

    def _geobox(self, body: list[Any]) -> GeoBox:
        return GeoBox(tuple(body[0]), Affine(*body[1]), body[2])

    def _dataset(self, body: list[Any]) -> xr.Dataset:
        return xr.Dataset({name: self.value(one) for name, one in body[0].items()}, attrs=dict(self.value(body[1])))

    def _dataarray(self, body: list[Any]) -> xr.DataArray:
        name, dims, values, coords, attrs, box = body
        places = dict(xr_coords(self.value(box), dims=("y", "x"))) if box is not None else {}
        places.update({key: (tuple(at), self.value(one)) for key, (at, one) in coords.items()})
        return xr.DataArray(self.value(values), dims=dims, coords=places, name=name, attrs=dict(self.value(attrs)))

    def _frame(self, body: list[Any]) -> pd.DataFrame:
        source = io.BytesIO(self.blobs[body[1]])
        return gpd.read_parquet(source) if body[0] else pd.read_parquet(source)

    def _ndarray(self, body: list[Any]) -> np.ndarray:
        dtype, shape, name, size = body
        if dtype.startswith(("object", "str")):
            return np.array(json.loads(self.blobs[name]), dtype="object" if dtype == "object" else None).reshape(shape)
        raw = pa.decompress(self.blobs[name], decompressed_size=size, codec="zstd") if size else b""
        return np.frombuffer(raw, dtype=dtype).reshape(shape).copy()

    def _bytes(self, body: str) -> bytes:
        return bytes(self.blobs[body])


def _squeeze(value: np.ndarray) -> bytes:
    if value.dtype.kind in "OUT":
        return json.dumps([str(one) for one in value.ravel()], ensure_ascii=False).encode()
    return pa.Codec("zstd", compression_level=1).compress(np.ascontiguousarray(value).tobytes(), asbytes=True)


def _parquet(frame: pd.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.to_parquet(target)
    return target.getvalue()
