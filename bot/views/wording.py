"""Phrases, titles and excerpts that Discord and the terminal share. Pure; imports models only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from bot.i18n.messages import Language, Listed, Sentence, quoted, sentence
from bot.models import Answer, Explanation, Hit, Passage, QueryWord, Thread

TITLE_LENGTH = 100
SENTENCE_END = regex.compile(r"(?<!\b\p{L})[.!?…؟۔।॥][\"'”’)\]]*\s+|[。！？][”」』）]*\s*|\n\s*")
CHARACTER = regex.compile(r"\X")
LONGEST_CHARACTER = 40
"""Most code points of one visible character, such as an emoji of a family, with a margin."""
SHARED_SHOWN = 5
NUMBERS = (
    sentence("one"),
    sentence("two"),
    sentence("three"),
    sentence("four"),
    sentence("five"),
    sentence("six"),
    sentence("seven"),
    sentence("eight"),
    sentence("nine"),
    sentence("ten"),
)
"""Numbers of words, spelled out."""
RELOADED = sentence("The library was reloaded since. This page is up to date.")
SCORES = sentence(
    "A word scores higher the rarer it is (idf) and the more often the tweet contains it (×)."
)


def tweets(number: int, say: Language) -> str:
    """`1 tweet`, `2 tweets`, `1,000 tweets`."""
    return say.count(number, "{count} tweet", "{count} tweets")


def threads(number: int, say: Language) -> str:
    """`1 thread`, `2 threads`."""
    return say.count(number, "{count} thread", "{count} threads")


def dumps(number: int, say: Language) -> str:
    """`1 file`, `2 files`."""
    return say.count(number, "{count} file", "{count} files")


def messages(number: int, say: Language) -> str:
    """`1 message`, `2 messages`."""
    return say.count(number, "{count} message", "{count} messages")


def tweets_in_threads(tweet_count: int, thread_count: int, say: Language) -> str:
    """`15 tweets in 4 threads`."""
    return say(
        "{tweets} in {threads}",
        tweets=tweets(tweet_count, say),
        threads=threads(thread_count, say),
    )


def number_word(number: int) -> Sentence | str:
    """`number` spelled out if it is at most ten, else in digits."""
    return NUMBERS[number - 1] if 1 <= number <= len(NUMBERS) else str(number)


def short(text: str, limit: int = TITLE_LENGTH) -> str:
    """`text` on one line, cut at a word boundary to at most `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    return f"{cut[: space if space > limit // 2 else limit - 1].rstrip(' ,;:—–-')}…"


def found(answer: Answer, say: Language) -> str:
    """The number of matches, `15 tweets in 4 threads`, and how many of them are shown."""
    if not answer.hits:
        return say("Nothing matches.")
    found_all = tweets_in_threads(answer.tweets, answer.threads, say)
    if answer.threads > len(answer.hits) and answer.page == 1 and not answer.newest:
        return say.count(
            len(answer.hits),
            "{found}. Showing the top thread.",
            "{found}. Showing the top {count}.",
            found=found_all,
        )
    return found_all


def evidence(answer: Answer, say: Language) -> str | None:
    """How many tweets have all words; or that none has, or which words no tweet has."""
    wanted, most = len(_words_of(answer)), answer.words_matched
    if not answer.hits or not wanted:
        return None
    if most >= wanted and answer.tweets_with_most == answer.tweets:
        return None
    missing = [quoted(each.word) for each in _missing(answer)]
    if missing and most == wanted - len(missing):
        return say("No tweet has {words}.", words=Listed(missing, "or"))
    if _has_pieces(answer):
        if most < wanted:
            return say("No tweet contains the whole question.")
        return say.count(
            answer.tweets_with_most,
            "{count} tweet contains the whole question.",
            "{count} tweets contain the whole question.",
        )
    if most < wanted:
        return _thin(wanted, most, say)
    if wanted == 2:
        return say.count(
            answer.tweets_with_most,
            "{count} tweet has both words.",
            "{count} tweets have both words.",
        )
    return say.count(
        answer.tweets_with_most,
        "{count} tweet has all {wanted} words.",
        "{count} tweets have all {wanted} words.",
        wanted=number_word(wanted),
    )


def _words_of(answer: Answer) -> list[QueryWord]:
    """The words of the question; a hashtag counts as its parts."""
    return [each for each in answer.words if not each.parts]


def _missing(answer: Answer) -> list[QueryWord]:
    """The words that no tweet has, without parts of other words."""
    held = {part for each in answer.words if each.tweets for part in each.parts}
    return [
        each
        for each in _words_of(answer)
        if not each.tweets and not each.is_piece and each.term not in held
    ]


def _has_pieces(answer: Answer) -> bool:
    """Whether the question has words in a script without spaces, which cannot be counted."""
    return any(each.is_piece for each in answer.words)


def _thin(wanted: int, most: int, say: Language) -> str:
    """Say that no tweet has all `wanted` words, and how many words the closest ones have."""
    if wanted == 2:
        return say("No tweet has both words. Closest: 1 of 2.")
    return say(
        "No tweet has all {words} words. Closest: {most} of {wanted}.",
        words=number_word(wanted),
        most=str(most),
        wanted=str(wanted),
    )


def beneath(answer: Answer, say: Language) -> list[str]:
    """The lines below the number of matches: evidence, order and page."""
    page = f"{page_of(answer.page, answer.pages, say)}." if answer.page > 1 else None
    return [each for each in (evidence(answer, say), order(answer, say), page) if each]


def page_of(number: int, last: int, say: Language) -> str:
    """`Page 2 of 4`."""
    return say("Page {number} of {last}", number=str(number), last=str(last))


def order(answer: Answer, say: Language) -> str | None:
    """The order of the hits, unless it is the default, best match first."""
    if not answer.newest or not answer.hits:
        return None
    wanted, most = len(_words_of(answer)), answer.words_matched
    if wanted < 2:
        return say("Newest first.")
    if _has_pieces(answer):
        if most < wanted:
            return say("Newest first, among tweets that contain the most of the question.")
        return say("Newest first, among tweets that contain the whole question.")
    if most >= wanted:
        return say("Newest first, among tweets with all the words.")
    if most == 1:
        return say("Newest first, among tweets with one of the words.")
    return say("Newest first, among tweets with {most} of the words.", most=number_word(most))


def too_long_for_buttons(fits: int, say: Language) -> str:
    """Why an answer has no buttons for pages, and how long its question may be."""
    return say(
        "The question is too long for page buttons. Shorten it to about {fits} characters.",
        fits=fits,
    )


def beside(position: int, say: Language) -> str:
    """The line above the tweet adjacent to a hit's best one."""
    return say("Adjacent tweet {position}:", position=str(position))


def size(number: int, say: Language, *, complete: bool) -> str:
    """The length of a thread; `complete` is false for a preview."""
    said = tweets(number, say)
    return said if complete else say("{tweets} (preview)", tweets=said)


def understood(answer: Answer, say: Language) -> str:
    """The words of the search, each with the number of tweets that contain it."""
    if not answer.words:
        return say(
            "nothing. The question has no words to search for; use words that a "
            "tweet would contain."
        )
    return say(", ").join(
        say("{word} ({tweets})", word=each.word, tweets=tweets(each.tweets, say))
        for each in answer.words
    )


def explained(explanation: Explanation, say: Language) -> str:
    """The parts of a score: `4.20: chip 2.10 (idf 1.98, 2 ×) + 0.31 for sharing “curb”`."""
    parts = [
        f"{each.word} {say.decimal(each.score)} (idf {say.decimal(each.idf)}, {each.tf} ×)"
        for each in explanation.terms
    ]
    if explanation.shared:
        parts.append(
            say(
                "{boost} for sharing {words} with the best matches",
                boost=explanation.boost,
                words=_shared(explanation.shared, say),
            )
        )
    total = sum(each.score for each in explanation.terms) + explanation.boost
    if not parts:
        return say("Score {total}", total=total)
    return say("Score {total}: {parts}", total=total, parts=" + ".join(parts))


def _shared(words: Sequence[str], say: Language) -> str:
    """The first few of `words`, and the number of the others."""
    shown = say(", ").join(say.say(quoted(each)) for each in words[:SHARED_SHOWN])
    if len(words) <= SHARED_SHOWN:
        return shown
    return say("{words} and {count} more", words=shown, count=len(words) - SHARED_SHOWN)


def place(position: int, number: int, say: Language) -> str:
    """`tweet 5 of 19`."""
    return say("tweet {position} of {number}", position=str(position), number=str(number))


def iso_day(moment: str) -> str:
    """The date of an ISO 8601 timestamp, as precise as the timestamp is."""
    return moment[:10]


def about(
    hit: Hit,
    passage: Passage,
    say: Language,
    *,
    written: Callable[[str], str] = str,
    day: Callable[[str], str] = iso_day,
) -> str:
    """The position of a passage in its thread, with its author and date if they are known.

    Args:
        hit: the hit that the passage belongs to.
        passage: the tweet.
        say: the reader's language.
        written: escapes text for the surface.
        day: formats an ISO 8601 timestamp for the surface.
    """
    parts = [written(place(passage.position, hit.thread.tweets, say))]
    if passage.tweet.author:
        parts.append(written(f"@{passage.tweet.author}"))
    if passage.tweet.created_at:
        parts.append(day(passage.tweet.created_at))
    if not hit.thread.complete:
        parts.append(written(say("preview")))
    return " · ".join(parts)


def more(hit: Hit, say: Language) -> str | None:
    """`3 more in this thread: tweets 2, 7 …`; None if there are no more."""
    if not hit.more_in_thread:
        return None
    shown = [str(passage.position) for passage in hit.more]
    rest = " …" if hit.more_in_thread > len(shown) else ""
    return say.count(
        hit.more_in_thread,
        "{count} more in this thread: tweet {places}",
        "{count} more in this thread: tweets {places}",
        places=f"{say(', ').join(shown)}{rest}",
    )


def preview_banner(thread: Thread, say: Language) -> str | None:
    """The notice above a thread that is only a preview; None above a complete one."""
    if thread.complete:
        return None
    return say(
        "Preview only: the file contains {tweets} of this thread.",
        tweets=tweets(len(thread.tweets), say),
    )


def window(text: str, highlights: Sequence[tuple[int, int]], limit: int) -> tuple[int, int]:
    """The slice [start, end) of `text` to quote: at most `limit` code points, most highlights.

    Distinct words count before repeated ones. The slice starts and ends at a sentence if one is
    near, else at a word, else at a grapheme. It starts before its first highlight and contains it
    if it fits.
    """
    if len(text) <= limit:
        return 0, len(text)
    sentences = [0, *(found.end() for found in SENTENCE_END.finditer(text))]
    spans = [span for span in highlights if span[1] - span[0] <= limit] or [(0, 0)]
    words = {span: text[slice(*span)].casefold() for span in spans}
    best, most = (0, 0), (0, 0)
    for span in spans:
        start = _start(text, span, sentences, limit)
        inside = [each for each in spans if start <= each[0] and each[1] <= start + limit]
        held = len({words[each] for each in inside}), len(inside)
        if held > most or span is spans[0]:
            best, most = (start, span[1]), held
    start = best[0]
    ends = [last for _, last in spans if start < last <= start + limit]
    return start, _end(text, start, max([best[1], *ends]), sentences, limit)


def _start(text: str, span: tuple[int, int], sentences: Sequence[int], limit: int) -> int:
    """The start of a window whose first highlight is `span`."""
    sentence = max(each for each in sentences if each <= span[0])
    if span[1] - sentence <= limit // 2:
        return sentence
    earliest = max(sentence, span[1] - limit, span[0] - limit // 4)
    space = text.find(" ", earliest, span[0])
    return space + 1 if space >= 0 else _whole(text, earliest, span[0], up=True)


def _end(text: str, start: int, least: int, sentences: Sequence[int], limit: int) -> int:
    """The end of a window that starts at `start` and contains everything up to `least`."""
    furthest = min(start + limit, len(text))
    if furthest == len(text):
        return furthest
    enough = max(least, start + limit // 2)
    whole = [each for each in sentences if enough <= each <= furthest]
    if whole:
        return max(least, len(text[: whole[-1]].rstrip()))
    space = text.rfind(" ", enough, furthest + 1)
    return space if space > start else max(least, _whole(text, furthest, start, up=False))


def _whole(text: str, at: int, other: int, *, up: bool) -> int:
    """The grapheme boundary nearest to `at`, searching up or down, but not beyond `other`."""
    low, high = min(at, other), max(at, other)
    begin = max(0, low - LONGEST_CHARACTER)
    borders = [begin + each.start() for each in CHARACTER.finditer(text[begin : high + 1])]
    between = [each for each in borders if low <= each <= high] or [at]
    return between[0] if up else between[-1]
