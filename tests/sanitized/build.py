"""Builds the kernels for tests: one build with sanitizers, and one that counts what runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from bot.search.bm25 import native

SOURCES = Path(native.__file__).with_name("kernels")
LIBRARY = "_kernels.abi3.so"
CHECKED = ("-DKERNELS_CHECKED", "-g", "-fPIC", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror")
SANITIZERS = ("-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined")
SANITIZERS_END = ("-fno-sanitize-recover=all",)
COVERAGE = ("-O0", "--coverage")


class Unavailable(Exception):
    """This machine cannot build the kernels with sanitizers; says why."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build of the kernels."""

    library: Path
    """The extension module."""
    environment: dict[str, str]
    """What a Python process that loads it needs beside the usual environment."""


def find_gcc() -> str:
    """The path of gcc.

    Raises:
        Unavailable: there is no gcc, no gcov, or no sanitizer library.
    """
    gcc = shutil.which("gcc")
    if gcc is None:
        raise Unavailable("there is no gcc")
    if shutil.which("gcov") is None:
        raise Unavailable("there is no gcov")
    for library in ("libasan.so", "libubsan.so"):
        if not _library(gcc, library).is_absolute():
            raise Unavailable(f"gcc has no {library}")
    return gcc


def build_sanitized(gcc: str, folder: Path) -> Build:
    """The kernels with AddressSanitizer and UBSan; a fault ends the process.

    Python's own allocator would hide overruns of small buffers, so malloc takes its place. Leaks do
    not change the exit status, for Python has some of its own; `leaks` finds those of the kernels.
    To tell them apart, the stack of an allocation ends with the function that allocates.
    """
    library = _compiled(gcc, folder, (*SANITIZERS, *SANITIZERS_END))
    return Build(
        library,
        {
            "LD_PRELOAD": str(_library(gcc, "libasan.so")),
            "ASAN_OPTIONS": "abort_on_error=1:exitcode=0:malloc_context_size=2",
            "UBSAN_OPTIONS": "print_stacktrace=1:abort_on_error=1",
            "PYTHONMALLOC": "malloc",
        },
    )


def build_counted(gcc: str, folder: Path) -> Build:
    """The kernels with gcov's counters, which are written to `folder` when the process ends."""
    return Build(_compiled(gcc, folder, COVERAGE), {})


def leaks(output: str) -> list[str]:
    """The reports in a process's output of memory that the kernels allocated and did not free."""
    return [
        report
        for report in output.split("\n\n")
        if "leak of" in report and (str(SOURCES) in report or LIBRARY in report)
    ]


def _compiled(gcc: str, folder: Path, flags: tuple[str, ...]) -> Path:
    """The extension module, linked from an object file for each source."""
    folder.mkdir()
    include = sysconfig.get_path("include")
    command = [gcc, *CHECKED, *flags, f"-I{include}", "-c"]
    jobs = [
        subprocess.Popen([*command, str(source)], cwd=folder)
        for source in sorted(SOURCES.glob("*.c"))
    ]
    if sum(job.wait() for job in jobs):  # all end before the folder is removed
        raise subprocess.CalledProcessError(1, command)
    library = folder / LIBRARY
    objects = sorted(str(each) for each in folder.glob("*.o"))
    subprocess.run([gcc, "-shared", *flags, *objects, "-o", str(library)], cwd=folder, check=True)
    return library


def _library(gcc: str, name: str) -> Path:
    """Where gcc's library of that name is; the bare name if there is none."""
    found = subprocess.run(
        [gcc, f"-print-file-name={name}"], capture_output=True, text=True, check=True
    )
    return Path(found.stdout.strip())


def environment_of(build: Build) -> dict[str, str]:
    """The environment of a Python process that loads `build`."""
    return {**os.environ, **build.environment}
