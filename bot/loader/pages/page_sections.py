"""Takes out what surrounds a thread in a file: clippers' excerpts, fences, and others' replies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.loader.line_account import Account
from bot.loader.pages.markdown_lines import HEADED, is_rule, shown
from bot.loader.raw.line import Line

START = re.compile(r"(?:#{1,6}\s+)?(?:\*\*)?THREAD START(?:\*\*)?")
END = re.compile(r"(?:#{1,6}\s+)?(?:\*\*)?THREAD END(?:\*\*)?")
EXCERPT = re.compile(r">\s*#{1,6}\s+(?:excerpt|summary|highlights?)\s*", re.IGNORECASE)
WORDS = (
    r"(?:top |other |all |selected |some |notable |best )?"
    r"(?:repl(?:y|ies)|comments?|responses?|answers?|discussion|reactions?|conversation"
    r"|quote (?:tweets?|posts?)|quoted (?:tweets?|posts?)|quotes|mentions"
    r"|respuestas|comentarios|réponses|commentaires|antworten|kommentare|respostas|risposte|commenti"
    r"|返信|リプライ|回复|评论|回覆|留言|답글|댓글|ответы|комментарии|ردود)"
    r"(?: from .{1,40}| by .{1,40}| to .{1,40}| \(.{0,40}\)| \d.{0,20})?"
)
SECTION = re.compile(rf"[\W\d_]*{WORDS}[\W_]*", re.IGNORECASE)
NAMES_SOMEBODY = re.compile(
    r"(?:[#>*\-\d.)\s]*+@\w{1,20}\b|.{1,60}\s\(?@\w{1,20}\)?|\S.{0,40} \[@\w{1,20}\])", re.ASCII
)
LOOK_AHEAD = 4
OF_OTHERS = "replies and comments, not part of the thread; left out"


def within_fences(lines: Sequence[Line], account: Account) -> Sequence[Line]:
    """Return the lines between THREAD START and THREAD END; all, if there is no such pair."""
    start = next((at for at, line in enumerate(lines) if START.fullmatch(line.text)), None)
    if start is None:
        return lines
    end = next((at for at in range(start, len(lines)) if END.fullmatch(lines[at].text)), None)
    if end is None:
        return lines
    has_notice = False
    for at, line in enumerate(lines):
        if at in (start, end):
            account.boilerplate(line, "the thread's beginning or end")
        elif line.text and not start < at < end:
            message = "text outside THREAD START and THREAD END; left out"
            account.left_out(line, message, has_notice=has_notice)
            has_notice = True
    return lines[start + 1 : end]


def without_excerpt(lines: Sequence[Line], account: Account) -> Sequence[Line]:
    """Return the lines without the quotation that MarkDownload puts above a page's text."""
    start = next((at for at, line in enumerate(lines) if EXCERPT.fullmatch(line.text)), None)
    if start is None:
        return lines
    end = start
    while end < len(lines) and lines[end].text.startswith(">"):
        account.boilerplate(lines[end], "the clip's excerpt")
        end += 1
    blank = [Line(line.number, "") for line in lines[start:end]]
    return [*lines[:start], *blank, *lines[end:]]


def without_replies(lines: Sequence[Line], account: Account) -> Sequence[Line]:
    """Return the lines above a section of replies, comments or quoting posts."""
    start = next(
        (at for at, line in enumerate(lines) if line.text and _begins_section(lines, at)),
        None,
    )
    if start is None or not any(line.text and not is_rule(line.text) for line in lines[:start]):
        return lines
    has_notice = False
    for line in lines[start:]:
        if line.text:
            account.left_out(line, OF_OTHERS, has_notice=has_notice)
            has_notice = True
    return lines[:start]


def _begins_section(lines: Sequence[Line], at: int) -> bool:
    """Whether a heading of replies is there: marked as one, or with somebody's name below it."""
    text = lines[at].text
    if len(text) > 80 or not SECTION.fullmatch(shown(text).text):
        return False
    if HEADED.match(text):
        return True
    below = [line.text for line in lines[at + 1 : at + 1 + LOOK_AHEAD] if line.text]
    return any(NAMES_SOMEBODY.match(each) for each in below[:2])
