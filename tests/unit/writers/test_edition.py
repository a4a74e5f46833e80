"""An edition is the old one or the new one, whatever moment the power goes."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from riskmap.errors import EditionError
from riskmap.writers import edition
from riskmap.writers.edition import EditionPaths, begin, edition_lock, recover, swap


def build(paths, text):
    folder = begin(paths)
    (folder / "a.txt").write_text(text, encoding="utf-8")
    (folder / "b.txt").write_text(text, encoding="utf-8")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")


def content(paths):
    return {(paths.target / name).read_text(encoding="utf-8") for name in ("a.txt", "b.txt")}


@pytest.fixture
def paths(tmp_path):
    return EditionPaths(tmp_path / "派生 成果" / "hequ")


class PowerCutError(BaseException):
    """Nothing in the code may catch this."""


MOMENTS = range(1, 16)


@pytest.mark.parametrize("moment", MOMENTS)
def test_cut_at_every_file_operation(paths, moment, monkeypatch):
    build(paths, "old")
    swap(paths)
    build(paths, "new")
    calls = 0

    def cutting(function):
        def call(*args, **options):
            nonlocal calls
            calls += 1
            if calls == moment:
                raise PowerCutError
            return function(*args, **options)

        return call

    with monkeypatch.context() as patch:
        for name in ("replace", "unlink", "rename"):
            patch.setattr(Path, name, cutting(getattr(Path, name)))
        patch.setattr(os, "fsync", cutting(os.fsync))
        patch.setattr(edition.shutil, "rmtree", cutting(edition.shutil.rmtree))
        with suppress(PowerCutError):
            swap(paths)
    recover(paths)
    assert content(paths) in ({"old"}, {"new"})
    if calls < moment:
        assert content(paths) == {"new"}
    assert [p.name for p in paths.target.parent.iterdir()] == ["hequ"]
    build(paths, "next")
    swap(paths)
    assert content(paths) == {"next"}


def test_files_are_on_the_disk_before_the_journal_vouches_for_them(paths, monkeypatch):
    build(paths, "new")
    order = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle):
        order.append(os.fstat(handle).st_ino)
        real_sync(handle)

    def replace(self, there):
        if there == paths.journal:
            order.append("journal")
        return real_replace(self, there)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    swap(paths)
    settled = set(order[: order.index("journal")])
    assert {one.stat().st_ino for one in paths.target.iterdir()} <= settled


def test_half_written_steps_are_swept(paths):
    paths.cache.mkdir(parents=True)
    (paths.cache / "step.zip").write_bytes(b"whole")
    (paths.cache / "step.zip.123.new").write_bytes(b"half")
    recover(paths)
    assert [one.name for one in paths.cache.iterdir()] == ["step.zip"]


def test_lost_journal_brings_the_earlier_edition_back(paths):
    build(paths, "old")
    swap(paths)
    build(paths, "new")
    paths.target.replace(paths.previous)
    assert paths.interrupted
    assert recover(paths) == "swept"
    assert content(paths) == {"old"}
    assert not paths.interrupted


def test_locked_file_keeps_the_old_edition(paths, monkeypatch):
    build(paths, "old")
    swap(paths)
    build(paths, "new")
    real = Path.replace

    def locked(self, there):
        if self == paths.target:
            raise PermissionError(13, "file in use")
        return real(self, there)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(EditionError, match="close the program"):
        swap(paths)
    assert content(paths) == {"old"}
    monkeypatch.undo()
    assert recover(paths) == "swept"
    assert content(paths) == {"old"}


def test_half_built_edition_is_swept(paths):
    build(paths, "old")
    swap(paths)
    (begin(paths) / "a.txt").write_text("half", encoding="utf-8")
    assert recover(paths) == "swept"
    assert content(paths) == {"old"}
    begin(paths)
    with pytest.raises(EditionError, match="not complete"):
        swap(paths)


def test_foreign_folder_is_not_replaced(paths):
    paths.target.mkdir(parents=True)
    (paths.target / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(EditionError, match="no edition"):
        begin(paths)


def test_two_commands_at_once(paths):
    with edition_lock(paths.target), pytest.raises(EditionError, match="another riskmap"), edition_lock(paths.target):
        pytest.fail("two commands held one edition")
