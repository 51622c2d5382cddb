"""Parses dumps: from bytes to threads and notices. Pure, apart from spooling large dumps."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import chain, islice

from bot.background.helper import HelperFailed
from bot.errors import DumpError
from bot.i18n.messages import sentence
from bot.loader import exported
from bot.loader.front_matter import STATUS, Head, documents
from bot.loader.line_account import Account
from bot.loader.pages import (
    html_threads,
    markdown_clip,
    thread_reader_html,
    thread_reader_text,
    web_page,
)
from bot.loader.pages.html_shapes import SHAPES, shapes_of
from bot.loader.pages.markdown_lines import is_markdown
from bot.loader.pages.page_sections import within_fences, without_excerpt, without_replies
from bot.loader.plausibility import WEB_PAGE, doubt, has_counters
from bot.loader.raw.content import Content, Part
from bot.loader.raw.decode import lines_of
from bot.loader.raw.line import Line
from bot.loader.raw.pictures import Pictures
from bot.loader.raw.text_stream import Progress, text_of
from bot.loader.records import (
    community_archive,
    csv_table,
    feeds,
    helped,
    json_records,
    x_archive,
)
from bot.loader.records.json_stream import NOT_JSON
from bot.models import Dump, Metadata, Thread

MOST_REASONS = 3
LARGEST_TEXT = 64 * 1024 * 1024
"""Bytes of the largest text that is not a list of records; it is read whole."""
MOST_LINES = 400_000
"""Lines of such a text."""
MOST_WRITTEN = 200_000
"""Lines with text of such a text; each is read with much care, and needs about a kilobyte."""
MOST_TAGS = 400_000
"""Tags of such a page."""
LONGEST_LINE = 1_000_000
"""Characters of the longest line that may be of a thread; markup may have longer ones."""
KEPT_IF_ASKED = re.compile(r"left out [0-9,]+ (?:repost|reply|replies)")
CODE = re.compile(r".*[\[{(,;]|[\]})]+[,;]?")
"""A line of a program or of raw data: it ends with a bracket, a comma or a semicolon."""
LEAST_CODE = 20
OF_MARKUP = frozenset(
    (thread_reader_html.FORMAT, web_page.FORMAT, *(shape.format for shape in SHAPES))
)
"""Formats whose lines are not accounted for one by one."""
UNSURE = (thread_reader_text.BY_HAND, thread_reader_text.MARKDOWN)
"""Formats of texts that may be no threads."""
READ_AS_PAGE = "read the words of a web page; the lines are those of its text"

log = logging.getLogger(__name__)

Parsed = tuple[str, tuple[Thread, ...]]
"""The format's name, and the threads."""


def read_dump(
    data: bytes | Content,
    file: str,
    metadata: Metadata | None = None,
    *,
    detailed: bool = False,
    progress: Progress | None = None,
    pictures: Pictures | None = None,
) -> Dump:
    """Read one dump.

    Args:
        data: the file's bytes, or where they are.
        file: the dump's name for people.
        metadata: metadata given for the dump; takes precedence over its front matter.
        detailed: whether to record what becomes of each line or record.
        progress: called with the number of bytes read since its last call; may raise, to stop.
        pictures: the pictures that lie beside the dump; it then knows which ones tweets show.

    Raises:
        DumpError: no tweet could be read; it names the file and the reason.
        OSError: `data` is in a file that cannot be read.
    """
    outside = metadata or Metadata()
    content = Content.of(data) if isinstance(data, bytes) else data
    account = Account(file, detailed=detailed, pictures=pictures)
    if x_archive.is_archive(content):
        format_: str = x_archive.FORMAT
        account, threads = _parse_archive(content, outside, account, progress)
    else:
        format_, threads = _parse(content.parts[0], outside, account, progress)
    if not threads:
        notices = account.collected()
        messages = Counter(notice.message for notice in notices)
        given = dict(islice(messages.items(), MOST_REASONS))
        why = "; ".join(
            each if times == 1 else f"{each} ({times:,} times)" for each, times in given.items()
        )
        if any(KEPT_IF_ASKED.match(each) for each in messages):
            why += (
                "; --keep-replies and --keep-reposts, or the settings THREADBOT_KEEP_REPLIES and "
                "THREADBOT_KEEP_REPOSTS, keep them"
            )
        others = len(notices) - sum(given.values())
        rest = f"; and {others:,} more" if others else ""
        if not why:
            raise DumpError(file, sentence("no tweets were found"))
        line = next((each.line for each in notices if each.message.startswith(NOT_JSON)), None)
        raise DumpError(
            file, sentence("no tweets were found ({why})", why=f"{why}{rest}"), line=line
        )
    if left_out := account.pictures.notice():
        account.notice(None, left_out)
    return Dump(
        file=file,
        format=format_,
        sha256=content.sha256,
        metadata=outside,
        threads=threads,
        notices=account.collected(),
        account=account.entries(threads),
        doubt=account.doubt,
    )


def _parse_archive(
    content: Content, outside: Metadata, account: Account, progress: Progress | None
) -> tuple[Account, Sequence[Thread]]:
    """Parse an X archive, in two processes if it is large. Returns the account to use, too."""
    if helped.is_worth_it(content, account):
        begun = Account(account.file, pictures=account.pictures)
        try:
            return begun, x_archive.parse_with_helper(content, outside, begun, progress)
        except HelperFailed as error:
            log.info("reading %s without a second process: %s", account.file, error)
    return account, x_archive.parse(content, outside, account, progress)


def _parse(
    part: Part, outside: Metadata, account: Account, progress: Progress | None
) -> tuple[str, Sequence[Thread]]:
    """Detect the format from the content, never from the file's name, and parse the dump."""
    rest = text_of(part, account, progress)
    head = next(rest, "")
    text = chain([head], rest)
    if community_archive.looks_like(head):
        return community_archive.FORMAT, community_archive.parse(part, outside, account, progress)
    if json_records.looks_like(head):
        return json_records.parse(text, head, outside, account)
    if header := csv_table.header_of(head, outside.columns):
        return csv_table.FORMAT, csv_table.parse(text, header, outside, account)
    csv_table.refuse_unknown(head, account.file, outside.columns)
    if part.size > LARGEST_TEXT:
        size = LARGEST_TEXT // 1024**2
        reason = sentence(
            "the text is larger than {size} MB; split it into smaller files", size=size
        )
        raise DumpError(account.file, reason)
    whole = "".join(text)
    if feeds.looks_like(whole):
        return feeds.FORMAT, feeds.parse(whole, outside, account)
    if exported.looks_like_text(whole):
        return exported.TEXT, exported.parse_text(whole, outside, account)
    if whole.count("\n") > MOST_LINES:
        reason = sentence(
            "the text has more than {number} lines; split it into smaller files", number=MOST_LINES
        )
        raise DumpError(account.file, reason, line=MOST_LINES + 1)
    if whole.count("<") > MOST_TAGS and _is_markup(whole):
        raise _too_many_tags(whole, account.file)
    lines = lines_of(whole)
    formats: list[str] = []
    threads: list[Thread] = []
    if len(lines) > MOST_WRITTEN and not _is_markup(whole):
        _refuse_many(lines, account.file)
    for above, body in documents(lines, account):
        metadata = _over(outside, above.metadata)
        format_, found = _parse_page(body, metadata, above, account)
        formats += [format_] if format_ not in formats else []
        threads += found
    if not OF_MARKUP.intersection(formats):
        account.close(lines)
    return "+".join(formats), tuple(threads)


def _refuse_many(lines: Sequence[Line], file: str) -> None:
    """Raise an error if too many of `lines` have text.

    Raises:
        DumpError: they have; it names the line of the first one too many.
    """
    many = next(islice((each for each in lines if each.text), MOST_WRITTEN, None), None)
    if many:
        reason = sentence(
            "the text has more than {number} lines with words; split it into smaller files",
            number=MOST_WRITTEN,
        )
        raise DumpError(file, reason, line=many.number)


def _too_many_tags(markup: str, file: str) -> DumpError:
    """Return the error for a page with more tags than its tree may have.

    It names the line of the first one too many.
    """
    place = next(islice(re.finditer("<", markup), MOST_TAGS, None)).start()
    reason = sentence(
        "the page has more than {number} tags, so this is no thread", number=MOST_TAGS
    )
    return DumpError(file, reason, line=markup.count("\n", 0, place) + 1)


def _is_markup(text: str) -> bool:
    """Whether `text` may be read as a saved web page."""
    return bool(thread_reader_html.looks_like(text) or shapes_of(text) or web_page.PAGE.match(text))


def _parse_page(body: Sequence[Line], metadata: Metadata, head: Head, account: Account) -> Parsed:
    """Parse one page of text: HTML, a Markdown clip, or copied text."""
    markup = "\n".join(line.text for line in body)
    if thread_reader_html.looks_like(markup):
        return thread_reader_html.FORMAT, thread_reader_html.parse(
            markup, metadata, account, body[0].number
        )
    for shape in shapes_of(markup):
        threads = html_threads.parse(markup, shape, metadata, account, body[0].number)
        if threads is not None:
            return shape.format, threads
    if web_page.PAGE.match(markup):
        return web_page.FORMAT, _parse_words(markup, metadata, _first_line(body), account)
    return _parse_text(body, metadata, head, account)


def _parse_words(
    markup: str, metadata: Metadata, first_line: int, account: Account
) -> tuple[Thread, ...]:
    """Parse a web page whose markup marks no tweets, as the text that it shows."""
    body, url = web_page.read(markup)
    if not body:
        reason = sentence("this is a saved web page; save the thread's page as text")
        raise DumpError(account.file, reason, line=first_line)
    account.notice(None, READ_AS_PAGE)
    status = STATUS.match(url or "")
    author = metadata.author or (status[1] if status else None)
    metadata = replace(metadata, source=metadata.source or url, author=author)
    format_, threads = _parse_text(body, metadata, Head(), account)
    account.close(body)
    if format_ in UNSURE and not has_counters([line.text for line in body]):
        account.doubt = account.doubt or WEB_PAGE
    return threads


def _parse_text(body: Sequence[Line], metadata: Metadata, head: Head, account: Account) -> Parsed:
    """Parse one page of text: a Markdown clip, a copied page, or a thread by hand."""
    if long := next((line for line in body if len(line.text) > LONGEST_LINE), None):
        reason = sentence(
            "the line is longer than {number} characters, so this is no thread",
            number=LONGEST_LINE,
        )
        raise DumpError(account.file, reason, line=long.number)
    if len(body) > MOST_WRITTEN:
        _refuse_many(body, account.file)
    written = [line.text for line in body if line.text]
    code = sum(CODE.fullmatch(line) is not None for line in written)
    if code >= LEAST_CODE and code > 0.8 * len(written):
        reason = sentence(
            "this looks like program code or raw data in an unknown format, not a thread"
        )
        raise DumpError(account.file, reason, line=body[0].number)
    body = within_fences(body, account)
    body = without_replies(without_excerpt(body, account), account)
    if markdown_clip.looks_like(body):
        return markdown_clip.FORMAT, markdown_clip.parse(body, metadata, account)
    markdown = is_markdown((line.text for line in body), below_front_matter=head.is_there)
    format_, threads = thread_reader_text.parse(
        body,
        metadata,
        account,
        saved=head.saved,
        markdown=markdown,
        is_one_post=head.is_one_post,
    )
    if format_ in UNSURE:
        known = metadata.author or metadata.source or any(each.source_url for each in threads)
        texts = [line.text for line in body]
        account.doubt = account.doubt or doubt(threads, texts, is_known=bool(known))
    return format_, threads


def _first_line(body: Sequence[Line]) -> int:
    """Return the number of the first line with text."""
    return next(line.number for line in body if line.text)


def _over(outside: Metadata, inside: Metadata) -> Metadata:
    given = {each.name: getattr(outside, each.name) for each in fields(outside)}
    return replace(
        inside, **{key: value for key, value in given.items() if value not in (None, False)}
    )
