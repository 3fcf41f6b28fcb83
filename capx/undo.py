"""A message that says what was done, with a button that takes it back."""

from django.contrib import messages
from django.http import HttpRequest


def say(request: HttpRequest, words: str, back: str) -> None:
    """Say that something is done; `back` is the address that undoes it when it is posted to.

    The message carries the address where Django lets it carry one: `message.extra_tags`.
    """
    messages.success(request, words, extra_tags=back)
