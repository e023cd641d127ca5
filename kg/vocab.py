"""The closed lists of what can be said: concept types, roles, relations.

Held once, here; the ontology, the page's legend, the command line's choices and the documentation are made
from them. Colours are Okabe and Ito's colour-blind-safe palette (https://jfly.uni-koeln.de/color/) with black
for papers.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

ONTOLOGY: Final = "https://w3id.org/paperkg/ontology#"
VOCABULARY: Final = "https://w3id.org/paperkg/vocabulary/"
DEFAULT_BASE: Final = "https://w3id.org/paperkg/data/"


class _Term(Enum):
    """An enum whose members carry a label and a definition; the value is the name used everywhere."""

    label: str
    definition: str

    def __new__(cls, value: str, label: str = "", definition: str = "") -> _Term:
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        member.definition = definition
        return member

    def __str__(self) -> str:
        return str(self.value)

    @property
    def iri(self) -> str:
        """The term's IRI in the ontology; a property's name is in camel case, as RDF has it."""
        head, *rest = str(self.value).split("_")
        return ONTOLOGY + head + "".join(word.capitalize() for word in rest)


class ConceptType(_Term):
    MODEL = ("Model", "model", "Something that can be run to get an output: a model, family or architecture.")
    DATASET = ("Dataset", "data set", "A corpus, data set, benchmark, test suite or knowledge base.")
    METHOD = (
        "Method",
        "method",
        "A way of doing something: an algorithm, technique, objective or building block.",
    )
    TASK = ("Task", "task", "What a system is asked to do, with inputs and outputs that can be scored.")
    METRIC = ("Metric", "metric", "What is measured to score or compare.")
    SOFTWARE = ("Software", "software", "A library, toolkit, platform, service or code base.")
    TOPIC = ("Topic", "topic", "A field, property or phenomenon that is studied.")

    @property
    def colour(self) -> str:
        return _COLOURS[str(self.value)]


_COLOURS: Final = {
    "Model": "#0072B2",
    "Dataset": "#E69F00",
    "Method": "#009E73",
    "Task": "#CC79A7",
    "Metric": "#56B4E9",
    "Software": "#D55E00",
    "Topic": "#F0E442",
}
PAPER_COLOUR: Final = "#000000"


class Role(_Term):
    """What a paper does with a concept, strongest first: the first that holds is the paper's role."""

    INTRODUCES = ("introduces", "introduces", "The paper creates or releases the concept.")
    EXTENDS = ("extends", "extends", "The paper builds its new thing from the concept.")
    COMPARES = ("compares", "compares with", "The concept is a baseline or a rival of the paper's own.")
    EVALUATES_ON = ("evaluates_on", "evaluates on", "Results are reported on the concept or by it.")
    USES = ("uses", "uses", "The paper applies the concept as a means.")
    STUDIES = ("studies", "studies", "The concept is what the paper is about or investigates.")
    MENTIONS = ("mentions", "mentions", "The concept is background only.")


class Relation(_Term):
    """What a text says of two concepts."""

    USED_FOR = ("used_for", "used for", "The method or model is used for the task or purpose.")
    PART_OF = ("part_of", "part of", "The first is a component of the second.")
    SUBCLASS_OF = (
        "subclass_of",
        "subclass of",
        "The first is a kind, an instance or a sub-task of the second.",
    )
    BASED_ON = ("based_on", "based on", "The first is built from, or a modification of, the second.")
    TRAINED_ON = ("trained_on", "trained on", "The model or method is trained on the data set.")
    EVALUATED_ON = (
        "evaluated_on",
        "evaluated on",
        "The model or method is tested on the data set, task or metric.",
    )
    BENCHMARK_FOR = ("benchmark_for", "benchmark for", "The data set measures the task, topic or model.")
    COMPARED_WITH = ("compared_with", "compared with", "The first is compared with the second.")
    OUTPERFORMS = ("outperforms", "outperforms", "The first is reported better than the second.")


ROLES: Final = tuple(Role)
RELATIONS: Final = tuple(Relation)
TYPES: Final = tuple(ConceptType)
PREDICATES: Final = frozenset(str(term) for term in (*Role, *Relation))
