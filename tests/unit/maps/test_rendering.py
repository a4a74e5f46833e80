"""Pages drawn in a process beside this one are those drawn in it, and nothing is lost where there is none."""

import logging
from pathlib import Path

import pytest
import tiny
from matplotlib.figure import Figure

from riskmap.errors import RiskmapError
from riskmap.maps import Renderer, laid_out, render_child, rendering, sheet
from riskmap.maps.subject import subject_of


@pytest.fixture(scope="module")
def assessment():
    return tiny.assessment()


def page(text):
    figure = Figure(figsize=(2, 1))
    figure.text(0.1, 0.5, text, family="DejaVu Sans")
    return figure


def test_a_sheet_drawn_beside_is_the_sheet_drawn_here(assessment):
    names = ("risk-units", "zones")
    with Renderer() as renderer:
        begun = {
            name: renderer.submit(laid_out(assessment, subject_of(assessment, name), name=name), name=name)
            for name in names
        }
        assert {name: one.result() for name, one in begun.items()} == {name: sheet(assessment, name) for name in names}


def test_what_the_font_cannot_write_is_told_and_the_next_page_drawn():
    with Renderer() as renderer:
        wrong, right = renderer.submit(page("河"), name="villages"), renderer.submit(page("a"), name="zones")
        with pytest.raises(RiskmapError, match=r"sheet villages: the font cannot write .*27827.*RISKMAP_FONT"):
            wrong.result()
        assert right.result() == render_child.png(page("a"))


@pytest.mark.parametrize("broken", ["no-such-program", "a script that ends", "a script that talks"])
def test_without_a_process_beside_pages_are_drawn_here(broken, monkeypatch, tmp_path, caplog):
    script = Path(tmp_path, "渲染.py")
    script.write_text("print('hello')" if broken.endswith("talks") else "", encoding="utf-8")
    if broken == "no-such-program":
        monkeypatch.setattr(rendering.sys, "executable", str(tmp_path / broken))
    else:
        monkeypatch.setattr(render_child, "__file__", str(script))
    with caplog.at_level(logging.WARNING), Renderer() as renderer:
        drawn = [renderer.submit(page(one), name="x").result() for one in "ab"]
    assert drawn == [render_child.png(page(one)) for one in "ab"]
    assert len(caplog.records) == 1
    assert "drawn in this process" in caplog.text


def test_a_fault_in_the_block_ends_the_process():
    seen = []

    def failing():
        with Renderer() as renderer:
            renderer.submit(page("a"), name="x").result()
            seen.append(renderer._child)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert seen[0].poll() == 0
