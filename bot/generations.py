"""From the store's generations to what is searched, and to the next program's reading of them."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from bot.errors import DumpError, ReloadRunning
from bot.loader import PARSER_VERSION, read_dump
from bot.loader.content import Content
from bot.rows import Member, NewDump
from bot.snapshot import Snapshot
from bot.store import Store

log = logging.getLogger(__name__)


async def snapshot_of(store: Store, scope: int) -> Snapshot:
    """The newest generation of `scope`, built to be searched."""
    generation = await store.generation(scope)
    members = await store.members(scope, generation)
    versions = await store.versions_of([each.id for each in members])
    return await asyncio.to_thread(Snapshot.build, generation, versions)


async def read_anew(store: Store, scope: int) -> None:
    """Have this version's loader read what an earlier one read, as a generation of its own.

    What it can't read stays as it was read. Rows are only ever added: others may be reading them.
    """
    now = await store.generation(scope)
    dumps: list[Member | NewDump] = []
    for member in await store.members(scope, now):
        if member.parser_version >= PARSER_VERSION:
            dumps.append(member)
            continue
        content = Content.of(await store.data(member.sha256))
        try:
            dump = await asyncio.to_thread(read_dump, content, member.file, member.metadata)
            dumps.append(NewDump(dump, content, member.origin, PARSER_VERSION))
        except DumpError as error:
            log.warning("%s; what an earlier version read of it is kept", error)
            dumps.append(member)
    if any(isinstance(each, NewDump) for each in dumps):
        with suppress(ReloadRunning):  # another process did it meanwhile
            parent = await store.parent(scope, now)
            await store.commit(scope, now, dumps, actor="start", action="reread", parent=parent)
