"""A Discord of one's own: real HTTP and a real gateway on 127.0.0.1, for tests of a bot.

async with LoopbackDiscord() as d:
    ada = d.add_guild("Chips").add_member("ada")
    with d.redirect():
        async with client:
            task = asyncio.create_task(client.start(d.token))
            await d.ready()
            await d.commands_synced()
            exchange = await ada.slash("ask", question="chip")
            assert "chip" in (await exchange.reply()).text
assert d.violations == []
"""

from .accounts import EVERYONE
from .api import Request
from .interactions import Exchange, Modal, TextInput
from .messages import Button, Message, Select, Upload
from .people import Member, Person, User
from .schema import available as schema_available
from .server import LoopbackDiscord, Place
from .world import Channel

__all__ = [
    "EVERYONE",
    "Button",
    "Channel",
    "Exchange",
    "LoopbackDiscord",
    "Member",
    "Message",
    "Modal",
    "Person",
    "Place",
    "Request",
    "Select",
    "TextInput",
    "Upload",
    "User",
    "schema_available",
]
