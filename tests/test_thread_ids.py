"""Stable thread ids."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.thread_ids import (
    ids,
    is_cut,
    key64,
    merged_ids,
    normalised,
    own_title,
    root_text,
    stem_key,
    stem_of,
    thread_id,
    tweet_key,
)
from tests.strategies import any_text, tweet

LONG = "Ports grow quiet as tariffs bite across three harbours"


def test_an_id_is_twelve_hexadecimal_digits_and_stays_what_it_was() -> None:
    own, aliases = ids([tweet(LONG)], None)
    assert own == "aefbe3b6a8c6"
    assert own in aliases
    assert own == thread_id(root_text([tweet(LONG)]))


def test_an_id_does_not_depend_on_what_follows_a_long_beginning() -> None:
    alone, _ = ids([tweet(LONG)], None)
    followed, _ = ids([tweet(LONG), tweet("On Monday no ship came.")], None)
    assert alone == followed


def test_threads_that_only_begin_with_the_same_short_words_differ() -> None:
    one, _ = ids([tweet("A thread 🧵"), tweet("On ports and cranes.")], None)
    other, _ = ids([tweet("A thread 🧵"), tweet("On rice and queues.")], None)
    assert one != other


def test_quotes_dashes_case_and_spaces_do_not_make_another_thread() -> None:
    typeset, _ = ids([tweet("“Ports” — it’s said — grow  quiet")], None)
    plain, _ = ids([tweet('"ports" - it\'s said - Grow quiet ')], None)
    assert typeset == plain


def test_who_wrote_it_makes_another_id_and_the_unsigned_one_an_alias() -> None:
    unsigned, _ = ids([tweet(LONG)], None)
    signed, aliases = ids([tweet(LONG, tweet_id="1900")], "Anna_Ports")
    assert signed != unsigned
    root = root_text([tweet(LONG)])
    beginning = thread_id(f"stem\n{stem_of(LONG)}")
    assert {signed, unsigned, thread_id(root, "anna_ports"), beginning} == aliases


@given(any_text)
def test_copies_of_one_tweet_are_equal_when_normalised(text: str) -> None:
    copied = f"  {text} ".replace("’", "'").replace("“", '"').replace(" ", "\u00a0")
    assert normalised(copied) == normalised(text)


@given(st.lists(any_text, min_size=1, max_size=4), st.sampled_from([None, "anna"]))
def test_the_same_tweets_have_the_same_id(texts: list[str], author: str | None) -> None:
    tweets = [tweet(each) for each in texts]
    elsewhere = [tweet(each, file="b.txt", line=9) for each in texts]
    assert ids(tweets, author) == ids(elsewhere, author)


def test_half_a_character_has_an_id_and_a_key_too() -> None:
    assert len(thread_id("\ud800")) == 12
    assert key64("\ud800") != key64("\ud801")


def test_a_key_stays_what_it_was() -> None:
    assert key64("from:anna") == 8441245044956284133
    assert key64("site:wsj.com") == -6163162229764371247


def test_a_thread_without_a_title_is_called_by_its_first_line() -> None:
    assert (
        own_title([tweet("Quiet ports\nA thread\nin three parts"), tweet("More")]) == "Quiet ports"
    )


def test_a_beginning_of_forty_characters_identifies_a_thread() -> None:
    told, short = "x" * 40, "x" * 39
    assert root_text([tweet(told), tweet("More")]) == f"\n{told}"
    assert root_text([tweet(short), tweet("More")]) == f"\n{short}\nmore"


def test_a_first_tweet_that_was_cut_has_the_stem_of_its_whole_text() -> None:
    whole = "The port has cut its night shifts, as the ferry owners asked it to."
    for cut in (whole[:50] + "…", whole[:45] + "...", whole[:40] + "…"):
        assert stem_of(cut) == stem_of(whole) == normalised(whole)[:40]
        assert is_cut(cut)
    assert not is_cut(whole)
    assert stem_of(whole[:39] + "…") == ""
    assert (stem_key("Short…"), stem_key(whole)) == (0, key64(normalised(whole)[:40]))


def test_a_key_of_a_tweet_is_its_id_if_that_is_a_number_of_64_bits() -> None:
    assert tweet_key("1900000000000000001") == 1900000000000000001
    assert tweet_key(str(2**63 - 1)) == 2**63 - 1
    for other in (str(2**63), "9" * 20, "https://m.example/@a/1", "٣"):
        assert tweet_key(other) == key64(other)


def test_versions_that_differ_in_everything_have_not_the_cube_of_their_number_of_ids() -> None:
    few = [([tweet(f"{LONG} {n}", tweet_id=f"{n}")], f"a{n}") for n in range(12)]
    assert len(merged_ids(few)) == 12 * 13 * 13
    many = [([tweet(f"{LONG} {n}", tweet_id=f"{n}")], f"a{n}") for n in range(200)]
    every = merged_ids(many)
    assert len(every) <= 4 * 200
    assert all(ids(*each)[1] <= every for each in many)


def test_a_merge_of_some_versions_has_an_id_that_is_known_of_them_all() -> None:
    one = [tweet(LONG, tweet_id="1900"), tweet("More")]
    other = [tweet(f"{LONG} edited", author="anna"), tweet("More", author="anna")]
    every = merged_ids([(one, None), (other, "anna")])
    for tweets in (one, other):
        for author in (None, "anna"):
            for first in (None, "1900"):
                assert thread_id(root_text(tweets), author, first) in every
