"""The addresses of people, affiliates, skills and notices."""

from django.urls import path

from volunteers.views import suggest

app_name = "volunteers"
urlpatterns = [
    path("skills/suggest/", suggest.suggest_skills, name="suggest_skills"),
    path("places/suggest/", suggest.suggest_places, name="suggest_places"),
]
