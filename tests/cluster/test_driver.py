"""The process that is connected to Ray: what it passes on, and Ray's token."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from bot.cluster.driver import Actor, authentication
from bot.cluster.layer_host import UnknownView
from bot.library.spread.search_requests import Statistics
from tests.cluster.test_layer_host import view


def called(actor: Actor, method: str, *values: object) -> Any:
    """Whether a method of an actor's host returned, and what it returned or raised."""
    return pickle.loads(actor.call(pickle.dumps((method, values))))  # noqa: S301  # our own


def test_an_actor_returns_what_its_host_returns_or_raises(tmp_path: Path) -> None:
    actor, request = Actor(), Statistics(("port",))
    is_done, error = called(actor, "answer", "a", request)
    assert not is_done
    assert isinstance(error, UnknownView)
    is_done, facts = called(actor, "open", "a", view(tmp_path, "0"))
    assert is_done
    assert facts.documents == 3
    is_done, found = called(actor, "answer", "a", request)
    assert is_done
    assert found.terms.tolist() == [2]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "token"),
        ({"HOME": "elsewhere"}, None),
        ({"HOME": "elsewhere", "RAY_AUTH_TOKEN": "secret"}, "token"),
        ({"RAY_AUTH_TOKEN_PATH": "absent"}, None),
        ({"RAY_AUTH_MODE": "disabled"}, None),
    ],
)
def test_a_token_that_is_there_is_given(
    tmp_path: Path, environment: dict[str, str], expected: str | None
) -> None:
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray" / "auth_token").write_text("secret")
    home = tmp_path / environment.get("HOME", "")
    assert authentication(environment, home).get("RAY_AUTH_MODE") == expected
