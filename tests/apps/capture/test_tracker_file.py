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
