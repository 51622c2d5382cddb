"""An answer on a terminal."""

from __future__ import annotations

from dataclasses import replace

from bot.models import Explanation, Media, Source, TermShare, ThreadSummary
from bot.views.terminal.answer_output import answer_rows
from bot.views.terminal.next_commands import IN_CHAT
from tests.strategies import tweet
from tests.views.shown import PASSAGE, an_answer, hit
from tests.views.terminal.tty import plain


def test_an_answer_names_thread_tweet_and_each_source() -> None:
    said = plain(answer_rows(an_answer()))
    assert "1. Ports grow quiet\n" in said
    assert "   tweet 2 of 3\n" in said
    assert "   Source: https://x.com/anna/status/1901 · news.example/port…\n" in said
    assert "File: a.txt:2" not in said
    every = plain(answer_rows(an_answer(), all_sources=True))
    assert "   Source: https://x.com/anna/status/1901\n" in every
    assert "   Find on X: https://x.com/search?q=%22On%22\n" in every
    assert "   As printed: news.example/port…\n" in every
    assert "   File: a.txt:2\n" in every
    assert "threadbot thread 0123456789ab --from 2" in said


def test_an_answer_of_nothing_tells_the_words_and_what_to_try() -> None:
    title = ThreadSummary("0123456789ab", "Ports grow quiet", None, 3, complete=True)
    nothing = an_answer(hits=(), suggestions=("no ships",), titles=(title,))
    assert plain(answer_rows(nothing)).split("\n") == [
        "Nothing matches.",
        "Searched for: ship (1 tweet)",
        "Did you mean: threadbot ask 'no ships'",
        "The loaded threads include:",
        "  Ports grow quiet",
        "",
    ]


OTHER = replace(PASSAGE, position=3, tweet=tweet("No ship on Tuesday."), highlights=((3, 7),))


def test_tweets_are_below_the_title_of_their_thread() -> None:
    many = an_answer(hits=(hit(more=(OTHER,), more_in_thread=11),), tweets=12, threads=1)
    said = plain(answer_rows(many))
    assert said.count("Ports grow quiet") == 1
    assert said.index("tweet 2 of 3") < said.index("tweet 3 of 3\n   No ship on Tuesday.\n")
    assert (
        "   All 12 in this thread: threadbot ask --thread 0123456789ab --limit 12 'no ship'\n"
        in said
    )
    assert said.count("Read on: ") == 1
    whole = an_answer(hits=(hit(more=(OTHER,), more_in_thread=1),), tweets=2)
    assert "in this thread" not in plain(answer_rows(whole))


def test_a_cut_link_is_printed_once_in_a_thread() -> None:
    said = plain(answer_rows(an_answer(hits=(hit(more=(OTHER,), more_in_thread=1),))))
    assert said.count("news.example/port…") == 1
    assert said.count("https://x.com/anna/status/1901") == 2


def test_the_file_is_named_where_there_is_no_other_source() -> None:
    bare = replace(PASSAGE, sources=(Source("dump", "a.txt:2", None),))
    assert "   File: a.txt:2\n" in plain(answer_rows(an_answer(hits=(hit(best=bare),))))


def test_matches_of_some_words_are_last_below_a_heading() -> None:
    some = [hit(rank=each, partial=True) for each in (2, 3)]
    said = plain(answer_rows(an_answer(hits=(hit(), *some), threads=3)))
    assert said.count("\nOnly some of the words\n") == 1
    assert said.index("1. Ports") < said.index("Only some") < said.index("2. Ports")
    assert "Only some" not in plain(answer_rows(an_answer()))


def test_a_repaired_question_is_said_to_be_one() -> None:
    repaired = an_answer(question="no ship", asked="no shpi")
    assert plain(answer_rows(repaired)).startswith(
        "Showing results for no ship.\nSearch instead for: threadbot ask --exact 'no shpi'\n"
    )
    assert "Search instead for: /exact\n" in plain(answer_rows(repaired, IN_CHAT))


def test_the_next_page_has_its_command() -> None:
    said = plain(answer_rows(an_answer(pages=3)))
    assert said.endswith("Next page (2 of 3): threadbot ask --page 2 'no ship'\n")
    assert "Next page" not in plain(answer_rows(an_answer(page=3, pages=3)))


def test_a_title_is_not_printed_again_as_the_first_tweet() -> None:
    first = replace(PASSAGE, position=1, tweet=tweet("Ports grow quiet\nNo ship."), highlights=())
    said = plain(answer_rows(an_answer(hits=(hit(best=first),))))
    assert said.count("Ports grow quiet") == 1
    assert "1. Ports grow quiet\n   tweet 1 of 3\n   No ship.\n" in said
    alone = replace(first, tweet=tweet("Ports grow quiet"), highlights=((0, 5),))
    later = plain(answer_rows(an_answer(hits=(hit(more=(alone,), more_in_thread=1),))))
    assert later.count("Ports grow quiet") == 1
    assert "tweet 1 of 3 · the title above\n   Source: " in later


def test_a_long_tweet_is_an_excerpt_around_its_words() -> None:
    text = f"{'Nothing. ' * 200}A ship came. {'Nothing. ' * 200}"
    at = text.index("ship")
    long = replace(PASSAGE, tweet=tweet(text), highlights=((at, at + 4),))
    said = plain(answer_rows(an_answer(hits=(hit(best=long),))))
    (line,) = [each for each in said.splitlines() if "A ship came." in each]
    assert len(line) < 620
    assert line.startswith("   …")
    assert line.endswith("…")


def test_alt_text_is_labelled_and_its_words_are_marked() -> None:
    photo = Media("photo", "https://pbs.example/1.jpg", alt="A ship at night")
    shown = replace(
        PASSAGE, tweet=replace(PASSAGE.tweet, media=(photo,)), alt_highlights=(((2, 6),),)
    )
    rows = answer_rows(an_answer(hits=(hit(best=shown),)))
    assert "   Photo: https://pbs.example/1.jpg\n   Alt text: A ship at night\n" in plain(rows)
    (row,) = [each for each in rows if each.lead.text == "Alt text: "]
    assert [each.text for each in row.spans if each.style == "match"] == ["ship"]


def test_each_tweet_is_explained() -> None:
    why = Explanation((TermShare("ship", 1, 2.0, 1.5),), 0.0, ())
    best, other = (replace(each, explanation=why) for each in (PASSAGE, OTHER))
    said = plain(answer_rows(an_answer(hits=(hit(best=best, more=(other,), more_in_thread=1),))))
    assert said.count("Score 1.50: ship 1.50 (idf 2.00, 1 ×)") == 2
