"""The plain text of a publications page: entries that end in `Read More`.

An entry is: optionally a header line in which "venue poster", or only "poster", stands twice in a row; the
title; one or more paragraphs. The poster listed the paper; nothing says that they wrote it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.ingest.citation import Citation, parse_citation
from kg.ingest.prose import tidy, without_repeats
from kg.ingest.record import Notes, Record
from kg.ingest.source import lines
from kg.ingest.venue import Venue, split_venue

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

_NAME_WORD = re.compile(r"^[^\W\d_][\w'.-]*$")
MAX_TITLE: Final = 400  # characters; what is longer is a paragraph


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands: its header's single half (or empty), title, paragraphs, and the line it begins
    at.
    """

    header: str
    title: str
    paragraphs: tuple[str, ...]
    line: int


def read_page(file: io.BufferedReader, notes: Notes) -> Iterator[Record]:
    """The papers of a page, in its order. Raises SourceError where the bytes are not UTF-8."""
    entries = [entry for block in _blocks(file, notes.source) if (entry := _entry(block, notes))]
    posters = _posters([entry.header for entry in entries])
    for entry in entries:
        yield _record(entry, posters, notes)


def _blocks(file: io.BufferedReader, source: str) -> Iterator[list[tuple[int, str]]]:
    """Lists of (line number, stripped line), each what stands before a `Read More` or the end."""
    block: list[tuple[int, str]] = []
    for number, raw in lines(file, source):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{source}:{number}: not UTF-8 ({error.reason}): save it as UTF-8 text"
            ) from error
        if line.casefold() == "read more":
            yield block
            block = []
        else:
            block.append((number, line))
    yield block


def _entry(block: list[tuple[int, str]], notes: Notes) -> Entry | None:
    full = [(number, line) for number, line in block if line]
    if not full:
        return None
    header = _header(full)
    body = full[1:] if header else full
    if not body or len(body[0][1]) > MAX_TITLE or not tidy(body[0][1]):
        notes.add("error", "an entry without a title was left out", full[0][0])
        return None
    number, title = body[0]
    return Entry(header, title, tuple(_paragraphs(block, number)), full[0][0])


def _header(full: list[tuple[int, str]]) -> str:
    """The half of a header that stands twice, or empty; a title may stand twice too, before its abstract."""
    half = _half(full[0][1])
    title_follows = len(full) > 1 and len(full[1][1]) <= MAX_TITLE
    if not half or not title_follows:
        return ""
    looks_like_abstract = len(full) == 2 and len(full[1][1]) > 200 and full[1][1].endswith(".")
    return "" if looks_like_abstract else half


def _half(line: str) -> str:
    """What stands twice in a stripped line, with a gap between; else empty. The gap must be in the middle."""
    left, right = line[: len(line) // 2].rstrip(), line[len(line) // 2 :]
    return left if right[:1].isspace() and left == right.lstrip() else ""


def _paragraphs(block: list[tuple[int, str]], title_line: int) -> Iterator[str]:
    lines_: list[str] = []
    for number, line in block:
        if number > title_line and line:
            lines_.append(line)
        elif lines_:
            yield " ".join(lines_)
            lines_ = []
    if lines_:
        yield " ".join(lines_)


def _posters(headers: list[str]) -> dict[str, int]:
    """The ranks of names that stand alone in a header, shortest first, then of those that end several: they
    tell where a venue ends.
    """
    alone = {header for header in headers if _is_name(header) and not split_venue(header)[0].venue}
    ends = Counter(" ".join(words[-2:]) for header in headers if len(words := header.split()) > 2)
    common = {name for name, times in ends.items() if times > 1 and _is_name(name)}
    ordered = [*sorted(alone, key=lambda name: (len(name), name)), *sorted(common - alone)]
    return {name: rank for rank, name in enumerate(ordered)}


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(_NAME_WORD.match(word) and word[0].isupper() for word in words)


def _split_header(header: str, posters: dict[str, int]) -> tuple[Venue, str]:
    """The venue and the poster of a header, told by the venue's form, or by a poster known from other
    headers.
    """
    venue, rest = split_venue(header)
    last = header.split(" ")[-4:]
    names = {" ".join(last[start:]) for start in range(len(last))} & posters.keys()
    poster = min(names, key=lambda name: posters[name], default="")
    if venue == Venue() and poster:
        place = header.removesuffix(poster).strip()
        return Venue(venue=place), poster
    return venue, rest


def _record(entry: Entry, posters: dict[str, int], notes: Notes) -> Record:
    venue, poster = _split_header(tidy(entry.header), posters)
    paragraphs = [tidy(paragraph) for paragraph in entry.paragraphs]
    cited = [(text, parse_citation(text)) for text in paragraphs]
    citations = [citation for _, citation in cited if citation]
    prose = [text for text, citation in cited if text and citation is None]
    record = Record.of_title(tidy(entry.title), notes.source, entry.line).with_fields(
        abstract="\n".join(without_repeats(prose)),
        venue=venue.venue,
        track=venue.track,
        repository=venue.repository,
        listed_by=(poster,) if poster else (),
    )
    return _cited(record, citations[0]) if citations else record


def _cited(record: Record, citation: Citation) -> Record:
    other = {} if citation.title == record.paper.title else {"alternative_title": citation.title}
    return record.with_fields(
        authors=citation.authors,
        year=citation.year,
        arxiv_id=citation.arxiv_id,
        doi=citation.doi,
        repository=record.paper.repository or ("arXiv" if citation.arxiv_id else ""),
        extra=other,
    )
