"""Write docs/layers.md from the catalogue of layers."""

import sys
from pathlib import Path

from riskmap.standards import layer_specs

PAGE = Path(__file__).resolve().parents[1] / "docs" / "layers.md"
KINDS = {
    "point": "点 points",
    "line": "线 lines",
    "polygon": "面 polygons",
    "raster": "栅格 raster",
    "table": "表 table",
}


def text() -> str:
    """The page, from the declarations themselves."""
    lines = [
        "# Which layers can be delivered, and with which columns?",
        "",
        "可提交的图层与字段。Written from `riskmap/standards/layers/` by `tools/write_layer_docs.py`; headers are matched in either",
        "language, by the aliases too, and a unit in brackets is understood: `受威胁财产(万元)`. **Bold** columns are required.",
        "Points may also come as tables with longitude and latitude.",
    ]
    for spec in layer_specs().values():
        if spec.derived:
            continue
        bounds = "" if spec.low is None else f", {spec.low:g} to {'…' if spec.high is None else f'{spec.high:g}'}"
        lines += [
            "",
            f"## `[layers.{spec.name}]` {spec.title}",
            "",
            f"{KINDS[spec.kind]}{f', {spec.unit}' if spec.unit else ''}{bounds}",
        ]
        if spec.categories:
            lines += ["", *(f"- {code}: {meaning}" for code, meaning in spec.categories.items())]
        if not spec.fields:
            continue
        lines += ["", "| column | 名称 | unit | also called |", "|---|---|---|---|"]
        for one in spec.fields:
            name = f"**`{one.name}`**" if one.required else f"`{one.name}`"
            lines.append(f"| {name} | {one.title.zh} | {one.unit} | {'、'.join(one.aliases)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
