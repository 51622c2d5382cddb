"""Reports, notes and help as Discord messages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from discord import SelectOption
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.commands.ask import hits_form
from bot.app.commands.thread import find_form, jump_form
from bot.app.reply import error_text
from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, Language, Sentence, sentence
from bot.models import (
    Step,
    ThreadSummary,
)
from bot.reports import DumpFault, Event
from bot.views.discord.custom_id import Asking
from bot.views.discord.layout import (
    help_layout,
    history_layout,
    list_layout,
    note_layout,
    preview_layout,
    report_layout,
    step_layout,
)
from bot.views.discord.thread_layout import (
    files_layout,
    picker_layout,
    posted_layout,
    posting_layout,
)
from bot.views.export import KINDS, file_name
from tests.discord_server.components import check_modal
from tests.discord_server.errors import Form
from tests.strategies import thread
from tests.test_errors import EXAMPLES
from tests.views.discord.anything import (
    check,
    long_texts,
    summaries,
    tongues,
)
from tests.views.shown import report_of


@given(threads=st.lists(summaries, min_size=1, max_size=30), said=long_texts, say=tongues)
def test_any_list_and_note(threads: list[ThreadSummary], said: str, say: Language) -> None:
    distinct = [replace(each, id=f"{number:012x}") for number, each in enumerate(threads)]
    check(picker_layout(distinct, say))
    check(note_layout(said))
    check(help_layout([said, f"{said[:20]}?"], say))
    check(posting_layout(1, 2, 2**63, say))
    why = sentence("Discord returned an error: {what}", what=said[:1000])
    check(posted_layout(1, 2, 2**63, say, why=why, go_on="tb1:x"))
    made = thread(said)
    files = {file_name(made, kind): b"a" * size for size, kind in enumerate(KINDS, start=1)}
    for command in (None, as_link):
        check(files_layout(made, files, 2, say, command))
    check(picker_layout([], say))


def as_link(command: Sentence) -> str:
    """The longest link to a command."""
    return f"<{command.english}:{2**64}>"


@settings(max_examples=60)
@given(
    said=long_texts,
    faults=st.integers(0, 80),
    action=st.sampled_from(["", "load", "reload", "undo", "remove", "forget"]),
    changed=st.booleans(),
    say=tongues,
)
def test_any_report(said: str, faults: int, action: str, changed: bool, say: Language) -> None:  # noqa: FBT001  # hypothesis's parameters
    report = report_of(
        errors=tuple(DumpFault(f"{said[:60]}.txt", None, said) for _ in range(faults)),
        threads_added=(said,) * 13,
        kept=(said[:100],) * (faults // 9),
        action=action,
        changed=changed,
    )
    (one,) = report.dumps
    many = (replace(one, dump=replace(one.dump, file=said)),) * (1 + faults % 5)
    report = replace(report, dumps=many)
    for shared in (False, True):
        check(preview_layout(report, "0" * 16, say, shared=shared))
    check(report_layout(report, say, undo="g"))
    check(report_layout(report, say, undo=None, command=as_link))
    event = Event(1, "2025-06-13T08:30:00", said, "forget", 1, hidden_threads=(said,) * faults)
    check(report_layout(report, say, undo="s", command=as_link, event=event))
    check(list_layout(said[:300], [said] * faults, say, note=said))
    events = [Event(n, "2025-06-13T08:30:00", said, "load", n) for n in range(faults)]
    check(history_layout(events, say))
    check(step_layout(Step(sentence("reading {file}", file=said), 1, 2), "0" * 16, say))


@pytest.mark.parametrize("say", [ENGLISH, *languages().values()], ids=lambda say: say.tag)
async def test_every_form_and_every_error(say: Language) -> None:
    for error in EXAMPLES:
        check(note_layout(error_text(error, say)))
    asking = Asking("", 1, newest=False, generation=1)
    choice = hits_form(say, asking, [SelectOption(label="1. Ports", value="0123456789ab:1")])
    for made in (jump_form("0123456789ab", say), find_form("0123456789ab", say), choice):
        form = Form()
        check_modal(form, made.to_dict())
        form.check()
