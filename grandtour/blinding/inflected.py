"""How names change in running text: endings of cases, and what changes before them.

Two of every three languages of Europe decline names: Kasia, Kasię, Kasi; Praha, v Praze;
Helsinki, Helsingissä. No rule here is one of grammar: each says which letters may
stand at the end of a word that could be a name, for all languages of its script at once.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from capx.folding import fold

SHORT, LONG = 4, 6  # letters from which on an ending may be longer
SURE = 6  # letters of a stem that are enough to know a word by, whatever follows
# Vowels and soft signs at the end of a word in its first case.
VOWELS = "aeiouyаеиоуыэюяієьъαεηιουωაეიოუاةىيه"  # noqa: RUF001 -- other alphabets
# What may stand there instead, beside a vowel: of long words all of it may go.
LASTS = fold("ий ый ой ая яя ος ης ας ις υς nen as es is us os").split()
# Endings that follow a short stem; by script, of every language at once.
ENDINGS = {
    "latin": """
a e i o u y ie iei io iu ii ia ou om em um ym ami emi ach iach och ech ich iem iemu in ina ino
iny inu inom inog ine ini ei ui ul ului ow owi owie ovi ova ovo ove ovy ov um us os as es is
ai aj oje uje ji jo ju jom ze zi zie ce ci sa se si z zo ai ais s am im
""",
    "cyrillic": """
а я о е и ы у ю і є ь ом ем ам ям ио йо ах ях ами ями ои еи ою ею ого его ому ему ин ина ино
ине ину ины инои ова ово ове ови еви ов ев єм єю єві ім ів ут ата ят ът
""",  # noqa: RUF001
    "greek": "α ας η ης ο ου ος ε ες ων ους οι ω",  # noqa: RUF001
    "arabic": "ي يه يون يين يا ات تي",
    "georgian": "ი ის ს მა ოს ოსთან ოსთვის ას ასთან ასთვის ით ად ო ში დან თან სთან სთვის სგან",
}
# What follows the vowel in Finnish, Estonian, Hungarian, Turkish, Basque.
CASES = """
n nsa ni na ssa sta lla lta lle ksi tta en in seen t st ga le lt ks sse
val vel nak nek hoz hez nal rol tol ban ben ra re ba be bol ert
nin nun da de dan den ya ye yla yle yi yu ren ri rekin rentzat [a-z][ae]l
""".split()  # noqa: SIM905
Parts = tuple[str, str]  # patterns of a stem and of what may follow
SCRIPTS = {
    "latin": "a-z",
    "cyrillic": "\u0400-\u04ff",
    "greek": "\u0370-\u03ff",
    "arabic": "\u0600-\u06ff",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0530-\u058f",
    "hebrew": "\u0590-\u05ff",
}
# What the last consonants of a stem become before an ending: Olga, Oldze; Pekka, Pekan.
CHANGES = {
    "nk": "n[kg]",
    "nt": "n[tnd]",
    "mp": "m[pm]",
    "lt": "l[tld]",
    "rt": "r[trd]",
    "kk": "kk?",
    "pp": "pp?",
    "tt": "tt?",
    "ch": "(?:ch|sz|s)",
    "ht": "h[td]",
    "k": "[kcgq]",
    "g": "(?:g|dz|z)",
    "h": "[hzs]",
    "p": "[pv]",
    "t": "[td]",
    "к": "[кцч]",
    "г": "[гзж]",  # noqa: RUF001
    "х": "[хсш]",  # noqa: RUF001
}
SOFTENED = re.compile("[cnsz]ia$")  # nothing follows the i: Kasia, Kasi; Gdynia, Gdyni
CONSONANT = rf"[^\W\d_{VOWELS}]"
LATVIAN = re.compile(rf"...{CONSONANT}s$")  # Edgars, Edgaram; Ozols, Ozola; but Hans
# A vowel that goes when an ending comes: Marek, Marka; Павел, Павла; Київ, Києва.
FLEETING = re.compile(rf"({CONSONANT})([eеоaё])$")  # noqa: RUF001
CLOSED = re.compile(rf"({CONSONANT}|^.и)[іо]$")  # noqa: RUF001


@lru_cache(maxsize=4096)
def longer(word: str, letter: str) -> Parts:
    """Write a pattern for a folded word with any ending that one knows it by all the same.

    `letter`: the pattern of a letter that may follow.
    """
    if not word.isalpha():
        return re.escape(word), ""
    if len(word) < LONG:
        most = 2 if word[-1] in VOWELS else 3
        return re.escape(word), "s?" if len(word) < SHORT else f"{letter}{{0,{most}}}"
    cut = _cut(word)
    stem = cut if len(cut) >= SURE else word
    return _changing(stem), f"{letter}{{0,5}}"


@lru_cache(maxsize=4096)
def shorter(word: str) -> list[Parts]:
    """Write patterns for a short word, or a Latvian one, in other cases; else none.

    Such a form may be a word of its own: only with a capital does it name somebody.
    """
    script = script_of(word)
    latvian = LATVIAN.search(word)
    most = len(word) if latvian else LONG + 1
    if script not in ENDINGS or not word.isalpha() or not SHORT - 1 <= len(word) <= most:
        return []
    stem = word[:-1] if latvian else _cut(word)
    short = len(word) < SHORT
    parts = [(_changing(stem), _endings(script, short))]
    if SOFTENED.search(word) and not short:
        parts.append((re.escape(stem), ""))
    if script == "latin":
        vowel = f"[{word[-1]}e]{word[-1]}?" if word[-1] in VOWELS else "[aeiouy]?"
        parts.append((_changing(stem), vowel + _cases(short)))
        if stem.endswith("k"):  # Turku, Turussa
            parts.append((re.escape(stem[:-1]), vowel + _cases(short)))
    return parts


def script_of(word: str) -> str:
    """Say in which script a word begins; of others none is known."""
    return next((name for name, of in SCRIPTS.items() if re.match(f"[{of}]", word)), "")


def endings(script: str, short: bool, more: Iterable[str] = ()) -> str:  # noqa: FBT001
    """Write a pattern for what may follow a stem of a script, and beside that `more`."""
    known = [_endings(script, short)] if script in ENDINGS else []
    return _either([*known, *more])


@lru_cache(maxsize=16)
def _endings(script: str, short: bool) -> str:  # noqa: FBT001 -- read aloud: of a short name
    """Write a pattern for what may follow a stem; after two letters less: Ada, not Adam."""
    ends = set(fold(ENDINGS[script]).split())
    if short:
        ends = {end for end in ends if len(end) < SHORT - 1 and not end.endswith("m")}
        ends |= {"om"}
    return _either(ends)


@lru_cache(maxsize=2)
def _cases(short: bool) -> str:  # noqa: FBT001 -- read aloud: of a short name
    """Write a pattern for what may follow the vowel after a stem."""
    return _either(case for case in CASES if not short or len(case) > 1 or case == "n")


def _either(parts: Iterable[str]) -> str:
    """Write a pattern for one of these, the longest first."""
    return f"(?:{'|'.join(sorted(parts, key=len, reverse=True))})"


def _cut(word: str) -> str:
    """Take off how the first case ends."""
    for last in LASTS:
        if word.endswith(last) and len(word) - len(last) >= SHORT - 1:
            return word[: -len(last)] + ("s?" if last == "nen" else "")
    return word[:-1] if word[-1] in VOWELS and len(word) >= SHORT - 1 else word


def _changing(stem: str) -> str:
    """Write a stem so that it is known where its last letters change."""
    if stem.endswith("s?"):
        return re.escape(stem[:-2]) + "(?:nen|s)?"
    for last, becomes in CHANGES.items():
        if stem.endswith(last):
            return _open(re.escape(stem[: -len(last)]), becomes, len(stem))
    return _open(re.escape(stem[:-1]), re.escape(stem[-1]), len(stem))


def _open(before: str, last: str, length: int) -> str:
    """Write a stem with the vowel before its last consonant, which may change or go."""
    if length < SHORT:
        return before + last
    changed = CLOSED.sub(r"\1[ієео]", before)
    return FLEETING.sub(r"\1\2?", changed) + last
