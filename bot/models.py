"""The records that packages pass to each other. Data without behaviour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.i18n.messages import Sentence

SHARED_SCOPE = 0
"""The scope of the operator's shared library. Every other scope is a guild's id."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a tweet."""

    printed: str
    """The link as displayed, often truncated: `wsj.com/tech/china-ai-…`."""
    url: str | None = None
    """The full URL, if the dump contains it."""


MediaKind: TypeAlias = Literal["photo", "video", "gif"]
"""A picture, a video, or a video that plays like an animated GIF."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or video of a tweet."""

    kind: MediaKind
    """What it is."""
    url: str | None = None
    """The URL of the picture; of a video, its preview picture."""
    alt: str | None = None
    """The description that the author wrote for people who cannot see it."""
    video_url: str | None = None
    """The URL of the video."""
    file: str | None = None
    """Its file's name in the library's media folder, if the dump contained the picture itself."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A tweet that another tweet quotes. Its words are its own author's."""

    text: str
    """Its text."""
    author: str | None = None
    """The handle of its author without the @, if known."""
    author_name: str | None = None
    """The display name of its author, if known."""
    created_at: str | None = None
    """The time of posting, ISO 8601, if known."""
    permalink: str | None = None
    """Its URL, if known."""


@dataclass(frozen=True, slots=True)
class PollOption:
    """An option of a poll."""

    label: str
    """Its text."""
    votes: int | None = None
    """Its number of votes, if known."""


@dataclass(frozen=True, slots=True)
class Card:
    """The preview of a linked page under a tweet."""

    title: str
    """The page's title."""
    description: str | None = None
    """The page's description, if known."""
    url: str | None = None
    """The page's URL, if known."""


@dataclass(frozen=True, slots=True)
class Tweet:
    """A tweet, or a post from another network."""

    text: str
    """The text, without leading reply mentions and trailing links."""
    mentions: tuple[str, ...]
    """The mentioned handles without the @, in order, each once."""
    links: tuple[Link, ...]
    """The links, in order, each once."""
    author: str | None
    """The author's handle without the @, if known."""
    created_at: str | None
    """The time of posting, ISO 8601, as precise as the dump has it; None if unknown."""
    permalink: str | None
    """The tweet's own URL, if known."""
    tweet_id: str | None
    """The id on X, if known; a string, because it can exceed what JSON readers hold exactly."""
    file: str
    """The file that it was read from."""
    line: int
    """The line where it starts in that file, from 1."""
    author_name: str | None = None
    """The author's display name, if known."""
    media: tuple[Media, ...] = ()
    """Its pictures and videos, in order."""
    quote: Quote | None = None
    """The tweet that it quotes, if the dump contains it."""
    poll: tuple[PollOption, ...] = ()
    """The options of its poll, in order."""
    card: Card | None = None
    """The preview of the page that it links to."""


@dataclass(frozen=True, slots=True)
class Thread:
    """An ordered list of tweets by one author."""

    id: str
    """A stable id, the same after every reload."""
    aliases: frozenset[str]
    """All ids that its versions have had, including `id`."""
    title: str
    """The first line of its first tweet, or the title from the dump's front matter."""
    author: str | None
    """The author's handle without the @, if known."""
    complete: bool
    """False for a preview: the dump contains only its first tweets."""
    source_url: str | None
    """The page that the thread was saved from, if known."""
    dumps: tuple[str, ...]
    """The files that contain it; the first is the one it is shown from."""
    tweets: tuple[Tweet, ...]
    """The tweets, in order."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Metadata that a person gives for a dump, in its front matter or as options of the command."""

    author: str | None = None
    """The handle of the threads' author, without the @."""
    source: str | None = None
    """The URL of the page that the main thread was saved from."""
    date: str | None = None
    """The date of the main thread, ISO 8601."""
    title: str | None = None
    """The title of the main thread."""
    keep_replies: bool = False
    """Whether to keep replies to other people, as threads of their own."""
    keep_reposts: bool = False
    """Whether to keep reposts, as threads by the original author."""
    columns: str | None = None
    """Which columns of a table have what: a line `text=Body` for each."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of the loader about a dump."""

    file: str
    """The file."""
    line: int | None
    """The line, from 1; None if the notice is about the whole file."""
    message: str
    """What the loader found, and what it did about it."""


AccountKind: TypeAlias = Literal["tweet", "boilerplate", "notice"]
"""Part of a tweet; text of the page around the tweets; or left out, with a notice."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """How the loader classified a line or record of a dump."""

    line: int
    """The line, or the line where the record starts, from 1."""
    kind: AccountKind
    """The classification."""
    what: str
    """`2.5` for the fifth tweet of the second thread; else what it is, or why it was skipped."""
    said: str
    """The line, or the start of the record's text."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A parsed file of saved threads."""

    file: str
    """The file's name."""
    format: str
    """The detected format."""
    sha256: str
    """The SHA-256 of its bytes, in hexadecimal."""
    metadata: Metadata
    """The metadata from the load command; front matter is already applied to the threads."""
    threads: Sequence[Thread]
    """The threads, in the file's order. Those of a large dump are read on access."""
    notices: tuple[Notice, ...]
    """The loader's notices."""
    account: tuple[AccountLine, ...] = ()
    """How each line or record was classified, if requested."""
    doubt: Sentence | None = None
    """Why it hardly is a thread, if it does not look like one."""


@dataclass(frozen=True, slots=True)
class Step:
    """The progress of a long operation."""

    doing: Sentence
    """The current activity, such as `reading archive.zip`."""
    done: int
    """How much is done, in the activity's own unit."""
    of: int
    """How much there is in total, in the same unit."""


Progress: TypeAlias = Callable[[Step], None]
"""A callback for each step, called from any thread. It may raise to cancel the operation."""


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """A thread without its tweets, for lists and suggestions."""

    id: str
    """The thread's id."""
    title: str
    """The thread's title."""
    author: str | None
    """The author's handle, if known."""
    tweets: int
    """The number of tweets."""
    complete: bool
    """False for a preview."""


MatchKind: TypeAlias = Literal["id", "title", "words", "prefix", "tweets"]
"""How a reference fits a thread: its id or link, its title, all words in its title, the beginnings
of words in its title, or words of a tweet."""


@dataclass(frozen=True, slots=True)
class ThreadMatches:
    """The threads that a reference fits."""

    best: ThreadSummary
    """The best one."""
    others: tuple[ThreadSummary, ...]
    """The next best ones that have it in their title, as many as were asked for."""
    count: int
    """How many others have it in their title."""
    kind: MatchKind
    """How it fits the best one."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a tweet is."""

    thread_id: str
    """The id of its thread."""
    position: int
    """Its position in the thread, from 1."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What the links to tweets in a text lead to."""

    location: Location | None
    """The first of the tweets that is loaded, if any is."""
    rest: str
    """The text without the links; empty if no word to search for is left."""
    threads: tuple[ThreadSummary, ...] = ()
    """If no linked tweet is loaded: threads by the author that a link names."""
    is_hidden: bool = False
    """If no linked tweet is loaded: whether one is in a loaded file, but hidden."""


@dataclass(frozen=True, slots=True)
class Words:
    """What to search for, if a question leads to no tweet."""

    text: str
    """The question, without links to tweets that are not loaded."""
    hints: tuple[Sentence, ...] = ()
    """What to say above the answer."""


SourceKind: TypeAlias = Literal["source", "find", "printed", "dump"]
"""A permalink; a search on X for the tweet's words; a link as displayed; or the file."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where to verify a tweet."""

    kind: SourceKind
    """The kind; `source` is the strongest evidence, `dump` the weakest."""
    label: str
    """The text to show."""
    url: str | None
    """The URL; None for a truncated link and for a file."""


@dataclass(frozen=True, slots=True)
class TermShare:
    """The contribution of a word of the question to a tweet's score."""

    word: str
    """The word as written."""
    tf: int
    """How often it occurs in the tweet."""
    idf: float
    """Its inverse document frequency: the rarer the word, the higher."""
    score: float
    """What it adds to the score."""
    from_first: bool = False
    """Whether only the thread's first tweet has the word, which then counts less."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a tweet's score is composed."""

    terms: tuple[TermShare, ...]
    """BM25 for each word of the question that the tweet contains."""
    boost: float
    """What feedback adds, because the tweet shares words with the best tweets."""
    shared: tuple[str, ...]
    """These words, as written in the tweet."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A matching tweet."""

    position: int
    """Its position in the thread, from 1."""
    score: float
    """Its score: BM25 plus feedback."""
    tweet: Tweet
    """The tweet."""
    highlights: tuple[tuple[int, int], ...]
    """The matched words: [start, end) in code points of the text, in order, not overlapping."""
    sources: tuple[Source, ...]
    """Where to verify it, best first; at least one has a URL."""
    explanation: Explanation | None = None
    """How its score is composed, if requested."""
    alt_highlights: tuple[tuple[tuple[int, int], ...], ...] = ()
    """For each of the tweet's media, the matched words of its alt text, like `highlights`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thread that matches a question, with those of its tweets that are on the page."""

    rank: int
    """Its rank in the answer, from 1."""
    thread: ThreadSummary
    """The thread."""
    best: Passage
    """The tweet with the highest score."""
    more: tuple[Passage, ...]
    """Its other tweets on the page, best first."""
    more_in_thread: int
    """How many other tweets of the thread match."""
    partial: bool = False
    """Whether its tweets have only some of the words, while other tweets have all of them."""


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the question, as searched for."""

    word: str
    """The word as written."""
    term: str
    """Its term in the index."""
    tweets: int
    """How many tweets contain the term."""
    parts: tuple[str, ...] = ()
    """For a hashtag or an address: terms of the question that are its parts, and count instead."""
    is_piece: bool = False
    """Whether it is a pair of characters from text without spaces."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question."""

    question: str
    """The question as asked."""
    words: tuple[QueryWord, ...]
    """The words that were searched for, without stop words."""
    hits: tuple[Hit, ...]
    """The threads of this page, best first."""
    tweets: int
    """How many tweets match, on all pages."""
    threads: int
    """How many threads match, on all pages."""
    words_matched: int
    """The most words of the question that any tweet contains."""
    tweets_with_most: int
    """How many tweets contain that many."""
    suggestions: tuple[str, ...]
    """Questions with corrected spelling that would find more, closest first."""
    titles: tuple[ThreadSummary, ...]
    """Examples of loaded threads, if nothing was found."""
    generation: int
    """Changes whenever the library changes."""
    hints: tuple[Sentence, ...]
    """Parts of the question that were ignored, and what to write instead."""
    took_ms: float
    """The time to answer, in milliseconds."""
    page: int = 1
    """The number of this page, from 1."""
    pages: int = 1
    """The number of pages."""
    newest: bool = False
    """Whether the newest tweets come first, among those with the most words of the question."""
    wider: str | None = None
    """The question's words alone, if its filters, phrases and exclusions leave no match."""
    asked: str | None = None
    """The question as the person asked it, if `question` is a repair of its spelling."""
    apart: int = 0
    """How many tweets are on the last pages because they have only one of the words."""
    exact: bool = False
    """Whether the person wanted the question as written, without repair."""
    listed: int | None = None
    """How many tweets all pages have together; None if all that match. The pages have only the best
    of each thread."""
