from datetime import timedelta
from typing import Any

import pytest

from passerelle.apps.capture.actions import Name, NewEvent, reclassify, record_events
from passerelle.apps.capture.mail_robots import MailEvent, done_by_gateways
from passerelle.apps.capture.models import Arrival, Event, Reclassified, Robot
from passerelle.apps.capture.robots import CLASSIFIER
from tests.apps.capture.desk import NOW, Request, a_source, basic, send, unpack


def a_mail(key: str, name: str, *, seconds: float, link: str = "") -> MailEvent:
    return MailEvent(key, name, NOW + timedelta(seconds=seconds), link)


def test_a_click_within_seconds_of_delivery_is_a_gateways() -> None:
    sent = a_mail("s", "email_sent", seconds=0)
    scan = a_mail("a", "email_clicked", seconds=4.999, link="x")
    person = a_mail("b", "email_clicked", seconds=5, link="x")

    assert set(done_by_gateways([person, scan, sent])) == {"a"}


def test_three_links_at_once_are_a_gateways_and_two_are_a_persons() -> None:
    burst = [a_mail(str(n), "email_clicked", seconds=60 + n, link=f"/{n}") for n in range(3)]
    slow = [a_mail(f"p{n}", "email_clicked", seconds=200 + n * 2.5, link=f"/{n}") for n in range(3)]
    twice = [a_mail(f"t{n}", "email_clicked", seconds=400 + n, link="/same") for n in range(5)]

    assert set(done_by_gateways([*burst, *slow, *twice])) == {"0", "1", "2"}


@pytest.mark.django_db(transaction=True)
def test_the_first_click_of_a_burst_is_marked_when_the_others_come() -> None:
    _, key = a_source()

    for n in range(3):
        send(Request("/v1/track", _a_click(n), basic(key)))
        unpack()

    assert set(Event.objects.values_list("robot", flat=True)) == {Robot.MAIL_SECURITY}
    assert Reclassified.objects.count() == 3
    assert Arrival.objects.count() == 4


def _a_click(n: int) -> dict[str, Any]:
    return {
        "event": "Email Link Clicked",
        "userId": "u",
        "messageId": f"c{n}",
        "timestamp": f"2026-11-22T11:00:0{n}Z",
        "properties": {"link_url": f"https://example.org/{n}"},
    }


@pytest.mark.django_db(transaction=True)
def test_a_new_classifier_reads_the_log_anew_and_tells_of_what_changed() -> None:
    agents = {"person": "Mozilla/5.0 Firefox/130.0", "robot": "Googlebot/2.1"}
    record_events(
        NewEvent(
            kind="page",
            name="page",
            message_id=name,
            subject=Name("device", name),
            occurred_at=NOW,
            received_at=NOW,
            context={"userAgent": agent},
            classifier=CLASSIFIER - 1,
        )
        for name, agent in agents.items()
    )
    Arrival.objects.all().delete()

    last = reclassify(NOW)

    assert last is not None
    assert reclassify(NOW, after=last) is None
    assert dict(Event.objects.values_list("message_id", "robot")) == {"person": "", "robot": "bot"}
    assert [a.subject.value for a in Arrival.objects.all()] == ["robot"]
    assert Reclassified.objects.count() == 1
