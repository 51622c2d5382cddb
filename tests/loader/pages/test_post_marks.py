"""The lines that tools write around posts."""

from __future__ import annotations

import pytest

from bot.loader.pages.post_marks import (
    Permalink,
    byline,
    is_metrics,
    permalink,
    replied_to,
)

STATUS = "https://x.com/ann_field/status/1901"
PROFILE = "https://twitter.com/ann_field"


@pytest.mark.parametrize(
    ("line", "name", "day", "tweet_id"),
    [
        (f"**Ann Field** @ann_field [2026-03-22]({STATUS})", "Ann Field", "2026-03-22", "1901"),
        ("**Ann Field** @ann\\_field 2026-03-22", "Ann Field", "2026-03-22", None),
        ("**Ann Field** @ann_field · 3h", "Ann Field", None, None),
        (f"Ann Field ([@ann_field]({PROFILE}))", "Ann Field", None, None),
        (
            f"Ann Field ([@ann_field]({PROFILE})) - March 22, 2026 at 10:01 AM",
            "Ann Field",
            "2026-03-22",
            None,
        ),
        ("### 1 @ann_field (Ann Field) (Author)", "Ann Field", None, None),
        ("## 2. @ann_field (2026-03-22 10:01)", None, "2026-03-22", None),
        ("## @ann_field - Mar 22, 2026", None, "2026-03-22", None),
        ("**@ann_field** (Ann Field)", "Ann Field", None, None),
    ],
)
def test_a_byline_names_the_author(
    line: str, name: str | None, day: str | None, tweet_id: str | None
) -> None:
    found = byline(line, None)
    assert found is not None
    assert (found.handle, found.name, found.date, found.tweet_id) == (
        "ann_field",
        name,
        day,
        tweet_id,
    )


@pytest.mark.parametrize(
    "line",
    [
        "# Tweets by Ann Field (@ann_field)",
        "## Thread by @ann_field (3 posts)",
        "# @ann_field on ships",
        "Ann Field (@ann_field)",
        "**Ann Field** and @ann_field",
        "thanks to **Ann** @ann_field",
    ],
)
def test_a_title_or_a_sentence_is_no_byline(line: str) -> None:
    assert byline(line, None) is None


def test_a_linked_name_without_a_date_stands_above_a_post_only_at_its_beginning() -> None:
    line = f"Ann Field ([@ann_field]({PROFILE}))"
    assert byline(line, "![ann_field](https://pbs.twimg.com/a.jpg)")
    assert byline(line, "---")
    assert byline(line, "I owe this to") is None
    assert byline(f"{line} - March 22, 2026", "I owe this to")


def test_a_date_is_sure_if_it_is_the_link_s_text_or_has_the_time_of_day() -> None:
    sure = [f"[2026-03-22]({STATUS})", "2026-03-22 10:01", "2026-03-22", "3h"]
    found = [byline(f"**Ann** @ann_field {when}", None) for when in sure]
    assert [each.is_sure for each in found if each] == [True, True, False, False]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (f"[Tweet link]({STATUS})", None),
        (f"[View on Twitter]({STATUS}?s=20)", None),
        (f"[Original Thread]({STATUS})", None),
        (f"(Originally on Twitter: [Sun Mar 22 10:01:00 +0000 2026]({STATUS}))", "2026-03-22T"),
        (
            f'<img src="a.ico" width="12" /> [Sun Mar 22 10:01:00 +0000 2026]({STATUS})',
            "2026-03-22T",
        ),
        (f"*Mar 22, 2026* · [View]({STATUS})", "2026-03-22"),
        (f"- **URL:** {STATUS}", None),
    ],
)
def test_a_line_is_a_permalink(line: str, day: str | None) -> None:
    found = permalink(line)
    assert found is not None
    assert (found.handle, found.tweet_id, found.text) == ("ann_field", "1901", "")
    assert (found.date or "").startswith(day or "")
    assert (found.date is None) == (day is None)


def test_a_permalink_may_end_a_post_s_last_line() -> None:
    line = f"- Ports sleep. ([View Tweet]({STATUS})) #Highlight #[[2026-03-28]]"
    assert permalink(line) == Permalink("ann_field", "1901", text="- Ports sleep.")
    assert permalink("[Tweet link](https://x.com/i/web/status/1901)") == Permalink(None, "1901")


@pytest.mark.parametrize(
    "line",
    [
        f"see [this tweet]({STATUS}) now",
        f"[x.com/ann_field/st…]({STATUS})",
        f"[pic.twitter.com/a]({STATUS}/photo/1)",
        f"[Tweet link]({STATUS}) [Tweet link]({STATUS})",
        STATUS,
        "[Tweet link](https://news.example/a)",
    ],
)
def test_a_link_in_a_post_is_no_permalink_of_it(line: str) -> None:
    assert permalink(line) is None


def test_counts_below_a_post_are_known() -> None:
    for line in ("_❤️ 12 | 🔁 3 | 💬 0_", "*42 likes · 10 retweets · 5 replies*", "1.2K views"):
        assert is_metrics(line), line
    for line in ("12", "I have 3 likes", "❤️", "3/4", "replies"):
        assert not is_metrics(line), line


def test_a_line_names_whom_a_post_answers() -> None:
    assert replied_to("Replying to [@bob\\_quay](https://x.com/bob_quay)") == "bob_quay"
    assert replied_to("In reply to @bob_quay: why?") == "bob_quay"
    assert replied_to("I reply to @bob_quay") is None


def test_a_list_s_heading_and_an_endless_line_are_no_bylines() -> None:
    assert byline("**Threads by Ann Field** @ann_field", None) is None
    line = f"Ann Field ([@ann_field]({PROFILE}))"
    longest = f"![]({'a' * (1_000 - len(line) - 6)}) {line}"
    assert len(longest) == 1_000
    assert byline(longest, None) is not None
    assert byline(f"{longest} ", None) is None


def test_numbers_that_are_no_counts_are_told_in_linear_time() -> None:
    assert is_metrics(f"5 likes {'1,' * 500}2")
    assert not is_metrics(f"5 likes {'1,' * 500}y")
    assert not is_metrics(f"5 likes{' ' * 500}y")


def test_a_byline_is_read_whatever_stands_around_its_link() -> None:
    found = byline(f"**Max X** @ann_field · [2026-03-22]({STATUS}) via web", None)
    assert found is not None
    assert (found.name, found.date, found.tweet_id) == ("Max X", "2026-03-22", "1901")


def test_only_headings_and_bold_handles_are_of_tools_that_quote_a_post_s_words() -> None:
    quoting = [byline(each, None) for each in ("## @ann_field", f"**Ann** @ann_field {STATUS}")]
    assert [found is not None and found.quotes_its_text for found in quoting] == [True, False]
