"""`kg init`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click

from kg.cli import console
from kg.config import FILE_NAME
from kg.errors import ConfigError, advice
from kg.text import encodable

_TEMPLATE = """\
# What `kg build` reads and writes; paths are relative to this file.
title = {title}
# Files of papers: a papers page as plain text, or JSON lines (id, title, abstract; .gz, .xz and .zst too).
sources = {sources}
output = "exports"
# base_iri = "https://example.org/papers/"   # what every IRI in the exports begins with
# vocabularies = ["terms.ttl"]               # your own concepts: SKOS, OWL or CSV
# curation = "curation.jsonl"                # your decisions on names: an empty file, or `kg curate` makes it
# exports = ["graph.html", "kg.ttl"]         # the files to write; without it, all
# max_unpacked = "2GB"                       # what a packed source may unpack to
# strict = true                              # stop at what would be skipped and listed
# jobs = 1                                   # processes that read, at most; without it, as many as fit
"""


@click.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option("--title", default="Papers", show_default=True, help="What the graph is called.")
def init(sources: tuple[Path, ...], title: str) -> None:
    """Write a kg.toml in this folder for SOURCES, files of papers."""
    path = Path(FILE_NAME)
    names = [str(source) for source in sources] or ["papers.jsonl"]
    if not title.strip():
        raise ConfigError("the title is empty: say what the graph is called with --title")
    text = _TEMPLATE.format(title=_quoted(title), sources=f"[{', '.join(map(_quoted, names))}]")
    try:
        with path.open("x", encoding="utf-8") as file:
            _write(file, text)
    except FileExistsError as error:
        raise ConfigError(f"{path} is here already: edit it, or delete it first") from error
    except OSError as error:
        raise ConfigError(f"{path}: can't be written ({error.strerror}): {advice(error)}") from error
    console.say(f"Wrote {path}. Look at its sources, then run `kg build`.")


def _quoted(text: str) -> str:
    """A text as TOML has it. Raises ConfigError for a name that isn't UTF-8, for a TOML file must be."""
    if encodable(text) != text:
        raise ConfigError(f"{text!r} isn't UTF-8, and {FILE_NAME} can't hold it: give it another name")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(file: TextIO, text: str) -> None:
    """Write all of it, or leave no file behind."""
    try:
        file.write(text)
        file.flush()
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise
