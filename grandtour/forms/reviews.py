"""What reviewers write: a score for each criterion, what they recommend, how sure they are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grandtour.actions.reviews import Written
from grandtour.forms.hosts import area
from grandtour.models import Criterion, Review


class Scale(forms.RadioSelect):
    """Scores side by side, each a target of its own."""

    def __init__(self, criterion: Criterion) -> None:
        """Say in the page which group it is, for the keys of a keyboard."""
        super().__init__({"group": "choices--scale"})
        self.criterion = criterion


class ReviewForm(forms.Form):
    """One review; a draft may have gaps."""

    recommendation = forms.ChoiceField(
        label=_("What do you recommend?"),
        choices=Review.Recommendation,
        required=False,
        widget=forms.RadioSelect({"group": "choices--words"}),
    )
    confidence = forms.TypedChoiceField(
        label=_("How sure are you?"),
        choices=Review.Confidence,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect({"group": "choices--words"}),
    )
    words = forms.CharField(
        label=_("What should the organisers know?"),
        help_text=_("What convinced you, what is open. The applicant does not read it."),
        max_length=4000,
        required=False,
        widget=area(4),
    )

    def __init__(
        self, data: Any, *, criteria: list[Criterion], review: Review | None, complete: bool
    ) -> None:
        """Ask for a score for each criterion; all of it, unless it stays a draft."""
        self.criteria = criteria
        super().__init__(data, initial=_said(review))
        fields = {f"score-{one.pk}": _score(one) for one in criteria}
        self.fields = fields | self.fields
        if complete:
            for name in [*fields, "recommendation", "confidence"]:
                self.fields[name].required = True

    def scores(self) -> list[Any]:
        """Give the fields of the criteria, in their order."""
        return [self[f"score-{one.pk}"] for one in self.criteria]

    def written(self) -> Written:
        """Give what is right of it."""
        said = self.cleaned_data
        scores = {one.pk: said.get(f"score-{one.pk}") for one in self.criteria}
        return Written(
            {key: value for key, value in scores.items() if value is not None},
            said.get("recommendation", ""),
            said.get("confidence"),
            said.get("words", ""),
        )


def _score(criterion: Criterion) -> forms.TypedChoiceField:
    """Make the field of one criterion."""
    values = range(criterion.lowest, criterion.highest + 1)
    return forms.TypedChoiceField(
        label=criterion.name,
        help_text=criterion.meaning,
        choices=[(value, str(value)) for value in values],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Scale(criterion),
    )


def _said(review: Review | None) -> dict[str, Any]:
    """Give what stands in a review so far."""
    if review is None:
        return {}
    scores = {f"score-{one.criterion_id}": one.value for one in review.scores.all()}
    rest = ("recommendation", "confidence", "words")
    return scores | {name: getattr(review, name) for name in rest}
