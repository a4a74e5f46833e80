"""Packed paths of the atlas read back, one character after another."""

import numpy as np


def opened(text):
    """Corners of a packed path, read one character after another as Google describes the way back."""
    numbers, value, shift = [], 0, 0
    for one in text:
        bits = ord(one) - 63
        value += (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(-(value // 2) - 1 if value % 2 else value // 2)
            value = shift = 0
    at = np.cumsum(np.reshape(numbers, (-1, 2)), axis=0)[:, ::-1] / 1e5
    return [tuple(map(float, one)) for one in at.tolist()]
