"""Every result shows itself in a notebook, as a table whose text is escaped, and gives its table."""

import importlib
import json
from dataclasses import is_dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import tiny
import tiny_exposure

from riskmap.elements import exposure
from riskmap.errors import MethodError
from riskmap.maps import explore
from riskmap.methods import ahp_weights, dry_runs
from riskmap.model import Classification, Field, Finding, Layer, LeftOut, ProductTable, Text
from riskmap.model.shown import Rows
from riskmap.scoring import class_stability, classify, comprehensive, evaluate_tree, regions
from riskmap.standards import book, layer_spec

ROOMS = ("model", "scoring", "elements", "methods", "pipeline", "verify", "spatial")
OTHERS = {
    "shelters": ("Allocation", "NextPlaces", "Service", "Siting"),
    "model.comparison": ("Comparison", "Difference"),
    "model.editions": ("EditionsCompared",),
    "scoring.history": ("HistoryCheck",),
    "scoring.robustness": ("Robustness",),
    "scoring.rules_compared": ("RulesCompared",),
    "scoring.sensitivity": ("Sobol",),
}
EVIL_TEXT = Text(tiny.EVIL, "<script>alert(1)</script>")


def nouns():
    for room in ROOMS:
        module = importlib.import_module(f"riskmap.{room}")
        for name in module.__all__:
            thing = getattr(module, name)
            if isinstance(thing, type) and (is_dataclass(thing) or hasattr(thing, "_asdict") or name == "County"):
                yield thing
    for room, names in OTHERS.items():
        module = importlib.import_module(f"riskmap.{room}")
        yield from (getattr(module, name) for name in names)


@pytest.mark.parametrize("noun", list(nouns()), ids=lambda one: one.__name__)
def test_every_noun_shows_itself_and_gives_its_table(noun):
    assert callable(noun._repr_html_)
    assert noun is Text or callable(noun.to_frame)


def results():
    """One of each that a planner meets, with hostile text in it."""
    made = tiny.assessment()
    exposed = exposure(tiny_exposure.with_layers(tiny.survey(), buildings=tiny_exposure.buildings()))
    frame = gpd.GeoDataFrame(
        {"name": [tiny.EVIL], "class": [2], "kind": ["b"]}, geometry=tiny.units().geometry[:1].to_numpy(), crs=tiny.CRS
    )
    scheme = book().scheme("flood-risk-degree")
    points = np.linspace(0.1, 0.9, 12).reshape(6, 2)
    return {
        "assessment": made,
        "survey": made.survey,
        "county": tiny.county(name={"zh": tiny.EVIL, "en": "<script>alert(1)</script>"}),
        "theme": next(iter(made.themes.values())),
        "risk": made.risk,
        "shelters": made.shelters,
        "exposure": exposed,
        "layer": made.survey.layers["villages"],
        "raster": made.survey.layers["dem"],
        "spec": made.survey.layers["villages"].spec,
        "findings": made.survey.findings,
        "finding": Finding(
            rule="out-of-range", severity="error", layer="villages", message=EVIL_TEXT, cure=EVIL_TEXT, value=tiny.EVIL
        ),
        "left out": LeftOut(product=EVIL_TEXT, reason=EVIL_TEXT),
        "product": ProductTable(
            name="evil",
            title=EVIL_TEXT,
            frame=frame,
            headers={"kind": EVIL_TEXT},
            words={"kind": {"b": EVIL_TEXT}},
            schemes={"class": scheme},
        ),
        "standards": book(),
        "threshold": book().threshold("drought.run_level"),
        "thresholds": Rows(book().thresholds.values()),
        "scheme": scheme,
        "profile": book().profile("landslide"),
        "classification": classify(np.array([0.1, 0.4, np.nan]), scheme),
        "weights": ahp_weights([[1, 2], [0.5, 1]]),
        "runs": dry_runs(np.array([0, -1.0, -1.2, 0.3, 0, 0]), level=-0.5, longest_gap=0, shortest=1),
        "comprehensive": comprehensive(made.risk.unit_risk, themes=dict.fromkeys(made.themes, 1.0), objects={"people": 1.0}),
        "regions": regions(points, [(n, n + 1) for n in range(5)]),
        "stability": class_stability(
            points, np.full((20, 2), 0.5), edges=[0.5], published=np.ones(6, "uint8")
        ),
        "tree": evaluate_tree(
            replace(book().profile("capacity"), weights="given"),
            pd.DataFrame({"road_km_per_km2": [0.1, 0.4], "income_yuan": [9e3, 2e4]}),
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return results()


def test_tables_are_frames_and_pages_are_escaped(made):
    for name, one in made.items():
        page = one._repr_html_()
        assert isinstance(one.to_frame(), pd.DataFrame), name
        assert len(one.to_frame()), name
        assert "<table" in page, name
        assert "<img" not in page, name
        assert "<script" not in page, name
    for name in ("assessment", "risk", "county", "finding", "left out", "product"):
        assert "&lt;img src=x" in made[name]._repr_html_(), name
    assert "<script" not in EVIL_TEXT._repr_html_()


def test_classes_are_told_with_bounds_colours_and_shares():
    found = classify(np.array([0.1, 0.4, 0.7, 0.8, np.nan]), book().scheme("flood-risk-degree"))
    assert isinstance(found, Classification)
    frame = found.to_frame()
    assert frame["low"].tolist()[1:] == list(found.scheme.edges)
    assert frame["high"].tolist()[:-1] == list(found.scheme.edges)
    assert frame["count"].sum() == 4
    assert frame["share"].sum() == pytest.approx(1)
    assert f'background:{found.scheme.colours[0]}"'.replace('"', "") in found._repr_html_()
    dry = book().scheme("gb-spi").to_frame()
    assert dry.loc[2, ["low", "high"]].tolist() == [-1.0, -0.5]  # light drought, GB/T 20481-2017


def test_findings_and_reasons_are_rows(made):
    findings = made["survey"].findings
    assert isinstance(findings, tuple)
    assert findings.to_frame()["rule"].tolist() == [one.rule for one in findings]
    assert "message" in findings._repr_html_()
    assert isinstance(replace(made["survey"], findings=[]).findings, Rows)
    assert made["assessment"].left_out.to_frame().shape == (len(made["assessment"].left_out), 2)
    assert Rows().to_frame().empty


def test_a_product_is_told_in_words(made):
    frame = made["product"].in_words()
    assert str(EVIL_TEXT) in frame
    assert "kind" not in frame
    assert frame["class"].tolist() == [book().scheme("flood-risk-degree").label(2)]
    assert made["product"].frame["kind"].tolist() == ["b"]
    indexed = replace(made["product"], frame=made["product"].frame.assign(wet=True).set_index("kind"))
    assert indexed.in_words().index.tolist() == [EVIL_TEXT]
    assert indexed.in_words().index.name == str(EVIL_TEXT)
    assert str(indexed.in_words()["wet"].iloc[0]) == "是 yes"
    other = replace(made["product"], words={"kind": {"a": EVIL_TEXT}})
    assert other.in_words()[str(EVIL_TEXT)].tolist() == ["b"]  # a code without a word stands as it is


def test_a_layer_does_not_show_who_answers_for_it():
    spec = layer_spec("hazard_points")
    personal = [one for one in spec.fields if isinstance(one, Field) and one.personal]
    data = gpd.GeoDataFrame(
        {one.name: ["张三"] for one in personal} | {"code": ["1"]}, geometry=tiny.units().geometry[:1].values
    )
    layer = Layer(spec=spec, data=data)
    assert len(personal) >= 2
    assert "张三" not in layer._repr_html_()
    assert "张三" in layer.data.iloc[0].tolist()


MAPPED = ("assessment", "survey", "theme", "risk", "shelters", "layer", "product")


def test_what_has_a_place_is_explored_offline(made):
    for name in MAPPED:
        page = explore(made[name]).html()
        assert "leaflet" in page.lower(), name
        assert "<script src" not in page, name
        assert tiny.EVIL not in page, name
    assert json.loads(explore(made["product"]).data)["title"] == [EVIL_TEXT.zh, EVIL_TEXT.en]


def test_what_has_no_place_says_how_to_give_it_one(made):
    for name in ("exposure", "scheme", "findings", "raster", "tree"):
        with pytest.raises(MethodError, match=r"no shapes.*on=survey"):
            explore(made[name])
    table = replace(made["product"], frame=pd.DataFrame({"class": [1]}, index=["nowhere"]))
    with pytest.raises(MethodError, match="no shapes; it shows itself as a table"):
        explore(table, on=made["survey"])


def test_a_table_by_unit_is_placed_on_the_units_of_the_survey(made):
    survey = made["survey"]
    part = json.loads(explore(made["exposure"], on=survey).data)["areas"]["layer"]
    assert part["ids"] == made["exposure"].to_frame().index.tolist()
    assert part["names"][0] == survey.units["name"].iloc[0]
    heads = [one["title"][0] for one in part["facts"]]
    assert "人口" in heads
    assert "people" not in heads
    one = json.loads(explore(made["comprehensive"].contributions, on=survey).data)["areas"]["layer"]
    assert len(one["shapes"]) == len(survey.units)


def test_places_of_a_product_are_coloured_by_its_class(made):
    data = json.loads(explore(made["product"]).data)
    assert data["layers"][0]["codes"] == [2]
    assert data["areas"]["layer"]["facts"]


def test_the_county_lies_under_what_is_explored_on_it(made):
    survey = made["survey"]
    for name in ("theme", "product", "shelters", "risk"):
        plain, under = (json.loads(explore(made[name], on=on).data) for on in (None, survey))
        assert plain["base"]["shade"] is None, name
        assert under["base"]["shade"], name
        assert under["base"]["neighbours"], name
        assert under["layers"] == plain["layers"] or name == "theme"


def test_a_hazard_is_counted_inside_the_county_only(made):
    theme = made["theme"]
    outside = theme.classes.copy(data=np.full(theme.classes.shape, 255, "uint8"))
    outside[:30] = theme.classes[:30]
    half = replace(theme, classes=outside, known_share=theme.known_share.where(outside != 255, 0.0))
    legends = [json.loads(explore(half, on=on).data)["layers"][0]["legend"] for on in (None, made["survey"])]
    assert [len(one["rows"]) for one in legends] == [4, 5]  # with the county under it, what is unknown in it is told
    assert legends[1]["rows"][-1]["label"] == ["无数据", "no data"]
