"""What an answer says about itself: what it found, how well, in which order, and why. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.i18n.messages import Language, Listed, Sentence, quoted, sentence
from bot.models import Answer, Explanation, QueryWord, TermShare
from bot.views import wording

SHARED_SHOWN = 5
"""Most words that an explanation lists as shared with the best matches."""
SHARED_NAMED = 3
"""Most of them that a sentence names."""
RANKS = sentence(
    "A tweet ranks higher the more of the question's words it has, and the rarer they are. "
    "The percentages are parts of its score."
)


def size(answer: Answer, say: Language) -> str:
    """The number of matches: `15 tweets in 4 threads`."""
    return wording.tweets_in_threads(answer.tweets, answer.threads, say)


def found(answer: Answer, say: Language) -> str:
    """The number of matches, `15 tweets in 4 threads`, and how many of them are shown."""
    if not answer.hits:
        return say("Nothing matches.")
    shown = here(answer, say)
    return f"{size(answer, say)}. {shown}" if shown else size(answer, say)


def here(answer: Answer, say: Language) -> str | None:
    """How many of the matches the first page shows; None if all, or on another page."""
    shown = sum(1 + len(each.more) for each in answer.hits)
    if answer.tweets <= shown or answer.page > 1 or _is_by_date(answer):
        return None
    if _others_are_apart(answer, shown):
        return say.count(
            shown,
            "The best one is here; weaker matches follow on the next page.",
            "The best {count} are here; weaker matches follow on the next page.",
        )
    return say.count(shown, "Showing the top tweet.", "Showing the top {count}.")


def listed(answer: Answer, say: Language, more: str) -> str | None:
    """How many of the matches all pages have together; None if they have all.

    `more` is the label of what shows all of a thread.
    """
    if answer.listed is None or answer.listed >= answer.tweets:
        return None
    fields: dict[str, int | str] = {"listed": answer.listed, "tweets": answer.tweets, "more": more}
    if answer.pages == 1:
        return say(
            "This page has {listed} of the {tweets}. For the others, press “{more}”.", **fields
        )
    return say(
        "The {pages} pages have {listed} of the {tweets}. For the others, press “{more}”.",
        **fields,
        pages=answer.pages,
    )


def not_listed(answer: Answer, say: Language) -> str | None:
    """How many of the matches all pages have, where commands below the threads show the others."""
    if not answer.hits or answer.listed is None or answer.listed >= answer.tweets:
        return None
    fields: dict[str, int | str] = {"listed": answer.listed, "tweets": answer.tweets}
    if answer.pages == 1:
        return say(
            "This page has {listed} of the {tweets}. “All … in this thread” shows the others of a "
            "thread.",
            **fields,
        )
    return say(
        "The {pages} pages have {listed} of the {tweets}. “All … in this thread” shows the others "
        "of a thread.",
        **fields,
        pages=answer.pages,
    )


def _is_by_date(answer: Answer) -> bool:
    """Whether the newest tweets come first, which needs a date."""
    passages = (each for hit in answer.hits for each in (hit.best, *hit.more))
    return answer.newest and any(each.tweet.created_at for each in passages)


def _others_are_apart(answer: Answer, shown: int) -> bool:
    """Whether the first page has all tweets that are not set apart."""
    return answer.pages > 1 and bool(answer.apart) and answer.tweets - answer.apart == shown


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
        return _with_whole_question(answer.tweets_with_most if most >= wanted else 0, say)
    if most < wanted:
        return _closest(wanted, most, say)
    return _with_all_words(answer, wanted, say)


def _with_whole_question(count: int, say: Language) -> str:
    """How many tweets contain all of a question whose words cannot be counted."""
    if not count:
        return say("No tweet contains the whole question.")
    return say.count(
        count,
        "{count} tweet contains the whole question.",
        "{count} tweets contain the whole question.",
    )


def _with_all_words(answer: Answer, wanted: int, say: Language) -> str:
    """How many tweets have all `wanted` words."""
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
        wanted=wording.number_word(wanted),
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


def _closest(wanted: int, most: int, say: Language) -> str:
    """Say that no tweet has all `wanted` words, and how many words the closest ones have."""
    if wanted == 2:
        return say("No tweet has both words. Closest: 1 of 2.")
    return say(
        "No tweet has all {words} words. Closest: {most} of {wanted}.",
        words=wording.number_word(wanted),
        most=str(most),
        wanted=str(wanted),
    )


def beneath(answer: Answer, say: Language) -> list[str]:
    """The lines below the number of matches: evidence, order and page."""
    page = f"{wording.page_of(answer.page, answer.pages, say)}." if answer.page > 1 else None
    notes = (evidence(answer, say), order(answer, say), page)
    return [each for each in notes if each]


def order(answer: Answer, say: Language) -> str | None:
    """The order of the hits, unless it is the default, best match first."""
    if not answer.newest or not answer.hits:
        return None
    if not _is_by_date(answer):
        return say("These tweets have no date, so they are not sorted by date.")
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
    return say(
        "Newest first, among tweets with {most} of the words.", most=wording.number_word(most)
    )


def too_long_for_buttons(fits: int, say: Language) -> str:
    """Why an answer has no buttons for pages, and how long its question may be."""
    return say(
        "The question is too long for page buttons. Shorten it to about {fits} characters.",
        fits=fits,
    )


def searched_for(answer: Answer, say: Language) -> str | None:
    """What was searched for, if nothing was found; or that the question has no words.

    None if a hint says why a question of filters alone finds nothing.
    """
    if answer.words:
        return say("Searched for: {words}", words=understood(answer, say))
    if answer.hints:
        return None
    return say("The question has no words to search for. Use words that a tweet would contain.")


def understood(answer: Answer, say: Language) -> str:
    """The words of the search, if it has any, each with the number of tweets that contain it."""
    return say(", ").join(
        say("{word} ({tweets})", word=each.word, tweets=wording.tweets(each.tweets, say))
        for each in answer.words
    )


def explained(explanation: Explanation, say: Language) -> str:
    """The parts of a score: `4.20: chip 2.10 (idf 1.98, 2 ×) + 0.31 for sharing “curb”`."""
    scores, boost = _in_hundredths(explanation)
    parts = [
        f"{each.word} {say.decimal(score)} (idf {say.decimal(each.idf)}, {each.tf} ×"
        f"{', ' + say('in the first tweet') if each.from_first else ''})"
        for each, score in zip(explanation.terms, scores, strict=True)
    ]
    if explanation.shared:
        parts.append(
            say(
                "{boost} for sharing {words} with the best matches",
                boost=boost,
                words=_shared(explanation.shared, say),
            )
        )
    total = _total(explanation)
    if not parts:
        return say("Score {total}", total=total)
    return say("Score {total}: {parts}", total=total, parts=" + ".join(parts))


def reason(place: str, explanation: Explanation, say: Language) -> str:
    """Why a tweet was found, in plain words, with the share of each word in its score."""
    total = _total(explanation)
    words = [_part(each, total) for each in explanation.terms]
    asked = {each.word.casefold() for each in explanation.terms}
    shared = [each for each in explanation.shared if each.casefold() not in asked]
    found_words = Listed(words, "and") if words else ""
    if not words:
        return place
    if explanation.boost <= 0 or not total:
        return say("{place} has {words}.", place=place, words=found_words)
    percent = max(100 - sum(_percent(each, total) for each in explanation.terms), 0)
    if not shared:
        return say(
            "{place} has {words}. The other {percent} % are for words that the best matches share.",
            place=place,
            words=found_words,
            percent=percent,
        )
    return say(
        "{place} has {words}. The other {percent} % are for words that the best matches share, "
        "such as {shared}.",
        place=place,
        words=found_words,
        percent=percent,
        shared=Listed([quoted(each) for each in shared[:SHARED_NAMED]], "and"),
    )


def _part(share: TermShare, total: float) -> Sentence:
    """A word, with its share in the score."""
    percent = _percent(share, total)
    if share.from_first:
        return sentence(
            "“{word}” in the thread's first tweet ({percent} %)", word=share.word, percent=percent
        )
    return sentence("“{word}” ({percent} %)", word=share.word, percent=percent)


def _percent(share: TermShare, total: float) -> int:
    return round(100 * share.score / total) if total else 0


def figures(explanation: Explanation, say: Language) -> str:
    """The sum that a score is: `4.20 = chip 2.10 + curb 1.79 + shared words 0.31`."""
    scores, boost = _in_hundredths(explanation)
    pairs = zip(explanation.terms, scores, strict=True)
    parts = [f"{each.word} {say.decimal(score)}" for each, score in pairs]
    if explanation.boost > 0:
        parts.append(say("shared words {boost}", boost=say.decimal(boost)))
    total = say.decimal(_total(explanation))
    return f"{total} = {' + '.join(parts)}" if parts else total


def _in_hundredths(explanation: Explanation) -> tuple[list[float], float]:
    """The score of each word, and the boost, rounded so that they add up to the rounded total.

    Those that lose most by rounding down are rounded up (largest remainder).
    """
    exact = [100 * each.score for each in explanation.terms]
    if explanation.boost > 0:
        exact.append(100 * explanation.boost)
    whole = [math.floor(each) for each in exact]
    missing = round(100 * round(_total(explanation), 2)) - sum(whole)
    by_loss = sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])
    for at in by_loss[:missing]:
        whole[at] += 1
    rounded = [each / 100 for each in whole]
    count = len(explanation.terms)
    return rounded[:count], sum(rounded[count:])


def _total(explanation: Explanation) -> float:
    return sum(each.score for each in explanation.terms) + explanation.boost


def _shared(words: Sequence[str], say: Language) -> str:
    """The first few of `words`, and the number of the others."""
    shown = say(", ").join(say.say(quoted(each)) for each in words[:SHARED_SHOWN])
    if len(words) <= SHARED_SHOWN:
        return shown
    return say("{words} and {count} more", words=shown, count=len(words) - SHARED_SHOWN)
