"""The closed lists of values that the demo company's log and lead base are written with."""

from __future__ import annotations

EVENTS = (
    "page", "form_submitted", "download", "email_sent", "email_opened", "email_clicked",
    "email_replied", "email_bounced", "email_unsubscribed", "newsletter_subscribed",
    "webinar_registered", "webinar_attended", "webinar_question", "chat_started", "comment_posted",
    "social_engaged", "trial_requested", "demo_requested", "quote_requested", "contact_requested",
    "outbound_replied", "field_changed", "accepted", "call_made", "contacted", "bant_assessed",
    "meeting_booked", "returned", "opportunity_created", "deal_won", "deal_lost",
)  # fmt: skip
EVENT = {name: code for code, name in enumerate(EVENTS)}

# What a browser sends itself; the rest is written by a server or by a salesperson.
BROWSER_EVENTS = frozenset({
    "page", "form_submitted", "download", "newsletter_subscribed", "webinar_registered",
    "chat_started", "comment_posted", "trial_requested", "demo_requested", "quote_requested",
    "contact_requested",
})  # fmt: skip
SALES_EVENTS = EVENTS[EVENTS.index("accepted") :]
HAND_RAISES = ("demo_requested", "contact_requested", "trial_requested", "quote_requested")

# The lead's own channel comes first; the last three are channels of later visits only.
CHANNELS = (
    "organic", "ads", "email", "social", "customer_referral", "employee_referral", "outbound",
    "events", "partner", "direct", "newsletter", "crawl",
)  # fmt: skip
CHANNEL = {name: code for code, name in enumerate(CHANNELS)}
LEAD_CHANNELS = CHANNELS[:9]

SOURCES = (
    "google", "bing", "google_ads", "linkedin_ads", "rented_list", "linkedin", "facebook", "x",
    "customer", "employee", "sdr", "trade_show", "integrator", "direct", "newsletter", "crawler",
)  # fmt: skip
SOURCE = {name: code for code, name in enumerate(SOURCES)}
# The sources of each channel, the commonest twice.
SOURCES_OF = (
    ("google", "google", "google", "bing"), ("google_ads", "google_ads", "linkedin_ads"),
    ("rented_list",), ("linkedin", "linkedin", "facebook", "x"), ("customer",), ("employee",),
    ("sdr",), ("trade_show",), ("integrator",), ("direct",), ("newsletter",), ("crawler",),
)  # fmt: skip

FORMS = (
    "newsletter", "ebook", "white_paper", "webinar", "demo", "contact", "trial", "quote",
    "badge_scan", "referral", "partner", "application",
)  # fmt: skip
FORM = {name: code for code, name in enumerate(FORMS)}

FIELDS = ("job_title", "employees")
CRITERIA = ("budget", "authority", "need", "timing")
REASONS = (
    "no_budget", "no_authority", "no_need", "bad_timing", "bad_data", "unreachable", "competitor",
    "duplicate",
)  # fmt: skip
REASON = {name: code for code, name in enumerate(REASONS)}

# What a lead key really stands for; only the truth tells.
KINDS = (
    "lead", "visitor", "prospect", "crawler", "junk", "student", "job_seeker", "competitor",
)  # fmt: skip
KIND = {name: code for code, name in enumerate(KINDS)}
