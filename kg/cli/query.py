"""`kg query`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli import console, limits
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg.rdf.graphs import Dataset, Rows

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples", "jsonld", "rdfxml")


@click.command()
@click.argument("text", required=False, default="")
@click.option("--name", help="A query of ours by its name, in place of TEXT.")
@click.option("--list", "listing", is_flag=True, help="List the named queries and their parameters.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A value for $NAME.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--limit", type=limits.COUNT, default=0, help="Give so many rows at most.")
@click.option(
    "--timeout",
    type=limits.SECONDS,
    default=60.0,
    show_default=True,
    help="Seconds that the query may take.",
)
@click.option("--allow-service", is_flag=True, help="Let SERVICE in the query ask other servers.")
@console.output_option
def query(
    text: str, name: str | None, listing: bool, params: tuple[str, ...], format_: str, as_json: bool,
    limit: int, timeout: float, allow_service: bool, output: Path | None,
) -> None:  # fmt: skip
    """Ask the graph in SPARQL: TEXT is a query, a file that holds one, or - for standard input."""
    from kg.rdf.graphs import Dataset

    if listing or not (text or name):
        _list(as_json=as_json)
        return
    folder = console.output_folder(output)
    with Dataset(folder, seconds=timeout, allow_service=allow_service) as data:
        whole = data.prepare("" if name else _read(text), _pairs(params), name=name or "")
        _ask(data, whole, "json" if as_json else format_, limit)


def _read(text: str) -> str:
    try:
        return sys.stdin.read() if text == "-" else Path(text).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        if len(text.split()) > 1:
            return text
        reason = error.strerror if isinstance(error, OSError) else error
        raise QueryError(f"{text}: neither a query nor a file that can be read: {reason}") from error


def _pairs(params: tuple[str, ...]) -> dict[str, str]:
    for param in params:
        if "=" not in param:
            raise QueryError(f"--param {param}: write it as NAME=VALUE")
    return {key: value for key, _, value in (param.partition("=") for param in params)}


def _ask(data: Dataset, query: str, format_: str, limit: int) -> None:
    """Run the query and print its result; a graph as Turtle where the format is one of rows."""
    if format_ == "table":
        _print(data, query, limit)
        return
    rows = format_ if format_ in ("csv", "tsv", "json", "xml") else "json"
    graph = format_ if format_ in ("turtle", "ntriples", "jsonld", "rdfxml") else "turtle"
    out = sys.stdout.buffer
    data.ask(query, out.write, rows=rows, graph=graph, limit=limit)
    out.flush()


def _print(data: Dataset, query: str, limit: int) -> None:
    from kg.rdf.graphs import parsed

    pieces: list[bytes] = []
    found = data.ask(query, pieces.append, limit=limit, again=pieces.clear)
    if found["kind"] == "graph":
        click.echo(b"".join(pieces).decode(), nl=False)
        return
    result = parsed(b"".join(pieces), more=bool(found["more"]))
    if isinstance(result, bool):
        click.echo("yes" if result else "no")
        return
    _table(result)


def _table(result: Rows) -> None:
    from rich.table import Table

    table = Table(*result.variables, show_edge=False, pad_edge=False)
    for row in result.rows:
        table.add_row(*map(_shown, row))
    terminal = console.console()
    if not terminal.is_terminal:
        terminal.width = 100_000  # a file or a pipe has no edge to fold at
    terminal.print(table)
    more = ", there are more" if result.more else ""
    console.say(f"{len(result.rows)} row{'' if len(result.rows) == 1 else 's'}{more}", style="dim")


def _shown(value: Any) -> str:
    from kg.rdf.terms import Iri, curie

    text = "" if value is None else str(value)
    if isinstance(value, Iri):
        text = curie(value) or f"<{value}>"
    return "".join(c if c.isprintable() else " " for c in text)


def _list(*, as_json: bool) -> None:
    from kg.rdf.named import all_queries

    if as_json:
        console.print_json(
            [{**q._asdict(), "parameters": [p._asdict() for p in q.parameters]} for q in all_queries()]
        )
        return
    for known in all_queries():
        console.say(known.name, style="bold")
        console.say(f"    {known.title}. {known.description}")
        for parameter in known.parameters:
            needed = f" [{parameter.default}]" if parameter.default else " (optional)"
            console.say(f"    --param {parameter.name}=...  {parameter.about}"
                        f"{'' if parameter.required else needed}")  # fmt: skip
