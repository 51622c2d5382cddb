"""The commands for whoever runs the bot on Discord: `invite` and `sync`."""

from __future__ import annotations

import argparse
import sys

from bot.config import Settings
from bot.errors import ApplicationUnknown, TokenMissing
from bot.terminal.arguments import DONE
from bot.terminal.session import opened, print_json
from bot.views.terminal import message


async def invite(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot invite`."""
    if settings.application is None and settings.token is None:
        raise ApplicationUnknown
    from bot.app import invite  # discord.py is slow to import
    from bot.app.service import application_of

    application = settings.application
    if application is None:
        application = await application_of(settings.token or "")
    url = invite.link(application)
    needs = invite.needs()
    if options.json:
        permissions = [{"name": name, "purpose": purpose} for name, purpose in needs]
        print_json({"url": url, "application": str(application), "permissions": permissions})
        return DONE
    message.write("Open this link to add the bot to a server:", sys.stdout)
    print(url, "", sep="\n")
    asked = "It asks for the scopes bot and applications.commands, and for these permissions:"
    each = [f"- {name}: {purpose}" for name, purpose in needs]
    message.write("\n".join((asked, *each)), sys.stdout)
    return DONE


async def sync(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot sync`."""
    if settings.token is None:
        raise TokenMissing
    from bot.app.service import register_again

    async with opened(settings, may_be_empty=True) as library:
        found = await register_again(library, settings.token)
    if options.json:
        print_json(
            [
                {
                    "id": str(each.id),
                    "name": each.name,
                    "servers": each.in_servers,
                    "users": each.for_users,
                }
                for each in found
            ]
        )
        return DONE
    lines = [f"Discord has {len(found)} commands now:"]
    for each in found:
        places = [("servers", each.in_servers), ("people's own installations", each.for_users)]
        lines.append(f"- {each.name}: {' and '.join(place for place, there in places if there)}")
    message.write("\n".join(lines), sys.stdout)
    return DONE
