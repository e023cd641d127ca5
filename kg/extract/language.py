"""Building the spaCy pipeline: ours from its configuration, or another one with ours after it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import spacy
from spacy import util

from kg.errors import ExtractError

# registered with spaCy by being imported
from kg.extract import concepts, patterns, relations, roles, sentences, tagging, tokens

if TYPE_CHECKING:
    from spacy.language import Language

CONFIG: Final = Path(__file__).parent / "config.cfg"
FACTORIES: Final = (concepts, patterns, relations, roles, sentences, tagging, tokens)
_RULES: Final = {"weights": "rules"}


def own(name: str) -> Language:
    """The pipeline of `config.cfg`; `rules` has the patterns in the tagger's place and weights to fit."""
    config: dict[str, Any] = util.load_config(CONFIG)
    if name == "rules":
        names = config["nlp"]["pipeline"]
        names[names.index("kg_tagger")] = "kg_patterns"
        config["components"]["kg_patterns"] = {"factory": "kg_patterns"}
        del config["components"]["kg_tagger"]
        for trained in ("kg_concepts", "kg_roles", "kg_relations"):
            config["components"][trained] |= _RULES
    return util.load_model_from_config(config, auto_fill=True, validate=False)


def foreign(name: str) -> Language:
    """A pipeline by folder or package, with our components after its own where it doesn't have them.

    Its concepts are all kept; roles and relations come from the models that need no tagger. Raises
    ExtractError if spaCy can't load it.
    """
    try:
        nlp = spacy.load(name)
    except (OSError, ValueError, KeyError) as error:
        reason = " ".join(str(error).split())
        raise ExtractError(f"{name}: spaCy can't load this pipeline: {reason[:200]}") from error
    if "kg_relations" not in nlp.pipe_names:
        nlp.add_pipe("kg_sentences")
        nlp.add_pipe("kg_spans")
        nlp.add_pipe("kg_concepts", config=_RULES | {"accept": "all"})
        nlp.add_pipe("kg_roles", config=_RULES)
        nlp.add_pipe("kg_relations", config=_RULES)
    return nlp
