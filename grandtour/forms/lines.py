"""A field for several short texts, one in each line."""

from typing import Any

from django import forms


class LinesField(forms.CharField):
    """Texts, one in each line: read as a list without empty ones and spaces around them."""

    widget = forms.Textarea({"rows": 5, "cols": 60, "dir": "auto"})

    def prepare_value(self, value: Any) -> Any:
        """Write a list line by line."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read one from each line that is not empty."""
        lines = (
            " ".join(line.split()) for line in (super().to_python(value) or "").split("\n")
        )
        return [line for line in lines if line]

    def run_validators(self, value: Any) -> None:
        """Look for what no text may hold in each line."""
        for line in value:
            super().run_validators(line)
