"""A finished product of another department, taken over as it is."""

import xarray as xr

from riskmap.loaders import read_given
from riskmap.model import NO_CLASS, Finding, Survey, Text, ThemeResult
from riskmap.model.county import GivenProduct

__all__ = ["given_theme"]


def given_theme(name: str, product: GivenProduct, survey: Survey) -> tuple[ThemeResult, tuple[Finding, ...]]:
    """Take over a finished product of another department; its classes are never re-scored.

    Parameters
    ----------
    name : str
        Theme name in ``[given.<name>]``.
    product : GivenProduct
        Declaration, with the class-to-score table.
    survey : Survey
        Grid and units.

    Returns
    -------
    ThemeResult
    tuple of Finding
        What the check found in the product.

    Raises
    ------
    LayerError
        The file cannot be read as that product.

    Examples
    --------
    >>> given_theme.__name__
    'given_theme'
    """
    codes, score, findings = read_given(product, name=name, survey=survey)
    scheme = survey.standards.scheme(product.scheme)
    pairs = [(scheme.label(n), value) for n, value in enumerate(product.scores, start=1)]
    zh = "；".join(f"{label.zh}={value:g}" for label, value in reversed(pairs))
    en = "; ".join(f"{label.en}={value:g}" for label, value in reversed(pairs))
    method = Text(
        f"部门成果。编制单位：{product.producer}；日期：{product.date}；方法：{product.method}。等级赋分：{zh}",
        f"Finished product of a department. Producer: {product.producer}; date: {product.date}; "
        f"method: {product.method}. Score of each class: {en}",
    )
    known = (codes != NO_CLASS).astype("float32")
    result = ThemeResult(
        name=name,
        title=product.title.text,
        origin="given",
        method=method,
        measured=xr.Dataset(),
        headline="",
        classes=codes,
        scheme=scheme,
        score=score,
        known_share=known,
        thresholds=(),
    )
    return result, tuple(findings)
