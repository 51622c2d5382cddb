"""Hits in Discord's Markdown, as many tweets as a message has room for, and their buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.i18n.messages import Language
from bot.models import Answer, Hit, Passage, ThreadSummary
from bot.views import markdown, wording
from bot.views.discord import custom_id, media, pages
from bot.views.discord.parts import CHOICE, Button, button

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
    """Its Markdown: place, date and source, and the excerpt."""
    beneath: str = ""
    """What belongs to it besides, in Markdown."""


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit, as a message shows it."""

    hit: Hit
    """The hit."""
    head: str
    """Its title and author in Markdown."""
    tweets: tuple[ShownTweet, ...]
    """Its tweets on this page, best first."""


def shown_hits(hits: Sequence[Hit], budget: int, say: Language) -> list[ShownHit]:
    """As many tweets of `hits` as fit in `budget`; excerpts share the room beside the frames."""
    left = [[(hit, each) for each in passages_of(hit)] for hit in hits]
    for title, room in ((TITLE, BENEATH), (SHORT_TITLE, 0)):
        frames = _frames(left, say, title, room)
        if _least(frames) <= budget:
            break
    while _least(frames) > budget and sum(map(len, left)) > 1:
        left[-1].pop()
        left = [each for each in left if each]
        frames = _frames(left, say, SHORT_TITLE, 0)
    return _filled(frames, budget, say)


@dataclass(slots=True)
class _Frame:
    """A hit without its excerpts."""

    hit: Hit
    title: str
    note: int
    """UTF-16 units of what is said above a tweet that has the title in it."""
    about: list[str]
    above: list[str]
    beneath: list[list[str]]
    passages: list[Passage]

    @property
    def units(self) -> int:
        beneath = [each for some in self.beneath for each in some]
        every = [_bold(self.title), *self.about, *self.above, *beneath]
        note = max(self.note - markdown.units(self.title), 0)  # that title is not shown twice
        return note + sum(markdown.units(each) + 1 for each in every)


def passages_of(hit: Hit) -> tuple[Passage, ...]:
    """All tweets of `hit` on the page, best first."""
    return (hit.best, *hit.more)


def title_of(thread: ThreadSummary, limit: int = TITLE) -> str:
    """The title of a thread; its id if it has none."""
    return wording.short(thread.title, limit) or thread.id


def _bold(title: str) -> str:
    return f"**{markdown.escape(title)}**"


def _least(frames: Sequence[_Frame]) -> int:
    return sum(each.units + (LEAST_EXCERPT + 1) * len(each.passages) for each in frames)


def _frames(
    left: Sequence[Sequence[tuple[Hit, Passage]]], say: Language, title: int, room: int
) -> list[_Frame]:
    """The hits without their excerpts; a printed link is shown once on the page."""
    printed: set[str] = set()
    frames = []
    note = markdown.units(say("{place}: the title above", place=""))
    for some in left:
        hit, passages = some[0][0], [passage for _, passage in some]
        about = [f"-# {each}" for each in [_about(hit, say)] if each]
        above = [_above(hit, each, printed, say) for each in passages]
        beneath = [_beneath(each, say, room) for each in passages]
        name = title_of(hit.thread, title)
        frames.append(_Frame(hit, name, note, about, above, beneath, passages))
    return frames


def _filled(frames: Sequence[_Frame], budget: int, say: Language) -> list[ShownHit]:
    """The hits with their excerpts, which share what is left of `budget`."""
    room = budget - sum(each.units for each in frames)
    left = sum(len(each.passages) for each in frames)
    shown = []
    for frame in frames:
        heading, tweets = None, []
        for passage, above, beneath in zip(frame.passages, frame.above, frame.beneath, strict=True):
            share = min(room // left, EXCERPT)
            excerpt = markdown.excerpt(passage.tweet.text, passage.highlights, share)
            room -= markdown.units(markdown.quoted(excerpt)) + 1
            left -= 1
            if heading is None and _begins_with(excerpt, frame.title):
                heading, excerpt = _divided(passage, share)
                if not excerpt:
                    place = wording.place_in(frame.hit.thread, passage.position, say)
                    above = above.replace(place, say("{place}: the title above", place=place), 1)
            quote = [markdown.quoted(excerpt)] if excerpt else []
            tweets.append(ShownTweet(passage, "\n".join([above, *quote]), "\n".join(beneath)))
        head = "\n".join([heading or _bold(frame.title), *frame.about])
        shown.append(ShownHit(frame.hit, head, tuple(tweets)))
    return shown


def _begins_with(excerpt: str, title: str) -> bool:
    """Whether the first line of an excerpt in Markdown begins with a title."""
    first = markdown.plain(excerpt.split("\n", 1)[0])
    begins = title.rstrip("….")
    return bool(begins) and " ".join(first.split()).startswith(begins)


def _divided(passage: Passage, share: int) -> tuple[str, str]:
    """The first line of an excerpt as the heading of its hit, and the other lines.

    The heading is bold, so matched words are underlined in it.
    """
    tweet, marks = passage.tweet, passage.highlights
    heading = markdown.excerpt(tweet.text, marks, share, markdown.UNDERLINE).split("\n", 1)[0]
    _, _, rest = markdown.excerpt(tweet.text, marks, share).partition("\n")
    return f"**{heading.strip()}**", rest.strip("\n")


def _about(hit: Hit, say: Language) -> str:
    """Who wrote a thread, and how much of it is saved; empty if there is nothing to say."""
    tweet, thread = hit.best.tweet, hit.thread
    name = tweet.author_name if tweet.author == thread.author or not thread.author else None
    author = media.by_line(name, thread.author or tweet.author)
    parts = [author] if author else []
    if not thread.complete:
        parts.append(markdown.escape(wording.only_beginning(thread.tweets, say)))
    return " · ".join(parts)


def _above(hit: Hit, passage: Passage, printed: set[str], say: Language) -> str:
    """The line above an excerpt: the tweet's place, date and best source."""
    parts = [markdown.escape(wording.place_in(hit.thread, passage.position, say))]
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
            main=main and each is shown.tweets[0],
        )
        for each in shown.tweets
    ]


def all_label(shown: ShownHit, say: Language) -> str | None:
    """The label of the button that shows all matches of a thread; None if all are shown."""
    every = shown.hit.more_in_thread + 1
    if every <= len(shown.tweets):
        return None
    return all_of_a_thread(say, say.number(every))


def all_of_a_thread(say: Language, count: str) -> str:
    """`All 12 in this thread`."""
    return say("All {count} in this thread", count=count)


def tweet_option(
    hit: Hit, passage: Passage, value: str, say: Language, *, titled: bool
) -> discord.SelectOption:
    """An option of a menu of tweets: the tweet's words, its place, and its thread if `titled`.

    The title is left out below a tweet that begins with it.
    """
    texts = (passage.tweet.text, *(each.alt or "" for each in passage.tweet.media))
    place = wording.place_in(hit.thread, passage.position, say)
    label = next(filter(None, (wording.short(each, CHOICE) for each in texts)), place)
    title = title_of(hit.thread, SHORT_TITLE)
    repeats = label.startswith(title.rstrip("…."))
    described = f"{place} · {title}" if titled and not repeats else place
    return discord.SelectOption(
        label=label, value=value, description=wording.short(described, CHOICE)
    )


def question_line(answer: Answer) -> str:
    """The question of `answer` in Markdown, shortened."""
    return markdown.escape(wording.short(answer.question, 200))
