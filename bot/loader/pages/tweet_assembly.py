"""Builds a thread's tweets from its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.loader.attached import cleaned_media
from bot.loader.entities import split_line, unique_handles, unique_links
from bot.loader.line_account import Account
from bot.loader.pages.tweet_boundaries import Piece, segment, text_of
from bot.loader.tweet_ids import contradicted, day_of_id
from bot.models import Link, Metadata, Thread, Tweet
from bot.thread_ids import ids, own_title

A_GUESS = "nothing marks where a tweet ends; read each paragraph as one tweet"
"""The notice about every thread whose boundaries are a guess."""


def thread_of_pieces(
    pieces: Sequence[Piece],
    metadata: Metadata,
    account: Account,
    *,
    is_main: bool,
    declared: int | None = None,
    from_page: bool,
    is_one: bool = False,
    tweet_id: str | None = None,
    at_most: int | None = None,
    is_complete: bool | None = None,
) -> Thread | None:
    """Return the thread that consists of `pieces`, or None if they contain no tweet.

    Args:
        pieces: its lines, in order.
        metadata: its author and date; of a main thread, its title and source too.
        account: records what becomes of each line.
        is_main: whether it is the page's own thread, not a preview of another.
        declared: how many tweets the page says it has.
        from_page: whether it was copied from a Thread Reader page.
        is_one: whether all of it is one long tweet.
        tweet_id: the id of its only tweet, if it is one.
        at_most: how many tweets the thread has at most, if the page says so below a preview.
        is_complete: whether it is a whole thread; by default, if it is the page's own.
    """
    units, guessed = segment(pieces, declared if is_main else None, from_page=from_page)
    if is_one and guessed:
        units, guessed = [list(pieces)], False
    if len(units) == 1 and tweet_id and not units[0][0].tweet_id:
        units[0][0] = replace(units[0][0], tweet_id=tweet_id)
    tweets: list[Tweet] = []
    waiting: list[Piece] = []
    for unit in units:
        if all(piece.parts.is_byline for piece in unit) and not unit[0].tweet_id:
            waiting += unit
            continue
        tweet = _tweet(unit, waiting, metadata, account)
        if not (tweet.text or tweet.links or tweet.media):
            continue  # a picture that is not beside the dump
        for piece in waiting:
            message = "mentions and links without a tweet above; added to the tweet below"
            account.left_out(piece.line, message)
        waiting = []
        for piece in unit:
            account.tweet(piece.line, tweet.line)
        tweets.append(tweet)
    for piece in waiting:
        message = "mentions and links without a tweet; left out"
        account.left_out(piece.line, message)
    if not tweets:
        return None
    if tweet_id and len(tweets) == 1 and (day := day_of_id(tweet_id, tweets[0].created_at)):
        account.notice(tweets[0].line, contradicted(tweets[0].created_at or "", day))
        tweets = [replace(tweets[0], created_at=day)]
    if guessed:
        account.notice(tweets[0].line, A_GUESS)
    if at_most is not None and len(tweets) > at_most:
        message = f"the page says this thread has {at_most:,} tweets; found {len(tweets):,}"
        account.notice(tweets[0].line, message)
    if is_main and declared is not None and declared != len(tweets):
        message = f"the page says this thread has {declared:,} tweets; found {len(tweets):,}"
        account.notice(tweets[0].line, message)
    author = next((tweet.author for tweet in tweets if tweet.author), metadata.author)
    own_id, aliases = ids(tweets, author)
    return Thread(
        id=own_id,
        aliases=aliases,
        title=(metadata.title if is_main else None) or own_title(tweets) or "(no words)",
        author=author,
        complete=is_main if is_complete is None else is_complete,
        source_url=metadata.source if is_main else None,
        dumps=(account.file,),
        tweets=tuple(tweets),
    )


def _tweet(
    unit: Sequence[Piece], waiting: Sequence[Piece], metadata: Metadata, account: Account
) -> Tweet:
    start, end = 0, len(unit)
    while end > 1 and unit[end - 1].parts.is_byline:
        end -= 1
    while unit[start].parts.is_byline and not unit[start].tweet_id:
        start += 1
    body = list(unit[start:end])
    below = [*unit[end:], *unit[:start]]
    whole = body[0].parts if len(body) == 1 else split_line(text_of(body))
    every = [*body, *below, *waiting]
    every_part = [whole, *(piece.parts for piece in every[len(body) :])]
    marked = [link for piece in every for link in piece.links]
    printed = [link for parts in every_part for link in parts.links]
    author = unit[0].author or metadata.author
    tweet_id = unit[0].tweet_id
    links = _links(printed, marked) if printed or marked else ()
    media = tuple(each for piece in every for each in piece.media)
    return Tweet(
        text=whole.text or ("" if links else text_of(body)),
        mentions=unique_handles([name for parts in every_part for name in parts.mentions]),
        links=links,
        author=author,
        created_at=metadata.date,
        permalink=f"https://x.com/{author or 'i'}/status/{tweet_id}" if tweet_id else None,
        tweet_id=tweet_id,
        file=account.file,
        line=body[0].line.number,
        media=cleaned_media(media, account.pictures) if media else (),
    )


def _links(printed: Sequence[Link], marked: Sequence[Link]) -> tuple[Link, ...]:
    """Return the printed links, with the URLs that the markup gives, and the markup's own links."""
    urls = {link.printed: link.url for link in marked}
    seen = {link.printed for link in printed}
    return unique_links(
        [
            *(Link(each.printed, urls.get(each.printed) or each.url) for each in printed),
            *(
                link
                for link in marked
                if link.printed not in seen and not link.printed.startswith("@")
            ),
        ]
    )
