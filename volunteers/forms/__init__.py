"""What people may write about themselves, their affiliates, and what they wish to hear."""

from volunteers.forms.fields import PlaceField, SkillsField

__all__ = ["PlaceField", "SkillsField"]
