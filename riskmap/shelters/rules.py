"""What each type of shelter may serve: radius and area a person, from the standard, with the county's own radii."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.errors import MethodError
from riskmap.model import Standards, Text, Threshold

__all__ = ["rated_shelters", "rule_thresholds", "shelter_rules"]


def shelter_rules(
    standards: Standards,
    *,
    radius_m: Mapping[str, float] | None = None,
    serves: Mapping[str, tuple[str, ...]] | None = None,
) -> pd.DataFrame:
    """Rules of each shelter type.

    Parameters
    ----------
    standards : Standards
        Holds the table ``shelters.types``.
    radius_m : mapping of str to float, optional
        The county's own service radius by type, metres.
    serves : mapping of str to tuple of str, optional
        The county's own list of hazards in which a type serves; an empty one for all.

    Returns
    -------
    DataFrame
        Index type; ``radius_m``, ``m2_per_person``, ``minimum_m2``, ``days``, ``serves`` (hazards in which the type serves;
        empty for all), ``confidence``.

    Raises
    ------
    MethodError
        A radius, or hazards served, for a type that the standard does not know.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> float(shelter_rules(book()).loc["长期固定", "radius_m"])
    2500.0
    """
    table = pd.DataFrame([dict(row) for row in standards.table("shelters.types")]).set_index("name")
    unknown = sorted({*(radius_m or {}), *(serves or {})} - set(table.index))
    if unknown:
        raise MethodError(
            f"county.toml [shelters] radius_m or serves: no shelter type {', '.join(unknown)}; allowed: {', '.join(table.index)}"
        )
    for name, radius in (radius_m or {}).items():
        table.loc[name, "radius_m"] = float(radius)
    told = table.get("serves", pd.Series([()] * len(table), index=table.index))
    table["serves"] = [
        tuple((serves or {}).get(str(name), one if isinstance(one, list | tuple) else ())) for name, one in told.items()
    ]
    return table


def rule_thresholds(standards: Standards) -> tuple[Threshold, ...]:
    """Return the radius and the area a person of each type as thresholds, for the record of a result.

    Parameters
    ----------
    standards : Standards
        Holds the table ``shelters.types``.

    Returns
    -------
    tuple of Threshold

    Examples
    --------
    >>> from riskmap.standards import book
    >>> len(rule_thresholds(book()))
    14
    """
    found = [standards.threshold(one) for one in ("shelters.exclusion", "shelters.inside_zone")]
    words = {"radius_m": ("服务半径", "service radius", "m"), "m2_per_person": ("人均面积", "area a person", "m2")}
    for row in standards.table("shelters.types"):
        for column, (zh, en, unit) in words.items():
            found.append(
                Threshold(
                    key=f"shelters.{row['en'].lower().replace(' ', '_')}.{column}",
                    value=float(row[column]),
                    unit=unit,
                    title=Text(f"{row['name']}避难场所{zh}", f"{row['en']} shelter, {en}"),
                    source=row.get("source", "GB 51143-2015 防灾避难场所设计规范"),
                    clause=row.get("clause", "table of shelter types"),
                    confidence=row["confidence"],
                )
            )
    return tuple(found)


def rated_shelters(shelters: gpd.GeoDataFrame, rules: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give each shelter its radius and its capacity.

    Capacity is the effective area over the area a person of its type; a delivered design capacity is used only where
    the area is unknown.

    Parameters
    ----------
    shelters : GeoDataFrame
        ``code``, ``name``, and where known ``type``, ``area_m2``, ``capacity_people``.
    rules : DataFrame
        From `shelter_rules`. A shelter without a type is rated as 紧急 (the smallest radius).

    Returns
    -------
    GeoDataFrame
        Index ``shelter_id``; ``name``, ``type``, ``capacity_people`` (NaN unknown), ``radius_m``, geometry.

    Examples
    --------
    >>> import shapely
    >>> from riskmap.standards import book
    >>> one = gpd.GeoDataFrame({"code": ["S1"], "name": ["学校"], "type": ["短期固定"], "area_m2": [3000.0]},
    ...     geometry=[shapely.Point(0, 0)], crs="EPSG:4546")
    >>> rated_shelters(one, shelter_rules(book()))[["capacity_people", "radius_m"]].to_numpy().tolist()
    [[1500.0, 1000.0]]
    """
    count = len(shelters)
    empty = pd.Series([None] * count, index=shelters.index, dtype="object")
    kind = shelters.get("type", empty).fillna("紧急")
    kind = kind.where(kind.isin(rules.index), "紧急")
    area = pd.to_numeric(shelters.get("area_m2", empty), errors="coerce")
    design = pd.to_numeric(shelters.get("capacity_people", empty), errors="coerce")
    room = np.floor(area.to_numpy("float64") / rules["m2_per_person"].reindex(kind).to_numpy())
    return gpd.GeoDataFrame(
        {
            "name": shelters["name"].astype("str").to_numpy(),
            "type": kind.to_numpy(),
            "capacity_people": np.where(np.isnan(room), design.to_numpy("float64"), room),
            "radius_m": rules["radius_m"].reindex(kind).to_numpy(),
        },
        geometry=shelters.geometry.to_numpy(),
        index=pd.Index(shelters["code"].astype("str"), name="shelter_id"),
        crs=shelters.crs,
    )
