"""Which delivered column is which declared field."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from riskmap.loaders.units_of_measure import UNITS, plain_unit
from riskmap.model.layers import Field, LayerSpec

__all__ = ["ColumnMap", "match_columns", "split_header"]

_PLACES: Mapping[str, tuple[str, ...]] = {
    "lon": (
        "lon",
        "lng",
        "long",
        "longitude",
        "经度",
        "东经",
        "x",
        "x坐标",
        "横坐标",
        "东坐标",
        "easting",
        "jd",
        "point_x",
        "经度(°)",
        "lon_wgs",
    ),
    "lat": (
        "lat",
        "latitude",
        "纬度",
        "北纬",
        "y",
        "y坐标",
        "纵坐标",
        "北坐标",
        "northing",
        "wd",
        "point_y",
        "纬度(°)",
        "lat_wgs",
    ),
}
_UNIT_NAMES = frozenset(plain_unit(one) for one in UNITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """What became of the delivered headers.

    Parameters
    ----------
    found : mapping of str to str
        Field name -> header in the file (``lon`` and ``lat`` for coordinates of tables).
    units : mapping of str to str
        Field name -> unit text stated for the column, where one is.
    ambiguous : mapping of str to tuple of str
        Header -> fields that it could mean.
    unused : tuple of str
        Headers that no field claims.
    absent : tuple of str
        Headers that ``columns`` in county.toml names and that the file does not have.
    """

    found: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def split_header(header: str) -> tuple[str, str]:
    """Split a header into its name and the unit in brackets, after a slash or a low line.

    Returns
    -------
    name, unit : str
        Half width, small letters, no blanks; unit ``""`` if none is stated.

    Examples
    --------
    >>> split_header("面积（亩）"), split_header("损失/万元"), split_header("威胁 人数")
    (('面积', '亩'), ('损失', '万元'), ('威胁人数', ''))
    """
    text = _plain(header)
    match = re.fullmatch(r"(.+?)[(\[【](?:单位[::])?([^()\[\]【】]+)[)\]】]", text) or re.fullmatch(
        r"(.+?)[/_,:]([^/_,:]+)", text
    )
    if match and plain_unit(match[2]) in _UNIT_NAMES and not (text.isascii() and match[2] in {"m", "a", "h", "d", "1"}):
        return match[1], plain_unit(match[2])
    return text, ""


def match_columns(
    headers: Sequence[str],
    spec: LayerSpec,
    *,
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    cut: bool = False,
) -> ColumnMap:
    """Match delivered headers to the fields of a layer.

    The order of trust: `columns` of county.toml; the canonical name; the Chinese and English titles; the
    aliases in their order. Case, width, blanks and a unit in brackets do not count.

    Parameters
    ----------
    headers : sequence of str
        As delivered.
    spec : LayerSpec
        With the fields.
    columns : mapping, optional
        Field name = header, from county.toml.
    units : mapping, optional
        Field name or header = unit, from county.toml; goes before the header's own.
    cut : bool
        Headers may be cut to ten bytes (shapefiles): then a header that begins one field's name means it.

    Returns
    -------
    ColumnMap

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> got = match_columns(["村代码", "村名", "人口（万人）"], layer_spec("villages"))
    >>> got.found["people"], got.units["people"]
    ('人口（万人）', '万人')
    """
    declared = dict(columns or {})
    plain: dict[str, str] = {}
    for header in headers:
        plain.setdefault(_plain(header), header)
    bare: dict[str, str] = {}
    for header in headers:
        bare.setdefault(split_header(header)[0], header)
    found, absent = {}, []
    for name, header in declared.items():
        at = header if header in headers else plain.get(_plain(header))
        if at is None:
            absent.append(header)
        else:
            found[name] = at
    names = {one.name: _names(one) for one in spec.fields}
    if spec.kind == "point":
        names |= {one: tuple((_plain(text), rank) for rank, text in enumerate(texts)) for one, texts in _PLACES.items()}
    wanted = {name: texts for name, texts in names.items() if name not in found and name not in declared}
    found |= _assign(wanted, plain, bare, taken=found.values())
    ambiguous = _cut_headers(headers, wanted, found) if cut else {}
    stated = {name: unit for name, header in found.items() if (unit := _unit(name, header, spec, units or {}))}
    unused = tuple(one for one in headers if one not in found.values())
    return ColumnMap(found=found, units=stated, ambiguous=ambiguous, unused=unused, absent=tuple(absent))


def _assign(
    wanted: Mapping[str, tuple[tuple[str, int], ...]],
    plain: Mapping[str, str],
    bare: Mapping[str, str],
    *,
    taken: Iterable[str],
) -> dict[str, str]:
    """Give each header to the field that claims it most strongly."""
    claims = []
    for order, (name, texts) in enumerate(wanted.items()):
        for text, rank in texts:
            if text in plain:
                claims.append((rank, 0, order, name, plain[text]))
            elif text in bare:
                claims.append((rank, 1, order, name, bare[text]))
    found: dict[str, str] = {}
    gone = set(taken)
    for *_, name, header in sorted(claims):
        if name not in found and header not in gone:
            found[name] = header
            gone.add(header)
    return found


def _cut_headers(
    headers: Sequence[str], wanted: Mapping[str, tuple[tuple[str, int], ...]], found: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """Add to `found` the headers that begin exactly one field's name, cut at ten bytes; return the doubtful."""
    doubtful = {}
    for header in headers:
        text = _plain(header)
        if header in found.values() or not any(
            9 <= len(text.encode(codec, "replace")) <= 10 for codec in ("gbk", "utf-8")
        ):
            continue
        means = [
            name
            for name, texts in wanted.items()
            if name not in found and any(one.startswith(text) for one, _ in texts)
        ]
        if len(means) == 1:
            found[means[0]] = header
        elif means:
            doubtful[header] = tuple(means)
    return doubtful


def _unit(name: str, header: str, spec: LayerSpec, units: Mapping[str, str]) -> str:
    if name in _PLACES and name not in {one.name for one in spec.fields}:
        return ""
    unit = units.get(name) or units.get(header) or split_header(header)[1]
    if not unit and spec.field(name).unit == "yuan" and _plain(header).isascii() and _plain(header).endswith("wy"):
        return "万元"  # pinyin initials of 万元 close such names (wxccwy)
    return unit


def _names(one: Field) -> tuple[tuple[str, int], ...]:
    texts = [one.name, one.title.zh, one.title.en, *one.aliases]
    ranked: dict[str, int] = {}
    for rank, text in enumerate(texts):
        ranked.setdefault(_plain(text), rank)
        if text != one.name:
            ranked.setdefault(split_header(text)[0], rank)
    return tuple(ranked.items())


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text)).lower().split())
