"""The collector alone, as an ASGI application."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelle.project.settings")
django.setup()

from passerelle.apps.capture.collector import Collector  # noqa: E402  # its models need the setup

application = Collector()
