"""Class colours survive grey print and the common colour blindnesses, whoever adds a scheme."""

from itertools import pairwise

import numpy as np
import pytest

from riskmap.standards import book

# Colour-vision deficiency at severity 1.0 on linear RGB: Machado, Oliveira and Fernandes 2009,
# IEEE Trans. Vis. Comput. Graph. 15(6), 1291-1298, doi 10.1109/TVCG.2009.113, table 1.
VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
# sRGB to XYZ, IEC 61966-2-1; white D65; CIELAB of 1976.
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
STEP_L, STEP_E = 8.0, 10.0
"""Least difference of neighbouring classes: in lightness (grey print) and in colour (CIE76)."""
GIVEN_COLOURS = {"flash-flood-danger"}
"""Schemes that keep colours given from outside: danger zones in yellow, orange and red, as deployed systems show them."""


def linear(colour):
    digits = colour.removeprefix("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    value = np.array([int(digits[n : n + 2], 16) for n in (0, 2, 4)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(colour, vision="full"):
    seen = np.clip(VISION[vision] @ linear(colour), 0, 1)
    ratio = TO_XYZ @ seen / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def faults(colours):
    light = [lab(one)[0] for one in colours]
    steps = np.diff(light)
    found = []
    if not ((steps <= -STEP_L).all() or (steps >= STEP_L).all()):
        found.append(f"lightness {np.round(light, 1).tolist()} does not run one way in steps of {STEP_L}")
    for vision in VISION:
        apart = [float(np.linalg.norm(lab(a, vision) - lab(b, vision))) for a, b in pairwise(colours)]
        if min(apart) < STEP_E:
            found.append(f"{vision}: neighbours {np.round(apart, 1).tolist()} apart, at least {STEP_E} wanted")
    return found


def test_the_measure_is_right():
    assert lab("#ffffff") == pytest.approx([100, 0, 0], abs=0.02)
    # L* of sRGB red, green and blue as published (Lindbloom, D65): 53.24, 87.73, 32.30.
    assert [lab(c)[0] for c in ("#ff0000", "#00ff00", "#0000ff")] == pytest.approx([53.24, 87.73, 32.30], abs=0.05)
    for matrix in VISION.values():
        assert matrix.sum(axis=1) == pytest.approx(1, abs=2e-6)  # grey stays grey
    assert faults(["#1a9850", "#fee08b", "#d73027"])  # green to red through yellow turns back


@pytest.mark.parametrize("name", sorted(book().schemes))
def test_every_palette_reads_in_grey_and_for_everyone(name):
    scheme = book().scheme(name)
    assert len(scheme.colours) == scheme.size
    if name in GIVEN_COLOURS:
        assert faults(scheme.colours), "the exception is not needed any more"
        return
    assert faults(scheme.colours) == []
