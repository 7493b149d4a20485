"""Where the published JavaScript clients are, installed once for a lock file."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.outside import CHECKOUT

HERE = Path(__file__).parent
NAMED = ("package.json", "package-lock.json")


@cache
def client_modules(require: Callable[[str], str]) -> Path:
    """The folder `node_modules` with the versions of package-lock.json; npm fills it at need.

    It stands under `.tmp`, which git ignores, by the lock's digest: another lock is another folder.
    """
    npm = Path(require("node")).with_name("npm")
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in NAMED)).hexdigest()[:12]
    folder = CHECKOUT / ".tmp" / f"clients-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # workers of a test run begin at the same time
        if not (folder / "done").exists():
            for name in NAMED:
                shutil.copy(HERE / name, folder)
            # --ignore-scripts: nothing that a package brings runs before its test does
            command = [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(command, cwd=folder, check=True, timeout=300)
            (folder / "done").touch()
    return folder / "node_modules"
