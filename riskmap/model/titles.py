"""Names of products and scenarios as people say them."""

from riskmap.model.text import Text

__all__ = ["scenario_words", "short_title"]


def short_title(title: Text) -> Text:
    """Name of what a map shows, without the word map.

    Examples
    --------
    >>> short_title(Text("洪水淹没筛查图", "Flood screening map")).en
    'Flood screening'
    """
    return Text(title.zh.removesuffix("图"), title.en.removesuffix(" map"))


def scenario_words(title: Text, name: str) -> Text:
    """Name of a hazard's scenario: the hazard by its title, no code.

    Parameters
    ----------
    title : Text
        Of the hazard.
    name : str
        Of the scenario: ``flood: 20 a``, ``fire: 3 h``, ``fire: ...``, or the hazard's own name.

    Returns
    -------
    Text

    Examples
    --------
    >>> scenario_words(Text("洪水淹没筛查图", "Flood screening map"), "flood: 20 a")
    Text(zh='洪水淹没筛查（20年一遇）', en='Flood screening (20-year)')
    >>> scenario_words(Text("森林草原火灾危险性图", "Forest and grassland fire hazard map"), "fire: 3 h").en
    'Forest and grassland fire hazard (3 h after ignition)'
    """
    short, rest = short_title(title), name.partition(": ")[2]
    years, hours = rest.removesuffix(" a"), rest.removesuffix(" h")
    if years.isdigit():
        return Text(f"{short.zh}（{years}年一遇）", f"{short.en} ({years}-year)")
    if hours != rest:
        return Text(f"{short.zh}（起火后{hours}小时）", f"{short.en} ({hours} h after ignition)")
    return Text(f"{short.zh}（{rest}）", f"{short.en} ({rest})") if rest else short
