"""The tree of errors."""

from __future__ import annotations

import inspect
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from bot import errors
from bot.errors import ThreadbotError
from bot.i18n.messages import sentence

ALL = {
    name: each
    for name, each in inspect.getmembers(errors, inspect.isclass)
    if issubclass(each, ThreadbotError)
}
EXAMPLES: list[ThreadbotError] = [
    errors.SettingsError("THREADBOT_LOG is 'LOUD'.", "DISCORD_TOKEN holds spaces."),
    errors.TokenMissing(),
    errors.TokenRefused(),
    errors.ApplicationUnknown(),
    errors.DumpError("a.txt", sentence("the file is empty")),
    errors.SeedsMissing(Path("seeds")),
    errors.ContentChanged(),
    errors.StoreError(Path("data/store.db"), "the disk is full"),
    errors.StoreTooNew(Path("data/store.db"), found=9, known=2),
    errors.StoreDamaged(Path("data/store.db"), "a page has changed"),
    errors.StoreUnreachable("postgresql://db.example/bot", "the database cannot be reached"),
    errors.StoreMissing(Path("data/store.db"), "index-0.bin"),
    errors.ChangesLost(Path("data/store.db"), Path("data/newest"), stored=3, found=2),
    errors.DiscordUnreachable("timed out"),
    errors.ShardingRequired(),
    errors.ShardRefused(4),
    errors.SessionStartsUsedUp(4, 1, 7300.0),
    errors.DateNotUnderstood("since", "soon"),
    errors.HandleNotUnderstood("from", "a b"),
    errors.NothingLoaded(),
    errors.AllHidden(),
    errors.RegistrationRefused(["ask: name: wrong"]),
    errors.ThreadNotFound("zebra"),
    errors.TweetNotLoaded("https://x.com/a/status/1"),
    errors.TweetIsHidden("https://x.com/a/status/1"),
    errors.NoSuchDump("a.txt"),
    errors.DumpIsShared("a.txt"),
    errors.FilesDoubted([("a.txt", sentence("the file is empty"))]),
    errors.SeveralMatches("a", ["a.txt", "a.md"]),
    errors.NoSuchAuthor("anna"),
    errors.NothingToUndo(),
    errors.NotTheLatest(),
    errors.NotTheSame(),
    errors.ReloadRunning("grace"),
    errors.Overtaken(5),
    errors.BackupUnusable(Path("b.zip"), "it is damaged"),
    errors.MetricsMissing(),
    errors.ShelfUnusable("it is gone"),
    errors.NotHidden("okapi"),
    errors.PostgresMissing(),
    errors.ClusterMissing(),
    errors.ClusterUnreachable("ray://head:10001", "refused"),
    errors.PartUnreachable(None),
    errors.BotUnreachable("127.0.0.1:8480", "refused"),
    errors.DataFolderUnusable("it is gone"),
    errors.DiskFull(),
    errors.NotOperator(sentence("/reload")),
    errors.OutputExists(Path("b.zip")),
    errors.Restarting(),
    errors.UnusableName("a.txt"),
    errors.UploadFailed("a.txt", "stalled"),
    errors.UploadsFull(),
    errors.UploadsTooLarge(12.0, 3.0, 10.0),
    errors.ChangeStopped("Somebody stopped this."),
    errors.Cancelled("grace"),
    errors.NoLoadRunning(),
    errors.StoppedLate(),
    errors.OutOfTime(60.0),
    errors.OutOfMemory(2000),
    errors.WorkerDied(9),
    errors.NotAllowed(sentence("/reload")),
    errors.NotAllowedHere([sentence("Send Messages")]),
    errors.TooOften(3.2),
    errors.NotAThread(),
    errors.NoLongerThere(),
    errors.UploadExpired(),
    errors.QuestionLost(),
]


def drawn() -> dict[str, str]:
    """Each class in the drawing, with the one it stands below."""
    above: dict[int, str] = {}
    tree: dict[str, str] = {}
    for line in inspect.getdoc(errors).splitlines():  # type: ignore[union-attr]  # it has one
        found = re.match(r"([│├└─ ]*)([A-Z]\w+)(?:\s{2,}|$)", line)
        if found:
            depth = len(found[1])
            above[depth] = found[2]
            tree[found[2]] = above.get(depth - 4, "Exception")
    return tree


def test_the_drawing_in_the_docstring_is_the_tree() -> None:
    assert drawn() == {name: each.__bases__[0].__name__ for name, each in ALL.items()}


def test_the_drawing_names_each_exit_status() -> None:
    branch = re.compile(r"^[├└]── (\w+) .*\(exit status (\d)\)$", re.MULTILINE)
    told = branch.findall(inspect.getdoc(errors) or "")
    assert len(told) >= 7
    for name, status in told:
        assert ALL[name].exit_status == int(status), name


def test_there_is_an_example_of_each() -> None:
    assert {type(each) for each in EXAMPLES} == set(ALL.values()) - {ThreadbotError}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_crosses_to_another_process_as_it_is(error: ThreadbotError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # made one line above
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.__dict__ == error.__dict__


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_what_an_error_says_is_fit_to_show(error: ThreadbotError) -> None:
    said = str(error)
    assert len(said) > 15
    assert said == said.strip()
    assert "None" not in said
    assert error.exit_status in (1, 2, 3)


def test_a_fault_of_a_dump_names_its_place() -> None:
    assert str(errors.DumpError("a.txt", "it is odd", line=3)) == "a.txt:3: it is odd"
    assert str(errors.DumpError("a.txt", "it is odd")) == "a.txt: it is odd"


def test_a_very_long_name_is_not_repeated_whole() -> None:
    error = errors.ThreadNotFound("zebra " * 100)
    assert len(str(error)) < 200
    assert error.reference == "zebra " * 100


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("link", "No loaded thread has the link REF."),
        ("id", "No loaded thread has the id REF."),
        ("words", "No thread matches “REF”."),
    ],
)
def test_a_reference_is_called_what_it_is(kind: Any, said: str) -> None:
    assert str(errors.ThreadNotFound("REF", kind)).startswith(said)


def test_why_nothing_can_be_undone_is_said() -> None:
    assert "only the first load of the shared threads is left" in str(
        errors.NothingToUndo(seeds=True)
    )
    assert "nothing is loaded or hidden here" in str(errors.NothingToUndo())


def test_a_date_with_two_meanings_names_both() -> None:
    error = errors.DateNotUnderstood("since", "6/7/2025", ["2025-07-06", "2025-06-07"])
    assert str(error).endswith("Write since:2025-07-06 or since:2025-06-07.")


def test_those_of_several_that_are_not_listed_are_counted() -> None:
    assert "“a” fits 2, so nothing was changed. Name" in str(errors.SeveralMatches("a", "xy"))
    some = str(errors.SeveralMatches("a", "xy", 9))
    assert "“a” fits 9, so nothing was changed; these are the first 2." in some


def test_who_reloads_is_named_where_it_is_known() -> None:
    assert str(errors.ReloadRunning("grace")).startswith("grace is changing the library.")
    assert str(errors.ReloadRunning()).startswith("Another process is changing the library.")
