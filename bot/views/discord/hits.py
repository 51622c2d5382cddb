"""Hits in Discord's Markdown, as many tweets as a message has room for, and their buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from discord import ui

from bot.i18n.messages import Language
from bot.models import Answer, Hit, Passage
from bot.views import markdown, wording
from bot.views.discord import custom_id, media, pages
from bot.views.discord.parts import Button, button

EXCERPT = 320
"""Most UTF-16 units of an excerpt, so that a page can be read on a phone."""
LEAST_EXCERPT = 60
"""Fewest UTF-16 units of an excerpt; with less room for each, fewer tweets are shown."""
BENEATH = 180
"""Most UTF-16 units of a line about a picture, a quoted tweet, a poll or a card."""
TITLE, SHORT_TITLE = 90, 40
"""Most characters of a title, and where the message has little room."""


@dataclass(frozen=True, slots=True)
class ShownTweet:
    """A tweet of a hit, as a message shows it."""

    passage: Passage
    """The tweet."""
    text: str
    """Its Markdown: place, date and source, the excerpt, and what belongs to it."""


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit, as a message shows it."""

    hit: Hit
    """The hit."""
    head: str
    """Its title and author in Markdown."""
    tweets: tuple[ShownTweet, ...]
    """Its tweets on this page."""


def shown_hits(
    hits: Sequence[Hit], budget: int, say: Language, *, numbered: bool = True
) -> list[ShownHit]:
    """As many tweets of `hits` as fit in `budget`; excerpts share the room beside the frames."""
    left = [_in_order(hit) for hit in hits]
    for title, room in ((TITLE, BENEATH), (SHORT_TITLE, 0)):
        frames = _frames(left, say, title, room, numbered=numbered)
        if _least(frames) <= budget:
            break
    while _least(frames) > budget and sum(map(len, left)) > 1:
        left[-1].pop()
        left = [each for each in left if each]
        frames = _frames(left, say, SHORT_TITLE, 0, numbered=numbered)
    return _filled(frames, budget, say)


@dataclass(slots=True)
class _Frame:
    """A hit without its excerpts."""

    hit: Hit
    head: str
    number: str
    above: list[str]
    beneath: list[list[str]]
    passages: list[Passage]

    @property
    def units(self) -> int:
        every = [self.head, *self.above, *(each for some in self.beneath for each in some)]
        return sum(markdown.units(each) + 1 for each in every)


def passages_of(hit: Hit) -> tuple[Passage, ...]:
    """All tweets of `hit` on the page, best first."""
    return (hit.best, *hit.more)


def _in_order(hit: Hit) -> list[tuple[Hit, Passage]]:
    """The tweets of a hit: first the one that begins with the title, then best first."""
    every = sorted(passages_of(hit), key=lambda each: not _begins_with_title(hit, each))
    return [(hit, each) for each in every]


def _begins_with_title(hit: Hit, passage: Passage) -> bool:
    title = wording.short(hit.thread.title, TITLE).rstrip("….")
    return bool(title) and " ".join(passage.tweet.text.split()).startswith(title)


def _least(frames: Sequence[_Frame]) -> int:
    return sum(each.units + (LEAST_EXCERPT + 1) * len(each.passages) for each in frames)


def _frames(
    left: Sequence[Sequence[tuple[Hit, Passage]]],
    say: Language,
    title: int,
    room: int,
    *,
    numbered: bool,
) -> list[_Frame]:
    """The hits without their excerpts; a printed link is shown once on the page."""
    printed: set[str] = set()
    frames = []
    for some in left:
        hit, passages = some[0][0], [passage for _, passage in some]
        number = f"{hit.rank}. " if numbered else ""
        head = f"**{number}{markdown.escape(wording.short(hit.thread.title, title))}**"
        about = _author(hit, say)
        above = [
            _above(hit, each, printed, say, preview=not about and each is passages[0])
            for each in passages
        ]
        beneath = [_beneath(each, say, room) for each in passages]
        frame = _Frame(
            hit, f"{head}\n-# {about}" if about else head, number, above, beneath, passages
        )
        frames.append(frame)
    return frames


def _filled(frames: Sequence[_Frame], budget: int, say: Language) -> list[ShownHit]:
    """The hits with their excerpts, which share what is left of `budget`."""
    room = budget - sum(each.units for each in frames)
    left = sum(len(each.passages) for each in frames)
    shown = []
    for frame in frames:
        tweets = []
        for passage, above, beneath in zip(frame.passages, frame.above, frame.beneath, strict=True):
            share = min(room // left, EXCERPT)
            excerpt = _quoted(passage, share)
            room -= markdown.units(excerpt) + 1
            left -= 1
            parts = [above, *([excerpt] if excerpt else []), *beneath]
            tweets.append(ShownTweet(passage, "\n".join(parts)))
        shown.append(_untitled(ShownHit(frame.hit, frame.head, tuple(tweets)), frame, say))
    return shown


def _untitled(shown: ShownHit, frame: _Frame, say: Language) -> ShownHit:
    """The hit without its title, if its first excerpt begins with the same words."""
    first = shown.tweets[0]
    lines = [each[2:] for each in first.text.split("\n") if each.startswith("> ")]
    said = " ".join(markdown.unescaped(" ".join(lines).replace("**", "")).split())
    title = wording.short(frame.hit.thread.title, TITLE).rstrip("….")
    if not title or not said.startswith(title):
        return shown
    about = _author(frame.hit, say)
    if about:
        return replace(
            shown, head=f"-# **{frame.number.rstrip()}** {about}" if frame.number else f"-# {about}"
        )
    text = (
        first.text.replace("-# ", f"-# **{frame.number.rstrip()}** ", 1)
        if frame.number
        else first.text
    )
    return replace(shown, head="", tweets=(replace(first, text=text), *shown.tweets[1:]))


def _author(hit: Hit, say: Language) -> str:
    """Who wrote a thread, and that it is a preview if it is one; empty if that is not known."""
    tweet = hit.best.tweet
    name = tweet.author_name if tweet.author == hit.thread.author or not hit.thread.author else None
    author = media.by_line(name, hit.thread.author or tweet.author)
    if not author or hit.thread.complete:
        return author
    return f"{author} · {markdown.escape(say('preview'))}"


def _above(hit: Hit, passage: Passage, printed: set[str], say: Language, *, preview: bool) -> str:
    """The line above an excerpt: the tweet's place, date and best source.

    `preview`: whether to say that the thread is a preview, if it is one.
    """
    parts = [markdown.escape(say("preview"))] if preview and not hit.thread.complete else []
    parts.append(markdown.escape(wording.place(passage.position, hit.thread.tweets, say)))
    if passage.tweet.author and hit.thread.author not in (None, passage.tweet.author):
        parts.append(media.by_line(passage.tweet.author_name, passage.tweet.author))
    if passage.tweet.created_at:
        parts.append(markdown.day(passage.tweet.created_at, say))
    parts += proof(passage, printed, say)
    return f"-# {' · '.join(parts)}"


def proof(passage: Passage, printed: set[str], say: Language) -> list[str]:
    """The best source of a tweet, and a printed link unless it is among `printed` already.

    The dump's file and line only if there is nothing to click on.
    """
    every = [(each, pages.source_line((each,), say)) for each in passage.sources]
    links = [shown for each, shown in every if each.url and shown.startswith("[")]
    clickable = [shown for each, shown in every if each.kind != "printed" and shown in links]
    shown = (clickable or links)[:1]
    for each, said in every:
        if each.kind == "printed" and each.label not in printed and len(shown) < 2:
            printed.add(each.label)
            shown += [said] if said not in shown else []
    return shown if links else [said for each, said in every if each.kind == "dump"]


def _beneath(passage: Passage, say: Language, room: int) -> list[str]:
    if not room:
        return []
    pictured = media.thumbnail(passage.tweet) is not None
    return media.beneath(passage, say, room, pictured=pictured)


def _quoted(passage: Passage, room: int) -> str:
    """The excerpt of a tweet, as a quote; empty for a tweet without words."""
    text = markdown.excerpt(passage.tweet.text, passage.highlights, room)
    return markdown.quoted(text) if text else ""


def read_buttons(shown: ShownHit, say: Language, *, main: bool = False) -> list[Button | None]:
    """A button for each tweet that opens the thread there; the `main` one stands out.

    The labels of several are short, so that three fit side by side on a phone.
    """
    thread = shown.hit.thread.id
    if len(shown.tweets) == 1:
        label = say("Read from here")
        return [button(label, custom_id.read(thread, shown.tweets[0].passage.position), main=main)]
    return [
        button(
            say("Tweet {position}", position=str(each.passage.position)),
            custom_id.read(thread, each.passage.position),
            main=main and each.passage is shown.hit.best,
        )
        for each in shown.tweets
    ]


def all_label(shown: ShownHit, say: Language) -> str | None:
    """The label of the button that shows all matches of a thread; None if all are shown."""
    every = shown.hit.more_in_thread + 1
    if every <= len(shown.tweets):
        return None
    return say("All {count} in this thread", count=every)


def read_button(thread: str, position: int, say: Language) -> Button:
    """A button that opens `thread` at the tweet at `position`."""
    return ui.Button(label=say("Read from here"), custom_id=custom_id.read(thread, position))


def question_line(answer: Answer) -> str:
    """The question of `answer` in Markdown, shortened."""
    return markdown.escape(wording.short(answer.question, 200))
