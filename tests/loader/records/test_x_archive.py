"""X archives: which files they are, and long posts joined to their tweets."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from msgspec.structs import replace

from bot.loader.line_account import Account
from bot.loader.raw.content import Content, Part
from bot.loader.records import x_archive
from bot.loader.records.json_records import AUTHOR_UNKNOWN
from bot.loader.records.posts import Post
from bot.loader.records.x_archive import Notes, archives_among
from bot.models import Link, Metadata, Thread

AT = "2023-09-08T10:00:00Z"
BEGINNING = "Cranes stand still at night and nobody on the quay will say how long they wait. " * 2
ACCOUNT = 'window.YTD.account.part0 = [ {"account" : {"username" : "anna_ports"} } ]'
TWEET = {"id_str": "1", "full_text": "Low tide"}


def part(name: str, text: str) -> Part:
    data = text.encode()
    return Part(name, lambda: io.BytesIO(data), len(data))


def file_of(kind: str, *values: object) -> str:
    return f"window.YTD.{kind}.part0 = {json.dumps(values)}"


def parse(
    files: dict[str, str], metadata: Metadata | None = None
) -> tuple[list[Thread], list[tuple[str, int | None, str]]]:
    """The threads, and the notices with their files and lines."""
    account = Account("a.zip")
    content = Content(tuple(part(name, text) for name, text in files.items()))
    threads = x_archive.parse(content, metadata or Metadata(), account)
    return list(threads), [(each.file, each.line, each.message) for each in account.notices]


def test_the_data_folder_is_an_archive_with_nothing_else_of_it() -> None:
    names = [
        "data/tweets.js", "data/like.js", "data/tweets_media/1.txt", "assets/x.txt",
        "Your archive.html", "mine.txt", "database/x.txt", "Your archive",
    ]  # fmt: skip
    assert archives_among(names) == (
        {"": ["data/tweets.js"]},
        ["Your archive", "database/x.txt", "mine.txt"],
    )


def test_an_archive_goes_by_the_folder_that_holds_its_data() -> None:
    names = ["one/data/tweet.js", "one/assets/a", "assets/b", "data/c", "deep/two/data/tweets.js"]
    assert archives_among(names) == (
        {"deep/two": ["deep/two/data/tweets.js"], "one": ["one/data/tweet.js"]},
        ["assets/b", "data/c"],
    )


def test_any_folder_with_tweets_and_an_account_is_an_archive() -> None:
    names = ["x/account.js", "x/tweets.js", "x/other.txt", "x/data/a.txt", "y/tweets.js"]
    assert archives_among(names) == (
        {"x": ["x/account.js", "x/tweets.js"]},
        ["x/data/a.txt", "x/other.txt", "y/tweets.js"],
    )
    assert archives_among(["account.js", "tweets.js", "a.txt"]) == (
        {"": ["account.js", "tweets.js"]},
        ["a.txt"],
    )


def test_a_folder_of_any_name_may_be_an_archive() -> None:
    assert list(archives_among(["/BOX/account.js", "/BOX/tweets.js"])[0]) == ["/BOX"]


def test_two_archives_lie_beside_each_other() -> None:
    names = ["a/data/tweets.js", "b/tweets.js", "b/account.js"]
    assert archives_among(names) == (
        {"a": ["a/data/tweets.js"], "b": ["b/account.js", "b/tweets.js"]},
        [],
    )


@pytest.mark.parametrize(
    "names",
    [["data/account.js"], ["data/note-tweet.js", "data/account.js"], ["tweets.js"],
     ["x/retweets.js", "x/account.js"], ["data/tweets.json"], ["data/tweets-part.js"]],
)  # fmt: skip
def test_without_tweets_or_anybody_who_wrote_them_there_is_no_archive(names: list[str]) -> None:
    assert archives_among(names) == ({}, sorted(names))


def test_an_archive_s_files_come_in_the_order_in_which_they_are_read() -> None:
    names = [f"data/{name}.js" for name in (
        "tweets-part10", "tweets-part2", "tweets", "note-tweet-part1", "note-tweet", "account",
    )]  # fmt: skip
    assert archives_among(names)[0] == {"": names[::-1]}


def test_content_is_an_archive_if_it_holds_tweets() -> None:
    tweets, account = part("tweets.js", ""), part("account.js", "")
    assert x_archive.is_archive(Content((account, tweets)))
    assert not x_archive.is_archive(Content((account,)))
    assert not x_archive.is_archive(Content.of(b"Low tide"))


def test_tweets_are_by_the_author_in_the_account_file() -> None:
    (thread,), notices = parse({"account.js": ACCOUNT, "tweets.js": file_of("tweets", TWEET)})
    assert (thread.author, notices) == ("anna_ports", [])


def test_other_files_do_not_name_the_author() -> None:
    tweet = {**TWEET, "user": {"username": "bob"}}
    (thread,), _ = parse({"tweets.js": file_of("tweets", tweet), "account.js": ACCOUNT})
    assert thread.author == "anna_ports"


def test_a_tweet_that_names_its_author_is_theirs() -> None:
    named = {**TWEET, "id_str": "2", "user": {"screen_name": "bob"}}
    threads, _ = parse({"account.js": ACCOUNT, "tweets.js": file_of("tweets", TWEET, named)})
    assert [thread.author for thread in threads] == ["anna_ports", "bob"]


def test_without_an_account_file_the_unknown_author_gets_a_notice() -> None:
    files = {"tweets.js": file_of("tweets", TWEET)}
    (thread,), notices = parse(files)
    assert (thread.author, notices) == (None, [("a.zip", None, AUTHOR_UNKNOWN)])
    assert parse(files, Metadata(author="anna"))[1] == []
    assert parse({"tweets.js": file_of("tweets")}) == ([], [])
    assert parse({"account.js": "[]", "tweets.js": file_of("tweets", TWEET)})[1] == notices


def test_a_given_author_overrides_the_account_file_with_a_notice() -> None:
    files = {"account.js": ACCOUNT, "tweets.js": file_of("tweets", TWEET)}
    (thread,), notices = parse(files, Metadata(author="bob"))
    message = "the archive is by @anna_ports; read as @bob’s, the author that was given"
    assert (thread.author, notices) == ("bob", [("a.zip", None, message)])
    (thread,), notices = parse(files, Metadata(author="Anna_Ports"))
    assert (thread.author, notices) == ("Anna_Ports", [])


def test_an_empty_account_file_names_no_author() -> None:
    files = {"account.js": "", "tweets.js": file_of("tweets", TWEET)}
    assert parse(files)[0][0].author is None


def test_the_account_is_named_in_the_first_mb_of_its_file() -> None:
    name = '"username":"anna_ports"'
    space = " " * (1024**2 - len(name))
    for above, author in ((space, "anna_ports"), (f"{space} ", None)):
        files = {"account.js": above + name, "tweets.js": file_of("tweets", TWEET)}
        assert parse(files)[0][0].author == author


def test_progress_is_reported_for_long_posts_and_for_tweets() -> None:
    files = {"note-tweet.js": file_of("note_tweet"), "tweets.js": file_of("tweets", TWEET)}
    told: list[int] = []
    content = Content(tuple(part(name, text) for name, text in files.items()))
    x_archive.parse(content, Metadata(), Account("a"), told.append)
    assert told == [len(text) for text in files.values()]


def note(text: str, at: str = AT, **core: Any) -> dict[str, object]:
    return {"noteTweet": {"createdAt": at, "core": {"text": text, **core}}}


def notes(*values: object) -> tuple[Notes, Account]:
    account = Account("a.zip", detailed=True)
    made = Notes(account)
    made.read(part("note-tweet.js", file_of("note_tweet", *values)))
    return made, account


def tweet(text: str, at: str | None = AT) -> Post:
    return Post(
        line=5, text=text, created_at=at, mentions=("bob",), links=(Link("b", "https://b"),)
    )


def test_a_tweet_that_x_cut_gets_its_whole_text_with_its_links_and_mentions() -> None:
    core: dict[str, Any] = {
        "urls": [{"shortUrl": "https://t.co/a", "expandedUrl": "https://a", "displayUrl": "a"}],
        "mentions": [{"screenName": "carl"}],
    }
    made, account = notes(note(f"{BEGINNING}to the end", **core))
    joined = made.with_full_text(tweet(f"{BEGINNING[:150]}…"))
    assert joined == replace(
        tweet(f"{BEGINNING}to the end"), links=(Link("a", "https://a"),), mentions=("carl",)
    )
    made.notice_unused()
    assert account.notices == []
    (entry,) = account.entries(())
    assert (entry.line, entry.kind, entry.what, entry.said) == (
        1, "tweet", "5", f"{BEGINNING}to the end",
    )  # fmt: skip


def test_a_long_post_without_links_or_mentions_leaves_the_tweet_s() -> None:
    made, _ = notes(note(f"{BEGINNING}to the end"))
    assert made.with_full_text(tweet(BEGINNING)) == tweet(f"{BEGINNING}to the end")


@pytest.mark.parametrize(
    "ending", ["", "…", "...", "… https://t.co/abc", " https://t.co/", "https://t.co/a  ", "…  "]
)
def test_a_beginning_may_end_in_each_of_x_s_ways(ending: str) -> None:
    made, _ = notes(note(f"{BEGINNING}to the end"))
    assert made.with_full_text(tweet(BEGINNING[:140] + ending)).text.endswith("to the end")


@pytest.mark.parametrize(
    ("at", "is_joined"),
    [
        ("2023-09-08T09:59:58Z", False),
        ("2023-09-08T09:59:59Z", True),
        ("2023-09-08T10:00:01Z", True),
        ("2023-09-08T10:00:02Z", False),
        (None, False),
    ],
)
def test_a_long_post_is_of_the_same_second_or_one_beside_it(
    at: str | None, *, is_joined: bool
) -> None:
    made, _ = notes(note(f"{BEGINNING}to the end"))
    assert made.with_full_text(tweet(BEGINNING, at)).text.endswith("to the end") == is_joined


def test_a_short_beginning_does_not_identify_a_thread() -> None:
    made, _ = notes(note("x" * 300))
    assert made.with_full_text(tweet("x" * 99)) == tweet("x" * 99)
    assert made.with_full_text(tweet("x" * 100)).text == "x" * 300


def test_a_short_text_that_is_the_same_is_the_long_post() -> None:
    made, account = notes(note("“Low tide”"))
    assert made.with_full_text(tweet("LOW tide")) == tweet("LOW tide")
    assert made.with_full_text(tweet('"LOW  tide"')).text == "“Low tide”"
    made.notice_unused()
    assert account.notices == []


def test_other_words_are_no_beginning() -> None:
    made, _ = notes(note(f"Not these. {BEGINNING}"))
    assert made.with_full_text(tweet(BEGINNING)) == tweet(BEGINNING)


def test_a_repost_is_no_beginning() -> None:
    made, _ = notes(note(f"{BEGINNING}to the end"))
    repost = replace(tweet(BEGINNING), is_repost=True)
    assert made.with_full_text(repost) == repost


def test_each_long_post_is_of_one_tweet_the_nearest_first() -> None:
    made, account = notes(
        note(f"{BEGINNING}after", "2023-09-08T10:00:01Z"),
        note(f"{BEGINNING}before", "2023-09-08T09:59:59Z"),
        note(f"{BEGINNING}then"),
    )
    endings = [made.with_full_text(tweet(BEGINNING)).text.split()[-1] for _ in range(4)]
    assert endings == ["then", "after", "before", "wait."]
    assert account.notices == []


def test_a_long_post_whose_tweet_is_missing_gets_a_notice() -> None:
    made, account = notes(note("Flood"), note("Ebb"))
    made.with_full_text(tweet("Ebb"))
    made.notice_unused()
    message = "a long post whose tweet is not in this archive; left out"
    assert [(each.file, each.line, each.message) for each in account.notices] == [
        ("a.zip/note-tweet.js", 1, message)
    ]
    _, entry = account.entries(())
    assert (entry.line, entry.kind, entry.what, entry.said) == (1, "notice", message, "Flood")


@pytest.mark.parametrize(
    "value",
    [5, "x", {"noteTweet": 5}, {"noteTweet": {}}, note("Ebb", at="never"), {"createdAt": AT}],
)
def test_a_record_without_a_long_post_gets_a_notice_and_the_next_is_read(value: object) -> None:
    made, account = notes(value, note("Flood"))
    message = "a record without a long post; left out"
    assert [(each.file, each.line, each.message) for each in account.notices] == [
        ("a.zip/note-tweet.js", 1, message)
    ]
    (entry,) = account.entries(())
    assert (entry.line, entry.kind, entry.what, entry.said) == (1, "notice", message, "")
    assert made.with_full_text(tweet("flood")).text == "Flood"


def test_a_long_post_may_come_without_its_wrapper() -> None:
    made, _ = notes({"createdAt": AT, "core": {"text": "Flood"}})
    assert made.with_full_text(tweet("flood")).text == "Flood"


def test_all_parts_of_an_archive_are_read_and_its_other_parts_are_not() -> None:
    reply = {
        "id_str": "2", "full_text": BEGINNING, "created_at": "Fri Sep 08 10:00:00 +0000 2023",
        "in_reply_to_status_id_str": "1", "in_reply_to_screen_name": "anna_ports",
    }  # fmt: skip
    files = {
        "account.js": ACCOUNT,
        "note-tweet-part1.js": file_of("note_tweet", note(f"{BEGINNING}end"), note("Of no tweet")),
        "other.js": file_of("tweets", {"id_str": "9", "full_text": "Not this"}),
        "tweet.js": file_of("tweets", TWEET),
        "tweets-part3.js": file_of("tweets", {"tweet": reply}, {"x": 1}),
    }
    (thread,), notices = parse(files)
    assert [each.text for each in thread.tweets] == ["Low tide", f"{BEGINNING}end"]
    assert [each.file for each in thread.tweets] == ["a.zip/tweet.js", "a.zip/tweets-part3.js"]
    assert notices == [
        ("a.zip/tweets-part3.js", 1, "a record without a tweet; left out"),
        ("a.zip/note-tweet-part1.js", 1,
         "a long post whose tweet is not in this archive; left out"),
    ]  # fmt: skip
