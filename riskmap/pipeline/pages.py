"""The pages of an edition: sheets, atlas, report, and what the check found."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from riskmap.maps import Renderer, atlas, laid_out, quality_page, report, sheet, sheet_names
from riskmap.maps.subject import subject_of
from riskmap.model import Assessment, Text
from riskmap.pipeline.findings import write_findings
from riskmap.pipeline.steps import Steps
from riskmap.writers import write_bytes

__all__ = ["write_pages"]


def write_pages(assessment: Assessment, folder: Path, *, steps: Steps, key: str) -> None:
    """Write sheets, atlas and reports; sheets are drawn in a process beside this one, while the other pages are made.

    Parameters
    ----------
    assessment : Assessment
        What may be published.
    folder : pathlib.Path
        Of the edition.
    steps : Steps
        What did not change is taken from its cache.
    key : str
        As in `build_edition`.

    Examples
    --------
    >>> write_pages.__name__
    'write_pages'
    """
    names = {f"sheet-{name}": name for name in sheet_names(assessment)}
    pages: Mapping[str, tuple[Text, Callable[[], str]]] = {
        "atlas": (Text("图集", "Atlas"), partial(atlas, assessment)),
        "quality": (Text("质检报告", "Quality report"), partial(quality_page, assessment.survey)),
    }
    with Renderer() as renderer:
        steps.tell(Text("图幅排版", "Laying out the sheets"))
        begun = {
            step: renderer.submit(laid_out(assessment, subject_of(assessment, name), name=name), name=name).result
            for step, name in names.items()
            if steps.lacks(step, key)
        }
        made = {name: steps.run(name, title, key, make) for name, (title, make) in pages.items()}
        images: dict[str, bytes] = {}
        for step, name in names.items():
            draw = begun.get(step, partial(sheet, assessment, name))
            images[name] = steps.run(step, Text(f"图幅 {name}", f"Sheet {name}"), key, draw)
            write_bytes(folder / "sheets" / f"{name}.png", images[name])
    title = Text("报告", "Report")
    made["report"] = steps.run("report", title, key, partial(report, assessment, images=images))
    for name, page in made.items():
        write_bytes(folder / f"{name}.html", page.encode("utf-8"))
    write_findings(assessment.survey, folder, page=made["quality"])
