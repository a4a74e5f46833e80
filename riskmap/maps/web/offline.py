"""A folium map that asks nobody for anything: every byte it needs stands in its own page."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
import xstatic.pkg.leaflet as leaflet_package
from branca.element import Element, Figure
from folium.template import Template

from riskmap.errors import MethodError
from riskmap.maps.fonts import woff_subset
from riskmap.model import Text

__all__ = ["OfflineMap", "check_offline", "data_uri", "json_text"]

_ASSETS = (
    "core.js", "shapes.js", "map.js", "buildings.js", "grid.js", "sums.js", "values.js", "labels.js", "place.js", "panel.js", "shelters.js", "zone.js", "town.js", "whatif.js", "tools.js", "print.js", "start.js",
)  # fmt: skip
_HARMLESS = (
    "http://www.w3.org/2000/svg",
    "https://leafletjs.com",
    "https://bugzilla.mozilla.org/show_bug.cgi?id=888319",
)
"""Text in Leaflet: a namespace, a link that is switched off, a remark."""
_ATTRIBUTE = re.compile(
    r"""(?:src|href|srcset|action|poster|data|background)\s*=\s*\\?["']?([^"'\s>\\]+)""", re.IGNORECASE
)
_CALL = re.compile(
    r"(@import\b|\bfetch\s*\(|\bXMLHttpRequest\b|\bsendBeacon\b|\bnew\s+WebSocket\b|\bEventSource\b|\bimportScripts\b"
    r"|\bimport\s*\(|sourceMappingURL)",
    re.IGNORECASE,
)
_CSS_ADDRESS = re.compile(r"""(?<![\w.])url\(\s*\\?["']?([^"')\s\\]+)""", re.IGNORECASE)
_ANY_ADDRESS = re.compile(r"""(?:\b(?:https?|wss?|ftp):|(?<=["'(=]))//[\w.-]+\.[a-z]{2,}[^\s"'<>)\\]*""", re.IGNORECASE)
_REFUSED = (folium.Popup, folium.Tooltip, folium.Icon, folium.features.GeoJsonDetail)
_DATA_BLOCK = re.compile(r'(<script type="application/json"[^>]*>)(.*?)(</script>)', re.DOTALL)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_BASE64 = re.compile(r"(data:[\w/+-]+;base64,)[\w+/=]*")


def data_uri(content: bytes, kind: str) -> str:
    """Write bytes as an address that holds them.

    Parameters
    ----------
    content : bytes
        A picture or a font.
    kind : str
        Media type.

    Returns
    -------
    str

    Examples
    --------
    >>> data_uri(b"abc", "image/png")
    'data:image/png;base64,YWJj'
    """
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def json_text(value: Any) -> str:
    """Write data as JSON that can stand inside a script element.

    `Text` becomes ``[zh, en]``, or one string where both are the same; ``<``, ``>``, ``&`` and the line
    separators U+2028 and U+2029 are written as escapes, so that no text can end the element, and so is the ``{`` of
    ``{{``, ``{%`` and ``{#``, which would be read as a template.

    Parameters
    ----------
    value : object
        Mappings, sequences, `Text`, numbers, strings, None. NaN is refused: unknown is None.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        A number that is not finite.

    Examples
    --------
    >>> json_text({"name": Text("</script>", "a"), "none": None})
    '{"name":["\\\\u003c/script\\\\u003e","a"],"none":null}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)
    marks = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    text = re.sub("[<>&\u2028\u2029]", lambda found: marks[found.group()], text)
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)


def check_offline(page: str, *, hosts: Sequence[str] = ()) -> None:
    """Refuse a page that could ask the network for something.

    Text inside JSON blocks is data, shown and never followed, so only media in it are looked at; a few
    addresses that stand in Leaflet as text are harmless.

    Parameters
    ----------
    page : str
        HTML.
    hosts : sequence of str
        Addresses that were asked for on purpose (``https://t0.tianditu.gov.cn``).

    Raises
    ------
    MethodError
        Every address found, at once.

    Examples
    --------
    >>> check_offline('<img src="data:image/png;base64,AA==">')
    >>> check_offline('<script src="//cdn.example.com/x.js"></script>')
    Traceback (most recent call last):
    riskmap.errors.MethodError: the page is not offline...
    """
    bare = _BASE64.sub(r"\1", _DATA_BLOCK.sub(r"\1\3", page))
    faults = [f"calls the network: {found}" for found in _CALL.findall(bare)]
    for pattern in (_ATTRIBUTE, _CSS_ADDRESS, _ANY_ADDRESS):
        for found in pattern.findall(bare):
            allowed = found.startswith(("data:", "#", *_HARMLESS, *hosts))
            if not allowed and (pattern is not _ATTRIBUTE or _leads_out(found)):
                faults.append(f"address: {found[:80]}")
    if faults:
        found = sorted(set(faults))
        raise MethodError(
            "the page is not offline; folium plugins, tiles, popups and icons load files from elsewhere, use "
            "none of them",
            faults=found,
        )


class OfflineMap(folium.Map):  # type: ignore[misc]  # folium has no types
    """A `folium.Map` whose only library is Leaflet, written into the page.

    Ids are counted, not drawn: the same content gives the same bytes. Rendering raises `MethodError` when
    anything added to the map would load a file from elsewhere; the page also carries a policy that makes
    browsers refuse every request.

    Parameters
    ----------
    document : mapping
        What the page shows, as JSON (see `riskmap.maps.web.atlas`).
    title : Text
        Title of the page.
    hosts : sequence of str
        Addresses of map tiles that the page may ask when its reader switches them on.

    Examples
    --------
    >>> OfflineMap.default_js, OfflineMap.default_css
    ([], [])
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  folium's own attribute, emptied
    default_css: list[tuple[str, str]] = []  # noqa: RUF012  folium's own attribute, emptied
    _template = Template(files(__package__).joinpath("assets", "map.html").read_text(encoding="utf-8"))

    def __init__(self, document: Mapping[str, Any], *, title: Text, hosts: Sequence[str] = ()) -> None:
        super().__init__(tiles=None, zoom_control=False)
        self.document, self.data = document, json_text(document)
        self.script_text = "\n".join(_asset(name) for name in _ASSETS)
        self.leaflet_js = _leaflet()[0]
        page = _Page(title=escape(str(title)), hosts=hosts)
        page.add_child(self)

    @property
    def css(self) -> str:
        """Styles of Leaflet and of the page, with the font cut to the characters in use."""
        return _leaflet()[1] + _font_face(self.data + self.script_text) + _asset("page.css")

    def html(self) -> str:
        """Return the text of the page; MethodError if it is not offline."""
        return str(self.get_root().render())

    def _repr_html_(self, **_: Any) -> str:
        return (
            f'<iframe srcdoc="{escape(self.html())}" title="riskmap" '
            'style="width:100%;height:620px;border:0" allowfullscreen></iframe>'
        )


class _Page(Figure):  # type: ignore[misc]  # branca has no types
    """The page around the map: language, policy, and the proof that it is offline."""

    _template = Template(files(__package__).joinpath("assets", "page.html").read_text(encoding="utf-8"))

    def __init__(self, *, title: str, hosts: Sequence[str]) -> None:
        super().__init__(title=title)
        self.hosts = tuple(hosts)

    def render(self, **kwargs: Any) -> str:
        for place in (self.header, self.html, self.script):
            place._children.clear()  # noqa: SLF001  branca offers no other way to render twice alike
        _number(self)
        text = str(super().render(**kwargs))
        check_offline(text, hosts=self.hosts)
        digests = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in _SCRIPT.findall(text))
        allowed = " ".join(f"'sha256-{one}'" for one in digests)
        policy = (
            f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; font-src data:; "
            f"img-src {' '.join(('data:', *self.hosts))}; base-uri 'none'; form-action 'none'"
        )
        return text.replace("<!--policy-->", f'<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return value.zh if value.zh == value.en else [value.zh, value.en]
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"cannot write a {type(value).__name__} as JSON")


def _leads_out(address: str) -> bool:
    return bool(
        re.match(r"(?:\w+:)?//|[\w./-]+\.(?:js|css|png|jpe?g|svg|gif|woff2?|json|html?)\b", address, re.IGNORECASE)
    )


def _number(root: Element) -> None:
    """Replace folium's random ids by counted ones, depth first; refuse elements that write text as HTML."""
    waiting, count = [root], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, _REFUSED):
            raise MethodError(
                f"the page is not offline: folium's {type(one).__name__} needs jQuery or loads icons, and takes text as HTML"
            )
        one._id = f"{count}"  # noqa: SLF001  folium draws ids at random and offers no seed
        count += 1
        waiting.extend(reversed(one._children.values()))  # noqa: SLF001


def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8").strip() + "\n"


def _font_face(text: str) -> str:
    font = data_uri(woff_subset("".join(sorted(set(text)))), "font/woff")
    return f'@font-face{{font-family:"Riskmap";src:url({font}) format("woff");font-display:block}}\n'


@cache
def _leaflet() -> tuple[str, str]:
    """Leaflet's script and style, with its pictures inside."""
    folder = Path(leaflet_package.BASE_DIR)
    images = {one.name: data_uri(one.read_bytes(), "image/png") for one in sorted((folder / "images").glob("*.png"))}
    script = (folder / "leaflet.js").read_text(encoding="utf-8")
    script = re.sub(r"//# sourceMappingURL=\S+\s*$", "", script.strip())
    style = (folder / "leaflet.css").read_text(encoding="utf-8")
    style = re.sub(r"url\(images/([\w-]+\.png)\)", lambda found: f"url({images[found.group(1)]})", style)
    icons = {
        "iconUrl": images["marker-icon.png"],
        "iconRetinaUrl": images["marker-icon-2x.png"],
        "shadowUrl": images["marker-shadow.png"],
        "imagePath": "",
    }
    return f"{script}\nL.Icon.Default.mergeOptions({json.dumps(icons)});\n", style
