"""Where words that say what a paper does stand around its mentions: one pass over a text, then look-ups.

The cues are words of scientific English, sorted by what they tend to say; the classifiers learn their weight.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from typing import TYPE_CHECKING, Final

from kg.extract.candidates import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

_CUES: Final = {
    "introduce": r"introduc\w+|propos\w+|present(?:s|ed|ing)?|releas\w+|develop\w*|design\w*|construct\w*"
    r"|contribut\w+|sourc\w+|call(?:ed)?|named|dub(?:bed)?|coin(?:ed)?|term(?:ed)?|namely|curat\w+|collect\w*|creat\w+",
    "new": r"new|novel|first|simple",
    "we": r"we|our|this|us",
    "extend": r"extend\w*|adapt(?:s|ed|ing)?|generali[sz](?:e[sd]?|ing)|modif\w+|buil(?:d|ds|t|ding)"
    r"|augment\w*|variant|based|inspired|initiali[sz]\w+|deriv\w+|integrat\w+|combin\w+",
    "outperform": r"outperform\w*|surpass\w*|exceed\w*|beat\w*|superior\w*|better|improv\w+|significant\w*",
    "compare": r"compar\w+|baselines?|than|against|competitive|match\w*|unlike|over|contrast|vs|versus"
    r"|counterparts?",
    "evaluate": r"evaluat\w+|experiment\w*|test(?:s|ed|ing)?|demonstrat\w+|validat\w+|assess\w*"
    r"|conduct\w*",
    "result": r"achiev\w+|results?|measur\w+|scores?|report\w*|performance|reach\w*|attain\w*|points?|%",
    "use": r"using|use[sd]?|utili[sz]\w+|leverag\w+|employ\w*|appl(?:y|ies|ied|ying)|incorporat\w+|adopt\w*"
    r"|exploit\w*",
    "by": r"via|through|by|with",
    "study": r"stud(?:y|ies|ied)|investigat\w+|analy[sz]\w+|examin\w+|explor\w+|understand\w*|question",
    "problem": r"problems?|address\w*|tackl\w+|focus\w*|challeng\w*|tasks?|solv\w+|issues?|aim\w*",
    "background": r"recent\w*|existing|previous\w*|prior|traditional\w*|conventional|widely|however|often"
    r"|typically|many|most|current\w*|been|popular|important|progress|success\w*|remains?|despite|while",
    "example": r"such|including|example|like|include[sd]?|e|g",
    "train": r"train\w*|finetun\w*|tun(?:ed|ing)|pretrain\w*|learn\w*",
    "benchmark": r"benchmarks?|datasets?|sets?|corpus|corpora|data",
    "kind": r"is|are|was|were|a|an|as",
    "consist": r"consist\w*|compris\w*|contain\w*|component\w*|modules?|parts?",
    "for": r"for|to|towards?",
    "of": r"of|in|within",
    "on": r"on|across|under",
    "from": r"from|into",
    "and": r"and|or|,|;",
    "which": r"which|that|where",
    "bracket": r"[():]",
}
NAMES: Final = tuple(_CUES)
_KIND: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _CUES.items()))
_MARK: Final = re.compile(r"[^\W\d_]{1,30}|[,;():%]")
_REACH: Final = 40.0  # characters over which a cue's weight falls to 1/e
_CONTEXT: Final = "kg.context"


@lru_cache(maxsize=50_000)
def _kind(word: str) -> int:
    """The number of a word's cue, or -1."""
    match = _KIND.fullmatch(word.lower())
    return NAMES.index(match.lastgroup) if match and match.lastgroup else -1


@dataclass(frozen=True, slots=True)
class Context:
    """The cues of a text and its sentences, by place (code points)."""

    text: str
    sentences: list[int]
    starts: list[int]
    ends: list[int]
    kinds: list[int]

    @classmethod
    def of(cls, text: str, sentences: Sequence[int]) -> Context:
        """Read a text whose sentences begin at the given places, of which the first is 0."""
        starts, ends, kinds = [], [], []
        for mark in _MARK.finditer(text):
            kind = _kind(mark.group())
            if kind >= 0:
                starts.append(mark.start())
                ends.append(mark.end())
                kinds.append(kind)
        return cls(text, list(sentences), starts, ends, kinds)

    @property
    def title_end(self) -> int:
        """Where the second sentence begins: the title's has ended there; 0 where there is but one."""
        return self.sentences[1] if len(self.sentences) > 1 else 0

    def sentence(self, place: int) -> int:
        """The number of the sentence that holds a place."""
        return bisect_right(self.sentences, place) - 1

    def bounds(self, number: int) -> tuple[int, int]:
        """Begin and end of a sentence, white space at its end left out."""
        start = self.sentences[number]
        end = self.sentences[number + 1] if number + 1 < len(self.sentences) else len(self.text)
        return start, start + max(len(self.text[start:end].rstrip()), 1)

    def around(self, start: int, end: int) -> list[float]:
        """How near each cue stands in the sentence of [start, end): before it, then after it (0 to 1)."""
        number = self.sentence(start)
        low, high = self.bounds(number)
        near = [0.0] * (2 * len(NAMES))
        for index in range(bisect_left(self.starts, low), bisect_left(self.starts, high)):
            if self.ends[index] <= start:
                near[self.kinds[index]] = exp((self.ends[index] - start) / _REACH)
            elif self.starts[index] >= end:
                place = len(NAMES) + self.kinds[index]
                near[place] = max(near[place], exp((end - self.starts[index]) / _REACH))
        return near

    def between(self, start: int, end: int) -> list[int]:
        """The cues in [start, end), by number, in order."""
        return self.kinds[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def context(doc: Doc) -> Context:
    """The Context of a Doc whose sentences are known, made when it is first asked for."""
    if _CONTEXT not in doc.user_data:
        starts = [sentence.start_char for sentence in doc.sents] or [0]
        doc.user_data[_CONTEXT] = Context.of(text_of(doc), starts)
    found: Context = doc.user_data[_CONTEXT]
    return found


def set_context(doc: Doc, sentences: Sequence[int]) -> None:
    """Note a Doc's Context when its sentences' begins are at hand."""
    doc.user_data[_CONTEXT] = Context.of(text_of(doc), sentences)
