"""Sizes of the atlas and seconds until it is drawn, at three scales; lonboard and plain folium with the same areas beside it.

A page is opened from the disk in a browser without network, three times; the median counts, from navigation until the page
says that it is ready and one frame of it is drawn. What is measured is printed, and stands in ``extra_info`` of
pytest-benchmark; its own column is the writing of the page.

The demo county is taken from data/raw/hequ; lonboard and Firefox are no dependencies, and are measured where they are installed.
"""

import shutil
import statistics
import time
from pathlib import Path

import folium
import numpy as np
import province
import pytest
import tiny
import xstatic.pkg.leaflet
from firefox import Firefox, firefox_program
from playwright import sync_api

import riskmap
from riskmap.maps import atlas

DEMO = Path(__file__).resolve().parents[1] / "data" / "raw" / "hequ"
LEAFLET = Path(xstatic.pkg.leaflet.BASE_DIR)
TIMES, ALONE_S = 3, 8
ONE_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))"
COLOURS = ("#ffffb2", "#fecc5c", "#fd8d3c", "#f03b20", "#bd0026")


def demo():
    if not DEMO.is_dir():
        pytest.skip("the demo county is not in data/raw/hequ (riskmap demo)")
    return riskmap.assess(riskmap.load(riskmap.open_county(DEMO)))


MADE = {"tiny county": tiny.assessment, "demo county": demo, "province of 3,000 areas": province.province}


@pytest.fixture(scope="module", params=MADE)
def scale(request):
    return request.param, MADE[request.param]()


@pytest.fixture(scope="module")
def areas(scale):
    """The layer of units: name, class, areas as they are in the atlas."""
    units = scale[1].risk.units[["name", "class", "geometry"]].reset_index(drop=True)
    return units.assign(colour=[COLOURS[min(int(one), 5) - 1] for one in units["class"]])


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with sync_api.sync_playwright() as play:
        yield play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])


def opened(browser, path, *, drawn, answers=None, limit_s=60):
    """Seconds until an element is there and a frame drawn (None: not in time), and what is asked for beside the file."""
    context = browser.new_context(offline=answers is None, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page, asked = context.new_page(), []
    page.on("request", lambda one: asked.append(one.url))
    if answers is not None:
        page.route(lambda url: not url.startswith(("file:", "data:")), lambda route: _answer(route, answers))
    start = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    try:
        page.wait_for_selector(drawn, state="attached", timeout=1000 * limit_s)
        page.evaluate(ONE_FRAME)
        seconds = time.perf_counter() - start
    except sync_api.TimeoutError:
        seconds = None
    context.close()
    return seconds, [one for one in asked if not one.startswith(("data:", path.as_uri()))]


def _answer(route, answers):
    for name, file in answers.items():
        if name in route.request.url:
            return route.fulfill(path=file)
    return route.abort()


def tell(benchmark, capsys, head, facts):
    benchmark.extra_info.update(facts)
    with capsys.disabled():
        print(f"\n{head}: " + ", ".join(f"{name} {one}" for name, one in facts.items()))


def median(browser, path, **how):
    found = [opened(browser, path, **how) for _ in range(TIMES)]
    seconds = [one for one, _ in found]
    return None if None in seconds else round(statistics.median(seconds), 2), found[0][1]


def test_atlas(benchmark, capsys, scale, browser, tmp_path):
    name, made = scale
    benchmark.group = f"{name}: writing the page"
    page = benchmark.pedantic(atlas, args=(made,), rounds=TIMES, iterations=1)
    path = tmp_path / "atlas.html"
    path.write_text(page, encoding="utf-8")
    seconds, asked = median(browser, path, drawn="html[data-ready]")
    facts = {"MB": path.stat().st_size / 1e6, "drawn_s": seconds, "requests": len(asked)}
    if firefox_program():
        (tmp_path / "profile").mkdir()
        window = Firefox(tmp_path / "profile")
        facts["firefox_drawn_s"] = round(statistics.median(window.open(path) for _ in range(TIMES)), 2)
        facts["firefox_requests"] = len([one for one in window.requests if not one.startswith("data:")])
        window.end()
    tell(benchmark, capsys, f"{name}, riskmap", facts)
    assert asked == []


def test_folium(benchmark, capsys, scale, areas, browser, tmp_path):
    benchmark.group = f"{scale[0]}: writing the page"
    path = tmp_path / "folium.html"

    def write():
        plain = folium.Map()
        style = {
            "style_function": lambda one: {"fillColor": one["properties"]["colour"], "weight": 0.3, "fillOpacity": 0.8}
        }
        shapes = folium.GeoJson(areas, tooltip=folium.GeoJsonTooltip(["name", "class"]), **style)
        shapes.add_to(plain)
        plain.fit_bounds(shapes.get_bounds())
        plain.save(path)

    benchmark.pedantic(write, rounds=TIMES, iterations=1)
    drawn = f"path.leaflet-interactive >> nth={len(areas) - 1}"
    alone, asked = opened(browser, path, drawn=drawn, limit_s=ALONE_S)
    answers = {"leaflet.js": LEAFLET / "leaflet.js", "leaflet.css": LEAFLET / "leaflet.css"}
    helped, _ = median(browser, path, drawn=drawn, answers=answers)
    facts = {
        "MB": path.stat().st_size / 1e6,
        "drawn_s": alone,
        "requests": len(asked),
        "drawn_with_leaflet_from_disk_s": helped,
    }
    tell(benchmark, capsys, f"{scale[0]}, folium {folium.__version__}", facts)


def test_lonboard(benchmark, capsys, scale, areas, browser, tmp_path):
    lonboard = pytest.importorskip("lonboard", reason="lonboard is not installed (pip install lonboard)")
    benchmark.group = f"{scale[0]}: writing the page"
    path = tmp_path / "lonboard.html"
    inks = np.array([[int(one[k : k + 2], 16) for k in (1, 3, 5)] for one in areas["colour"]], "uint8")

    def write():
        layer = lonboard.PolygonLayer.from_geopandas(areas.to_crs(4326), get_fill_color=inks)
        lonboard.Map(layer).to_html(path)

    benchmark.pedantic(write, rounds=TIMES, iterations=1)
    alone, asked = opened(browser, path, drawn="canvas", limit_s=ALONE_S)
    facts = {"MB": path.stat().st_size / 1e6, "drawn_s": alone, "requests": len(asked), "first_asked": asked[:2]}
    tell(benchmark, capsys, f"{scale[0]}, lonboard {lonboard.__version__}", facts)
