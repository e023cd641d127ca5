"""What every build makes sure of before it writes: cheap checks on the whole store, in SQL.

The shapes say more of each node, and take longer: `kg validate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import ExportError
from kg.vocab import ROLES

if TYPE_CHECKING:
    from kg.store import Store

_ROLES: Final = ", ".join(f"'{role}'" for role in ROLES)
_LENGTH: Final = "(SELECT length(title) + 1 + length(abstract) FROM papers WHERE papers.id = paper_id)"
CHECKS: Final = (
    ("is about a concept that isn't there", "statements", "object NOT IN (SELECT id FROM concepts)"),
    (
        "is of a concept that isn't there",
        "statements",
        f"predicate NOT IN ({_ROLES}) AND subject NOT IN (SELECT id FROM concepts)",
    ),
    ("is a role of another paper", "statements", f"predicate IN ({_ROLES}) AND subject <> paper_id"),
    ("is of a paper that isn't there", "statements", "paper_id NOT IN (SELECT id FROM papers)"),
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
        row = next(store.query(f"SELECT id FROM {table} WHERE {condition} ORDER BY id LIMIT 1"), None)
        if row is not None:
            kind = table.removesuffix("s")
            raise ExportError(f"the {kind} {row[0]} {wrong}: run `kg rebuild`, and report it if it stays")
