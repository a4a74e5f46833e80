"""Encodings, headers and tables."""

import json

import openpyxl
import pytest

from riskmap.errors import LayerError
from riskmap.loaders.encoding import codec_of, dbf_encoding, decode, unscramble
from riskmap.loaders.headers import match_columns, split_header
from riskmap.loaders.table import read_table
from riskmap.loaders.vector import read_vector
from riskmap.standards import layer_spec, layer_specs

TEXT = "村代码,村名\n140930100201,河曲县\n"


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8 (byte order mark)"),
        (TEXT.encode("utf-16"), "UTF-16 (byte order mark)"),
        (TEXT.encode("gbk"), "GB18030 (fallback)"),
        ((TEXT + "䶮𠮷").encode("gb18030"), "GB18030 (fallback)"),
    ],
)
def test_chain_of_encodings(raw, label):
    text, found = decode(raw)
    assert text.startswith(TEXT)
    assert found == label


def test_declared_encoding_that_garbles():
    with pytest.raises(LayerError, match=r"garbled text .*河曲县文笔镇"):
        decode("河曲县文笔镇\n".encode(), declared="gbk", where="a.csv")


def test_bytes_of_no_encoding():
    with pytest.raises(LayerError, match=r"a.csv: byte 0xFF on line 2"):
        decode(b"abc\n\xff\xff\xff", where="a.csv")


@pytest.mark.parametrize(("wrong", "right"), [("gb18030", "utf-8"), ("latin-1", "gb18030")])
def test_garbled_text_is_undone(wrong, right):
    garbled = "山西省河曲县".encode(right).decode(wrong)
    assert unscramble([garbled, "plain"])[1] == "山西省河曲县"


@pytest.mark.parametrize("fine", ["河曲县", "Mäkelänkatu", "Åland", "École", "São Paulo", "旧县露天", "巡镇镇"])
def test_good_text_is_left_alone(fine):
    assert unscramble([fine]) is None


def dbf(records, *, ldid=0, width=10):
    head = bytearray(32)
    head[4:8] = len(records).to_bytes(4, "little")
    head[8:10] = (65).to_bytes(2, "little")
    head[10:12] = (1 + width).to_bytes(2, "little")
    head[29] = ldid
    field = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14)
    return bytes(head) + field + b"\r" + b"".join(b" " + one.ljust(width) for one in records)


def test_dbf_chain():
    gbk, utf8 = dbf(["河曲县".encode("gbk")]), dbf(["河曲县".encode()])
    assert dbf_encoding(gbk)[1] == "GB18030 (fallback)"
    assert dbf_encoding(dbf(["河曲县".encode("gbk")], ldid=0x4D))[1] == "GB18030 (language byte)"
    assert dbf_encoding(utf8)[1] == "UTF-8 (strict)"
    assert dbf_encoding(utf8, cpg="UTF-8")[1] == "UTF-8 (.cpg)"
    assert dbf_encoding(gbk, cpg="UTF-8")[1:] == ("GB18030 (fallback)", True)
    assert dbf_encoding(utf8, cpg="GBK")[1:] == ("UTF-8 (strict)", True)
    assert dbf_encoding(gbk, cpg="ISO-8859-1")[1:] == ("GB18030 (fallback)", False)


def test_dbf_value_cut_inside_a_character_is_forgiven():
    assert dbf_encoding(dbf(["河曲县文笔镇".encode()[:10]]))[1] == "UTF-8 (strict)"


def test_dbf_declared_wrong_names_the_record():
    with pytest.raises(LayerError, match=r"v.shp: record 2: byte 0x\w\w is not UTF-8"):
        dbf_encoding(dbf([b"abc", "河曲县".encode("gbk")]), declared="utf-8", where="v.shp")


def test_codec_names():
    assert {codec_of(one) for one in ("GBK", "gb2312", "936", "CP936", "ANSI 936")} == {"gb18030"}


@pytest.mark.parametrize(
    ("header", "split"),
    [("面积(亩)", ("面积", "亩")), ("面积（ＫＭ２）", ("面积", "km2")), ("损失/万元", ("损失", "万元")), ("GDP_万元", ("gdp", "万元")),
     ("65岁及以上人口(人)", ("65岁及以上人口", "人")), ("名称(全称)", ("名称(全称)", "")), ("depth_m", ("depth_m", ""))],
)  # fmt: skip
def test_units_in_headers(header, split):
    assert split_header(header) == split


@pytest.mark.parametrize("name", [name for name, one in layer_specs().items() if one.fields])
def test_every_layer_knows_its_own_names(name):
    spec = layer_spec(name)
    for headers in ([one.name for one in spec.fields], [one.title.zh for one in spec.fields]):
        found = match_columns(headers, spec).found
        assert {key: header for key, header in found.items() if key not in {"lon", "lat"}} == {
            one.name: header for one, header in zip(spec.fields, headers, strict=True)
        }


def test_declared_columns_go_first():
    spec = layer_spec("shelters")
    got = match_columns(["编号", "名称", "场所全称"], spec, columns={"name": "场所全称", "code": "代号"})
    assert got.found["name"] == "场所全称"
    assert got.absent == ("代号",)


def test_cut_headers_of_shapefiles():
    got = match_columns(["统计用区划", "threatened"], layer_spec("villages"), cut=True)
    assert got.found == {"code": "统计用区划"}
    got = match_columns(["threatened"], layer_spec("hazard_points"), cut=True)
    assert got.ambiguous == {"threatened": ("threatened_people", "threatened_households", "threatened_property_yuan")}


def test_pinyin_header_in_ten_thousand_yuan():
    assert match_columns(["wxccwy"], layer_spec("hazard_points")).units == {"threatened_property_yuan": "万元"}


def test_title_rows_blank_rows_and_line_numbers(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text('河曲县村庄表,,\n,,\n村代码,村名,备注\n1,"甲\n村",x\n\n2,乙村,\n3,丙村,x,y\n', encoding="utf-8")
    got = read_table(path, layer_spec("villages"))
    assert got.frame.index.tolist() == [4, 7]
    assert [(one.rule, one.row) for one in got.findings] == [("ragged-row", 8)]


def test_the_sheet_that_fits_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("数据")
    sheet.append(["村代码", "村名"])
    sheet.append([140930100201, "甲村"])
    book.save(tmp_path / "v.xlsx")
    got = read_table(tmp_path / "v.xlsx", layer_spec("villages"))
    assert got.part == "数据"
    assert got.frame.index.tolist() == [2]


def test_table_between_blanks(tmp_path):
    (tmp_path / "v.txt").write_text("村代码  村名\n1   甲村\n", encoding="gbk")
    assert read_table(tmp_path / "v.txt", layer_spec("villages")).frame["村名"].tolist() == ["甲村"]


def test_garbled_geojson_is_put_right(tmp_path):
    name = "河曲县文笔镇".encode().decode("gbk")
    place = {"type": "Point", "coordinates": [111, 39]}
    feature = {"type": "Feature", "properties": {"名称": name}, "geometry": place}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    (tmp_path / "p.geojson").write_text(text, encoding="utf-8")
    got = read_vector(tmp_path / "p.geojson", layer_spec("places"))
    assert got.frame["名称"].tolist() == ["河曲县文笔镇"]
    assert [(one.rule, one.mended) for one in got.findings] == [("garbled-text", True)]
