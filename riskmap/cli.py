"""The front door: `riskmap demo`, `init`, `check`, `run`, `compare`, `impact`, `verify`."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from riskmap.errors import RiskmapError

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From a county's natural-disaster survey layers to its risk zoning. 自然灾害风险区划。",
)
County = Annotated[Path, typer.Argument(help="Folder that holds county.toml, or that file.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of words.")]


def main() -> None:
    """Run the command; an expected fault is one message on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except RiskmapError as fault:
        typer.echo(f"riskmap: {fault}", err=True)
        raise SystemExit(_exit_code(fault)) from None
    except KeyboardInterrupt:
        typer.echo("riskmap: stopped; the earlier edition stays, the next run goes on from here", err=True)
        raise SystemExit(1) from None


def _exit_code(fault: RiskmapError) -> int:
    """2: the county file is wrong, nothing was begun. 1: nothing could be published."""
    from riskmap.errors import CountyFileError, StandardError

    return 2 if isinstance(fault, CountyFileError | StandardError) else 1


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[float, str], None]]:
    """Show a bar with time left on a terminal, plain lines elsewhere."""
    if quiet:
        yield lambda _fraction, _message: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda fraction, message: typer.echo(f"{fraction:4.0%}  {message}", err=True)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        BarColumn(30),
        TextColumn("{task.percentage:3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message)


def _run(
    county: Path, *, quiet: bool, as_json: bool, online_atlas: Path | None = None, public: Path | None = None
) -> None:
    from riskmap.pipeline import run, write_online_atlas, write_public_atlas

    with _progress(quiet or as_json) as progress:
        edition = run(county, progress=progress)
    if online_atlas is not None:
        write_online_atlas(edition, online_atlas)
    if public is not None:
        write_public_atlas(edition, public)
    gone = [
        {"product": one.product.zh, "reason": one.reason.zh, "reason_en": one.reason.en} for one in edition.left_out
    ]
    if as_json:
        told = {"folder": str(edition.folder), "computed": edition.computed, "reused": edition.reused}
        typer.echo(json.dumps({**told, "unchanged": edition.unchanged, "excluded": edition.excluded, "left_out": gone}))
        return
    if not quiet:
        for one in edition.left_out:
            typer.echo(f"未编制 left out: {one.product} — {one.reason}")
        state = "没有变化 nothing changed" if edition.unchanged else "已发布 published"
        typer.echo(f"{state}: {edition.computed} steps computed, {edition.reused} re-used")
        typer.echo(f"成果 edition: {edition.folder}")
        typer.echo(f"图集 atlas: {edition.folder / 'atlas.html'}")
    typer.echo(f"未采用记录 records not used: {edition.excluded}")


@app.command(epilog="Example: riskmap demo data/raw/hequ")
def demo(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder to write; by default data/raw/hequ.", metavar="DIR")
    ] = None,
    *,
    no_run: Annotated[bool, typer.Option("--no-run", help="Write the folder, do not run it.")] = False,
    given: Annotated[bool, typer.Option("--given", help="Products of other departments instead of a survey.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write the made-up survey of Hequ County and run it; a folder that is whole is kept (演示县，模拟数据)."""
    from riskmap.demo import is_demo, make_demo, make_given

    folder = folder or Path("data/raw", "hequ_given" if given else "hequ")
    if (folder / "county.toml").exists() and is_demo(folder):
        if not (quiet or as_json):
            typer.echo(f"沿用 kept as it is: {folder} (delete the folder to make it anew)")
    else:
        with _progress(quiet or as_json) as progress:
            (make_given if given else make_demo)(folder, progress=progress)
        if not (quiet or as_json):
            typer.echo(f"模拟数据 synthetic survey: {folder}")
    if not no_run:
        _run(folder, quiet=quiet, as_json=as_json)


@app.command(epilog="Example: riskmap init data/raw/mycounty")
def init(
    folder: Annotated[Path, typer.Argument(help="Folder with the deliveries.", metavar="DIR", show_default=False)],
    *,
    template: Annotated[
        bool, typer.Option("--template", help="Write workbooks to fill in, one a layer, into DIR instead (填报表).")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Look through a folder of deliveries and write a commented county.toml for it (生成县级设置文件)."""
    from riskmap.pipeline import init_county, write_templates

    if template:
        written = write_templates(folder)
        if not quiet:
            typer.echo(f"填报表 sheets to fill in: {len(written)} in {folder}; then: riskmap init {folder}")
        return
    found = init_county(folder)
    if quiet:
        return
    for one in found:
        what = one.note.splitlines()[0] if one.note else f"{one.kind}, {one.rows} rows"
        typer.echo(f"{one.layer or '-':16} {one.path}  ({what})")
    typer.echo(f"{sum(bool(one.layer) for one in found)} of {len(found)} files recognised")
    typer.echo(f"写好 written: {folder / 'county.toml'}; fill in what says FILL IN, then: riskmap check {folder}")


@app.command(epilog="Example: riskmap run data/raw/hequ")
def run(
    county: County,
    *,
    quiet: Quiet = False,
    as_json: AsJson = False,
    online_atlas: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a second atlas with the online base map; takes TIANDITU_KEY."),
    ] = None,
    public: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a second atlas for the public: no trials, no ways, coarser cells."),
    ] = None,
) -> None:
    """Take a county folder to its published edition: sheets, report, database, tables (一键生成风险区划成果)."""
    _run(county, quiet=quiet, as_json=as_json, online_atlas=online_atlas, public=public)


@app.command(epilog="Example: riskmap check data/raw/hequ --json > findings.json")
def check(
    county: County,
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write quality.html, quality.xlsx and quality.json into this folder."),
    ] = None,
    mend: Annotated[
        bool, typer.Option("--fix", help="Write mended copies beside the edition, with a log of every changed value.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Read and check every layer; exit code 1 if any finding is an error (数据质检). Writes nothing unless asked."""
    from riskmap.loaders.refusal import gathered
    from riskmap.pipeline import check as check_layers
    from riskmap.pipeline import fix, write_findings

    with _progress(quiet or as_json) as progress:
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
        for one in gathered(survey.findings, most=100):
            row = "" if one.row is None else f" row {one.row}"
            typer.echo(f"{one.severity:7} {one.layer}{row} {one.field} {one.value}: {one.message} → {one.cure}")
        typer.echo(f"{len(survey.findings)} findings in {len(survey.layers)} layers")
        if out is not None:
            typer.echo(f"质检报告 report: {out / 'quality.html'}; 退回表 to send back: {out / 'quality.xlsx'}")
        if fixed is not None:
            for name, file in fixed.files.items():
                typer.echo(f"已改 mended: {fixed.folder / file} ({len(fixed.changes[name])} values)")
            typer.echo(
                f"{len(fixed.files)} of {len(survey.layers)} layers mended; log: {fixed.folder / 'changes.xlsx'}"
            )
    raise typer.Exit(1 if worst else 0)


@app.command(epilog="Example: riskmap compare data/raw/hequ new/隐患点.shp --layer hazard_points --out compared")
def compare(
    old: Annotated[Path, typer.Argument(help="The older file, or a county folder.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="The newer file, or a county folder.", show_default=False)],
    *,
    layer: Annotated[str, typer.Option(metavar="NAME", help="Layer of the catalogue.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write compare.html, compare.xlsx and compare.json there.")
    ] = None,
    key: Annotated[str, typer.Option(metavar="FIELD,...", help="Columns that name a record.")] = "",
    moved_m: Annotated[float, typer.Option(min=0, metavar="M", help="Farther than this counts as moved.")] = 10.0,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compare two deliveries of one layer: added, removed, moved, changed records (两次提交对比)."""
    from riskmap.pipeline import compare as compare_deliveries
    from riskmap.pipeline import comparison_values, write_comparison

    names = [one.strip() for one in key.split(",") if one.strip()]
    found = compare_deliveries(old, new, layer=layer, key=names, moved_m=moved_m)
    if out is not None:
        write_comparison(found, out)
    if as_json:
        typer.echo(json.dumps(comparison_values(found), ensure_ascii=False, indent=1))
        return
    if not quiet:
        for one in found.differences:
            what = {"moved": f"{one.metres} m", "changed": f"{one.field} {one.old} → {one.new}"}.get(one.kind, "")
            typer.echo(f"{one.kind:7} row {one.row} {one.key} {one.name} {what}".rstrip())
        if out is not None:
            typer.echo(f"对比 comparison: {out / 'compare.html'}, {out / 'compare.xlsx'}")
    counts = ", ".join(f"{number} {kind}" for kind, number in found.counts.items())
    typer.echo(f"{counts}, {found.same} the same; not compared: {found.unkeyed[0]} before, {found.unkeyed[1]} now")


@app.command(epilog="Example: riskmap impact data/raw/hequ warning.geojson --out impact")
def impact(
    county: County,
    footprint: Annotated[
        Path, typer.Argument(help="Polygons of a warning or event, or a raster.", metavar="FILE", show_default=False)
    ],
    *,
    above: Annotated[
        float | None, typer.Option(metavar="VALUE", help="For a raster: cells above it are inside.")
    ] = None,
    layer: Annotated[str, typer.Option(metavar="NAME", help="Layer inside the file.")] = "",
    crs: Annotated[str, typer.Option(metavar="EPSG:...", help="Coordinate system, where the file states none.")] = "",
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for impact.xlsx, impact.html, impact.png, impact.json.")
    ] = Path("impact"),
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Count people, houses, danger points, shelters and roads inside a footprint; for internal use (影响速报，内部)."""
    from riskmap.maps.words import number
    from riskmap.pipeline import impact as hit
    from riskmap.pipeline import impact_values, write_impact

    with _progress(quiet or as_json) as progress:
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


@app.command(epilog="Example: riskmap editions old/hequ data/derived/hequ --out compared")
def editions(
    old: Annotated[Path, typer.Argument(help="Folder of the older edition.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="Folder of the newer edition.", show_default=False)],
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write editions.html, editions.xlsx and editions.json there.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compare two published editions: which units changed class, by data, by method or within doubt (两版成果对比)."""
    from riskmap.pipeline import compare_editions, edition_values, write_edition_comparison

    found = compare_editions(old, new)
    told = edition_values(found)
    if out is not None:
        write_edition_comparison(found, out)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if not quiet:
        for one in told["units"]:
            classes = f"{found.scheme.label(one['class_old'])} → {found.scheme.label(one['class_new'])}"
            typer.echo(f"{one['unit_id']} {one['name']}: {classes} ({one['cause']}: {one['reason']})")
        if out is not None:
            typer.echo(f"对比 comparison: {out / 'editions.html'}, {out / 'editions.xlsx'}")
    counts = ", ".join(f"{number} {cause}" for cause, number in told["causes"].items() if number)
    typer.echo(f"{told['changed']} changed class ({counts or 'none'}), {found.same} kept it")


@app.command(epilog="Example: riskmap verify --json")
def verify(
    reference: Annotated[Path | None, typer.Option(help="Folder of larger published sets.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute published values and compare; exit code 1 if any is off (复核公开数值)."""
    from riskmap.verify import verify as recompute

    rows = recompute(reference)
    if as_json:
        typer.echo(json.dumps([one.as_dict() for one in rows], ensure_ascii=False, indent=1))
    else:
        for one in rows:
            mark = "ok " if one.ok else "OFF"
            figures = f"expected {one.expected:g}, got {one.got:g} ± {one.tolerance:g}"
            typer.echo(f"{mark} {one.group:14} {one.name}: {figures}  [{one.source}]")
        typer.echo(f"{sum(one.ok for one in rows)} of {len(rows)} agree")
    raise typer.Exit(0 if all(one.ok for one in rows) else 1)
