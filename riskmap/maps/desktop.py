"""Styles for desktop GIS as QML text: the same class has the same colour there as on the sheets."""

from collections.abc import Mapping
from typing import Literal
from xml.sax.saxutils import quoteattr

from riskmap.model.scheme import ClassScheme
from riskmap.model.text import Text

__all__ = ["Shape", "class_style", "plain_style", "raster_style"]

Shape = Literal["polygon", "line", "point"]
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_OPTION = '<Option name="{name}" type="QString" value="{value}"/>'
_SYMBOLS: Mapping[str, tuple[str, str, str, Mapping[str, str]]] = {
    "polygon": ("fill", "SimpleFill", "color", {"outline_color": "90,90,90,255", "outline_width": "0.1"}),
    "line": ("line", "SimpleLine", "line_color", {"line_width": "0.5"}),
    "point": ("marker", "SimpleMarker", "color", {"name": "circle", "size": "2.4"}),
}


def class_style(
    scheme: ClassScheme, *, column: str, shape: Shape = "polygon", headers: Mapping[str, Text] | None = None
) -> str:
    """Return the QML that colours features by the classes of a scheme.

    Parameters
    ----------
    scheme : ClassScheme
        Labels and colours.
    column : str
        Column with the class codes 1..K.
    shape : {"polygon", "line", "point"}
        Geometry of the layer.
    headers : mapping of str to Text
        Aliases of the columns.

    Returns
    -------
    str

    Examples
    --------
    >>> from riskmap.standards import book
    >>> class_style(book().scheme("gb-spi"), column="class").count("<category ")
    6
    """
    codes = [*range(scheme.size, 0, -1), 255]
    rows = "".join(
        f'<category render="true" symbol="{n}" value="{code}" label={quoteattr(str(scheme.label(code)))}/>'
        for n, code in enumerate(codes)
    )
    symbols = "".join(_symbol(str(n), shape, scheme.colour(code)) for n, code in enumerate(codes))
    renderer = (
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} enableorderby="0" forceraster="0">'
        f"<categories>{rows}</categories><symbols>{symbols}</symbols></renderer-v2>"
    )
    return _document(renderer, headers)


def plain_style(colour: str, *, shape: Shape, headers: Mapping[str, Text] | None = None) -> str:
    """Return the QML of a layer in one colour.

    Parameters
    ----------
    colour : str
        Hex colour.
    shape : {"polygon", "line", "point"}
        Geometry of the layer.
    headers : mapping of str to Text
        Aliases of the columns.

    Returns
    -------
    str

    Examples
    --------
    >>> "singleSymbol" in plain_style("#336699", shape="line")
    True
    """
    renderer = f'<renderer-v2 type="singleSymbol"><symbols>{_symbol("0", shape, colour)}</symbols></renderer-v2>'
    return _document(renderer, headers)


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
    return (
        f'{_HEAD}<qgis version="3.22"><pipe><rasterrenderer type="paletted" band="1" opacity="0.8" alphaBand="-1">'
        f"<colorPalette>{entries}</colorPalette></rasterrenderer></pipe></qgis>\n"
    )


def _symbol(name: str, shape: Shape, colour: str) -> str:
    kind, layer, filled, rest = _SYMBOLS[shape]
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    values = {filled: f"{red},{green},{blue},255", **rest}
    options = "".join(_OPTION.format(name=key, value=value) for key, value in values.items())
    return (
        f'<symbol name="{name}" type="{kind}" alpha="0.85" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{options}</Option></layer></symbol>'
    )


def _document(renderer: str, headers: Mapping[str, Text] | None) -> str:
    aliases = "".join(
        f'<alias index="{n}" field={quoteattr(column)} name={quoteattr(str(text))}/>'
        for n, (column, text) in enumerate((headers or {}).items())
    )
    head = f'{_HEAD}<qgis version="3.22" styleCategories="Symbology|Fields">'
    return f"{head}{renderer}<aliases>{aliases}</aliases></qgis>\n"
