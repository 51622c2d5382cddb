"""Logs answers that took long: how long, over how much, and for which library."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.logs import FACTS
from bot.models import SHARED_SCOPE, Answer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SlowAnswers:
    """Which answers are logged as slow, and whether with their questions."""

    from_ms: int = 1000
    """Milliseconds from which an answer is slow."""
    with_text: bool = False
    """Whether the log has the question's words. By default the bot stores no question anywhere."""

    def note(self, answer: Answer, *, searched: int, scope: int) -> None:
        """Log `answer` if it was slow.

        Args:
            answer: the answer.
            searched: the number of tweets in the library.
            scope: whose library it is.
        """
        if answer.took_ms < self.from_ms:
            return
        facts: dict[str, object] = {
            "took_ms": round(answer.took_ms),
            "searched": searched,
            "found": answer.tweets,
            "threads": answer.threads,
            "scope": "shared" if scope == SHARED_SCOPE else scope,
        }
        if self.with_text:
            facts["question"] = answer.question
        log.warning("slow answer", extra={FACTS: facts})
