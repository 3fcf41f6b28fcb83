"""Parts of addresses that PostgreSQL can look up."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class NameConverter(StringConverter):
    """A name: anything but a slash and NUL."""

    regex = r"[^/\x00]+"


register_converter(NameConverter, "name")
