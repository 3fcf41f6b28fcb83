"""How somebody is doing, and how often they wish to be asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.models import CheckIn, CheckInRhythm

YES, NO = "yes", "no"


class AnswerForm(forms.Form):
    """How somebody is doing; a link of the mail has chosen already."""

    answer = forms.ChoiceField(
        label=_("How are you doing?"), choices=CheckIn.Answer, widget=forms.RadioSelect
    )


class MoreForm(forms.Form):
    """What somebody may add to an answer, or change in it: a thumb slips."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=CheckIn.Answer,
        widget=forms.RadioSelect,
        required=False,
    )
    still_right = forms.ChoiceField(
        label=_("Are the hours you have said you can give still right?"),
        choices=[(YES, _("Yes")), (NO, _("No, not any more"))],
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        label=_("Words, if you like"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def said(self) -> dict[str, Any]:
        """Give what is to be kept."""
        right = {YES: True, NO: False}.get(self.cleaned_data["still_right"])
        said = self.cleaned_data
        return {"answer": said["answer"], "still_right": right, "words": said["words"]}


class RhythmForm(forms.Form):
    """How often somebody wishes to be asked."""

    every = forms.ChoiceField(
        label=_("How often shall we ask you?"),
        choices=CheckInRhythm.Every,
        widget=forms.RadioSelect,
    )
