"""The front door: `riskmap demo`, `init`, `check`, `run`, `compare`, `impact`, `editions`, `verify`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import rich_utils

from riskmap.errors import RiskmapError

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="县级自然灾害普查图层到风险区划。 From a county's natural-disaster survey layers to its risk zoning.",
)
County = Annotated[
    Path,
    typer.Argument(
        help="县文件夹（含 county.toml），或该文件。 Folder that holds county.toml, or that file.", show_default=False
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="只说出错之处。 Say only what went wrong.")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON instead of words.")]


def main() -> None:
    """Run the command; an expected fault is one message on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    rich_utils.ARGUMENTS_PANEL_TITLE, rich_utils.OPTIONS_PANEL_TITLE = "参数 Arguments", "选项 Options"
    rich_utils.COMMANDS_PANEL_TITLE, rich_utils.ERRORS_PANEL_TITLE = "命令 Commands", "用法有误 Error"
    try:
        app()
    except RiskmapError as fault:
        typer.echo(f"riskmap: {fault}", err=True)
        raise SystemExit(_exit_code(fault)) from None
    except KeyboardInterrupt:
        typer.echo("riskmap: 已停止，旧版成果不变，下次从这里继续\n  stopped; the earlier edition stays", err=True)
        raise SystemExit(1) from None


def _exit_code(fault: RiskmapError) -> int:
    """2: the county file is wrong, nothing was begun. 1: nothing could be published."""
    from riskmap.errors import CountyFileError, StandardError

    return 2 if isinstance(fault, CountyFileError | StandardError) else 1


def _run(
    county: Path, *, quiet: bool, as_json: bool, online_atlas: Path | None = None, public: Path | None = None
) -> None:
    from riskmap.pipeline import leftover_words, run, run_lines, shown_progress, write_online_atlas, write_public_atlas

    with shown_progress(quiet or as_json) as progress:
        edition = run(county, progress=progress)
    if edition.leftover is not None:
        typer.echo(leftover_words(edition.leftover), err=True)
    more = {}
    if online_atlas is not None:
        more["online_atlas"] = write_online_atlas(edition, online_atlas)
    if public is not None:
        more["public"] = write_public_atlas(edition, public)
    if as_json:
        typer.echo(json.dumps({**edition.told(), **{name: str(file) for name, file in more.items()}}))
        return
    lines = run_lines(edition, more)
    for line in lines[-1:] if quiet else lines:
        typer.echo(line)


@app.command(epilog="例 Example: riskmap demo data/raw/hequ")
def demo(
    folder: Annotated[
        Path | None, typer.Argument(help="要写的文件夹，默认 data/raw/hequ。 Folder to write.", metavar="DIR")
    ] = None,
    *,
    no_run: Annotated[bool, typer.Option("--no-run", help="只写文件夹，不运行。 Do not run it.")] = False,
    given: Annotated[
        bool, typer.Option("--given", help="只有部门成果的县。 Products of departments instead of a survey.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """演示县（模拟数据）：生成并运行，完整的文件夹沿用。 Write the made-up survey of Hequ County and run it."""
    from riskmap.demo import is_demo, make_demo, make_given
    from riskmap.pipeline import shown_progress

    folder = folder or Path("data/raw", "hequ_given" if given else "hequ")
    if (folder / "county.toml").exists() and is_demo(folder):
        if not (quiet or as_json):
            typer.echo(f"沿用 kept as it is: {folder}（要重新生成请先删除 delete it to make it anew）")
    else:
        with shown_progress(quiet or as_json) as progress:
            (make_given if given else make_demo)(folder, progress=progress)
        if not (quiet or as_json):
            typer.echo(f"模拟数据 synthetic survey: {folder}")
    if not no_run:
        _run(folder, quiet=quiet, as_json=as_json)


@app.command(epilog="例 Example: riskmap init data/raw/mycounty")
def init(
    folder: Annotated[
        Path,
        typer.Argument(help="放有提交资料的文件夹。 Folder with the deliveries.", metavar="DIR", show_default=False),
    ],
    *,
    template: Annotated[
        bool, typer.Option("--template", help="改为写空白填报表，每图层一本。 Write workbooks to fill in, one a layer.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """识别提交资料，写出带注释的 county.toml。 Look through deliveries and write a commented county.toml."""
    from riskmap.pipeline import init_county, write_templates

    if template:
        written = write_templates(folder)
        if not quiet:
            typer.echo(f"填报表 sheets to fill in: {len(written)}（{folder}）; 填好后 then: riskmap init {folder}")
        return
    found = init_county(folder)
    if quiet:
        return
    for one in found:
        what = one.note.splitlines()[0] if one.note else f"{one.kind}, {one.rows} 行 rows"
        typer.echo(f"{one.layer or '-':16} {one.path}  ({what})")
    typer.echo(f"识别 files recognised: {sum(bool(one.layer) for one in found)}/{len(found)}")
    typer.echo(f"写好 written: {folder / 'county.toml'}")
    typer.echo(
        f"填好带“填写 FILL IN”的各项并删去这几个字，再运行 fill in what says FILL IN, then: riskmap check {folder}"
    )


@app.command(epilog="例 Example: riskmap run data/raw/hequ")
def run(
    county: County,
    *,
    quiet: Quiet = False,
    as_json: AsJson = False,
    online_atlas: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="另写一份天地图底图的图集（需 TIANDITU_KEY）。 A second atlas with the online base map.",
        ),
    ] = None,
    public: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="另写一份公开图集：无试算、无路线、格网较粗。 A second atlas for the public."
        ),
    ] = None,
) -> None:
    """从县文件夹到成果：图幅、报告、数据库、表格。 From a county folder to its published edition."""
    _run(county, quiet=quiet, as_json=as_json, online_atlas=online_atlas, public=public)


@app.command(epilog="例 Example: riskmap check data/raw/hequ --json > findings.json")
def check(
    county: County,
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="把质检报告与退回表写到该文件夹。 Write quality.html, .xlsx and .json there."),
    ] = None,
    mend: Annotated[
        bool, typer.Option("--fix", help="在成果旁写改正后的副本与改动记录。 Write mended copies and a log.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """数据质检：有错误则退出码为 1，不要求则不写文件。 Read and check every layer; exit code 1 on errors."""
    from riskmap.pipeline import check as check_layers
    from riskmap.pipeline import check_lines, fix, shown_progress, write_findings

    with shown_progress(quiet or as_json) as progress:
        survey = check_layers(county, progress=progress)
    worst = any(one.severity == "error" for one in survey.findings)
    if out is not None:
        write_findings(survey, out)
    fixed = fix(survey) if mend else None
    if as_json:
        plain = ("rule", "severity", "layer", "row", "key", "field", "value", "mended")
        rows = [
            {**{name: getattr(one, name) for name in plain}, "message": one.message.en, "cure": one.cure.en}
            for one in survey.findings
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif not quiet:
        for line in check_lines(survey, county, out=out):
            typer.echo(line)
        if fixed is not None:
            for name, file in fixed.files.items():
                typer.echo(f"已改 mended: {fixed.folder / file} ({len(fixed.changes[name])} 处 values)")
            count = f"{len(fixed.files)}/{len(survey.layers)}"
            typer.echo(f"改正图层 layers mended: {count}; 记录 log: {fixed.folder / 'changes.xlsx'}")
    raise typer.Exit(1 if worst else 0)


@app.command(epilog="例 Example: riskmap compare data/raw/hequ new/隐患点.shp --layer hazard_points --out compared")
def compare(
    old: Annotated[
        Path, typer.Argument(help="旧文件或旧县文件夹。 The older file, or a county folder.", show_default=False)
    ],
    new: Annotated[
        Path, typer.Argument(help="新文件或新县文件夹。 The newer file, or a county folder.", show_default=False)
    ],
    *,
    layer: Annotated[
        str,
        typer.Option(metavar="NAME", help="图层名（见 docs/layers.md）。 Layer of the catalogue.", show_default=False),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="把对比写到该文件夹。 Write compare.html, .xlsx and .json there.")
    ] = None,
    key: Annotated[str, typer.Option(metavar="FIELD,...", help="标识记录的列。 Columns that name a record.")] = "",
    moved_m: Annotated[
        float, typer.Option(min=0, metavar="M", help="超过此距离（米）算移动。 Farther than this counts as moved.")
    ] = 10.0,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """两次提交对比：新增、删除、移动、修改的记录。 Compare two deliveries of one layer."""
    from riskmap.pipeline import compare as compare_deliveries
    from riskmap.pipeline import compare_lines, comparison_values, write_comparison

    names = [one.strip() for one in key.split(",") if one.strip()]
    found = compare_deliveries(old, new, layer=layer, key=names, moved_m=moved_m)
    if out is not None:
        write_comparison(found, out)
    if as_json:
        typer.echo(json.dumps(comparison_values(found), ensure_ascii=False, indent=1))
        return
    lines = compare_lines(found)
    if out is not None:
        lines.insert(-1, f"对比 comparison: {out / 'compare.html'}, {out / 'compare.xlsx'}")
    for line in lines[-1:] if quiet else lines:
        typer.echo(line)


@app.command(epilog="例 Example: riskmap impact data/raw/hequ warning.geojson --out impact")
def impact(
    county: County,
    footprint: Annotated[
        Path,
        typer.Argument(
            help="预警或灾害范围：面文件或栅格。 Polygons of a warning or event, or a raster.",
            metavar="FILE",
            show_default=False,
        ),
    ],
    *,
    above: Annotated[
        float | None,
        typer.Option(metavar="VALUE", help="栅格：大于此值为范围内。 For a raster: cells above it are inside."),
    ] = None,
    layer: Annotated[str, typer.Option(metavar="NAME", help="文件里的图层。 Layer inside the file.")] = "",
    crs: Annotated[
        str,
        typer.Option(
            metavar="EPSG:...", help="文件没有写明时的坐标系。 Coordinate system, where the file states none."
        ),
    ] = "",
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="速报文件夹。 Folder for impact.xlsx, .html, .png, .json.")
    ] = Path("impact"),
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """影响速报（内部）：范围内的人口、房屋、隐患点、避难场所、道路。 Count what is inside a footprint."""
    from riskmap.maps.words import number
    from riskmap.pipeline import impact as hit
    from riskmap.pipeline import impact_values, shown_progress, write_impact

    with shown_progress(quiet or as_json) as progress:
        found = hit(county, footprint, above=above, layer=layer, crs=crs, progress=progress)
    folder = write_impact(found, out)
    if as_json:
        typer.echo(json.dumps(impact_values(found), ensure_ascii=False, indent=1))
        return
    if found.footprint.empty:
        typer.echo("影响范围不在本县 the footprint does not touch the county")
    elif not quiet:
        for _, value, label in found.facts():
            typer.echo(f"{label}: {number(value)}")
    if not quiet:
        typer.echo(f"内部使用 internal: {folder / 'impact.html'}, {folder / 'impact.xlsx'}")


@app.command(epilog="例 Example: riskmap editions old/hequ data/derived/hequ --out compared")
def editions(
    old: Annotated[Path, typer.Argument(help="旧版成果文件夹。 Folder of the older edition.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="新版成果文件夹。 Folder of the newer edition.", show_default=False)],
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="把对比写到该文件夹。 Write editions.html, .xlsx and .json there."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """两版成果对比：哪些单元变了等级、因何而变。 Which units changed class, and why."""
    from riskmap.pipeline import compare_editions, edition_lines, edition_values, write_edition_comparison

    found = compare_editions(old, new)
    told = edition_values(found)
    if out is not None:
        write_edition_comparison(found, out)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    lines = edition_lines(found, told)
    if out is not None:
        lines.insert(-1, f"对比 comparison: {out / 'editions.html'}, {out / 'editions.xlsx'}")
    for line in lines[-1:] if quiet else lines:
        typer.echo(line)


@app.command(epilog="例 Example: riskmap verify --json")
def verify(
    reference: Annotated[
        Path | None, typer.Option(help="更大的公开数据集文件夹。 Folder of larger published sets.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """复核公开数值，有不符则退出码为 1。 Recompute published values; exit code 1 if any is off."""
    from riskmap.verify import verify as recompute

    rows = recompute(reference)
    if as_json:
        typer.echo(json.dumps([one.as_dict() for one in rows], ensure_ascii=False, indent=1))
    else:
        for one in rows:
            mark = "ok " if one.ok else "OFF"
            figures = f"expected {one.expected:g}, got {one.got:g} ± {one.tolerance:g}"
            typer.echo(f"{mark} {one.group:14} {one.name}: {figures}  [{one.source}]")
        typer.echo(f"相符 agree: {sum(one.ok for one in rows)}/{len(rows)}")
    raise typer.Exit(0 if all(one.ok for one in rows) else 1)
