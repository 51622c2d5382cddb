"""Builds the C kernels for the wheel. Without a compiler, the wheel contains no kernels."""

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
"""The stable ABI: one wheel per platform works with Python 3.11 and all later versions.
https://docs.python.org/3/c-api/stable.html"""
GCC_LIKE = ["-O3", "-ffp-contract=off", "-fvisibility=hidden"]
"""Options for GCC and Clang. Contracted operations would round differently from NumPy's."""


class Kernels(BuildHookInterface[Any]):
    """Adds the kernels to the wheel. For an editable install, copies them next to their stub."""

    _folder: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the kernels, or show a warning that says why they are missing."""
        if self.target_name != "wheel":
            return
        if version == "editable":
            for old in (HERE / PACKAGE).glob(f"{BUILT}.*[!i]"):
                old.unlink()
        if sysconfig.get_config_var("Py_GIL_DISABLED"):
            self.app.display_warning("the kernels are not built: free-threaded Python has no ABI3")
            return
        self._folder = Path(tempfile.mkdtemp(prefix="threadbot-"))
        try:
            built = _compiled(self._folder)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # setuptools raises many kinds
            self.app.display_warning(f"the kernels are not built, so searching is slower: {error}")
            return
        if version == "editable":
            shutil.copy(built, HERE / PACKAGE / built.name)
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"{EVERY_VERSION}-{platform}"
        build_data["force_include"][str(built)] = f"{PACKAGE}/{built.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete the temporary folder."""
        del version, build_data, artifact_path
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _compiled(folder: Path) -> Path:
    """Compile the kernels in `folder`, and return the library."""
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
