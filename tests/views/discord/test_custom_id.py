"""Custom ids: what a button carries comes back, fits, and is of one kind alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.discord import custom_id
from bot.views.discord.custom_id import Asking
from bot.views.discord.long_questions import LENGTH, MARK, spread

KINDS = {
    name: getattr(custom_id, name)
    for name in (
        "READ PAGE JUMP JUMPED FIND FOUND SAVE POST POSTING STOP ASK HITS WHY SOURCES SHARE "
        "SHARED BACK WITHIN CHOICE UNDO APPLY CANCEL PICK NOT_NOW HERE WORD GO "
        "FORGET REMOVE WHICH WHICH_DUMP KEEP"
    ).split()
}
"""The pattern of each kind of custom id."""

threads = st.from_regex(r"[0-9a-f]{12}", fullmatch=True)
numbers = st.integers(1, 999_999)
generations = st.integers(1, 10**12 - 1)
places = st.integers(0, 2**63 - 1)
uploads = st.just("seeds") | st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
seals = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
rows = st.integers(1, 10**15)
questions = st.text(min_size=1, max_size=120)
askings = st.builds(Asking, questions, numbers, st.booleans(), generations, exact=st.booleans())


def fields(kind: str, made: str) -> dict[str, str | None]:
    """What `made` carries, refused if it is too long or not of this one kind."""
    assert 1 <= len(made) <= LENGTH
    assert [name for name, pattern in KINDS.items() if re.fullmatch(pattern, made)] == [kind]
    found = re.fullmatch(KINDS[kind], made)
    assert found
    return found.groupdict()


@given(threads, numbers, generations, places)
def test_what_a_thread_s_buttons_carry_comes_back(
    thread: str, number: int, generation: int, place: int
) -> None:
    made = custom_id.read(thread, number)
    assert fields("READ", made) == {"thread": thread, "position": str(number)}
    assert fields("PAGE", custom_id.page(thread, number, generation)) == {
        "thread": thread,
        "page": str(number),
        "generation": str(generation),
    }
    assert fields("POSTING", custom_id.posting(thread, generation, place, number)) == {
        "thread": thread,
        "generation": str(generation),
        "place": str(place),
        "page": str(number),
    }
    assert fields("STOP", custom_id.stop(place)) == {"place": str(place)}


@pytest.mark.parametrize("what", ["jump", "jumped", "find", "found", "save", "post"])
@given(thread=threads)
def test_each_thing_to_do_with_a_thread_is_of_its_own_kind(what: str, thread: str) -> None:
    assert fields(what.upper(), custom_id.of_thread(what, thread)) == {"thread": thread}


@given(generations, st.sampled_from("sg"), uploads)
def test_what_the_buttons_of_loads_carry_comes_back(
    generation: int, scope: str, upload: str
) -> None:
    assert fields("UNDO", custom_id.undo(generation, scope)) == {
        "generation": str(generation),
        "scope": scope,
    }
    assert fields("APPLY", custom_id.decide("apply", upload)) == {"upload": upload}
    assert fields("CANCEL", custom_id.decide("cancel", upload)) == {"upload": upload}


@given(threads | st.none(), seals | st.none(), seals, rows)
def test_what_the_questions_before_something_goes_carry_comes_back(
    thread: str | None, author: str | None, seal: str, row: int
) -> None:
    assert fields("FORGET", custom_id.forget(thread, author, seal)) == {
        "thread": thread or "-",
        "author": author or "-",
        "seal": seal,
    }
    assert fields("REMOVE", custom_id.remove(str(row), seal)) == {"dump": str(row), "seal": seal}
    assert fields("WHICH", custom_id.which(author)) == {"author": author or "-"}
    assert fields("WHICH_DUMP", custom_id.WHICH_DUMP) == {}
    assert fields("KEEP", custom_id.KEEP) == {}


def test_what_carries_nothing_is_of_its_own_kind_too() -> None:
    assert fields("PICK", custom_id.pick()) == {}
    assert fields("NOT_NOW", custom_id.NOT_NOW) == {}
    assert fields("HERE", custom_id.HERE) == {}
    assert fields("WORD", custom_id.WORD_MENU) == {}
    assert fields("GO", custom_id.GO_MENU) == {}


@pytest.mark.parametrize("what", ["hits", "why", "sources", "share", "shared", "back"])
@given(asking=askings)
def test_a_page_of_an_answer_comes_back_with_its_question_or_with_a_mark_for_it(
    what: str, asking: Asking
) -> None:
    made = asking.carried(what)
    assert made is not None
    found = fields(what.upper(), made)
    assert found["generation"] == str(asking.generation)
    assert found["page"] == str(asking.page)
    assert found["order"] == asking.order
    assert found["question"] in (asking.question, MARK)


@given(asking=askings, question=st.text(min_size=1, max_size=60).filter(lambda it: MARK not in it))
def test_a_short_question_is_carried_whole(asking: Asking, question: str) -> None:
    made = replace(asking, question=question).carried("shared")
    assert made is not None
    assert made.endswith(f":{question}")


@given(askings, st.integers(LENGTH - 40, LENGTH))
def test_what_the_share_button_holds_whole_its_menu_holds_whole(
    asking: Asking, length: int
) -> None:
    asking = replace(asking, question="p" * length)
    button, menu = asking.carried("share"), asking.carried("shared")
    assert button is not None
    assert menu is not None
    assert button.endswith(MARK) or menu.endswith(asking.question)


@given(askings, numbers)
def test_turning_changes_the_page_or_the_order_and_nothing_else(asking: Asking, page: int) -> None:
    same = fields("HITS", asking.turned() or "")
    assert fields("HITS", asking.to_page(page) or "")["page"] == str(page)
    other = asking.turned(page=1, newest=not asking.newest)
    turned = fields("HITS", other or "")
    order = "b" if asking.newest else "n"
    assert (turned["page"], turned["order"]) == ("1", order.upper() if asking.exact else order)
    assert turned["generation"] == same["generation"]


@given(asking=askings)
def test_the_form_that_chooses_a_hit_carries_the_page_without_the_question(asking: Asking) -> None:
    assert fields("CHOICE", asking.choice()) == {
        "generation": str(asking.generation),
        "order": asking.order,
        "page": str(asking.page),
    }


@pytest.mark.parametrize(
    ("newest", "exact", "letter"),
    [(False, False, "b"), (True, False, "n"), (False, True, "B"), (True, True, "N")],
)
def test_a_capital_letter_asks_the_question_as_written(
    newest: bool,  # noqa: FBT001  # a parameter of the test
    exact: bool,  # noqa: FBT001  # a parameter of the test
    letter: str,
) -> None:
    assert Asking("p", 1, newest, 1, exact=exact).carried("hits") == f"tb1:hits:1:{letter}:1:p"


@given(threads, askings)
def test_the_matches_of_a_thread_carry_the_thread_and_the_question(
    thread: str, asking: Asking
) -> None:
    found = fields("WITHIN", asking.within(thread) or "")
    assert found["thread"] == thread
    assert found["page"] == str(asking.page)
    assert found["question"] in (asking.question, MARK)


@given(
    st.sampled_from(["why", "share", "back"]),
    askings.filter(lambda it: len(it.question) < 50 and MARK not in it.question),
    threads,
)
def test_a_message_says_which_page_of_an_answer_it_leads_back_to(
    what: str, asking: Asking, thread: str
) -> None:
    others = [custom_id.read(thread, 7), asking.to_page(asking.page + 1) or "", custom_id.HERE]
    assert custom_id.asking_of([*others, asking.carried(what) or ""]) == asking
    assert custom_id.asking_of(others) is None


@given(askings, st.text(min_size=90, max_size=100))
def test_a_message_that_lost_a_part_of_its_question_leads_nowhere(
    asking: Asking, question: str
) -> None:
    asking = replace(asking, question=question)
    made = spread([asking.carried("back") or "", custom_id.HERE], asking.question)
    assert made
    assert custom_id.asking_of(made) == asking
    assert custom_id.asking_of(made[1:]) is None
    assert custom_id.asking_of([f"{made[0][:-1]}a", *made[1:]]) is None


@given(st.sampled_from(["read", "all"]), threads, numbers)
def test_a_value_of_the_menu_into_threads_comes_back(what: str, thread: str, position: int) -> None:
    made = custom_id.go(what, thread, position)
    for carried in (made, f"{made}{MARK}0㠀跐"):
        found = re.fullmatch(custom_id.GO_VALUE, carried)
        assert found
        assert (found["what"], found["thread"]) == (what, thread)
        assert found["position"] == str(position)


@pytest.mark.parametrize("what", ["jump", "find", "save", "post"])
def test_a_thread_s_button_holds_a_part_of_a_long_question(what: str) -> None:
    made = f"{custom_id.of_thread(what, '0123456789ab')}{MARK}0㠀跐"
    assert fields(what.upper(), made) == {"thread": "0123456789ab"}


def test_a_question_that_no_message_can_carry_has_no_custom_ids() -> None:
    mute = Asking("ports", 1, newest=False, generation=1, mute=True)
    assert mute.carried("why") is None
    assert mute.to_page(2) is None
    assert mute.turned(newest=True) is None


@given(question=questions)
def test_another_question_is_carried_whole_or_not_at_all(question: str) -> None:
    made = custom_id.ask(question)
    if made is None:
        assert len(question) > LENGTH - len("tb1:ask:")
    else:
        assert fields("ASK", made) == {"question": question}


@pytest.mark.parametrize(
    ("kind", "sent_once"),
    [
        ("PAGE", "tb1:page:0123456789ab:3"),
        ("UNDO", "tb1:undo:12"),
        ("READ", "tb1:read:0123456789ab:3¦0㠀跐"),
    ],
)
def test_buttons_of_earlier_versions_still_work(kind: str, sent_once: str) -> None:
    assert fields(kind, sent_once)
