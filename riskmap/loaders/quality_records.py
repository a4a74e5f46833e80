"""Declared rules over the columns of one layer: parts and wholes, ratios, codes, names, repeated records."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.loaders.rules import Against, RecordRule, numbers, tell, titles
from riskmap.model.layers import Finding, LayerSpec, Rule
from riskmap.model.text import Text

__all__ = ["COLUMN_RULES"]

_FEW = 0.5
"""A rule that more than this share of the records breaks is not theirs but the county's own way."""


def _part_exceeds_whole(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    del against
    if rule.of not in frame:
        return []
    part, whole = numbers(frame, rule.fields), frame[rule.of].to_numpy("float64")
    bad = part > whole
    parts, all_ = titles(spec, rule.fields), spec.field(rule.of).title
    what = [
        Text(f"{parts.zh}（合计 {a:,.0f}）大于{all_.zh} {b:,.0f}", f"{parts.en} ({a:,.0f}) exceed {all_.en}, {b:,.0f}")
        for a, b in zip(part[bad], whole[bad], strict=True)
    ]
    return tell(spec, rule.rule, frame.index[bad], what, field=parts.zh, values=part[bad])


def _odd_ratio(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """First column over the second, outside the two limits."""
    upper, lower = rule.fields
    if upper not in frame or lower not in frame:
        return []
    low, high = (against.standards.value(key) for key in rule.limit)
    a, b = frame[upper].to_numpy("float64"), frame[lower].to_numpy("float64")
    ratio = np.divide(a, b, out=np.full(len(a), np.nan), where=(b > 0) & (a > 0))
    bad = (ratio < low) | (ratio > high)
    over, under = spec.field(upper).title, spec.field(lower).title
    what = [
        Text(
            f"{over.zh}与{under.zh}之比为 {one:,.3g}，通常在 {low:,g} 到 {high:,g} 之间",
            f"{over.en} over {under.en} is {one:,.3g}, usually {low:,g} to {high:,g}",
        )
        for one in ratio[bad]
    ]
    return tell(spec, rule.rule, frame.index[bad], what, field=over.zh, values=a[bad])


def _crowded(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """People over the area that the standard gives each; shelters of no stated type count as the most crowded."""
    people, area = rule.fields
    if people not in frame or area not in frame:
        return []
    need = {one["name"]: float(one["m2_per_person"]) for one in against.standards.table(rule.limit[0])}
    kinds = frame[rule.by] if rule.by in frame else pd.Series("", index=frame.index)
    each = kinds.map(need).fillna(min(need.values())).to_numpy("float64")
    want, have = frame[people].to_numpy("float64") * each, frame[area].to_numpy("float64")
    bad = want > have * (1 + against.standards.value(rule.limit[1]))
    what = [
        Text(
            f"按每人 {m2:g} 平方米需要 {w:,.0f} 平方米，只有 {h:,.0f} 平方米",
            f"needs {w:,.0f} m2 at {m2:g} m2 a person, and has {h:,.0f}",
        )
        for m2, w, h in zip(each[bad], want[bad], have[bad], strict=True)
    ]
    title = spec.field(people).title.zh
    return tell(spec, rule.rule, frame.index[bad], what, field=title, values=frame[people][bad].to_numpy())


def _malformed_code(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    del against
    found = []
    for name in rule.fields:
        if name not in frame:
            continue
        codes = frame[name].astype(object)
        bad = ((codes != "") & ~codes.str.fullmatch(r"\d{12}")).to_numpy(bool)
        if bad.sum() > _FEW * len(bad):
            continue
        what = Text("应为 12 位数字（乡镇可为 9 位）", "must be twelve digits (nine for a township)")
        found += tell(
            spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=codes[bad].to_numpy()
        )
    return found


def _foreign_code(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    found = []
    for name in rule.fields:
        if not against.county or name not in frame:
            continue
        codes = frame[name].astype(object)
        bad = (codes.str.fullmatch(r"\d{12}") & ~codes.str.startswith(against.county)).to_numpy(bool)
        if bad.sum() > _FEW * len(bad):
            continue
        what = Text(f"不以本县代码 {against.county} 开头", f"does not begin with the county's {against.county}")
        found += tell(
            spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=codes[bad].to_numpy()
        )
    return found


def _code_differs(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """The township of a village's own code against the stated one."""
    del against
    name = rule.fields[0]
    if name not in frame or rule.of not in frame:
        return []
    own, stated = frame[rule.of].str[:9], frame[name].str[:9]
    bad = ((stated != "") & (own != stated)).to_numpy(bool)
    if bad.sum() > _FEW * len(bad):
        return []
    what = [
        Text(f"与编码 {code} 所属的乡镇不符", f"is not the township that code {code} belongs to")
        for code in frame[rule.of][bad]
    ]
    return tell(
        spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=frame[name][bad].to_numpy()
    )


def _placeholder(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    words = {str(one["word"]) for one in against.standards.table(rule.limit[0])}
    found = []
    for name in rule.fields:
        if name not in frame:
            continue
        texts = frame[name]
        odd = {one for one in texts.unique() if one.lower() in words or (one and re.fullmatch(r"[\W\d_]+|(.)\1+", one))}
        bad = texts.isin(odd).to_numpy(bool)
        what = Text("不是真实的名称", "is no real name")
        found += tell(
            spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=texts[bad].to_numpy()
        )
    return found


def _duplicate_record(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """The same values in the columns that tell records apart."""
    del against
    names = [name for name in rule.fields if name in frame]
    needed = [name for name in names if spec.field(name).required]
    if not names or not needed:
        return []
    return _again(pd.DataFrame(frame[names]), spec, rule)


def _same_record(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """All columns but the key are the same, and so is the place."""
    del against
    names = [
        one.name for one in spec.fields if one.name in frame and one.name not in {spec.key, "code"} and not one.personal
    ]
    table = pd.DataFrame(frame[names])
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = frame.geometry.to_numpy()
        table = table.assign(_x=shapely.get_x(shapes), _y=shapely.get_y(shapes))
    return _again(table, spec, rule) if len(names) > 1 else []


def _again(table: pd.DataFrame, spec: LayerSpec, rule: Rule) -> list[Finding]:
    again = table.duplicated().to_numpy()
    if not again.any():
        return []
    group = table.groupby(list(table.columns), dropna=False, sort=False).ngroup()
    first = pd.Series(table.index, index=group.to_numpy())[lambda one: ~one.index.duplicated()]
    what = [
        Text(f"与第 {first[one]} 行相同", f"is the same as row {first[one]}")
        for one in group.to_numpy()[again]
    ]  # fmt: skip
    names = [one for one in table.columns if not one.startswith("_")]
    shown = [", ".join(str(_short(one)) for one in row) for row in table[names][again].itertuples(index=False)]
    field = titles(spec, names).zh if len(names) <= 3 else ""
    return tell(spec, rule.rule, table.index[again], what, field=field, values=shown)


def _short(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:g}" if isinstance(value, float) else value


def _same_name(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """A name used twice, inside one township where `by` says so."""
    del against
    name = rule.fields[0]
    if name not in frame:
        return []
    groups = frame[rule.by] if rule.by in frame else pd.Series("", index=frame.index)
    if spec.name == "villages":
        groups = groups.where(groups != "", frame["code"].str[:9] + "000")
    table = pd.DataFrame({"group": groups, "name": frame[name]})
    bad = (table.duplicated() & (table["name"] != "")).to_numpy()
    what = Text("名称与另一条记录相同", "another record has the same name")
    return tell(
        spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=frame[name][bad].to_numpy()
    )


def _class_differs(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """A stated class against the worst that the columns give; 以上 includes the number."""
    name = rule.fields[0]
    classes = against.standards.table(rule.limit[0])  # from the worst to the mildest
    columns = [one for one in rule.fields[1:] if one in frame]
    if name not in frame or not columns:
        return []
    rank = {one["name"]: n for n, one in enumerate(classes)}
    last = len(classes) - 1
    due = np.full(len(frame), last)
    for column in columns:
        values = frame[column].to_numpy("float64")
        for n, one in reversed(list(enumerate(classes))):
            due = np.where(values >= float(one[column]), np.minimum(due, n), due)
    unknown = pd.DataFrame(frame[columns]).isna().any(axis=1).to_numpy()
    stated = frame[name].map(rank).to_numpy("float64")
    bad = np.isfinite(stated) & (stated != due) & ~(unknown & (stated < due))
    title = spec.field(name).title.zh
    if bad.sum() > against.standards.value(rule.limit[1]) * len(frame):
        count = int(bad.sum())
        way = Text(
            f"{count} 条记录的等级与《地质灾害防治条例》的人数和财产不符，可能用了别的分级",
            f"{count} records have another class than people and property give by the regulation; another table may be in use",
        )
        whole = tell(spec, rule.rule, frame.index[bad][:1], way, field=title, severity="note")
        return [replace(one, row=None) for one in whole]
    what = [
        Text(f"按威胁人数和财产应为{classes[n]['name']}", f"by people and property it would be {classes[n]['en']}")
        for n in due[bad]
    ]
    return tell(spec, rule.rule, frame.index[bad], what, field=title, values=frame[name][bad].to_numpy())


def _name_contradicts(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """A name that holds another listed value than its column."""
    del against
    name, column = rule.fields[0], rule.of
    if name not in frame or column not in frame:
        return []
    listed = spec.field(column).codes
    names, values = frame[name].to_numpy(object), frame[column].to_numpy(object)
    bad = np.array([a not in n and any(b in n for b in listed) for n, a in zip(names, values, strict=True)], bool)
    title = spec.field(column).title
    what = [
        Text(f"名称中的类型与{title.zh}“{one}”不符", f"the name speaks of another {title.en.lower()} than {one}")
        for one in values[bad]
    ]
    return tell(spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=names[bad])


def _constant(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    least = against.standards.value(rule.limit[0])
    found = []
    for name in rule.fields:
        if name not in frame:
            continue
        known = frame[name].dropna()
        if len(known) < least or known.iloc[0] == 0 or (known != known.iloc[0]).any():
            continue
        what = Text(f"全部 {len(known)} 条记录的值相同", f"all {len(known)} records hold the same value")
        title = spec.field(name).title.zh
        whole = tell(spec, rule.rule, known.index[:1], what, field=title, values=known.to_numpy()[:1])
        found += [replace(one, row=None) for one in whole]
    return found


def _county_row(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """The row of the whole county: its values against the sum of the others, and out."""
    mine = (frame[spec.key] == f"{against.county}000000").to_numpy() if against.county else np.zeros(len(frame), bool)
    if not mine.any() or mine.all():
        return []
    tolerance = against.standards.value(rule.limit[0])
    rows = frame.index[mine]
    what = Text("全县合计，不作乡镇记录", "is the whole county, no township")
    found = tell(spec, rule.rule, rows, what, field=spec.field(spec.key).title.zh, values=frame[spec.key][mine])
    for name in rule.fields:
        if name not in frame:
            continue
        total, parts = frame[name][mine].to_numpy("float64"), float(frame[name][~mine].sum())
        bad = np.abs(total - parts) > tolerance * np.abs(total)
        told = [Text(f"各乡镇合计 {parts:,.0f}，与本行不符", f"the townships sum to {parts:,.0f}") for _ in rows[bad]]
        found += tell(spec, "sum-differs", rows[bad], told, field=spec.field(name).title.zh, values=total[bad])
    return found


COLUMN_RULES: Mapping[str, RecordRule] = {
    "county-row": _county_row,
    "part-exceeds-whole": _part_exceeds_whole,
    "odd-ratio": _odd_ratio,
    "too-many-people": _crowded,
    "malformed-code": _malformed_code,
    "foreign-code": _foreign_code,
    "code-differs": _code_differs,
    "placeholder-name": _placeholder,
    "duplicate-record": _duplicate_record,
    "same-record": _same_record,
    "same-name": _same_name,
    "class-differs": _class_differs,
    "name-contradicts": _name_contradicts,
    "constant-column": _constant,
}
"""Rules by the name that layers declare."""
