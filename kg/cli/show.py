"""`kg show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli import console

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("name")
@console.output_option
@console.json_option
def show(name: str, output: Path | None, as_json: bool) -> None:
    """Show the paper or concept called NAME (an id, a name, or how one begins), with its evidence."""
    from kg import lookup, view
    from kg.types import Paper

    with console.open_store(output) as store:
        found = lookup.find(store, name)
        about = view.show_paper(store, found) if isinstance(found, Paper) else view.show_concept(store, found)
    if as_json:
        console.print_json(about)
    else:
        _print_paper(about) if about["kind"] == "paper" else _print_concept(about)


def _print_paper(paper: dict[str, Any]) -> None:
    console.say(paper["title"], style="bold")
    for field in ("id", "venue", "track", "repository", "year", "arxiv_id", "doi", "url"):
        if field in paper:
            console.say(f"  {field.replace('_', ' ')}: {paper[field]}")
    for field in ("authors", "listed_by"):
        if field in paper:
            console.say(f"  {field.replace('_', ' ')}: {', '.join(paper[field])}")
    role = None
    for item in paper["concepts"]:
        if item["role"] != role:
            role = item["role"]
            console.say(f"{role.replace('_', ' ')}", style="bold")
        console.say(f"  {item['name']} ({item['type']}, {item['score']:.2f})")
        console.say(f"    {item['sentence']}", style="dim")
    _print_relations(paper["relations"])


def _print_concept(concept: dict[str, Any]) -> None:
    console.say(f"{concept['name']} ({concept['type']})", style="bold")
    console.say(f"  id: {concept['id']}")
    if concept["definition"]:
        console.say(f"  {concept['definition']}")
    for field in ("aliases", "broader", "narrower", "same_as", "see_also"):
        if concept[field]:
            console.say(f"  {field.replace('_', ' ')}: {', '.join(concept[field])}")
    for paper in concept["papers"]:
        console.say(f"{paper['role'].replace('_', ' ')}: {paper['title']}", style="bold")
        console.say(f"    {paper['sentence']}", style="dim")
    _print_relations(concept["relations"])


def _print_relations(relations: list[dict[str, Any]]) -> None:
    if relations:
        console.say("relations", style="bold")
    for item in relations:
        others = f", {item['confidence']:.2f} by {item['support']} papers" if item["support"] > 1 else ""
        said = f"{item['subject']} {item['relation'].replace('_', ' ')} {item['name']}"
        console.say(f"  {said} ({item['score']:.2f}{others})")
        console.say(f"    {item['sentence']}", style="dim")
