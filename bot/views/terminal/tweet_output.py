"""A tweet as rows for a terminal: its text, and what is attached to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.models import Media, PollOption, Quote, Tweet
from bot.views.terminal.output import Row, Span

MEDIA = {"photo": "Photo", "video": "Video", "gif": "GIF"}
"""The word for each kind of media."""
Highlights = Sequence[tuple[int, int]]
"""The ranges of matched words."""


def marked(text: str, highlights: Highlights, window: tuple[int, int] | None = None) -> list[Span]:
    """`text` with its highlights in another style; with `window`, only that slice of it."""
    start, end = window or (0, len(text))
    spans = [Span("…")] if start else []
    at = start
    for first, last in highlights:
        if start <= first and last <= end:
            spans += [Span(text[at:first]), Span(text[first:last], "match")]
            at = last
    spans.append(Span(text[at:end]))
    return [*spans, Span("…")] if end < len(text) else spans


def attached_rows(
    tweet: Tweet, indent: int, alt_highlights: Sequence[Highlights] = ()
) -> Iterator[Row]:
    """The media of a tweet with their alt text, its quoted tweet, its poll and its link's preview.

    Args:
        tweet: the tweet.
        indent: the indent of the rows.
        alt_highlights: for each of its media, the matched words of the alt text.
    """
    for number, media in enumerate(tweet.media):
        found = alt_highlights[number] if number < len(alt_highlights) else ()
        yield from _media_rows(media, indent, found)
    if tweet.quote:
        yield from _quote_rows(tweet.quote, indent)
    if tweet.poll:
        yield Row(indent, _poll(tweet.poll), Span("Poll: ", "quiet"))
    if tweet.card:
        words = ": ".join(each for each in (tweet.card.title, tweet.card.description) if each)
        yield Row(indent, (Span(words),), Span("Linked page: ", "quiet"))
        if tweet.card.url:
            yield Row(indent, (Span("Link", "link", tweet.card.url),))


def _media_rows(media: Media, indent: int, highlights: Highlights) -> Iterator[Row]:
    url = media.video_url or media.url
    word = MEDIA[media.kind]
    if url:
        yield Row(indent, (Span(word, "link", url),))
    else:
        yield Row(indent, (Span(f"{word}: {media.file}" if media.file else word, "quiet"),))
    if media.alt:
        yield Row(indent, tuple(marked(media.alt, highlights)), Span("Alt text: ", "quiet"))


def _quote_rows(quote: Quote, indent: int) -> Iterator[Row]:
    """The quoted tweet below its author, so that nobody takes its words for the tweet's own."""
    handle = f"@{quote.author}" if quote.author else ""
    name = quote.author_name or handle or "another tweet"
    who = f"{name} ({handle})" if quote.author_name and handle else name
    when = f" · {quote.created_at[:10]}" if quote.created_at else ""
    yield Row(indent, (Span(f"Quotes {who}{when}:", "quiet"),))
    yield Row(indent + 3, (Span(quote.text),))
    if quote.permalink:
        yield Row(indent + 3, (Span("Source", "link", quote.permalink),))


def _poll(options: Sequence[PollOption]) -> tuple[Span, ...]:
    """The options of a poll, with their share of the votes if all votes are known."""
    votes = [each.votes for each in options]
    total = sum(each or 0 for each in votes)
    known = None not in votes and total > 0
    parts = [
        f"{each.label} {100 * (each.votes or 0) / total:.0f} %" if known else each.label
        for each in options
    ]
    counted = f" ({total:,} votes)" if known else ""
    return (Span(f"{' · '.join(parts)}{counted}"),)
