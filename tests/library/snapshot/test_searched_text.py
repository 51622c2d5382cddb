"""Tests of what is searched of a tweet."""

from __future__ import annotations

from bot.library.snapshot.searched_text import searched_text
from bot.library.snapshot.snapshot import Snapshot
from bot.models import Card, Media, PollOption, Quote
from bot.search.highlights import highlights
from bot.search.query import Phrase
from tests.strategies import families_of, thread, tweet

POST = tweet(
    "Two cranes",
    media=(Media("photo", "https://a.example/b.jpg", "stand by an okapi"), Media("photo", "c")),
    poll=(PollOption("yes they do"), PollOption("no")),
    quote=Quote("walruses"),
    card=Card("narwhals", "dugongs"),
)
SNAPSHOT = Snapshot.build(1, families_of([thread(POST, "Nothing else")]))


def found(question: str) -> list[int]:
    documents: list[int] = SNAPSHOT.index.search(question, 9)[0].tolist()
    return documents


def test_a_tweet_of_words_alone_is_its_words() -> None:
    assert searched_text(tweet("Two cranes")) == "Two cranes"


def test_alt_texts_and_options_are_found_quotes_and_cards_are_not() -> None:
    assert found("okapi") == found("yes") == found("cranes") == [0]
    assert found("walruses") == found("narwhals") == found("dugongs") == []


def test_no_phrase_reaches_from_one_part_into_the_next() -> None:
    index = SNAPSHOT.index

    def phrase(words: str) -> list[int]:
        found: list[int] = index.holding(Phrase(words, tuple(index.analyzer.terms(words)))).tolist()
        return found

    assert phrase("two cranes") == phrase("by an okapi") == [0]
    assert phrase("cranes stand") == phrase("okapi yes") == phrase("do no") == []


def test_the_border_is_no_word() -> None:
    assert found("ǀ okapi") == [0]
    assert index_words() >= {"okapi", "cranes"}


def index_words() -> set[str]:
    return {*SNAPSHOT.parts[0].layer.words}


def test_words_of_an_alt_text_are_highlighted_there() -> None:
    analyzer = SNAPSHOT.index.analyzer
    alt = POST.media[0].alt or ""
    ((start, end),) = highlights(alt, set(analyzer.terms("okapis")), analyzer)
    assert alt[start:end] == "okapi"
