"""Natural breaks of 1e4, 1e5 and 1e6 values beside mapclassify and jenkspy: seconds, and how good the classes are.

The time of the exact peers grows with the square of the values: half a minute at 1e5, most of an hour at 1e6, where they
run only if RISKMAP_SLOW is set.
"""

import os

import numpy as np
import pytest

from riskmap.scoring import goodness_of_fit, natural_breaks

SIZES = (10_000, 100_000, 1_000_000)
PEERS = ("riskmap", "mapclassify.FisherJenks", "mapclassify.FisherJenksSampled", "jenkspy")
FEASIBLE = {"mapclassify.FisherJenks": 100_000, "jenkspy": 100_000}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("who", PEERS)
def test_natural_breaks(benchmark, size, who):
    values = np.random.default_rng(1).gamma(2.0, size=size)
    benchmark.group = f"natural breaks, 5 classes of {size:,} values"
    if size > FEASIBLE.get(who, size) and not os.environ.get("RISKMAP_SLOW"):
        pytest.skip(f"{who} is quadratic; set RISKMAP_SLOW to wait for it")
    if who == "riskmap":
        call = lambda: natural_breaks(values, classes=5)  # noqa: E731
        call()  # compile
    elif who == "jenkspy":
        jenkspy = pytest.importorskip("jenkspy")
        call = lambda: jenkspy.jenks_breaks(values, n_classes=5)[1:-1]  # noqa: E731
    else:
        import mapclassify

        kind = getattr(mapclassify, who.split(".")[1])
        more = {"pct": 0.1} if "Sampled" in who and size <= 10_000 else {"pct": 1000 / size} if "Sampled" in who else {}
        call = lambda: kind(values, k=5, **more).bins[:-1]  # noqa: E731
        kind(values[:100], k=5)  # compile
    edges = benchmark.pedantic(call, rounds=1, iterations=1)
    side = "right" if who == "riskmap" else "left"  # theirs are the highest values of the classes
    codes = np.searchsorted(np.asarray(edges), values, side=side) + 1
    benchmark.extra_info["goodness of fit"] = round(goodness_of_fit(values, codes), 6)
