"""The parts of the build that pyproject.toml has no words for: the optional extension, and the
tag."""

from __future__ import annotations

import os
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.dist import Distribution

HERE = Path(__file__).parent
# In the repository, or beside this file in what `build-wheel` and sdists hold.
HEADERS = next(folder for folder in ("include", "../../Include") if (HERE / folder).exists())
# Where it is set to 0 the extension is left out; where it is 1, failing to build it is an error.
WANTED = os.environ.get("TURNOUT_EXTENSION", "")
BUNDLED = (HERE / "src/turnout/lib").exists()


class Platform(Distribution):
    """What brings the library along is not the same on every machine, even without an extension."""

    def has_ext_modules(self) -> bool:
        return BUNDLED or bool(self.ext_modules)


class Tagged(bdist_wheel):
    """Without the extension any Python 3 will do; with it, any CPython from 3.10 on."""

    def get_tag(self) -> tuple[str, str, str]:
        platform = os.environ.get("TURNOUT_WHEEL_PLATFORM") or super().get_tag()[2]
        return (
            ("cp310", "abi3", platform)
            if self.distribution.ext_modules
            else ("py3", "none", platform)
        )


extension = Extension(
    "turnout._fast",
    ["fast/module.c"],
    depends=["fast/known.h", "fast/request.h"],
    include_dirs=[HEADERS],
    extra_compile_args=["-std=c11", "-O2", "-g0"],
    py_limited_api=True,
    optional=WANTED != "1",
)
setup(
    distclass=Platform,
    ext_modules=[] if WANTED == "0" else [extension],
    cmdclass={"bdist_wheel": Tagged},
)
