"""Declared rules over time: dates that cannot be, series with holes or stuck instruments, design values that fall."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.loaders.rules import Against, RecordRule, tell, titles
from riskmap.model.layers import Finding, LayerSpec, Rule
from riskmap.model.text import Text

__all__ = ["TIME_RULES"]


def _years(frame: Any, spec: LayerSpec, name: str) -> tuple[Any, bool]:
    """Column and whether it holds dates (else years)."""
    return frame[name], spec.field(name).dtype == "date"


def _future(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    found = []
    for name in rule.fields:
        if against.date is None or name not in frame:
            continue
        values, dated = _years(frame, spec, name)
        bad = (values > (against.date if dated else against.date.year)).to_numpy(bool)
        day = f"{against.date:%Y-%m-%d}"
        what = Text(f"晚于本期成果日期 {day}", f"is later than this edition, {day}")
        found += tell(
            spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=values[bad].to_numpy()
        )
    return found


def _too_old(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    first = int(against.standards.value(rule.limit[0]))
    found = []
    for name in rule.fields:
        if name not in frame:
            continue
        values, dated = _years(frame, spec, name)
        bad = ((values.dt.year if dated else values) < first).to_numpy(bool)
        what = Text(f"早于 {first} 年", f"is before {first}")
        found += tell(
            spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=values[bad].to_numpy()
        )
    return found


def _not_rising(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """The last column must not fall as each of the others rises and the rest stay the same."""
    del against
    *steps, value = rule.fields
    if not {*steps, value} <= set(frame.columns):
        return []
    bad: dict[int, float] = {}
    group = [rule.by] if rule.by in frame else []
    for step in steps:
        rest = [one for one in steps if one != step] + group
        table = pd.DataFrame(frame).sort_values([*rest, step], kind="stable")
        best = table.groupby(rest, dropna=False)[value].cummax() if rest else table[value].cummax()
        falls = (table[value] < best).to_numpy()
        bad |= dict(zip(table.index[falls], table[value][falls], strict=True))
    rows = sorted(bad)
    told = titles(spec, steps)
    what = Text(f"应随{told.zh}增大", f"must grow with {told.en.lower()}")
    return tell(
        spec, rule.rule, np.array(rows, int), what, field=spec.field(value).title.zh, values=[bad[r] for r in rows]
    )


def _stuck(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """All columns at once the same for several records of one station on end."""
    when, *columns = rule.fields
    least = int(against.standards.value(rule.limit[0]))
    if rule.by not in frame or when not in frame or not set(columns) <= set(frame.columns):
        return []
    table = pd.DataFrame(frame[[rule.by, when, *columns]]).sort_values([rule.by, when], kind="stable")
    known = table.notna().all(axis=1).to_numpy()
    same = (table[[rule.by, *columns]] == table[[rule.by, *columns]].shift()).all(axis=1).to_numpy() & known
    starts = np.flatnonzero(~same)
    length = np.diff(np.append(starts, len(table)))
    long = length >= least
    what = [
        Text(
            f"连续 {n} 条记录的{titles(spec, columns).zh}完全相同",
            f"{n} records on end hold the same {titles(spec, columns).en.lower()}",
        )
        for n in length[long]
    ]
    rows = table.index[starts[long]]
    return tell(
        spec, rule.rule, rows, what, field=spec.field(columns[0]).title.zh, values=table[columns[0]][rows].to_numpy()
    )


def _gaps(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """Months (or days) that a station misses between its first and its last record."""
    del against
    if rule.by not in frame or not set(rule.fields) <= set(frame.columns):
        return []
    table = pd.DataFrame({"station": frame[rule.by], "step": _steps(frame, rule)})
    table = table.dropna().sort_values(["station", "step"], kind="stable")
    jump = table["step"].diff().where(table["station"] == table["station"].shift())
    after = table.index[(jump > 1).to_numpy()]
    missing = (jump[after] - 1).astype(int)
    monthly = len(rule.fields) > 1
    what = [
        Text(
            f"站 {station} 在此之前缺 {n} {'个月' if monthly else '天'}",
            f"station {station} misses {n} {'months' if monthly else 'days'} before this record",
        )
        for station, n in zip(frame[rule.by][after], missing, strict=True)
    ]
    return tell(spec, rule.rule, after, what, field=titles(spec, rule.fields).zh, values=[float(n) for n in missing])


def _steps(frame: Any, rule: Rule) -> NDArray[np.float64]:
    """Running number of the month (year and month) or of the day (date)."""
    if len(rule.fields) > 1:
        year, month = (frame[name].to_numpy("float64") for name in rule.fields)
        return np.asarray(year * 12 + month)
    days = frame[rule.fields[0]]
    return np.asarray((days - pd.Timestamp("1900-01-01")).dt.days.to_numpy("float64"))


TIME_RULES: Mapping[str, RecordRule] = {
    "future-date": _future,
    "too-old": _too_old,
    "not-rising": _not_rising,
    "stuck-value": _stuck,
    "gap-in-series": _gaps,
}
"""Rules by the name that layers declare."""
