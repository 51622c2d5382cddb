"""Reads the posts of an X archive in a second process, while this one makes threads of them.

This process reads the archive's bytes once: it hashes them, feeds them to the helper, and packs
them for the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TypeAlias

import msgspec

from bot.background.helper import Helper, HelperFailed, Send
from bot.loader.line_account import Account
from bot.loader.raw.content import Content, Part, Stream
from bot.loader.raw.packed_pieces import PackedPieces
from bot.loader.records.posts import Post
from bot.models import Metadata

WORTH_A_HELPER = 24 * 1024 * 1024
"""Bytes of an archive; reading fewer takes not much longer than starting a second process."""
BATCH = 256
"""Posts that are sent at a time."""

Read = Callable[[Content, Metadata, Account], tuple[Metadata, Iterator[Post]]]
"""Starts to read an archive: returns what is known of it, and its posts. Opens the parts once each,
in order."""
_Notice: TypeAlias = tuple[int | None, str, str]
"""What `Account.notice` is given."""


def is_worth_it(content: Content, account: Account) -> bool:
    """Whether a dump is so large that a second process makes reading it faster."""
    return content.size >= WORTH_A_HELPER and not account.detailed


class HelpedReading:
    """Reads an archive with a helper. Use it as a context manager."""

    def __init__(
        self,
        read: Read,
        content: Content,
        metadata: Metadata,
        account: Account,
        progress: Callable[[int], None] | None,
    ) -> None:
        """Start the helper.

        Args:
            read: a function of a module that reads.
            content: the archive.
            metadata: what is given for it.
            account: receives the notices.
            progress: called with the number of bytes read since its last call; may raise to stop.

        Raises:
            HelperFailed: it cannot be started.
        """
        self._content = content
        self._account = account
        self._progress = progress
        self._read_bytes = self._told_bytes = 0
        self._hash = content.hashing()
        self._packed = PackedPieces()
        self._helper = Helper()
        parts = [(each.name, each.size) for each in content.parts]
        self._messages = self._helper.run(
            read_and_send, read, parts, metadata, account.file, feed=self._fed()
        )

    def __enter__(self) -> HelpedReading:
        """Return the reading."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the helper."""
        self._helper.__exit__(None, None, None)

    def known(self) -> Metadata:
        """Return what is known of the archive. To be called first.

        Raises:
            HelperFailed: the archive cannot be read, or the helper ended.
        """
        known: Metadata = next(self._messages)
        return known

    def posts(self) -> Iterator[Post]:
        """Yield the posts; adds each notice before the post that follows it.

        Raises:
            HelperFailed: the archive cannot be read, or the helper ended.
        """
        decode = msgspec.msgpack.Decoder(list[Post]).decode
        for data, notices in self._messages:
            posts = decode(data) if isinstance(data, bytes) else data
            if self._progress and (more := self._read_bytes - self._told_bytes):
                self._told_bytes += more
                self._progress(more)
            if not notices:
                yield from posts
                continue
            for place, post in enumerate(chain(posts, [None])):
                for each in notices.get(place, ()):
                    self._account.notice(*each)
                if post is not None:
                    yield post
        self._content.has_hash(self._hash.hexdigest())
        self._content.keep(self._packed)
        self.__exit__()  # finding the threads takes memory, too

    def _fed(self) -> Iterator[bytes]:
        """Yield the bytes of all parts; after each part, none."""
        for number, part in enumerate(self._content.parts):
            for place, piece in enumerate(self._hash.pieces(part)):
                self._read_bytes += len(piece)
                yield piece
                self._packed.add(number, place, piece)
            yield b""


def read_and_send(
    send: Send,
    fed: Iterator[bytes],
    read: Read,
    parts: Sequence[tuple[str, int]],
    metadata: Metadata,
    file: str,
) -> None:
    """Read an archive and send, in the helper, what is known of it and then batches of posts.

    A batch is the posts, and the notices to add before each of them, by its place in the batch.
    """
    feed = _Feed(fed)
    account = _Collected(file)
    content = Content(tuple(feed.part(at, *each) for at, each in enumerate(parts)))
    known, posts = read(content, metadata, account)
    send(known)
    batch: list[Post] = []
    notices: dict[int, list[_Notice]] = {}
    for post in posts:
        if fresh := account.taken():
            notices[len(batch)] = fresh
        batch.append(post)
        if len(batch) == BATCH:
            send((_packed(batch), notices))
            batch, notices = [], {}
    if fresh := account.taken():
        notices[len(batch)] = fresh
    send((_packed(batch), notices))


class _Collected(Account):
    """An account whose notices are taken away now and then."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._fresh: list[_Notice] = []

    def notice(self, line: int | None, message: str, part: str = "") -> None:
        """Add a notice about a line, or about the whole dump."""
        super().notice(line, message, part)
        self._fresh.append((line, message, part))

    def taken(self) -> list[_Notice]:
        """Return the notices that were added since the last call."""
        taken, self._fresh = self._fresh, []
        return taken


def _packed(posts: list[Post]) -> bytes | list[Post]:
    try:
        return msgspec.msgpack.encode(posts)
    except UnicodeEncodeError:  # half a surrogate pair
        return posts


class _Feed:
    """Opens parts whose bytes are fed one after the other."""

    def __init__(self, fed: Iterator[bytes]) -> None:
        self._fed = fed
        self._at = 0
        """The part that is fed."""

    def part(self, number: int, name: str, size: int) -> Part:
        """Return a part that can be opened once, after the one before it."""
        return Part(name, lambda: self._opened(number), size)

    def _opened(self, number: int) -> Stream:
        if number != self._at:
            raise HelperFailed(f"part {number} is not the next one")
        rest = b""
        ended = False

        def read(size: int) -> bytes:
            nonlocal rest, ended
            if not rest and not ended:
                rest = next(self._fed)
                ended = not rest
            found, rest = rest[:size], rest[size:]
            return found

        def close() -> None:
            self._at += 1
            while not ended and next(self._fed):
                pass

        return Stream(read, close)
