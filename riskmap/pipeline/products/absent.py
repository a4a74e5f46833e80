"""Why a product cannot be made, in both languages."""

from riskmap.errors import MissingLayerError
from riskmap.model import Text

__all__ = ["AbsentError"]


class AbsentError(MissingLayerError):
    """What a product stands on is not there.

    Parameters
    ----------
    zh, en : str
        The reason, as the list of what was left out tells it.

    Examples
    --------
    >>> AbsentError("没有道路", "no roads were delivered").reason.zh
    '没有道路'
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = Text(zh, en)
