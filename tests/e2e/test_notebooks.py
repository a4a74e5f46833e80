"""Every notebook runs from its first cell to its last."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[one.stem for one in NOTEBOOKS])
def test_notebook(path, demo_folder):
    home = demo_folder.parents[1]
    (home / "data").mkdir(exist_ok=True)
    (home / "notebooks").mkdir(exist_ok=True)
    if not (home / "data/raw").exists():
        (home / "data/raw").symlink_to(demo_folder.parent, target_is_directory=True)
    book = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") for cell in book.cells), "commit notebooks without outputs"
    NotebookClient(book, timeout=300, resources={"metadata": {"path": str(home / "notebooks")}}).execute()
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    assert len(cells) == 5
    shown = ["".join(str(one) for one in cell.outputs) for cell in cells]
    assert "河曲县" in shown[0]
    assert "swapped" in shown[1]
    assert "risk_index" in shown[2]
    assert "leaflet" in shown[3].lower()
    assert "atlas.html" in shown[4]
