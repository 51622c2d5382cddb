"""Builds the index's inner loops in C, where there is a compiler; else the wheel goes without."""

from __future__ import annotations

import shutil
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
BUILT = "_kernels"
PACKAGE = "bot/search/bm25"
EVERY_VERSION = "cp311-abi3"
"""The stable ABI: one wheel for a platform serves this Python and all later ones."""
GCC_LIKE = ["-O3", "-ffp-contract=off", "-fvisibility=hidden"]


class Kernels(BuildHookInterface[Any]):
    """Adds what was built to the wheel; for an editable install it is put beside its sources."""

    _folder: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, or tell why not."""
        if self.target_name != "wheel":
            return
        if version == "editable":
            for old in (HERE / PACKAGE).glob(f"{BUILT}.*[!i]"):
                old.unlink()
        if sysconfig.get_config_var("Py_GIL_DISABLED"):
            self.app.display_warning("no stable ABI without the interpreter's lock: no kernels")
            return
        self._folder = Path(tempfile.mkdtemp(prefix="threadbot-"))
        try:
            built = _compiled(self._folder)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # setuptools raises many kinds
            self.app.display_warning(f"searching will be slower, for there is no compiler: {error}")
            return
        if version == "editable":
            shutil.copy(built, HERE / PACKAGE / built.name)
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"{EVERY_VERSION}-{platform}"
        build_data["force_include"][str(built)] = f"{PACKAGE}/{built.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        del version, build_data, artifact_path
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _compiled(folder: Path) -> Path:
    """The file that was built."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    class Build(build_ext):
        def build_extension(self, ext: Extension) -> None:
            if self.compiler.compiler_type in ("unix", "mingw32", "cygwin"):
                ext.extra_compile_args = GCC_LIKE
            super().build_extension(ext)

    sources = [str(each.relative_to(HERE)) for each in sorted(HERE.glob(f"{PACKAGE}/kernels/*.c"))]
    kernels = Extension(f"{PACKAGE.replace('/', '.')}.{BUILT}", sources, py_limited_api=True)
    build = Build(Distribution({"name": "threadbot", "ext_modules": [kernels]}))
    build.build_lib, build.build_temp = str(folder / "lib"), str(folder / "temp")
    build.ensure_finalized()
    build.run()
    (built,) = (folder / "lib" / PACKAGE).iterdir()
    return built
