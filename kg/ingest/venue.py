"""Where a paper was published: venue, track and repository, told apart in one line of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Names of venues that don't look like an acronym, and preprint servers: general knowledge of the field.
_WORDY: Final = ("Interspeech", "Nature", "Science", "Distill", "Eurographics", "Neuron", "Patterns")
_REPOSITORIES: Final = {
    "arxiv": "arXiv",
    "biorxiv": "bioRxiv",
    "medrxiv": "medRxiv",
    "ssrn": "SSRN",
    "openreview": "OpenReview",
    "hal": "HAL",
    "zenodo": "Zenodo",
    "psyarxiv": "PsyArXiv",
    "preprint": "preprint",
}
_TRACK: Final = (
    r"(?:Workshops?|Findings|Spotlight|Oral|Poster|Main|Demos?|System Demonstrations?|Industry|Tutorial|"
    r"Datasets and Benchmarks|Student Research Workshop|Tiny Papers|Blogposts?|Journal Track)"
)
# Letters with two capitals; possessive, for what ends within a word is none.
_ACRONYM: Final = r"(?:(?=[a-z]*+[A-Z][a-z]*+[A-Z])[A-Za-z]++|\d[A-Z]{2,}+)(?:[@/&-][A-Za-z]++)?"
_VENUE: Final = rf"(?:{_ACRONYM}|{'|'.join(_WORDY)})(?:\s*'?(?:19|20)?\d\d)?"
_LINE = re.compile(
    rf"^(?P<venue>{_VENUE})(?:\s+(?P<track>{_TRACK}(?:\s*\([^)]*\))?)|\s*\((?P<inner>[^)]*)\))?(?=\s|$)\s*"
)


@dataclass(frozen=True, slots=True)
class Venue:
    """Venue of publication, the part of it, or the preprint server; each empty where it isn't said."""

    venue: str = ""
    track: str = ""
    repository: str = ""


def split_venue(line: str) -> tuple[Venue, str]:
    """The venue that a line begins with, and what follows it.

    `NeurIPS (Spotlight)` is venue and track, `NeurIPS Workshop (Math-AI)` too; arXiv is a repository. A line
    that begins with no venue comes back whole.
    """
    repository = _REPOSITORIES.get(line.split(" ", 1)[0].casefold().rstrip(":,"))
    if repository:
        return Venue(repository=repository), line.partition(" ")[2].strip()
    match = _LINE.match(line)
    if match is None:
        return Venue(), line
    track = (match["track"] or match["inner"] or "").strip()
    return Venue(match["venue"].strip(), track), line[match.end() :].strip()


def parse_venue(text: str) -> Venue:
    """A venue as a source's field has it: taken apart where it is wholly understood, else kept as it
    stands.
    """
    venue, rest = split_venue(" ".join(text.split()))
    return venue if not rest else Venue(venue=text.strip())
