"""Answers to questions, from a real library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.library.answers import TITLE_LENGTH, AnswerOptions, answer, is_repaired, search
from bot.library.library import Library
from bot.library.snapshot.snapshot import Snapshot
from bot.models import Answer, Thread, Tweet
from bot.search.query import parse
from bot.store.rows import Version
from tests.conftest import SEEDS
from tests.databases import at
from tests.strategies import families_of, thread, tweet

pytestmark = pytest.mark.usefixtures("each_database")


async def test_an_answer_says_how_thin_its_evidence_is(tmp_path: Path) -> None:
    async with Library.open(at(tmp_path), SEEDS) as library:
        answer = await library.ask("Malaysian robots")
        assert answer.words_matched == 1
        assert answer.tweets_with_most == answer.tweets
        assert [(word.word, word.tweets > 0) for word in answer.words] == [
            ("Malaysian", True),
            ("robots", True),
        ]


QUESTIONS = ["", "   ", "?!", "the", "@", "#", "\x00", "👩\u200d👩\u200d👧", "a" * 5000]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_question_breaks_it(tmp_path: Path, question: str) -> None:
    async with Library.open(at(tmp_path), SEEDS) as library:
        answer = await library.ask(question)
        assert all(hit.best.sources for hit in answer.hits)
        if question == "the":
            assert answer.hits


DATED = thread(
    tweet("Ports grow quiet as tariffs bite", created_at="2025-06-01"),
    tweet("On Monday no ship came to the harbour", created_at="2025-06-02"),
    tweet("The ship of Tuesday brought rice", created_at="2025-06-03"),
    tweet("No more ships, ports or rice", created_at="2025-06-04"),
    author="anna",
)

UNDATED = thread("Rice prices double at the ports", "The queues begin at dawn", file="b.txt")


def answered(question: str, **options: Any) -> Answer:
    """The answer of a snapshot of two threads."""
    snapshot = Snapshot.build(1, families_of([DATED, UNDATED]))
    query = parse(question, snapshot.index.analyzer)
    wanted = AnswerOptions(**{"limit": 5, **options})
    found = search(snapshot, query, wanted)
    every = [Version(row, each) for row, each in enumerate((DATED, UNDATED))]
    return answer(snapshot, found, every, wanted)


def hints(question: str) -> list[str]:
    return [str(each) for each in answered(question).hints]


def test_hits_are_numbered_and_the_best_tweet_of_a_thread_is_shown_first() -> None:
    made = answered("ports rice")
    assert [each.rank for each in made.hits] == [1, 2]
    assert {each.thread.title for each in made.hits} == {DATED.title, UNDATED.title}
    for each in made.hits:
        scores = [passage.score for passage in (each.best, *each.more)]
        assert scores == sorted(scores, reverse=True)
    assert (made.tweets, made.threads, made.words_matched) == (4, 2, 2)


def test_no_more_tweets_of_a_thread_are_shown_than_asked_for() -> None:
    (first,) = answered("ship", passages=2).hits
    assert (len(first.more), first.more_in_thread) == (1, 2)
    (alone,) = answered("ship", passages=1).hits
    assert (alone.more, alone.more_in_thread) == ((), 2)


@pytest.mark.parametrize(("page", "given"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_a_page_that_is_not_there_gives_the_last_one(page: int, given: int) -> None:
    made = answered("ports", limit=1, page=page)
    assert (made.page, made.pages) == (given, 3)
    assert [each.rank for each in made.hits] == [given]


def test_a_question_about_one_thread_has_all_its_tweets() -> None:
    (hit,) = answered("ship thread:ports", limit=9, passages=1).hits
    assert (len(hit.more), hit.more_in_thread) == (2, 2)


def test_a_misspelt_question_is_repaired_unless_it_is_wanted_as_it_is() -> None:
    made = answered("harbuor monday")
    assert (made.question, made.asked) == ("harbour monday", "harbuor monday")
    exact = answered("harbuor", exact=True)
    assert (exact.question, exact.asked, exact.hits) == ("harbuor", None, ())
    assert exact.suggestions == ("harbour",)
    assert exact.exact


def test_a_repair_that_the_filters_leave_nothing_of_is_not_made() -> None:
    made = answered("harbuor from:nobody")
    assert (made.question, made.asked, made.suggestions) == ("harbuor from:nobody", None, ())


def test_where_only_filters_find_nothing_the_words_alone_are_offered() -> None:
    made = answered("ships from:nobody -dawn")
    assert (made.hits, made.wider) == ((), "ships")
    assert "3 tweets match without from:nobody -dawn." in [str(each) for each in made.hints]
    assert "1 tweet matches without from:nobody." in hints("harbour from:nobody")
    assert "3 tweets match without from:nobody “no ship”." in hints('"no ship" from:nobody')
    assert answered("zebra from:nobody").wider is None
    assert answered("ships").wider is None


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("ships from:nobody", "No tweet here is by @nobody."),
        ("ships mentions:nobody", "No tweet here mentions @nobody."),
        ("ships site:e.org", "No tweet here links to e.org."),
        ('"ship harbour"', "No tweet contains the exact phrase “ship harbour”."),
        ("rice since:2025-06-02", "1 matching tweet was left out because it has no date."),
        (
            "ships thread:zebra",
            "No thread matches “zebra”. Try words from its title, or paste its link.",
        ),
    ],
)
def test_parts_of_a_question_without_effect_are_named(question: str, hint: str) -> None:
    assert hint in hints(question)
    assert hints("ships from:anna") == []
    assert hints("ships since:2025-06-02") == []  # no tweet without a date has ships


def test_a_thread_may_be_named_by_words_of_its_title() -> None:
    made = answered('ports thread:"rice prices"')
    assert [each.thread.title for each in made.hits] == [UNDATED.title]


def test_the_newest_come_first_where_they_are_asked_for() -> None:
    (first,) = answered("ship", newest=True).hits
    assert [each.position for each in (first.best, *first.more)] == [4, 3, 2]
    assert answered("ship", newest=True).newest


def test_titles_are_offered_where_nothing_is_found_and_only_there() -> None:
    assert [each.title for each in answered("zebra").titles] == [DATED.title, UNDATED.title]
    assert answered("ports").titles == ()


def test_scores_are_explained_where_that_is_asked_for() -> None:
    assert answered("ports rice").hits[0].best.explanation is None
    for each in answered("ports rice", explain=True).hits:
        told = each.best.explanation
        assert told is not None
        assert sum(share.score for share in told.terms) + told.boost == pytest.approx(
            each.best.score
        )


def test_highlights_are_the_words_that_were_asked_for() -> None:
    best = answered("ships").hits[0].best
    assert {best.tweet.text[start:end] for start, end in best.highlights} <= {"ship", "ships"}
    assert best.highlights


def test_each_passage_is_the_tweet_in_its_place() -> None:
    for each in answered("ports rice").hits:
        of_title = {DATED.title: DATED, UNDATED.title: UNDATED}[each.thread.title]
        for passage in (each.best, *each.more):
            assert passage.tweet.text == of_title.tweets[passage.position - 1].text


def test_a_phrase_narrows_an_answer_with_and_without_filters() -> None:
    assert answered('"no ship"').tweets == 1
    assert answered('"no ship" since:2025-06-02').tweets == 1
    assert answered('"no ship" since:2025-06-03').tweets == 0


def test_only_a_question_with_an_unknown_word_is_repaired_and_its_repair_is_kept() -> None:
    snapshot = Snapshot.build(1, families_of([DATED]))

    def repaired(question: str, *, exact: bool = False) -> tuple[bool, str | None]:
        query, options = parse(question, snapshot.index.analyzer), AnswerOptions(5, exact=exact)
        return (
            is_repaired(snapshot, query, options),
            search(snapshot, query, options).repair,
        )

    assert repaired("ports quiet") == (False, None)
    assert repaired("tarifs", exact=True) == (False, None)
    assert repaired("zzyzxqq ports") == (True, "zzyzxqq ports")
    assert repaired("tarifs bite") == (True, None)  # the repair is what was searched for


def test_a_thread_that_was_chosen_among_several_is_named() -> None:
    (chosen,) = hints("ship thread:ports")
    assert chosen == (
        "“thread:ports” is “Ports grow quiet as tariffs bite” here. 1 other thread has this in its "
        "title."
    )
    assert hints(f"ship thread:{DATED.id}") == []
    assert hints("ship thread:tariffs") == []
    (guess,) = hints("queues thread:dawn")
    assert guess == (
        "“thread:dawn” is “Rice prices double at the ports” here: no title has these words, but a "
        "tweet of this thread does."
    )
    start = DATED.id[:6]
    assert hints(f"ship thread:{start}")[0] == (
        f"No loaded thread has the id {start}. Write the whole id. Did you mean {DATED.id}?"
    )


def test_a_long_title_in_a_hint_is_cut() -> None:
    long = thread("Harbours " * 20, "Ships come")
    snapshot = Snapshot.build(1, families_of([long, thread("Harbours of rice", file="b.txt")]))
    query = parse("ships thread:harbours", snapshot.index.analyzer)
    (hint,) = search(snapshot, query, AnswerOptions(limit=5)).hints
    assert f"is “{('Harbours ' * 20)[:TITLE_LENGTH].rstrip()}…” here." in str(hint)


def test_without_dates_the_newest_are_all_that_match_the_best_first() -> None:
    newest = answered("rice prices queues", newest=True)
    plain = answered("rice prices queues")
    assert newest.tweets == plain.tweets > 2
    undated = answered(f"rice dawn thread:{UNDATED.id}", newest=True)
    assert undated.tweets == answered(f"rice dawn thread:{UNDATED.id}").tweets == 2
    assert answered("ship harbour", newest=True).tweets < answered("ship harbour").tweets


def test_a_handle_alone_finds_what_its_author_wrote() -> None:
    made = answered("@Anna")
    assert (made.tweets, made.question) == (4, "@Anna")
    assert [str(each) for each in made.hints] == ["Tweets by @anna: from:anna"]
    assert answered("@anna", limit=2, page=2).hits[0].more
    assert answered(f"@anna thread:{DATED.id} since:2025-06-03").tweets == 2
    assert answered(f"@anna thread:{UNDATED.id}").tweets == 0
    assert answered("@nobody").hits == ()
    assert hints("@nobody") == []


def test_a_handle_alone_finds_tweets_that_mention_it() -> None:
    texts: list[Tweet | str] = [
        tweet("Ports grow", mentions=("anna",)),
        "Rice is dear, says @ben",
        "@ben answers",
    ]
    snapshot = Snapshot.build(1, families_of([thread(*texts, author="ben")]))

    def found(question: str) -> tuple[int, list[str]]:
        query = parse(question, snapshot.index.analyzer)
        got = search(snapshot, query, AnswerOptions(limit=5))
        return got.ranking.tweets_found, [str(each) for each in got.hints]

    assert found("@anna") == (1, ["Tweets that mention @anna: mentions:anna"])
    count, said = found("@ben")  # among the words of tweets, and an author
    assert count < 3
    assert said == ["Tweets by @ben: from:ben"]
    assert found("@anna rice")[1] == []


def test_where_nothing_is_found_the_longest_threads_are_named() -> None:
    every = [
        thread("A preview of it", "2", "3", "4", complete=False),
        thread("Short"),
        thread("Longer", "two"),
        thread("Long", "two", "three"),
    ]
    snapshot = Snapshot.build(1, families_of(every))
    query, wanted = parse("zebra", snapshot.index.analyzer), AnswerOptions(limit=5)
    made = answer(snapshot, search(snapshot, query, wanted), [], wanted)
    assert [each.title for each in made.titles] == ["Long", "Longer", "Short"]


POST = thread(
    "A post from elsewhere about browsers", author="philhawksworth@indieweb.social", file="c.txt"
)


def found_in(question: str, *threads: Thread) -> Answer:
    """The answer of a snapshot of `threads`."""
    snapshot = Snapshot.build(1, families_of(threads))
    query = parse(question, snapshot.index.analyzer)
    wanted = AnswerOptions(5)
    every = [Version(row, each) for row, each in enumerate(threads)]
    return answer(snapshot, search(snapshot, query, wanted), every, wanted)


@pytest.mark.parametrize("question", ["from:anma", "from:@Anma", 'from:"anma"'])
def test_an_unknown_author_offers_the_nearest_handles(question: str) -> None:
    made = answered(question)
    assert made.suggestions == ("from:anna",)
    assert [str(each) for each in made.hints] == ["No tweet here is by @anma."]
    assert answered(f"ship {question}").suggestions == ("ship from:anna",)
    assert answered("from:zebedee").suggestions == ()


def test_an_author_on_mastodon_is_found_without_the_server() -> None:
    made = found_in("from:philhawksworth", DATED, POST)
    assert (made.tweets, made.hints, made.suggestions) == (1, (), ())
    assert found_in("browsers from:philhawksworth", DATED, POST).tweets == 1
    assert found_in("from:phil", DATED, POST).tweets == 0
    assert found_in("from:philhawksworth@mastodon.social", DATED, POST).tweets == 0


def test_filters_alone_that_find_nothing_are_named() -> None:
    made = answered("from:anna has:link")
    assert [str(each) for each in made.hints] == ["No tweet matches from:anna has:link."]


def test_a_star_at_the_end_of_a_word_is_no_operator() -> None:
    starred = hints("ports*")
    assert starred == ["“ports*”: the * is no operator here. The search is for the word “ports”."]
    assert answered("ports*").tweets == answered("ports").tweets > 0
    assert hints("*ports* f*** a* 2*3") == []
    repaired = answered("harbuor*")
    assert (repaired.question, repaired.asked) == ("harbour", "harbuor*")
    assert all("*" not in each for each in answered("mondy*", exact=True).suggestions)
    assert answered("mondy*", exact=True).suggestions


HARBOURS = thread(
    "香港的港口，港。", "船は港に着いた #港町", "Ships reach the harbour", file="d.txt"
)


@pytest.mark.parametrize("options", [{}, {"newest": True}, {"explain": True}])
def test_one_character_of_a_script_without_spaces_finds_all_tweets_with_it(
    options: dict[str, Any],
) -> None:
    snapshot = Snapshot.build(1, families_of([HARBOURS, DATED]))
    query = parse("港", snapshot.index.analyzer)
    wanted = AnswerOptions(5, **options)
    assert is_repaired(snapshot, query, wanted)  # which takes long in a large library
    every = [Version(row, each) for row, each in enumerate((HARBOURS, DATED))]
    made = answer(snapshot, search(snapshot, query, wanted), every, wanted)
    assert (made.tweets, made.threads, made.suggestions, made.hints) == (2, 1, (), ())
    assert [(each.word, each.tweets) for each in made.words] == [("港", 2)]
    assert (made.words_matched, made.tweets_with_most) == (1, 2)
    (hit,) = made.hits
    for passage in (hit.best, *hit.more):
        text = passage.tweet.text
        marked = {at for start, end in passage.highlights for at in range(start, end)}
        assert marked == {at for at, each in enumerate(text) if each == "港"}


def test_one_character_obeys_filters_and_is_not_found_where_it_is_not() -> None:
    assert found_in("港 from:anna", HARBOURS, DATED).wider == "港"
    nothing = found_in("鯨", HARBOURS, DATED)
    assert (nothing.tweets, nothing.suggestions) == (0, ())
    assert [(each.word, each.tweets) for each in nothing.words] == [("鯨", 0)]
    assert found_in("港 -町", HARBOURS, DATED).tweets == 2  # an exclusion is for whole words
