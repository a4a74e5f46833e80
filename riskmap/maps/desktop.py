"""Styles for desktop GIS as QML text: the same class has the same colour there as on the sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

from riskmap.maps.style import INK
from riskmap.model.scheme import NO_CLASS, ClassScheme, full_colour
from riskmap.model.text import Text

__all__ = [
    "Case",
    "Columns",
    "Shape",
    "case_style",
    "class_style",
    "plain_style",
    "ramp_style",
    "raster_style",
    "table_style",
]

Shape = Literal["polygon", "zone", "outline", "line", "point", "triangle"]
"""How features are drawn: areas with a thin or a thick edge, an edge alone, lines, dots, triangles."""
Case = tuple[int | str, Text, str]
"""A value, its label, its hex colour."""

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_OPTION = '<Option name="{name}" type="QString" value="{value}"/>'
_THIN = {"outline_color": "110,110,110,255", "outline_width": "0.1", "joinstyle": "round"}
_MARK = {"outline_color": "255,255,255,255", "outline_width": "0.2"}
_SYMBOLS: Mapping[Shape, tuple[str, str, str, Mapping[str, str]]] = {
    "polygon": ("fill", "SimpleFill", "color", _THIN),
    "zone": ("fill", "SimpleFill", "color", {**_THIN, "outline_color": "74,74,74,255", "outline_width": "0.35"}),
    "outline": ("fill", "SimpleFill", "outline_color", {"style": "no", "outline_width": "0.6", "joinstyle": "round"}),
    "line": ("line", "SimpleLine", "line_color", {"line_width": "0.4", "capstyle": "round", "joinstyle": "round"}),
    "point": ("marker", "SimpleMarker", "color", {"name": "circle", "size": "2.2", **_MARK}),
    "triangle": ("marker", "SimpleMarker", "color", {"name": "triangle", "size": "3.4", **_MARK}),
}
_AROUND = 'predefinedPositionOrder="R,L,TR,TL,BR,BL" offsetType="1" dist="0.4" distUnits="MM"'
_PLACEMENTS = {
    "fill": 'placement="4" priority="5"',
    "line": 'placement="2" priority="5"',
    "marker": f'placement="6" priority="9" {_AROUND}',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How the columns of a table are shown.

    Parameters
    ----------
    headers : mapping of str to Text
        Alias of each column.
    words : mapping of str to mapping
        Column to its codes and the words that are shown for them.
    label : str
        Column that is written on the map; ``""`` for none.
    label_scale : int
        Labels are written at ``1:label_scale`` and closer.
    """

    headers: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, Mapping[Any, Text]] = field(default_factory=dict)
    label: str = ""
    label_scale: int = 1_000_000


def class_style(scheme: ClassScheme, *, column: str, shape: Shape = "polygon", columns: Columns | None = None) -> str:
    """Return the QML that colours features by the classes of a scheme.

    Parameters
    ----------
    scheme : ClassScheme
        Labels and colours.
    column : str
        Column with the class codes 1..K.
    shape : str
        See `Shape`.
    columns : Columns, optional
        Aliases, words and labels.

    Returns
    -------
    str

    Examples
    --------
    >>> from riskmap.standards import book
    >>> class_style(book().scheme("gb-spi"), column="class").count("<category ")
    6
    """
    codes = [*range(scheme.size, 0, -1), NO_CLASS]
    cases = [(code, scheme.label(code), scheme.colour(code)) for code in codes]
    return case_style(cases, column=column, shape=shape, columns=columns)


def case_style(cases: Sequence[Case], *, column: str, shape: Shape, columns: Columns | None = None) -> str:
    """Return the QML that colours features by the values of a column.

    Parameters
    ----------
    cases : sequence of (value, Text, str)
        Value, label and hex colour, in the order of the legend.
    column : str
        A column, or an expression.
    shape : str
        See `Shape`.
    columns : Columns, optional
        Aliases, words and labels.

    Returns
    -------
    str

    Examples
    --------
    >>> text = case_style([("far", Text("远", "far"), "#c51b7d")], column="reason", shape="point")
    >>> 'value="far"' in text
    True
    """
    rows = "".join(
        f'<category render="true" symbol="{n}" type="{"long" if isinstance(value, int) else "string"}" '
        f"value={quoteattr(str(value))} label={quoteattr(str(label))}/>"
        for n, (value, label, _colour) in enumerate(cases)
    )
    symbols = "".join(_symbol(str(n), shape, colour) for n, (_value, _label, colour) in enumerate(cases))
    renderer = (
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} enableorderby="0" forceraster="0">'
        f"<categories>{rows}</categories><symbols>{symbols}</symbols></renderer-v2>"
    )
    return _document(renderer, columns or Columns(), shape=shape)


def plain_style(colour: str, *, shape: Shape, columns: Columns | None = None) -> str:
    """Return the QML of a layer in one colour.

    Parameters
    ----------
    colour : str
        Hex colour.
    shape : str
        See `Shape`.
    columns : Columns, optional
        Aliases, words and labels.

    Returns
    -------
    str

    Examples
    --------
    >>> "singleSymbol" in plain_style("#336699", shape="line")
    True
    """
    renderer = f'<renderer-v2 type="singleSymbol"><symbols>{_symbol("0", shape, colour)}</symbols></renderer-v2>'
    return _document(renderer, columns or Columns(), shape=shape)


def table_style(columns: Columns) -> str:
    """Return the QML of a table without geometry: its aliases and words.

    Parameters
    ----------
    columns : Columns
        Aliases and words.

    Returns
    -------
    str

    Examples
    --------
    >>> 'name="人口 People"' in table_style(Columns(headers={"people": Text("人口", "People")}))
    True
    """
    return _document("", columns)


def raster_style(scheme: ClassScheme) -> str:
    """Return the QML of a class raster: only the classes there are, not 256 of them.

    Parameters
    ----------
    scheme : ClassScheme
        Labels and colours.

    Returns
    -------
    str

    Examples
    --------
    >>> from riskmap.standards import book
    >>> raster_style(book().scheme("gb-spi")).count("<paletteEntry ")
    5
    """
    entries = "".join(
        f'<paletteEntry value="{code}" color="{scheme.colour(code)}" alpha="255" '
        f"label={quoteattr(str(scheme.label(code)))}/>"
        for code in range(scheme.size, 0, -1)
    )
    return _pipe(f'<rasterrenderer type="paletted" {_BAND}><colorPalette>{entries}</colorPalette></rasterrenderer>')


def ramp_style(colours: Sequence[str], low: float, high: float) -> str:
    """Return the QML of a raster of measured values: its colours run evenly from the lowest to the highest.

    Parameters
    ----------
    colours : sequence of str
        Hex colours, of `low` to of `high`; at least two.
    low, high : float
        Values at the ends.

    Returns
    -------
    str

    Examples
    --------
    >>> ramp_style(["#ffffff", "#000000"], 0, 2).count("<item ")
    2
    """
    step = (high - low) / (len(colours) - 1)
    items = "".join(
        f'<item value="{low + n * step:.9g}" color="{full_colour(colour)}" alpha="255" label="{low + n * step:.3g}"/>'
        for n, colour in enumerate(colours)
    )
    ends = f'minimumValue="{low:.9g}" maximumValue="{high:.9g}"'
    shader = f'<colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" {ends}>'
    limits = f'classificationMin="{low:.9g}" classificationMax="{high:.9g}"'
    return _pipe(
        f'<rasterrenderer type="singlebandpseudocolor" {_BAND} {limits}><rastershader>{shader}{items}'
        "</colorrampshader></rastershader></rasterrenderer>"
    )


_BAND = 'band="1" opacity="1" alphaBand="-1"'


def _pipe(renderer: str) -> str:
    return f'{_HEAD}<qgis version="3.22"><pipe>{renderer}</pipe></qgis>\n'


def _symbol(name: str, shape: Shape, colour: str) -> str:
    kind, layer, filled, rest = _SYMBOLS[shape]
    values = {filled: _rgba(colour), **rest}
    options = "".join(_OPTION.format(name=key, value=value) for key, value in values.items())
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{options}</Option></layer></symbol>'
    )


def _rgba(colour: str) -> str:
    full = full_colour(colour)
    return ",".join(str(int(full[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _document(renderer: str, columns: Columns, *, shape: Shape | None = None) -> str:
    aliases = "".join(
        f'<alias index="{n}" field={quoteattr(column)} name={quoteattr(str(text))}/>'
        for n, (column, text) in enumerate(columns.headers.items())
    )
    widgets = "".join(_words(column, words) for column, words in columns.words.items())
    labels = _labels(columns, _SYMBOLS[shape][0]) if shape and columns.label else ""
    head = (
        f'<qgis version="3.22" styleCategories="Symbology|Labeling|Fields|Forms" labelsEnabled="{int(bool(labels))}">'
    )
    shown = f"<previewExpression>{_column(columns.label)}</previewExpression>" if columns.label else ""
    fields = f"<fieldConfiguration>{widgets}</fieldConfiguration><aliases>{aliases}</aliases>{shown}"
    return f"{_HEAD}{head}{renderer}{labels}{fields}</qgis>\n"


def _column(name: str) -> str:
    return f"&quot;{name}&quot;"


def _words(column: str, words: Mapping[Any, Text]) -> str:
    rows = "".join(
        f'<Option type="Map"><Option name={quoteattr(str(text))} type="QString" value={quoteattr(str(code))}/></Option>'
        for code, text in words.items()
    )
    return (
        f'<field name={quoteattr(column)}><editWidget type="ValueMap"><config><Option type="Map">'
        f'<Option name="map" type="List">{rows}</Option></Option></config></editWidget></field>'
    )


def _labels(columns: Columns, kind: str) -> str:
    """Names in ink with a white halo; no font is named, so that the program takes one that it has."""
    halo = '<text-buffer bufferDraw="1" bufferSize="0.7" bufferSizeUnits="MM" bufferColor="255,255,255,220"/>'
    text = f'fieldName={quoteattr(columns.label)} fontSize="8" fontSizeUnit="Point" textColor="{_rgba(INK)}"'
    scale = f'scaleVisibility="1" scaleMin="1" scaleMax="{columns.label_scale}"'
    return (
        f'<labeling type="simple"><settings calloutType="simple"><text-style {text}>{halo}</text-style>'
        f"<placement {_PLACEMENTS[kind]}/><rendering {scale}/></settings></labeling>"
    )
