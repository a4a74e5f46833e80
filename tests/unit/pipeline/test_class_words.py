"""Every class column says the words of its own scheme: in the workbook, in the database and in the report."""

from dataclasses import replace

import pytest
from test_assess import whole_survey

from riskmap.maps.product_tables import product_parts
from riskmap.pipeline.assess import assess
from riskmap.pipeline.tables import database, workbook


@pytest.fixture(scope="module")
def found():
    return assess(whole_survey())


def classed(assessment):
    """Products with rows, each with the columns that hold classes."""
    return [(one, column) for one in assessment.products if len(one.frame) for column in one.schemes]


def codes(product, column):
    return product.frame.index if product.frame.index.name == column else product.frame[column]


def test_the_county_has_classes_of_several_schemes(found):
    schemes = {one.schemes[column].labels for one, column in classed(found)}
    assert len(schemes) > 3


def test_the_workbook_says_the_words_of_the_scheme(found):
    sheets = workbook(found)
    for product, column in classed(found):
        sheet = sheets[product.title.zh].frame
        names = [*([product.frame.index.name] if product.frame.index.name else []), *product.frame.columns]
        told = sheet.iloc[:, [one for one in names if one != "geometry"].index(column)]
        expected = [product.schemes[column].label(int(code)).zh for code in codes(product, column)]
        assert told.tolist() == expected, (product.name, column)


def test_the_database_says_the_words_of_the_scheme(found):
    tables = {one.name: one for one in database(found)}
    for product, column in classed(found):
        style = next(iter(tables[product.name].styles.values()))
        labels = {str(product.schemes[column].label(code)) for code in (*range(1, product.schemes[column].size + 1),)}
        missing = {one for one in labels if one not in style}
        assert not missing, (product.name, column, missing)


def test_the_report_says_the_words_of_the_scheme(found):
    for product, column in classed(found):
        if not product.rows_shown or (product.columns_shown and column not in product.columns_shown):
            continue
        (part,) = product_parts([replace(product, columns_shown=(column,))])
        told = [row[0].text.zh for row in part.tables[0].rows]
        expected = [product.schemes[column].label(int(code)).zh for code in codes(product, column)]
        assert told == expected[: len(told)], (product.name, column)


def test_a_column_with_a_scheme_gets_no_words_of_another(found):
    for product, column in classed(found):
        assert column not in product.words, (product.name, column)


def test_zones_are_named_as_they_are_classed(found):
    tables = [one for one in found.products if one.name.startswith("prevention_")]
    sheets, checked = workbook(found), 0
    for table in tables:
        sheet = sheets[table.title.zh].frame
        words = sheet[str(table.headers["class"])].tolist()
        assert all(word in name for name, word in zip(table.frame["name"], words, strict=True)), table.name
        checked += len(words)
    assert checked > 5
