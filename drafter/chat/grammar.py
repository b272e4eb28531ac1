"""The limits on numbers as a grammar of llama.cpp (GBNF): any text whose numbers are allowed ones.

What a grammar cannot say is left to the checks: that no exemplar is copied. Measured on the 0.5B,
one core: no cost where no number is wanted (33 ms a token with and without), 1 to 8% where the
prompt begs for numbers on every line; the engine looks at the grammar only when the token it chose
does not fit.
"""

from drafter.types import Limits

_WIDE = {0x30 + digit: 0xFF10 + digit for digit in range(10)} | {0x2E: 0xFF0E}
_OTHER, _AFTER = "[^0-9０-９]", "[^0-9０-９.,．]"


def grammar_for(limits: Limits) -> str:
    """Return a grammar that admits a text as `drafter.limits.admits` does, exemplars apart.

    A point or comma after a number is followed by no digit unless the number itself goes on so.
    """
    known = [number for number in limits.numbers if number and set(number) <= set("0123456789.,")]
    if not known:
        return f"root ::= {_OTHER}*"
    writings = {writing for number in known for writing in (number, number.translate(_WIDE))}
    numbers = " | ".join(f'"{writing}"' for writing in sorted(writings))
    return "\n".join(
        (
            f"root ::= {_OTHER}* ( number ( between number )* rest? )?",
            f"between ::= ( {_AFTER} | [.,．] {_OTHER} ) {_OTHER}*",
            "rest ::= between | [.,．]",
            f"number ::= {numbers}",
        )
    )
