"""Small models as arrays: what numpy makes of them."""

from __future__ import annotations

import numpy as np
import pytest

from kg.errors import ExtractError
from kg.extract import models, weights


def test_a_forest_follows_its_comparisons() -> None:
    forest = models.Forest(
        feature=np.array([[0, 1, 1]]),
        threshold=np.array([[0.5, 0.5, 0.5]]),
        leaf=np.array([[1.0, 2.0, 3.0, 4.0]]),
        of=np.array([0]),
        base=np.array([10.0]),
    )
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    assert forest.scores(rows)[:, 0].tolist() == [11.0, 12.0, 13.0, 14.0]


def test_a_net_is_the_mean_of_the_members_whose_units_it_has_however_many_rows() -> None:
    net = models.Net(
        mean=np.zeros(1, np.float32), scale=np.ones(1, np.float32),
        hidden=np.array([[1.0, 3.0]], np.float32), hidden_bias=np.zeros(2, np.float32),
        out=np.full((2, 1), 0.5, np.float32), out_bias=np.ones(1, np.float32),
    )  # fmt: skip
    rows = np.array([[2.0], [-2.0]] * 40)
    assert net.scores(rows)[:, 0].tolist() == [5.0, 1.0] * 40


def test_both_say_the_mean_of_their_probabilities() -> None:
    trees = models.Forest(
        feature=np.zeros((2, 1), int), threshold=np.zeros((2, 1)), leaf=np.log([[1.0, 1.0], [1.0, 9.0]]),
        of=np.array([0, 1]), base=np.zeros(2),
    )  # fmt: skip
    net = models.Net(
        mean=np.zeros(1, np.float32), scale=np.ones(1, np.float32), hidden=np.zeros((1, 1), np.float32),
        hidden_bias=np.zeros(1, np.float32), out=np.zeros((1, 2), np.float32), out_bias=np.zeros(2, np.float32),
    )  # fmt: skip
    scores = models.Both(trees, net).scores(np.array([[1.0], [-1.0]]))
    assert models.softmax(scores)[:, 1].tolist() == pytest.approx([0.7, 0.5])


def test_a_calibration_rises_between_its_points() -> None:
    curve = models.Calibration(np.array([0.0, 1.0]), np.array([0.1, 0.9]))
    assert curve(np.array([-1.0, 0.5, 2.0])).tolist() == pytest.approx([0.1, 0.5, 0.9])


def test_missing_weights_are_an_error_of_one_line() -> None:
    with pytest.raises(ExtractError, match=r"nowhere\.npz: can't read the weights"):
        weights.load("nowhere")
