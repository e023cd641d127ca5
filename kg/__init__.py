"""paperkg: a knowledge graph of research papers, from their titles and abstracts, with the sentence behind
every link.
"""

from __future__ import annotations

__version__ = "0.1.0"
