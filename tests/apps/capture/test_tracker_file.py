import gzip

from passerelle.apps.capture.routes import Told, route
from passerelle.apps.capture.telling import tell
from passerelle.apps.capture.tracker import tracker_script


def test_the_tracker_weighs_less_than_three_kilobytes() -> None:
    script = tracker_script()

    weight = len(script.gzipped)

    assert weight < 3000


def test_the_comments_stay_at_home_and_the_addresses_in_strings_do_not() -> None:
    body = tracker_script().body.decode()

    assert "//" not in body
    assert "/*" not in body
    assert "/v1/batch" in body


def test_the_same_script_stands_at_all_three_addresses() -> None:
    paths = ("/passerelle.js", "/analytics.js/v1/KEY/analytics.min.js", "/p.js")

    clients = {found.client for path in paths if isinstance(found := route(path), Told)}

    assert clients == {"script"}


def test_it_is_sent_gzipped_to_a_browser_that_says_it_takes_that() -> None:
    scope = {"query_string": b""}

    zipped = tell(Told("script"), scope, {b"accept-encoding": b"gzip, br"}, public_url="http://h")
    plain = tell(Told("script"), scope, {}, public_url="http://h")

    assert (b"content-encoding", b"gzip") in zipped.headers({})
    assert gzip.decompress(zipped.body) == plain.body == tracker_script().body
    assert (b"vary", b"Accept-Encoding") in plain.headers({})
