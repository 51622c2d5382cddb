"""Leaves out the posts of others, and the answers to them, in text copied from X itself."""

from __future__ import annotations

import re

from bot.loader.line_account import Account
from bot.loader.pages.page_items import Item

QUOTE = re.compile(r"quot(?:e|ed|ing)|citar|cita|zitat|citation", re.IGNORECASE)
"""What X writes above a quoted post."""


class Others:
    """Whose post is being read: the author's own, or one that is left out."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._message: str | None = None
        self._answered: str | None = None
        self._has_notice = False
        self.has_headers = False
        """Whether posts have headers here, as on X's own page."""

    def begin_post(self, handle: str, *, is_own: bool) -> None:
        """Begin a post: by the author, or by somebody else. Below the latter the former answers."""
        self._has_notice = False
        self.has_headers = True
        if not is_own:
            self._answered = handle
            self._message = f"a post by @{handle}, not the thread's author; left out"
        elif self._answered:
            answer = f"the author's answer to @{self._answered}, not part of the thread; left out"
            self._message = answer
        else:
            self._message = None

    def begin_quote(self, handle: str) -> None:
        """Begin a quoted post, which ends with the next header."""
        self._has_notice = False
        self._message = f"a quoted post by @{handle}, not part of this tweet; left out"

    def takes(self, item: Item) -> bool:
        """Leave the line out, if it belongs to another post; return whether it does."""
        if self._message is None:
            return False
        self._account.left_out(item.piece.line, self._message, has_notice=self._has_notice)
        self._has_notice = True
        return True
