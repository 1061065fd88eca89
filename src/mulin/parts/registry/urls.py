"""Addresses of the pages of the registry, below /work/registry/. None carries anything of a person but a random id."""

from django.urls import path

from mulin.parts.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.people, name="list"),
    path("people/<str:public_id>/", views.person, name="person"),
    path("people/<str:public_id>/look/", views.look, name="look"),
    path("households/<str:public_id>/", views.household, name="household"),
]
