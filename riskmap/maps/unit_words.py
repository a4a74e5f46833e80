"""What the units of a survey are called: villages, townships, survey cells, or the county as one."""

from dataclasses import dataclass

from riskmap.model import Survey, Text

__all__ = ["VILLAGES", "UnitWords", "unit_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitWords:
    """Names of a kind of unit.

    Parameters
    ----------
    one, many : Text
        A unit, and several (they differ in English).
    above : Text
        What units belong to.
    """

    one: Text
    many: Text
    above: Text

    def fill(self, text: Text) -> Text:
        """Write the names into ``{unit}``, ``{units}``, ``{above}`` and ``{Above}`` of a text.

        Examples
        --------
        >>> VILLAGES.fill(Text("按{units}", "by {unit}")).en
        'by village'
        """
        zh, en = text.zh, text.en
        for name, word in (("unit", self.one), ("units", self.many), ("above", self.above)):
            zh = zh.replace(f"{{{name}}}", word.zh)
            en = en.replace(f"{{{name}}}", word.en).replace(f"{{{name.capitalize()}}}", word.en.capitalize())
        return Text(zh, en)


_TOWNSHIP, _COUNTY = Text("乡镇", "township"), Text("县", "county")
VILLAGES = UnitWords(one=Text("村（社区）", "village"), many=Text("村（社区）", "villages"), above=_TOWNSHIP)
_TOWNSHIPS = UnitWords(one=_TOWNSHIP, many=Text("乡镇", "townships"), above=_COUNTY)
_CELLS = UnitWords(one=Text("调查格网", "survey cell"), many=Text("调查格网", "survey cells"), above=_TOWNSHIP)
_WHOLE = UnitWords(one=_COUNTY, many=Text("县", "counties"), above=Text("市", "prefecture"))


def unit_words(survey: Survey) -> UnitWords:
    """Name the units of a survey by what they are, not by what was asked for.

    Parameters
    ----------
    survey : Survey
        Townships may stand in for villages that were not delivered, and the county for both.

    Returns
    -------
    UnitWords

    Notes
    -----
    Statistical codes tell the level: those of townships end in 000, those of counties in 000000 (统计用区划代码, 12
    digits: 6 of the county, 3 of the township, 3 of the village). Units whose parents are counties are townships.

    Examples
    --------
    >>> unit_words.__name__
    'unit_words'
    """
    if survey.county.units == "grid30s":
        return _CELLS
    codes, above = survey.units.index.astype(str), survey.townships.index.astype(str)
    if len(codes) == 1 and not len(above):
        return _WHOLE
    under_counties = len(above) > 0 and bool(above.str.endswith("000000").all())
    if survey.county.units == "townships" or under_counties or bool(codes.str.endswith("000").all()):
        return _TOWNSHIPS
    return VILLAGES
