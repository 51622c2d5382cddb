"""Made-up dumps, tweets, threads and corpora, for tests that hold of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from bot.extras import Extras
from bot.library.snapshot.thread_merge import versions_by_thread
from bot.loader.pages.author_block import is_name_of
from bot.models import Card, Link, Media, PollOption, Quote, Thread, Tweet
from bot.store.rows import Version
from bot.thread_ids import ids, own_title

PLAIN = "port crane ship tariff Rotterdam Café Порт مرفأ 港口 ท่าเรือ I a ß ı".split()
WORDS = [*PLAIN, "chips", "U.S.", "data’s", "1,000", "80TB", "#ChipWar", "ports"]

plain_words = st.sampled_from(PLAIN) | st.text("abcäéжzن語", min_size=1, max_size=5)
"""Words of letters alone: never a mention, a link, a footer or front matter."""
sentences = st.lists(plain_words, min_size=1, max_size=8).map(" ".join)
"""What a tweet says."""
tweet_like = st.lists(
    st.sampled_from([*WORDS, "“quoted”", "https://news.example/a_(b)", "🔥", "**", "@here", "the"])
    | plain_words,
    min_size=1,
    max_size=14,
).map(" ".join)
"""What a tweet may look like."""
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | tweet_like
"""Anything that may be written."""
handles = st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True)
links = st.builds(
    lambda path, cut: f"news.example/{path}{'…' if cut else ''}",
    st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    st.booleans(),
)
_names = st.none() | plain_words
_texts = st.lists(tweet_like, min_size=1, max_size=3).map("\n".join)
_urls = st.sampled_from(["https://pics.example/a.jpg", "https://pics.example/b_(c).png?d=e&f=g"])
_pictures = st.builds(Media, st.just("photo"), _urls, st.none() | _texts) | st.builds(
    Media, st.just("photo"), st.none() | _urls, st.none() | _texts, file=st.just("0a1b.png")
)
_videos = st.builds(
    Media,
    st.sampled_from(["video", "gif"]),
    st.none() | _urls,
    st.none() | _texts,
    st.just("https://pics.example/v.mp4"),
)
media = st.lists(_pictures | _videos, max_size=3).map(tuple)
"""Pictures and videos of a tweet."""
quotes = st.builds(
    Quote,
    _texts,
    st.none() | handles,
    _names,
    st.none() | st.just("2025-06-12T10:00:00Z"),
    st.none() | st.just("https://x.com/ben/status/1800"),
)
polls = st.lists(
    st.builds(PollOption, sentences, st.none() | st.integers(0, 10**9)), max_size=4
).map(tuple)
cards = st.builds(Card, tweet_like, st.none() | tweet_like, st.none() | _urls)
extras = st.builds(
    Extras, media=media, quote=st.none() | quotes, poll=polls, card=st.none() | cards
)
"""What a tweet has besides its words."""
corpora = st.lists(
    st.lists(st.sampled_from(["ai", "chip", "us", "port", "of", "zinc"]), max_size=8), max_size=12
)
"""Documents as terms; few terms, so that documents share them."""
queries = st.lists(
    st.sampled_from(["ai", "chip", "us", "port", "of", "zinc", "absent"]), max_size=5
)
"""Terms to search for in `corpora`, and one that is in none of them."""


@dataclass(frozen=True, slots=True)
class Said:
    """A tweet as it is written into a dump."""

    text: str
    """What it says."""
    byline: str
    """The line below it; empty where there is none."""


def _byline(names: list[str], addresses: list[str]) -> str:
    return " ".join([*(f"@{name}" for name in names), *addresses])


bylines = st.builds(_byline, st.lists(handles, max_size=3), st.lists(links, max_size=2))
headlines = st.builds(
    Said, sentences, bylines.map(lambda byline: byline or "news.example/untitled/…")
).filter(lambda said: not is_name_of(said.text, said.byline.removeprefix("@")))
"""Tweets that begin a thread wherever they stand."""
replies = st.builds(Said, sentences, st.just(""))
whole_threads = st.builds(
    lambda first, rest: [first, *rest], headlines, st.lists(replies, max_size=4)
)


def written(main: list[Said], previews: list[list[Said]]) -> str:
    """A dump in the shape of a copied Thread Reader page."""
    footer = ["• • •", "Missing some Tweet in this thread? You can try to", "force a refresh"]
    return "\n".join([*_lines(main), *footer, *(each for one in previews for each in _lines(one))])


def _lines(tweets: list[Said]) -> list[str]:
    return [line for tweet in tweets for line in (tweet.text, tweet.byline) if line]


def tweet(
    text: str,
    *,
    author: str | None = None,
    file: str = "a.txt",
    line: int = 1,
    mentions: tuple[str, ...] = (),
    links: tuple[Link, ...] = (),
    created_at: str | None = None,
    permalink: str | None = None,
    tweet_id: str | None = None,
    author_name: str | None = None,
    media: tuple[Media, ...] = (),
    quote: Quote | None = None,
    poll: tuple[PollOption, ...] = (),
    card: Card | None = None,
) -> Tweet:
    """A tweet of which little is known but what is given."""
    return Tweet(
        text,
        mentions,
        links,
        author,
        created_at,
        permalink,
        tweet_id,
        file,
        line,
        author_name,
        media,
        quote,
        poll,
        card,
    )


def thread(
    *tweets: Tweet | str,
    author: str | None = None,
    complete: bool = True,
    file: str = "a.txt",
    title: str | None = None,
    source_url: str | None = None,
) -> Thread:
    """A thread as a loader makes it."""
    made = tuple(
        tweet(each, author=author, file=file, line=place) if isinstance(each, str) else each
        for place, each in enumerate(tweets, start=1)
    )
    own, aliases = ids(made, author)
    return Thread(
        id=own,
        aliases=aliases,
        title=title or own_title(made),
        author=author,
        complete=complete,
        source_url=source_url,
        dumps=(file,),
        tweets=made,
    )


POSTS = (
    "Ports grow quiet as tariffs bite across three harbours",
    "Rice prices double within the year, and the queues begin at dawn",
    "On Monday no ship came.",
    "On Monday no ship came. The cranes stood still, and nobody knew for how long.",
    "By Tuesday the sheds were full…",
    "By Tuesday the sheds were full, and the trains were turned back at the border.",
    "Yes.",
)
FIRST_TWEETS = {
    "1900": (POSTS[0], "anna_ports"),
    "1901": (POSTS[0], "anna_ports"),
    "1902": (POSTS[0], "ben_desk"),
    "1903": (POSTS[1], "Anna_Ports"),
}
"""First tweets by their ids: their words, and who wrote them."""


@st.composite
def _version(draw: st.DrawFn) -> Thread:
    tweet_id = draw(st.sampled_from([None, None, *FIRST_TWEETS]))
    if tweet_id:
        first, owner = FIRST_TWEETS[tweet_id]
        authors = [None, owner]
    else:
        first = draw(st.sampled_from(POSTS[:2]))
        authors = [None, None, "anna_ports", "Anna_Ports", "ben_desk"]
    author = draw(st.sampled_from(authors))
    file = draw(st.sampled_from(["a.txt", "b.txt", "c.txt"]))
    rest = draw(st.lists(st.sampled_from(POSTS[2:]), max_size=4))
    return thread(
        tweet(first, author=author, file=file, tweet_id=tweet_id),
        *(tweet(each, author=author, file=file, line=at) for at, each in enumerate(rest, start=2)),
        author=author,
        complete=draw(st.booleans()),
        file=file,
    )


versions = _version()
"""Versions of few threads, so that many are versions of the same."""


def families_of(threads: Sequence[Thread], first: int = 0) -> list[list[Version]]:
    """`threads` as rows from `first` on, those of one thread together."""
    rows = {id(each): number for number, each in enumerate(threads, start=first)}
    return [
        [Version(rows[id(each)], each) for each in group] for group in versions_by_thread(threads)
    ]
