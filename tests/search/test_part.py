"""The index of a part scores with the statistics of the whole library."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.bm25.idf import lucene_idf
from bot.search.index import Index
from bot.search.layered import IndexLayer
from bot.search.part import Content, LearnedTerms, PartIndex, learn
from bot.search.query import Phrase
from tests.search.stacks import ANALYZER

TEXTS = ["the port of rice", "crane and port and crane", "ship"]


def part(gone: list[bool] | None = None, average: float = 3.0) -> PartIndex:
    masked = None if gone is None else np.array(gone)
    layers = [IndexLayer(Index.build(TEXTS, analyzer=ANALYZER), masked)]
    layers.append(IndexLayer(Index.build(["port yard"], analyzer=ANALYZER), None))
    return PartIndex(layers, average)


def test_weights_are_those_of_the_whole_library() -> None:
    alone, weighed = part(), part().weighed({"port": 2.0, "crane": 1.0})
    once = weighed.match(["port"])
    twice = alone.weighed({"port": 4.0}).match(["port"])
    assert once.docs.tolist() == [0, 1, 3]
    assert (once.scores * 2 == twice.scores).all()
    assert weighed.contribution("port", 0) == once.scores[0]
    assert weighed.contributions_to("absent", np.array([0])).tolist() == [0.0]
    assert len(weighed.match(["absent"]).docs) == 0


def test_the_average_length_is_that_of_the_whole_library() -> None:
    short, long = (part(average=each).weighed({"port": 1.0}) for each in (1.0, 9.0))
    assert (short.match(["port"]).scores < long.match(["port"]).scores).all()


def test_masked_documents_count_nowhere() -> None:
    masked = part([True, False, False])
    assert masked.frequencies(["port", "rice", "absent"]).tolist() == [2, 0, 0]
    assert masked.frequencies_of([b"port", b"rice", b"absent"]).tolist() == [2, 0, 0]
    assert (masked.own("rice").holding, part().own("rice").holding) == (0, 1)


def test_phrases_and_exclusions_allow_some_documents() -> None:
    index = part([False, False, True])
    port, crane = Phrase("port", ("port",)), Phrase("crane", ("crane",))
    assert index.allowed_by((), ()) is None
    for phrases, without, expected in (
        ((port,), (), [True, True, False, True]),
        ((port,), (crane,), [True, False, False, True]),
        ((), (port,), [False, False, False, False]),
    ):
        mask = index.allowed_by(phrases, without)
        assert mask is not None
        assert mask.tolist() == expected


def test_content_has_the_terms_of_documents_without_stop_words() -> None:
    content = part().content(np.array([1, 3]))
    assert content.terms == (b"crane", b"port", b"crane", b"port", b"yard")
    assert content.owners.tolist() == [0, 0, 0, 1, 1]


def test_feedback_learns_what_the_best_documents_share() -> None:
    content = Content((b"port", b"rice", b"port"), np.array([0, 0, 1]))
    learned = learn(content, np.array([2.0, 1.0]), lambda terms: np.full(len(terms), 2), 9)
    assert learned.terms == (b"port", b"rice")
    assert learned.weights[0] > learned.weights[1]
    assert learned.weights.sum() == pytest.approx(lucene_idf(9, 2))
    nothing = learn(
        Content((), np.empty(0, np.int64)), np.empty(0), lambda _: np.empty(0, np.int64), 9
    )
    assert isinstance(nothing, LearnedTerms)
    assert nothing.terms == ()
