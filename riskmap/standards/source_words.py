"""Sources and clauses in both languages: recurring phrases are declared once, titles of documents stay as they are."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from riskmap.model.text import Text

__all__ = ["source_text"]


def source_text(words: str) -> Text:
    """Say a source or a clause in Chinese; the English is what stands in the standards.

    Parameters
    ----------
    words : str
        Parts divided by ``"; "``.

    Returns
    -------
    Text
        A part that is not declared in ``words/sources.toml`` (the title of a document, an article) stays as it is.

    Examples
    --------
    >>> source_text("chosen: most of it; names only; no clause").zh
    '本系统取值：大部分；只影响名称；无条文'
    >>> source_text("GB 51143-2015 防灾避难场所设计规范").zh
    'GB 51143-2015 防灾避难场所设计规范'
    """
    return Text("；".join(_phrases().get(one, one) for one in words.split("; ")), words)


@cache
def _phrases() -> Mapping[str, str]:
    text = files("riskmap.standards").joinpath("words", "sources.toml").read_text(encoding="utf-8")
    found: Mapping[str, str] = tomllib.loads(text)["phrases"]
    return found
