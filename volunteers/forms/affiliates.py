"""What stewards may write about their affiliate, and what members may do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.forms.codes import CodesField
from volunteers.forms.fields import PlaceField
from volunteers.models import Affiliate, Membership


class AffiliateForm(forms.ModelForm[Affiliate]):
    """An affiliate in its own words; its name and kind are the organisers' to change."""

    unmarked = True

    place = PlaceField(label=_("City"), required=False)
    countries = CodesField(kind="countries", label=_("Countries"), required=False)
    languages = CodesField(kind="languages", label=_("Languages"), required=False)

    class Meta:
        model = Affiliate
        fields = ["about", "website", "place", "countries", "languages", "has_office"]
        widgets = {"about": forms.Textarea(attrs={"rows": 8, "dir": "auto"})}


class RoleForm(forms.Form):
    """What somebody may do for the affiliate."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role)
