"""The files git knows, and the Markdown pages among them: their headings, their links."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.outside import CHECKOUT

_BLOCK = re.compile(r"^(```|~~~).*?^\1\s*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(rf"{_BLOCK.pattern}|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(
    r"\]\(<?([^)\s>]+)[^)]*\)"  # [text](target "title"), pictures too
    r"|^\[[^\]]+\]:\s+(\S+)"  # [name]: target
    r"|\b(?:href|src)=\"([^\"]+)\"",
    re.MULTILINE,
)
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.MULTILINE)


@cache
def known_files() -> tuple[Path, ...]:
    """Every file that git tracks, or would if it were added now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = sorted({CHECKOUT / name for name in listed.stdout.split("\0") if name})
    return tuple(path for path in paths if path.is_file())


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        """Where it stands in the checkout."""
        return self.path.relative_to(CHECKOUT).as_posix()

    @property
    def is_french(self) -> bool:
        """Whether it is the French twin of a page."""
        return self.path.name.endswith(".fr.md")

    @property
    def twin(self) -> Path:
        """Where the same page in the other language stands."""
        plain = self.path.name.removesuffix(".md").removesuffix(".fr")
        return self.path.with_name(f"{plain}.md" if self.is_french else f"{plain}.fr.md")

    def heading_levels(self) -> list[int]:
        """The depth of each heading, in order: two twins have the same."""
        return [len(marks) for marks, _ in _HEADING.findall(_CODE.sub("", self.text))]

    def anchors(self) -> set[str]:
        """What a link may name after its `#`."""
        slugs = {_slug(title) for _, title in _HEADING.findall(_BLOCK.sub("", self.text))}
        return slugs | set(re.findall(r"\b(?:id|name)=\"([^\"]+)\"", self.text))

    def links(self) -> Iterator[str]:
        """The target of every link and picture that stands outside code."""
        for groups in _LINK.findall(_CODE.sub("", self.text)):
            yield next(target for target in groups if target)


def pages() -> tuple[Page, ...]:
    """Every Markdown page of the checkout."""
    return tuple(
        Page(path, path.read_text("utf-8")) for path in known_files() if path.suffix == ".md"
    )


def _slug(title: str) -> str:
    words = re.sub(r"\]\([^)]*\)|[^\w\- ]", "", title.lower())
    return words.replace(" ", "-")
