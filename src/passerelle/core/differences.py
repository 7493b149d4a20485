"""What changes from one agreement to the next, in the terms of those who sign it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from passerelle.core.agreement import Agreement
from passerelle.core.differences_leaves import leaf_sentence
from passerelle.core.elements import element_sentence, elements
from passerelle.core.parts import Part
from passerelle.words import Language, say

ChangeKind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was.

    `path` leads to it by keys, never by numbers: `("rules", "pricing", "points")`. `old` and `new`
    are what stood and what stands there, `between` the two agreements.
    """

    kind: ChangeKind
    path: tuple[str, ...]
    old: Any
    new: Any
    between: tuple[Agreement, Agreement] = field(repr=False, compare=False)

    def says(self, language: Language) -> str:
        """The change in one sentence, or in two: before and now."""
        before, after = self.between
        match self.kind:
            case "added":
                now = element_sentence(after, self.path, self.new, language)
                return say("differences.added", language, now=now)
            case "removed":
                was = element_sentence(before, self.path, self.old, language)
                return say("differences.removed", language, was=was)
            case "changed":
                plain = leaf_sentence(self.path, self.old, self.new, self.between, language)
                return plain or self._before_and_now(language)

    def _before_and_now(self, language: Language) -> str:
        before, after = self.between
        was = element_sentence(before, self.path, self.old, language)
        now = element_sentence(after, self.path, self.new, language)
        if was == now:
            return say("differences.same_words", language, what=".".join(self.path), now=now)
        return say("differences.changed", language, was=was, now=now)


def differences(old: Agreement, new: Agreement) -> tuple[Change, ...]:
    """Everything that means something else in `new`, in the order of the document.

    What is only written otherwise (`1mo` for `30d`, a default spelt out) is no difference.
    """
    return tuple(_changes(old, new))


def difference_sentences(old: Agreement, new: Agreement, language: Language) -> tuple[str, ...]:
    """Every change as a sentence; a single one that says so when nothing changes."""
    changes = differences(old, new)
    if changes:
        return tuple(change.says(language) for change in changes)
    key = "nothing" if old.version == new.version else "only_spelling"
    return (say(f"differences.{key}", language),)


def _changes(old: Agreement, new: Agreement) -> Iterator[Change]:
    before, after = elements(old), elements(new)
    for path in [*after, *(path for path in before if path not in after)]:
        if path not in before:
            yield Change("added", path, None, after[path], (old, new))
        elif path not in after:
            yield Change("removed", path, before[path], None, (old, new))
        elif before[path] != after[path]:
            yield from _within(path, before[path], after[path], (old, new))


def _within(
    path: tuple[str, ...], old: Any, new: Any, between: tuple[Agreement, Agreement]
) -> Iterator[Change]:
    """The leaves that have a sentence of their own; the rest of the element as one change."""
    before, after = _leaves(old), _leaves(new)
    rest = type(old) is not type(new)
    for leaf in dict.fromkeys([*before, *after]):
        was, now = before.get(leaf), after.get(leaf)
        if was == now:
            continue
        at = (*path, *leaf)
        if leaf_sentence(at, was, now, between, "en") is None:
            rest = True
        else:
            yield Change("changed", at, was, now, between)
    if rest:
        yield Change("changed", path, old, new, between)


def _leaves(part: Any) -> dict[tuple[str, ...], Any]:
    match part:
        case Part():
            inside: Mapping[str, Any] = {
                info.alias or name: getattr(part, name)
                for name, info in type(part).model_fields.items()
            }
        case Mapping():
            inside = part
        case _:
            return {(): part}
    return {
        (key, *path): leaf for key, below in inside.items() for path, leaf in _leaves(below).items()
    }
