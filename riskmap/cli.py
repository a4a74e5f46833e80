"""The front door: `riskmap verify`; the commands on counties follow the rooms they need."""

import json
import sys
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


@app.callback()
def _front() -> None:
    """Take one command."""


@app.command(epilog="Example: riskmap verify --json")
def verify(as_json: AsJson = False) -> None:
    """Recompute published values and compare; exit code 1 if any is off (复核公开数值)."""
    from riskmap.verify import verify as recompute

    rows = recompute()
    if as_json:
        typer.echo(json.dumps([one.as_dict() for one in rows], ensure_ascii=False, indent=1))
    else:
        for one in rows:
            mark = "ok " if one.ok else "OFF"
            figures = f"expected {one.expected:g}, got {one.got:g} ± {one.tolerance:g}"
            typer.echo(f"{mark} {one.group:14} {one.name}: {figures}  [{one.source}]")
        typer.echo(f"{sum(one.ok for one in rows)} of {len(rows)} agree")
    raise typer.Exit(0 if all(one.ok for one in rows) else 1)
