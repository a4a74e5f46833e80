"""One small real file of every format that is read, and ways to damage it."""

import io
import json
import random
import shutil
import struct
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import tiny_files
import xarray as xr

WEST, NORTH = 111.1, 39.4
DATA = Path(__file__).resolve().parent / "data"
HEADS = ["编号", "名称", "灾害类型", "经度", "纬度", "威胁人数(人)", "威胁财产（万元）", "发现时间", "是否销号"]
ROWS = [
    ["Y01", "甲滑坡", "滑坡", 111.15, 39.38, "1,200", 35.0, "2019年7月1日", "否"],
    ["Y02", "乙崩塌", "崩塌", 111.16, 39.38, "约30", "２．５", "2019/7/1", "是"],
    ["Y03", "丙滑坡", "土质滑坡", 39.38, 111.17, 12.0, "100元", 43647.0, "否"],
    ["Y04", "丁泥石流", "泥石流", 111.18, 39.38, 99999999.0, -9999.0, "20190701", ""],
]


def points():
    shapes = gpd.points_from_xy([111.15, 111.16, 111.17, 111.18], [39.38, 39.38, 39.37, 39.36])
    cells = {head: [str(row[at]) for row in ROWS] for at, head in enumerate(HEADS) if head not in {"经度", "纬度"}}
    return gpd.GeoDataFrame(cells, geometry=shapes, crs=4490)


def record(number, data):
    """One record of an .xlsb part."""
    out = bytearray([number] if number < 128 else [number & 0x7F | 0x80, number >> 7])
    size = len(data)
    while True:
        out.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return bytes(out) + data


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" '
    'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)


def xlsb(path, rows, *, numbers=None):
    """Write a small .xlsb; `numbers` are the rows' own numbers, from 0."""
    sheet_name = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("表一")
    book = record(131, b"") + record(143, b"") + record(156, sheet_name) + record(144, b"") + record(132, b"")
    body = b""
    for at, row in enumerate(rows):
        body += record(0, struct.pack("<IIHBBBI", at if numbers is None else numbers[at], 0, 300, 0, 0, 0, 0))
        for column, cell in enumerate(row):
            head = struct.pack("<II", column, 0)
            body += (
                record(6, head + _wide(cell)) if isinstance(cell, str) else record(5, head + struct.pack("<d", cell))
            )
    span = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = record(129, b"") + record(148, span) + record(145, b"") + body + record(146, b"") + record(130, b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        for name, kind, target in (
            ("_rels/.rels", "officeDocument", "xl/workbook.bin"),
            ("xl/_rels/workbook.bin.rels", "worksheet", "worksheets/sheet1.bin"),
        ):
            file.writestr(
                name,
                f'<?xml version="1.0"?><Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>',
            )
        file.writestr("xl/workbook.bin", book)
        file.writestr("xl/worksheets/sheet1.bin", sheet)


def _rasters(folder):
    values = (np.arange(900, dtype="float32").reshape(30, 30) % 50) + 900
    kind = {"height": 30, "width": 30, "count": 1, "dtype": "float32", "crs": "EPSG:4490", "nodata": -9999.0}
    place = rasterio.Affine(0.01, 0, WEST - 0.05, 0, -0.01, NORTH + 0.05)
    for name, driver, more in (
        ("dem.tif", "GTiff", {"compress": "deflate", "tiled": True, "blockxsize": 16, "blockysize": 16}),
        ("dem_plain.tif", "GTiff", {}),
        ("dem.img", "HFA", {}),
    ):
        with rasterio.open(folder / name, "w", driver=driver, transform=place, **kind, **more) as file:
            file.write(values, 1)
    head = f"ncols 30\nnrows 30\nxllcorner {WEST - 0.05}\nyllcorner {NORTH - 0.25}\ncellsize 0.01\nNODATA_value -9999\n"
    (folder / "dem.asc").write_text(head + "\n".join(" ".join(map(str, row)) for row in values), encoding="ascii")
    lat, lon = NORTH + 0.045 - 0.01 * np.arange(30), WEST - 0.045 + 0.01 * np.arange(30)
    cube = xr.DataArray(values, dims=("lat", "lon"), coords={"lat": lat, "lon": lon}, name="elevation")
    cube.lat.attrs, cube.lon.attrs = (
        {"units": "degrees_north", "standard_name": "latitude"},
        {"units": "degrees_east", "standard_name": "longitude"},
    )
    cube.to_dataset().to_netcdf(folder / "dem.nc", engine="h5netcdf")


def write(folder):
    """Write all seeds into `folder`; returns their paths, by name."""
    frame = points()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tiny_files.shapefile(
            frame.rename(columns={"威胁人数(人)": "wxrs", "威胁财产（万元）": "wxccwy"}), folder / "p.shp"
        )
        for name, driver in (
            ("p.gpkg", "GPKG"),
            ("p.geojson", "GeoJSON"),
            ("p.kml", "KML"),
            ("p.fgb", "FlatGeobuf"),
            ("p.gdb", "OpenFileGDB"),
        ):
            pyogrio.write_dataframe(
                frame.to_crs(4326) if name in {"p.kml", "p.geojson"} else frame, folder / name, driver=driver
            )
        pyogrio.write_dataframe(frame[["geometry"]].set_geometry(frame.buffer(0.001)), folder / "p.dxf", driver="DXF")
        _rasters(folder)
    shutil.copy(DATA / "domains.gdb.zip", folder / "d.gdb.zip")
    frame.to_parquet(folder / "p.parquet")
    for name, parts in (("p.kmz", ["p.kml"]), ("p.zip", ["p.shp", "p.shx", "p.dbf", "p.prj"])):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as file:
            for part in parts:
                file.write(folder / part, "doc.kml" if part.endswith(".kml") else part)
    shutil.copy(folder / "p.dbf", folder / "t.dbf")
    tiny_files.workbook(folder / "t.xlsx", [["隐患点一览表"], HEADS, *ROWS])
    xlsb(folder / "t.xlsb", [HEADS, *ROWS])
    shutil.copy(DATA / "points.xls", folder / "t.xls")
    text = "\n".join(",".join(f'"{one}"' for one in row) for row in [HEADS, *ROWS])
    (folder / "t.csv").write_bytes(text.encode("gbk"))
    (folder / "u.csv").write_text(text, encoding="utf-8")
    (folder / "county.toml").write_text(tiny_files.COUNTY.split("[layers.outline]")[0], encoding="utf-8")
    (folder / "m.json").write_text(json.dumps({"a": [1, 2, {"名": "值"}]}, ensure_ascii=False), encoding="utf-8")
    names = [one.name for one in folder.iterdir() if one.suffix not in {".prj", ".cpg", ".xml", ".shx"}]
    return {name: folder / name for name in sorted(names) if name != "p.dbf"}


def damaged(raw, chance):
    """Bytes with some turned, cut off, put in, doubled or overwritten by numbers that ends of counters have."""
    data = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(max(len(data), 1))
        if chance.random() < 0.5:
            at = min(at, chance.randrange(1, 512))  # headers rule
        match chance.randrange(7):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at : at + 1] = bytes([data[at] ^ (1 << chance.randrange(8))]) if at < len(data) else b""
            case 2:
                del data[at:]
            case 3:
                data[at:at] = chance.randbytes(chance.randrange(1, 40))
            case 4:
                data[at:at] = data[at : at + chance.randrange(1, 200)]
            case 5:
                worst = chance.choice(
                    (
                        b"\xff" * 4,
                        b"\0" * 4,
                        b"\xff\xff\xff\x7f",
                        b"\0\0\0\x80",
                        b"\x01\0\0\0",
                        b"\0" * 40,
                        b'"',
                        b"\xff\xfe",
                    )
                )
                data[at : at + len(worst)] = worst
            case 6:
                del data[at : at + chance.randrange(1, 60)]
    return bytes(data)


def damaged_member(raw, chance):
    """An archive that is whole, with one damaged file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hit = chance.choice(names)
        for name in names:
            new.writestr(name, damaged(old.read(name), chance) if name == hit else old.read(name))
    return out.getvalue()


def mutant(seed, folder, number):
    """Write the damaged copy number `number` of a seed into an empty folder; returns its path."""
    chance = random.Random(f"{seed.name}-{number}")
    target = folder / seed.name
    if seed.is_dir():
        shutil.copytree(seed, target)
        hit = chance.choice(
            sorted(one for one in target.iterdir() if one.suffix in {".gdbtable", ".gdbtablx", ".gdbindexes"})
        )
        hit.write_bytes(damaged(hit.read_bytes(), chance))
        return target
    deep = seed.suffix in {".xlsx", ".xlsb", ".kmz", ".zip"} and chance.random() < 0.6
    if seed.suffix == ".shp":
        parts = [seed.with_suffix(one) for one in (".shp", ".shx", ".dbf", ".prj")]
        hit = chance.choice(parts)
        for part in parts:
            (folder / part.name).write_bytes(damaged(part.read_bytes(), chance) if part == hit else part.read_bytes())
        return target
    raw = seed.read_bytes()
    target.write_bytes(damaged_member(raw, chance) if deep else damaged(raw, chance))
    return target


def read(path):
    """Read a file by the reader of its kind, through to the checked layer."""
    from riskmap.loaders import Where, read_county, read_json, read_layer, read_window
    from riskmap.loaders.records import deliver
    from riskmap.model.county import LayerEntry
    from riskmap.spatial import make_grid
    from riskmap.standards import layer_spec

    if path.name == "county.toml":
        return read_county(path)
    if path.suffix == ".json":
        return read_json(path)
    if path.suffix in {".tif", ".img", ".asc", ".nc"}:
        grid = make_grid((507000, 4352000, 522000, 4366000), "EPSG:4546", cell_size_m=500)
        return read_window(path, grid, crs="EPSG:4490")
    entry = LayerEntry(path=path.name, columns={"name": "Layer"} if path.suffix == ".dxf" else {})
    if path.name == "d.gdb.zip":
        return deliver(path, layer_spec("buildings"), entry)
    name = "places" if path.suffix == ".dxf" else "hazard_points"
    return read_layer(entry, layer_spec(name), where=Where(folder=path.parent))
