"""What every hazard says of a place: its class there, how many hazards are high, and the order that follows."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.model import NO_CLASS, Text, ThemeResult
from riskmap.spatial import cell_values

__all__ = ["hazards_at", "in_order"]


def hazards_at(
    places: gpd.GeoDataFrame, themes: Mapping[str, ThemeResult], *, titles: Mapping[str, Text], high_classes: int
) -> pd.DataFrame:
    """Look up the class of every hazard at places.

    Parameters
    ----------
    places : GeoDataFrame
        Points in the system of the grid (other shapes count by a point on them).
    themes : mapping of str to ThemeResult
        Hazards with classes and scores on the grid.
    titles : mapping of str to Text
        Their short names.
    high_classes : int
        How many of the highest classes of a scheme count as high.

    Returns
    -------
    DataFrame
        Index of `places`; ``high`` (number of hazards in a high class), ``score`` (highest score of any hazard, NaN where
        none is known), ``why`` and ``why_en`` (the high ones in words, the highest score first; empty for none).

    Examples
    --------
    >>> hazards_at.__name__
    'hazards_at'
    """
    xy = shapely.get_coordinates(places.geometry.representative_point().to_numpy())
    high, scores, words = np.zeros(len(places), int), [], []
    for name, theme in themes.items():
        codes = cell_values(theme.classes.where(theme.classes != NO_CLASS), xy)
        reached = codes > theme.scheme.size - high_classes
        score = cell_values(theme.score, xy)
        high += reached
        scores.append(np.where(np.isnan(score), -1.0, score))
        words.append(
            [
                _said(titles[name], theme, int(code)) if one else None
                for one, code in zip(reached, np.nan_to_num(codes), strict=True)
            ]
        )
    ranked = np.argsort(-np.stack(scores), axis=0, kind="stable") if scores else np.zeros((0, len(places)), int)
    told = [[words[t][n] for t in ranked[:, n] if words[t][n] is not None] for n in range(len(places))]
    best = np.stack(scores).max(axis=0) if scores else np.full(len(places), -1.0)
    return pd.DataFrame(
        {
            "high": high,
            "score": np.where(best < 0, np.nan, best),
            "why": ["、".join(one.zh for one in some if one) for some in told],
            "why_en": [", ".join(one.en for one in some if one) for some in told],
        },
        index=places.index,
    )


def _said(title: Text, theme: ThemeResult, code: int) -> Text:
    label = theme.scheme.label(code)
    return Text(f"{title.zh}{label.zh}", f"{title.en.lower()} {label.en.lower()}")


def in_order(table: pd.DataFrame, by: Sequence[str], *, key: str) -> pd.DataFrame:
    """Put rows in order of urgency and number them.

    Parameters
    ----------
    table : DataFrame
        Rows.
    by : sequence of str
        Columns, the most telling first; more is more urgent, unknown last.
    key : str
        Column that breaks ties, ascending.

    Returns
    -------
    DataFrame
        Index ``rank`` from 1; rows equal in every column of `by` share a rank.

    Examples
    --------
    >>> rows = pd.DataFrame({"code": ["b", "a", "c"], "people": [5, 5, 9]})
    >>> in_order(rows, ["people"], key="code")["code"].to_list()
    ['c', 'a', 'b']
    """
    ordered = table.sort_values([*by, key], ascending=[*[False] * len(by), True], na_position="last", kind="stable")
    same = ordered[list(by)].eq(ordered[list(by)].shift()) | (
        ordered[list(by)].isna() & ordered[list(by)].shift().isna()
    )
    new = ~same.all(axis=1)
    new.iloc[:1] = True
    rank = pd.Series(np.arange(1, len(ordered) + 1), index=ordered.index).where(new).ffill().astype("int64")
    return ordered.set_index(pd.Index(rank.to_numpy(), name="rank"))
