"""From a county folder to its checked survey."""

from riskmap.loaders import load_survey
from riskmap.model import County, Survey, Text
from riskmap.pipeline.county import Digests, standards_of
from riskmap.pipeline.secrecy import with_secrecy
from riskmap.pipeline.steps import Progress, Steps, fingerprint, silent
from riskmap.standards import layer_specs

__all__ = ["load"]


def load(county: County, *, steps: Steps | None = None, progress: Progress = silent) -> Survey:
    """Read and check every layer of a county.

    Parameters
    ----------
    county : County
        From `open_county`.
    steps : Steps, optional
        Step cache of a run; without it everything is read.
    progress : callable
        ``(fraction, message)``.

    Returns
    -------
    Survey

    Raises
    ------
    LayerError
        Nothing can be done with the layers (no grid, no units).

    Examples
    --------
    >>> load.__name__
    'load'
    """
    standards = standards_of(county)
    if steps is None:
        return with_secrecy(load_survey(county, layer_specs(), standards=standards, progress=progress))
    digests = Digests.of(county)
    key = fingerprint(digests.frame, digests.layers, county.model_dump(mode="json"), str(county.folder))
    return steps.run(
        "load",
        Text("读取与检查图层", "Reading and checking layers"),
        key,
        lambda: with_secrecy(load_survey(county, layer_specs(), standards=standards)),
    )
