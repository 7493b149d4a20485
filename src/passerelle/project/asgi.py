"""The pages as an ASGI application."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from passerelle.project.bounded import bounded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelle.project.settings")

application = bounded(get_asgi_application(), limit=settings.UPLOAD_MAX_BYTES)
