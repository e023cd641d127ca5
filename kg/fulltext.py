"""The full-text index of a store: papers and concepts by the words that they hold."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.database import Database

SCHEMA: Final = "CREATE VIRTUAL TABLE search USING fts5 (kind UNINDEXED, id UNINDEXED, name, body);"
MOST_WORDS: Final = 32  # of a search; those of a word with hyphens count each
_LENGTH: Final = 1000  # characters of a search
_PART = re.compile(r"[^\W_]+")
_SEARCHED: Final = {  # by table: what a row is, and its name and body
    "papers": ("paper", "title, abstract || ' ' || authors FROM papers"),
    "concepts": ("concept", "name, aliases || ' ' || definition FROM concepts"),
}


def index(store: Database, table: str, ids: Iterable[str]) -> None:
    """Bring the index up to date with some papers or concepts; inside a transaction of the caller's.

    In the order of its rows' numbers, without which it would sort after each.
    """
    name, columns = _SEARCHED[table]
    numbers = sorted((_number(name, id_), id_) for id_ in ids)
    store.write("DELETE FROM search WHERE rowid = ?", ((number,) for number, _ in numbers))
    statement = f"INSERT INTO search (rowid, kind, id, name, body) SELECT ?, '{name}', id, {columns}"
    store.write(f"{statement} WHERE id = ?", numbers)


def search(store: Database, words: str, limit: int) -> list[tuple[str, str, str]]:
    """(kind, id, name) of the papers and concepts that hold all words, best first (BM25, names count
    tenfold).

    The last word may be a beginning. Words are taken as they are: no operator of the index is seen in them.
    Raises QueryError for more than `MOST_WORDS` different ones: the index takes time by their square.
    """
    terms = " ".join('"' + word.replace('"', '""') + '"' for word in _different(words))
    if not terms:
        return []
    statement = (
        "SELECT kind, id, name FROM search WHERE search MATCH ?"
        " ORDER BY bm25(search, 0, 0, 10, 1), id LIMIT ?"
    )
    return list(store.query(statement, (terms + "*", limit)))


def _different(words: str) -> list[str]:
    """The words of a search, each once; the last stays the last."""
    found = words.replace("\0", " ").split()
    once = {word.casefold(): word for word in reversed(found)}
    if len(words) > _LENGTH or sum(max(1, len(_PART.findall(word))) for word in once) > MOST_WORDS:
        raise QueryError(f"too much to search for: give {MOST_WORDS} words at most")
    return list(reversed(once.values()))


def _number(kind: str, id_: str) -> int:
    """The number of a paper's or concept's row in the index: eight bytes of a hash."""
    return int.from_bytes(blake2b(f"{kind} {id_}".encode(), digest_size=8).digest(), "big", signed=True)
