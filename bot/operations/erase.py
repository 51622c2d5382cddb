"""Erases what a library no longer shows from all files of the data folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreError
from bot.library.snapshot.origins import hidden
from bot.models import SHARED_SCOPE
from bot.operations.backup import sweep
from bot.operations.placing import SET_ASIDE
from bot.operations.restore import TEMPORARY
from bot.operations.vacuum import required
from bot.store.erasing import Erasable
from bot.store.protocol import Place
from bot.store.upkeep import Vacuumed

UPLOADS = "uploads"
"""The folder of uploads that wait to be loaded or cancelled."""
INDEX_FILES = "index-*"
"""The files of layers, which are made again from the store."""


@dataclass(frozen=True, slots=True)
class ErasePlan:
    """What would be erased, before somebody confirms it."""

    place: Place
    """Where the store is."""
    erasable: Erasable
    """What goes from the store."""
    uploads: int
    """How many uploads wait to be loaded; they go too."""
    set_aside: tuple[str, ...]
    """Folders with stores that `restore` replaced; they go too."""
    is_last: bool
    """Whether the last change was an `erase`, which may have been cut off before its end."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to erase."""
        return self.erasable.is_empty and not self.uploads and not self.set_aside


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing came to."""

    generation: int
    """The generation that was made; the newest one if the store had nothing to erase."""
    still_there: tuple[str, ...]
    """The files outside of the data folder that were loaded, and that still have it."""
    vacuumed: Vacuumed | None
    """What compacting the store's file came to; None if nothing was changed."""


def plan(data: Path | Place, scope: int | None) -> ErasePlan:
    """Return what `erase` would erase from the library of `scope`, None being the shared one.

    Raises:
        StoreError: the store cannot be read.
    """
    place, number = required(data, writable=True), scope or SHARED_SCOPE
    folder, found = place.folder, place.candidates(number)
    rows = found.rows.rows[hidden(found.rows, found.forgotten)].tolist()
    return ErasePlan(
        place,
        place.erasable(number, rows),
        uploads=len([*(folder / UPLOADS).glob("*")]),
        set_aside=tuple(sorted(each.name for each in folder.glob(f"{SET_ASIDE}*"))),
        is_last=place.erase_was_last(number),
    )


def erase(planned: ErasePlan, actor: str) -> Erased:
    """Erase what was planned, from the store and from all files beside it. Runs beside the bot.

    Raises:
        StoreError: the library has changed since, or a file cannot be written.
    """
    place, folder = planned.place, planned.place.folder
    generation = planned.erasable.generation
    if planned.is_empty and not planned.is_last:
        return Erased(generation, (), None)
    if not planned.erasable.is_empty:
        generation = place.erase(planned.erasable, actor)
    place.sweep_erased_pictures()
    for name in (UPLOADS, *planned.set_aside):
        shutil.rmtree(folder / name, ignore_errors=True)
    sweep(folder, TEMPORARY, age=0)
    for each in folder.glob(INDEX_FILES):
        _delete(each)
    named = (*planned.erasable.files, *planned.erasable.parted)
    still_there = tuple(each for each in named if Path(each).is_file())
    return Erased(generation, still_there, place.vacuum())


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(path, f"the index cannot be deleted ({error.strerror}).") from error
