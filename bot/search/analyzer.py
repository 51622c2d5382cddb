"""Splits text into tokens, each with its position, so that matches can be highlighted. Pure."""

from __future__ import annotations

import re
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
UNSPACED = regex.compile(rf"[{SCRIPTS_WITHOUT_SPACES}]")
"""One character of a script that puts no spaces between words."""
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
PLAIN_TAG = re.compile(r"#[A-Za-z0-9_]+")
PLAIN_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
"""What TAG_PART finds in a hashtag of ASCII, in a third of the time."""
BETWEEN = regex.compile(r"[^\w\p{L}\p{M}\p{N}.,'’ʼ＇@#]+")
"""Between tokens: no token contains these, and none needs them to its left or right."""
POSSESSIVE = regex.compile(r"['’ʼ＇]s?$", regex.IGNORECASE)

SEPARATOR = "ǀ"
"""Parts of a document that no phrase may join. It is a letter of few languages, and a stop word."""
STOP_WORDS = frozenset(
    f"""
    {SEPARATOR}
    a about after all also am an and any are as at be because been before being but by can
    could did do does doing for from had has have having he her here hers him his how i if in
    into is it its just many me more most much my no nor not of on once only or other our out
    over own said same she should so some such than that the their them then there these they
    this those through to too under until up very was we were what when where which while who
    whom whose why will with would you your yours
    """.split()
)
"""Stop words, folded and not stemmed. They are indexed, but questions leave them out."""


class Token(NamedTuple):
    """A token: part of a text that can be searched for."""

    term: str
    """Its term in the index: folded and stemmed."""
    start: int
    """Where it starts in the text, in code points."""
    end: int
    """Where it ends, exclusive."""
    is_stop: bool
    """Whether it is a stop word, which queries leave out."""


ANALYZER_VERSION = 1
"""Raise it with every change to the terms; stored indexes are then rebuilt."""
LONGEST_CHUNK = 32
"""Characters of the longest chunk to cache."""
CHUNKS = 65_536
"""Chunks to cache. Words repeat, so nearly all chunks of a text are in the cache."""


class Analyzer:
    """Splits text into tokens, with the Snowball stemmer of one language (https://snowballstem.org).

    Can be used from several threads.
    """

    def __init__(self, language: str = "english") -> None:
        """Create an analyzer.

        Args:
            language: the name of a Snowball algorithm.

        Raises:
            KeyError: there is no such algorithm.
        """
        self.language = language
        stemmer = self.stemmer()
        lock = threading.Lock()  # a stemmer has state, so only one thread may use it at a time

        def stem(word: str) -> str:
            with lock:
                return stemmer(word)

        self._stem = lru_cache(maxsize=16_384)(stem)
        self._tags = lru_cache(maxsize=4_096)(self._tag)
        self._chunks: dict[str, tuple[Token, ...]] = {}
        self._all_caps_chunks: dict[str, tuple[Token, ...]] = {}
        self.stop_terms = frozenset(map(stem, STOP_WORDS))

    def stemmer(self) -> Callable[[str], str]:
        """Return a function that stems a folded word. It must stay in one thread."""
        stem: Callable[[str], str] = Stemmer.Stemmer(self.language, 0).stemWord
        return stem

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of `text` by position; the parts of a hashtag follow the whole tag."""
        chunks = self._all_caps_chunks if text.isupper() else self._chunks
        found: list[Token] = []
        at = 0
        for chunk in text.split():
            at = text.index(chunk, at)
            tokens = self._known(chunk, chunks)
            found += [Token(term, at + start, at + end, stop) for term, start, end, stop in tokens]
            at += len(chunk)
        return found

    def chunk(self, chunk: str) -> tuple[Token, ...]:
        """Return the tokens of a chunk, the text between two spaces, from the cache if possible.

        For texts in mixed case; see `read`.
        """
        return self._known(chunk, self._chunks)

    def terms(self, text: str) -> list[str]:
        """Return the terms of `text` in order, with repetitions."""
        return [each.term for each in self.tokens(text)]

    def read(self, chunk: str, *, all_caps: bool = False) -> tuple[Token, ...]:
        """Return the tokens of a chunk, the text between two spaces. No token contains a space.

        Args:
            chunk: the chunk.
            all_caps: whether the whole text is in capitals. In other texts a word in capitals is a
                name, such as WHO, and no stop word.
        """
        word = plain_word(chunk)
        if word:
            term, is_stop = self._term_of(word, all_caps=all_caps)
            return (Token(term, 0, len(word), is_stop),)
        # Accents without a letter have no term.
        return tuple(each for each in self._tokens(chunk, all_caps=all_caps) if each.term)

    def _known(self, chunk: str, chunks: dict[str, tuple[Token, ...]]) -> tuple[Token, ...]:
        """Return a chunk's tokens, with positions in the chunk. Caches those of short chunks."""
        tokens = chunks.get(chunk)
        if tokens is None:
            tokens = self.read(chunk, all_caps=chunks is self._all_caps_chunks)
            if len(chunk) <= LONGEST_CHUNK:
                if len(chunks) >= CHUNKS:
                    chunks.clear()  # frequent chunks are soon cached again
                chunks[chunk] = tokens
        return tokens

    def _tokens(self, text: str, *, all_caps: bool) -> Iterator[Token]:
        for found in WORD.finditer(text):
            start, end = found.span()
            kind = found.lastgroup
            if kind == "word":
                term, is_stop = self._term_of(found[0], all_caps=all_caps)
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

    def _term_of(self, word: str, *, all_caps: bool) -> tuple[str, bool]:
        """Return a word's term, and whether it is a stop word."""
        folded = (
            word.lower() if word.isascii() and word.isalnum() else fold(POSSESSIVE.sub("", word))
        )
        is_name = word.isupper() and len(word) > 1 and not all_caps  # WHO and IT, not who and it
        return self._stem(folded), folded in STOP_WORDS and not is_name

    def _hashtag(self, tag: str, start: int) -> Iterator[Token]:
        for term, first, last, _ in self._tags(tag):
            yield Token(term, start + first, start + last, is_stop=False)

    def _tag(self, tag: str) -> tuple[Token, ...]:
        """Return the tokens of a hashtag: all of it, then its parts."""
        found = [Token(self._stem(fold(tag[1:])), 0, len(tag), is_stop=False)]
        parts = list(TAG_PART.finditer(tag, 1))
        for part in parts:
            if part["run"] and len(tag) > 3:
                found += _bigrams(part[0], part.start())
            elif len(parts) > 1:
                term = self._stem(fold(part[0]))
                found.append(Token(term, part.start(), part.end(), is_stop=False))
        return tuple(found)

    def _host(self, url: str, start: int) -> Iterator[Token]:
        """Yield a URL's host and its name, such as `wsj.com` and `wsj`; the path is not indexed."""
        found = HOST.match(url)
        if not found:
            return
        first, last = found.span(1)
        host = fold(found[1])
        yield Token(host, start + first, start + last, is_stop=False)
        labels = host.split(".")
        if len(labels) > 1:
            yield Token(self._stem(labels[-2]), start + first, start + last, is_stop=False)


def parts_of(chunk: str) -> list[str]:
    """Divide a chunk at characters that are part of no token and change none beside them.

    A chunk that may have a URL, which may contain most of them, stays whole.
    """
    return [chunk] if "://" in chunk else [each for each in BETWEEN.split(chunk) if each]


def plain_word(chunk: str) -> str:
    """Return a chunk of ASCII letters and digits without the punctuation at its end.

    It begins with a letter or has digits only, so it is one word or number. For other chunks the
    result is empty.
    """
    word = chunk.rstrip(".,!?;:")
    is_plain = word.isascii() and word.isalnum() and (word[0].isalpha() or word.isdecimal())
    return word if is_plain else ""


def plain_tag(chunk: str) -> list[str]:
    """Return a hashtag of ASCII with its `#`, then its parts if it has several.

    The result is empty if a chunk is anything else.
    """
    tag = chunk.rstrip(".,!?;:")
    if not tag.startswith("#") or not PLAIN_TAG.fullmatch(tag):
        return []
    parts = PLAIN_PART.findall(tag)
    return [tag, *parts] if len(parts) > 1 else [tag]


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """Return `word` without case, accents and typographic variants: `Café` becomes `cafe`."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.replace("’", "'").replace("ʼ", "'"))
    bare = "".join(each for each in decomposed if not _is_accent(each))
    return unicodedata.normalize("NFKC", bare.casefold())


def _is_accent(character: str) -> bool:
    """Whether it is an accent of Latin, Greek or Cyrillic; marks of other scripts are letters."""
    return "\u0300" <= character <= "\u036f"


def _number(printed: str) -> str:
    return unicodedata.normalize("NFKC", printed).replace(",", "")


def _bigrams(run: str, start: int) -> Iterator[Token]:
    """Yield overlapping pairs of characters, as Lucene's CJKAnalyzer does; a single one as it is.

    https://lucene.apache.org/core/9_11_0/analysis/common/org/apache/lucene/analysis/cjk/CJKAnalyzer.html
    """
    if len(run) == 1:
        yield Token(fold(run), start, start + 1, is_stop=False)
    for offset in range(len(run) - 1):
        here = start + offset
        yield Token(fold(run[offset : offset + 2]), here, here + 2, is_stop=False)
