"""A part of a library that is in this process."""

from __future__ import annotations

from typing import Any

import numpy as np

from bot.library.snapshot.layered import Part as LayerPart
from bot.library.spread.part import LocalPart, Scoring, every, results, weight
from bot.library.spread.search_requests import Statistics
from bot.search.bm25.idf import lucene_idf
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of


def part(gone: list[bool] | None = None) -> LocalPart:
    layer = snapshot_of(PORTS, RICE).parts[0].layer
    return LocalPart([LayerPart(layer, None if gone is None else np.array(gone))], [3])


def test_facts_leave_masked_threads_out() -> None:
    whole, masked = part().facts, part([True, False]).facts
    assert (whole.size, whole.documents, whole.numbers, whole.threads) == (4, 4, 2, 2)
    assert (masked.size, masked.documents, masked.numbers, masked.threads) == (4, 2, 2, 1)
    assert masked.length < whole.length
    assert masked.title_length < whole.title_length
    assert whole.undated == 4


def test_it_scores_with_the_statistics_of_the_library() -> None:
    one = part()
    light, heavy = (
        one.index(Scoring(5.0, (("port", each),))).match(["port"]).scores[0] for each in (1.0, 2.0)
    )
    assert heavy == 2 * light
    long = one.index(Scoring(50.0, (("port", 1.0),))).match(["port"]).scores[0]
    assert long > light
    titles = one.title_index(Scoring(5.0, (("port", 1.0),))).match(["port"])
    assert titles.docs.tolist() == [0]
    assert weight(10, 3) == lucene_idf(10, 3)
    assert weight(10, 0) == 0


def test_all_begin_before_any_is_waited_for_and_those_here_are_last_to_begin() -> None:
    said: list[str] = []

    class Far:
        is_here = False
        dumps: frozenset[int] = frozenset()
        facts = part().facts

        def begin(self, request: Any) -> Any:
            said.append("begun")

            def result() -> Any:
                said.append("waited")
                return request

            return result

    class Here(Far):
        is_here = True

        def begin(self, request: Any) -> Any:
            def result() -> Any:
                said.append("done here")
                return request

            return result

    asked = [Statistics((each,)) for each in ("a", "b", "c")]
    answered: list[Any] = [*results([Far(), Here(), Far()], asked)]
    assert answered == asked
    assert said == ["begun", "begun", "done here", "waited", "waited"]
    found = every([LocalPart(snapshot_of(CAFE).parts, [0]), part()], Statistics(("port",)))
    assert [each.terms.tolist() for each in found] == [[1], [1]]
