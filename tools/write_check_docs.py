"""Write docs/checks.md from the rules of the check and the layers that declare them."""

import sys
import tomllib
from importlib.resources import files
from pathlib import Path

from riskmap.model import LayerSpec, Rule, Threshold
from riskmap.standards import book, layer_specs

PAGE = Path(__file__).resolve().parents[1] / "docs" / "checks.md"
SEVERITY = {"error": "错误 error", "warning": "警告 warning", "note": "提示 note"}
HEAD = """# What does the check look for?

质检规则。Written from `riskmap/standards/checks/rules.toml` and the `rules` of `riskmap/standards/layers/` by
`tools/write_check_docs.py`.

`riskmap check` reads every layer and holds it against the fields that it declares (type, unit, range, list of values, required,
unique key), against its own rules, and against the other layers. Every finding carries an id that stays the same as long as the
fault does, the row as a person counts it in the file (first record is 1; in sheets and text tables the row of the sheet), the
record's key, the column, the value, and what to do.

- **error**: the record (or the layer) is not used. **warning**: it is used; look at it. **note**: nothing to do.
- A mended value (longitude and latitude put back, a unit read from the cell, a broken polygon repaired) is used as mended and told.
- Closed records (是否销号) are no current risk and are left out; so is the yearbook's row of the whole county, after its sums.
- Between two layers nothing is left out: which of them is wrong is not known.
- A rule about codes that most records break, and a threat class that more than a fifth have otherwise, is the county's own way:
  it is told once, or not at all.
"""


def text() -> str:
    """The page, from the declarations themselves."""
    lines = [HEAD]
    raw = files("riskmap.standards").joinpath("checks", "rules.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(raw)
    for line in raw.splitlines():
        if line.startswith("# -- "):
            lines += ["", f"## {line[5:].strip().capitalize()}", "", "| rule | severity | what is found | what to do |", "|---|---|---|---|"]  # fmt: skip
        if line.startswith("["):
            name = line.strip("[]")
            one = entries[name]
            means, cure = (f"{one[key]['zh']}<br>{one[key]['en']}" for key in ("title", "cure"))
            lines.append(f"| `{name}` | {SEVERITY[one['severity']]} | {means} | {cure} |")
    lines += ["", "## Which layer is held against what?", "", "| layer | rule | columns | against | thresholds |", "|---|---|---|---|---|"]  # fmt: skip
    lines += [_declared(spec, rule) for spec in layer_specs().values() for rule in spec.rules]
    lines += ["", "## Thresholds", "", "None of these is a standard's: C means that a county may set its own (see [thresholds](thresholds.md)).", "", "| threshold | value | what it is | where it comes from | confidence |", "|---|---|---|---|---|"]  # fmt: skip
    lines += [_threshold(one) for key, one in book().thresholds.items() if key.startswith("quality.")]
    return "\n".join(lines) + "\n"


def _declared(spec: LayerSpec, rule: Rule) -> str:
    against = " by ".join(f"`{one}`" for one in (rule.of, rule.by) if one)
    columns, limits = (", ".join(f"`{one}`" for one in names) for names in (rule.fields, rule.limit))
    return f"| {spec.title.zh} `{spec.name}` | `{rule.rule}` | {columns} | {against} | {limits} |"


def _threshold(one: Threshold) -> str:
    value = f"{one.value:g}" if isinstance(one.value, int | float) else one.value
    return f"| `{one.key}` | {value} {one.unit} | {one.title.zh}<br>{one.title.en} | {one.clause} | {one.confidence} |"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
