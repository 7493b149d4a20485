"""Every address of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("settings/", include("passerelle.apps.accounts.urls")),
    path("people/", include("passerelle.apps.people.privacy_urls")),
    path("shell/", include("passerelle.apps.shell.urls")),
    path("agreement/", include("passerelle.apps.scoring.urls")),
    path("people/", include("passerelle.apps.people.urls")),
    path("sources/", include("passerelle.apps.capture.urls")),
    path("", include("passerelle.apps.desk.urls")),
]

handler400 = "passerelle.apps.shell.errors.bad_request"
handler403 = "passerelle.apps.shell.errors.forbidden"
handler404 = "passerelle.apps.shell.errors.not_found"
handler500 = "passerelle.apps.shell.errors.broken"
