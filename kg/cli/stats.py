"""`kg stats`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli import console
from kg.cli.shown import brief

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--issues", "with_issues", is_flag=True, help="List what was skipped or looks odd, one a line.")
@console.output_option
@console.json_option
def stats(with_issues: bool, output: Path | None, as_json: bool) -> None:
    """Count what is in the graph."""
    from kg import view

    with console.open_store(output) as store:
        counts = view.stats(store)
        issues = list(store.issues()) if with_issues else []
    if as_json:
        listed = {"issue_list": [f"{issue.level}: {issue}" for issue in issues]} if with_issues else {}
        console.print_json(counts | listed)
        return
    for key in ("papers", "concepts", "broader_concepts", "shared_concepts", "statements", "issues"):
        console.say(f"{counts[key]:>8} {key.replace('_', ' ')}")
    for title in ("types", "predicates"):
        console.say(title, style="bold")
        for name, count in counts[title].items():
            console.say(f"{count:>8} {name.replace('_', ' ')}")
    console.say("in most papers", style="bold")
    for concept in counts["commonest"]:
        console.say(f"{concept['papers']:>8} {concept['name']}")
    for issue in issues:
        console.say(brief(f"{issue.level}: {issue}"))
