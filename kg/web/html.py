"""Pages as HTML: templates of our own, every value escaped, no script but the server's own files."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.web import escaping
from kg.web.escaping import plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def _template(name: str) -> Template:
    return Template(files("kg.web").joinpath("templates", name).read_text(encoding="utf-8"))


def template(name: str, **values: str) -> str:
    """A template with its places filled by HTML."""
    return _template(name).substitute(values)


def page(title: str, body: str, *, links: Iterable[tuple[str, str]] = (), head: str = "") -> str:
    """A whole page; `links` are (media type, address) of the same thing in other formats."""
    alternates = "".join(
        f'<link rel="alternate" type="{plain(kind)}" href="{plain(address)}">\n' for kind, address in links
    )
    return template("page.html", title=plain(title), body=body, head=alternates + head)


def address(kind: str, identifier: str, ending: str = "") -> str:
    """The path of a paper or concept on this server."""
    return f"/{kind}/{quote(identifier, safe='-._~')}{ending}"


def link(kind: str, identifier: str, name: str) -> str:
    return f'<a href="{plain(address(kind, identifier))}">{shown(name)}</a>'


def home(counts: dict[str, Any], title: str) -> str:
    """The first page: what there is, and where to go on."""
    common = "".join(
        f"<li>{link('concept', item['id'], item['name'])} <small>{item['papers']}</small></li>"
        for item in counts["commonest"]
    )
    figures = {key: f"{counts[key]:,}" for key in ("papers", "concepts", "statements")}
    return page(title, template("home.html", **figures, title=shown(title), commonest=common))


def found(words: str, results: list[dict[str, str]]) -> str:
    """The page of search results."""
    items = "".join(
        f'<li><span class="kind">{item["kind"]}</span> {link(item["kind"], item["id"], item["name"])}</li>'
        for item in results
    )
    nothing = f"<p>Nothing holds {shown(words)}.</p>" if words else ""
    listed = f"<ol>{items}</ol>" if items else nothing
    body = template("search.html", words=plain(words), results=listed)
    return page(f"Search: {words}" if words else "Search", body)


def paper(entry: dict[str, Any]) -> str:
    """A paper's page: its abstract, and its concepts with the sentences that say so."""
    facts = [", ".join(entry.get("authors", ())), entry.get("venue", ""), str(entry.get("year", ""))]
    concepts = [
        _row(_words(item["role"]), link("concept", item["id"], item["name"]), shown(item["type"]), item)
        for item in entry["concepts"]
    ]
    body = template(
        "paper.html",
        title=shown(entry["title"]),
        facts=shown(" \u00b7 ".join(filter(None, facts))),
        abstract=shown(entry["abstract"]),
        concepts="".join(concepts),
        relations=_relations(entry),
        formats=_left_out(entry) + _formats(entry),
    )
    return page(entry["title"], body, links=_alternates(entry))


def concept(entry: dict[str, Any]) -> str:
    """A concept's page: its names, and the papers that have it with the sentences that say so."""
    papers = [
        _row(_words(item["role"]), link("paper", item["id"], item["title"]), item) for item in entry["papers"]
    ]
    names = (("also", "aliases"), ("broader", "broader"), ("narrower", "narrower"))
    lists = [f"<dt>{name}</dt><dd>{shown(', '.join(entry[key]))}</dd>" for name, key in names if entry[key]]
    lists += [f"<dt>see also</dt><dd>{_outside(address)}</dd>" for address in entry["see_also"]]
    body = template(
        "concept.html",
        title=shown(entry["name"]),
        type=shown(entry["type"]),
        definition=shown(entry["definition"]),
        lists="".join(lists),
        papers="".join(papers),
        relations=_relations(entry),
        formats=_left_out(entry) + _formats(entry),
    )
    return page(entry["name"], body, links=_alternates(entry))


def _outside(address: str) -> str:
    """A link to an address of the web; the text alone of any other."""
    if not address.startswith(("https://", "http://")):
        return shown(address)
    return f'<a href="{escaping.address(address)}" rel="noopener noreferrer">{shown(address)}</a>'


def _relations(entry: dict[str, Any]) -> str:
    rows = [
        _row(
            shown(item["subject"]), _words(item["relation"]), link("concept", item["id"], item["name"]), item
        )
        for item in entry["relations"]
    ]
    return f"<h2>Relations</h2><table>{''.join(rows)}</table>" if rows else ""


def _left_out(entry: dict[str, Any]) -> str:
    """That the page doesn't hold everything, and how to get it."""
    if "left_out" not in entry:
        return ""
    query = f'<a href="{plain(entry["all"])}">this query</a>'
    return (
        f"Only the surest statements are here; {entry['left_out']:,} more are left out. Ask {query} at"
        ' <a href="/sparql">the SPARQL endpoint</a> to get all.<br>'
    )


def _words(name: str) -> str:
    return shown(name.replace("_", " "))


def _row(*cells: str | dict[str, Any]) -> str:
    """A row of a table: cells of HTML, and for evidence its sentence and how sure it is."""
    return f"<tr>{''.join(_cell(cell) for cell in cells)}</tr>"


def _cell(cell: str | dict[str, Any]) -> str:
    if isinstance(cell, str):
        return f"<td>{cell}</td>"
    before, quoted, after = cell["sentence"].partition(cell["quote"] or "\0")
    marked = f"{shown(before)}<mark>{shown(quoted)}</mark>{shown(after)}"
    return f'<td class="sentence">{marked}</td><td class="score">{cell["score"]:.2f}</td>'


def _alternates(entry: dict[str, Any]) -> list[tuple[str, str]]:
    endings = (("text/turtle", ".ttl"), ("application/ld+json", ".jsonld"), ("application/json", ".json"))
    return [(kind, address(entry["kind"], entry["id"], ending)) for kind, ending in endings]


def _formats(entry: dict[str, Any]) -> str:
    names = {"text/turtle": "Turtle", "application/ld+json": "JSON-LD", "application/json": "JSON"}
    return " ".join(f'<a href="{plain(to)}">{names[kind]}</a>' for kind, to in _alternates(entry))
