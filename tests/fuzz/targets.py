"""What is tried with each input, and what must be true of it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import discord
from discord import ui
from discord.components import _component_factory

from bot.app.components import Form, component, custom_ids
from bot.app.service import FEATURES
from bot.bidi import isolated
from bot.errors import DateNotUnderstood, HandleNotUnderstood
from bot.i18n.messages import ENGLISH
from bot.library.answers import AnswerOptions, answer, search
from bot.library.page_links import page_question
from bot.library.snapshot.links import references, without
from bot.library.snapshot.snapshot import Snapshot
from bot.models import Answer, Link
from bot.search.dates import with_iso_dates
from bot.search.query import parse, with_options
from bot.store.rows import Version
from bot.thread_ids import kind_of
from bot.views import markdown, wording
from bot.views.discord import custom_id, long_questions
from bot.views.discord.answer_layout import answer_layout, sources_layout, why_layout
from bot.views.discord.custom_id import Asking
from bot.views.terminal.answer_output import answer_rows
from bot.views.terminal.visible import CONTROL, visible
from bot.web_addresses import safe
from tests.directions import loose
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of
from tests.loader.promises import keeps_its_promises
from tests.strategies import thread, tweet
from tests.views.discord.anything import check

HARBOUR = thread(
    tweet(
        "港は静か、船は来ない。 Ports in Japan grow quiet, see the list https://wsj.com/ports",
        created_at="2024-01-03T10:00:00Z",
        links=(Link("https://wsj.com/ports", "https://www.wsj.com/ports?a=1"),),
        mentions=("anna",),
        tweet_id="1902",
    ),
    tweet(
        "Rice and ports, the second part", created_at="2024-06-13", author="bob", tweet_id="1903"
    ),
    tweet("カフェの港", created_at="2023-12-31T23:59:59Z", tweet_id="1904"),
    author="bob_ports",
    file="c.json",
)
SHELF = (PORTS, RICE, CAFE, HARBOUR)
TODAY = date(2025, 6, 13)
LIBRARY: Snapshot = snapshot_of(*SHELF)
VERSIONS = [Version(10 + row, each) for row, each in enumerate(SHELF)]
TEXTS = [tweet.text for each in SHELF for tweet in each.tweets]
ALIASES = frozenset().union(*(each.aliases for each in SHELF))
IN_LINE = 200
"""Characters of a line that is shown as a title."""


def reads_questions(data: bytes) -> None:
    """Read `data` as a question, a reference to a thread, and a text that is shown; answer it."""
    text = data.decode("utf-8", "replace")
    query = parse(text, LIBRARY.index.analyzer)
    assert all(each.term for each in query.terms), "a term without characters"
    _opens_no_other(text)
    _completes(text)
    assert not CONTROL.search(visible(text)), "a control character"
    shown = (isolated(text), markdown.escape(text), wording.short(text, IN_LINE))
    assert not any(map(loose, shown)), "a direction that is not ended"
    address = safe(text)
    assert address is None or safe(address) == address, "an address that changes again"
    with suppress(DateNotUnderstood, HandleNotUnderstood):
        said = with_iso_dates(text, TODAY).question
        if said.strip() and len(said) <= LONGEST_QUESTION:
            _answers(said, zlib.crc32(data))


LONGEST_QUESTION = 4000
"""Characters that Discord lets somebody ask."""


def _opens_no_other(text: str) -> None:
    """Look a thread up."""
    without(text, references(text))
    matches = LIBRARY.lookup.matches(text, 5)
    if kind_of(text) == "id" and matches and matches.kind == "id":
        names = (text.lower().strip().strip("#\"'`“”.,;:!?()<>[]{}*_ "), *text.lower().split())
        assert any(each in ALIASES or each.isdecimal() for each in names) or any(
            each in text.lower() for each in ALIASES
        ), "an id that opens another thread"


def _completes(text: str) -> None:
    """Offer what somebody may mean who has typed so much, and take each part as an option."""
    assert all(each.id in ALIASES for each in LIBRARY.lookup.titles(text, 5))
    LIBRARY.lookup.authors(text, 5)
    assert LIBRARY.lookup.not_found(text).sentences
    first, _, rest = text.partition(" ")
    options = with_options(rest, author=first, since=first, until=first, thread=first, site=first)
    parse(options, LIBRARY.index.analyzer)


def _answers(question: str, options: int) -> None:
    """Ask a question, with options that follow from a number, and show the answer."""
    wanted = AnswerOptions(
        limit=1 + options % 5,
        page=1 + options // 8 % 3,
        newest=bool(options & 1 << 8),
        exact=bool(options & 1 << 9),
        explain=bool(options & 1 << 10),
    )
    query = parse(question, LIBRARY.index.analyzer)
    if asked := page_question(LIBRARY, question):
        query = asked.query
    found = search(LIBRARY, query, wanted)
    made = answer(LIBRARY, found, VERSIONS, wanted)
    for hit in made.hits:
        for passage in (hit.best, *hit.more):
            assert passage.tweet.text in TEXTS, "an excerpt that nobody wrote"
    answer_rows(made, all_sources=wanted.explain)
    layout = answer_layout(made, ENGLISH)
    check(layout)
    if made.hits and options & 1 << 11:
        check((why_layout if wanted.explain else sources_layout)(made, ENGLISH))
    _leads_back(made, [*custom_ids(SimpleNamespace(components=layout_components(layout)))])  # type: ignore[arg-type]


def layout_components(layout: ui.LayoutView) -> list[Any]:
    """The components of a screen, as they come back with a press."""
    return [_component_factory(each) for each in layout.to_components()]  # type: ignore[no-untyped-call]


def _leads_back(made: Answer, ids: list[str]) -> None:
    """Check that each of the answer's buttons does one thing, and carries its question."""
    for each in ids:
        if each.startswith("tb1:") and not each.startswith(custom_id.HERE):
            assert len(opened(each)) == 1, "a button that does nothing, or several things"
    asking = custom_id.asking_of(ids)
    if made.hits and asking:
        assert asking.question == (made.asked or made.question), "another question"


COMPONENTS: Mapping[re.Pattern[str], type[ui.DynamicItem[Any]]] = {
    each.__discord_ui_compiled_template__: each
    for feature in FEATURES
    for each in feature.components
}
FORMS: list[Form] = [form for feature in FEATURES for form in feature.forms]


def opened(said: str) -> list[str]:
    """The templates of the components that a custom id belongs to."""
    return [each.pattern for each in COMPONENTS if each.fullmatch(said)]


Match = re.Match[str]
REBUILT: Mapping[str, Callable[[Match], str | None]] = {
    custom_id.READ: lambda it: custom_id.read(it["thread"], int(it["position"])),
    custom_id.PAGE: lambda it: custom_id.page(
        it["thread"], int(it["page"]), int(it["generation"] or 0)
    ),
    custom_id.JUMP: lambda it: custom_id.of_thread("jump", it["thread"]),
    custom_id.FIND: lambda it: custom_id.of_thread("find", it["thread"]),
    custom_id.SAVE: lambda it: custom_id.of_thread("save", it["thread"]),
    custom_id.POST: lambda it: custom_id.of_thread("post", it["thread"]),
    custom_id.MORE: lambda it: custom_id.more(it["thread"], int(it["page"])),
    custom_id.POSTING: lambda it: custom_id.posting(
        it["thread"], int(it["generation"]), int(it["place"]), int(it["page"])
    ),
    custom_id.DELETE: lambda it: custom_id.delete(int(it["user"])),
    custom_id.STOP: lambda it: custom_id.stop(int(it["place"])),
    custom_id.ASK: lambda it: custom_id.ask(it["question"]),
    custom_id.UNDO: lambda it: custom_id.undo(int(it["generation"]), it["scope"] or "s"),
    custom_id.APPLY: lambda it: custom_id.decide("apply", it["upload"]),
    custom_id.CANCEL: lambda it: custom_id.decide("cancel", it["upload"]),
    custom_id.END: lambda it: custom_id.end(it["load"]),
    custom_id.PICK: lambda _: custom_id.pick(),
    custom_id.FORGET: lambda it: custom_id.forget(
        None if it["thread"] == "-" else it["thread"],
        None if it["author"] == "-" else it["author"],
        it["seal"],
    ),
    custom_id.REMOVE: lambda it: custom_id.remove(it["dump"], it["seal"]),
    custom_id.WHICH: lambda it: custom_id.which(None if it["author"] == "-" else it["author"]),
    custom_id.CHOICE: lambda it: custom_id.asking_from(it, "ports").choice(),
    custom_id.GO_VALUE: lambda it: custom_id.go(it["what"], it["thread"], int(it["position"])),
    **{
        kind: lambda it, what=what: custom_id.asking_from(it, it["question"]).carried(what)  # type: ignore[misc]
        for kind, what in (
            *((custom_id.HITS, "hits"), (custom_id.WHY, "why"), (custom_id.SOURCES, "sources")),
            *((custom_id.SHARE, "share"), (custom_id.SHARED, "shared"), (custom_id.BACK, "back")),
        )
    },
    custom_id.WITHIN: lambda it: custom_id.asking_from(it, it["question"]).within(it["thread"]),
}
"""What makes the custom ids of a kind, from the fields of one."""


BASES = (
    *(custom_id.read(PORTS.id, 3), custom_id.page(PORTS.id, 1, 2), custom_id.HERE),
    *("tb1:why:3:b:1:¦", custom_id.GO_MENU, custom_id.WORD_MENU),
)
"""The custom ids of a message that carries a long question."""


def reads_custom_ids(data: bytes) -> None:
    """Read `data` as the custom ids of a message, one per line, and press the first."""
    ids = data.decode("utf-8", "replace").split("\n")
    for each in ids:
        assert len(opened(each)) <= 1, "a custom id that does several things"
        for kind, rebuild in REBUILT.items():
            if match := re.fullmatch(kind, each):
                _comes_back(kind, match, rebuild)
        long_questions.unpacked(each.partition(long_questions.MARK)[2])
    packed = long_questions.packed(ids[0])
    assert long_questions.unpacked(packed) == ids[0], "a question that is packed for good"
    spread = long_questions.spread(BASES, ids[0])
    assert spread is None or long_questions.gathered(spread) == ids[0], "parts that do not fit"
    if len(ids[0]) > long_questions.room(BASES, ids[0]) + IN_LINE:
        assert spread is None, "a question that fits although there is no room"
    shown = [each for each in ids if each]
    message: Any = SimpleNamespace(components=_in_a_message(shown))
    assert sorted(custom_ids(message)) == sorted(shown), "a component that is overlooked"
    if asking := custom_id.asking_of(ids):
        _turns(asking)
    long_questions.gathered(ids)
    _press(ids[0], ids, admitted=len(ids) % 5 != 4)


def _comes_back(kind: str, match: Match, rebuild: Callable[[Match], str | None]) -> None:
    """Check that a custom id that is made of another one's fields carries the same."""
    made = rebuild(match)
    if made is None:  # it is longer than a custom id may be
        return
    again = re.fullmatch(kind, made)
    assert again, f"{kind} does not match what is made for it"
    for name, value in match.groupdict().items():
        if value is None or again[name] == value or long_questions.MARK in again[name]:
            continue
        numbers = value.isdecimal() and again[name].isdecimal()
        is_first = name == "page" and int(value) == 0 and int(again[name]) <= 1
        assert (numbers and int(value) == int(again[name])) or is_first, f"another {name}"


def _turns(asking: Asking) -> None:
    """Make all custom ids of a page of an answer."""
    assert asking.question, "a question without words"
    made = [asking.carried(each) for each in ("hits", "why", "sources", "share", "shared", "back")]
    made += [asking.within(PORTS.id), asking.to_page(3), asking.turned(page=2, newest=True)]
    made.append(asking.turned(newest=not asking.newest))
    for each in made:
        assert each is None or len(each) <= long_questions.LENGTH, "a custom id that is too long"
        assert each is None or len(opened(each)) == 1, "a button that does nothing"
    assert re.fullmatch(custom_id.CHOICE, asking.choice())
    assert replace(asking, mute=True).carried("hits") is None


BUTTON, MENU, ROW, SECTION, TEXT, CONTAINER, LABEL, INPUT = 2, 3, 1, 9, 10, 17, 18, 4


def _in_a_message(ids: Iterable[str]) -> list[Any]:
    """The components of a message with these custom ids, as Discord sends them."""
    made: list[dict[str, Any]] = []
    for number, each in enumerate(ids):
        button = {"type": BUTTON, "style": 2, "label": "Press", "custom_id": each}
        text = {"type": TEXT, "content": "text"}
        match number % 4:
            case 0:
                made.append({"type": ROW, "components": [button]})
            case 1:
                made.append({"type": SECTION, "components": [text], "accessory": button})
            case 2:
                inside = [text, {"type": ROW, "components": [button]}]
                made.append({"type": CONTAINER, "components": inside})
            case _:
                menu = {"type": MENU, "options": [{"label": "a", "value": each}], "custom_id": ""}
                made.append({"type": ROW, "components": [menu]})
    return [_component_factory(each) for each in made]  # type: ignore[arg-type]


def _press(said: str, values: list[str], *, admitted: bool) -> None:
    """Press a button or use a menu with that custom id, and send a form with it."""
    pressed: list[str] = []

    async def act(interaction: Any, match: Match, chosen: Any) -> None:
        del interaction
        assert chosen, "nothing was chosen"
        pressed.append(match.string)

    async def admits(interaction: Any) -> bool:
        del interaction
        return admitted

    interaction: Any = SimpleNamespace(
        client=SimpleNamespace(admits=admits),
        data={"custom_id": said, "components": [*_fields_of(values)]},
    )
    for pattern in COMPONENTS:
        match = pattern.fullmatch(said)
        if match is None:
            continue
        item: ui.Item[Any] = ui.Button(custom_id=said[:100] or "x")
        if len(values) % 2:
            item = ui.Select(custom_id=said[:100] or "x", options=[discord.SelectOption(label="a")])
        kind: Any = component(pattern.pattern, act)
        _carried_out(_callback(kind, interaction, item, match))
        assert pressed == ([said] if admitted else []), "a press that was not wanted"
        pressed.clear()
    for form in FORMS:
        _carried_out(replace(form, action=act).handle(interaction))
        assert pressed == ([said] if re.fullmatch(form.template, said) else [])
        pressed.clear()


async def _callback(kind: Any, interaction: Any, item: Any, match: Match) -> None:
    await (await kind.from_custom_id(interaction, item, match)).callback(interaction)


def _fields_of(values: list[str]) -> Iterable[dict[str, Any]]:
    """The fields of a form."""
    for number, each in enumerate(values or ["a"]):
        if number % 3 == 2:
            yield {"type": TEXT, "content": each}
        elif number % 2:
            menu = {"type": MENU, "custom_id": f"menu{number}", "values": [each]}
            yield {"type": ROW, "components": [menu]}
        else:
            line = {"type": INPUT, "custom_id": f"line{number}", "value": each}
            yield {"type": LABEL, "component": line}


def _carried_out(work: Coroutine[Any, Any, None]) -> None:
    """Carry out what waits for nothing."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("it waits")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "files": keeps_its_promises,
    "questions": reads_questions,
    "custom-ids": reads_custom_ids,
}
