"""What every test may ask for."""

import os
from pathlib import Path

import pytest
import tiny

collect_ignore = ["e2e/open_in_qgis.py"]  # runs in the Python of QGIS

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data that lies beside the checkout of the builders, not of users."""
    if not SHARED.is_dir():
        pytest.skip("the reference data folder is not beside this checkout")
    return SHARED


@pytest.fixture
def tiny_survey():
    return tiny.survey()


@pytest.fixture
def tiny_assessment():
    return tiny.assessment()


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium without network; under CI its absence is a failure."""
    import shutil

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing: install Debian's package chromium")
        pytest.skip("chromium is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """The demo county, made once; tests that ask for it share one worker (mark xdist_group demo)."""
    from riskmap.demo import make_demo

    return make_demo(tmp_path_factory.mktemp("演示 demo") / "raw" / "hequ")
