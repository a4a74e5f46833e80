"""A run that is killed without warning, at ten drawn moments: the edition is the old one or the new one, whole."""

import random
import shutil
import subprocess
import sys
import time

import pytest
import tiny_files

from riskmap.loaders import file_hash
from riskmap.pipeline import check, run
from riskmap.writers import EditionPaths

SETTINGS = tiny_files.COUNTY.split("[layers.townships]")[0].replace(
    '2026-01-01"', '2026-01-01"\nunits = "grid30s"\noutput = "../成果"'
)
SWAP, WRITING = "替换旧版 ", "质检报告 Quality report "
"""Lines of the progress; the second, with its blank, is told when that page is done and only the files remain."""
SEED = 140930


def content(folder):
    return {p.relative_to(folder).as_posix(): file_hash(p) for p in folder.rglob("*") if p.is_file()}


def set_date(folder, date):
    (folder / "county.toml").write_text(SETTINGS.replace("2026-01-01", date), encoding="utf-8")


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return tiny_files.write(tmp_path_factory.mktemp("kill") / "小 河")


@pytest.fixture(scope="module")
def editions(county, tmp_path_factory):
    """Content of the new edition as a clean run makes it, its steps, the old edition that is in place, and a copy."""
    steps = []
    set_date(county, "2026-02-02")
    edition = run(county, progress=lambda _share, message: steps.append(message)).folder
    new = content(edition)
    set_date(county, "2026-01-01")
    run(county)
    copy = tmp_path_factory.mktemp("old") / "copy"
    shutil.copytree(edition, copy)
    set_date(county, "2026-02-02")
    return new, [one for one in steps if "✓" not in one], content(edition), copy


def moments(steps):
    """Ten moments, in the order of the run: a line of the progress, whether the swap has begun, a delay in seconds.

    Four lie anywhere, two where the files are written, four where the edition is put in place.
    """
    draw = random.Random(SEED)
    anywhere = sorted(draw.sample(range(len(steps) - 1), 4))
    found = [(steps[n], False, draw.uniform(0, 0.6)) for n in anywhere]
    found += [(WRITING, False, draw.uniform(0, 0.25)) for _ in range(2)]
    found += [(SWAP, False, draw.uniform(0, 0.01))]
    return [*found, *((SWAP, True, draw.uniform(0, longest)) for longest in (0, 0.0003, 0.001))]


def kill_at(county, line, swapping, delay):
    """Start a run, wait for its line, for the journal of the swap, and a little more; kill it."""
    command = [sys.executable, "-m", "riskmap", "run", str(county)]
    paths = EditionPaths(county.parent / "成果")
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert any(line in told for told in iter(process.stderr.readline, "")), f"the run never said {line!r}"
        while swapping and paths.building.exists() and not paths.journal.exists():
            pass
        until = time.perf_counter() + delay
        while time.perf_counter() < until:
            time.sleep(0 if swapping else 0.001)
        process.kill()


def test_killed_at_ten_moments(county, editions):
    new, steps, old, copy = editions
    edition = county.parent / "成果"
    assert old.keys() == new.keys()
    assert all(old[name] != new[name] for name in ("manifest.json", "riskmap.gpkg", "report.html", "tables.xlsx"))
    outcomes = []
    for moment in moments(steps):
        kill_at(county, *moment)
        if edition.exists():
            assert content(edition) in (old, new), f"a mix stands after {moment}"
        check(county)
        now = content(edition)
        assert now in (old, new), f"the next command left a mix after {moment}"
        outcomes.append("new" if now == new else "old")
        if now == new:
            shutil.rmtree(edition)
            shutil.copytree(copy, edition)
    assert len(outcomes) == 10
    assert outcomes[0] == "old"
    assert outcomes[-1] == "new"  # the journal was written: the next command finishes
    command = [sys.executable, "-m", "riskmap", "run", str(county), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert content(edition) == new
    beside = {one.name for one in county.parent.iterdir()}
    assert beside <= {"小 河", "成果", ".成果.cache", ".成果.lock"}
    assert not list((county.parent / ".成果.cache").glob("*.new"))
