"""What else a reference to a thread or a link may mean, as rows for a terminal."""

from __future__ import annotations

from bot.i18n.messages import ENGLISH
from bot.models import Followed, ThreadMatches
from bot.views import wording
from bot.views.terminal.output import BLANK, Row, text_row, threads_rows


def matches_rows(matches: ThreadMatches) -> list[Row]:
    """The other threads that have the words in their title, or that the thread is a guess."""
    note = wording.matches_note(matches, ENGLISH)
    if note is None:
        return []
    rest = matches.count - len(matches.others)
    more = f"and {wording.threads(rest, ENGLISH)} more; more words narrow it"
    return [
        BLANK,
        text_row(note, "quiet"),
        *threads_rows(matches.others),
        *([text_row(more, "quiet")] if rest else []),
    ]


def not_loaded_rows(linked: Followed) -> list[Row]:
    """Threads by the author of a linked tweet that is not loaded."""
    if not linked.threads:
        return []
    return [text_row("Loaded threads by its author:", "quiet"), *threads_rows(linked.threads)]
