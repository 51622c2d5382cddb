"""The link that adds the bot to a server."""

from __future__ import annotations

from bot.app.invite import link, needs
from bot.app.needed_permissions import least_permissions


def test_the_link_names_the_application_and_the_permissions_that_are_explained() -> None:
    assert "client_id=42" in link(42)
    assert f"permissions={least_permissions().value}" in link(42)
    assert ("Add Reactions", "to mark a mention that is over the limit") in needs()
