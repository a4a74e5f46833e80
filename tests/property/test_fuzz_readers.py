"""Whatever is done to the bytes of a delivered file, it is read or refused in words; `benchmarks/fuzz_readers.py` does thousands."""

import re
import shutil

import pytest
import reader_seeds
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from riskmap.errors import RiskmapError
from riskmap.loaders.refusal import Refusal
from riskmap.loaders.table import read_table
from riskmap.standards import layer_spec

NAMES = (
    "county.toml", "d.gdb.zip", "dem.asc", "dem.img", "dem.nc", "dem.tif", "p.dxf", "p.fgb", "p.gdb", "p.geojson", "p.gpkg",
    "p.kml", "p.kmz", "p.parquet", "p.shp", "p.zip", "t.csv", "t.dbf", "t.xls", "t.xlsb", "t.xlsx", "u.csv",
)  # fmt: skip


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    return reader_seeds.write(tmp_path_factory.mktemp("seeds"))


def outcome(path):
    try:
        reader_seeds.read(path)
    except RiskmapError as fault:
        return fault
    return None


@pytest.mark.parametrize("name", NAMES)
def test_seeds_are_read(seeds, name):
    """The files that are damaged below are good ones (two hold no layer of a county, and say so)."""
    fault = outcome(seeds[name])
    assert fault is None or (name == "t.dbf" and "coordinate columns" in str(fault))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_or_refused(seeds, name, tmp_path):
    @settings(max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(number=st.integers(0, 10**6))
    @example(number=5)
    def one(number):
        copy = tmp_path / str(number)
        copy.mkdir(exist_ok=True)
        try:
            fault = outcome(reader_seeds.mutant(seeds[name], copy, number))
        finally:
            shutil.rmtree(copy)
        if isinstance(fault, Refusal):
            assert fault.what.en.strip()
            assert fault.cure.en.strip()
            assert re.search("[\u4e00-\u9fff]", fault.what.zh + fault.cure.zh)
            assert str(tmp_path) not in str(fault)

    one()


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(st.sampled_from('村代码,名"\n\r\t 1;|，\0\x1a\ufeff=é'), max_size=60),
    codec=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_any_text_is_a_table_or_refused(tmp_path_factory, text, codec):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.encode(codec))
    try:
        frame = read_table(path, layer_spec("villages")).frame
    except Refusal as fault:
        where = fault.where
    else:
        where = path.name
        assert frame.columns.is_unique
        assert frame.index.is_monotonic_increasing
    assert where == path.name
