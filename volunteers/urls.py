"""The addresses of people, affiliates, skills and notices."""

from django.urls import URLPattern

app_name = "volunteers"
urlpatterns: list[URLPattern] = []
