"""The published values hold, and a wrong one is seen."""

from dataclasses import replace

from typer.testing import CliRunner

from riskmap.cli import app
from riskmap.verify import verify


def test_all_agree():
    rows = verify()
    assert [one.name for one in rows if not one.ok] == []
    assert len(rows) >= 20
    assert len({(one.group, one.name) for one in rows}) == len(rows)


def test_a_wrong_value_is_seen():
    row = verify()[0]
    assert not replace(row, got=row.expected + 2 * row.tolerance).ok
    assert not replace(row, got=float("nan")).ok


def test_command():
    done = CliRunner().invoke(app, ["verify"])
    assert done.exit_code == 0
    assert "OFF" not in done.output
