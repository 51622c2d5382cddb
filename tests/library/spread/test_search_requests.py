"""What parts answer while tweets are searched; `test_snapshot.py` compares whole answers."""

from __future__ import annotations

import numpy as np

from bot.library.spread.part import Scoring
from bot.library.spread.search_requests import (
    BesideTables,
    Best,
    Boosts,
    Chosen,
    Contributions,
    Count,
    Frequencies,
    NearTerms,
    Statistics,
    TermsWith,
    WordsOf,
)
from bot.search.candidates import Wanted
from bot.search.query import NO_FILTERS, Phrase, parse
from tests.library.spread.test_part import part

SCORING = Scoring(6.0, (("port", 1.0), ("ship", 1.0)))


def test_statistics_count_what_is_not_masked() -> None:
    asked = Statistics(("port", "rice"), (Phrase("no ship", ("no", "ship")),), (("from", "anna"),))
    whole, masked = asked.on(part()), asked.on(part([True, False]))
    assert (whole.terms.tolist(), whole.phrases.tolist()) == ([1, 1], [1])
    assert (masked.terms.tolist(), masked.phrases.tolist()) == ([0, 1], [0])
    assert (whole.filters.tolist(), masked.filters.tolist()) == ([True], [False])
    assert Frequencies((b"port",)).on(part()).tolist() == [1]


def test_only_what_is_chosen_is_found() -> None:
    one = part()
    query = parse("ports ships", one.own.analyzer)
    wanted = Wanted(query, None)
    chosen = Chosen(NO_FILTERS, (), (1,), undated=True, phrases=(), without=())
    assert Count(wanted, SCORING, None).on(one).tweets == 2
    assert Count(wanted, SCORING, chosen).on(one).tweets == 1
    best = Best(wanted, SCORING, None).on(one)
    assert sorted(best.docs.tolist()) == [0, 1]
    assert best.positions.tolist() == (best.docs + 1).tolist()
    assert b"tariff" in best.content.terms
    added = Contributions(SCORING, ("port", "ship"), 0).on(one)
    assert added[0] > 0
    assert added[1] == 0


def test_boosts_come_with_the_threads_of_the_best() -> None:
    docs = np.array([0, 2])
    asked = Boosts(6.0, (b"rice",), np.array([1.0]), docs, np.array([1.0, 0.5]), 1.5)
    found = asked.on(part())
    assert found.added[0] == 0 < found.added[1]
    assert [each.number for each in found.rows] == [0, 1]


def test_words_are_found_with_the_first_layer_that_has_them() -> None:
    one = part([True, False])
    (port, absent) = WordsOf(("port", "zebra")).on(one)
    assert port == ((3, "Ports"), False)  # it is masked
    assert absent == (None, False)
    assert TermsWith("ric").on(one) == ["price", "rice"]
    assert "port" in NearTerms("prots", suggests=False, as_stems=False).on(one)
    assert "port" in NearTerms("porta", suggests=True, as_stems=True).on(one)
    tables = BesideTables(("ship",), "port", (Phrase("monday", ("monday",)),)).on(part())
    assert (tables.own, tables.own_fits, tables.phrases.tolist()) == (1, False, [[0, 1]])
