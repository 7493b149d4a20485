"""What the ecosystem's browser clients ask before they send: everything leads back to us."""

from __future__ import annotations

from typing import Any

_FIRST_DAY = "2026-01-01T00:00:00.000Z"


def segment_settings(key: str, *, host: str, protocol: str) -> dict[str, Any]:
    """For @segment/analytics-next; without our address it sends people's events elsewhere."""
    return {
        "integrations": {
            "Segment.io": {
                "apiKey": key,
                "apiHost": f"{host}/v1",
                "protocol": protocol,
                "unbundledIntegrations": [],
                "addBundledMetadata": True,
                "maybeBundledConfigIds": {},
                "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
            }
        },
        "plan": {
            "track": {"__default": {"enabled": True, "integrations": {}}},
            "identify": {"__default": {"enabled": True}},
            "group": {"__default": {"enabled": True}},
        },
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0, "host": f"{host}/v1"},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }


def rudderstack_settings(key: str, *, url: str) -> dict[str, Any]:
    """For @rudderstack/analytics-js: a source without destinations, on our data plane."""
    return {
        "source": {
            "id": key,
            "name": "Passerelle",
            "writeKey": key,
            "config": {
                "statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}
            },
            "enabled": True,
            "workspaceId": "passerelle",
            "connections": [],
            "destinations": [],
            "dataplanes": {"default": [{"url": url, "default": True}]},
            "updatedAt": _FIRST_DAY,
        },
        "updatedAt": _FIRST_DAY,
        "isHosted": True,
    }


def posthog_config(key: str) -> dict[str, Any]:
    """For posthog-js: capture alone, no recording, no surveys, no flags."""
    return {
        "token": key,
        "supportedCompression": ["gzip", "gzip-js", "base64"],
        "hasFeatureFlags": False,
        "captureDeadClicks": False,
        "capturePerformance": False,
        "autocapture_opt_out": True,
        "autocaptureExceptions": False,
        "analytics": {"endpoint": "/i/v0/e/"},
        "elementsChainAsString": True,
        "errorTracking": {"autocaptureExceptions": False, "suppressionRules": []},
        "sessionRecording": False,
        "heatmaps": False,
        "surveys": False,
        "defaultIdentifiedOnly": True,
        "siteApps": [],
        "siteAppsJS": [],
        "toolbarParams": {},
        "isAuthenticated": False,
    }


def posthog_flags() -> dict[str, Any]:
    """For PostHog's clients that ask for feature flags: there are none."""
    return {
        "flags": {},
        "featureFlags": {},
        "featureFlagPayloads": {},
        "errorsWhileComputingFlags": False,
        "quotaLimited": [],
        "requestId": "passerelle",
        "supportedCompression": ["gzip", "gzip-js", "base64"],
        "sessionRecording": False,
        "surveys": False,
        "siteApps": [],
        "toolbarParams": {},
        "isAuthenticated": False,
        "config": {"enable_collect_everything": False},
    }
