"""The types check themselves, and the closed lists agree with each other."""

from __future__ import annotations

import re

import pytest

from kg import errors, vocab
from kg.assemble import assemble, place
from kg.types import Claim, Link, Mention, Paper
from kg.vocab import ConceptType, Relation, Role


def test_a_mention_must_fit_its_place():
    with pytest.raises(ValueError, match="doesn't fit"):
        Mention("p", 0, 2, "Foo", "Foo", ConceptType.MODEL, "rule")
    with pytest.raises(ValueError, match="needs an id and a title"):
        Paper("", "T")
    with pytest.raises(ValueError, match="no such role"):
        Claim("p", "", "likes", "p#char=0,1", 0, 1, "rule")


def test_terms_have_labels_definitions_and_camel_case_iris():
    terms = [*ConceptType, *Role, *Relation]
    assert (len(ConceptType), len(Role), len(Relation)) == (7, 7, 9)
    assert all(term.label and term.definition.endswith(".") for term in terms)
    assert Role.EVALUATES_ON.iri == vocab.ONTOLOGY + "evaluatesOn"
    assert len({term.iri for term in terms}) == len(terms)
    assert len({type_.colour for type_ in ConceptType}) == 7


def test_statements_are_claims_over_concepts():
    one, two = (
        Mention("p", 0, 3, "Foo", "Foo", ConceptType.MODEL, "r"),
        Mention("p", 4, 7, "Bar", "Bar", ConceptType.TASK, "r"),
    )
    claims = [
        Claim("p", "", "introduces", one.id, 0, 9, "r", 0.8),
        Claim("p", one.id, "used_for", two.id, 0, 9, "r", 0.5),
        Claim("p", two.id, "used_for", two.id, 0, 9, "r"),
        Claim("p", "", "uses", "p#char=8,9", 0, 9, "r"),
    ]
    links = {one.id: Link(one.id, "model-foo", 0.5, ""), two.id: Link(two.id, "task-bar", 1.0, "")}
    role, relation = assemble(claims, links)
    assert (role.subject, role.object, role.score, role.about_paper) == ("p", "model-foo", 0.4, True)
    assert (relation.subject, relation.object, relation.score) == ("model-foo", "task-bar", 0.25)
    assert (relation.quote_start, relation.quote_end) == (4, 7)
    assert not relation.about_paper


def test_a_mention_id_tells_its_place_whatever_the_paper_is_called():
    assert place(Mention("odd#char=1,2/x", 3, 6, "Foo", "Foo", ConceptType.MODEL, "r").id) == (3, 6)
    with pytest.raises(ValueError, match="not a mention"):
        place("p")


def test_the_error_tree_is_drawn_as_it_is():
    drawn = set(re.findall(r"\w+Error", errors.__doc__ or ""))
    made = {name for name in vars(errors) if name.endswith("Error")}
    assert drawn == made
    assert all(issubclass(getattr(errors, name), errors.PaperKgError) for name in made)
