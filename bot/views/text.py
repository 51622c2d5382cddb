"""Words and slices that every surface shares. Pure; knows models only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from bot.language import Language, Listed, Sentence, quoted, sentence
from bot.models import Answer, Explanation, Hit, Passage, QueryWord, Thread

TITLE_LENGTH = 100
SENTENCE_END = regex.compile(r"(?<!\b\p{L})[.!?…؟۔।॥][\"'”’)\]]*\s+|[。！？][”」』）]*\s*|\n\s*")
CHARACTER = regex.compile(r"\X")
LONGEST_CHARACTER = 40
"""Code points of what is seen as one character, such as a family of emoji, with room to spare."""
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
"""How many words of a question."""
RELOADED = sentence("The library has been reloaded since; this is how it is now.")
SCORES = sentence(
    "A word counts for more the rarer it is (idf) and the more often a tweet has it (×)."
)


def tweets(number: int, say: Language) -> str:
    """`1 tweet`, `2 tweets`, `1,000 tweets`."""
    return say.count(number, "{count} tweet", "{count} tweets")


def threads(number: int, say: Language) -> str:
    """So many threads."""
    return say.count(number, "{count} thread", "{count} threads")


def dumps(number: int, say: Language) -> str:
    """So many dumps."""
    return say.count(number, "{count} dump", "{count} dumps")


def messages(number: int, say: Language) -> str:
    """So many messages on Discord."""
    return say.count(number, "{count} message", "{count} messages")


def tweets_in_threads(tweet_count: int, thread_count: int, say: Language) -> str:
    """`15 tweets in 4 threads`."""
    return say(
        "{tweets} in {threads}",
        tweets=tweets(tweet_count, say),
        threads=threads(thread_count, say),
    )


def number_word(number: int) -> Sentence | str:
    """How many words, as a word where it is a small number."""
    return NUMBERS[number - 1] if 1 <= number <= len(NUMBERS) else str(number)


def short(text: str, limit: int = TITLE_LENGTH) -> str:
    """`text` on one line, cut at a word so that it has at most `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    return f"{cut[: space if space > limit // 2 else limit - 1].rstrip(' ,;:—–-')}…"


def found(answer: Answer, say: Language) -> str:
    """How much was found: `15 tweets in 4 threads`, and how much of it is shown."""
    if not answer.hits:
        return say("Nothing matches.")
    found_all = tweets_in_threads(answer.tweets, answer.threads, say)
    if answer.threads > len(answer.hits) and answer.page == 1 and not answer.newest:
        return say.count(
            len(answer.hits),
            "{found}; the best {count} thread",
            "{found}; the best {count} threads",
            found=found_all,
        )
    return found_all


def evidence(answer: Answer, say: Language) -> str | None:
    """How many tweets hold all the words; or that none does, or which words none holds."""
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
            return say("No tweet has all of the question.")
        return say("All of the question is in {count} of them.", count=answer.tweets_with_most)
    if most < wanted:
        return _thin(wanted, most, say, alone=answer.tweets_with_most == 1)
    if wanted == 2:
        return say("Both words are in {count} of them.", count=answer.tweets_with_most)
    return say(
        "All {wanted} words are in {count} of them.",
        wanted=number_word(wanted),
        count=answer.tweets_with_most,
    )


def _words_of(answer: Answer) -> list[QueryWord]:
    """The words that were asked for; of a hashtag its parts."""
    return [each for each in answer.words if not each.parts]


def _missing(answer: Answer) -> list[QueryWord]:
    """The words that no tweet has, and that stand for something by themselves."""
    held = {part for each in answer.words if each.tweets for part in each.parts}
    return [
        each
        for each in _words_of(answer)
        if not each.tweets and not each.is_piece and each.term not in held
    ]


def _has_pieces(answer: Answer) -> bool:
    """Whether the words cannot be counted, for some are written without spaces between."""
    return any(each.is_piece for each in answer.words)


def _thin(wanted: int, most: int, say: Language, *, alone: bool) -> str:
    """That no tweet has all the `wanted` words, and how many the best have, or the only one."""
    if wanted == 2 and alone:
        return say("No tweet has both words; this has one.")
    if wanted == 2:
        return say("No tweet has both words; the best have one.")
    every, best = number_word(wanted), number_word(most)
    if alone:
        return say("No tweet has all {wanted} words; this has {most}.", wanted=every, most=best)
    return say("No tweet has all {wanted} words; the best have {most}.", wanted=every, most=best)


def beneath(answer: Answer, say: Language) -> list[str]:
    """What is to be said below how much was found: evidence, order, and which page it is."""
    page = f"{page_of(answer.page, answer.pages, say)}." if answer.page > 1 else None
    return [each for each in (evidence(answer, say), order(answer, say), page) if each]


def page_of(number: int, last: int, say: Language) -> str:
    """`Page 2 of 4`."""
    return say("Page {number} of {last}", number=str(number), last=str(last))


def order(answer: Answer, say: Language) -> str | None:
    """What comes first, where that is not the best."""
    if not answer.newest or not answer.hits:
        return None
    wanted, most = len(_words_of(answer)), answer.words_matched
    if wanted < 2:
        return say("The newest first.")
    if _has_pieces(answer):
        if most < wanted:
            return say("The newest first, of the tweets with the most of the question.")
        return say("The newest first, of the tweets with all of the question.")
    if most >= wanted:
        return say("The newest first, of the tweets with all of the words.")
    if most == 1:
        return say("The newest first, of the tweets with one of the words.")
    return say("The newest first, of the tweets with {most} of the words.", most=number_word(most))


def too_long_for_buttons(fits: int, say: Language) -> str:
    """Why an answer has no buttons but those to read on, and how long its question may be."""
    return say(
        "The question is too long for further pages and other buttons: "
        "up to about {fits} characters of it would have had room.",
        fits=fits,
    )


def beside(position: int, say: Language) -> str:
    """What stands above the tweet beside a hit's best one."""
    return say("beside it, tweet {position}:", position=str(position))


def size(number: int, say: Language, *, complete: bool) -> str:
    """How long a thread is."""
    said = tweets(number, say)
    return said if complete else say("{tweets}, a preview", tweets=said)


def understood(answer: Answer, say: Language) -> str:
    """The words that were searched for, each with the number of tweets that hold it."""
    if not answer.words:
        return say(
            "nothing, for that question has no words. Ask with words that a tweet would use."
        )
    return say(", ").join(
        say("{word} ({tweets})", word=each.word, tweets=tweets(each.tweets, say))
        for each in answer.words
    )


def explained(explanation: Explanation, say: Language) -> str:
    """What a score is made of: `4.20: chip 2.10 (idf 1.98, 2 ×) + 0.31 for sharing “curb”`."""
    parts = [
        f"{each.word} {say.decimal(each.score)} (idf {say.decimal(each.idf)}, {each.tf} ×)"
        for each in explanation.terms
    ]
    if explanation.shared:
        parts.append(
            say(
                "{boost} for sharing {words} with the best tweets",
                boost=explanation.boost,
                words=_shared(explanation.shared, say),
            )
        )
    total = sum(each.score for each in explanation.terms) + explanation.boost
    if not parts:
        return say("Score {total}", total=total)
    return say("Score {total}: {parts}", total=total, parts=" + ".join(parts))


def _shared(words: Sequence[str], say: Language) -> str:
    """The first few of `words`, and how many more there are."""
    shown = say(", ").join(say.say(quoted(each)) for each in words[:SHARED_SHOWN])
    if len(words) <= SHARED_SHOWN:
        return shown
    return say("{words} and {count} more", words=shown, count=len(words) - SHARED_SHOWN)


def place(position: int, number: int, say: Language) -> str:
    """`tweet 5 of 19`."""
    return say("tweet {position} of {number}", position=str(position), number=str(number))


def iso_day(moment: str) -> str:
    """The day of an ISO 8601 moment, as far as it says one."""
    return moment[:10]


def about(
    hit: Hit,
    passage: Passage,
    say: Language,
    *,
    written: Callable[[str], str] = str,
    day: Callable[[str], str] = iso_day,
) -> str:
    """Where in its thread a passage stands, by whom and when it was said, as far as is known.

    `written` and `day` are how a surface writes words and moments.
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
    """`3 more in this thread: tweets 2, 7 …`; none where there are none."""
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
    """What is to be said above a thread of which only the first tweets are known."""
    if thread.complete:
        return None
    return say(
        "Only a preview: the dump has {tweets} of the thread.",
        tweets=tweets(len(thread.tweets), say),
    )


def window(text: str, highlights: Sequence[tuple[int, int]], limit: int) -> tuple[int, int]:
    """A slice [start, end) of `text`, at most `limit` code points: that with the most that matched,
    different words before the same again.

    It begins and ends with a sentence where one is near, else with a word, else with what is seen
    as one character; it begins before the first of its highlights, and holds that, if it fits.
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
    """Where a window that begins with the highlight `span` should begin."""
    sentence = max(each for each in sentences if each <= span[0])
    if span[1] - sentence <= limit // 2:
        return sentence
    earliest = max(sentence, span[1] - limit, span[0] - limit // 4)
    space = text.find(" ", earliest, span[0])
    return space + 1 if space >= 0 else _whole(text, earliest, span[0], up=True)


def _end(text: str, start: int, least: int, sentences: Sequence[int], limit: int) -> int:
    """Where a window should end that begins at `start` and holds all up to `least`."""
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
    """The place nearest to `at`, up or down but not beyond `other`, that parts no character.

    Marks, joiners and the like belong to what stands before them.
    """
    low, high = min(at, other), max(at, other)
    begin = max(0, low - LONGEST_CHARACTER)
    borders = [begin + each.start() for each in CHARACTER.finditer(text[begin : high + 1])]
    between = [each for each in borders if low <= each <= high] or [at]
    return between[0] if up else between[-1]
