"""Tables of planning as a chapter of the report."""

import numbers
from collections.abc import Sequence
from typing import Any

import pandas as pd

from riskmap.maps.document import Cell, Head, Part, Section, Table, class_cell, text_cell
from riskmap.maps.report_parts import printed_rows, rest_line
from riskmap.model import Assessment, ProductTable, Text

__all__ = ["product_parts", "product_section"]


def product_section(assessment: Assessment) -> list[Section]:
    """Make the chapters of the products of planning, and of the tests of the method.

    Parameters
    ----------
    assessment : Assessment
        With its products.

    Returns
    -------
    list of Section
        Empty where there are none.

    Examples
    --------
    >>> product_section.__name__
    'product_section'
    """
    titles = (Text("规划应用成果", "For planning"), Text("方法检验", "How far the method holds"))
    groups = [[one for one in assessment.products if one.check is check] for check in (False, True)]
    made = [(title, product_parts(group)) for title, group in zip(titles, groups, strict=True)]
    return [Section(title=title, parts=parts) for title, parts in made if parts]


def product_parts(products: Sequence[ProductTable]) -> tuple[Part, ...]:
    """Make a part of each table that the report shows; one without rows says so.

    Examples
    --------
    >>> product_parts([])
    ()
    """
    return tuple(_part(one) for one in products if one.rows_shown)


def _part(product: ProductTable) -> Part:
    frame = pd.DataFrame(product.frame.drop(columns="geometry", errors="ignore"))
    frame = frame.reset_index() if frame.index.name else frame
    if not len(frame):
        return Part(title=product.title, lines=(*product.notes, Text("没有符合条件的记录", "nothing to list")))
    shown = frame.head(printed_rows(min(product.rows_shown, len(frame))))
    every = [str(one) for one in frame]
    english = {one: told for one in every if (told := f"{one.removesuffix('_zh')}_en") in every and told != one}
    columns = [one for one in every if one not in english.values()]
    if product.columns_shown:
        columns = [one for one in columns if one in product.columns_shown]
    heads = tuple(Head(text=_head(product, one), right=_counted(product, frame, one)) for one in columns)
    rows = tuple(
        tuple(_cell(product, one, row[one], row.get(english.get(one, ""))) for one in columns)
        for row in shown.to_dict("records")
    )
    lines = product.notes
    if len(frame) > len(shown):
        lines = (*lines, rest_line(len(frame), len(shown), product.title))
    return Part(title=product.title, lines=lines, tables=(Table(heads=heads, rows=rows),))


def _head(product: ProductTable, column: str) -> Text:
    stem = column.removesuffix("_zh")
    return product.headers.get(stem) or product.headers.get(column, Text(column, column))


def _counted(product: ProductTable, frame: pd.DataFrame, column: str) -> bool:
    plain = pd.api.types.is_numeric_dtype(frame[column]) and not pd.api.types.is_bool_dtype(frame[column])
    return plain and column not in product.words and column not in product.schemes


def _cell(product: ProductTable, column: str, value: Any, english: Any = None) -> Cell:
    if isinstance(english, str) and english and isinstance(value, str):
        return Cell(text=Text(value, english))
    if column in product.schemes:
        return class_cell(product.schemes[column], value)
    told = product.words.get(column, {})
    if isinstance(value, str | numbers.Number) and value in told:
        return Cell(text=told[value])
    if isinstance(value, bool):
        return Cell(text=Text("是", "yes") if value else Text("否", "no"))
    return text_cell(None if value is None or value is pd.NA else value)
