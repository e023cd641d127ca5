"""What flows from stage to stage: frozen records, each checked when made.

Offsets count Unicode code points of `Paper.text` (title, a newline, abstract), begin inclusive, end
exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.ids import claim_id, digest
from kg.vocab import PREDICATES, ConceptType, Role

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as its sources describe it.

    `venue` is where it was published, `track` the part of it (Spotlight, Findings, Workshop (Math-AI)),
    `repository` a preprint server (arXiv), `listed_by` who put it on a list, never an author, `sources` the
    files it was read from, `extra` fields of a source that have no place here, kept as they were.
    """

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    venue: str = ""
    track: str = ""
    repository: str = ""
    year: int | None = None
    url: str = ""
    doi: str = ""
    arxiv_id: str = ""
    keywords: tuple[str, ...] = ()
    listed_by: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.id or not self.title:
            raise ValueError(f"a paper needs an id and a title: {self.id!r}, {self.title!r}")

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.abstract}"

    @property
    def text_hash(self) -> str:
        """Tells whether the text is the one that was read before."""
        return digest(self.text)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a paper's text that names a concept.

    `text` is the surface form, `name` what the paper's own text shows the concept to be called in full (the
    expansion of an abbreviation; the same for all mentions of one concept in one paper), `score` the
    probability, 0 to 1, that the place names a concept, `origin` the rule or model that found it.
    """

    paper_id: str
    start: int
    end: int
    text: str
    name: str
    type: ConceptType
    origin: str
    score: float = 1.0

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or not self.text or not self.name:
            raise ValueError(f"{self.paper_id}: {self.text!r} doesn't fit [{self.start}, {self.end})")

    @property
    def id(self) -> str:
        """A URI fragment by RFC 5147: the characters of the paper's text that are the mention."""
        return mention_id(self.paper_id, self.start, self.end)


def mention_id(paper_id: str, start: int, end: int) -> str:
    """The id of the mention at [start, end) of a paper's text."""
    return f"{paper_id}#char={start},{end}"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one text says about its mentions, before linking.

    `subject` is a mention's id or empty for the paper itself, `object` a mention's id; `predicate` is a role
    (subject empty) or a relation; [start, end) is the sentence that says it; `score` the calibrated
    probability that the claim is right.
    """

    paper_id: str
    subject: str
    predicate: str
    object: str
    start: int
    end: int
    origin: str
    score: float = 1.0

    def __post_init__(self) -> None:
        if self.predicate not in PREDICATES:
            raise ValueError(f"{self.paper_id}: no such role or relation: {self.predicate!r}")

    @property
    def id(self) -> str:
        return claim_id(self.paper_id, self.subject, self.predicate, self.object, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read in one paper's text: its mentions and claims, sorted by place."""

    paper_id: str
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing under all of its names.

    `aliases` are its other names as texts and vocabularies have them, without `name`; `broader` the ids of
    more general concepts; `same_as` IRIs of the same concept in vocabularies; `iri` its own where a
    vocabulary gave it one; `see_also` addresses of its home page or paper.
    """

    id: str
    name: str
    type: ConceptType
    aliases: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    definition: str = ""
    iri: str = ""
    see_also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """The decision that a mention names a concept: how sure (0 to 1), and why, in words; `name` is linking's
    key of the name that was decided.
    """

    mention_id: str
    concept_id: str
    score: float
    detail: str
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision about names, a line of the curation file, replayed at every build.

    `verdict` is same, different, rename, retype, broader or block; `right` is empty for block.
    """

    left: str
    right: str
    verdict: str
    by: str
    at: str
    why: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim over concepts, with the sentence that says it.

    `subject` is a paper's id (predicate a role) or a concept's (predicate a relation), `object` a concept's;
    [start, end) is the sentence, [quote_start, quote_end) the object's mention in it.
    """

    id: str
    subject: str
    predicate: str
    object: str
    paper_id: str
    start: int
    end: int
    quote_start: int
    quote_end: int
    origin: str
    score: float

    @property
    def about_paper(self) -> bool:
        """Whether the subject is the paper itself: the predicate is a role."""
        return self.predicate in _ROLES


_ROLES = frozenset(str(role) for role in Role)


@dataclass(frozen=True, slots=True)
class Issue:
    """What a stage would not guess at: shown to the user, kept in the store, never swallowed.

    `level` is "error" (something was left out), "warning" (kept, but look) or "info".
    """

    level: str
    stage: str
    message: str
    paper_id: str = ""
    where: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message
