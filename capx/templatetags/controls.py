"""Form fields as Codex draws them; the admin keeps its own."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# The first that fits: a list of checkboxes is, to Django, a kind of radio.
SHAPES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxInput, "checkbox"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.Textarea, "area"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "group"),
    (forms.SelectDateWidget, "group"),
    (forms.widgets.Input, "text"),
]
CLASSES = {
    "checkbox": "cdx-checkbox__input",
    "select": "cdx-select",
    "area": "cdx-text-area__textarea",
    "text": "cdx-text-input__input",
    "file": "file-input",
    "group": "cdx-text-input__input",
}


SELECTED = mark_safe(" selected")
Group = tuple[str | None, list[dict[str, Any]], int]


@register.filter
def shape(field: BoundField) -> str:
    """Name the shape of a field's widget; a widget with its own template is `own`."""
    widget = field.field.widget
    if (widget.template_name or "").startswith("widgets/"):
        return "own"
    return next((name for kind, name in SHAPES if isinstance(widget, kind)), "own")


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw the bare input of a field, with Codex's class beside its own."""
    own = field.field.widget.attrs.get("class", "")
    classes = f"{CLASSES.get(shape(field), '')} {own}".strip()
    return field.as_widget(attrs={"class": classes} if classes else {})


@register.filter
def option(choice: BoundWidget, kind: str) -> SafeString:
    """Draw the bare input of one choice: `kind` is checkbox or radio."""
    choice.data["attrs"]["class"] = f"cdx-{kind}__input"
    return choice.tag()


@register.filter
def choices(groups: Iterable[Group]) -> SafeString:
    """Draw the choices of a select, as a widget gives them, without a template for each."""
    return format_html_join("\n", "{}", ((_group(name, rows),) for name, rows, _ in groups))


def _group(name: str | None, rows: list[dict[str, Any]]) -> SafeString:
    """Draw choices; those with a name in common stand below it."""
    drawn = format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((row["value"], flatatt(row["attrs"]), row["label"]) for row in rows),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


@register.filter
def options(pairs: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """Draw pairs of value and label, of which one is chosen."""
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if value == chosen else "", label) for value, label in pairs),
    )


@register.filter
def optional(field: BoundField) -> bool:
    """Say whether a field should be marked as one that may stay empty.

    What only a draft may leave empty is not: a form names it in `needed`.
    """
    form: Any = field.form
    needed = getattr(form, "unmarked", False) or field.name in getattr(form, "needed", ())
    return not field.field.required and not needed


@register.filter
def nearby(page: Page[Any]) -> Iterator[int | str]:
    """List the numbers of the pages around this one, the first and the last."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag
def page_address(query: QueryDict, number: int, name: str) -> str:
    """Give the address of a page of a list, whatever else the address says."""
    turned = query.copy()
    turned[name or "page"] = str(number)
    return f"?{turned.urlencode()}"


@register.filter
def labelled(form: forms.BaseForm) -> forms.BaseForm:
    """Take placeholders off a form: its labels say it already."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
