"""Clips of X's own pages, as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.markdown_clip import looks_like, parse
from bot.loader.raw.decode import lines_of
from bot.models import AccountLine, Link, Media, Metadata, Quote, Thread

STATUS = "https://x.com/anna_ports/status/"
FIRST = f"**Anna Porto** @anna_ports [2025-06-13]({STATUS}1901)"
SECOND = f"**Anna Porto** @anna_ports [2025-06-14]({STATUS}1902)"
JOE = "**Joe** @joe_reporter [2025-06-13](https://x.com/joe_reporter/status/1903)"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a clip."""

    thread: Thread | None
    """Its thread."""
    account: tuple[AccountLine, ...]
    """What became of each line."""
    notices: list[int | None]
    """The lines with a notice."""

    @property
    def texts(self) -> list[str]:
        """Return the texts of the tweets."""
        return [tweet.text for tweet in self.thread.tweets] if self.thread else []

    @property
    def kinds(self) -> list[tuple[int, str]]:
        """What kind of line each is."""
        return [(each.line, each.kind) for each in self.account]


def read(*lines: str, metadata: Metadata | None = None) -> Read:
    account = Account("a.md", detailed=True)
    threads = parse(lines_of("\n".join(lines)), metadata or Metadata(), account)
    return Read(
        threads[0] if threads else None,
        account.entries(threads),
        [notice.line for notice in account.notices],
    )


@pytest.mark.parametrize(
    ("header", "handle", "date", "tweet_id"),
    [
        (FIRST, "anna_ports", "2025-06-13", "1901"),
        (
            r"**Anna** @anna\_ports [2025-06-13](https://x.com/a/status/19)",
            *("anna_ports",),
            *("2025-06-13", "19"),
        ),
        ("### __Anna__ · @anna [Jun 13](https://twitter.com/anna/statuses/19)", "anna", None, "19"),
        ("**Anna** [@anna](https://x.com/anna) · [Jun 13, 2025](#)", "anna", "2025-06-13", None),
        ("**Anna** @anna 2025-06-13", "anna", "2025-06-13", None),
        ("**Anna** @anna, Jun 13, 2025", "anna", "2025-06-13", None),
        ("**Anna** @anna · [1h](https://x.com/anna/status/19)", "anna", None, "19"),
        ("**Anna** @anna", "anna", None, None),
        ("__Anna__ @anna", "anna", None, None),
    ],
)
def test_a_post_header_names_author_and_date(
    header: str, handle: str, date: str | None, tweet_id: str | None
) -> None:
    assert looks_like(lines_of(f"Above\n\n{header}"))
    found = read(header, "Ports grow quiet.")
    assert found.thread is not None
    (tweet,) = found.thread.tweets
    assert (tweet.author, tweet.created_at, tweet.tweet_id) == (handle, date, tweet_id)
    assert (tweet.text, tweet.line) == ("Ports grow quiet.", 1)
    assert found.kinds == [(1, "boilerplate"), (2, "tweet")]


@pytest.mark.parametrize(
    "line",
    [
        "**Anna** said so",
        "**Anna** @anna said so",
        "**Anna** @anna [a tale](https://news.example/a)",
        "Anna @anna 2025-06-13",
        "@anna 2025-06-13",
        "# Ports",
        "",
    ],
)
def test_bold_words_beside_a_handle_are_no_header(line: str) -> None:
    assert not looks_like(lines_of(line))


def test_the_posts_of_one_author_are_a_thread() -> None:
    first = ["", "Ports", "", "grow", "quiet.", ""]
    found = read(FIRST, *first, "", SECOND, "Okapis sleep.", "")
    assert found.texts == ["Ports\n\ngrow\nquiet.", "Okapis sleep."]
    assert found.thread is not None
    assert (found.thread.author, found.thread.complete) == ("anna_ports", True)
    assert [tweet.line for tweet in found.thread.tweets] == [1, 9]
    assert found.notices == []


def test_posts_by_other_authors_are_left_out_with_one_notice_each() -> None:
    found = read(FIRST, "Ports", SECOND, "Okapis", JOE, "", "Great!", "Thread!", JOE, "Why?")
    assert found.texts == ["Ports", "Okapis"]
    assert found.notices == [7, 10]
    assert [line for line, kind in found.kinds if kind == "notice"] == [7, 8, 10]


def test_the_author_s_post_below_somebody_else_s_is_an_answer() -> None:
    lines = [FIRST, "Ports", JOE, "Great!", SECOND, "Thanks!"]
    assert (read(*lines).texts, read(*lines).notices) == (["Ports"], [4, 6])
    assert read(JOE, "Look!", FIRST, "Ports", SECOND, "Okapis", metadata=ANNA).texts == [
        "Ports",
        "Okapis",
    ]
    kept = parse(lines_of("\n".join(lines)), Metadata(keep_replies=True), Account("a.md"))
    assert [[tweet.text for tweet in each.tweets] for each in kept] == [["Ports"], ["Thanks!"]]


ANNA = Metadata(author="anna_ports")


def test_the_author_is_the_one_that_the_file_names_in_any_case() -> None:
    named = Metadata(author="JOE_reporter")
    assert read(FIRST, "Ports", JOE, "Great!", metadata=named).texts == ["Great!"]
    assert read(FIRST, "Ports", metadata=named).thread is None
    assert read("Ports", "").thread is None


def test_a_second_quotation_is_left_out_with_one_notice() -> None:
    found = read(
        FIRST,
        "Ports",
        "> **Joe** @joe_reporter",
        ">",
        "> What?",
        "",
        "> Why?",
        "> And how?",
        "Quiet.",
    )
    assert found.texts == ["Ports\n\nQuiet."]
    assert found.notices == [7]
    assert found.kinds == [
        (1, "boilerplate"),
        (2, "tweet"),
        (3, "tweet"),
        (4, "boilerplate"),
        (5, "tweet"),
        (7, "notice"),
        (8, "notice"),
        (9, "tweet"),
    ]


def test_a_blank_line_of_a_quotation_gets_no_notice() -> None:
    assert read(FIRST, "Ports", "> ", "> Why?").notices == []
    assert read("> ", "> Why?", "", FIRST, "Ports", "> X").notices == [2]


def test_rules_pictures_and_cards_are_no_words() -> None:
    card = "[**Night** What goes on.](https://news.example/night)"
    picture = "![Image](https://pbs.example/a.jpg)"
    found = read(FIRST, "Ports", "---", card, picture, "<br>", SECOND, "Okapis")
    assert found.texts == ["Ports", "Okapis"]
    assert found.kinds[2:6] == [(line, "boilerplate") for line in (3, 4, 5, 6)]
    assert [each.what for each in found.account[2:6]] == [
        "a rule",
        "a link’s card",
        "a picture",
        "the page's header",
    ]
    assert found.notices == []


def test_a_post_of_nothing_but_pictures_keeps_its_place() -> None:
    found = read(FIRST, "![Image](https://pbs.example/a.jpg)", SECOND, "Okapis")
    assert (found.texts, found.notices) == (["", "Okapis"], [])
    assert found.thread is not None
    assert found.thread.title == "Okapis"
    assert found.thread.tweets[0].media == (Media("photo", "https://pbs.example/a.jpg"),)


def test_a_post_of_nothing_but_pictures_of_the_page_is_left_out() -> None:
    profile = "![anna Profile picture](https://pbs.twimg.com/profile_images/1/a.jpg)"
    found = read(FIRST, profile, SECOND, "Okapis")
    assert (found.texts, found.notices) == (["Okapis"], [1])


def test_a_quoted_post_is_kept_apart_with_its_author() -> None:
    header = "> **Ben Yard** @ben_yard [2025-06-01](https://x.com/ben_yard/status/1800)"
    found = read(FIRST, "Look at this", "", header, ">", "> Cranes *stand*", "> still")
    assert found.thread is not None
    (post,) = found.thread.tweets
    assert post.text == "Look at this"
    assert post.quote == Quote(
        "Cranes *stand*\nstill",
        "ben_yard",
        "Ben Yard",
        "2025-06-01",
        "https://x.com/ben_yard/status/1800",
    )


def test_a_post_of_a_link_alone_is_a_tweet_without_words() -> None:
    found = read(FIRST, "https://news.example/night", SECOND, "Okapis")
    assert found.thread is not None
    assert found.thread.tweets[0].text == ""
    assert found.thread.tweets[0].links == (
        Link("https://news.example/night", "https://news.example/night"),
    )


def test_links_are_whole_and_mentions_are_no_links() -> None:
    found = read(
        FIRST,
        "Ask [@joe](https://x.com/joe) of [#steel](https://x.com/hashtag/steel), as"
        " [the news](https://news.example/a) and news.example/b say:",
        "dear.[@ben](https://x.com/ben) [news.example/night…](https://news.example/night)",
    )
    assert found.thread is not None
    (tweet,) = found.thread.tweets
    assert tweet.text == "Ask @joe of #steel, as the news and news.example/b say:\ndear.@ben"
    assert tweet.mentions == ("joe", "ben")
    assert tweet.links == (
        Link("news.example/b", None),
        Link("the news", "https://news.example/a"),
        Link("news.example/night…", "https://news.example/night"),
    )


def test_handles_that_lead_a_post_are_removed_unless_there_is_no_other_text() -> None:
    found = read(FIRST, "@joe Ports", SECOND, "@joe @ben")
    assert found.texts == ["Ports", "@joe @ben"]
    assert found.thread is not None
    assert [tweet.mentions for tweet in found.thread.tweets] == [("joe",), ("joe", "ben")]


def test_a_heading_above_the_posts_is_the_title() -> None:
    found = read("# Night shifts", "## More", FIRST, "Ports")
    assert found.thread is not None
    assert found.thread.title == "Night shifts"
    assert found.notices == [2]
    named = read("# Night shifts", FIRST, "Ports", metadata=Metadata(title="Quays"))
    assert named.thread is not None
    assert (named.thread.title, named.notices) == ("Quays", [1])


def test_what_the_browser_calls_the_page_is_no_title() -> None:
    for metadata in (Metadata(), Metadata(title="Ports")):
        found = read("# Anna Porto on X: Night shifts", FIRST, "Ports", metadata=metadata)
        assert found.thread is not None
        assert (found.thread.title, found.notices) == ("Ports", [])
        assert found.account[0].what == "the file's title"


def test_words_above_the_posts_are_left_out_unless_they_are_the_page_s() -> None:
    found = read("Post", "", "<br>", "Somebody wrote this", "", FIRST, "Ports")
    assert (found.texts, found.notices) == (["Ports"], [4])
    assert [(each.line, each.what) for each in found.account][:2] == [
        (1, "the page's header"),
        (3, "the page's header"),
    ]


def test_a_heading_below_a_post_is_of_the_post() -> None:
    found = read(FIRST, "# Ports", "grow quiet")
    assert found.texts == ["Ports\ngrow quiet"]


def test_one_post_without_an_id_has_that_of_the_page() -> None:
    header = "**Anna Porto** @Anna_Ports 2025-06-13"
    page = Metadata(source=f"{STATUS}1901?s=20")

    def ids(*lines: str, metadata: Metadata) -> list[str | None]:
        thread = read(*lines, metadata=metadata).thread
        return [tweet.tweet_id for tweet in thread.tweets] if thread else []

    assert ids(header, "Ports", metadata=page) == ["1901"]
    assert ids(header, "Ports", metadata=Metadata()) == [None]
    assert ids(SECOND, "Ports", metadata=page) == ["1902"]
    assert ids(header, "Ports", header, "Okapis", metadata=page) == [None, None]
    assert ids(header, "Ports", SECOND, "Okapis", metadata=page) == ["1901", "1902"]
    assert ids(header, "Ports", JOE, "Why?", metadata=page) == ["1901"]
    assert ids(JOE.split(" [")[0], "Why?", metadata=page) == [None]


TWEET = "https://x.com/anna_ports/status"


def test_two_rules_begin_one_post() -> None:
    found = read(
        *("Ports", f"[Tweet]({TWEET}/1901)", "---", "Replying to @ben", "---", "---"),
        *("Okapis", f"[Tweet]({TWEET}/1902)"),
    )
    assert found.texts == ["Ports"]
    assert found.notices == [7]


def test_the_permalink_of_somebody_else_s_post_is_not_the_author_s() -> None:
    found = read("**Anna** @anna_ports", "Ports", "[Tweet](https://x.com/joe/status/1903)")
    assert found.thread is not None
    assert [tweet.tweet_id for tweet in found.thread.tweets] == [None]
    assert found.notices == []


def test_a_permalink_s_own_date_counts_more_than_the_byline_s() -> None:
    found = read("**Anna** @anna_ports 2025-06-13", "Ports", f"[Jun 14, 2025]({TWEET}/1901)")
    assert found.thread is not None
    assert [tweet.created_at for tweet in found.thread.tweets] == ["2025-06-14"]
    sure = read(FIRST, "Ports", f"[Jun 15, 2025]({TWEET}/1901)")
    assert sure.thread is not None
    assert [tweet.created_at for tweet in sure.thread.tweets] == ["2025-06-13"]


def test_a_permalink_above_the_posts_is_the_page_s() -> None:
    page = "[Tweet](https://x.com/i/web/status/1901)"
    found = read(page, "**Anna** @anna_ports", "Ports", "**Anna** @anna_ports", "Okapis")
    assert found.thread is not None
    assert found.thread.source_url == "https://x.com/i/status/1901"


def test_details_of_the_file_and_headings_above_pictures_are_no_words() -> None:
    picture = "![Cranes](https://pbs.example/a.jpg)"
    found = read(FIRST, "Ports", "**Tweets captured:** 4", "### Media", picture, SECOND, "Okapis")
    assert found.texts == ["Ports", "Okapis"]
    assert [each.what for each in found.account[2:5]] == [
        "the file's details",
        "a heading above pictures",
        "a picture",
    ]


def test_a_picture_above_posts_without_bylines_is_the_page_s() -> None:
    links = [f"[Tweet]({TWEET}/{number})" for number in (1901, 1902)]
    found = read("![Quay](https://pbs.example/a.jpg)", "Ports", links[0], "Okapis", links[1])
    assert found.texts == ["Ports", "Okapis"]
    assert found.thread is not None
    assert found.thread.tweets[0].media == ()
    assert found.account[0].what == "a picture"


def test_permalinks_above_the_words_begin_posts() -> None:
    links = [f"[Tweet]({TWEET}/{number})" for number in (1901, 1902)]
    found = read("# Notes", links[0], "Ports", "", "Quays", links[1], "", "Okapis")
    assert found.thread is not None
    assert [(tweet.tweet_id, tweet.text) for tweet in found.thread.tweets] == [
        ("1901", "Ports\n\nQuays"),
        ("1902", "Okapis"),
    ]
    bare = read(f"## [Tweet]({TWEET}/1901)", f"## [Tweet]({TWEET}/1902)")
    assert (bare.thread, bare.notices) == (None, [1])


def test_the_lines_of_a_list_of_highlights_are_read_as_such() -> None:
    posts = [f"- Ports ([View Tweet]({TWEET}/1901))", f"- Okapis ([View Tweet]({TWEET}/1902))"]
    found = read("- Author: [[@anna_ports on Twitter]]", posts[0], "- Note: thread", posts[1])
    assert (found.texts, found.notices) == (["Ports", "Okapis"], [])
    noted = read("- Author: [[@anna_ports on Twitter]]", posts[0], "- Note: mine", posts[1])
    assert (noted.texts, noted.notices) == (["Ports", "Okapis"], [3])


def test_only_a_list_of_highlights_has_properties() -> None:
    links = [f"[Tweet]({TWEET}/{number})" for number in (1901, 1902)]
    found = read("- Ports", "Source: the harbour office", links[0], "Okapis", links[1])
    assert found.texts == ["- Ports\nSource: the harbour office", "Okapis"]


def test_a_quoted_post_may_have_a_permalink_below_its_words() -> None:
    quoted = ["> **Ben** @ben_yard", "> Cranes", "> [Tweet](https://x.com/ben_yard/status/1800)"]
    found = read(FIRST, "Look", *quoted)
    assert found.thread is not None
    url = "https://x.com/ben_yard/status/1800"
    assert found.thread.tweets[0].quote == Quote("Cranes", "ben_yard", "Ben", None, url)
    bare = read(FIRST, "Look", "> **Ben** @ben_yard")
    assert bare.thread is not None
    assert bare.thread.tweets[0].quote is None


def test_the_quotation_in_somebody_else_s_post_is_left_out_with_it() -> None:
    found = read(FIRST, "Ports", JOE, "> X", "> Why?", "Look!", "> X")
    assert (found.texts, sorted(map(str, found.notices))) == (["Ports"], ["4", "6", "7"])
    assert read("> X", "", FIRST, "Ports").notices == [1]


def test_a_post_of_nothing_but_a_quotation_quotes_it() -> None:
    found = read(FIRST, "> Cranes", SECOND, "Okapis")
    assert found.texts == ["", "Okapis"]
    assert found.thread is not None
    assert found.thread.tweets[0].quote == Quote("Cranes")


def test_a_tool_that_quotes_each_post_s_words_quotes_other_posts_too() -> None:
    header = "## @anna_ports - Jun 13, 2025"
    picture = "> ![Cranes](https://pbs.example/a.jpg)"
    own = read(header, "> Ports", ">", picture, ">", "> Quays")
    assert own.texts == ["Ports\n\nQuays"]
    assert own.thread is not None
    assert own.thread.tweets[0].media == (Media("photo", "https://pbs.example/a.jpg", "Cranes"),)
    other = read(header, "> **Ben** @ben_yard 2025-06-01", "> Cranes")
    assert other.thread is not None
    assert other.thread.tweets[0].quote == Quote("Cranes", "ben_yard", "Ben", "2025-06-01", None)
    both = read(header, "Ports", "> Cranes")
    assert both.thread is not None
    assert (both.texts, both.thread.tweets[0].quote) == (["Ports"], Quote("Cranes"))


def test_an_answer_that_is_kept_is_whole() -> None:
    lines = lines_of("\n".join([FIRST, "Ports", JOE, "Great!", SECOND, "Thanks!"]))
    kept = parse(lines, Metadata(keep_replies=True), Account("a.md"))
    assert [each.complete for each in kept] == [True, True]


def test_headings_among_highlights_are_the_file_s() -> None:
    posts = [f"- Ports ([View Tweet]({TWEET}/1901))", f"- Okapis ([View Tweet]({TWEET}/1902))"]
    heading = "## New highlights added June 13, 2025"
    found = read(posts[0], heading, posts[1])
    assert (found.texts, found.notices) == (["Ports", "Okapis"], [])
    assert found.account[1].what == "the page's header"


def test_a_post_of_somebody_else_without_words_gets_a_notice_too() -> None:
    picture = "![Cranes](https://pbs.example/a.jpg)"
    found = read(FIRST, "Ports", JOE, picture)
    assert (found.texts, found.notices) == (["Ports"], [3])


def test_a_printed_date_that_the_id_contradicts_is_put_right() -> None:
    account = Account("a.md")
    link = f"[Tweet]({TWEET}/1900000000000000000)"
    lines = lines_of("\n".join(["**Anna** @anna_ports 2020-01-01", "Ports", link]))
    (thread,) = parse(lines, Metadata(), account)
    assert [tweet.created_at for tweet in thread.tweets] == ["2025-03-13"]
    (notice,) = account.notices
    assert (notice.line, "2020-01-01" in notice.message) == (1, True)


def test_a_name_and_a_profile_inside_a_post_are_words() -> None:
    links = [f"[Tweet]({TWEET}/{number})" for number in (1901, 1902)]
    found = read("Ask", "Ben ([@ben](https://x.com/ben))", links[0], "", "Okapis", links[1])
    assert found.texts == ["Ask\nBen (@ben)", "Okapis"]
    assert [each.what for each in found.account if each.line == 3] == ["the post's address"]


def test_a_quotation_that_is_left_out_may_have_blank_lines() -> None:
    found = read(FIRST, "Ports", "> Cranes", "", "> Why?", ">", "> And how?")
    assert (found.texts, found.notices) == (["Ports"], [5])


def test_a_quoted_post_may_begin_with_its_date() -> None:
    found = read(FIRST, "Ports", "> 2025-06-01", "> Cranes")
    assert found.thread is not None
    assert found.thread.tweets[0].quote == Quote("Cranes", created_at="2025-06-01")
    assert [each.line for each in found.account] == [1, 2, 3, 4]


def test_a_blank_line_in_a_tool_s_quotation_is_accounted_for() -> None:
    found = read("## @anna_ports - Jun 13, 2025", "> Ports", ">", "> Quays")
    assert found.texts == ["Ports\n\nQuays"]
    assert [each.what for each in found.account][2] == "a blank line in a quotation"
