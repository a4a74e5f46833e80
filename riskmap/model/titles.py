"""Names of products and scenarios as people say them."""

from riskmap.model.text import Text

__all__ = ["NO_LEADER", "NO_LEADER_WORDS", "entry_words", "hazard_word", "scenario_words", "short_title"]

NO_LEADER = "none"
"""Stands in ``leading`` where the risk is known and no hazard is in a high class; ``""`` stands for unknown."""

NO_LEADER_WORDS = Text("无突出灾种", "No hazard stands out")

_ENDINGS = Text("危险性 易发性 风险", "hazard susceptibility risk")


def short_title(title: Text) -> Text:
    """Name of what a map shows, without the word map.

    Examples
    --------
    >>> short_title(Text("洪水淹没筛查图", "Flood screening map")).en
    'Flood screening'
    """
    return Text(title.zh.removesuffix("图"), title.en.removesuffix(" map"))


def entry_words(entry: float, unit: str, what: Text) -> Text:
    """Name of one of several scenarios of a hazard: a return period, or hours after it began.

    Parameters
    ----------
    entry : float
        Years or hours.
    unit : str
        ``a`` or ``h``.
    what : Text
        What spreads (火场), for hours.

    Returns
    -------
    Text

    Examples
    --------
    >>> entry_words(20, "a", Text("淹没", "Flooded")).zh, entry_words(3, "h", Text("火场", "Fire front")).en
    ('20年一遇', 'Fire front after 3 h')
    """
    if unit == "a":
        return Text(f"{entry:g}年一遇", f"{entry:g}-year")
    if unit == "h":
        return Text(f"{what.zh}{entry:g}小时后", f"{what.en} after {entry:g} h")
    return Text(f"{what.zh}{entry:g} {unit}", f"{what.en} {entry:g} {unit}")


def scenario_words(title: Text, name: str, *, part: Text | None = None) -> Text:
    """Name of a hazard's scenario: the hazard by its title, no code.

    Parameters
    ----------
    title : Text
        Of the hazard.
    name : str
        Of the scenario: ``flood: 20 a``, ``fire: ...``, or the hazard's own name.
    part : Text, optional
        What people call the scenario; read from its name unless given.

    Returns
    -------
    Text

    Examples
    --------
    >>> scenario_words(Text("洪水淹没筛查图", "Flood screening map"), "flood: 20 a")
    Text(zh='洪水淹没筛查（20年一遇）', en='Flood screening (20-year)')
    """
    short, rest = short_title(title), name.partition(": ")[2]
    years = rest.removesuffix(" a")
    if part is None and rest:
        part = entry_words(float(years), "a", short) if years.isdigit() else Text(rest, rest)
    return short if part is None else Text(f"{short.zh}（{part.zh}）", f"{short.en} ({part.en})")


def hazard_word(title: Text) -> Text:
    """Name a hazard by itself: 冰雹 of a product that is called 冰雹危险性.

    Parameters
    ----------
    title : Text
        Of a theme, or of a product of another department.

    Returns
    -------
    Text
        Without the endings 危险性, 易发性, 风险 and their English.

    Examples
    --------
    >>> hazard_word(Text("冰雹危险性", "Hail hazard")), hazard_word(Text("洪水", "Flood")).zh
    (Text(zh='冰雹', en='Hail'), '洪水')
    """
    zh, en = title.zh, title.en
    for word, english in zip(_ENDINGS.zh.split(), _ENDINGS.en.split(), strict=True):
        zh = zh.removesuffix(word) or zh
        en = en.removesuffix(f" {english}") or en
    return Text(zh, en)
