"""Where papers and concepts stand in the one picture of them: made when a picture is drawn, not with the
graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from kg.graph.backbone import representatives
from kg.graph.layout import LANDMARKS, layout
from kg.graph.projection import likeness, vectors

if TYPE_CHECKING:
    from kg.graph.projection import Incidence

LEAST_PULL: Final = 0.02  # of a concept that every paper has, whose rarity is 0
PULL: Final = 0.5  # how strongly two linked papers draw each other in the picture, beside their concepts


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What the positions hang on: node keys, papers by concepts, papers' likeness [papers, papers], and each
    node's importance and community.
    """

    keys: tuple[str, ...]
    grid: Incidence
    alike: Any
    importance: np.ndarray
    member: np.ndarray

    def positions(self) -> dict[str, tuple[float, float]]:
        """Where each node stands, whichever of them a view shows: x, y; about one unit between neighbours."""
        whole = vectors(self.grid)
        edges = sparse.csr_array(whole + LEAST_PULL * self.grid.matrix)
        joint = sparse.csr_array(sparse.block_array([[PULL * self.alike, edges], [edges.T, None]]))
        n = len(self.grid.papers)
        papers = representatives(self.importance[:n], self.member[:n], LANDMARKS // 2)
        concepts = representatives(self.importance[n:], self.member[n:], LANDMARKS // 2)
        landmarks = np.concatenate((papers, n + concepts))
        among = sparse.csr_array(joint[landmarks][:, landmarks])
        if len(landmarks) < len(
            self.keys
        ):  # few of their common neighbours are landmarks: link them directly
            near = [likeness(whole[papers]), likeness(sparse.csr_array(whole[:, concepts].T))]
            among = sparse.csr_array(among + PULL * sparse.block_diag(near))
        places = layout(joint, among, self.member, landmarks)
        return {key: (x, y) for key, (x, y) in zip(self.keys, places.tolist(), strict=True)}
