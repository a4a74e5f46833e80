"""Words shown to people, in Chinese and English from one source."""

from dataclasses import dataclass
from html import escape
from typing import Literal

__all__ = ["Language", "Text"]

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A label in both languages.

    Parameters
    ----------
    zh, en : str
        The same thing said in Chinese and in English.

    Examples
    --------
    >>> flood = Text("洪水", "Flood")
    >>> str(flood), flood["zh"]
    ('洪水 Flood', '洪水')
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if self.zh == self.en else f"{self.zh} {self.en}"

    def _repr_html_(self) -> str:
        return escape(str(self))

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en
