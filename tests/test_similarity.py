"""What a term weighs."""

from __future__ import annotations

import pytest

from bot.index import Index
from bot.similarity import lucene_idf


def test_every_term_has_the_weight_of_its_document_frequency() -> None:
    index = Index([["ai", "chip"], ["ai"], []])
    assert dict(index.idf) == {"ai": lucene_idf(3, 2), "chip": lucene_idf(3, 1)}
    assert len(index.idf) == 2


def test_a_term_that_no_document_holds_has_no_weight() -> None:
    with pytest.raises(KeyError, match="zebra"):
        Index([["ai"]]).idf["zebra"]
