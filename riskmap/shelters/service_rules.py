"""What a network of facilities must do, as its table in the standards declares it: one table, one network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from riskmap.errors import StandardError
from riskmap.model import Standards, Text, Threshold

__all__ = ["ServiceRule", "WaterRule", "driving_speeds", "service_rule", "service_rules"]

Mode = Literal["drive", "walk", "straight"]
Villages = Literal["all", "urban", "risk"]

_KEYS = frozenset(
    {"name", "title", "layer", "where", "mode", "outward", "limit", "before", "demand", "amount", "by_village", "villages"}
    | {"share", "site_m2", "areas", "water", "dry_only", "any_slope"}
)  # fmt: skip
_NEEDED = ("name", "title", "layer", "mode", "limit", "demand")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterRule:
    """What trucks must bring.

    Parameters
    ----------
    a_head : Threshold
        Litres a head a day.
    load : Threshold
        Cubic metres that one truck holds.
    hours : Threshold
        Hours a day that a truck is under way.
    supply : str
        Column of the facilities with their cubic metres a day.
    """

    a_head: Threshold
    load: Threshold
    hours: Threshold
    supply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRule:
    """What a network of facilities must do.

    Parameters
    ----------
    name, title : str, Text
        The network.
    layer : str
        Layer of the facilities.
    where : mapping of str to tuple of str
        Column and the values of the facilities that belong to the network; empty for all.
    mode : {"drive", "walk", "straight"}
        By car or on foot, in minutes; or in a straight line, in metres.
    outward : bool
        The facility comes to the place; else people come to the facility.
    limit : Threshold
        Most that the way may take.
    before : Threshold, optional
        Minutes until it sets out, counted in the limit.
    demand : str
        ``people`` of the villages, or a layer of points.
    amount : str
        Column of that layer that is summed; without it records are counted.
    by_village : bool
        The points are summed by village and served at its seat.
    villages : {"all", "urban", "risk"}
        Villages that the network is for.
    share : Threshold, optional
        Share that is to be served; without it no places are proposed.
    site_m2 : Threshold, optional
        Land that one more facility takes.
    dry_only : bool
        What hazards close does not matter to it.
    any_slope : bool
        A new one may stand on steep ground.
    areas : bool
        Whether the land of every facility is asked for.
    water : WaterRule, optional
        Where trucks bring water.
    """

    name: str
    title: Text
    layer: str
    mode: Mode
    limit: Threshold
    demand: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outward: bool = False
    before: Threshold | None = None
    amount: str = ""
    by_village: bool = False
    villages: Villages = "all"
    share: Threshold | None = None
    site_m2: Threshold | None = None
    dry_only: bool = False
    any_slope: bool = False
    areas: bool = False
    water: WaterRule | None = None

    @property
    def unit(self) -> Literal["min", "m"]:
        """Unit of its ways and of its limit."""
        return "m" if self.mode == "straight" else "min"

    @property
    def most(self) -> float:
        """The limit as a number."""
        return float(self.limit.value)  # type: ignore[arg-type]  # checked when it was read

    @property
    def start(self) -> float:
        """Minutes until it sets out."""
        return 0.0 if self.before is None else float(self.before.value)  # type: ignore[arg-type]  # checked

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Every declared value that goes in."""
        water = () if self.water is None else (self.water.a_head, self.water.load, self.water.hours)
        return tuple(one for one in (self.limit, self.before, self.share, self.site_m2, *water) if one is not None)


def service_rules(standards: Standards) -> tuple[ServiceRule, ...]:
    """Read all declared networks.

    Parameters
    ----------
    standards : Standards
        Holds the table ``networks.networks``.

    Returns
    -------
    tuple of ServiceRule
        In the order of the table.

    Raises
    ------
    StandardError
        A table that is not well formed, or two networks of one name.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> fire = service_rules(book())[0]
    >>> fire.title.zh, fire.most, fire.start, fire.unit
    ('消防救援站', 5.0, 1.0, 'min')
    """
    found = tuple(service_rule(row, standards) for row in standards.table("networks.networks"))
    names = [one.name for one in found]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise StandardError(f"networks: two tables are called {', '.join(twice)}; give each network its own name")
    return found


def service_rule(row: Mapping[str, Any], standards: Standards) -> ServiceRule:
    """Read one network.

    Parameters
    ----------
    row : mapping
        Its table.
    standards : Standards
        Holds the thresholds that it names.

    Returns
    -------
    ServiceRule

    Raises
    ------
    StandardError
        Unknown, missing or impossible entries; all named at once.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> row = {"name": "wells", "title": {"zh": "水井", "en": "Wells"}, "layer": "water_points", "mode": "walk",
    ...     "limit": "networks.water_min", "demand": "people"}
    >>> service_rule(row, book()).thresholds[0].key
    'networks.water_min'
    """
    name = row.get("name", "without a name")
    faults = [f"{one}: unknown; allowed: {', '.join(sorted(_KEYS))}" for one in sorted(set(row) - _KEYS)]
    faults += [f"{one}: missing" for one in _NEEDED if one not in row]
    for key, kinds in (("mode", get_args(Mode)), ("villages", get_args(Villages))):
        if key in row and row[key] not in kinds:
            faults.append(f"{key} = {row[key]!r}; allowed: {', '.join(kinds)}")
    if not faults and row["mode"] == "straight" and "before" in row:
        faults.append("before: minutes cannot be added to metres; take it away, or let the mode be drive or walk")
    if faults:
        raise StandardError(f"networks: the table of {name} cannot be used", faults)
    given: dict[str, Any] = {
        key: row[key] for key in ("name", "layer", "mode", "demand", "amount", "villages") if key in row
    }
    given |= {key: bool(row[key]) for key in ("outward", "by_village", "areas", "dry_only", "any_slope") if key in row}
    given |= {key: _number(row[key], standards) for key in ("limit", "before", "share", "site_m2") if key in row}
    rule = ServiceRule(
        title=Text(**row["title"]), where={key: tuple(one) for key, one in row.get("where", {}).items()},
        water=_water(row["water"], standards) if "water" in row else None, **given,
    )  # fmt: skip
    if rule.start >= rule.most:
        raise StandardError(f"networks: {name} sets out after {rule.start:g} min, its limit is {rule.most:g} min")
    return rule


def _number(key: str, standards: Standards) -> Threshold:
    standards.value(key)
    return standards.threshold(key)


def _water(row: Mapping[str, str], standards: Standards) -> WaterRule:
    numbers = {key: _number(row[key], standards) for key in ("a_head", "load", "hours")}
    return WaterRule(supply=row["supply"], **numbers)


def driving_speeds(standards: Standards) -> tuple[dict[str, float], Threshold]:
    """Speeds by class of road, and the same as a threshold for the record of a result.

    Parameters
    ----------
    standards : Standards
        Holds the table ``networks.speeds``.

    Returns
    -------
    speeds : dict of str to float
        km/h; 0 where no car drives.
    threshold : Threshold

    Examples
    --------
    >>> from riskmap.standards import book
    >>> driving_speeds(book())[0]["县道"]
    40.0
    """
    speeds = {str(row["class"]): float(row["km_h"]) for row in standards.table("networks.speeds")}
    told = "; ".join(f"{name} {speed:g}" for name, speed in speeds.items())
    record = Threshold(
        key="networks.speeds", value=told, unit="km/h", title=Text("各等级道路车速", "Speed by class of road"),
        source="chosen; no clause", confidence="C",
    )  # fmt: skip
    return speeds, record
