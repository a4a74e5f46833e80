"""The fine print of sheets and pages: coordinates, heights, sources, who and when, approval, what is missing."""

from pyproj import CRS

from riskmap.model import Assessment, Survey, Text

__all__ = ["approval", "crs_name", "imprint", "left_out_text", "sources"]

_SECRECY = ("公开", "内部", "涉密")


def crs_name(crs: object) -> Text:
    """Name a coordinate system in words.

    Parameters
    ----------
    crs : pyproj.CRS or anything that names one
        Projected.

    Returns
    -------
    Text

    Examples
    --------
    >>> print(crs_name("EPSG:4546").zh)
    2000国家大地坐标系，高斯-克吕格投影，中央经线111°E
    """
    known = CRS.from_user_input(crs)
    operation = known.coordinate_operation
    if "2000" not in known.name or operation is None or "Transverse Mercator" not in operation.method_name:
        return Text(known.name, known.name)
    middle = next((one.value for one in operation.params if one.name == "Longitude of natural origin"), None)
    if middle is None:
        return Text(known.name, known.name)
    return Text(f"2000国家大地坐标系，高斯-克吕格投影，中央经线{middle:g}°E", known.name)


def sources(survey: Survey) -> Text:
    """Say where the delivered layers came from, grouped by source.

    Parameters
    ----------
    survey : Survey
        Its layers.

    Returns
    -------
    Text

    Examples
    --------
    >>> sources.__name__
    'sources'
    """
    groups: dict[str, list[Text]] = {}
    for layer in survey.layers.values():
        if layer.source.path:
            groups.setdefault(layer.source.source, []).append(layer.spec.title)
    zh = ["、".join(one.zh for one in titles) + (f"（{name}）" if name else "") for name, titles in groups.items()]
    en = [", ".join(one.en for one in titles) + (f" ({name})" if name else "") for name, titles in groups.items()]
    return Text("；".join(zh), "; ".join(en))


def imprint(survey: Survey) -> tuple[Text, ...]:
    """Lines of the fine print.

    Parameters
    ----------
    survey : Survey
        Settings, grid and layers.

    Returns
    -------
    tuple of Text
        Coordinate system, heights, sources, compiler, date.

    Examples
    --------
    >>> imprint.__name__
    'imprint'
    """
    maps, county = survey.county.maps, survey.county
    system, data = crs_name(survey.grid.crs), sources(survey)
    date = maps.compile_date or county.date
    who = maps.compiler or "未填写"
    return (
        Text(f"坐标系：{system.zh}", f"Coordinates: {system.en}"),
        Text("高程基准：随高程数据（普查成果为1985国家高程基准）", "Heights: datum of the elevation data"),
        Text(f"数据来源：{data.zh}（截至{county.date}）", f"Data: {data.en} (as of {county.date})"),
        Text(f"编制单位：{who}", f"Compiled by {maps.compiler}" if maps.compiler else "Compiler not given"),
        Text(f"编制日期：{date}", f"Date: {date}"),
    )


def approval(survey: Survey) -> Text:
    """Return the map approval number, or what stands in its place.

    A public edition bears its number, or says that without one it may not be shown to the public; every other edition
    is for internal use, unless it has a number and all that went in is public.

    Parameters
    ----------
    survey : Survey
        Settings and layers.

    Returns
    -------
    Text

    Examples
    --------
    >>> approval.__name__
    'approval'
    """
    maps = survey.county.maps
    every = [one.source.secrecy for one in survey.layers.values()]
    every += [one.secrecy or "公开" for one in survey.county.given.values()]
    secrecy = max(every, key=_SECRECY.index, default="公开")
    if secrecy == "涉密":
        return Text("涉密 内部使用", "Classified data: internal use only")
    number = maps.map_approval_number
    if number and (maps.is_public or secrecy == "公开"):
        return Text(f"审图号：{number}", f"Map approval number: {number}")
    if maps.is_public:
        return Text("尚无审图号，不得公开", "No map approval number: not for release")
    return Text("内部使用", "For internal use")


def left_out_text(assessment: Assessment) -> list[tuple[Text, Text]]:
    """Heading and body that name what could not be made, and why; empty when all was.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.

    Returns
    -------
    list of (Text, Text)
        One entry, or none.

    Examples
    --------
    >>> left_out_text.__name__
    'left_out_text'
    """
    gone = assessment.left_out
    if not gone:
        return []
    zh = "；".join(f"{one.product.zh}（{one.reason.zh}）" for one in gone)
    en = "; ".join(f"{one.product.en} ({one.reason.en})" for one in gone)
    return [(Text("未编制的产品", "Left out"), Text(zh, en))]
