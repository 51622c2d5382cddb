"""Tests of inverse document frequency."""

from __future__ import annotations

import pytest

from bot.search.bm25.idf import lucene_idf
from bot.search.index import Index


@pytest.mark.parametrize(
    ("documents", "holding", "weight"), [(1, 1, 0.287682), (10, 3, 1.145132), (10, 10, 0.046520)]
)
def test_weights_are_lucenes(documents: int, holding: int, weight: float) -> None:
    assert lucene_idf(documents, holding) == pytest.approx(weight, abs=1e-6)


def test_every_term_has_the_weight_of_its_document_frequency() -> None:
    index = Index([["ai", "chip"], ["ai"], []])
    assert dict(index.idf) == {"ai": lucene_idf(3, 2), "chip": lucene_idf(3, 1)}
    assert len(index.idf) == 2


def test_a_term_that_no_document_holds_has_no_weight() -> None:
    with pytest.raises(KeyError, match="zebra"):
        Index([["ai"]]).idf["zebra"]
