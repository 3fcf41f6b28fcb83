"""Numbers in Spanish as Unicode's CLDR writes them: sums and distances stand side by side."""

from babel import Locale

_SIGNS = Locale.parse("es").number_symbols["latn"]
DECIMAL_SEPARATOR = _SIGNS["decimal"]
THOUSAND_SEPARATOR = _SIGNS["group"]
NUMBER_GROUPING = 3
