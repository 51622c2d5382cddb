"""Finding threads, and completing titles while somebody types."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.library.snapshot.snapshot import Snapshot
from bot.models import Thread
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of
from tests.strategies import any_text, thread, tweet


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        (PORTS.id, 0),
        (f" {PORTS.id.upper()} ", 0),
        (sorted(PORTS.aliases - {PORTS.id})[0], 0),
        ("https://threads.example/thread/77.html/", 0),
        ("threads.example/thread/77.html?utm=1", 0),
        ("https://twitter.com/anna/status/1900", 0),
        ("https://x.com/anyone/status/1901?s=20", 0),
        ('rice prices double: "the queues begin at dawn"', 1),
        ("queues at dawn", 1),
        ("cafe owner", 2),
        ("nobody seen", 1),
        ("tariff harbours", 0),
        ("https://x.com/anna/status/1", None),
        ("https://x.com/ports/status/25", None),
        ("1900000000000000001", None),
        ("zebra", None),
        ("https://[", None),
        ("[/]", None),
        ("🔥", None),
        ("", None),
    ],
)
def test_a_thread_is_found_by_id_link_title_or_words(
    library: Snapshot, reference: str, found: int | None
) -> None:
    assert library.lookup.find(reference) == found


CHINA = snapshot_of(
    thread("Robots march in Beijing", "China shows its robots, and 8ceb0e646c06 is a word"),
    thread(tweet("China and the chips of China", tweet_id="1900123456789")),
    thread("The chips of China, and those of China again"),
    thread("China"),
    thread("Chinatown grows"),
    thread("Tariffs on x.com/anna/status/77 are told of"),
    thread("A decade since 20250613", "Signs were defaced, said 8ceb0e64"),
)
"""Threads whose titles share words."""


@pytest.mark.parametrize(
    ("reference", "kind", "numbers"),
    [
        # The title goes first, then titles with all the words, the best first.
        ("China", "title", [3, 1, 2]),
        ("  CHINA ", "title", [3, 1, 2]),
        ("chips china", "words", [1, 2]),
        ("again china chips", "words", [2]),
        # The beginning of a word counts where no title has the words.
        ("chinat", "prefix", [4]),
        ("rob bei", "prefix", [0]),
        ("ro", None, []),
        # Words of tweets come last, and are a guess.
        ("china robots", "tweets", [0]),
        # An id or a link is found exactly, or not at all.
        (CHINA.catalogue[4].summary.id, "id", [4]),
        (CHINA.catalogue[4].summary.id.upper(), "id", [4]),
        ("1900123456789", "id", [1]),
        ("https://x.com/anna/status/1900123456789", "id", [1]),
        ("8ceb0e646c06", None, []),
        # What looks like most of an id is no word, though a tweet has it.
        ("8ceb0e64", None, []),
        (CHINA.catalogue[4].summary.id[:11], None, []),
        (CHINA.catalogue[4].summary.id[:4], None, []),
        # Words of these letters, and short numbers, are words.
        ("decade", "words", [6]),
        ("defaced", "tweets", [6]),
        ("20250613", "words", [6]),
        ("1900123456780", None, []),
        ("https://x.com/anna/status/77", None, []),
        ("x.com/anna/status/77", None, []),
        ("china.example/robots", None, []),
        ("tariffs on x.com/anna/status/77", "words", [5]),
        ("zebra", None, []),
        ("", None, []),
    ],
)
def test_what_a_reference_fits_in_its_order(
    reference: str, kind: str | None, numbers: list[int]
) -> None:
    found = CHINA.lookup.matches(reference)
    assert (found.kind if found else None, found.numbers if found else []) == (kind, numbers)


@given(any_text)
def test_any_reference_names_a_thread_or_none(reference: str) -> None:
    assert FEW.lookup.find(reference) in (None, 0, 1, 2)


FEW = snapshot_of(PORTS, RICE, CAFE)


def test_a_part_of_the_start_of_an_id_is_no_word() -> None:
    named = thread("Ports grow quiet 43")
    number = re.match(r"\d+", named.id)
    assert number, named.id
    other = thread("Rice is dear", f"Cranes rest, {number[0]} of them", file="b.txt")
    both = snapshot_of(named, other)
    assert both.lookup.find(named.id[:6]) is None
    assert both.lookup.find(number[0]) == 1


def test_the_start_of_an_id_is_no_misspelt_word() -> None:
    made = (thread(f"Ports grow quiet {number}") for number in range(10_000))
    named = next(each for each in made if re.match(r"([a-f])(?!\1)[a-f]{4}", each.id))
    start = named.id[:5]
    other = thread(f"Cranes of {start[1]}{start[0]}{start[2:]}", file="b.txt")
    assert snapshot_of(other).lookup.find(start) == 0
    assert snapshot_of(named, other).lookup.find(start) is None


def test_an_address_that_is_none_does_not_keep_a_library_from_being_served() -> None:
    odd = replace(RICE, source_url="https://[threads.example/1")
    assert snapshot_of(odd).lookup.find(RICE.id) == 0


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [PORTS, RICE, CAFE]),
        ("por", [PORTS, CAFE]),
        ("POR qui", [PORTS]),
        ("cafe", [CAFE]),
        ("queues, dawn", [RICE]),
        ("ort", []),
        ("port zebra", []),
    ],
)
def test_titles_are_offered_by_the_beginnings_of_their_words(
    library: Snapshot, typed: str, found: list[Thread]
) -> None:
    assert [each.id for each in library.lookup.titles(typed, 25)] == [each.id for each in found]


def test_no_more_titles_are_offered_than_asked_for(library: Snapshot) -> None:
    assert [each.id for each in library.lookup.titles("", 2)] == [PORTS.id, RICE.id]
    assert library.lookup.titles("", 0) == []


def test_authors_whose_handle_begins_so_come_first() -> None:
    names = ("joanna", "anna_ports", "ben", "Hanna")
    library = snapshot_of(
        *(thread(f"{name} {PORTS.tweets[0].text}", author=name) for name in names)
    )
    assert library.lookup.authors("@ANNA", 9)[0] == "anna_ports"
    assert set(library.lookup.authors("@ANNA", 9)) == {"anna_ports", "joanna", "Hanna"}
    assert library.lookup.authors("anna", 1) == ["anna_ports"]
    assert library.lookup.authors("zebra", 9) == []


def test_examples_are_topics_of_titles_those_of_several_tweets_first() -> None:
    library = snapshot_of(
        thread("“Rice”"),
        thread("and of the"),
        thread("How the Second Harbour sails", file="b.txt"),
        thread("Ships pass the north crane late", "At the north crane all is quiet", file="c.txt"),
        thread("芯片出口管制收紧", file="d.txt"),
    )
    examples = ["the north crane", "Second Harbour sails", "Rice", "芯片出口管制收紧"]
    assert sorted(library.lookup.examples(9)) == sorted(
        [examples[0], "the Second Harbour sails", *examples[2:]]
    )
    assert library.lookup.examples(1) == examples[:1]


def test_an_example_finds_its_thread() -> None:
    made = [thread(f"Harbour {name} Sail Late: a story") for name in ("Ships", "Boats", "Rafts")]
    library = snapshot_of(*made)
    for topic in library.lookup.examples(3):
        found = library.lookup.find(topic)
        assert found is not None


def test_a_title_with_all_the_words_goes_before_a_tweet_with_them() -> None:
    titled = thread("Nothing of it is said here", title="Cranes and ships of the north")
    tweeted = thread("Cranes, cranes, ships and cranes in the north", file="b.txt")
    partly = thread("Cranes alone", file="c.txt")
    library = snapshot_of(partly, tweeted, titled)
    assert library.lookup.find("ships cranes") in (1, 2)
    assert snapshot_of(partly, titled).lookup.find("ships of the north") == 1


@pytest.mark.parametrize(
    ("reference", "kind", "said"),
    [
        (CHINA.catalogue[4].summary.id[:4], "id", CHINA.catalogue[4].summary.id),
        (CHINA.catalogue[4].summary.id[:11].upper(), "id", CHINA.catalogue[4].summary.id),
        ("8ceb0e64", "id", "Try words from its title"),
        ("https://e.org/a", "link", "Load a file that contains it"),
        (CHINA.catalogue[4].summary.id[:3], "words", "No thread matches"),
        ("zebra", "words", "No thread matches"),
    ],
)
def test_what_is_not_found_is_told_with_the_next_step(reference: str, kind: str, said: str) -> None:
    error = CHINA.lookup.not_found(reference)
    assert error.kind == kind
    assert said in str(error)


NUMBERS = snapshot_of(
    *(
        thread(
            f"Of {n} ships {n * 7} wait, {n:02x} at berth {n:x}",
            f"Crane {n:04x} of 8 and ceb0e646c06, {n}e{n} tonnes, a{n} b{n} c{n} d{n} e{n} f{n}",
            f"{n * 13} to {n * 17}: {n % 10} {n % 7} 0 00 06 646",
            file=f"{n}.txt",
        )
        for n in range(120)
    )
)
"""Threads full of numbers, and of parts that an id may be split into."""
SPELLINGS = (
    "{id}", " {id} ", "#{id}", "“{id}”", "`{id}`", "({id})", "{id}.", "id: {id}", "thread:{id}",
    "<{id}>", "thread {id}", "https://x.com/i/{id}", "https://example.org/thread/{id}?a=1",
    "<https://example.org/{id}>", "example.org/{id}", "[ships](https://example.org/{id})",
    "https://discord.com/channels/1/2/{id}",
)  # fmt: skip


def test_random_ids_open_no_thread() -> None:
    dice = random.Random(1)  # noqa: S311
    known = {alias for each in range(120) for alias in NUMBERS.catalogue[each].aliases}
    opened = []
    for number in range(2_000):
        made = f"{dice.getrandbits(48):012x}"
        made = made.upper() if number % 3 == 1 else made
        said = SPELLINGS[number % len(SPELLINGS)].format(id=made)
        if NUMBERS.lookup.find(said) is not None and made.lower() not in known:
            opened.append(said)
    assert opened == []


HEX = st.text("0123456789abcdef", min_size=4, max_size=64).filter(
    lambda text: re.search("[a-f]", text) and re.search("[0-9]", text)
)


@given(HEX | HEX.map(str.upper), st.sampled_from(SPELLINGS[:11]))
@example("8ceb0e646c06", "{id}")
@example("8CEB", "#{id}")
def test_digits_and_letters_of_an_id_are_no_words(hex_: str, spelling: str) -> None:
    said = spelling.format(id=hex_)
    found = NUMBERS.lookup.matches(said)
    for number in found.numbers[:1] if found else ():
        shown = NUMBERS.catalogue[number]
        words = said.strip().casefold().strip("#“”`()<>.").split()[-1]
        exact = words in shown.aliases or words in shown.summary.title.casefold().split()
        assert exact or len(hex_) < 8 or spelling == "thread {id}"


@pytest.mark.parametrize("spelling", SPELLINGS[:11])
def test_an_id_is_found_however_it_was_pasted(spelling: str) -> None:
    own = CHINA.catalogue[4].summary.id
    assert CHINA.lookup.find(spelling.format(id=own)) == 4
    assert CHINA.lookup.find(spelling.format(id=own.upper())) == 4
