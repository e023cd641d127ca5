"""`kg init`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.cli import console
from kg.config import FILE_NAME
from kg.errors import ConfigError

_TEMPLATE = """\
# What `kg build` reads and writes; paths are relative to this file.
title = {title}
# Files of papers: a papers page as plain text, or JSON lines (id, title, abstract; .gz, .xz and .zst too).
sources = {sources}
output = "exports"
# base_iri = "https://example.org/papers/"   # what every IRI in the exports begins with
# vocabularies = ["terms.ttl"]               # your own concepts: SKOS, OWL or CSV
# curation = "curation.jsonl"                # your decisions on names, written by `kg curate`
# exports = ["graph.html", "kg.ttl"]         # the files to write; without it, all
# max_unpacked = "2GB"                       # what a packed source may unpack to
# strict = true                              # stop at what would be skipped and listed
"""


@click.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option("--title", default="Papers", show_default=True, help="What the graph is called.")
def init(sources: tuple[Path, ...], title: str) -> None:
    """Write a kg.toml in this folder for SOURCES, files of papers."""
    path = Path(FILE_NAME)
    names = [str(source) for source in sources] or ["papers.jsonl"]
    text = _TEMPLATE.format(
        title=json.dumps(title, ensure_ascii=False), sources=json.dumps(names, ensure_ascii=False)
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigError(f"{path} is here already: edit it, or delete it first") from error
    except OSError as error:
        raise ConfigError(f"{path}: can't be written ({error.strerror})") from error
    console.say(f"Wrote {path}. Look at its sources, then run `kg build`.")
