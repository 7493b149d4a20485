"""What a careful French printer would mark in a sentence: quotation marks and spaces."""

import re

_NO_BREAK = "\u00a0\u202f"
_PROTECTED = re.compile(
    r"""
      ```.*?```                  # fenced code
    | `[^`]*`                    # code within a sentence
    | ^\|[\s:|-]+\|$             # the rule under a table's head
    | <!--.*?-->
    | </?\w[^>]*>                # HTML
    | \]\([^)]*\)                # the target of a link
    | https?://\S+
    | \{[^{}]*\}                 # a placeholder
    | &\#?\w+;                   # an entity, no-break spaces among them
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_FAULTS = {
    "a straight quotation mark; write «\u00a0…\u00a0»": r'"',
    "« without a no-break space after it": rf"«(?![{_NO_BREAK}])",
    "» without a no-break space before it": rf"(?<![{_NO_BREAK}])»",
    "an ordinary space before a mark that wants a no-break one": r" (?=[:;!?%](?!\w))",
    "no space before a mark that wants a no-break one": (
        rf"(?<=[^\s{_NO_BREAK}:;!?…(\[])[:;!?](?=[\s)\]»*_|{_NO_BREAK}]|$)"
    ),
}


def french_faults(text: str) -> list[str]:
    """Each fault of French typography in `text`, with the words around it; code is passed over."""
    text = _PROTECTED.sub(_as_plain_letters, text)
    return [
        f"{fault}: {text[max(0, found.start() - 25) : found.end() + 15]!r}"
        for fault, pattern in _FAULTS.items()
        for found in re.finditer(pattern, text, re.MULTILINE)
    ]


def _as_plain_letters(protected: re.Match[str]) -> str:
    if protected[0] in {"&nbsp;", "&#160;", "&#8239;"}:
        return _NO_BREAK[0]
    return "x"
