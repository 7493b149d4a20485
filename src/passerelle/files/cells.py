"""SQL expressions that read one text cell: a number, a yes or no, a date, an instant.

Each takes and gives an expression; a cell that cannot be read becomes NULL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from passerelle.files.quoting import any_of, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Decimal = Literal["comma", "point"]
Order = Literal["day_first", "month_first"]

MISSING = ("null", "none", "n/a", "nan", "-", "#n/a")
YES = ("yes", "y", "oui", "o", "true", "t", "vrai", "v", "1", "1.0", "on")
NO = ("no", "n", "non", "false", "f", "faux", "0", "0.0", "off")
# No-break, narrow no-break and thin spaces stand in French numbers; Excel and Word write them.
SPACES = r" \t\r\n\x{00a0}\x{202f}\x{2009}"
CURRENCY = r"(?:€|\$|£|¥|EUR|USD|GBP|CHF|CAD|eur|usd|gbp|chf|cad)"
QUOTE = literal("'")
SIGN = r"[+-]?"
PLAIN_NUMBER = SIGN + r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
GROUP_SPACE = rf"(?:[{SPACES}'’]\d{{3}})"
OFFSET = r"(?:[zZ]|[+-]\d{2}(?::?\d{2})?)"
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
ISO_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
SLASHED = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"


def trimmed(cell: str) -> str:
    """The cell without blanks around it; most have none, and a set of characters trims slowly.

    A `'` before a formula's first character is what `write_table` put there; it goes.
    """
    blanks = "chr(32) || chr(9) || chr(10) || chr(13) || chr(160) || chr(8239) || chr(8201)"
    return (
        f"CASE WHEN starts_with({cell}, {QUOTE}) AND regexp_matches({cell}, '^.[=+@\\t\\r-]') "
        f"THEN trim(substr({cell}, 2), {blanks}) "
        f"WHEN regexp_matches({cell}, '^[{SPACES}]|[{SPACES}]$') "
        f"THEN trim({cell}, {blanks}) ELSE {cell} END"
    )


def filled(cell: str, *, missing: Iterable[str] = ()) -> str:
    """The text of a trimmed cell; NULL when it says that nothing was filled in."""
    markers = tuple(dict.fromkeys(["", *MISSING, *(marker.strip().lower() for marker in missing)]))
    longest = max(len(marker.encode()) for marker in markers)
    return (
        f"CASE WHEN strlen({cell}) <= {longest} AND lower({cell}) IN {any_of(markers)} "
        f"THEN NULL ELSE {cell} END"
    )


def clean(cell: str, *, missing: Iterable[str] = ()) -> str:
    """What `filled` gives of what `trimmed` gives."""
    return filled(f"({trimmed(cell)})", missing=missing)


def renamed(cell: str, values: Mapping[str, str]) -> str:
    """The cell with the values that the mapping file renames."""
    if not values:
        return cell
    whens = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in values.items())
    return f"CASE {cell} {whens} ELSE {cell} END"


def bare_numeral(cell: str) -> str:
    """A numeral without its currency or percent sign, and with a plain minus."""
    minus = f"replace({cell}, chr(8722), '-')"
    before = f"regexp_replace({minus}, '^({SIGN}){CURRENCY}[{SPACES}]*', '\\1')"
    return f"regexp_replace({before}, '[{SPACES}]*(?:{CURRENCY}|%)$', '')"


def numeral(bare: str, decimal: Decimal) -> str:
    """A bare numeral as SQL reads it: no thousands separators, a point before the decimals.

    Args:
        bare: what `bare_numeral` gives.
        decimal: what stands before the decimals; the other sign separates thousands.
    """
    point = "," if decimal == "comma" else r"\."
    group = r"\." if decimal == "comma" else ","
    groups = rf"(?:{GROUP_SPACE}+|(?:{group}\d{{3}})+)"
    shape = rf"{SIGN}(?:\d+|\d{{1,3}}{groups})(?:{point}\d*)?".replace("'", "''")
    ungrouped = f"regexp_replace({bare}, '[{SPACES}''’{group}]', '', 'g')"
    pointed = f"replace({ungrouped}, ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({bare}, '{shape}') THEN {pointed} "
        f"WHEN regexp_full_match({bare}, '{PLAIN_NUMBER}') "
        f"AND {str(decimal == 'point').lower()} THEN {bare} END"
    )


def number(cell: str, decimal: Decimal, *, json: bool = False) -> str:
    """A number as a DOUBLE: `12 500 €`, `45 %` (45) and `-1.5e3` are; too large ones are not.

    Args:
        cell: the text.
        decimal: what stands before the decimals; the other sign separates thousands.
        json: whether a point may stand there all the same, as in JSON's own numbers.
    """
    bare = bare_numeral(cell)
    plain = numeral(bare, decimal)
    if json and decimal == "comma":
        plain = f"coalesce({plain}, {numeral(bare, 'point')})"
    whole = f"regexp_full_match({cell}, '{SIGN}\\d+')"
    value = f"TRY_CAST(CASE WHEN {whole} THEN {cell} ELSE {plain} END AS DOUBLE)"
    return f"nullif(nullif({value}, 'inf'::DOUBLE), '-inf'::DOUBLE)"


def boolean(cell: str) -> str:
    """Yes or no, in French or English, as a BOOLEAN."""
    word = f"lower({cell})"
    return f"CASE WHEN {word} IN {any_of(YES)} THEN true WHEN {word} IN {any_of(NO)} THEN false END"


def iso(cell: str, order: Order | None) -> str:
    """A date or an instant, however written, as ISO 8601 text: `2024-3-1 14:05:00+01`.

    Args:
        cell: ISO, with slashes, or an epoch in seconds, milli-, micro- or nanoseconds.
        order: whether 03/04/2024 is in April (`day_first`) or in March.
    """
    day = r"\3-\1-\2" if order == "month_first" else r"\3-\2-\1"
    rest = r"(?:(?:,?[ \x{00a0}]+(?:à[ ]+)?|T)(.*))?"
    turned = f"regexp_replace({cell}, '^{SLASHED}{rest}$', '{day} \\4')"
    yearly = f"regexp_replace({turned}, '^(\\d{{4}})[/.](\\d{{1,2}})[/.]', '\\1-\\2-')"
    french = f"regexp_replace({yearly}, '(\\d)h(\\d{{2}})', '\\1:\\2')"
    named = f"regexp_replace(replace(trim({french}), ',', '.'), ' ?(?:UTC|GMT)$', 'Z')"
    zulu = f"regexp_replace({named}, ' ([+-]\\d{{2}})', '\\1')"
    noon = f"strftime(try_strptime({zulu}, {_twelve_hours()}), '%Y-%m-%d %H:%M:%S')"
    return (
        f"CASE WHEN regexp_full_match({cell}, '{ISO_DAY}(?:[T ]{CLOCK}{OFFSET}?)?') THEN {cell} "
        f"WHEN regexp_full_match({cell}, '\\d{{9,19}}(?:\\.\\d+)?') THEN {_epoch(cell)} "
        f"WHEN regexp_full_match({cell}, '(?:19|20)\\d{{6}}') "
        f"THEN regexp_replace({cell}, '(\\d{{4}})(\\d\\d)(\\d\\d)', '\\1-\\2-\\3') "
        f"WHEN regexp_matches({cell}, '[AaPp][Mm]$') THEN {noon} "
        f"WHEN regexp_full_match({zulu}, '{ISO_DAY}(?:[T ]+{CLOCK}{OFFSET}?)?') THEN {zulu} END"
    )


def instant(written: str, timezone: str) -> str:
    """What `iso` gives as a TIMESTAMP in UTC; one without an offset is in `timezone`."""
    local = f"timezone({literal(timezone)}, TRY_CAST({written} AS TIMESTAMP))"
    return (
        f"CASE WHEN {_has_offset(written)} "
        f"THEN timezone('UTC', TRY_CAST({written} AS TIMESTAMPTZ)) "
        f"ELSE timezone('UTC', {local}) END"
    )


def day(written: str, timezone: str) -> str:
    """What `iso` gives as a DATE; an instant with an offset falls on its day in `timezone`."""
    aware = f"timezone({literal(timezone)}, TRY_CAST({written} AS TIMESTAMPTZ))"
    return (
        f"CASE WHEN {_has_offset(written)} THEN CAST({aware} AS DATE) "
        f"ELSE CAST(TRY_CAST({written} AS TIMESTAMP) AS DATE) END"
    )


def _has_offset(written: str) -> str:
    return f"regexp_matches({written}, ':\\d{{2}}.*{OFFSET}$')"


def _twelve_hours() -> str:
    clocks = ("%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
    return "[" + ", ".join(literal(f"%Y-%m-%d {clock}") for clock in clocks) + "]"


def _epoch(cell: str) -> str:
    whole = f"TRY_CAST({cell} AS DOUBLE)"
    exact = f"TRY_CAST(split_part({cell}, '.', 1) AS BIGINT)"
    micros = (
        f"CASE WHEN {whole} < 1e11 THEN CAST(round({whole} * 1e6) AS BIGINT) "
        f"WHEN {whole} < 1e14 THEN CAST(round({whole} * 1e3) AS BIGINT) "
        f"WHEN {whole} < 1e17 THEN {exact} ELSE {exact} // 1000 END"
    )
    return f"strftime(make_timestamp({micros}), '%Y-%m-%d %H:%M:%S.%f') || 'Z'"
