"""Words and slices that every surface shares. Pure; knows models only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from bot.models import Answer, Explanation, Hit, Passage, Step, Thread
from bot.reports import DumpSummary, Event, LoadReport

TITLE_LENGTH = 100
SENTENCE_END = regex.compile(r"(?<!\b\p{L})[.!?…؟۔।॥][\"'”’)\]]*\s+|[。！？][”」』）]*\s*|\n\s*")
CHARACTER = regex.compile(r"\X")
LONGEST_CHARACTER = 40
"""Code points of what is seen as one character, such as a family of emoji, with room to spare."""
SHARED_SHOWN = 5
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


RELOADED = "The library has been reloaded since; this is how it is now."
TOO_LONG_FOR_BUTTONS = "The question is too long for further pages: ask with fewer words."


def count(number: int, noun: str) -> str:
    """`1 tweet`, `2 tweets`, `1,000 tweets`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def number_word(number: int) -> str:
    """Small numbers as words."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def short(text: str, limit: int = TITLE_LENGTH) -> str:
    """`text` on one line, cut at a word so that it has at most `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    return f"{cut[: space if space > limit // 2 else limit - 1].rstrip(' ,;:—–-')}…"


def found(answer: Answer) -> str:
    """How much was found: `15 tweets in 4 threads`, and how much of it is shown."""
    if not answer.hits:
        return "Nothing matches."
    found_all = f"{count(answer.tweets, 'tweet')} in {count(answer.threads, 'thread')}"
    if answer.threads > len(answer.hits) and answer.page == 1 and not answer.newest:
        return f"{found_all}; the best {count(len(answer.hits), 'thread')}:"
    return found_all


def evidence(answer: Answer) -> str | None:
    """How many tweets hold all the words; or that none does, or which words none holds."""
    wanted, most = len(answer.words), answer.words_matched
    if not answer.hits or not wanted:
        return None
    if most >= wanted:
        if answer.tweets_with_most == answer.tweets:
            return None
        every = "Both words are" if wanted == 2 else f"All {number_word(wanted)} words are"
        return f"{every} in {answer.tweets_with_most:,} of them."
    missing = [each.word for each in answer.words if each.tweets == 0]
    if missing and most == wanted - len(missing):
        return f"No tweet has {_listed([f'“{word}”' for word in missing], 'or')}."
    every = "both words" if wanted == 2 else f"all {number_word(wanted)} words"
    having = "this has" if answer.tweets_with_most == 1 else "the best have"
    return f"No tweet has {every}; {having} {number_word(most)}."


def beneath(answer: Answer) -> list[str]:
    """What is to be said below how much was found: evidence, order, and which page it is."""
    page = f"Page {answer.page} of {answer.pages}." if answer.page > 1 else None
    return [each for each in (evidence(answer), order(answer), page) if each]


def order(answer: Answer) -> str | None:
    """What comes first, where that is not the best."""
    if not answer.newest:
        return None
    wanted, most = len(answer.words), answer.words_matched
    if wanted < 2:
        return "The newest first."
    words = "all" if most >= wanted else number_word(most)
    return f"The newest first, of the tweets with {words} of the words."


def beside(position: int) -> str:
    """What stands above the tweet beside a hit's best one."""
    return f"beside it, tweet {position}:"


def size(tweets: int, *, complete: bool) -> str:
    """How long a thread is."""
    return f"{count(tweets, 'tweet')}{'' if complete else ', a preview'}"


def understood(answer: Answer) -> str:
    """The words that were searched for, each with the number of tweets that hold it."""
    if not answer.words:
        return "nothing, for that question has no words. Ask with words that a tweet would use."
    return ", ".join(f"{each.word} ({count(each.tweets, 'tweet')})" for each in answer.words)


def explained(explanation: Explanation) -> str:
    """What a score is made of: `4.20: chip 2.10 (idf 1.98, 2 ×) + 0.31 for sharing “curb”`."""
    parts = [
        f"{each.word} {each.score:.2f} (idf {each.idf:.2f}, {each.tf} ×)"
        for each in explanation.terms
    ]
    if explanation.shared:
        shared = ", ".join(f"“{each}”" for each in explanation.shared[:SHARED_SHOWN])
        if len(explanation.shared) > SHARED_SHOWN:
            shared += f" and {len(explanation.shared) - SHARED_SHOWN} more"
        parts.append(f"{explanation.boost:.2f} for sharing {shared} with the best tweets")
    total = sum(each.score for each in explanation.terms) + explanation.boost
    return f"Score {total:.2f}: {' + '.join(parts)}" if parts else f"Score {total:.2f}"


def place(position: int, tweets: int) -> str:
    """`tweet 5 of 19`."""
    return f"tweet {position} of {tweets}"


def iso_day(moment: str) -> str:
    """The day of an ISO 8601 moment, as far as it says one."""
    return moment[:10]


def about(
    hit: Hit,
    passage: Passage,
    *,
    say: Callable[[str], str] = str,
    day: Callable[[str], str] = iso_day,
) -> str:
    """Where in its thread a passage stands, by whom and when it was said, as far as is known.

    `say` and `day` are how a surface writes words and moments.
    """
    parts = [say(place(passage.position, hit.thread.tweets))]
    if passage.tweet.author:
        parts.append(say(f"@{passage.tweet.author}"))
    if passage.tweet.created_at:
        parts.append(day(passage.tweet.created_at))
    if not hit.thread.complete:
        parts.append("preview")
    return " · ".join(parts)


def more(hit: Hit) -> str | None:
    """`3 more in this thread: tweets 2, 7 …`; none where there are none."""
    if not hit.more_in_thread:
        return None
    shown = [str(passage.position) for passage in hit.more]
    rest = " …" if hit.more_in_thread > len(shown) else ""
    noun = "tweet" if hit.more_in_thread == 1 else "tweets"
    return f"{hit.more_in_thread} more in this thread: {noun} {', '.join(shown)}{rest}"


def preview_banner(thread: Thread) -> str | None:
    """What is to be said above a thread of which only the first tweets are known."""
    if thread.complete:
        return None
    number = len(thread.tweets)
    return f"Only a preview: the dump has {count(number, 'tweet')} of the thread."


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


def step_line(step: Step) -> str:
    """How far a load is: `Still at it: reading a.zip, 40 %.`."""
    share = f", {100 * step.done // step.of} %" if step.of else ""
    return f"Still at it: {step.doing}{share}. Asking goes on meanwhile."


def preview_lines(report: LoadReport) -> list[str]:
    """What a load would change, a line each, the most important first."""
    added, changed, known = (
        sum(getattr(each, what) for each in report.dumps)
        for what in ("added", "changed", "unchanged")
    )
    if report.changed:
        would = (
            f"This would add {count(added, 'tweet')} and change {changed:,}; {known:,} are known."
        )
    else:
        would = "This would change nothing."
    shown = [would, *(f"Would go, or be replaced: {file}" for file in report.gone)]
    for each in report.dumps:
        tweets = sum(len(thread.tweets) for thread in each.dump.threads)
        shown.append(
            f"{each.dump.file} ({each.dump.format}): {count(len(each.dump.threads), 'thread')}, "
            f"{count(tweets, 'tweet')}, {each.added:,} new"
        )
    return [*shown, *(f"Would stay as it was before: {file}" for file in report.kept)]


def notice_lines(report: LoadReport) -> list[str]:
    """All that the loader has to say of what it read: file, line, and what it met."""
    return [
        *(f"Could not read {where(e.file, e.line)}: {e.message}" for e in report.errors),
        *(
            f"{where(n.file, n.line)}: {n.message}"
            for each in report.dumps
            for n in each.dump.notices
        ),
    ]


def dump_lines(dumps: Sequence[DumpSummary]) -> list[str]:
    """The dumps that are served, a line each."""
    return [f"{each.file} ({each.format}{', shared' if each.shared else ''})" for each in dumps]


def history_lines(events: Sequence[Event]) -> list[str]:
    """Who did what and when, a line each."""
    if not events:
        return ["Nothing yet."]
    return [
        f"{each.at[:16].replace('T', ' ')} UTC: {DONE[each.action]} by {each.actor} "
        f"(generation {each.generation}, {count(each.dumps, 'dump')})"
        for each in events
    ]


DONE = {
    "seeds": "seeds first read",
    "load": "dumps loaded",
    "reload": "seeds read again",
    "undo": "the step before undone",
    "reread": "dumps read anew by a newer version",
    "remove": "a dump taken out",
    "forget": "a thread or an author forgotten",
}
"""What each action did."""


def report_lines(report: LoadReport) -> list[str]:
    """What a load changed, a line each, the most important first."""
    lines = [_summary(report)]
    for title, what in (
        (report.threads_added, "New"),
        (report.threads_changed, "Changed"),
        (report.threads_removed, "Gone"),
    ):
        lines += [f"{what}: {short(each)}" for each in title[:10]]
        if len(title) > 10:
            lines.append(f"{what}: {count(len(title) - 10, 'more thread')}")
    told = notice_lines(report)
    faults = len(report.errors)
    kept = [f"Still served as it was before: {file}" for file in report.kept]
    return [*lines, *told[:faults], *kept, *told[faults:]]


def _summary(report: LoadReport) -> str:
    now = f"{count(report.tweets_after, 'tweet')} in {count(report.threads_after, 'thread')}"
    if not report.changed:
        return f"Nothing changed: {now} (generation {report.generation})."
    difference = report.tweets_after - report.tweets_before
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return f"{sign}{count(abs(difference), 'tweet')}: now {now} (generation {report.generation})."


def where(file: str, line: int | None) -> str:
    """A place in a dump: its file, and the line where there is one to name."""
    return file if line is None else f"{file}:{line}"


def _listed(words: Sequence[str], conjunction: str) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
