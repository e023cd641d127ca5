"""What every build makes sure of before it publishes: cheap checks on the whole store, in SQL.

The shapes say more of each node, and take longer: `kg validate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import ExportError
from kg.records import IS_ROLE

if TYPE_CHECKING:
    from kg.store import Store

# Small enough to stay in memory, where statements, which are in another order than papers, are looked up
_LENGTHS: Final = (
    "WITH lengths AS MATERIALIZED (SELECT id, length(title) + 1 + length(abstract) AS length FROM papers)"
)
_LENGTH: Final = "(SELECT length FROM lengths WHERE lengths.id = paper_id)"
_PLACE: Final = (
    'SELECT substr(title || char(10) || abstract, start + 1, "end" - start) FROM papers'
    " WHERE papers.id = paper_id"
)
CHECKS: Final = (
    ("stands where the paper's text has something else", "mentions", f"text IS NOT ({_PLACE})"),
    ("is what no mention is", "links", "mention_id NOT IN (SELECT id FROM mentions)"),
    ("names a concept that isn't there", "links", "concept_id NOT IN (SELECT id FROM concepts)"),
    ("is about a concept that isn't there", "statements", "object NOT IN (SELECT id FROM concepts)"),
    (
        "is of a concept that isn't there",
        "statements",
        f"NOT {IS_ROLE} AND subject NOT IN (SELECT id FROM concepts)",
    ),
    ("is a role of another paper", "statements", f"{IS_ROLE} AND subject <> paper_id"),
    ("is of a paper that isn't there", "statements", f"{_LENGTH} IS NULL"),
    (
        "has offsets outside of its text",
        "statements",
        f'start < 0 OR start >= "end" OR "end" > {_LENGTH}'
        f" OR quote_start < 0 OR quote_start >= quote_end OR quote_end > {_LENGTH}",
    ),
    ("has a score that is no probability", "statements", "NOT score BETWEEN 0 AND 1"),
    (
        "has a broader concept that isn't there",
        "concepts",
        "EXISTS (SELECT 1 FROM json_each(broader) WHERE value NOT IN (SELECT id FROM concepts))",
    ),
)


def check(store: Store) -> None:
    """Raise ExportError for the first thing that no reader could make sense of."""
    for wrong, table, condition in CHECKS:
        key = "mention_id" if table == "links" else "id"
        found = f"{_LENGTHS} SELECT {key} FROM {table} WHERE {condition} ORDER BY {key} LIMIT 1"
        row = next(store.query(found), None)
        if row is not None:
            kind = table.removesuffix("s")
            raise ExportError(f"the {kind} {row[0]} {wrong}: run `kg rebuild`, and report it if it stays")
