"""What a reader hands over: papers as one source has them, and what it would not guess at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.ids import slug
from kg.types import Issue, Paper

if TYPE_CHECKING:
    from collections.abc import Iterable


MAX_ERRORS: Final = 100_000  # of one source, which is then no file of papers


@dataclass(frozen=True, slots=True)
class Record:
    """A paper of one source; `given` says that its id is the source's own, not made of the title, `where` in
    which line it stands.
    """

    paper: Paper
    given: bool = False
    where: str = field(default="", compare=False, repr=False)

    @classmethod
    def of_title(cls, title: str, source: str, line: int = 0) -> Record:
        where = f"{source}:{line}" if line else source
        return cls(Paper(id=slug(title), title=title, sources=(source,)), where=where)

    def with_fields(self, **fields: object) -> Record:
        return replace(self, paper=replace(self.paper, **fields))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Reading:
    """The papers of some sources and the issues met on the way."""

    papers: tuple[Paper, ...]
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class Notes:
    """Collects a reader's issues; `source` is the file's name."""

    source: str
    issues: list[Issue] = field(default_factory=list)
    errors: int = 0

    def add(self, level: str, message: str, line: int | None = None, paper_id: str = "") -> None:
        """Keep an issue of this source, at a line of it (counted from 1) where that is known.

        Raises SourceError when there are more than MAX_ERRORS.
        """
        self.errors += level == "error"
        if self.errors > MAX_ERRORS:
            raise SourceError(
                f"{self.source}: over {MAX_ERRORS:,} lines are no paper: is it a file of papers?"
            )
        where = f"{self.source}:{line}" if line else self.source
        self.issues.append(Issue(level, "ingest", message, paper_id, where))

    def extend(self, issues: Iterable[Issue]) -> None:
        self.issues.extend(issues)
