"""Words as a wiki shows them."""

import re

# What means something in wikitext: brackets and bars anywhere; quotes, dashes, exclamation
# marks and underscores beside another; a colon in an address; and what stands at an edge,
# where a line or a cell may begin. The rest stays as people write it: they go on writing there.
SIGNS = re.compile(
    r"[<>\[\]{}|~=]"
    r"|&(?=[#\w])"
    r"|(?<=[A-Za-z]):(?=\S)"
    r"|(?<=')'|'(?=')|(?<=-)-|-(?=-)|(?<=!)!|!(?=!)|(?<=_)_|_(?=_)"
    r"|^[*#:;!+'_-]|['_:!-]$"
)


def plain(words: str) -> str:
    """Write words so that a wiki reads nothing in them as markup."""
    return SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(words.split()))
