"""Dumps to store, and what a store holds of them."""

from __future__ import annotations

from bot.loader import PARSER_VERSION
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content
from bot.models import Dump, Metadata, Thread
from bot.store.protocol import LibraryStore
from bot.store.rows import Member, NewDump, Version

SHELF = 0


def new(data: bytes, file: str = "dump.txt") -> NewDump:
    return NewDump(read_dump(data, file), Content.of(data), "loaded", PARSER_VERSION)


def versions_in(store: LibraryStore, *members: Member) -> list[Version]:
    """All that `members` hold."""
    with store.readers() as scan:
        return scan.versions(scan.roots([each.id for each in members]).rows.tolist())


def bytes_of(store: LibraryStore, sha256: str) -> bytes:
    """The bytes of a dump that the store has."""
    with store.readers() as reader:
        return reader.content(sha256).read()


def dump_of(*threads: Thread) -> Dump:
    """A dump that holds `threads`."""
    return Dump("a.txt", "text", "0" * 64, Metadata(), threads, ())
