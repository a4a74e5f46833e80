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
    asked : bool
        False for what a county must ask for (a comparison with a neighbour), and for what stands on a result whose absence
        is told already (risk, shelters): then it is not listed.

    Examples
    --------
    >>> AbsentError("没有道路", "no roads were delivered").reason.zh
    '没有道路'
    """

    def __init__(self, zh: str, en: str, *, asked: bool = True) -> None:
        super().__init__(en)
        self.reason, self.asked = Text(zh, en), asked
