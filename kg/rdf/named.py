"""Queries with a name: the files of `queries/`, each with title, description and parameters in its head.

# title: Papers that use a concept
# description: One or two sentences.
# param concept (concept): its name, id or IRI
# param year (integer, optional): only papers of that year
# with paper: related-papers          (the query that answers when that parameter is given)
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from kg.errors import UnknownNameError

KINDS: Final = ("concept", "paper", "type", "integer", "decimal", "text")
_HEAD = re.compile(r"^# (title|description|with (\w+)): *(.+)$", re.MULTILINE)
_PARAM = re.compile(r"^# param (\w+) \((\w+)(, optional)?(?:, default (\S+))?\): *(.+)$", re.MULTILINE)
_FORM = re.compile(r"^(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE)


class Parameter(NamedTuple):
    """A variable that the user gives a value: of which of the `KINDS`, and what for."""

    name: str
    kind: str
    about: str
    optional: bool = False
    default: str = ""

    @property
    def required(self) -> bool:
        return not self.optional and not self.default


class NamedQuery(NamedTuple):
    """A query of ours; `text` is its whole file, which any SPARQL engine can read."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    instead: tuple[tuple[str, str], ...] = ()

    @property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE."""
        match = _FORM.search(self.text)
        return match.group(1) if match else ""


@cache
def all_queries() -> tuple[NamedQuery, ...]:
    """Every named query, by name."""
    found = [entry for entry in files("kg.rdf").joinpath("queries").iterdir() if entry.name.endswith(".rq")]
    return tuple(
        read(entry.name.removesuffix(".rq"), entry.read_text(encoding="utf-8"))
        for entry in sorted(found, key=lambda entry: entry.name)
    )


def query(name: str) -> NamedQuery:
    """The query of a name; raises UnknownNameError, with a near name, where there is none."""
    known = {known.name: known for known in all_queries()}
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "`kg query --list` names them all"
        raise UnknownNameError(f"no query named {name!r}: {hint}")
    return known[name]


def read(name: str, text: str) -> NamedQuery:
    """A query from the text of its file."""
    head = {key: value.strip() for key, _, value in _HEAD.findall(text)}
    instead = tuple((parameter, value.strip()) for _, parameter, value in _HEAD.findall(text) if parameter)
    parameters = tuple(
        Parameter(param, kind, about.strip(), bool(optional), default)
        for param, kind, optional, default, about in _PARAM.findall(text)
    )
    return NamedQuery(name, head.get("title", ""), head.get("description", ""), parameters, text, instead)
