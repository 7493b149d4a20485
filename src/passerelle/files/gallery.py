"""The gallery of agreements that Passerelle brings along."""

from __future__ import annotations

from pathlib import Path

import passerelle


def gallery_folder() -> Path:
    """Where the gallery is: inside an installed package, or at the top of a checkout."""
    package = Path(passerelle.__file__).parent
    installed = package / "agreements"
    return installed if installed.is_dir() else package.parents[1] / "agreements"


def gallery() -> dict[str, Path]:
    """Each agreement of the gallery by its name, in alphabetical order."""
    return {path.stem: path for path in sorted(gallery_folder().glob("*.yaml"))}
