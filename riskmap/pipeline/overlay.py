"""Weighted overlay from files to a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from riskmap.scoring import overlay_classes
from riskmap.writers import write_class_blocks

__all__ = ["overlay_files"]


def overlay_files(
    paths: Sequence[str | Path],
    target: str | Path,
    *,
    weights: Sequence[float],
    edges: Sequence[float],
    missing: Literal["renormalise", "unknown"] = "renormalise",
    required: Sequence[bool] = (),
    title: str = "",
) -> Path:
    """Class the weighted mean of up to eight score rasters of any size; memory holds a strip of them.

    Parameters
    ----------
    paths : sequence of path
        Rasters of scores 0..1 on one grid, nodata where unknown.
    target : path
        ``*.tif`` to write.
    weights, edges, missing, required
        As in `overlay_classes`.
    title : str
        Stored as the image description.

    Returns
    -------
    pathlib.Path
        The target: uint8 classes 1..K, nodata 255.

    Raises
    ------
    LayerError
        Rasters that are not on one grid.
    MethodError
        As `overlay_classes`.

    Examples
    --------
    >>> overlay_files.__name__
    'overlay_files'
    """

    def classes(layers: list[NDArray[np.float32]]) -> NDArray[np.uint8]:
        return overlay_classes(layers, weights, edges=edges, missing=missing, required=required)

    return write_class_blocks([Path(one) for one in paths], Path(target), classes, title=title)
