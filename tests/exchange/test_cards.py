"""What a listing says of itself in a list."""

from exchange.models.cards import LETTERS, Card


def card(text):
    others = {name: None for name in Card.__slots__ if name not in {"text", "skills"}}
    return Card(text=text, **others)


def test_a_short_text_stands_there_as_it_is():
    assert card("I cut your films. And you?").excerpt == "I cut your films. And you?"


def test_a_long_text_ends_with_a_whole_word():
    text = ("word " * 100)[: LETTERS - 2] + "wo"

    assert card(text).excerpt == "word " * 51 + "…"
