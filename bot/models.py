"""The records that every part of Threadbot passes to the next. Data, no behaviour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.i18n.messages import Sentence

SHARED_SCOPE = 0
"""The scope of the operator's own dumps; every other scope is a guild's id."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a tweet, as the dump has it."""

    printed: str
    """The link as the dump shows it, often cut: `wsj.com/tech/china-ai-…`."""
    url: str | None = None
    """The whole URL where the dump has it; never a guess."""


@dataclass(frozen=True, slots=True)
class Tweet:
    """One post."""

    text: str
    """What its author wrote, without leading reply mentions and trailing links."""
    mentions: tuple[str, ...]
    """Handles it mentions, without the @, in order, each once."""
    links: tuple[Link, ...]
    """Links in it, in order, each once."""
    author: str | None
    """The author's handle without the @, where known."""
    created_at: str | None
    """When it was posted, ISO 8601, as precisely as the dump knows."""
    permalink: str | None
    """The tweet's own URL, where known."""
    tweet_id: str | None
    """X's id, where known; a string, for ids are not numbers to reckon with."""
    file: str
    """The dump file it was read from."""
    line: int
    """The line it starts at in that file, from 1."""


@dataclass(frozen=True, slots=True)
class Thread:
    """An ordered list of tweets by one author."""

    id: str
    """Stable name, the same after every reload."""
    aliases: frozenset[str]
    """All ids that its versions have gone by, `id` among them."""
    title: str
    """Its first tweet's first line, or the title that the dump's front matter gives."""
    author: str | None
    """The author's handle without the @, where known."""
    complete: bool
    """False for a preview: the dump showed only its first tweets."""
    source_url: str | None
    """The page the thread was saved from, where known."""
    dumps: tuple[str, ...]
    """The dump files that hold it, the one it is shown from first."""
    tweets: tuple[Tweet, ...]
    """The tweets in the thread's order."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the person who loads a dump says of it: front matter, or options of the command."""

    author: str | None = None
    """Handle of the threads' author, without the @."""
    source: str | None = None
    """URL of the page that the dump's main thread was saved from."""
    date: str | None = None
    """ISO 8601 date of the main thread."""
    title: str | None = None
    """Title of the main thread."""
    keep_replies: bool = False
    """Whether answers to other people are threads of their own; left out otherwise."""
    keep_reposts: bool = False
    """Whether reposts are threads of whom they repeat; left out otherwise."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the loader has to say of a dump."""

    file: str
    """The dump file."""
    line: int | None
    """The line it is about, from 1; none where it is about the whole file."""
    message: str
    """What it met, and what it did."""


AccountKind: TypeAlias = Literal["tweet", "boilerplate", "notice"]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What became of a line of a dump, or of a record in it."""

    line: int
    """The line, from 1; of a record, the one that it starts at."""
    kind: AccountKind
    """Part of a tweet; of the page or file that holds it; or left out, with a notice."""
    what: str
    """`2.5` for the fifth tweet of the second thread; else what it is, or why it was left out."""
    said: str
    """The line, or the beginning of the record's text."""


@dataclass(frozen=True, slots=True)
class Dump:
    """One file of threads as somebody saved it, read."""

    file: str
    """Its name as the person knows it."""
    format: str
    """The format it was recognised as."""
    sha256: str
    """Its identity: the hash of its bytes, in hexadecimal."""
    metadata: Metadata
    """What was said of it by the load command; the dump's own front matter is already applied."""
    threads: Sequence[Thread]
    """The threads in it, in its order; of a large dump they are read as they are asked for."""
    notices: tuple[Notice, ...]
    """What the loader has to say of it."""
    account: tuple[AccountLine, ...] = ()
    """What became of each of its lines or records, where that was asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a long piece of work is."""

    doing: Sentence
    """What goes on: `reading archive.zip`."""
    done: int
    """How much of it is done, in its own unit."""
    of: int
    """How much there is."""


Progress: TypeAlias = Callable[[Step], None]
"""Told of each step, from any thread; it may raise to stop the work."""


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """A thread without its tweets, for lists and suggestions."""

    id: str
    """The thread's id."""
    title: str
    """The thread's title."""
    author: str | None
    """The author's handle, where known."""
    tweets: int
    """How many tweets it has."""
    complete: bool
    """False for a preview."""


SourceKind: TypeAlias = Literal["source", "find", "printed", "dump"]


@dataclass(frozen=True, slots=True)
class Source:
    """One way to see that the author said it, best first: source, find, printed, dump."""

    kind: SourceKind
    """Its grade: a permalink; a search for the very words; a link as printed; the file."""
    label: str
    """What to show."""
    url: str | None
    """Where it leads; none for a cut link and for a file."""


@dataclass(frozen=True, slots=True)
class TermShare:
    """What a word of the question adds to a tweet's score."""

    word: str
    """The word as it was written."""
    tf: int
    """How often the tweet holds it."""
    idf: float
    """Its weight: the fewer tweets hold it, the higher."""
    score: float
    """What it adds."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a tweet's score is made of."""

    terms: tuple[TermShare, ...]
    """BM25, word by word; those that the tweet does not hold are left out."""
    boost: float
    """What is added because it shares words with the best tweets."""
    shared: tuple[str, ...]
    """Those words, as they stand in it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One matching tweet, with its place and what matched."""

    position: int
    """Its place in the thread, from 1."""
    score: float
    """Its score: BM25, and what is added to it."""
    tweet: Tweet
    """The tweet."""
    highlights: tuple[tuple[int, int], ...]
    """Matched words as [start, end) in code points of the tweet's text, in order, apart."""
    sources: tuple[Source, ...]
    """How to see that the author said it; at least one has a URL."""
    explanation: Explanation | None = None
    """What its score is made of, where that was asked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thread that answers a question: its best passage, a few more, and how many there are."""

    rank: int
    """Its place in the answer, from 1."""
    thread: ThreadSummary
    """The thread."""
    best: Passage
    """The tweet of the thread with the highest score."""
    more: tuple[Passage, ...]
    """The next best tweets of the same thread, a few."""
    more_in_thread: int
    """How many tweets of the thread match beside the best one."""
    beside: Passage | None = None
    """The tweet next to the best one, where it has words of the question that that one lacks."""


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the question and what the library has of it."""

    word: str
    """The word as it was written."""
    term: str
    """The term that it was searched as."""
    tweets: int
    """How many tweets hold the term."""
    parts: tuple[str, ...] = ()
    """Terms of the question that are its parts: it is not counted beside them."""
    is_piece: bool = False
    """Whether it is but two letters of a word whose borders are unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a question brings."""

    question: str
    """The question as asked."""
    words: tuple[QueryWord, ...]
    """What it was understood to be; stop words left out."""
    hits: tuple[Hit, ...]
    """The threads that match, best first, cut to the number asked for."""
    tweets: int
    """How many tweets match, shown or not."""
    threads: int
    """How many threads match, shown or not."""
    words_matched: int
    """The most of the question's words that one tweet holds."""
    tweets_with_most: int
    """How many tweets hold that many."""
    suggestions: tuple[str, ...]
    """Questions that would find more, nearest first."""
    titles: tuple[ThreadSummary, ...]
    """A few threads to read where nothing was found."""
    generation: int
    """A number that is other when the library is other."""
    hints: tuple[Sentence, ...]
    """What of the question could not be taken as it was written, and what to do."""
    took_ms: float
    """Time from question to answer, in milliseconds."""
    page: int = 1
    """Which page of the threads that match `hits` are."""
    pages: int = 1
    """How many pages there are."""
    newest: bool = False
    """Whether the newest come first, of the tweets with the most of the words; else the best."""
    wider: str | None = None
    """The question without what narrowed it to nothing, where that finds something."""
