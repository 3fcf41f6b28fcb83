"""In which scripts something is written, and which of them put nothing between words."""

import re
import unicodedata
from functools import lru_cache

FEWEST = 2  # letters of a script from which on a text is written in it
LATIN: frozenset[str] = frozenset({"latin"})
NONE: frozenset[str] = frozenset()
# What Unicode calls by other names.
TOGETHER = {"cjk": "han", "bopomofo": "han", "hiragana": "kana", "katakana": "kana"}
# Scripts that write without spaces, or write in one word with a name what belongs to it: Thai
# and Lao, Tibetan, Myanmar, Ethiopic, Khmer, Tai, Balinese, Japanese, Chinese, Yi, Korean.
CLOSE = (
    r"\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1200-\u139f\u1780-\u17ff\u1950-\u19df"
    r"\u1a20-\u1aad\u1b00-\u1b7f\u2d80-\u2ddf\u3005\u3040-\u312f\u3400-\u9fff\ua000-\ua4cf"
    r"\ua980-\ua9df\uab00-\uab2f\uac00-\ud7af\U00020000-\U0003ffff"
)
# Scripts in which a vowel is a mark beside a letter, which is no letter to Python: those of
# India and its neighbours, and Thaana.
MARKED = r"\u0780-\u07bf\u0900-\u0963\u0966-\u0dff"
# Letters of all other scripts than the Latin one; most texts have none.
BEYOND = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2c00-\u2dff\u3005-\ua71f\ua800-\U0003ffff]")
# What words are made of, in all other scripts; and what is none of all that.
LETTER = rf"[^\W_{CLOSE}{MARKED}]"
AFTER_NONE = rf"(?<![^\W_{CLOSE}])(?<![{MARKED}])"
BEFORE_NONE = rf"(?!{LETTER}|[{MARKED}])"


@lru_cache(maxsize=8192)
def script_of_letter(letter: str) -> str:
    """Say of which script a letter is, as Unicode names it; of nothing else."""
    if not letter.isalpha():
        return ""
    if letter < "\u0250":
        return "latin"
    bare = unicodedata.normalize("NFKD", letter)[0]
    script = unicodedata.name(bare, "").partition(" ")[0].lower()
    return TOGETHER.get(script, script) if script != "modifier" else ""


def scripts_in(text: str, fewest: int = FEWEST) -> frozenset[str]:
    """Name the scripts in which a text is written; of a letter or two nobody reads a name."""
    if not BEYOND.search(text):
        return LATIN if any(map(str.isalpha, text)) else NONE
    scripts = [script_of_letter(letter) for letter in set(text)]
    return frozenset(one for one in scripts if one and scripts.count(one) >= fewest)
