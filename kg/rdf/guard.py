"""What a query may not do: reach the network, name graphs that aren't there, or write.

pyoxigraph follows SERVICE wherever it points and has no switch for it, so the query is refused before it
runs, on its parse tree. A text that nowhere holds the word can't hold the clause, so most queries need no
second parse; where the word occurs, rdflib's parser must show that it isn't the clause, and what rdflib can't
parse is refused. Both parsers are given the same text: line ends made equal, and no codepoint escapes, which
they take in different order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kg.rdf.problems import MalformedQueryError, RefusedQueryError, TooLargeError
from kg.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

MAX_LENGTH: Final = 1_000_000  # characters of a query
_FIRST = re.compile(r"\s*(?:(?:#[^\n]*\n|PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>)\s*)*(\w+)", re.IGNORECASE)
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_NAME = re.compile(r"((?:[^\W\d_][\w.-]*)?:)[\w.%\\-]*\s*$")
_ITEM = re.compile(r'"(?:[^"\\]|\\.)*"|[^,"\s][^,]*')
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_FROM = re.compile(r"(?<![\w:?$])from\s*(?:named\s*)?<([^<>\s]*)>", re.IGNORECASE)
_WORDS = re.compile(  # strings, and comments that are no part of an IRI; each in one way, ended or not
    r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:""")?|\'\'\'(?:[^\'\\]++|\\.|\'(?!\'\'))*+(?:\'\'\')?'
    r'|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'(?:[^'\\\n]++|\\.)*+'?|(?<![^\s{}().;,])#[^\n]*",
    re.DOTALL,
)
_CHARACTERS = re.compile(r"\[[^\]]*\]|'[^']*' ?\.\.=? ?'[^']*'")


def normal(text: str) -> str:
    """The query with one kind of line end, which is what both parsers see."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check(text: str, graphs: Set[str] | None = None) -> None:
    """Refuse a query that reaches out or that names a graph not among `graphs` (None: any).

    Raises RefusedQueryError and TooLargeError.
    """
    if len(text) > MAX_LENGTH:
        raise TooLargeError(f"a query of {len(text):,} characters: the limit is {MAX_LENGTH:,}")
    lower = text.lower()
    if "service" in lower or "\\u" in lower:
        _check_service(text)
    if graphs is not None:
        _check_graphs(text, graphs)


def _check_service(text: str) -> None:
    if "\\u" in text.lower() and re.search(r"service|\\u00[57]3|\\u000000[57]3", text, re.IGNORECASE):
        raise RefusedQueryError(
            "SERVICE beside \\u escapes can't be checked: write the characters themselves"
        )
    if "service" not in text.lower():
        return
    tree = _tree(text)
    if tree is None:
        raise RefusedQueryError(
            "the word SERVICE in a query that the check can't read: leave it out, or give --allow-service"
        )
    if any(name == "ServiceGraphPattern" for name, _ in _parts(tree)):
        raise RefusedQueryError(
            "SERVICE asks another server and is not allowed: leave it out, or give --allow-service"
        )


def _check_graphs(text: str, graphs: Set[str]) -> None:
    """pyoxigraph looks for graphs in the store alone: this only says so where it would find nothing."""
    for iri in _FROM.findall(_WORDS.sub(" ", text)):
        if iri not in graphs:
            raise RefusedQueryError(f"no graph <{iri}> in this data set, and none is fetched: leave out FROM")


def _tree(text: str) -> Any:
    """rdflib's parse tree, or None where it can't read the query."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return parseQuery(text)
    except (ParseBaseException, RecursionError, ValueError, TypeError, ArithmeticError, LookupError):
        return None  # rdflib makes values of numbers while it parses, and trips over some


def _parts(tree: Any) -> Iterator[tuple[str, Any]]:
    """Every named part of a parse tree, at any depth."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, CompValue):
            yield str(part.name), part
            waiting.extend(part.values())
        elif isinstance(part, ParseResults | list | tuple):
            waiting.extend(part)


def syntax_error(text: str, message: str) -> MalformedQueryError:
    """The parser's complaint as one line: line, column, what was expected, and the words there."""
    first = _FIRST.match(text)
    word = first.group(1) if first else ""
    if word.upper() in _UPDATES:
        return MalformedQueryError(f"{word.upper()} is an update: the graph can only be read")
    if word and word.upper() not in (*_FORMS, "PREFIX", "BASE"):
        line = text.count("\n", 0, first.start(1)) + 1 if first else 1
        return MalformedQueryError(
            f"line {line}: a query begins with {', '.join(_FORMS)}, found {shown(word, 40)!r}"
        )
    match = _PLACE.search(message)
    if match is None:
        return MalformedQueryError(shown(message))
    line, column = int(match.group(1)), int(match.group(2))
    there = (text.splitlines() or [""])[line - 1 : line]
    before, after = (there[0][: column - 1], there[0][column - 1 :]) if there else ("", "")
    if "Prefix not found" in match.group(3) and (name := _NAME.search(before)):
        place, wrong = name.start() + 1, f"unknown prefix {shown(name.group(1), 40)}, declare it with PREFIX"
        return MalformedQueryError(f"line {line}, column {place}: {wrong}")
    near = repr(after[:20].strip()) if after.strip() else "the end of the line"
    reason = _expected(match.group(3))
    found = f", found {near}" if reason.startswith("expected") else ""
    return MalformedQueryError(f"line {line}, column {column}: {reason}{found}")


def _expected(reason: str) -> str:
    """What the parser would have liked to see: its first six tokens, or its complaint in words."""
    flat = _CHARACTERS.sub("", " ".join(reason.split()))
    items = _ITEM.findall(flat.removeprefix("expected").removeprefix(" one of"))
    words = dict.fromkeys(item.strip() for item in items if "\\u" not in item and item.strip(" .|_"))
    told = [word for word in words if " " in word and not word.startswith('"')]
    return told[0] if told else f"expected {' or '.join(list(words)[:6])}" if words else "not SPARQL"
