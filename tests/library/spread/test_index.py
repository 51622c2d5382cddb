"""Statistics of parts are fetched once."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.library.snapshot.layer import analyzer
from bot.library.snapshot.layered import Part as LayerPart
from bot.library.snapshot.snapshot import Snapshot
from bot.library.spread import index
from bot.library.spread.part import LocalPart, Part
from bot.library.spread.snapshot import SpreadSnapshot
from bot.search.query import Phrase, parse
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of
from tests.library.spread.test_snapshot import Pickled
from tests.strategies import thread


def divided() -> tuple[SpreadSnapshot, Pickled]:
    layers = [snapshot_of(each).parts[0] for each in (PORTS, CAFE)]
    far = Pickled(LocalPart(layers[:1], [0]))
    parts: list[Part] = [far, LocalPart(layers[1:], [1])]
    return SpreadSnapshot(parts, layers[0].layer.index.analyzer, of=snapshot_of(RICE)), far


def test_statistics_are_fetched_in_one_round_and_kept() -> None:
    snapshot, far = divided()
    phrase = Phrase("no ship", ("no", "ship"))
    snapshot.index.ready(["port", "ship", "port"], [phrase], [("from", "anna")])
    assert far.rounds == 1
    assert snapshot.index.document_frequencies(["ship", "port"]) == [2, 2]
    assert snapshot.index.count(phrase) == 1
    assert snapshot.filter_columns.has("from", "anna")
    assert far.rounds == 1
    assert not snapshot.filter_columns.has("from", "zoe")
    assert far.rounds == 2


def test_a_question_takes_two_rounds_once_its_words_are_known() -> None:
    snapshot, far = divided()
    query = parse("ports ships", snapshot.index.analyzer)
    snapshot.rank(query, 3)
    before = far.rounds
    snapshot.catalogue._kept.clear()  # noqa: SLF001
    ranking = snapshot.rank(query, 3)
    assert [snapshot.catalogue[each.thread].summary.id for each in ranking.threads]
    assert far.rounds - before == 2


def test_they_are_forgotten_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "KNOWN", 1)
    snapshot, far = divided()
    assert snapshot.index.document_frequencies(["port", "ship"]) == [2, 2]
    assert snapshot.index.document_frequencies(["rice"]) == [0]
    before = far.rounds
    assert snapshot.index.document_frequency("port") == 2
    assert far.rounds == before + 1


@pytest.mark.parametrize("gone", [None, np.array([True])])
@pytest.mark.parametrize("places", [(0, 1), (1, 0)])
def test_a_word_is_that_of_the_lowest_layer(
    places: tuple[int, int], gone: NDArray[np.bool_] | None
) -> None:
    threads = thread("Ports and harbors"), thread("The port of the harbour")
    built = [snapshot_of(each).parts[0].layer for each in threads]
    layers = [LayerPart(built[0], gone), LayerPart(built[1])]
    ordered = [layers[each] for each in places]
    whole = Snapshot(1, ordered)
    parts = [LocalPart([layer], [place]) for place, layer in enumerate(ordered)][::-1]
    spread = SpreadSnapshot(parts, analyzer(), of=whole)
    found, expected = (each.vocabulary().near("prots") for each in (spread, whole))
    assert found == expected
    assert found["port"] == ("Ports" if places == (0, 1) else "port")
    found, expected = (each.vocabulary().like("harbo") for each in (spread, whole))
    assert found == expected
    assert "harbor" in found or "harbour" in found
