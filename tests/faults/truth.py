"""What must hold once everything has come to rest, asked in the installation itself."""

PUBLISH = """
from datetime import UTC, datetime
from passerelle.apps.capture.actions import create_source
from passerelle.apps.scoring.actions import publish
now = datetime.now(UTC)
publish(open({agreement!r}).read(), None, now=now)
print(create_source("Site", by=None, now=now).keys.get().key)
"""

AGREEMENT = """\
passerelle: 1
key: faults
dimensions:
  engagement: {range: [0, 1000], weight: 1}
rules:
  - {key: pricing, dimension: engagement, event: page, where: {path: /pricing*}, points: 3}
  - {key: blog, dimension: engagement, event: page, where: {path: /blog*}, points: 1}
total: {weighted: [engagement], range: [0, 1000]}
stages:
  contact: {label: Contact}
  mql: {label: MQL, when: {total: ">=20"}, falls_below: 10}
  hot: {label: Hot, when: {total: ">=200"}, falls_below: 100}
"""

SETTLED = """
from passerelle.apps.capture.models import Arrival, Event
from passerelle.apps.people.models import Touched
print(Arrival.objects.count() + Touched.objects.count(), Event.objects.count())
"""

FACTS = """
import json
from collections import Counter
from passerelle.apps.capture.models import Event
from passerelle.apps.people.models import Lead
from passerelle.apps.people.queries import logs_of
from passerelle.apps.scoring.models import Score, Transition
from passerelle.apps.scoring.queries import current_agreement
from passerelle.core.scorer import score_leads
published, agreement = current_agreement()
leads = list(Lead.objects.filter(merged_into=None).values_list("pk", flat=True))
scores = {s.lead_id: s for s in Score.objects.all()}
wrong = []
for log in logs_of(agreement, leads):
    kept = scores.get(int(log.key))
    if kept is None:
        wrong.append("no score")
        continue
    (again,) = score_leads(agreement, [log], as_of=kept.as_of)
    if abs(float(again.total) - float(kept.total)) > 1e-6:
        wrong.append(f"{kept.total} is kept, {again.total} is right")
broken = []
for lead in leads:
    stage = ""
    for move in Transition.objects.filter(lead=lead).order_by("id"):
        if move.from_stage != stage or move.to_stage == stage:
            broken.append((move.from_stage, move.to_stage, stage))
        stage = move.to_stage
    if lead in scores and scores[lead].stage != stage:
        broken.append(("kept", scores[lead].stage, stage))
ids = Counter(Event.objects.exclude(source=None).values_list("message_id", flat=True))
print(json.dumps({"ids": ids, "wrong": wrong, "broken": broken, "leads": len(leads)}))
"""
