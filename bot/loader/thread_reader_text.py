"""Text copied from a Thread Reader App page: one full thread, a footer, previews of other threads.

The page's shape, as it survives copying: a line for each tweet; below a tweet, the line of the
mentions and links that it ends with; a footer; then the first tweets of more threads by the same
author, with nothing between one and the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.identity import ids, own_title
from bot.loader.account import Account
from bot.loader.decode import Line
from bot.loader.entities import Parts, take_apart, unique_handles, unique_links
from bot.models import Metadata, Thread, Tweet

FORMAT = "thread-reader-text"
FOOTER = re.compile(
    r"(?:•\s*){3}"
    r"|missing some tweets? in this thread\?(?: you can try to)?(?: force a refresh\.?)?"
    r"|(?:you can try to )?force a refresh\.?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Draft:
    """A tweet while its lines are gathered."""

    line: int
    parts: list[Parts] = field(default_factory=list)

    def finish(self, file: str, metadata: Metadata, *, is_main: bool) -> Tweet:
        return Tweet(
            text=next((part.text for part in self.parts if part.text), ""),
            mentions=unique_handles([name for part in self.parts for name in part.mentions]),
            links=unique_links([link for part in self.parts for link in part.links]),
            author=metadata.author,
            created_at=metadata.date if is_main else None,
            permalink=None,
            tweet_id=None,
            file=file,
            line=self.line,
        )


def parse(lines: Sequence[Line], metadata: Metadata, account: Account) -> tuple[Thread, ...]:
    """The threads in `lines`, the main one first."""
    written = [(line, take_apart(line.text)) for line in lines if line.text]
    footers = {index for index, (line, _) in enumerate(written) if FOOTER.fullmatch(line.text)}
    start_of_footer = min(footers, default=len(written))
    for index in footers:
        account.boilerplate(written[index][0], "the page's footer")
    threads: list[Thread] = []
    main = _gather(written[:start_of_footer], account)
    if main:
        threads.append(_thread(main, account.file, metadata, is_main=True))
    rest = [
        entry
        for index, entry in enumerate(written)
        if index > start_of_footer and index not in footers
    ]
    for preview in _previews(rest):
        drafts = _gather(preview, account)
        if drafts:
            threads.append(_thread(drafts, account.file, metadata, is_main=False))
    return tuple(threads)


def _previews(entries: list[tuple[Line, Parts]]) -> Iterator[list[tuple[Line, Parts]]]:
    """Cut what follows the footer where a line is no reply and a byline follows it."""
    if not entries:
        return
    starts = [0]
    for index in range(1, len(entries) - 1):
        here, below = entries[index][1], entries[index + 1][1]
        if not here.is_byline and not here.leads_with_mention and below.is_byline:
            starts.append(index)
    for start, end in zip(starts, [*starts[1:], len(entries)], strict=True):
        yield entries[start:end]


def _gather(entries: Sequence[tuple[Line, Parts]], account: Account) -> list[_Draft]:
    """A draft for each tweet: a byline belongs to the tweet above it."""
    drafts: list[_Draft] = []
    waiting: list[tuple[Line, Parts]] = []
    for line, parts in entries:
        if not parts.is_byline:
            drafts.append(_Draft(line.number, [parts, *(each for _, each in waiting)]))
            message = "mentions and links with no tweet above them; given to the tweet below"
            for above, _ in waiting:
                account.left_out(above, message)
            waiting = []
            account.tweet(line, line.number)
        elif drafts:
            drafts[-1].parts.append(parts)
            account.tweet(line, drafts[-1].line)
        else:
            waiting.append((line, parts))
    if waiting:
        message = "nothing but mentions and links here; no tweet was made of them"
        for line, _ in waiting:
            account.left_out(line, message)
    return drafts


def _thread(drafts: Sequence[_Draft], file: str, metadata: Metadata, *, is_main: bool) -> Thread:
    tweets = tuple(draft.finish(file, metadata, is_main=is_main) for draft in drafts)
    own_id, aliases = ids(tweets, metadata.author)
    given_title = metadata.title if is_main else None
    return Thread(
        id=own_id,
        aliases=aliases,
        title=given_title or own_title(tweets),
        author=metadata.author,
        complete=is_main,
        source_url=metadata.source if is_main else None,
        dumps=(file,),
        tweets=tweets,
    )
