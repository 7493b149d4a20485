"""Addresses of privacy, below /people/."""

from django.urls import path

from passerelle.apps.people import privacy_views

app_name = "privacy"
urlpatterns = [
    path("privacy/", privacy_views.requests, name="requests"),
    path("<slug:key>/privacy/", privacy_views.privacy, name="lead"),
    path("<slug:key>/privacy/consent/", privacy_views.consent, name="consent"),
    path("<slug:key>/privacy/suppression/", privacy_views.list_suppressed, name="suppression"),
    path("<slug:key>/privacy/export.json", privacy_views.export, name="export"),
    path("<slug:key>/privacy/erase/", privacy_views.erase, name="erase"),
]
