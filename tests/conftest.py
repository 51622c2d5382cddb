"""What tests of more than one folder need."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres_server, s3_server
from tests.databases import DATABASES, chosen
from tests.forked import TIMEOUT, original
from tests.postgres_server import Server
from tests.privileges import without_root_rights

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
MODULE = ("-m", "bot")
OURS = ("DATABASE_", "DISCORD_", "THREADBOT_")
"""How the names of our settings begin."""
SEED = SEEDS / "000_6936bf5dd5a49f75.txt"

# A busy machine must fail no test: hypothesis would by default, where an example takes 200 ms.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


CORE = tuple(
    str(ROOT / "tests" / each)
    for each in (
        "arrays",
        "library/snapshot",
        "loader",
        "search",
        "test_extras.py",
        "test_thread_ids.py",
    )
)
"""The tests of the pure core, whose coverage is measured."""


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Measure no coverage in other tests, as it takes half as much time again."""
    for each in items:
        if not str(each.path).startswith(CORE):
            each.add_marker(pytest.mark.no_cover)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the program came to."""

    status: int
    """Its exit status."""
    out: str
    """What it printed."""
    err: str
    """What it said on the side."""


class Program:
    """`threadbot`, run as a process of its own in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Use `folder` as the current one; the library is kept below it."""
        self.folder = folder
        self.settings = {"THREADBOT_SEEDS": str(SEEDS), "THREADBOT_DATA": str(folder / "data")}

    def __call__(
        self,
        *arguments: str,
        said: str = "",
        settings: Mapping[str, str] | None = None,
        program: Sequence[str] = MODULE,
        first: str = "",
    ) -> Outcome:
        """Run it with `arguments`, `said` on its standard input; run the code `first` before."""
        own = {**self.settings, **(settings or {})}
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(OURS)},
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            **own,
        }
        if program == MODULE and all(key.startswith(OURS) for key in own) and hasattr(os, "fork"):
            return Outcome(*original().run(arguments, self.folder, environment, said, first))
        if first:
            program = (
                "-c",
                f"{first}; from runpy import run_module as r; r('bot', None, '__main__')",
            )
        done = subprocess.run(
            [sys.executable, *program, *arguments],
            cwd=self.folder,
            env=environment,
            input=said,
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
            preexec_fn=without_root_rights,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def threadbot(tmp_path: Path) -> Program:
    """The program, with the given seeds and no library yet."""
    return Program(tmp_path)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder of seeds to change, with the given dump in it."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / SEED.name).write_bytes(SEED.read_bytes())
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of these tests."""
    if reason := postgres_server.why_not():
        pytest.skip(reason)
    with postgres_server.primary() as server:
        yield server


@pytest.fixture(scope="session")
def replica(postgres: Server) -> Iterator[Server]:
    """A streaming replica of it."""
    with postgres_server.replica_of(postgres) as server:
        yield server


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """The address of a bucket of a real server of S3's protocol."""
    with s3_server.bucket() as found:
        yield found


@pytest.fixture
def in_postgres(postgres: Server) -> Iterator[Server]:
    """Have `databases.at` give stores in PostgreSQL."""
    chosen.server, chosen.schemas = postgres, set()
    yield postgres
    chosen.server = None


@pytest.fixture(params=DATABASES)
def each_database(request: pytest.FixtureRequest) -> None:
    """Run a test on each database that `databases.at` may give."""
    if request.param == "PostgreSQL":
        request.getfixturevalue("in_postgres")
