"""Tests of inverting documents into posting lists."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.bm25.inverter import invert
from tests.kernels import by_name

STARTS = np.array([0, 3, 5, 9], np.int64)
TOKENS = np.array([0, 0, 1, 1, 0, 2, 2, 2, 0], np.int32)
"""Three documents: `0 0 1`, `1 0` and `2 2 2 0`."""


@pytest.mark.parametrize("kernels", ["with", "without"])
def test_each_term_has_its_documents_in_order(kernels: str) -> None:
    with by_name[kernels]():
        pairs, lists = invert(STARTS, TOKENS, 3)
    assert lists.indptr.tolist() == [0, 3, 5, 6]
    assert lists.docs.tolist() == [0, 1, 2, 0, 1, 2]
    assert pairs.tf[lists.codes].tolist() == [2, 1, 1, 1, 1, 3]
    assert pairs.lengths[lists.codes].tolist() == [3, 2, 4, 3, 2, 4]
    assert lists.escaped.tolist() == []


@pytest.mark.parametrize("kernels", ["with", "without"])
def test_only_what_has_no_code_left_is_escaped(kernels: str) -> None:
    lengths = np.arange(1, 301)
    starts = np.concatenate(([0], lengths.cumsum()))
    with by_name[kernels]():
        pairs, lists = invert(starts, np.zeros(starts[-1], np.int32), 1)
    assert lists.escaped.tolist() == list(range(255, 300))
    assert lists.escaped_tf.tolist() == list(range(256, 301))
    assert pairs.tf[lists.codes[:255]].tolist() == list(range(1, 256))
