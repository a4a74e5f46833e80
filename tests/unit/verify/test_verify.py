"""The published values hold, and a wrong one is seen."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from riskmap.cli import app
from riskmap.errors import MissingLayerError
from riskmap.verify import verify


def test_all_agree():
    rows = verify()
    assert [one.name for one in rows if not one.ok] == []
    assert sum(one.group == "shelters" for one in rows) >= 30
    assert len({(one.group, one.name) for one in rows}) == len(rows)


@pytest.mark.shared
def test_larger_sets_agree(shared):
    rows = verify(shared / "reference")
    more = rows[len(verify()) :]
    assert [one.name for one in more if not one.ok] == []
    assert {one.group for one in more} == {"shelters"}
    assert len(more) >= 40
    assert len({(one.group, one.name) for one in rows}) == len(rows)


def test_a_folder_without_the_sets_is_told(tmp_path):
    with pytest.raises(MissingLayerError, match="pmed1"):
        verify(Path(tmp_path))


def test_a_wrong_value_is_seen():
    row = verify()[0]
    assert not replace(row, got=row.expected + 2 * row.tolerance).ok
    assert not replace(row, got=float("nan")).ok


def test_command():
    done = CliRunner().invoke(app, ["verify"])
    assert done.exit_code == 0
    assert "OFF" not in done.output
