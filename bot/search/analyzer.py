"""Text to tokens, each with its place in the text, so that what matched can be shown in place."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import regex
import Stemmer

SCRIPTS_WITHOUT_SPACES = (
    r"\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}"
    r"\p{Script=Khmer}\p{Script=Myanmar}ー々〆"
)
WORD = regex.compile(
    r"(?P<url>https?://[^\s<>\"“”]+)"
    r"|(?P<handle>(?<![\w@])@\w{1,15})"
    r"|(?P<hashtag>(?<![\w#])#[\p{L}\p{M}\p{N}_]+)"
    rf"|(?P<run>[{SCRIPTS_WITHOUT_SPACES}\p{{M}}]*[{SCRIPTS_WITHOUT_SPACES}][{SCRIPTS_WITHOUT_SPACES}\p{{M}}]*)"
    r"|(?P<acronym>(?<![\p{L}\p{N}.])(?:(?:\p{L}\.)+\p{L}(?![\p{L}\p{N}])\.?|(?:\p{L}\.){2,})"
    r"(?:['’ʼ＇][sS](?![\p{L}\p{N}]))?)"
    r"|(?P<number>\p{N}{1,3}(?:,\p{N}{3})+(?:\.\p{N}+)?|\p{N}+(?:\.\p{N}+)?)(?=%|[^\p{L}\p{N}]|$|\p{L})"
    rf"|(?P<word>[\p{{L}}\p{{M}}\p{{N}}--[{SCRIPTS_WITHOUT_SPACES}]]+(?:['’ʼ＇][\p{{L}}\p{{M}}--[{SCRIPTS_WITHOUT_SPACES}]]+)*)",
    regex.VERSION1,
)
HOST = regex.compile(
    r"https?://(?:[^\s/@]*@)?(?:www\.)?([\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*)",
    regex.IGNORECASE,
)
TAG_PART = regex.compile(
    rf"(?P<run>[{SCRIPTS_WITHOUT_SPACES}][{SCRIPTS_WITHOUT_SPACES}\p{{M}}]*)"
    r"|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\p{N}+"
    rf"|[\p{{L}}--\p{{Lu}}--[{SCRIPTS_WITHOUT_SPACES}]]+",
    regex.VERSION1,
)
POSSESSIVE = regex.compile(r"['’ʼ＇]s?$", regex.IGNORECASE)

STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being but by can
    could did do does doing for from had has have having he her here hers him his how i if in
    into is it its just many me more most much my no nor not of on once only or other our out
    over own said same she should so some such than that the their them then there these they
    this those through to too under until up very was we were what when where which while who
    whom whose why will with would you your yours
    """.split()
)
"""Words that questions are built with; folded, unstemmed. They are indexed all the same."""


class Token(NamedTuple):
    """One searchable thing in a text."""

    term: str
    """What the index knows it as."""
    start: int
    """Where it starts in the text, in code points."""
    end: int
    """Where it ends."""
    is_stop: bool
    """Whether a query can do without it."""


ANALYZER_VERSION = 1
"""Raised with every change to what terms come out."""
LONGEST_CHUNK = 32
CHUNKS = 65_536
"""Chunks that are remembered: as words are frequent, nearly all that come."""


class Analyzer:
    """Turns text into tokens, with the Snowball stemmer of one language (https://snowballstem.org)."""

    def __init__(self, language: str = "english") -> None:
        self.language = language
        stemmer = self.stemmer()
        lock = threading.Lock()  # a stemmer keeps state: two threads may not be in it at once

        def stem(word: str) -> str:
            with lock:
                return stemmer(word)

        self._stem = lru_cache(maxsize=16_384)(stem)
        self._chunks: dict[str, tuple[Token, ...]] = {}
        self._shouted_chunks: dict[str, tuple[Token, ...]] = {}
        self.stop_terms = frozenset(map(stem, STOP_WORDS))

    def stemmer(self) -> Callable[[str], str]:
        """What stems a word, for one thread alone; case and accents are folded before."""
        stem: Callable[[str], str] = Stemmer.Stemmer(self.language, 0).stemWord
        return stem

    def tokens(self, text: str) -> list[Token]:
        """The tokens of `text` in order; a hashtag's parts follow the whole tag."""
        chunks = self._shouted_chunks if text.isupper() else self._chunks
        found: list[Token] = []
        at = 0
        for chunk in text.split():
            at = text.index(chunk, at)
            tokens = self._known(chunk, chunks)
            found += [Token(term, at + start, at + end, stop) for term, start, end, stop in tokens]
            at += len(chunk)
        return found

    def chunk(self, chunk: str) -> tuple[Token, ...]:
        """The tokens of what is between two spaces, of a text that is not all in capitals."""
        return self._known(chunk, self._chunks)

    def terms(self, text: str) -> list[str]:
        """The terms of `text`, in order, repeated as they repeat."""
        return [each.term for each in self.tokens(text)]

    def read(self, chunk: str, *, shouted: bool = False) -> tuple[Token, ...]:
        """The tokens of what is between two spaces, which nothing reaches across.

        `shouted` if it is of a text all in capitals.
        """
        word = plain_word(chunk)
        if word:
            term, is_stop = self._looked_up(word, shouted=shouted)
            return (Token(term, 0, len(word), is_stop),)
        return tuple(self._tokens(chunk, shouted=shouted))

    def _known(self, chunk: str, chunks: dict[str, tuple[Token, ...]]) -> tuple[Token, ...]:
        """A chunk's tokens, with places in it; kept if it is short."""
        tokens = chunks.get(chunk)
        if tokens is None:
            tokens = self.read(chunk, shouted=chunks is self._shouted_chunks)
            if len(chunk) <= LONGEST_CHUNK:
                if len(chunks) >= CHUNKS:
                    chunks.clear()  # the frequent ones are soon back
                chunks[chunk] = tokens
        return tokens

    def _tokens(self, text: str, *, shouted: bool) -> Iterator[Token]:
        for found in WORD.finditer(text):
            start, end = found.span()
            kind = found.lastgroup
            if kind == "word":
                term, is_stop = self._looked_up(found[0], shouted=shouted)
                yield Token(term, start, end, is_stop)
            elif kind == "number":
                yield Token(_number(found[0]), start, end, is_stop=False)
            elif kind == "acronym":
                bare = POSSESSIVE.sub("", found[0]).replace(".", "")
                yield Token(self._stem(fold(bare)), start, end, is_stop=False)
            elif kind == "hashtag":
                yield from self._hashtag(found[0], start)
            elif kind == "handle":
                yield Token(self._stem(fold(found[0][1:])), start, end, is_stop=False)
            elif kind == "run":
                yield from _bigrams(found[0], start)
            else:
                yield from self._host(found[0], start)

    def _looked_up(self, word: str, *, shouted: bool) -> tuple[str, bool]:
        """A word's term, and whether it is a stop word; `shouted` in a text all in capitals."""
        folded = (
            word.lower() if word.isascii() and word.isalpha() else fold(POSSESSIVE.sub("", word))
        )
        is_name = word.isupper() and len(word) > 1 and not shouted  # WHO and IT, not who and it
        return self._stem(folded), folded in STOP_WORDS and not is_name

    def _hashtag(self, tag: str, start: int) -> Iterator[Token]:
        end = start + len(tag)
        yield Token(self._stem(fold(tag[1:])), start, end, is_stop=False)
        parts = list(TAG_PART.finditer(tag, 1))
        for part in parts:
            if part["run"] and len(tag) > 3:
                yield from _bigrams(part[0], part.start() + start)
            elif len(parts) > 1:
                term = self._stem(fold(part[0]))
                yield Token(term, part.start() + start, part.end() + start, is_stop=False)

    def _host(self, url: str, start: int) -> Iterator[Token]:
        """A URL is found by its host, whole and by its name: `wsj.com` and `wsj`."""
        found = HOST.match(url)
        if not found:
            return
        first, last = found.span(1)
        host = fold(found[1])
        yield Token(host, start + first, start + last, is_stop=False)
        labels = host.split(".")
        if len(labels) > 1:
            yield Token(self._stem(labels[-2]), start + first, start + last, is_stop=False)


def plain_word(chunk: str) -> str:
    """The word that is all of what stands between two spaces, as most often; else an empty one."""
    word = chunk.rstrip(".,!?;:")
    return word if word.isascii() and word.isalpha() else ""


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """`word` without case, accents and typographic variants: `Café` and `cafe` are one."""
    decomposed = unicodedata.normalize("NFKD", word.replace("’", "'").replace("ʼ", "'"))
    bare = "".join(each for each in decomposed if not _is_accent(each))
    return unicodedata.normalize("NFKC", bare.casefold())


def _is_accent(character: str) -> bool:
    """Whether it is an accent of Latin, Greek or Cyrillic; other scripts' marks are letters."""
    return "\u0300" <= character <= "\u036f"


def _number(printed: str) -> str:
    return unicodedata.normalize("NFKC", printed).replace(",", "")


def _bigrams(run: str, start: int) -> Iterator[Token]:
    """Overlapping pairs of characters, as Lucene's CJKAnalyzer makes them; one alone is itself."""
    if len(run) == 1:
        yield Token(fold(run), start, start + 1, is_stop=False)
    for offset in range(len(run) - 1):
        here = start + offset
        yield Token(fold(run[offset : offset + 2]), here, here + 2, is_stop=False)
