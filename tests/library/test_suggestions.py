"""Spelling suggestions: words near a misspelt one."""

from __future__ import annotations

from bot.library.suggestions import near_titles, nearest_words
from bot.models import ThreadSummary


def test_near_words_are_those_that_were_meant() -> None:
    known = {
        each.lower(): each for each in ["suitcase", "Malaysia", "zebra", "libra", "chips", "chops"]
    }
    tweets = {"chips": 5, "chops": 90}

    def near(word: str) -> list[str]:
        return [
            found
            for _, found in nearest_words(
                word, known, lambda terms: [tweets.get(each, 1) for each in terms]
            )
        ]

    assert near("suitcaze") == ["suitcase"]
    assert near("malaysa") == ["Malaysia"]
    assert near("xylophone") == []
    assert near("chxps") == ["chops", "chips"]  # as near, and more frequent
    assert near("mala") == ["Malaysia"]  # what it may become


def test_a_character_alone_suggests_the_pairs_that_the_index_knows() -> None:
    known = {each: each for each in ["芯片", "片出", "出口", "x", "chips"]}

    def near(word: str) -> list[str]:
        return [
            found
            for _, found in nearest_words(
                word, known, lambda terms: [{"片出": 2, "芯片": 9}[each] for each in terms]
            )
        ]

    assert near("芯") == ["芯片"]
    assert near("片") == ["芯片", "片出"]
    assert nearest_words("c", known, lambda terms: [1] * len(terms)) == []


def test_the_closest_titles_come_first_and_others_are_not_called_close() -> None:
    titles = ["Okapis graze at dawn", "Cranes of the harbour", "The okapi that swam"]
    threads = [
        ThreadSummary(f"{number:012x}", title, None, 3, complete=True)
        for number, title in enumerate(titles)
    ]

    def holding(typed: str, limit: int) -> list[ThreadSummary]:
        return [each for each in threads if typed.lower() in each.title.lower()][:limit]

    near, close = near_titles("the okapi that swims", holding, 10)
    assert close
    assert near[0] is threads[2]
    anything, close = near_titles("xyzzy", holding, 2)
    assert not close
    assert anything == threads[:2]
    assert near_titles("", holding, 2) == (threads[:2], False)
