"""Libraries that are loaded before all others and make the system behave as it hardly ever does."""

import os
import shutil
import subprocess
from pathlib import Path

SOURCES = Path(__file__).parent


def build(name, folder):
    """The library of NAME.c, in that folder."""
    library = Path(folder) / f"{name}.so"
    compiler = os.environ.get("CC") or shutil.which("cc") or "gcc"
    subprocess.run([compiler, "-std=c17", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
                    "-o", library, SOURCES / f"{name}.c"], check=True)
    return library


def environment(library, **variables):
    """Of a server with this library. A sanitizer wants to be the first library, where it does not
    matter to ours."""
    sanitizer = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
    return {"LD_PRELOAD": str(library), "ASAN_OPTIONS": sanitizer,
            **{name: str(value) for name, value in variables.items()}}
