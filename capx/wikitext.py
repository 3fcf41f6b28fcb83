"""Words as a wiki shows them."""

import re

# What means something in wikitext.
SIGNS = re.compile(r"[^\w\s.,?()]|_")


def plain(words: str) -> str:
    """Write words so that a wiki reads nothing in them as markup."""
    return SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(words.split()))
