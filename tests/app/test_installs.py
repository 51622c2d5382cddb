"""Where commands are for, within what the application allows."""

from __future__ import annotations

from bot.app.installs import Supported, fitted


def test_a_command_without_any_declaration_gets_both_lists() -> None:
    found = fitted({"name": "a"}, Supported(guilds=True, users=True))
    assert found == {"name": "a", "integration_types": [0], "contexts": [0, 1]}


def test_a_server_command_does_not_fit_an_application_for_users_alone() -> None:
    assert (
        fitted({"name": "a", "dm_permission": False}, Supported(guilds=False, users=True)) is None
    )
