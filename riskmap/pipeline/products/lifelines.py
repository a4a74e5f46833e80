"""How firmly the villages hold to their lifelines, what is left in each scenario, and the roads that most people hang on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from riskmap.elements.assets import unit_of_points
from riskmap.model import Assessment, ClassScheme, ProductTable, Text
from riskmap.pipeline.columns import words
from riskmap.pipeline.products.lifeline_ground import LifelineGround, lifeline_ground
from riskmap.pipeline.products.lifeline_words import AFTER, ALL, ANY, HEADERS, NOTES, ROADS_NOTE, SCENARIOS_NOTE, lists
from riskmap.pipeline.products.service_words import YES
from riskmap.scoring import classify
from riskmap.shelters import Lifeline, critical_roads, lifeline, reached, stretch_losses
from riskmap.spatial import Network

__all__ = ["make"]

_SHOWN = (
    "name", "people", "ways", "hanging", "isolating_km", "isolating_road", "isolating_bridge", "left_0", "left_fewest",
    "worst_in",
)  # fmt: skip
_WAYS_SHOWN = (
    "name", "people", "lifeline", "ways_class", "lone_km", "site", "minutes", "after", "extra_min", "second", "second_min",
    "shared_km",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """What all tables stand on.

    kept: by scenario (``dry`` first), places x lifelines, whether any way is left. road, bridge: name (or class) of the road
    of each edge and whether it is a bridge; None for walks, and last for "no edge".
    """

    assessment: Assessment
    ground: LifelineGround
    found: Mapping[str, Lifeline]
    kept: Mapping[str, NDArray[np.bool_]]
    scheme: ClassScheme
    road: pd.Series
    bridge: NDArray[np.object_]

    @property
    def people(self) -> pd.Series:
        """People of every village, unknown ones as none."""
        return self.ground.villages["people"].fillna(0).astype("int64")

    @property
    def titles(self) -> dict[str, Text]:
        return {one.name: one.title for one in self.ground.cases}

    @property
    def weakest(self) -> pd.Series:
        """Ways of the lifeline of every village that has fewest."""
        return pd.DataFrame({name: one.places["ways"] for name, one in self.found.items()}).min(axis=1)

    def classed(self, ways: pd.Series) -> NDArray[np.uint8]:
        return classify(ways.to_numpy("float64"), self.scheme).codes


def make(assessment: Assessment) -> list[ProductTable]:
    """Tell ways, what they hang on, what a loss leaves, and the roads on which most people hang.

    Parameters
    ----------
    assessment : Assessment
        With hazards; their scenarios close roads and sites.

    Returns
    -------
    list of ProductTable
        People by class for every lifeline; villages; scenarios; roads; and every village by lifeline.

    Raises
    ------
    MissingLayerError
        Roads or people are missing, or no lifeline leads anywhere.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    ground = lifeline_ground(assessment)
    nodes = ground.villages["node"].to_numpy("int64")
    found = {
        one.name: lifeline(ground.network, one.graph, nodes, one.nodes("dry"), usable=one.usable)
        for one in ground.cases
    }
    kept = {name: _kept(ground, name) for name in ground.open_edges}
    scheme = assessment.survey.standards.scheme("lifeline-ways")
    road, bridge = _called(assessment.survey.frame("roads"), ground.network)
    case = _Case(
        assessment=assessment, ground=ground, found=found, kept=kept, scheme=scheme, road=road, bridge=bridge
    )  # fmt: skip
    return [_summary(case), _villages(case), _scenarios(case), _roads(case), _ways(case)]


def _called(roads: gpd.GeoDataFrame, network: Network) -> tuple[pd.Series, NDArray[np.object_]]:
    row = np.append(network.edges["road"].to_numpy("int64"), -1)
    blank = pd.Series("", index=roads.index)
    name, kind = (roads[one].fillna("") if one in roads else blank for one in ("name", "class"))
    called = pd.Series([*name.where(name != "", kind), None], dtype="str")
    given = roads["bridge"].fillna(False).astype(bool) if "bridge" in roads else [None] * len(roads)
    return called.iloc[row], np.array([*given, None], dtype="object")[row]


def _kept(ground: LifelineGround, scenario: str) -> NDArray[np.bool_]:
    nodes, usable = ground.villages["node"].to_numpy("int64"), ground.open_edges[scenario]
    found = [reached(ground.network, nodes, one.nodes(scenario), usable=usable & one.usable) for one in ground.cases]
    return np.column_stack(found)


def _summary(case: _Case) -> ProductTable:
    """Villages and people of every class, a row a lifeline and one for the weakest."""
    ways = {"": case.weakest, **{name: one.places["ways"] for name, one in case.found.items()}}
    sites = {one.name: int(one.safe["dry"].sum()) for one in case.ground.cases}
    rows, codes = [], range(case.scheme.size, 0, -1)
    for name, counts in ways.items():
        code = case.classed(counts)
        people = {f"people_{one}": int(case.people[code == one].sum()) for one in codes}
        villages = {f"villages_{one}": int((code == one).sum()) for one in codes}
        rows.append({"lifeline": name, "sites": sites.get(name, sum(sites.values())), **people, **villages})
    heads = {
        f"{key}_{one}": Text(f"{case.scheme.label(one).zh}（{zh}）", f"{case.scheme.label(one).en} ({en})")
        for one in codes
        for key, zh, en in (("people", "人", "people"), ("villages", "村", "villages"))
    }
    unknown = int(case.ground.villages["people"].isna().sum())
    note = Text(
        f"{unknown} 个村（社区）人口未知，未计入人数", f"people of {unknown} villages are not known and not counted"
    )
    standards = case.assessment.survey.standards
    return ProductTable(
        name="lifelines", title=Text("生命线通路冗余", "How many ways the lifelines have"), frame=pd.DataFrame(rows),
        headers={**HEADERS, **heads}, words={"lifeline": {"": ALL, **case.titles}}, rows_shown=len(rows),
        notes=(*NOTES, *case.ground.absent, *((note,) if unknown else ())),
        thresholds=(standards.threshold("lifelines.border_m"), case.ground.speeds),
    )  # fmt: skip


def _villages(case: _Case) -> ProductTable:
    """Villages, the weakest with most people first: class, what takes all lifelines at once, how many each scenario leaves."""
    villages, found = case.ground.villages, case.found
    table = pd.DataFrame(
        {
            "unit_id": villages.index, "name": villages["name"].to_numpy(), "people": villages["people"].to_numpy(),
            "ways": case.classed(case.weakest), "hanging": np.sum([one.places["ways"] == 1 for one in found.values()], axis=0),
        }
    ).join(_isolating(case))  # fmt: skip
    heads = {
        f"ways_{name}": Text(f"{one.zh}：通路等级", f"{one.en}: class of ways") for name, one in case.titles.items()
    }
    for name, one in found.items():
        table[f"ways_{name}"] = case.classed(one.places["ways"])
    told = words(case.assessment, pd.DataFrame({"scenario": list(case.kept)}))["scenario"]
    left = _left(case)
    for n, scenario in enumerate(case.kept):
        zh, en = f"{told[scenario].zh}：可达生命线（条）", f"{told[scenario].en}: lifelines left (number)"
        heads[f"left_{n}"] = Text(zh, en)
    rows = gpd.GeoDataFrame(table.join(left), geometry=villages.geometry.to_numpy(), crs=villages.crs)
    rows = rows.sort_values(["ways", "isolating_km", "people"], ascending=False, kind="stable").reset_index(drop=True)
    classes = ["ways", *(f"ways_{name}" for name in found)]
    return ProductTable(
        name="lifeline_villages", title=Text("各村生命线通路", "Villages and their lifelines"), frame=rows,
        headers={**HEADERS, **heads}, words={"isolating_bridge": ANY, "worst_in": {"": Text("", ""), **told}},
        schemes=dict.fromkeys(classes, case.scheme), notes=(NOTES[1],), rows_shown=20,
        columns_shown=tuple(one for one in _SHOWN if one in rows),
    )  # fmt: skip


def _left(case: _Case) -> pd.DataFrame:
    """Lifelines that each scenario leaves; the fewest, and in which hazard where it takes any."""
    table = pd.DataFrame({f"left_{n}": kept.sum(axis=1) for n, kept in enumerate(case.kept.values())})
    hazards = table.drop(columns="left_0")
    if hazards.empty:
        return table
    fewest, names = hazards.min(axis=1), np.array(list(case.kept))[1:]
    worst = np.where(fewest < table["left_0"], names[hazards.to_numpy().argmin(axis=1)], "")
    return table.assign(left_fewest=fewest, worst_in=worst)


def _isolating(case: _Case) -> pd.DataFrame:
    """Length of the road of each village whose loss takes every lifeline; the road of its longest edge; any bridge."""
    every = pd.concat([one.losses for one in case.found.values()])
    cut = every[np.isinf(every["after"])].groupby(["place", "edge"]).size()
    had = np.sum([one.places["cost"].notna() for one in case.found.values()], axis=0)
    alone = cut[cut.to_numpy() == had[cut.index.get_level_values("place")]].index.to_frame(index=False).astype("int64")
    alone["length_m"] = case.ground.network.edges["length_m"].to_numpy("float64")[alone["edge"]]
    places = range(len(case.ground.villages))
    longest = alone.sort_values("length_m").groupby("place")["edge"].last().reindex(places, fill_value=-1)
    edges = alone.groupby("place")["edge"].agg(list).reindex(places)
    return pd.DataFrame(
        {
            "isolating_km": (alone.groupby("place")["length_m"].sum().reindex(places, fill_value=0.0) / 1000).round(2),
            "isolating_road": case.road.iloc[longest].array,
            "isolating_bridge": [_any_bridge(case, one if isinstance(one, list) else []) for one in edges],
        }
    )


def _any_bridge(case: _Case, edges: Sequence[int] | NDArray[np.int64]) -> str:
    """Whether one of the edges is a bridge; empty without edges, and where no bridges were delivered."""
    told = case.bridge[np.asarray(edges, dtype="int64")]
    return "" if not len(told) or None in told else "yes" if any(told) else "no"


def _scenarios(case: _Case) -> ProductTable:
    """People who reach each lifeline in each scenario, and who keep all, some or none of what they have on a dry day."""
    dry, people, rows = case.kept["dry"], case.people.to_numpy(), []
    for scenario, kept in case.kept.items():
        had, left = dry.sum(axis=1), (dry & kept).sum(axis=1)
        parts = {
            "people_all": (left == had) & (had > 0), "people_fewer": (left < had) & (left > 0),
            "people_none": (left == 0) & (had > 0), "people_never": had == 0,
        }  # fmt: skip
        sums = {name: int(people[one].sum()) for name, one in parts.items()}
        reach = {f"reach_{name}": int(people[kept[:, n]].sum()) for n, name in enumerate(case.found)}
        rows.append({"scenario": scenario, **sums, **reach})
    heads = {
        f"reach_{name}": Text(f"{one.zh}可达（人）", f"{one.en} reached (people)") for name, one in case.titles.items()
    }
    return ProductTable(
        name="lifeline_scenarios", title=Text("各情景下的生命线", "Lifelines in each scenario"), frame=pd.DataFrame(rows),
        headers={**HEADERS, **heads}, notes=(SCENARIOS_NOTE,), rows_shown=len(rows),
    )  # fmt: skip


def _roads(case: _Case) -> ProductTable:
    """Stretches of road by the people who depend on them."""
    survey = case.assessment.survey
    losses = stretch_losses(case.found, case.ground.villages["people"])
    roads = critical_roads(case.ground.network, survey.frame("roads"), losses)
    long = roads["length_m"] >= survey.standards.value("lifelines.shortest_m")
    roads = roads[long].head(int(survey.standards.value("lifelines.roads_told"))).reset_index(drop=True)
    others = roads["people_on_it"] - roads["people_cut_off"]
    middle = shapely.line_interpolate_point(_longest(roads.geometry.to_numpy()), 0.5, normalized=True)
    home = unit_of_points(gpd.GeoDataFrame(geometry=middle, crs=roads.crs), survey.units)
    names = [*survey.units.get("name", pd.Series("", index=survey.units.index)), ""]
    table = roads.rename(columns={"name": "road"}).assign(
        place=[names[one] for one in home], length_m=roads["length_m"].round(),
        detour_min=(roads["extra"] / others.where(others > 0)).round(1),
    )  # fmt: skip
    whole = ["people_cut_off", "people_isolated", "people_on_it", "lost"]
    shown = [
        "road",
        "class",
        "bridge",
        "place",
        "length_m",
        "people_cut_off",
        "people_isolated",
        "lost",
        "people_on_it",
    ]
    kept = [one for one in (*shown, "detour_min", "geometry") if one in table]
    return ProductTable(
        name="lifeline_roads", title=Text("生命线关键路段与桥梁", "Roads and bridges that lifelines hang on"),
        frame=table[kept].astype(dict.fromkeys(whole, "int64")), headers=HEADERS, rows_shown=30, notes=(ROADS_NOTE,),
        words={"bridge": YES, "lost": lists(case.titles.values(), table["lost"].astype("int64").unique().tolist())},
        thresholds=tuple(survey.standards.threshold(f"lifelines.{one}") for one in ("roads_told", "shortest_m")),
    )  # fmt: skip


def _longest(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.array([max(shapely.get_parts(one), key=shapely.length) for one in lines], dtype="object")


def _ways(case: _Case) -> ProductTable:
    """Every village by lifeline, the weakest with most people first."""
    rows = pd.concat([_of_lifeline(case, n) for n in range(len(case.found))], ignore_index=True)
    rows = rows.sort_values(["ways_class", "people", "lone_km"], ascending=False, kind="stable").reset_index(drop=True)
    return ProductTable(
        name="lifeline_ways", title=Text("逐村逐类生命线通路", "Ways of each village to each lifeline"), frame=rows,
        headers=HEADERS, words={"lifeline": case.titles, "after": AFTER, "lone_bridge": ANY},
        schemes={"ways_class": case.scheme}, notes=(NOTES[0],), rows_shown=5, columns_shown=_WAYS_SHOWN,
    )  # fmt: skip


def _of_lifeline(case: _Case, number: int) -> pd.DataFrame:
    one, villages = case.ground.cases[number], case.ground.villages
    told = case.found[one.name].places
    names = pd.Series([*one.sites["name"], None], dtype="str")
    lone = case.found[one.name].lone
    kinds = [told["ways"] == 0, told["worst_edge"] < 0, told["worst_cost"].isna()]
    lost = [
        "; ".join(name for name, kept in case.kept.items() if case.kept["dry"][n, number] and not kept[n, number])
        for n in range(len(villages))
    ]
    return pd.DataFrame(
        {
            "unit_id": villages.index, "name": villages["name"].to_numpy(), "people": villages["people"].to_numpy(),
            "lifeline": one.name, "ways_class": case.classed(told["ways"]), "lone_km": (told["lone_m"] / 1000).round(2),
            "lone_road": case.road.iloc[told["lone_edge"]].array,
            "lone_bridge": [_any_bridge(case, edges) for edges in lone], "site": names.iloc[told["site"]].array, "minutes": told["cost"].round(1),
            "after": np.select(kinds, ["none", "near", "cut"], "round"),
            "worst_road": case.road.iloc[told["worst_edge"]].array,
            "extra_min": (told["worst_cost"] - told["cost"]).round(1), "second": names.iloc[told["second"]].array,
            "second_min": told["second_cost"].round(1), "shared_km": (told["shared_m"] / 1000).round(2), "closed_in": lost,
        }
    )  # fmt: skip
