"""An assessment becomes an edition: every file real, the same bytes twice, nothing half-written."""

import json
import sqlite3
import sys

import pytest
import tiny
from test_assess import whole_survey

from riskmap.errors import EditionError
from riskmap.loaders import file_hash
from riskmap.pipeline.assess import assess
from riskmap.pipeline.publish import publish

MODULE = sys.modules["riskmap.pipeline.publish"]  # the package shows the function of that name


@pytest.fixture(scope="module")
def found():
    return assess(whole_survey())


def content(folder):
    return {p.relative_to(folder).as_posix(): file_hash(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def test_edition_is_whole_and_repeats(found, tmp_path):
    first = publish(found, tmp_path / "一 县" / "hequ")
    files = content(first)
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outputs"] == {name: digest for name, digest in files.items() if name != "manifest.json"}
    assert {
        "atlas.html",
        "riskmap.gpkg",
        "report.html",
        "quality.html",
        "tables.xlsx",
        "quality.json",
        "quality.xlsx",
    } <= set(files)
    assert "rasters/flood_class.tif" in files
    assert sum(name.startswith("sheets/") for name in files) >= 4
    assert {row["confidence"] for row in manifest["thresholds"]} >= {"C"}
    with sqlite3.connect(first / "riskmap.gpkg") as base:
        (count,) = base.execute("SELECT count(*) FROM risk_units").fetchone()
        assert count == len(tiny.CODES)
    assert content(publish(found, tmp_path / "two")) == files
    assert [p.name for p in first.parent.iterdir() if not p.name.endswith(".lock")] == ["hequ"]


def test_failure_leaves_the_earlier_edition(found, tmp_path, monkeypatch):
    monkeypatch.setattr("riskmap.pipeline.pages.sheet_names", lambda _found: ("zones",))
    folder = publish(found, tmp_path / "hequ")
    before = content(folder)

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(MODULE, "write_cog", full)
        with pytest.raises(OSError, match="No space"):
            publish(found, folder)
    assert content(folder) == before
    publish(found, folder)
    assert set(content(folder)) == set(before)


def test_other_peoples_folder_is_left_alone(found, tmp_path):
    (tmp_path / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(EditionError, match="no edition of riskmap"):
        publish(found, tmp_path)
    assert (tmp_path / "thesis.docx").exists()
