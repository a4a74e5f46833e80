"""The house rules that no linter knows: small files, small bodies, told functions, light front door."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "riskmap"
FILES = sorted(PACKAGE.rglob("*.py"))
HEAVY = ("sklearn", "libpysal", "matplotlib", "folium", "geopandas", "xarray", "rasterio", "numba")


def functions(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(node):
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return node.end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_bodies_are_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 350
    assert {node.name: body_lines(node) for node in functions(path) if body_lines(node) > 40} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_few_positional_arguments(path):
    many = {
        node.name: len(node.args.args)
        for node in functions(path)
        if len([a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in {"self", "cls"}]) > 4
        and not any("jit" in ast.unparse(one) for one in node.decorator_list)
    }
    assert many == {}


def modules():
    for path in FILES:
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[-1] != "__main__":
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("name", list(modules()))
def test_public_functions_are_told(name):
    module = importlib.import_module(name)
    public = getattr(module, "__all__", None)
    if name != "riskmap":
        assert public is not None or not any(functions(Path(module.__file__))), f"{name} has no __all__"
    assert module.__doc__
    untold, unshown = [], []
    for one in public or ():
        thing = getattr(module, one)
        if getattr(thing, "__module__", None) != name or not callable(thing):
            continue
        text = thing.__doc__ or ""
        if len(text) < 20:
            untold.append(one)
        if not isinstance(thing, type) and not name.endswith(".cli") and ">>>" not in text:
            unshown.append(one)
    assert untold == []
    assert unshown == [], "public functions without an example"


@pytest.mark.parametrize("command", ["import riskmap", "import riskmap.cli"])
def test_front_door_is_light(command):
    code = f"{command}; import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
