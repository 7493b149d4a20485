"""What to paste into a site or a program so that it sends its events here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlsplit


class Consent(StrEnum):
    """When our tracker may keep a number on a visitor's device; its script says the rest."""

    CONSENT = "consent"
    COOKIELESS = "cookieless"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A client's name, as its makers write it, how to install it, and the code to paste."""

    client: str
    title: str
    install: str
    code: str


@dataclass(frozen=True, slots=True)
class _Template:
    title: str
    install: str
    code: str


def snippets(key: str, *, url: str, consent: Consent = Consent.CONSENT) -> tuple[Snippet, ...]:
    """One for each client, with the write key and our address filled in.

    Keys and addresses are ours or checked: neither holds a character that code could stumble over.
    """
    values = {"key": key, "url": url.rstrip("/"), "host": urlsplit(url).netloc, "consent": consent}
    return tuple(
        Snippet(client, template.title, template.install, _filled_in(template.code, values))
        for client, template in _TEMPLATES.items()
    )


def _filled_in(code: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        code = code.replace(f"%{name}%", value)
    return code.strip("\n")


_TEMPLATES: Mapping[str, _Template] = MappingProxyType(
    {
        "passerelle": _Template(
            "passerelle.js",
            "",
            """
<script async src="%url%/passerelle.js" data-write-key="%key%" data-consent="%consent%"></script>
""",
        ),
        "segment": _Template(
            "Segment",
            "npm install @segment/analytics-next",
            """
import { AnalyticsBrowser } from "@segment/analytics-next";

export const analytics = AnalyticsBrowser.load({ writeKey: "%key%", cdnURL: "%url%" });
analytics.page();
""",
        ),
        "rudderstack": _Template(
            "RudderStack",
            "npm install @rudderstack/analytics-js",
            """
import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";

export const analytics = new RudderAnalytics();
analytics.load("%key%", "%url%", { configUrl: "%url%" });
analytics.page();
""",
        ),
        "jitsu": _Template(
            "Jitsu",
            "npm install @jitsu/js",
            """
import { jitsuAnalytics } from "@jitsu/js";

export const analytics = jitsuAnalytics({ host: "%url%", writeKey: "%key%:any" });
analytics.page();
""",
        ),
        "posthog": _Template(
            "PostHog",
            "npm install posthog-js",
            """
import posthog from "posthog-js";

posthog.init("%key%", { api_host: "%url%" });
""",
        ),
        "node": _Template(
            "Node.js",
            "npm install @segment/analytics-node",
            """
import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: "%key%", host: "%url%" });
analytics.identify({ userId: "42", traits: { email: "ada@example.com", company: "Acme" } });
analytics.track({ userId: "42", event: "Demo Requested", properties: { plan: "team" } });
await analytics.closeAndFlush();
""",
        ),
        "python": _Template(
            "Python",
            "pip install segment-analytics-python",
            """
import segment.analytics as analytics

analytics.write_key = "%key%"
analytics.host = "%url%"
analytics.identify("42", {"email": "ada@example.com", "company": "Acme"})
analytics.track("42", "Demo Requested", {"plan": "team"})
analytics.shutdown()
""",
        ),
        "curl": _Template(
            "curl",
            "",
            """
curl --user "%key%:" "%url%/v1/track" \\
  --data '{"userId": "42", "event": "Demo Requested", "properties": {"plan": "team"}}'
""",
        ),
    }
)
