"""What a tweet has besides its text: pictures, a quoted tweet, a poll, a card. Pure.

Discord loads a picture from its URL itself; `attachment://` names a file of the message.
https://discord.com/developers/docs/components/reference#unfurled-media-item

A page of a thread shows everything as `lines`; an answer has room for a few lines `beneath` a hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import Card, Media, Passage, PollOption, Quote, Tweet
from bot.views import markdown, wording

LINK_UNITS = 400
"""Longest clickable link in a line, in UTF-16 units."""
LONGEST_LINK = 300
"""Longest URL of a link whose label is short, in characters."""
LONGEST_URL = 2048
LONGEST_DESCRIPTION = 1024
GALLERY = 10
"""Most pictures of a gallery."""
QUOTE_UNITS = 500
"""Longest excerpt of a quoted tweet on a page of a thread, in UTF-16 units."""
ALT = 160
"""Longest alt text below a tweet; the picture's description has more of it."""
OPTIONS, OPTION = 10, 60
"""Most options of a poll, and their longest label."""
CARD_TITLE, CARD_DESCRIPTION = 120, 160
SCHEME = "attachment://"
NO_MARKS: tuple[tuple[int, int], ...] = ()
FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,119}")
"""The names that Discord keeps as they are when it stores a file."""
URL_CHARACTERS = re.compile(r"[!#-;=?-\[\]_a-z~]+")
"""ASCII without spaces, control characters and what no URL contains."""
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")


class KeptPicture(discord.UnfurledMediaItem):
    """A picture that the library keeps, to be attached to the message."""

    __slots__ = ("elsewhere",)

    def __init__(self, url: str, elsewhere: str | None) -> None:
        """Refer to the attached file as `url`; `elsewhere` is its URL on the web, if known."""
        super().__init__(url)
        self.elsewhere = elsewhere


def address(media: Media) -> str | None:
    """Where Discord finds the picture: the file that is kept, as URLs die, else its URL."""
    if media.file and FILE.fullmatch(media.file):
        return f"{SCHEME}{media.file}"
    return _on_the_web(media)


def _on_the_web(media: Media) -> str | None:
    return media.url if media.url and is_loadable(media.url) else None


def _picture(media: Media) -> discord.UnfurledMediaItem:
    """The picture for a component, with its URL in case that its file cannot be attached."""
    return KeptPicture(address(media) or "", _on_the_web(media))


def is_attached(media: Media) -> bool:
    """Whether the picture has to be attached to the message."""
    return (address(media) or "").startswith(SCHEME)


def is_loadable(url: str) -> bool:
    """Whether `url` is an address on the web that Discord accepts."""
    if len(url) > LONGEST_URL or not URL_CHARACTERS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:  # such as https://[
        return False
    return parts.scheme in ("http", "https") and bool(HOST.fullmatch(parts.netloc))


def description(media: Media) -> str | None:
    """The alt text of a picture, as long as Discord allows."""
    limit = LONGEST_DESCRIPTION
    text = wording.short(media.alt or "", limit)
    while markdown.units(text) > LONGEST_DESCRIPTION:  # emoji may count as two
        limit = limit * 9 // 10
        text = wording.short(text, limit)
    return text or None


def pictures(tweet: Tweet) -> tuple[Media, ...]:
    """The media of which a picture can be shown."""
    return tuple(each for each in tweet.media if address(each))[:GALLERY]


def item(media: Media) -> discord.MediaGalleryItem:
    """The picture for a gallery, described with its alt text."""
    return discord.MediaGalleryItem(_picture(media), description=description(media))


def thumbnail(tweet: Tweet) -> ui.Thumbnail[ui.LayoutView] | None:
    """The first picture of `tweet` that can be shown."""
    for each in pictures(tweet):
        return ui.Thumbnail(_picture(each), description=description(each))
    return None


def lines(tweet: Tweet, say: Language) -> list[str]:
    """Everything beside the text and the pictures themselves, as lines of Markdown."""
    return [
        *(_quote_lines(tweet.quote, say) if tweet.quote else ()),
        *(_poll_lines(tweet.poll, say) if tweet.poll else ()),
        *(_card_lines(tweet.card) if tweet.card else ()),
        *(line for each in tweet.media[:GALLERY] for line in _media_lines(each, say)),
    ]


def _quote_lines(quoted: Quote, say: Language) -> Iterator[str]:
    by = []
    if quoted.author_name:
        by.append(f"**{markdown.escape(wording.short(quoted.author_name, 50))}**")
    if quoted.author:
        by.append(markdown.escape(f"@{wording.short(quoted.author, 50)}"))
    if quoted.created_at:
        by.append(markdown.day(quoted.created_at, say))
    if quoted.permalink and _has_room(quoted.permalink):
        by.append(markdown.link(say("Source"), quoted.permalink))
    if by:
        yield f"> {' · '.join(by)}"
    if quoted.text.strip():
        yield markdown.quoted(markdown.excerpt(quoted.text, (), QUOTE_UNITS))


def _poll_lines(options: tuple[PollOption, ...], say: Language) -> Iterator[str]:
    yield f"-# {say('Poll')}"
    for each in options[:OPTIONS]:
        label = markdown.escape(wording.short(each.label, OPTION))
        if each.votes is None:
            yield f"- {label}"
        else:
            yield f"- {label} · {say.count(each.votes, '{count} vote', '{count} votes')}"


def _card_lines(made: Card) -> Iterator[str]:
    title = markdown.escape(wording.short(made.title, CARD_TITLE))
    yield f"**{_linked(title, made.url, LINK_UNITS)}**"
    if made.description and made.description.strip():
        yield f"-# {markdown.escape(wording.short(made.description, CARD_DESCRIPTION))}"


def _media_lines(media: Media, say: Language) -> Iterator[str]:
    """The link to a video, or to a picture that cannot be shown, and the alt text."""
    label = {"photo": say("Picture"), "video": say("Video"), "gif": "GIF"}[media.kind]
    parts = []
    if media.video_url and _has_room(media.video_url):
        parts.append(markdown.link(label, media.video_url))
    elif not address(media) or media.kind != "photo":
        parts.append(label)
    if media.alt and media.alt.strip():
        alt = markdown.escape(wording.short(media.alt, ALT))
        parts.append(say("Alt text: {text}", text=alt))
    if parts:
        yield f"-# {' · '.join(parts)}"


def _has_room(url: str) -> bool:
    """Whether `url` is one on the web that is short enough for a line."""
    return is_loadable(url) and len(url) <= LONGEST_LINK


def beneath(passage: Passage, say: Language, room: int, *, pictured: bool) -> list[str]:
    """What belongs to a hit's tweet beside its text, as lines of small print.

    Args:
        passage: the tweet, with the matched words of its alt texts.
        say: the language.
        room: the most UTF-16 units of each line.
        pictured: whether the tweet's first picture is shown beside the text.
    """
    every = [
        *_alt_texts(passage, say, room, pictured=pictured),
        _uncounted(passage.tweet, say, pictured=pictured),
        quote(passage.tweet, say, room),
        poll(passage.tweet, say, room),
        card(passage.tweet, say, room),
    ]
    return [f"-# {each}" for each in every if each and markdown.units(each) <= room]


def _alt_texts(passage: Passage, say: Language, room: int, *, pictured: bool) -> list[str]:
    """The alt texts that match; without a picture, else the first one."""
    media = passage.tweet.media
    marks = [*passage.alt_highlights, *((),) * len(media)]
    found = [
        (each.alt, mark) for each, mark in zip(media, marks, strict=False) if each.alt and mark
    ]
    if not found and not pictured:
        found = [(each.alt, NO_MARKS) for each in media if each.alt][:1]
    return [alt_text(alt, mark, say, room) for alt, mark in found]


def alt_text(alt: str, highlights: Sequence[tuple[int, int]], say: Language, room: int) -> str:
    """An excerpt of an alt text, with its label."""
    label = say("Alt text: {text}", text="")
    budget = room - markdown.units(label)
    shown = markdown.excerpt(alt, highlights, budget)
    return say("Alt text: {text}", text=" ".join(shown.split()))


def _uncounted(tweet: Tweet, say: Language, *, pictured: bool) -> str | None:
    """How many pictures and videos are not shown, and the link to the first video."""
    videos = [each for each in tweet.media if each.kind == "video"]
    url = next((each.video_url for each in videos if each.video_url), None)
    rest = len(tweet.media) - pictured
    parts = []
    if url and is_loadable(url):
        parts.append(markdown.link(say("Video"), url))
    if rest > 0 and pictured:
        parts.append(say.count(rest, "{count} more picture", "{count} more pictures"))
    elif rest > 0 and not url:
        parts.append(say.count(rest, "{count} picture", "{count} pictures"))
    return " · ".join(parts) or None


def quote(tweet: Tweet, say: Language, room: int) -> str | None:
    """The quoted tweet: its author, and an excerpt that links to it."""
    quoted = tweet.quote
    if quoted is None:
        return None
    author = by_line(quoted.author_name, quoted.author)
    label = say("Quotes {author}:", author=author) if author else say("Quotes:")
    text = _line(quoted.text, room - markdown.units(label) - len("“”") - 1)
    return f"{label} {_linked(f'“{text}”' if text else say('a tweet'), quoted.permalink, room)}"


def poll(tweet: Tweet, say: Language, room: int) -> str | None:
    """The options of a poll, with their votes."""
    if not tweet.poll:
        return None
    share = max(room // len(tweet.poll) - 20, 10)
    options = [
        _line(each.label, share)
        if each.votes is None
        else say(
            "{option} ({votes})",
            option=_line(each.label, share),
            votes=say.count(each.votes, "{count} vote", "{count} votes"),
        )
        for each in tweet.poll
    ]
    return say("Poll: {options}", options=" · ".join(options))


def card(tweet: Tweet, say: Language, room: int) -> str | None:
    """The preview of a linked page: its title and description, with a link."""
    made = tweet.card
    if made is None:
        return None
    title = _line(made.title, room // 2)
    shown = say("Link: {title}", title=_linked(title, made.url, room))
    rest = room - markdown.units(shown) - len(" · ")
    text = _line(made.description or "", rest) if rest > len(title) // 2 else ""
    return f"{shown} · {text}" if text else shown


def by_line(name: str | None, handle: str | None) -> str:
    """An author's display name and handle in Markdown; empty if neither is known."""
    at = f"@{wording.short(handle, 40)}" if handle else ""
    if name and name.strip() and name.strip() not in (handle, at):
        shown = wording.short(name, 50)
        return markdown.escape(f"{shown} ({at})" if at else shown)
    return markdown.escape(at)


def _linked(shown: str, url: str | None, room: int) -> str:
    """Markdown as a link to `url`, if that is a short one on the web."""
    if not shown or not url or not is_loadable(url):
        return shown
    made = markdown.linked(shown, url)
    return made if markdown.units(made) <= min(room, LINK_UNITS) else shown


def _line(text: str, room: int) -> str:
    """The beginning of `text` on one line of Markdown, at most `room` units long."""
    limit = max(room, 1)
    while True:
        shown = markdown.escape(wording.short(text, limit)) if limit else ""
        if not limit or markdown.units(shown) <= room:
            return shown
        limit = min(limit - 1, limit * 9 // 10)
