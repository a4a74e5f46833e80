"""What the commands say on the screen: Chinese first, English beside or below it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from riskmap.hazards import THEMES
from riskmap.loaders.refusal import gathered
from riskmap.maps.editions_page import CAUSES, SHELTER_CHANGES
from riskmap.maps.quality_words import SEVERITIES
from riskmap.maps.words import layer_title, number
from riskmap.model import County, Finding, Survey, Text
from riskmap.model.comparison import Comparison
from riskmap.model.editions import EditionsCompared
from riskmap.model.theme import Theme
from riskmap.pipeline.headlines import Changes
from riskmap.pipeline.products import PRODUCTS
from riskmap.pipeline.run import Edition
from riskmap.standards import layer_specs

__all__ = ["change_lines", "check_lines", "compare_lines", "edition_lines", "lacking", "leftover_words", "run_lines"]

_MOST = 100
"""Findings of one rule on one column that stand on the screen."""
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "shelters": ("roads", "shelters"),
    "lifelines": ("roads",),
    "road_network": ("roads",),
    "planning": ("planning",),
    "relief": ("relief_stores",),
}
"""Products that nothing else can stand in for these layers of."""
_OF_PEOPLE = ("population", "villages")


def lacking(survey: Survey) -> dict[str, list[Text]]:
    """Name the layers that are not there, or cannot be used, and what cannot be made without them.

    Parameters
    ----------
    survey : Survey
        As checked, without derived layers.

    Returns
    -------
    dict of str to list of Text
        Layer to titles of hazards and products, as far as the layers alone tell it. A hazard that is given by a department
        or left out on purpose is not asked for.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> lacking.__name__
    'lacking'
    """
    found: dict[str, list[Text]] = {}
    for title, layers in _wanted(survey.county):
        for name in layers:
            if not survey.has(name):
                found.setdefault(name, []).append(title)
    if not any(survey.has(name) for name in _OF_PEOPLE):
        people = [Text("人口风险", "Risk of people"), Text("避难场所覆盖", "Shelter coverage")]
        found.setdefault("villages", []).extend(people)
    return found


def _wanted(county: County) -> Iterator[tuple[Text, tuple[str, ...]]]:
    for theme in THEMES:
        if theme.name not in county.given and "leave_out" not in county.hazards.get(theme.name, {}):
            yield theme.title, _delivered(theme)
    for name, layers in _NEEDS.items():
        yield PRODUCTS.get(name, Text("避难场所与安置", "Shelters and who goes where")), layers


def _delivered(theme: Theme) -> tuple[str, ...]:
    """Required layers of a theme as they are delivered: what is derived comes from the elevation."""
    specs = layer_specs()
    return tuple(dict.fromkeys("dem" if specs[name].derived else name for name in theme.required))


def check_lines(survey: Survey, folder: str | Path, *, out: Path | None = None) -> list[str]:
    """Findings one by one, how many of each severity, what is lacking, and the next step.

    Parameters
    ----------
    survey : Survey
        From `check`.
    folder : path
        County as it was named, for the next step.
    out : path, optional
        Folder into which the reports were written.

    Returns
    -------
    list of str
        Lines of the screen.

    Examples
    --------
    >>> check_lines.__name__
    'check_lines'
    """
    lines = [line for one in gathered(survey.findings, most=_MOST) for line in _finding(one, survey)]
    counts: Counter[str] = Counter(one.severity for one in survey.findings)
    zh = "，".join(f"{SEVERITIES[one][0].zh} {counts[one]}" for one in SEVERITIES)
    en = ", ".join(f"{counts[one]} {SEVERITIES[one][0].en.lower()}" for one in SEVERITIES)
    total, layers = len(survey.findings), len(survey.layers)
    lines += [f"共 {total} 条：{zh}；{layers} 个图层", f"  {total} findings in {layers} layers: {en}"]
    gone = lacking(survey)
    if gone:
        lines.append("缺少的图层 → 不能编制的成果 layers that are lacking → what cannot be made without them:")
    for name, products in gone.items():
        title = layer_title(name)
        lines.append(f"  {title.zh} → {'、'.join(one.zh for one in products)}")
        lines.append(f"    {title.en} → {', '.join(one.en for one in products)}")
    if out is not None:
        lines.append(f"质检报告 report: {out / 'quality.html'}; 退回表 to send back: {out / 'quality.xlsx'}")
    elif total:
        lines.append(f"下一步 next: 退回表 sheets to send back: riskmap check {folder} --out 退回 (文件夹 any folder)")
    if not counts["error"]:
        lines.append(f"没有错误，可以运行 no error: riskmap run {folder}")
    return lines


def _finding(one: Finding, survey: Survey) -> Iterator[str]:
    severity, title, file = SEVERITIES[one.severity][0], layer_title(one.layer), _file(one.layer, survey)
    zh = [severity.zh, file or title.zh, "" if one.row is None else f"第{one.row}行", one.field]
    zh.append(f"“{one.value}”" if one.value else "")
    row = "" if one.row is None else f" row {one.row}"
    yield f"{' '.join(filter(None, zh))}：{one.message.zh} → {one.cure.zh}"
    yield f"    {one.severity}, {title.en}{row}: {one.message.en} → {one.cure.en}"


def _file(layer: str, survey: Survey) -> str:
    """File of a layer as ``county.toml`` writes it, also of one that could not be read."""
    county = survey.county
    kind, _, name = layer.partition(".")
    if layer in county.layers:
        return county.layers[layer].path
    if kind == "given" and name in county.given:
        return county.given[name].path
    compared = county.compare.products
    return compared[name].path if kind == "compare" and name in compared else ""


def change_lines(changes: Changes) -> list[str]:
    """Say what differs from the edition before.

    Parameters
    ----------
    changes : Changes
        From a run.

    Returns
    -------
    list of str
        Lines of the screen.

    Examples
    --------
    >>> moved = (Text("可安置（人）", "Placed (people)"), 15293.0, 1500.0)
    >>> for line in change_lines(Changes(date="2026-01-01", figures=(moved,), compared=8)):
    ...     print(line)
    与上一版（2026-01-01）相比 against the earlier edition:
      可安置（人）：15,293 → 1,500  Placed (people)
    """
    lines = [f"  {one.zh}  {one.en}" for one in changes.inputs]
    lines += [f"  {title.zh}：{number(old)} → {number(new)}  {title.en}" for title, old, new in changes.figures]
    if not changes.compared:
        lines.append("  上一版没有记录主要数字，无法对比 the earlier edition holds no headline figures to compare")
    elif not changes.figures:
        lines.append(f"  {changes.compared} 个主要数字都没有变化 none of {changes.compared} headline figures moved")
    return [f"与上一版（{changes.date}）相比 against the earlier edition:", *lines]


def run_lines(edition: Edition, more: Mapping[str, Path]) -> list[str]:
    """What was left out, what moved, where the edition is, and a last line on records that were not used.

    Parameters
    ----------
    edition : Edition
        From `run`.
    more : mapping of str to Path
        Atlases written beside it: ``online_atlas``, ``public``.

    Returns
    -------
    list of str
        Lines of the screen.

    Examples
    --------
    >>> run_lines.__name__
    'run_lines'
    """
    state = "没有变化 nothing changed" if edition.unchanged else "已发布 published"
    return [
        *(f"未编制 left out: {one.product} — {one.reason}" for one in edition.left_out),
        f"{state}: 计算 {edition.computed} 步，沿用 {edition.reused} 步 steps computed, re-used",
        *([] if edition.changes is None else change_lines(edition.changes)),
        f"成果 edition: {edition.folder}",
        f"图集 atlas: {edition.folder / 'atlas.html'}",
        *(f"{_ATLASES[name]}: {file}" for name, file in more.items()),
        f"未采用记录 records not used: {edition.excluded}",
    ]


_ATLASES = {"online_atlas": "联网底图图集 online atlas", "public": "公开图集 public atlas"}


def leftover_words(folder: Path) -> str:
    """Say that the earlier edition could not be deleted whole, and what to do.

    Parameters
    ----------
    folder : pathlib.Path
        Where it was moved to.

    Returns
    -------
    str
        Two lines: Chinese, English.

    Examples
    --------
    >>> print(leftover_words(Path(".derived.previous")))
    注意：新成果已就位，但旧版里有文件删不掉（被占用或受保护）：.derived.previous；请解除保护后删除这个文件夹，否则下次不能发布
      the new edition is in place, but a file of the earlier one cannot be deleted: .derived.previous; take its protection ...
    """
    stuck = next((one for one in sorted(folder.rglob("*")) if one.is_file()), folder)
    return (
        f"注意：新成果已就位，但旧版里有文件删不掉（被占用或受保护）：{stuck}；请解除保护后删除这个文件夹，否则下次不能发布\n"
        f"  the new edition is in place, but a file of the earlier one cannot be deleted: {stuck}; take its protection away "
        "and delete this folder, or the next edition cannot be put in place"
    )


_KINDS = {
    "added": Text("新增", "added"),
    "removed": Text("删除", "removed"),
    "moved": Text("移动", "moved"),
    "changed": Text("修改", "changed"),
}


def compare_lines(found: Comparison) -> list[str]:
    """Differences of two deliveries one by one, and a last line that counts them.

    Parameters
    ----------
    found : Comparison
        From `compare`.

    Returns
    -------
    list of str
        Lines of the screen.

    Examples
    --------
    >>> compare_lines.__name__
    'compare_lines'
    """
    lines = []
    for one in found.differences:
        what = {"moved": f"{one.metres} m", "changed": f"{one.field} {one.old} → {one.new}"}.get(one.kind, "")
        kind = _KINDS.get(one.kind, Text(one.kind, one.kind))
        lines.append(f"{kind} 第{one.row}行 row {one.row} {one.key} {one.name} {what}".rstrip())
    counts = [(number, _KINDS.get(kind, Text(kind, kind))) for kind, number in found.counts.items()]
    zh, en = "，".join(f"{kind.zh} {n}" for n, kind in counts), ", ".join(f"{n} {kind.en}" for n, kind in counts)
    before, now = found.unkeyed
    lines.append(
        f"{zh}，相同 {found.same}；未对比：旧 {before}，新 {now}  "
        f"{en}, {found.same} the same; not compared: {before} before, {now} now"
    )
    return lines


def edition_lines(found: EditionsCompared, told: Mapping[str, Any]) -> list[str]:
    """Units that changed class one by one, and a last line that counts them.

    Parameters
    ----------
    found : EditionsCompared
        From `compare_editions`.
    told : mapping
        From `edition_values`.

    Returns
    -------
    list of str
        Lines of the screen.

    Examples
    --------
    >>> edition_lines.__name__
    'edition_lines'
    """
    lines = []
    for one in told["units"]:
        classes = f"{found.scheme.label(one['class_old'])} → {found.scheme.label(one['class_new'])}"
        lines.append(f"{one['unit_id']} {one['name']}: {classes} ({CAUSES[one['cause']]}: {one['reason']})")
    lines += _shelter_lines(found)
    counts = [(number, cause) for cause, number in told["causes"].items() if number]
    zh, en = "，".join(f"{CAUSES[one].zh} {n}" for n, one in counts), ", ".join(f"{n} {one}" for n, one in counts)
    changed = told["changed"]
    lines.append(
        f"{changed} 个单元变了等级（{zh or '无'}），{found.same} 个未变  "
        f"{changed} changed class ({en or 'none'}), {found.same} kept it"
    )
    return lines


def _shelter_lines(found: EditionsCompared) -> list[str]:
    """Shelters that changed, and how many scenarios place or cover others than before."""
    if found.shelters is None or found.placing is None:
        return []
    lines = [
        f"{unit} {row['name']}: {SHELTER_CHANGES[row['change']]}, "
        f"容量 capacity {number(row['capacity_people_old'])} → {number(row['capacity_people_new'])}"
        for unit, row in zip(found.shelters.index, found.shelters.to_dict("records"), strict=True)
    ]
    lines += [
        f"{row['name']}: 已安置 placed {number(row['people_assigned_old'])} → {number(row['people_assigned_new'])}, "
        f"覆盖 covered {number(row['people_covered_old'])} → {number(row['people_covered_new'])}"
        for row in found.placing.to_dict("records")
    ]
    shelters, scenarios = len(found.shelters), len(found.placing)
    lines.append(
        f"{shelters} 处避难场所有变，{scenarios} 个情景的安置或覆盖有变  "
        f"{shelters} shelters changed, {scenarios} scenarios place or cover others than before"
    )
    return lines
