"""Front matter."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.loader.front_matter import (
    Head,
    documents,
    handle,
    metadata_from_options,
    split_front_matter,
    web_address,
)
from bot.loader.line_account import Account
from bot.loader.pages.display_formats import iso_date
from bot.loader.raw.decode import lines_of
from bot.loader.raw.line import Line
from bot.models import Metadata

POSSIBLE = [
    "",
    "---",
    "author: anna",
    "author:",
    "- ben",
    "tags:",
    "# note",
    "Text: of it",
    "x",
]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("@anna_ports", "anna_ports"),
        ("anna_ports", "anna_ports"),
        ("Anna Ports (@anna_ports)", "anna_ports"),
        ("https://x.com/anna_ports", "anna_ports"),
        ("https://www.twitter.com/anna_ports/", "anna_ports"),
        ("Anna Ports", None),
        ("a_handle_far_too_long", None),
        ("https://news.example/anna_ports", None),
    ],
)
def test_an_author_may_be_given_in_each_way_that_people_give_one(
    said: str, meant: str | None
) -> None:
    assert handle(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2025-06-13", "2025-06-13"),
        ("2025-06-13T08:30:00Z", "2025-06-13T08:30:00+00:00"),
        ("2025-06-13 08:30", "2025-06-13T08:30:00"),
        ("13 June 2025", "2025-06-13"),
        ("June 13, 2025 8:30 AM", "2025-06-13T08:30:00"),
        ("June 13", None),
        ("2025-02-30", None),
    ],
)
def test_a_date_is_iso_or_none(said: str, meant: str | None) -> None:
    assert iso_date(said) == meant


@pytest.mark.parametrize(
    "said", ["news.example/a", "ftp://news.example", "https://quay", "https://"]
)
def test_a_source_is_an_address_on_the_web_or_none(said: str) -> None:
    assert web_address(said) is None
    assert web_address("https://news.example/a") == "https://news.example/a"


@given(st.lists(st.sampled_from(POSSIBLE), max_size=9))
def test_the_body_is_the_end_of_the_dump_and_nothing_without_a_notice_is_left_out(
    texts: list[str],
) -> None:
    lines = [Line(number, text) for number, text in enumerate(texts, start=1)]
    account = Account("a.txt")
    head, body = split_front_matter(lines, account)
    assert list(body) == lines[len(lines) - len(body) :]
    above = lines[: len(lines) - len(body)]
    told = {notice.line for notice in account.notices}
    assert all(line.number in told for line in above if line.text == "x")
    unknown = [line for line in above if line.text == "Text: of it"]
    # One notice names all unknown keys of a block.
    assert not unknown or (
        unknown[0].number in told and any("“text”" in each.message for each in account.notices)
    )
    assert (head.metadata == Metadata()) or above


def split(text: str) -> tuple[Head, list[str], list[int | None]]:
    """What the block above `text` says, the lines below it, and the lines with a notice."""
    account = Account("a.txt")
    head, body = split_front_matter(lines_of(text), account)
    return head, [line.text for line in body], [notice.line for notice in account.notices]


def said(*lines: str) -> Metadata:
    """What a block of `lines` says, if it says it without a notice."""
    head, body, notices = split("\n".join(["---", *lines, "---", "Ports"]))
    assert (body, notices) == (["Ports"], [])
    return head.metadata


def test_text_without_a_block_is_left_as_it_is() -> None:
    for text in ("", "\n", "Ports\n---\nauthor: anna\n---"):
        assert split(text) == (Head(), text.split("\n"), [])


def test_a_block_gives_author_source_date_and_title() -> None:
    head, body, notices = split(
        "\n---\nauthor: @anna_ports\nsource: https://news.example/a\n"
        "date: 2025-06-13\ntitle: Night  shifts\n---\n\nPorts"
    )
    told = Metadata("anna_ports", "https://news.example/a", "2025-06-13", "Night shifts")
    assert (head, body, notices) == (Head(told, is_there=True), ["", "Ports"], [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("by: anna", Metadata(author="anna")),
        ("Handle: '@anna'", Metadata(author="anna")),
        ('USERNAME: "anna"', Metadata(author="anna")),
        ("url: https://news.example/a", Metadata(source="https://news.example/a")),
        ("link: https://news.example/a", Metadata(source="https://news.example/a")),
        ("published: 2025-06-13", Metadata(date="2025-06-13")),
        ("date_published: 2025-06-13", Metadata(date="2025-06-13")),
        ("posted: 2025-06-13", Metadata(date="2025-06-13")),
        ("author:anna", Metadata(author="anna")),
        ("source:https://news.example/a", Metadata(source="https://news.example/a")),
        ("tags: ports", Metadata()),
        ("author:", Metadata()),
        ("author: ''", Metadata()),
        ("# author: anna", Metadata()),
        ("#", Metadata()),
        ("author:\n  - '[[@anna]]'", Metadata(author="anna")),
        ("tags:\n- ports\n- a long tale", Metadata()),
    ],
)
def test_keys_may_have_the_names_that_clippers_and_notebooks_use(line: str, told: Metadata) -> None:
    assert said(line) == told


@pytest.mark.parametrize(
    "key", ["created", "date_clipped", "clipped", "saved", "date_saved", "accessed", "retrieved"]
)
def test_the_day_on_which_a_page_was_saved_is_not_the_thread_s(key: str) -> None:
    head, _, notices = split(f"---\n{key}: 2025-06-14T08:30:00Z\n{key}: 2025-06-15\n---\nPorts")
    assert head == Head(Metadata(), date(2025, 6, 14), is_there=True)
    assert notices == []
    assert split(f"---\n{key}: today\n---\nPorts")[0] == Head(is_there=True)


def test_a_source_on_x_names_the_author_unless_the_block_does() -> None:
    status = "https://x.com/anna_ports/status/1600000000000000001"
    assert said(f"source: {status}") == Metadata("anna_ports", status)
    assert said(f"source: {status}", "author: ben") == Metadata("ben", status)
    assert said(f"source: {status}", "author: Anna Porto") == Metadata("anna_ports", status)
    own = "https://x.com/i/status/1600000000000000001"
    assert said(f"source: {own}") == Metadata(source=own)


def test_a_name_without_a_handle_gets_a_notice_if_nothing_else_names_the_author() -> None:
    _, _, notices = split("---\nauthor: Anna Porto\n---\nPorts")
    assert notices == [2]
    assert said("author: Anna Porto", "handle: anna_ports") == Metadata("anna_ports")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Thread by @anna_ports on Thread Reader App", Metadata(author="anna_ports")),
        ("Tweets from @anna_ports", Metadata(author="anna_ports")),
        ("Anna Porto on X: Ports grow quiet", Metadata()),
        ("(3) Anna Porto on Twitter: Ports", Metadata()),
        ("Ports grow quiet | Thread Reader App", Metadata()),
        ("Ports grow quiet", Metadata(title="Ports grow quiet")),
    ],
)
def test_a_browser_s_page_title_is_not_the_thread_s_title(title: str, told: Metadata) -> None:
    assert said(f'title: "{title}"') == told


def test_a_page_title_names_the_author_only_if_nothing_else_does() -> None:
    title = "title: Thread by @anna_ports on Thread Reader App"
    assert said("author: ben", title) == Metadata("ben")
    assert said(title, "author: ben") == Metadata("ben")
    head, _, notices = split("---\nsource: Thread by @anna\n---\nPorts")
    assert (head.metadata, notices) == (Metadata(), [2])


def test_an_unknown_key_gets_a_notice() -> None:
    _, _, notices = split("---\nmood: calm\n---\nPorts")
    assert notices == [2]


def test_an_invalid_value_gets_a_notice_and_is_left_out() -> None:
    head, _, notices = split("---\ndate: 13 June\nsource: quay\n---\nPorts")
    assert head == Head(is_there=True)
    assert notices == [2, 3]


def test_an_invalid_date_gets_a_notice_even_if_the_author_is_known() -> None:
    _, _, notices = split("---\nauthor: anna\ndate: never\n---\nPorts")
    assert notices == [3]


def test_a_list_item_below_no_key_gives_a_notice() -> None:
    head, _, notices = split("---\n- anna\ndate: 2025-06-13\n---\nPorts")
    assert (head.metadata, notices) == (Metadata(date="2025-06-13"), [2])


def test_the_first_of_two_values_counts_and_the_second_gets_a_notice() -> None:
    head, _, notices = split("---\nauthor: anna\nauthor: ben\nauthor: ANNA\n---\nPorts")
    assert head.metadata == Metadata("anna")
    assert notices == [3]


def test_a_key_of_our_own_goes_before_another_name_for_it() -> None:
    assert said("handle: anna", "author: ben") == Metadata("ben")
    assert said("author: ben", "handle: anna") == Metadata("ben")
    assert said("handle: anna", "username: ben") == Metadata("anna")


def test_a_line_of_a_block_without_a_key_gets_a_notice() -> None:
    head, _, notices = split("---\nauthor: anna\ndate: 2025-06-13\nwell, well\n---\nPorts")
    assert head.metadata == Metadata("anna", date="2025-06-13")
    assert notices == [4]


def test_the_lines_of_a_long_description_are_ignored() -> None:
    text = "---\nauthor: anna\nurl: https://news.example\ndescription: a\nand more\n---\nPorts"
    assert split(text)[2] == []


def test_a_block_that_is_not_closed_ends_where_no_known_key_stands() -> None:
    head, body, notices = split("---\nauthor:\n- anna\n\nNight: it was cold\nPorts")
    assert head == Head(Metadata("anna"), is_there=True)
    assert body == ["", "Night: it was cold", "Ports"]
    assert notices == [1]
    head, body, _ = split("---\nauthor: anna\nNight: it was cold\ndate: 2025-06-13\nPorts")
    assert (head.metadata, len(body)) == (Metadata("anna"), 3)


@pytest.mark.parametrize(
    "below",
    [
        "Ports grow quiet",
        "- a list\n- of two",
        "Night: it was cold",
        "# Night",
        "Ports\nauthor: anna\n---\nShips",
    ],
)
def test_a_rule_above_ordinary_text_is_no_block(below: str) -> None:
    assert split(f"\n---\n{below}") == (Head(), below.split("\n"), [])


def test_a_block_above_ordinary_text_needs_more_pairs_than_other_lines() -> None:
    two = "---\nauthor: anna\nwell\n---\nPorts"
    assert split(two)[1] == ["well", "---", "Ports"]
    assert split(two.replace("well", "date: 2025-06-13\nwell"))[1] == ["Ports"]
    assert len(split(two.replace("well", "date: 2025-06-13\nwell\nwell"))[1]) > 1


@pytest.mark.parametrize(("length", "closed"), [(58, True), (59, False)])
def test_a_block_with_words_in_it_has_at_most_sixty_lines(length: int, *, closed: bool) -> None:
    pairs = [f"tag{number}: a" for number in range(length - 2)]
    text = "\n".join(["Above", "---", "author: anna", *pairs, "well", "---", "Ports"])
    parts = list(documents(lines_of(text), Account("a.txt")))
    assert [head.is_there for head, _ in parts] == [False, True][: 1 + closed]


def bodies(text: str) -> list[tuple[str | None, str]]:
    """Author and words of each page in `text`."""
    return [
        (head.metadata.author, " ".join(line.text for line in body).strip())
        for head, body in documents(lines_of(text), Account("a.txt"))
    ]


def test_each_page_of_a_dump_may_have_a_block_of_its_own() -> None:
    one, two = "---\nauthor: anna\n---\nPorts", "---\nauthor: ben\n---\nOkapis"
    assert bodies(f"{one}\n{two}") == [("anna", "Ports"), ("ben", "Okapis")]
    assert bodies(f"\n\n{one}\n\n{two}") == [("anna", "Ports"), ("ben", "Okapis")]
    assert bodies(f"Quays\n{one}\n{two}") == [
        (None, "Quays"),
        ("anna", "Ports"),
        ("ben", "Okapis"),
    ]


def test_a_fence_between_pages_both_closes_one_block_and_opens_none() -> None:
    assert bodies("Quays\n---\nauthor: anna\n---\nauthor: ben\n---\nPorts") == [
        (None, "Quays"),
        ("anna", "author: ben --- Ports"),
    ]
    assert bodies("---\nauthor: anna\n---\nauthor: ben\n---\nPorts") == [
        ("anna", "author: ben --- Ports")
    ]


def test_a_block_may_stand_directly_below_another() -> None:
    assert bodies("Quays\n---\nauthor: anna\n---\n---\nauthor: ben\n---\nPorts") == [
        (None, "Quays"),
        ("anna", ""),
        ("ben", "Ports"),
    ]


def test_a_fence_that_nothing_closes_parts_no_pages() -> None:
    assert bodies("Quays\n---\nauthor: anna") == [(None, "Quays --- author: anna")]


@pytest.mark.parametrize(
    "between", ["Ports", "night: cold", "author: anna\n\ndate: 2025-06-13", "author: anna\na"]
)
def test_rules_around_ordinary_words_part_no_pages(between: str) -> None:
    words = " ".join(between.split("\n"))
    assert bodies(f"Quays\n---\n{between}\n---\nCranes") == [
        (None, f"Quays --- {words} --- Cranes")
    ]


def test_every_line_of_a_block_is_accounted_for() -> None:
    account = Account("a.txt", detailed=True)
    split_front_matter(lines_of("---\n# note\nauthor: anna\n\n---\nPorts"), account)
    assert [(each.line, each.kind, each.what) for each in account.entries([])] == [
        (line, "boilerplate", "front matter") for line in (1, 2, 3, 5)
    ]
    account = Account("a.txt", detailed=True)
    split_front_matter(lines_of("---\nPorts"), account)
    assert [(each.line, each.what) for each in account.entries([])] == [(1, "a rule")]


NAMES = {"author": "--author", "source": "--source", "date": "--date", "title": "--title"}


def test_options_give_the_same_metadata_as_a_block() -> None:
    options = {"author": "@anna", "date": "2025-06-13", "title": " Night  shifts ", "source": None}
    assert metadata_from_options(options, NAMES) == Metadata(
        "anna", date="2025-06-13", title="Night shifts"
    )
    assert metadata_from_options({}, NAMES) == Metadata()


def test_every_option_that_is_not_what_it_should_be_is_named() -> None:
    options = {"author": "Anna Porto", "source": "https://news.example/a", "date": "never"}
    with pytest.raises(SettingsError) as caught:
        metadata_from_options(options, NAMES)
    author, day = map(str, caught.value.problems)
    assert author.startswith("--author Anna Porto")
    assert day.startswith("--date never")


def test_a_clipper_s_block_above_one_post_says_so() -> None:
    def is_one(*lines: str) -> bool:
        head, _ = split_front_matter(lines_of("\n".join(["---", *lines, "---"])), Account("a.md"))
        return head.is_one_post

    source = "source: https://x.com/anna/status/1901"
    assert is_one(source, "type: tweet")
    assert is_one(source, "content_type: note-tweet")
    assert not is_one(source, "type: thread")
    assert not is_one(source, "category: tweet")
    assert not is_one("type: tweet")
    assert is_one(source, "title: Post by @anna on ships")
    assert not is_one(source, "title: Ships | Thread Reader")


def test_one_unknown_key_is_named_in_the_singular() -> None:
    account = Account("a.md")
    split_front_matter(lines_of("---\ntitle: Ports\nship: Anna\n---"), account)
    (notice,) = account.notices
    assert notice.message.startswith("unknown key “ship” in the front matter")
