"""`kg diff`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import console


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--markdown", is_flag=True, help="Print Markdown, for a release note.")
@console.json_option
def diff(old: Path, new: Path, markdown: bool, as_json: bool) -> None:
    """Show what changed from OLD to NEW, each a folder of exports or a store's file."""
    from kg import diff as differ
    from kg.cli.changes import to_lines

    changes = differ.diff(differ.read_build(old), differ.read_build(new))
    if as_json:
        console.print_json(differ.to_record(changes))
        return
    for line in to_lines(changes, markdown=markdown):
        console.say(line)
