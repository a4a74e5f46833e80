"""The database and the rasters in QGIS itself: opened as a planner does, nothing set by hand, looked at."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from test_assess import whole_survey

from riskmap.model import NO_CLASS, Text
from riskmap.pipeline.assess import assess
from riskmap.pipeline.publish import rasters
from riskmap.pipeline.tables import database
from riskmap.writers import write_cog, write_geopackage

PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).with_name("open_in_qgis.py")


@pytest.fixture(scope="module")
def desktop(tmp_path_factory):
    """Run words with the Python that holds QGIS, without a screen and away from the user's settings."""
    home = tmp_path_factory.mktemp("home")
    settings = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
    environment = {"PATH": os.environ.get("PATH", ""), **settings}

    def run(*words):
        command = [PYTHON, *map(str, words)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)

    if not Path(PYTHON).exists() or run("-c", "import qgis.core").returncode != 0:
        pytest.skip(f"QGIS is not installed: {PYTHON} cannot import qgis.core (apt-get install qgis python3-qgis)")
    return run


@pytest.fixture(scope="module")
def found():
    return assess(whole_survey())


@pytest.fixture(scope="module")
def seen(desktop, found, tmp_path_factory):
    """What QGIS told of every layer of the edition."""
    folder = tmp_path_factory.mktemp("edition") / "小河县 图"
    folder.mkdir()
    write_geopackage(folder / "riskmap.gpkg", database(found), date="2026-01-01", note="模拟数据")
    for name, (title, array, style) in rasters(found).items():
        write_cog(folder / f"{name}.tif", array, title=str(title), style=style)
    done = desktop(SCRIPT, folder, folder / "riskmap.gpkg", *sorted(folder.glob("*.tif")))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def is_chinese(text):
    return any("\u4e00" <= one <= "\u9fff" for one in text)


def expected(scheme):
    codes = [*range(scheme.size, 0, -1), NO_CLASS]
    return [[str(code), str(scheme.label(code)), scheme.colour(code)] for code in codes]


def pixels(path, colour):
    """How many pixels of a picture have exactly this colour."""
    picture = np.rint(imread(path)[..., :3] * 255).astype(int)
    return int((picture == [int(colour[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=-1).sum())


def test_every_layer_opens_with_its_default_style(seen, found):
    plain = {"outline", *(one.name for one in found.products if not one.schemes)}
    for table in database(found):
        told = seen[table.name]
        assert told["valid"], table.name
        assert told["rows"] == len(table.frame), table.name
        assert told["styles"] == list(table.styles), table.name
        if "geometry" in table.frame:
            assert told["rows"] > 0, table.name
            assert told["crs"] == "EPSG:4546", table.name
            assert told["renderer"] == ("singleSymbol" if table.name in plain else "categorizedSymbol"), table.name
    assert seen["risk_townships"]["labels"] == seen["shelters"]["labels"] == "name"


def test_classes_have_the_names_and_colours_of_the_scheme(seen, found):
    for name in ("risk_units", "risk_townships", "risk_zones"):
        assert seen[name]["classes"] == expected(found.risk.scheme)
    assert seen["hazard_units"]["classes"] == expected(found.themes["landslide"].scheme)
    for name in ("shelters", "shelter_demand", "shelter_roads"):
        assert all(is_chinese(label) for _value, label, _colour in seen[name]["classes"])
    reasons = {value for value, _label, _colour in seen["shelter_demand"]["classes"]}
    assert set(found.shelters.demand["reason"]) <= reasons


def test_every_field_has_an_alias_and_words_for_its_codes(seen, found):
    for table in database(found):
        fields = seen[table.name]["fields"]
        for column, text in table.headers.items():
            assert fields[column]["alias"] == str(text), (table.name, column)
        told = {name for name in fields if name != "fid" and not is_chinese(name)}
        assert told == set(table.headers), f"{table.name}: columns without an alias"
    risk = seen["risk_units"]["fields"]
    assert risk["people"]["alias"] == str(Text("人口（人）", "People (people)"))
    assert risk["class"]["words"][str(found.risk.scheme.label(5))] == "5"
    assert risk["leading"]["words"]["洪水 Flood"] == "flood"
    scenarios = seen["shelter_scenarios"]["fields"]["scenario"]["words"]
    assert set(scenarios.values()) == set(found.shelters.scenarios.index)


def test_map_of_the_risk_is_drawn_in_the_colours_of_the_scheme(seen, found):
    picture, scheme = seen["risk_units"]["picture"], found.risk.scheme
    codes = set(found.risk.units["class"].tolist())
    for code in (*range(1, scheme.size + 1), NO_CLASS):
        count = pixels(picture, scheme.colour(code))
        assert count > 1000 if code in codes else count == 0, code
    outline = seen["outline"]["picture"]
    assert pixels(outline, "#ffffff") > 0.9 * imread(outline)[..., 0].size  # an edge, no blot


def test_rasters_have_their_styles(seen, found):
    for name, (_title, array, _style) in rasters(found).items():
        told = seen[name]
        assert told["valid"]
        assert told["crs"] == "EPSG:4546"
        theme, _, what = name.partition("_")
        if theme == "hazards":  # of all together; their own test is in the unit tests
            assert told["renderer"] == ("paletted" if what == "leading" else "singlebandpseudocolor")
            continue
        scheme = found.risk.grid_scheme if theme == "risk" else found.themes[theme].scheme
        if not what.endswith(("class", "class_together")):
            assert told["renderer"] == "singlebandpseudocolor", name
            ends = [told["classes"][n][0] for n in (0, -1)]
            shares = what.startswith(
                ("stability", "probability")
            )  # shown over their whole range, whatever the county has
            whole = [0.0, 100.0 if array.dtype == np.uint8 else 1.0]
            range_ = whole if shares else [float(array.min()), float(array.max())]
            assert ends == pytest.approx(range_, rel=1e-6, abs=1e-6)
            if shares:
                continue
            low_is_worse = array.attrs.get("raster") == "low is worse" or (scheme.direction < 0 and what != "score")
            assert [one[2] for one in told["classes"]][:: -1 if low_is_worse else 1] == list(scheme.colours)
            continue
        assert told["renderer"] == "paletted", name
        rows = [[float(code), label, colour] for code, label, colour in expected(scheme)[:-1]]
        assert told["classes"] == rows
        for code in set(np.unique(array)) - {NO_CLASS}:
            assert pixels(told["picture"], scheme.colour(int(code))) > 0, (name, code)
