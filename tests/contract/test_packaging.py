"""The conda route and the pip route install the same things, and no file names a registry."""

import re
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
# conda-forge splits some names otherwise than the Python index
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def declared():
    raw = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return raw["project"]["requires-python"], set(raw["project"]["dependencies"])


def test_environment_equals_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    entries = environment["dependencies"]
    plain = {one for one in entries if isinstance(one, str) and one != "pip"}
    by_pip = {one for entry in entries if isinstance(entry, dict) for one in entry["pip"]}
    python, dependencies = declared()
    back = {conda: name for name, conda in CONDA_NAMES.items()}
    renamed = {re.sub(r"^[A-Za-z0-9_-]+", lambda m: back.get(m[0], m[0]), one) for one in plain}
    assert renamed | by_pip == dependencies | {f"python{python}"}
    assert environment["channels"] == ["conda-forge"]


def test_every_dependency_is_pinned():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {line.split("==")[0].lower().replace("_", "-") for line in lines if line and not line.startswith("#")}
    raw = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = raw["dependencies"] + [one for group in raw["optional-dependencies"].values() for one in group]
    names = {re.match(r"[A-Za-z0-9_.-]+", one)[0].lower() for one in wanted}
    assert names <= pins


def test_no_registry_address():
    for name in ("constraints.txt", "pyproject.toml", "environment.yml", "Makefile", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert "index-url" not in text, name


def test_layer_page_is_current():
    sys.path.insert(0, str(ROOT / "tools"))
    from write_layer_docs import PAGE, text

    assert PAGE.read_text(encoding="utf-8") == text(), "run tools/write_layer_docs.py"


def test_check_page_is_current():
    sys.path.insert(0, str(ROOT / "tools"))
    from write_check_docs import PAGE, text

    assert PAGE.read_text(encoding="utf-8") == text(), "run tools/write_check_docs.py"


def test_links_of_the_documentation_lead_somewhere():
    for page in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "README.zh.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
