"""Versions of threads to one thread each."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshot import thread_merge
from bot.library.snapshot.thread_merge import (
    MANY_VERSIONS,
    begins,
    merge,
    merge_versions,
    merged_media,
    versions_by_thread,
    with_few_versions,
)
from bot.loader.parser import read_dump
from bot.models import Card, Link, Media, PollOption, Quote, Thread
from bot.thread_ids import normalised
from tests.conftest import SEED
from tests.strategies import thread, tweet, versions

ROOT = "Ports grow quiet as tariffs bite across three harbours"
NEXT = "On Monday no ship came."


def texts(one: Thread) -> list[str]:
    """What its tweets say."""
    return [each.text for each in one.tweets]


@given(
    st.lists(versions, max_size=6).flatmap(
        lambda made: st.tuples(st.just(made), st.permutations(made))
    )
)
def test_the_order_of_the_dumps_is_all_one(made: tuple[list[Thread], list[Thread]]) -> None:
    given_so, given_otherwise = made
    assert set(merge(given_so)) == set(merge(given_otherwise))


@given(st.lists(versions, max_size=6))
def test_nothing_that_a_version_says_is_lost(made: list[Thread]) -> None:
    for group, home in zip(versions_by_thread(made), merge(made), strict=True):
        for version in group:
            for said in version.tweets:
                assert any(
                    normalised(said.text) == normalised(kept.text)
                    or (begins(said, kept) and len(said.text) < len(kept.text))
                    for kept in home.tweets
                )
            assert set(version.dumps) <= set(home.dumps)
            assert version.aliases <= home.aliases
            assert home.complete or not version.complete


@given(st.lists(versions, max_size=6))
def test_nothing_is_made_up(made: list[Thread]) -> None:
    known = {each.text for version in made for each in version.tweets}
    for one in merge(made):
        assert {each.text for each in one.tweets} <= known
        assert one.id in one.aliases


@given(st.lists(versions, max_size=6))
def test_merging_what_is_merged_changes_nothing(made: list[Thread]) -> None:
    once = merge(made)
    assert merge(once) == once


@given(st.lists(versions, max_size=6))
def test_every_version_belongs_to_one_family(made: list[Thread]) -> None:
    placed = [id(each) for group in versions_by_thread(made) for each in group]
    assert sorted(placed) == sorted(id(each) for each in made)
    for group in versions_by_thread(made):
        authors = {each.author.lower() for each in group if each.author}
        assert len(authors) <= 1


@given(versions)
def test_a_thread_alone_stays_as_it_is(one: Thread) -> None:
    (merged,) = merge([one])
    assert merged == replace(one, aliases=merged.aliases)
    assert one.aliases <= merged.aliases


def test_the_whole_thread_and_its_preview_are_one_thread_that_names_both_dumps() -> None:
    full = thread(ROOT, NEXT, "By Tuesday the sheds were full.", file="full.txt")
    preview = thread(ROOT, NEXT, complete=False, file="preview.txt")
    (merged,) = merge([preview, full])
    assert merged.complete
    assert merged.tweets == full.tweets
    assert merged.dumps == ("full.txt", "preview.txt")
    assert merged.id == full.id == preview.id


def test_the_fullest_text_of_a_tweet_wins_wherever_it_comes_from() -> None:
    cut = thread(ROOT, "On Monday no ship…", "By Tuesday the sheds were full.")
    long = thread(ROOT, NEXT, complete=False, file="b.txt")
    (merged,) = merge([cut, long])
    assert texts(merged) == [ROOT, NEXT, "By Tuesday the sheds were full."]
    assert merged.tweets[1].file == "b.txt"


def test_tweets_that_only_one_version_has_keep_their_place() -> None:
    one = thread(ROOT, "First point.", "Third point.")
    other = thread(ROOT, "Second point.", "Third point.", "Fourth point.", complete=False)
    (merged,) = merge([one, other])
    assert texts(merged)[0] == ROOT
    assert texts(merged)[-2:] == ["Third point.", "Fourth point."]
    assert set(texts(merged)[1:-2]) == {"First point.", "Second point."}


def test_all_that_is_known_of_a_tweet_is_kept() -> None:
    bare = thread(tweet(ROOT, links=(Link("news.example/…"),)), complete=False)
    rich = thread(
        tweet(
            ROOT,
            mentions=("ben",),
            links=(Link("https://news.example/a", "https://news.example/a"),),
            created_at="2025-06-13",
            permalink="https://x.com/a/status/1900",
            tweet_id="1900",
            author="ben",
        ),
        file="b.txt",
    )
    exact = thread(tweet(ROOT, created_at="2025-06-13T08:30:00+00:00"), file="c.txt")
    for order in ([bare, rich, exact], [exact, bare, rich]):
        (merged,) = merge(order)
        kept = merged.tweets[0]
        assert kept.mentions == ("ben",)
        assert kept.links[0].url == "https://news.example/a"
        assert kept.permalink == "https://x.com/a/status/1900"
        assert kept.tweet_id == "1900"
        assert kept.author == "ben"
        assert kept.created_at == "2025-06-13T08:30:00+00:00"


WHOLE = Link("https://news.example/a", "https://news.example/a")
OTHER = Link("https://news.example/b", "https://news.example/b")
CUT = Link("news.example/…")


@pytest.mark.parametrize(
    ("longer", "shorter", "kept"),
    [
        ((WHOLE,), (OTHER,), (WHOLE,)),
        ((CUT,), (WHOLE,), (WHOLE,)),
        ((WHOLE,), (CUT, CUT), (WHOLE,)),
        ((WHOLE,), (WHOLE, OTHER), (WHOLE, OTHER)),
        ((WHOLE, OTHER), (WHOLE,), (WHOLE, OTHER)),
        ((), (CUT,), (CUT,)),
        ((CUT,), (), (CUT,)),
        ((), (), ()),
    ],
)
def test_the_links_with_the_most_whole_addresses_win_else_those_of_the_fuller_text(
    longer: tuple[Link, ...], shorter: tuple[Link, ...], kept: tuple[Link, ...]
) -> None:
    full = thread(tweet(f"{ROOT} and more", links=longer))
    cut = thread(tweet(f"{ROOT}…", links=shorter), complete=False, file="b.txt")
    for order in ([full, cut], [cut, full]):
        merged = merge_versions(order)
        assert merged.tweets[0].links == kept


def test_of_versions_of_equal_length_the_wordier_leads() -> None:
    one = thread(ROOT, "First point.", file="a.txt")
    other = thread(ROOT, "A second and longer point.", file="b.txt")
    for order in ([one, other], [other, one]):
        (merged,) = merge(order)
        assert merged.dumps == ("b.txt", "a.txt")


def test_the_version_with_more_tweets_leads_however_short_they_are() -> None:
    many = thread(ROOT, "One.", "Two.", file="b.txt")
    wordy = thread(ROOT, "A second and much longer point.", file="a.txt")
    (merged,) = merge([wordy, many])
    assert merged.dumps == ("b.txt", "a.txt")


def test_a_tweet_by_somebody_else_keeps_its_author() -> None:
    signed = thread(tweet(ROOT), tweet(NEXT, author="ben"), author="anna_ports")
    (merged,) = merge([signed, thread(ROOT, file="b.txt")])
    assert [each.author for each in merged.tweets] == ["anna_ports", "ben"]


def test_a_tweet_without_words_that_both_versions_have_is_kept_once() -> None:
    picture = tweet("", links=(WHOLE,))
    one, other = thread(ROOT, picture, NEXT), thread(ROOT, picture, complete=False, file="b.txt")
    (merged,) = merge([one, other])
    assert texts(merged) == [ROOT, "", NEXT]


def test_an_unknown_author_stays_unknown() -> None:
    (merged,) = merge([thread(ROOT, NEXT), thread(ROOT, file="b.txt")])
    assert merged.author is None
    assert [each.author for each in merged.tweets] == [None, None]


def test_equal_tweets_between_different_ones_are_kept_once() -> None:
    one = thread(ROOT, "First point.", NEXT, "By Tuesday the sheds were full.")
    other = thread(ROOT, NEXT, "On Sunday it rained.", complete=False, file="b.txt")
    (merged,) = merge([one, other])
    assert texts(merged)[:3] == [ROOT, "First point.", NEXT]
    assert sorted(texts(merged)[3:]) == ["By Tuesday the sheds were full.", "On Sunday it rained."]


def test_a_tweet_that_comes_three_times_stays_three_times() -> None:
    one = thread(ROOT, "Quiet.", "Quiet.", "Quiet.")
    other = thread(ROOT, "Quiet.", "Quiet.", complete=False, file="b.txt")
    (merged,) = merge([one, other])
    assert texts(merged) == [ROOT, "Quiet.", "Quiet.", "Quiet."]


def test_an_unsigned_version_joins_the_only_author_and_keeps_its_id_as_an_alias() -> None:
    unsigned, signed = thread(ROOT, NEXT), thread(ROOT, author="anna_ports", file="b.txt")
    (merged,) = merge([unsigned, signed])
    assert merged.author == "anna_ports"
    assert {each.author for each in merged.tweets} == {"anna_ports"}
    assert merged.id == signed.id
    assert unsigned.id in merged.aliases


def test_of_two_authors_neither_takes_the_unsigned_version() -> None:
    anna, ben = thread(ROOT, author="anna_ports"), thread(ROOT, author="ben_desk", file="b.txt")
    unsigned = thread(ROOT, file="c.txt")
    assert {each.author for each in merge([anna, unsigned, ben])} == {
        "anna_ports",
        "ben_desk",
        None,
    }


def test_an_authors_case_does_not_part_a_thread() -> None:
    assert len(merge([thread(ROOT, author="Anna_Ports"), thread(ROOT, author="anna_ports")])) == 1


def test_a_posts_id_parts_what_its_words_do_not() -> None:
    one, other = thread(tweet(ROOT, tweet_id="1900")), thread(tweet(ROOT, tweet_id="1901"))
    assert len(merge([one, other])) == 2
    assert len(merge([one, thread(ROOT)])) == 1


def test_a_given_title_and_a_source_stay() -> None:
    titled = thread(ROOT, title="Quiet ports", source_url="https://threads.example/1")
    (merged,) = merge([thread(ROOT, NEXT, file="b.txt"), titled])
    assert (merged.title, merged.source_url) == ("Quiet ports", "https://threads.example/1")


@pytest.mark.parametrize(
    ("one", "other", "cut"),
    [
        ("On Monday no…", NEXT, True),
        ("On Monday no...", NEXT, True),
        (NEXT, NEXT, True),
        ("On Tuesday…", NEXT, False),
        ("…", NEXT, False),
    ],
)
def test_a_cut_is_the_beginning_of_the_other(one: str, other: str, cut: bool) -> None:  # noqa: FBT001  # a parameter of the case
    assert begins(tweet(one), tweet(other)) is cut
    assert begins(tweet(other), tweet(one)) is cut


def test_the_given_dump_merged_with_itself_is_itself() -> None:
    threads = read_dump(SEED.read_bytes(), SEED.name).threads
    assert merge([*threads, *threads]) == threads
    assert merge_versions([threads[0]] * 3) == threads[0]


ONE_URL, TWO_URL = "https://pbs.twimg.com/media/A", "https://pbs.twimg.com/media/B"


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ([], [], []),
        ([Media("photo", ONE_URL)], [], [Media("photo", ONE_URL)]),
        (
            [Media("photo", f"{ONE_URL}.jpg", file="0.jpg")],
            [Media("photo", f"{ONE_URL}?format=jpg&name=large", "A crane")],
            [Media("photo", f"{ONE_URL}.jpg", "A crane", None, "0.jpg")],
        ),
        (
            [Media("photo", f"{ONE_URL}.jpg"), Media("photo", f"{TWO_URL}.jpg")],
            [Media("photo", f"{TWO_URL}.jpg", "B")],
            [Media("photo", f"{ONE_URL}.jpg"), Media("photo", f"{TWO_URL}.jpg", "B")],
        ),
        (
            [Media("photo", "https://cdn.example/1"), Media("photo", "https://cdn.example/2")],
            [
                Media("photo", f"{ONE_URL}.jpg", "A"),
                Media("video", f"{TWO_URL}.jpg", None, "https://v"),
            ],
            [
                Media("photo", "https://cdn.example/1", "A"),
                Media("video", "https://cdn.example/2", None, "https://v"),
            ],
        ),
    ],
)
def test_what_one_version_lacks_of_media_the_other_adds(
    one: list[Media], other: list[Media], both: list[Media]
) -> None:
    assert merged_media(one, other) == tuple(both)
    assert len(merged_media(other, one)) == len(both)


def test_a_version_without_media_does_not_lose_the_others() -> None:
    rich = tweet(
        NEXT,
        author="anna",
        author_name="Anna",
        media=(Media("photo", ONE_URL, "A crane"),),
        quote=Quote("Hm, well", None, "Ben"),
        poll=(PollOption("Yes", 3),),
        card=Card("T"),
    )
    poor = tweet(
        f"{NEXT} None at all.", author="anna", quote=Quote("Hm", "ben"), poll=(PollOption("Yes"),)
    )
    (merged,) = merge([thread(ROOT, poor, author="anna"), thread(ROOT, rich, author="anna")])
    _, one = merged.tweets
    assert one.text == poor.text
    assert (one.media, one.card, one.author_name) == (rich.media, rich.card, "Anna")
    assert one.quote == Quote("Hm, well", "ben", "Ben")
    assert one.poll == (PollOption("Yes", 3),)
    (merged,) = merge([thread(ROOT, rich, author="anna"), thread(ROOT, poor, author="anna")])
    assert merged.tweets[1].quote == one.quote


def test_the_fuller_version_s_longer_quote_stays() -> None:
    full = tweet(f"{NEXT} None at all.", author="anna", quote=Quote("Hm, well", None, "Ben"))
    cut = tweet(NEXT, author="anna", quote=Quote("Hm", "ben"))
    (merged,) = merge([thread(ROOT, cut, author="anna"), thread(ROOT, full, author="anna")])
    assert merged.tweets[1].quote == Quote("Hm, well", "ben", "Ben")


def test_a_tweet_without_words_keeps_its_place() -> None:
    shown = tweet("", media=(Media("photo", ONE_URL),))
    (merged,) = merge([thread(ROOT, shown, NEXT), thread(ROOT, shown, NEXT, file="b.txt")])
    assert texts(merged) == [ROOT, "", NEXT]
    (merged,) = merge([thread(shown, ROOT), thread(shown, ROOT, file="b.txt")])
    assert merged.title == ROOT


LONG_FIRST = "Ports grow quiet as tariffs bite across three harbours, says the union"


@st.composite
def overlapping(draw: st.DrawFn) -> tuple[Thread, list[Thread]]:
    """A thread with ids, and parts of it that overlap, some with a first tweet cut or edited."""
    count = draw(st.integers(2, 8))
    words = [LONG_FIRST, *(f"Number {number}. {ROOT}" for number in range(1, count))]
    tweets = [tweet(text, tweet_id=f"19{at:02}", line=at) for at, text in enumerate(words)]
    whole = thread(*tweets, author="anna_ports")
    parts, covered = [], 0
    while covered < count:
        start = draw(st.integers(0, max(covered - 1, 0)))
        end = draw(st.integers(covered + 1, count))
        part = tweets[start:end]
        how = draw(st.sampled_from(["whole", "cut", "edited", "without ids"]))
        if start == 0 and how == "cut":
            part[0] = replace(part[0], text=LONG_FIRST[: draw(st.integers(41, 60))] + "…")
        elif start == 0 and how == "edited":
            part[0] = replace(part[0], text=LONG_FIRST.replace("Ports", "Port"))
        elif how == "without ids" and covered == 0:
            part = [replace(each, tweet_id=None) for each in part]
        author = draw(st.sampled_from([None, "anna_ports", "Anna_Ports"]))
        parts.append(thread(*part, author=author, complete=draw(st.booleans())))
        covered = end
    if draw(st.booleans()):
        cut = replace(tweets[0], text=LONG_FIRST[:48] + "…", tweet_id=None)
        parts.append(thread(cut, complete=False))
    return whole, draw(st.permutations([*parts, whole]))


@given(overlapping())
def test_any_parts_that_overlap_are_one_thread(made: tuple[Thread, list[Thread]]) -> None:
    whole, parts = made
    (one,) = merge(parts)
    assert [each.tweet_id for each in one.tweets] == [each.tweet_id for each in whole.tweets]
    assert texts(one)[1:] == texts(whole)[1:]
    for size in range(1, len(parts)):  # an id that it had before stays valid
        for before in merge(parts[:size]):
            assert before.id in one.aliases


def test_tweets_with_the_same_words_and_other_ids_stay_two() -> None:
    (one,) = merge(
        [
            thread(tweet(ROOT, tweet_id="1"), tweet("Yes.", tweet_id="2")),
            thread(tweet(ROOT, tweet_id="1"), tweet("Yes.", tweet_id="3")),
        ]
    )
    assert [each.tweet_id for each in one.tweets] == ["1", "2", "3"]


def test_a_tweet_that_is_twice_in_a_version_is_there_once() -> None:
    (one,) = merge([thread(tweet(ROOT, tweet_id="1"), tweet("Yes.", tweet_id="1"))])
    assert texts(one) == [ROOT]


def test_a_cut_beginning_of_two_threads_belongs_to_neither() -> None:
    ends = (" says the union", " says the mayor")
    threads = [thread(f"{LONG_FIRST}{end}") for end in ends]
    cut = thread(f"{LONG_FIRST[:50]}…", complete=False)
    assert len(merge([*threads, cut])) == 3
    assert len(merge([threads[0], cut])) == 1
    assert len(merge([cut, thread(f"{LONG_FIRST[:44]}…", complete=False)])) == 1
    known = thread(tweet(f"{LONG_FIRST[:50]}…", tweet_id="7"), complete=False)
    assert len(merge([thread(tweet(LONG_FIRST, tweet_id="8")), known])) == 2
    assert len(merge([thread(LONG_FIRST, author="anna"), thread(cut.tweets[0], author="ben")])) == 2


def test_threads_by_the_faults_found_in_the_field_are_one() -> None:
    whole = [
        tweet("The port has cut its night shifts. More at", tweet_id="1900000000000000001"),
        tweet("Nobody told the dockers why.", tweet_id="1900000000000000002"),
        tweet("They will meet on Friday.", tweet_id="1900000000000000003"),
    ]
    cut = [replace(whole[0], text="The port has cut its night"), whole[1]]
    edited = [replace(whole[0], text="The port has cut ALL its night shifts."), whole[1]]
    for parts in permutations([whole, cut, edited]):
        (one,) = merge([thread(*each, author="ann_field") for each in parts])
        assert texts(one)[1:] == [each.text for each in whole[1:]]
        assert one.tweets[0].text == whole[0].text


def test_long_versions_are_merged_as_short_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(19)  # noqa: S311
    for _ in range(50):
        whole = [f"Port {n} is quiet." for n in range(30)]
        one, other = (
            thread(
                ROOT,
                *(
                    f"{each} {name}" if dice.random() < 0.3 else each
                    for each in whole
                    if dice.random() < 0.8
                ),
                file=f"{name}.txt",
            )
            for name in ("a", "b")
        )
        expected = merge([one, other])
        with monkeypatch.context() as patch:
            patch.setattr(thread_merge, "MOST_COMPARED", 0)
            patch.setattr("difflib.SequenceMatcher", None)
            assert merge([one, other]) == expected


def test_most_of_what_long_versions_share_in_order_is_found() -> None:
    assert thread_merge.in_order("abcdef", "axcbef") == [(0, 0), (2, 2), (4, 4), (5, 5)]
    assert thread_merge.in_order("abc", "xyz") == []


def many(number: int) -> list[Thread]:
    """Versions of a thread, each with a tweet of its own."""
    return [
        thread(
            tweet(f"{ROOT} {n}", tweet_id="1900000000000000000"),
            tweet(f"{NEXT} {n}", tweet_id=f"19000000000000{n:05}"),
        )
        for n in range(1, number + 1)
    ]


def test_very_many_versions_are_merged_with_little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0

    def counting(text: str) -> str:
        nonlocal read
        read += 1
        return normalised(text)

    monkeypatch.setattr(thread_merge, "normalised", counting)
    (merged,) = merge(many(400))
    assert [each.tweet_id for each in merged.tweets] == [
        "1900000000000000000",
        *(f"19000000000000{n:05}" for n in range(1, 401)),
    ]
    assert read < 400 * 100  # one after the other, they would be 160,000


def test_very_many_versions_of_a_thread_become_one_in_the_place_of_the_first() -> None:
    few, other = many(MANY_VERSIONS), thread("Another thread that is long enough to be known by it")
    assert with_few_versions(few) is few
    assert with_few_versions([*few, other]) == [*few, other]
    versions_of = many(MANY_VERSIONS + 1)
    (merged,) = merge(versions_of)
    found = with_few_versions([other, *versions_of, other])
    assert list(found) == [other, merged, other]
