"""A warning or an event on one page: the map of its footprint and the tables of what lies inside."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from riskmap.maps.document import Section, data_uri, rendered
from riskmap.maps.imprint import approval, imprint
from riskmap.maps.legend import LegendLine, Subject
from riskmap.maps.product_tables import product_parts
from riskmap.maps.sheet import drawn_sheet
from riskmap.maps.words import number
from riskmap.model import Assessment, ClassScheme, ProductTable, Survey, Text

__all__ = ["impact_page", "impact_sheet"]

_FOOTPRINT = "#d7301f"
_SHADED = ClassScheme(name="footprint", title=Text("影响范围", "Footprint"), labels=(Text("影响范围", "Footprint"),),
                      colours=("#fde0d2",), source="drawing only", confidence="C")  # fmt: skip
_HEADS = (Text("数量", "Number"), Text("人口 人", "People"), Text("", ""))


def impact_sheet(
    survey: Survey,
    footprint: gpd.GeoDataFrame,
    *,
    title: Text,
    points: Sequence[tuple[Text, str, str, gpd.GeoDataFrame, float | None]],
    roads: gpd.GeoDataFrame,
) -> bytes:
    """Draw the footprint over the county, with what lies inside; marked for internal use.

    Parameters
    ----------
    survey : Survey
        Base of the map.
    footprint : GeoDataFrame
        One area.
    title : Text
        Of the sheet.
    points : sequence of (label, colour, marker, places, people)
        Kinds of places, drawn in their order; the marker is one of matplotlib's.
    roads : GeoDataFrame
        Roads inside.

    Returns
    -------
    bytes
        A PNG.

    Examples
    --------
    >>> impact_sheet.__name__
    'impact_sheet'
    """
    marks = {"o": "point", "^": "shelter", "s": "point"}
    rows = [LegendLine(label=Text("影响范围", "Footprint"), colour=_FOOTPRINT, figures=("", "", ""), mark="line")]
    rows += [
        LegendLine(label=label, colour=colour, figures=(number(len(places)), number(people) if people is not None else "", ""),
                   mark=marks[marker])
        for label, colour, marker, places, people in points
    ]  # fmt: skip
    sizes = {"o": 16.0, "^": 60.0, "s": 26.0}
    drawn = [
        places[["geometry"]].assign(
            geometry=places.geometry.representative_point(), colour=colour, marker=marker, size=sizes[marker]
        )
        for _, colour, marker, places, _ in points
        if len(places)
    ]
    edges = gpd.GeoDataFrame(geometry=footprint.boundary.to_numpy(), crs=footprint.crs).assign(colour=_FOOTPRINT)
    lines = pd.concat([roads[["geometry"]].assign(colour="#3f3f3f"), edges], ignore_index=True)
    subject = Subject(
        title=title,
        heads=_HEADS,
        rows=tuple(rows),
        scheme=_SHADED,
        shapes=footprint[["geometry"]].assign(**{"class": 1}),
        points=gpd.GeoDataFrame(pd.concat(drawn, ignore_index=True), crs=footprint.crs) if drawn else None,
        lines=gpd.GeoDataFrame(lines, geometry="geometry", crs=footprint.crs),
    )
    return drawn_sheet(Assessment(survey=survey, themes={}), subject, name="impact", around=footprint)


def impact_page(
    survey: Survey, *, title: Text, facts: Sequence[tuple[str, Text]], tables: Sequence[ProductTable], image: bytes
) -> str:
    """Write the page of an impact; opens without a network.

    Parameters
    ----------
    survey : Survey
        For the fine print.
    title : Text
        Of the page.
    facts : sequence of (figure, label)
        At a glance.
    tables : sequence of ProductTable
        In order.
    image : bytes
        From `impact_sheet`; b"" for none.

    Returns
    -------
    str
        HTML; every text of the survey is escaped.

    Examples
    --------
    >>> impact_page.__name__
    'impact_page'
    """
    note = survey.county.maps.data_note
    parts = product_parts(tables)
    if parts and image:
        parts = (replace(parts[0], image=data_uri(image, kind="image/png")), *parts[1:])
    return rendered(
        "report.html",
        {
            "title": title,
            "note": None if note is None else note.text,
            "imprint": imprint(survey),
            "approval": approval(survey),
            "facts": [{"value": value, "label": label} for value, label in facts],
            "sections": [Section(title=Text("影响范围内", "Inside the footprint"), parts=parts)] if parts else [],
        },
    )
