"""What has to be looked at again: every form that a page shows, in one list above it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context

register = template.Library()

# What a browser never gets back: the sentence that nothing is lost would not be true.
NOT_KEPT = (forms.PasswordInput, forms.FileInput)


@dataclass(frozen=True)
class Fault:
    """A field that has to be looked at again: what it is called, why, and where it stands."""

    label: str
    words: str
    target: str


@dataclass(frozen=True)
class Faults:
    """All that has to be looked at again: sentences about a whole form, then fields."""

    sentences: list[str]
    fields: list[Fault]
    kept: bool

    def __bool__(self) -> bool:
        return bool(self.sentences or self.fields)


@register.simple_tag(takes_context=True)
def faults(context: Context) -> Faults:
    """Gather what is wrong in the forms that were sent, whatever a view calls them."""
    request = context.get("request")
    if request is None or request.method != "POST":
        return Faults([], [], kept=True)
    parts = list(_parts(context.flatten().values()))
    sent = [form for form in parts if isinstance(form, forms.BaseForm) and form.errors]
    return Faults(
        [str(sentence) for part in parts for sentence in _about_all(part)],
        [_fault(field) for form in sent for field in form.visible_fields() if field.errors],
        kept=not any(_is_lost(form) for form in sent),
    )


def _parts(values: Iterable[Any]) -> Iterator[forms.BaseForm | forms.BaseFormSet[Any]]:
    """Find forms and sets of forms among the values of a page, each once."""
    seen: set[int] = set()
    for value in values:
        group: Iterable[Any] = (
            value if isinstance(value, (list, tuple, type({}.values()))) else [value]
        )
        for one in group:
            if isinstance(one, (forms.BaseForm, forms.BaseFormSet)) and id(one) not in seen:
                seen.add(id(one))
                yield one
                if isinstance(one, forms.BaseFormSet):
                    yield from one.forms


def _about_all(part: forms.BaseForm | forms.BaseFormSet[Any]) -> Iterator[object]:
    """Give what is wrong with a form as a whole, or with what people cannot see of it."""
    if isinstance(part, forms.BaseFormSet):
        yield from part.non_form_errors()
        return
    yield from part.non_field_errors()
    for field in part.hidden_fields():
        yield from field.errors


def _fault(field: BoundField) -> Fault:
    # A group of choices has no id of its own: one goes to the first of them.
    target = field.id_for_label or f"{field.auto_id}_0"
    return Fault(str(field.label), str(field.errors[0]), target)


def _is_lost(form: forms.BaseForm) -> bool:
    return any(isinstance(field.widget, NOT_KEPT) for field in form.fields.values())
