"""The corridor: open, load, derive, assess, publish, run."""

from riskmap.pipeline.assess import assess
from riskmap.pipeline.begin import init_county
from riskmap.pipeline.compare import compare
from riskmap.pipeline.comparison_files import comparison_values, write_comparison
from riskmap.pipeline.county import open_county
from riskmap.pipeline.edition_files import edition_values, write_edition_comparison
from riskmap.pipeline.editions import compare_editions
from riskmap.pipeline.findings import write_findings
from riskmap.pipeline.impact import Impact, impact, impact_values, write_impact
from riskmap.pipeline.load import load
from riskmap.pipeline.mend import Fixed, fix
from riskmap.pipeline.progress_bar import progress_bar, shown_progress
from riskmap.pipeline.publish import publish
from riskmap.pipeline.run import Edition, check, run, write_online_atlas, write_public_atlas
from riskmap.pipeline.template import write_templates
from riskmap.pipeline.themes import assess_theme
from riskmap.pipeline.told import change_lines, check_lines, compare_lines, edition_lines, leftover_words, run_lines

__all__ = [
    "Edition",
    "Fixed",
    "Impact",
    "assess",
    "assess_theme",
    "change_lines",
    "check",
    "check_lines",
    "compare",
    "compare_editions",
    "compare_lines",
    "comparison_values",
    "edition_lines",
    "edition_values",
    "fix",
    "impact",
    "impact_values",
    "init_county",
    "leftover_words",
    "load",
    "open_county",
    "progress_bar",
    "publish",
    "run",
    "run_lines",
    "shown_progress",
    "write_comparison",
    "write_edition_comparison",
    "write_findings",
    "write_impact",
    "write_online_atlas",
    "write_public_atlas",
    "write_templates",
]
