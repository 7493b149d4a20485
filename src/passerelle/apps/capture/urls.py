"""Addresses of the sources' pages; a source's own key is never a dash alone."""

from __future__ import annotations

from django.urls import path

from passerelle.apps.capture import views, watching_views

app_name = "capture"

urlpatterns = [
    path("", views.sources, name="sources"),
    path("-/new/", views.new_source, name="new"),
    path("-/events/", watching_views.events, name="all_events"),
    path("-/drops/", watching_views.drops, name="unknown_drops"),
    path("<slug:key>/", views.source, name="source"),
    path("<slug:key>/last-event/", views.last_event, name="last_event"),
    path("<slug:key>/events/", watching_views.events, name="events"),
    path("<slug:key>/drops/", watching_views.drops, name="drops"),
    path("<slug:key>/settings/", views.source_settings, name="settings"),
    path("<slug:key>/keys/", views.new_key, name="new_key"),
    path("<slug:key>/keys/<int:number>/revoke/", views.revoke_key, name="revoke_key"),
    path("<slug:key>/archive/", views.archive, name="archive"),
]
