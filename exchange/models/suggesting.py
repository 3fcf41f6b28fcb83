"""Ways in which what is being typed may go on."""

from exchange.models.finding import bounded
from exchange.models.understanding import SETTINGS
from exchange.search import SHORTEST_BEGINNING, words

SUGGEST = """
SELECT x.word FROM (
    (
        SELECT v.word, v.documents FROM exchange_word v
        WHERE v.word >= %(word)s AND v.word < %(word)s || U&'\\+10FFFF'
        ORDER BY v.documents DESC, v.word LIMIT 16
    ) UNION ALL (
        SELECT DISTINCT k.lexeme, 1000000 FROM exchange_skillword k
        WHERE k.lexeme >= %(word)s AND k.lexeme < %(word)s || U&'\\+10FFFF'
        AND k.lexeme !~ ':' LIMIT 8
    )
) AS x(word, documents)
WHERE documents > 1000 OR exchange_stands(x.word, %(see)s)
GROUP BY x.word ORDER BY max(documents) DESC, x.word LIMIT 8
"""


def suggest(text: str, *, see: str) -> list[str]:
    """Give up to eight ways in which what is being typed may go on.

    The last word is completed by words that stand where this viewer can find them, and by the
    names of skills; shorter beginnings than three letters are not looked up.
    """
    *before, last = text.split() or [""]
    typed = "".join(words(last))
    if len(typed) < SHORTEST_BEGINNING or not text.endswith(last):
        return []
    with bounded() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(SUGGEST, {"word": typed, "see": see})
        endings = [ending for (ending,) in cursor.fetchall()]
    return [" ".join([*before, ending]) for ending in endings]
