"""Large X archives, read with a second process: the result is what one process reads."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.background.helper import HelperFailed
from bot.errors import DumpError
from bot.loader.archive import contents
from bot.loader.line_account import Account
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content, Part
from bot.loader.records import helped, x_archive
from bot.loader.records.post_spool import unpacked
from bot.loader.records.posts import Post
from bot.loader.records.x_archive import read_posts
from bot.models import Dump, Metadata
from bot.store.rows import packed_pieces

LONG = "Cranes stand still at night and nobody on the quay will say how long they wait. " * 3
AT = "Fri Sep 08 10:00:00 +0000 2023"
ACCOUNT = 'window.YTD.account.part0 = [ {"account" : {"username" : "anna_ports"} } ]'
NOTES = [
    {"noteTweet": {"createdAt": "2023-09-08T10:00:00.000Z", "core": {"text": LONG}}},
    {"noteTweet": {"createdAt": "2020-09-08T10:00:00.000Z", "core": {"text": "Nobody's."}}},
    {"noteTweet": {}},
]
TWEETS: list[object] = [
    {"tweet": {"id_str": str(n), "full_text": f"Low tide {n} \ud800 €", "created_at": AT,
               "in_reply_to_status_id_str": str(n - 1) if n % 3 else None,
               "in_reply_to_screen_name": "anna_ports" if n % 3 else None}}
    for n in range(300, 1200)
]  # fmt: skip
TWEETS[7] = {"tweet": {"id_str": "5", "full_text": LONG[:140] + "…", "created_at": AT}}
TWEETS[9] = {"other": 1}
TWEETS[11] = {"tweet": {"id_str": "6", "full_text": "RT @ben: nobody", "created_at": AT}}
TWEETS[13] = {
    "tweet": {
        "id_str": "1900000000000000007", "full_text": "Wrong date", "created_at": AT,
        "extended_entities": {"media": [{"type": "photo", "media_url_https":
                                         "https://pbs.twimg.com/media/a.jpg"}]},
    }
}  # fmt: skip


def file_of(kind: str, values: list[object], part: int = 0) -> str:
    lines = ",\n".join(map(json.dumps, values))
    return f"window.YTD.{kind}.part{part} = [\n{lines}\n]"


def files() -> dict[str, bytes]:
    broken = file_of("tweets", TWEETS[:600]).replace('"id_str": "320"', '"id_str": "320')
    return {
        "data/account.js": ACCOUNT.encode(),
        "data/note-tweet.js": file_of("note_tweet", NOTES).encode(),
        "data/tweets.js": broken.encode(),
        "data/tweets-part1.js": file_of("tweets", TWEETS[600:], 1).encode() + b"\xff",
    }


def content_of(named: dict[str, bytes]) -> Content:
    return Content(tuple(_part(name, data) for name, data in named.items()))


def _part(name: str, data: bytes) -> Part:
    return Part(name, lambda: io.BytesIO(data), len(data))


def both(make: Callable[[], Content], metadata: Metadata | None = None) -> tuple[Dump, Dump]:
    """The dump as one process reads it, and as two do."""
    with pytest.MonkeyPatch.context() as patch:
        one = read_dump(make(), "a.zip", metadata)
        patch.setattr(helped, "WORTH_A_HELPER", 0)
        patch.setattr(helped, "BATCH", 64)
        return one, read_dump(make(), "a.zip", metadata)


def same(one: Dump, two: Dump) -> None:
    assert [*two.threads] == [*one.threads]
    assert two.notices == one.notices
    assert (two.sha256, two.format, two.metadata) == (one.sha256, one.format, one.metadata)


def test_two_processes_read_what_one_reads() -> None:
    one, two = both(lambda: content_of(files()))
    assert len(one.notices) > 6
    assert any("pbs.twimg.com" in str(tweet.media) for each in one.threads for tweet in each.tweets)
    same(one, two)


def test_an_author_that_is_given_is_noticed_by_both() -> None:
    one, two = both(lambda: content_of(files()), Metadata(author="ben"))
    assert any("the archive is by @anna_ports" in each.message for each in two.notices)
    same(one, two)


@pytest.mark.parametrize("left_out", ["data/account.js", "data/note-tweet.js"])
def test_an_archive_lacks_a_file(left_out: str) -> None:
    named = {name: data for name, data in files().items() if name != left_out}
    same(*both(lambda: content_of(named)))


def test_a_zipped_archive_is_hashed_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files().items():
            archive.writestr(name, data)
    same(
        *both(
            lambda: next(each for _, each in contents(path, "a.zip") if isinstance(each, Content))
        )
    )


def test_a_small_archive_and_a_detailed_check_start_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(helped, "Helper", None)
    assert read_dump(content_of(files()), "a.zip").threads
    monkeypatch.setattr(helped, "WORTH_A_HELPER", 0)
    assert read_dump(content_of(files()), "a.zip", detailed=True).account


def test_an_archive_without_tweets_is_the_same_error(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"data/account.js": ACCOUNT.encode(), "data/tweets.js": b"window.YTD.tweets.part0 = []"}
    with pytest.raises(DumpError) as one:
        read_dump(content_of(named), "a.zip")
    monkeypatch.setattr(helped, "WORTH_A_HELPER", 0)
    with pytest.raises(DumpError) as two:
        read_dump(content_of(named), "a.zip")
    assert str(one.value) == str(two.value)


def test_a_file_that_is_no_text_is_the_same_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    named = files() | {"data/tweets.js": b"%PDF-1.4"}
    with pytest.raises(DumpError) as one:
        read_dump(content_of(named), "a.zip")
    monkeypatch.setattr(helped, "WORTH_A_HELPER", 0)
    with pytest.raises(DumpError) as two:
        read_dump(content_of(named), "a.zip")
    assert str(one.value) == str(two.value)
    assert "without a second process" in caplog.text


def test_a_second_process_that_dies_half_way_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = read_dump(content_of(files()), "a.zip")
    monkeypatch.setattr(helped, "WORTH_A_HELPER", 0)
    monkeypatch.setattr(helped, "BATCH", 64)
    real = helped.HelpedReading.posts

    def dies(self: helped.HelpedReading) -> Iterator[Post]:
        for number, each in enumerate(real(self)):
            yield each
            if number == 200:
                raise HelperFailed("killed")

    monkeypatch.setattr(helped.HelpedReading, "posts", dies)
    same(one, read_dump(content_of(files()), "a.zip"))


def sent_of(named: dict[str, bytes], size: int, read: helped.Read = read_posts) -> list[Any]:
    """What the second process sends, from this one, of parts that come `size` bytes at a time."""
    content = content_of(named)
    fed = (
        piece
        for data in named.values()
        for piece in (*(data[at : at + size] for at in range(0, len(data), size)), b"")
    )
    sent: list[Any] = []
    parts = [(each.name, each.size) for each in content.parts]
    helped.read_and_send(sent.append, fed, read, parts, Metadata(), "a.zip")
    assert next(fed, None) is None
    return sent


@pytest.mark.parametrize("size", [100, 10**6])
def test_what_is_sent_is_what_is_read(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helped, "BATCH", 64)
    account = Account("a.zip")
    known, posts = read_posts(content_of(files()), Metadata(), account)
    expected = [*posts]
    head, *batches = sent_of(files(), size)
    assert head == known
    assert [post for some, _ in batches for post in unpacked(some)] == expected
    assert {type(some) for some, _ in batches} == {list}  # each has half a surrogate pair
    added = Account("a.zip")
    for _, notices in batches:
        for number in sorted(notices):
            for each in notices[number]:
                added.notice(*each)
    assert added.notices == account.notices


def test_posts_of_whole_characters_are_sent_packed() -> None:
    tweet = {"tweet": {"id_str": "5", "full_text": "Low tide €", "created_at": AT}}
    named = {
        "data/account.js": ACCOUNT.encode(),
        "data/tweets.js": file_of("tweets", [tweet]).encode(),
    }
    _, (some, notices) = sent_of(named, 10)
    assert isinstance(some, bytes)
    assert [each.text for each in unpacked(some)] == ["Low tide €"]
    assert notices == {}


def test_the_rest_of_a_part_that_is_not_read_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(x_archive, "LARGEST_ACCOUNT", 99)
    named = files() | {"data/account.js": ACCOUNT.encode() + b" " * 200}
    assert sent_of(named, 90) == sent_of(files(), 90)


def test_parts_are_read_in_their_order_only() -> None:
    def backwards(
        content: Content, metadata: Metadata, _: Account
    ) -> tuple[Metadata, Iterator[Post]]:
        content.parts[1].open()
        return metadata, iter(())

    with pytest.raises(HelperFailed, match="part 1 is not the next one"):
        sent_of(files(), 90, backwards)


def test_progress_counts_all_bytes_and_may_stop_the_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(helped, "WORTH_A_HELPER", 0)
    read: list[int] = []
    content = content_of(files())
    read_dump(content, "a.zip", progress=read.append)
    assert sum(read) == content.size

    class Stop(Exception):
        pass

    def stop(_: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        read_dump(content_of(files()), "a.zip", progress=stop)


def test_the_bytes_are_kept_as_they_were_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helped, "WORTH_A_HELPER", 0)
    opened: list[str] = []

    def part(name: str, data: bytes) -> Part:
        def opening() -> io.BytesIO:
            opened.append(name)
            return io.BytesIO(data)

        return Part(name, opening, len(data))

    content = Content(tuple(part(name, data) for name, data in files().items()))
    read_dump(content, "a.zip")
    assert opened == [*files()]
    kept = [*packed_pieces(content)]
    assert opened == [*files()]
    assert kept == [*packed_pieces(content_of(files()))]
