"""Every notebook runs from its first cell to its last, in order, on one demo county, and says what it should."""

import re
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def home(demo_folder):
    """A folder where notebooks find the demo county at ``../data/raw/hequ``."""
    home = demo_folder.parents[1]
    (home / "data").mkdir(exist_ok=True)
    (home / "notebooks").mkdir(exist_ok=True)
    if not (home / "data/raw").exists():
        (home / "data/raw").symlink_to(demo_folder.parent, target_is_directory=True)
    return home


@pytest.fixture(scope="module")
def kernel():
    """One kernel for all: the libraries are loaded once; names are forgotten between notebooks."""
    manager = KernelManager(kernel_name="python3")
    yield manager
    if manager.is_alive():
        manager.shutdown_kernel(now=True)


class Shown:
    """What the code cells of an executed notebook show: all of it as text, by the number of the code cell."""

    def __init__(self, book):
        self.cells = [cell for cell in book.cells if cell.cell_type == "code"]

    def __getitem__(self, number):
        return "".join(str(one) for one in self.cells[number].outputs)

    def text(self, number):
        """Plain text of the last result, or what was printed."""
        last = self.cells[number].outputs[-1]
        return last.get("text") or last["data"]["text/plain"]

    def rows(self, number):
        """Cells of the table that is shown last, row by row, without its heads."""
        table = self.cells[number].outputs[-1]["data"]["text/html"].partition("<tbody>")[2]
        return [re.findall(r"<td>(.*?)</td>", row) for row in table.split("</tr>") if "<td>" in row]

    def maps(self):
        return sum("leaflet" in self[n].lower() for n in range(len(self.cells)))


def first_map(shown):
    assert "河曲县" in shown[0]
    assert "swapped" in shown[1]
    assert "risk_index" in shown[2]
    assert "leaflet" in shown[3].lower()
    assert "atlas.html" in shown[4]


def quality_check(shown):
    rows = dict(re.findall(r"^(\w+) +(\d+ +\d+ +\d+)", shown.text(1), re.MULTILINE))
    assert rows["hazard_points"].split()[0] == "2"  # errors that the demo county was made with
    assert rows["shelters"].split()[0] == "1"
    for row in (168, 221, 20):
        assert re.search(rf"\b{row}\.0\b", shown.text(2)), row
    assert shown.text(3).count("swapped") == 3
    fault = shown.text(5)
    assert "nearest: cell_size_m" in fault
    assert "nearest: roads" in fault
    assert "file not found" in fault


def landslide(shown):
    assert "极高" in shown[0]
    assert "information values" in shown[2].lower()
    assert shown.text(3).index("Slope") < shown.text(3).index("Local relief")
    seen, unseen = ([float(one) for one in row[1:]] for row in shown.rows(4))
    assert seen[0] > unseen[0] > 0.55  # better than a guess, and no better on ground not seen
    assert unseen[1] > 0.5
    assert "12 slides and collapses" in shown.text(6)
    assert "20 are needed" in shown.text(6)


def flood(shown):
    assert "A screening, not a flood risk map" in shown[2]
    years, areas, depths = ([float(row[n]) for row in shown.rows(3)] for n in range(3))
    assert years == [5, 10, 20, 50, 100]
    assert areas == sorted(areas)
    assert depths == sorted(depths)
    assert areas[0] > 1
    assert "100 年一遇 100-year" in shown.text(4)
    assert "凌汛淹没 Ice-jam flooding →" in shown.text(5)
    assert "add [layers.dem] to county.toml" in shown.text(6)


def drought(shown):
    assert "Meteorological drought" in shown[0]
    assert "特旱 Extreme" in shown[2]
    shares = [float(row[-1]) for row in shown.rows(3)]
    assert len(shares) == 5
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    assert 0.6 < shares[0] < 0.75  # half the months lie above the median, and two fifths of the rest above -0.5
    severities = [float(row[-1]) for row in shown.rows(4)]
    assert all(re.fullmatch(r"(19|20)\d\d-[01]\d", row[0]) for row in shown.rows(4))
    assert severities == sorted(severities, reverse=True)
    assert severities[0] > 3
    assert "19 complete years" in shown.text(5) or "most: 19" in shown.text(5)


def fire(shown):
    weights = [float(row[-1]) for row in shown.rows(2)]
    assert sum(weights) == pytest.approx(1, abs=0.02)
    rates = [float(row[-1]) for row in shown.rows(3)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 0.6
    assert "60 个火点格网" in shown.text(3)
    assert re.search(r"1\d / 46", shown[4])
    assert re.search(r"100% → \d\d%", shown.text(5))
    assert "layer 'land_cover' is not in the survey" in shown.text(6)


def scoring(shown):
    assert shown.text(0).count("高 High") == 5
    given = [float(row.split()[-1]) for row in shown.cells[2].outputs[0]["text"].splitlines()]
    assert sum(given) == pytest.approx(1, abs=0.02)
    assert "consistency_ratio" in shown[2]
    moved = int(shown.cells[3].outputs[0]["text"].split("/")[0])
    assert 0 < moved < 193
    counts = [[int(one) for one in row] for row in shown.rows(3)]
    assert sum(map(sum, counts)) == 193
    assert sum(map(sum, counts)) - sum(counts[n][n] for n in range(5)) == moved
    assert "contradict one another" in shown.text(6)


def shelters(shown):
    rows = shown.text(2)
    assert "无灾害 no hazard" in rows
    assert "洪水 Flood 100 a" in rows
    covered = [int(row[0]) for row in shown.rows(2)]
    assert covered[0] == max(covered)  # no hazard lets more people reach a shelter
    assert covered[0] < float(shown.rows(2)[0][2]) * 120_000  # by road fewer than in a straight line
    assert 119_000 < sum(float(row[1]) for row in shown.rows(3)) < 121_000
    assert "covered" in shown.text(3)
    assert "Candidates are village seats" in shown[5]
    assert shown.text(6).strip() == "layer 'roads' is not in the survey of Hequ County"


def publishing(shown):
    assert "atlas.html" in shown[0]
    assert "riskmap.gpkg" in shown[1] or "tables.xlsx" in shown[1]
    assert shown.text(2).startswith("unchanged: True, computed: 0")
    marks = dict(re.findall(r"^(A2?|B|C) +(\d+)$", shown.text(3), re.MULTILINE))
    assert set(marks) == {"A", "A2", "B", "C"}
    assert "国标" in shown.text(4) or "GB" in shown.text(4) or "建标" in shown.text(4)
    assert "Debris-flow susceptibility" in shown[5]
    assert "holds files that are no edition" in shown.text(6)
    assert shown.text(6).strip().endswith("not yours")


def own_hazard(shown):
    assert "14时风速5级以上日数" in shown[2]
    assert "大风危险性图" in shown[3]
    assert sum(int(row[2]) for row in shown.rows(3)) > 1_400_000  # every cell of the county has a class
    assert [int(row[2]) for row in shown.rows(5)] == [1, 2, 3, 4, 5]
    assert all(0.1 < float(row[3]) < 0.5 for row in shown.rows(5))  # a fifth of the weight
    fault = shown.text(6)
    assert "measured in 'd/a', the profile asks for 'h/a'" in fault
    assert "no threshold called 'wind.force_5'" in fault


CHECKS = {
    "00_first_map": (first_map, 1),
    "01_quality_check": (quality_check, 1),
    "02_landslide": (landslide, 1),
    "03_flood": (flood, 1),
    "04_drought": (drought, 1),
    "05_fire": (fire, 2),
    "06_scoring": (scoring, 1),
    "07_shelters": (shelters, 2),
    "08_publish": (publishing, 0),
    "09_own_hazard": (own_hazard, 1),
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[one.stem for one in NOTEBOOKS])
def test_notebook(path, home, kernel):
    book = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") for cell in book.cells), "commit notebooks without outputs"
    book.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    where = {"metadata": {"path": str(home / "notebooks")}}
    client = NotebookClient(book, timeout=300, km=kernel, resources=where)
    try:
        client.execute()
    finally:
        client.kc.stop_channels()
    del book.cells[0]
    shown = Shown(book)
    check, maps = CHECKS[path.stem]
    check(shown)
    assert shown.maps() == maps
    assert check is first_map or '<progress value="1.000"' in shown[0]
    assert not [one for cell in shown.cells for one in cell.outputs if one.get("name") == "stderr"]


def test_notebooks_are_short_and_speak_both_languages():
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        heads = [
            cell.source.splitlines()[0]
            for cell in cells
            if cell.source.startswith("#") and cell.cell_type == "markdown"
        ]
        assert len(cells) <= 14, path.stem
        assert heads, path.stem
        for head in heads:
            assert re.search("[一-鿿]", head), (path.stem, head)
            assert re.search("[A-Za-z]{3}", head), (path.stem, head)
        assert "synthetic survey" in cells[0].source, path.stem


def test_the_page_of_notebooks_names_each():
    page = (NOTEBOOKS[0].parents[1] / "docs/notebooks.md").read_text(encoding="utf-8")
    assert [path.stem for path in NOTEBOOKS if path.name not in page] == []
