"""The same folding as `capx.folding`, done by PostgreSQL, so that no row escapes it.

Whoever changes the folding also adds a migration that makes `folded` of people and of
practices anew.
"""

from typing import Any

from django.db import models

from capx.folding import WHOLE

ALONE = {chr(c): str(plain) for c, plain in WHOLE.items() if len(str(plain)) == 1} | {
    "\N{GREEK SMALL LETTER FINAL SIGMA}": "\N{GREEK SMALL LETTER SIGMA}"
}
PAIRS = {chr(c): str(plain) for c, plain in WHOLE.items() if len(str(plain)) > 1} | {"ß": "ss"}
# Accents and vowel signs: Latin, Greek, Cyrillic, Hebrew, Arabic.
MARKS = "[\\u0300-\\u036f\\u0591-\\u05c7\\u064b-\\u065f\\u0670]"


class Folded(models.Func):
    """Text without case and accents."""

    output_field = models.TextField()

    def __init__(self, text: Any) -> None:
        """Wrap an expression, innermost what is done first."""
        inner = "lower(%(expressions)s)"
        for letter, pair in PAIRS.items():
            inner = f"replace({inner}, '{letter}', '{pair}')"
        letters, plain = "".join(ALONE), "".join(ALONE.values()).replace("'", "''")
        inner = f"translate({inner}, '{letters}', '{plain}')"
        template = (
            f"normalize(regexp_replace(normalize({inner}, NFKD), '{MARKS}', '', 'g'), NFC)"
        )
        super().__init__(text, template=template)
