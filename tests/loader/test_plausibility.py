"""Texts that hardly are threads."""

from __future__ import annotations

import pytest

from bot.loader.parser import read_dump
from bot.loader.plausibility import (
    CHAT,
    CODE,
    DOCUMENT,
    ITEMS,
    LONG,
    TABLE,
    WRAPPED,
    doubt,
)
from bot.models import Metadata

SENTENCE = "The port of Rotterdam has cut its night shifts for the third time this year. "
LETTER = """The port of Rotterdam has cut its night shifts for the third time
this year, and the dockers say that nobody told them why it was done
in such a hurry. The owner of the terminal says that all is well and
that the shifts will be back in the autumn when the ships of the new
line are expected in the port."""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Milk\nEggs\nBread\n2 onions", ITEMS),
        ("- [ ] call Bob\n- [x] buy rope\n- [ ] tar", ITEMS),
        ("Ann: hi there\nBob: hello\nAnn: fine, thanks\nBob: see you", CHAT),
        ("[12/03/2025, 10:01] Ann Field: hi\n[12/03/2025, 10:02] Bob: ho\n" * 2, CHAT),
        ("# Quay\n\nA tool.\n\n## Install\n\nRun it.\n\n## Use\n\nStart it.", DOCUMENT),
        ("import os\n\ndef main():\n    print('x')\n    return 0", CODE),
        ("a | b | c\n1 | 2 | 3\n4 | 5 | 6", TABLE),
        ("2025-01-01 10:00:00 start\n2025-01-01 10:00:01 wait\n2025-01-01 10:00:02 end", TABLE),
        (LETTER, WRAPPED),
        ("\n\n".join([SENTENCE * 4] * 3), LONG),
    ],
)
def test_a_text_that_is_no_thread_is_doubted(text: str, why: object) -> None:
    assert read_dump(text.encode(), "a").doubt == why


@pytest.mark.parametrize(
    "text",
    [
        "Low tide",
        "Milk\nEggs",
        "The port is shut.\nNobody knows why.\nThe cranes stand still.",
        "The port is shut.\n\nNobody knows why.\n\nThe cranes stand still.",
        "Milk 1/4\nEggs 2/4\nBread 3/4\nRope 4/4",
        "1️⃣ Milk\n2️⃣ Eggs\n3️⃣ Bread",
        "# Ports\n\nThe port is shut.\n\nNobody knows why.",
        "## 1/3\n\nMilk.\n\n## 2/3\n\nEggs.\n\n## 3/3\n\nBread.",
        "港は閉まった\n誰も知らない\n船は来ない",
        "Three things:\n• the cranes\n• the lights\n• the gate\nAll of them are off.",
    ],
)
def test_a_thread_is_not_doubted(text: str) -> None:
    assert read_dump(text.encode(), "a").doubt is None


def test_a_file_that_names_its_author_or_its_page_is_doubted_for_headings_only() -> None:
    text = "Milk\nEggs\nBread"
    assert read_dump(text.encode(), "a", Metadata(author="anna")).doubt is None
    assert read_dump(f"https://x.com/anna/status/1901\n{text}".encode(), "a").doubt is None
    headed = "\n\n".join(["## Install", "Run it.", "## Use", "Start it.", "## More", "None."])
    assert read_dump(headed.encode(), "a", Metadata(author="anna")).doubt == DOCUMENT


def test_copied_pages_and_records_are_not_doubted() -> None:
    assert (
        read_dump(b"Milk\nEggs\nBread\n\xe2\x80\xa2 \xe2\x80\xa2 \xe2\x80\xa2", "a").doubt is None
    )
    assert read_dump(b'{"id_str": "1", "full_text": "Milk"}', "a").doubt is None
    assert doubt([], ["Milk", "Eggs"], is_known=False) is None


def why(*lines: str) -> object:
    return doubt([], lines, is_known=False)


def test_a_list_may_have_one_sentence_and_one_fraction() -> None:
    assert why("Milk", "Eggs", "Bread", "Rope", "Ask Bob for it, please.") == ITEMS
    assert why("Milk", "Eggs", "Bread", "Ask Bob for it, please.") is None
    assert why("Milk 1/4", "Eggs", "Bread") == ITEMS
    assert why("Milk 1/4", "Eggs 2/4", "Bread") is None


def test_an_item_of_a_list_is_short_without_its_bullet() -> None:
    item = "Antwerpenhaven Rotterdam sheds"
    assert len(item) == 30
    assert why(*[f"- {item}"] * 3) == ITEMS
    assert why(*[f"- {item}s"] * 3) is None


def test_lines_are_wrapped_if_sentences_go_on_below_them() -> None:
    broken = "the port is shut for the nights"
    assert len(broken) == 31
    assert why(*[broken] * 4) == WRAPPED
    assert why(*[f"{broken},"] * 4) == WRAPPED
    assert why(*[f"{broken}."] * 4) is None
    assert why(*[broken[:-1]] * 4) is None
    assert why(*[broken] * 3) is None
    assert why(*[broken] * 4, *["Nobody in the port knows why."] * 8) is None


def test_a_log_has_times_on_most_lines() -> None:
    times = [f"2025-01-01 10:00:0{n} the crane stands still" for n in range(4)]
    others = ["Nobody in the port knows why", "It may be the ice on the river"]
    assert why(*times, *others) == TABLE
    assert why(*times[:3], *others) is None


def test_sentences_with_commas_are_no_table() -> None:
    for end in (".", "!", "?", "…"):
        assert why(*[f"Cranes stand still, lights are off, gates are shut{end}"] * 3) is None


def test_a_chat_has_two_speakers_that_speak_again() -> None:
    assert why("Ann: hi there, Bob", "Bob: hello", "Ann: fine, thanks", "Bob: see you") == CHAT
    assert why("Ann: hi there, Bob", "Bob: hello to you", "Ann: fine, and you?") is None
    said = ["Ann: hi there", "Bob: hello to you", "Ann: all is well"]
    assert why(*said, "The port is shut.", "The cranes stand still.") is None
