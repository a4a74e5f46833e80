"""Overlay and natural breaks of rasters of 52 million cells, each against a named peer in the same run.

RISKMAP_CELLS sets the side of the square (7200 unless given). The peers of files are gdal_calc.py, where it is installed,
and a loop over blocks with rasterio and numpy.
"""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import rasterio

from riskmap.pipeline.overlay import overlay_files
from riskmap.scoring import natural_breaks, overlay_classes

SIDE = int(os.environ.get("RISKMAP_CELLS", "7200"))
WEIGHTS = np.arange(1, 9)
EDGES = (0.4, 0.47, 0.53, 0.6)


@pytest.fixture(scope="module")
def layers():
    base = np.random.default_rng(1).random(SIDE * SIDE, dtype=np.float32)
    return [np.roll(base, 1000 * n).reshape(SIDE, SIDE) for n in range(8)]


@pytest.fixture(scope="module")
def files(layers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("layers")
    found = []
    for n, one in enumerate(layers):
        found.append(folder / f"{n}.tif")
        shape = {"width": SIDE, "height": SIDE, "count": 1, "dtype": "float32", "crs": "EPSG:4546"}
        place = rasterio.Affine(10, 0, 500_000, 0, -10, 4_400_000)
        with rasterio.open(found[-1], "w", driver="GTiff", tiled=True, transform=place, **shape) as out:
            out.write(one, 1)
    return found


def repeat(benchmark, call, rounds=5):
    call()  # compile
    benchmark.pedantic(call, rounds=rounds, iterations=1)


@pytest.mark.parametrize("who", ["riskmap", "numpy: sum of the same bytes", "numpy: weighted sum and digitize"])
def test_overlay_in_memory(benchmark, layers, who):
    benchmark.group = f"overlay of 8 layers of {SIDE * SIDE:,} cells to 5 classes, in memory"
    if who == "riskmap":
        repeat(benchmark, lambda: overlay_classes(layers, WEIGHTS, edges=EDGES))
    elif "bytes" in who:
        repeat(benchmark, lambda: [one.sum() for one in layers])
    else:
        share = (WEIGHTS / WEIGHTS.sum()).astype("float32")

        def plain():
            total = sum(one * weight for one, weight in zip(layers, share, strict=True))
            return np.digitize(total, np.float32(EDGES)).astype("uint8") + 1

        repeat(benchmark, plain, rounds=1)


OURS = """
    import sys
    from pathlib import Path
    from riskmap.pipeline.overlay import overlay_files
    overlay_files(sys.argv[2:], sys.argv[1], weights=range(1, 9), edges=(0.4, 0.47, 0.53, 0.6))
    print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])  # kB, from the start of this process on
"""
LOOP = """
    import sys
    from pathlib import Path
    import numpy as np, rasterio
    opened = [rasterio.open(one) for one in sys.argv[2:]]
    first = opened[0]
    share = np.arange(1, 9, dtype="float32") / 36
    with rasterio.open(sys.argv[1], "w", **{**first.profile, "dtype": "uint8", "nodata": 255, "compress": "zstd", "zstd_level": 1}) as out:
        for _, window in first.block_windows(1):
            total = sum(one.read(1, window=window) * weight for one, weight in zip(opened, share))
            codes = np.digitize(total, np.float32([0.4, 0.47, 0.53, 0.6])) + 1
            out.write(np.where(np.isnan(total), 255, codes).astype("uint8"), 1, window=window)
    print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])  # kB, from the start of this process on
"""


GDAL = """
    import sys, time
    from osgeo_utils.gdal_calc import Calc
    mean = "(" + "+".join(f"{n + 1}*{'ABCDEFGH'[n]}" for n in range(8)) + ")/36."
    calc = "1+" + "+".join(f"({mean}>={one})" for one in (0.4, 0.47, 0.53, 0.6))
    begin = time.perf_counter()
    Calc(calc, sys.argv[1], NoDataValue=255, type="Byte", creation_options=["COMPRESS=ZSTD", "ZSTD_LEVEL=1", "TILED=YES"],
         overwrite=True, quiet=True, **dict(zip("ABCDEFGH", sys.argv[2:])))
    print(time.perf_counter() - begin)
"""

PEERS = [
    "riskmap, called",
    "gdal_calc, called",
    "riskmap, from its start",
    "gdal_calc.py, from its start",
    "rasterio and numpy, from their start",
]


def _python_of_gdal() -> str:
    """Interpreter that gdal_calc.py runs in: it has the bindings of GDAL, which ours need not have."""
    program = shutil.which("gdal_calc.py")
    if program is None:
        pytest.skip("gdal_calc.py is not installed")
    return Path(program).read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").strip()


@pytest.mark.parametrize("who", PEERS)
def test_overlay_of_files(benchmark, files, tmp_path, who):
    benchmark.group = f"overlay of 8 GeoTIFFs of {SIDE * SIDE:,} cells to one of 5 classes"
    target = tmp_path / "out.tif"
    if who == "riskmap, called":
        repeat(benchmark, lambda: overlay_files(files, target, weights=WEIGHTS, edges=EDGES), rounds=3)
        return
    if who == "gdal_calc, called":
        command = [_python_of_gdal(), "-c", textwrap.dedent(GDAL), str(target), *map(str, files)]
        calls = [float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(4)]
        benchmark.extra_info["seconds of the call alone"] = min(calls[1:])
        benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=1, iterations=1)
        return
    if "gdal" in who:
        program = shutil.which("gdal_calc.py")
        if program is None:
            pytest.skip("gdal_calc.py is not installed")
        mean = "(" + "+".join(f"{n + 1}*{'ABCDEFGH'[n]}" for n in range(8)) + ")/36."
        calc = "1+" + "+".join(f"({mean}>={one})" for one in EDGES)
        inputs = [part for n, one in enumerate(files) for part in (f"-{'ABCDEFGH'[n]}", str(one))]
        command = [program, *inputs, f"--outfile={target}", f"--calc={calc}", "--type=Byte", "--NoDataValue=255",
                   "--co=COMPRESS=ZSTD", "--co=ZSTD_LEVEL=1", "--co=TILED=YES", "--overwrite", "--quiet"]  # fmt: skip
    else:
        text = textwrap.dedent(OURS if "riskmap" in who else LOOP)
        command = [sys.executable, "-W", "ignore", "-c", text, str(target), *map(str, files)]
    told = []
    benchmark.pedantic(
        lambda: told.append(subprocess.run(command, check=True, capture_output=True, text=True)), rounds=3, iterations=1,
        warmup_rounds=1,
    )  # fmt: skip
    if "gdal" not in who:
        benchmark.extra_info["most memory, MB"] = int(told[-1].stdout.split()[-1]) // 1024
    with rasterio.open(target) as found:
        benchmark.extra_info["classes"] = np.unique(found.read(1)).tolist()


@pytest.mark.parametrize("shape", ["gamma", "long tail"])
def test_natural_breaks_of_a_raster(benchmark, shape):
    rng = np.random.default_rng(1)
    size = SIDE * SIDE
    values = (rng.gamma(2.0, size=size) if shape == "gamma" else rng.lognormal(sigma=2, size=size)).astype("float32")
    benchmark.group = f"natural breaks, 5 classes of {size:,} float32 values"
    repeat(benchmark, lambda: natural_breaks(values, classes=5))
