"""Text without case and accents, so that `Łódź`, `lodz` and `LODZ` are one word."""

import unicodedata

# Letters that Unicode does not take apart.
WHOLE = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{MODIFIER LETTER APOSTROPHE}": "'",
    }
)


def fold(text: str) -> str:
    """Take case and accents off a text of any script; NUL and white space become one space."""
    text = text.replace("\0", " ")
    if text.isascii():  # most is, and nothing has to be taken apart
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join([c for c in apart if not unicodedata.combining(c)])
    return " ".join(unicodedata.normalize("NFC", bare).translate(WHOLE).split())
