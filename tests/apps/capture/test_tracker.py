"""Our tracker in a real browser, on a site of another origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.apps.capture.listening import Answer, Ear, a_site, an_ear

SEGMENTS_SNIPPET = """
<script>
!function(){var a=window.analytics=window.analytics||[];a.methods=["page","track","identify"];
a.factory=function(m){return function(){a.push([m].concat([].slice.call(arguments)));return a}};
a.methods.forEach(function(m){a[m]=a.factory(m)});
a.load=function(k,o){var s=document.createElement("script");s.async=!0;
s.setAttribute("data-global-segment-analytics-key","analytics");
s.src="EAR/analytics.js/v1/"+k+"/analytics.min.js";document.head.appendChild(s);a._loadOptions=o};
a.load("KEY1");a.page();a.identify("u-7",{plan:"pro"});a.track("Early",{n:1})}();
</script>"""


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    with an_ear() as ear:
        yield ear


@pytest.fixture
def site(ear: Ear) -> Iterator[Callable[..., str]]:
    """Puts up a site whose pages have the tag, with these attributes, and its origin."""
    opened = []

    def put_up(attributes: str = "", **more: str) -> str:
        tag = f'<script async src="{ear.origin}/passerelle.js" data-write-key=KEY1 {attributes}>'
        tag += "</script>"
        pages = {"/": "Home", "/pricing": "Prices"} | {f"/{k}": v for k, v in more.items()}
        manager = a_site(
            {path: text.replace("EAR", ear.origin) + tag for path, text in pages.items()}
        )
        opened.append(manager)
        return manager.__enter__()

    yield put_up
    for manager in opened:
        manager.__exit__(None, None, None)


def cookies(visitor: BrowserContext) -> list[str]:
    return [cookie["value"] for cookie in visitor.cookies()]


def stored(page: Page) -> list[Any]:
    return page.evaluate(  # type: ignore[no-any-return]
        "async () => [localStorage.length, sessionStorage.length, document.cookie,"
        " (await indexedDB.databases()).length]"
    )


def test_a_page_view_says_what_was_seen_and_where_it_came_from(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=none")
    page = visitor.new_page()

    page.goto(
        f"{origin}/pricing?utm_campaign=spring&utm_source=news&email=a@b.example&q=x",
        referer="https://search.example/?q=scoring",
    )
    ear.wait_for(lambda taken: taken)

    [seen] = ear.taken
    assert seen["type"] == "page"
    assert seen["properties"]["path"] == "/pricing"
    assert seen["properties"]["title"].startswith("/pricing")
    assert seen["properties"]["referrer"].startswith("https://search.example/")
    assert seen["properties"]["search"] == "?utm_campaign=spring&utm_source=news&email=&q=x"
    assert "a@b" not in str(ear.posts)
    assert seen["context"]["campaign"] == {"name": "spring", "source": "news"}
    assert seen["context"]["locale"] == "fr-FR"
    assert ear.posts[0]["path"] == "/v1/batch"
    assert ear.posts[0]["writeKey"] == "KEY1"


def test_each_page_of_a_site_that_never_reloads_is_seen_once(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=none")
    page = visitor.new_page()
    page.goto(f"{origin}/")

    page.evaluate("history.pushState({}, '', '/pricing'); document.title = 'Prices'")
    ear.wait_for(lambda taken: len(taken) == 2)
    page.evaluate("history.pushState({}, '', '/pricing#faq')")
    page.evaluate("history.replaceState({}, '', '/pricing?tab=2')")
    page.go_back()
    page.go_back()
    ear.wait_for(lambda taken: len(taken) >= 3)

    told = [(e["properties"]["path"], e["properties"]["referrer"]) for e in ear.taken]
    assert told[:2] == [("/", ""), ("/pricing", f"{origin}/")]
    assert told[-1][0] == "/"
    assert ear.taken[1]["properties"]["title"] == "Prices"
    assert len({e["messageId"] for e in ear.taken}) == len(ear.taken)
    assert len({e["anonymousId"] for e in ear.taken}) == 1


def test_nothing_is_kept_or_sent_before_consent_and_all_after_it(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site()
    page = visitor.new_page()
    page.goto(f"{origin}/pricing")
    page.wait_for_function("window.passerelle && !!passerelle.track")
    page.evaluate("passerelle.track('Video Played', {seconds: 30})")
    page.wait_for_timeout(500)
    before = (list(ear.posts), stored(page), cookies(visitor))

    page.evaluate("passerelle.consent(true)")
    ear.wait_for(lambda taken: len(taken) == 2)

    assert before == ([], [0, 0, "", 0], [])
    assert [e["type"] for e in ear.taken] == ["page", "track"]
    assert cookies(visitor) == [ear.taken[0]["anonymousId"]]


def test_a_refusal_is_remembered_and_forgets_what_was_held(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=none")
    page = visitor.new_page()
    page.goto(f"{origin}/")
    ear.wait_for(lambda taken: taken)

    page.evaluate("passerelle.consent(false); passerelle.track('Secretly')")
    page.goto(f"{origin}/pricing")
    page.evaluate("passerelle.track('Secretly')")
    page.wait_for_timeout(500)

    assert [e["type"] for e in ear.events] == ["page"]
    assert cookies(visitor) == ["no"]


def test_cookieless_sends_at_once_and_keeps_nothing(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=cookieless")
    page = visitor.new_page()

    page.goto(f"{origin}/")
    ear.wait_for(lambda taken: taken)
    kept = stored(page)
    page.goto(f"{origin}/pricing")
    ear.wait_for(lambda taken: len(taken) == 2)

    assert kept == [0, 0, "", 0]
    assert cookies(visitor) == []
    assert ear.taken[0]["anonymousId"] != ear.taken[1]["anonymousId"]


def test_a_returning_visitor_is_the_same_and_another_after_a_reset(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=none")
    page = visitor.new_page()

    page.goto(f"{origin}/")
    ear.wait_for(lambda taken: taken)
    page.close()
    again = visitor.new_page()
    again.goto(f"{origin}/")
    ear.wait_for(lambda taken: len(taken) == 2)
    again.evaluate("passerelle.reset(); passerelle.track('After')")
    ear.wait_for(lambda taken: len(taken) == 3)

    first, second, third = (e["anonymousId"] for e in ear.taken)
    assert first == second != third
    [cookie] = visitor.cookies()
    assert cookie["sameSite"] == "Lax"
    assert cookie["value"] == third


@pytest.mark.parametrize("signal", ["globalPrivacyControl: true", "doNotTrack: '1'"])
@pytest.mark.parametrize("mode", ["none", "cookieless", "consent"])
def test_who_asks_not_to_be_followed_is_not(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str], signal: str, mode: str
) -> None:
    origin = site(f"data-consent={mode}")
    name, value = signal.split(": ")
    visitor.add_init_script(f"Object.defineProperty(navigator, '{name}', {{value: {value}}})")
    page = visitor.new_page()

    page.goto(f"{origin}/")
    page.wait_for_function("window.passerelle && !!passerelle.track")
    page.evaluate("passerelle.consent(true); passerelle.identify('u1', {email: 'a@b.example'})")
    page.goto(f"{origin}/pricing")
    page.wait_for_timeout(300)

    assert ear.posts == []
    assert cookies(visitor) == []


def test_a_form_that_asks_for_it_tells_who_sent_it_and_no_secret(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site(
        "data-consent=none",
        demo="""<form id=ask action=/ data-passerelle="Demo Requested">
        <input name=id value=dataset><input name=your-mail type=email><input name=prenom
        data-passerelle=first_name><input name=phone><input name=pw type=password>
        <input name=pw2 autocomplete=new-password><input type=hidden name=csrf value=c>
        <input name=number autocomplete=cc-number><input name=note><input name=age
        data-passerelle-ignore><input type=checkbox name=news checked><input type=checkbox name=sms>
        <select name=size><option>10-49</select><textarea name=needs></textarea>
        <button name=go value=1>Send</button></form>""",
    )
    page = visitor.new_page()
    page.goto(f"{origin}/demo")
    for name, value in {
        "your-mail": "ada@firm.example",
        "prenom": "Ada",
        "phone": "0033 6 12 34 56 78",
        "pw": "hunter2",
        "pw2": "hunter3",
        "number": "1",
        "note": "4111 1111 1111 1111",
        "age": "40",
        "needs": "Scores",
    }.items():
        page.fill(f"[name={name}]", value)

    page.click("button")
    ear.wait_for(lambda taken: any(e.get("event") for e in taken))

    [who], [what] = ear.named("identify"), ear.named("track")
    assert who["traits"] == {
        "id": "dataset",
        "email": "ada@firm.example",
        "first_name": "Ada",
        "news": "on",
        "phone": "0033 6 12 34 56 78",
        "size": "10-49",
        "needs": "Scores",
    }
    assert what["event"] == "Demo Requested"
    assert what["properties"] == {"form": "ask"}
    assert "hunter" not in str(ear.posts)


def test_a_form_that_does_not_ask_is_left_alone(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site(
        "data-consent=none",
        contact="<form action=/><input name=mail value=a@b.example><button>Go</button></form>",
    )
    page = visitor.new_page()
    page.goto(f"{origin}/contact")

    page.click("button")
    ear.wait_for(lambda taken: len(taken) == 2)

    assert [e["type"] for e in ear.taken] == ["page", "page"]
    assert "a@b.example" not in str(ear.posts)


def test_what_is_called_while_leaving_arrives(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=none")
    page = visitor.new_page()
    page.goto(f"{origin}/")
    ear.wait_for(lambda taken: taken)

    page.evaluate("passerelle.track('Clicked Away'); location.href = '/pricing'")
    ear.wait_for(lambda taken: any(e.get("event") for e in taken))

    assert ear.named("Clicked Away")[0]["context"]["page"]["path"] == "/"


def test_a_page_that_comes_back_from_the_browsers_cache_is_seen_again(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=none")
    page = visitor.new_page()
    page.goto(f"{origin}/")
    ear.wait_for(lambda taken: len(taken) == 1)
    page.evaluate("window.stayed = true")
    page.goto(f"{origin}/pricing")
    ear.wait_for(lambda taken: len(taken) == 2)

    page.go_back(wait_until="commit")
    ear.wait_for(lambda taken: len(taken) == 3)

    assert page.evaluate("window.stayed") is True
    assert [e["properties"]["path"] for e in ear.taken] == ["/", "/pricing", "/"]
    assert len({e["messageId"] for e in ear.taken}) == 3


def test_a_busy_or_absent_collector_gets_it_later_with_the_same_id(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=none")
    ear.next += [Answer(status=429, headers={"Retry-After": "1"}), Answer(status=0)]
    page = visitor.new_page()

    page.goto(f"{origin}/")
    ear.wait_for(lambda taken: taken)

    assert len(ear.posts) == 3
    assert len({e["messageId"] for e in ear.events}) == 1


def test_what_the_collector_refuses_for_good_is_not_sent_again(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site("data-consent=none")
    ear.next.append(Answer(status=401))
    page = visitor.new_page()
    page.goto(f"{origin}/")

    page.wait_for_timeout(500)
    page.evaluate("passerelle.track('Next', {big: 'x'.repeat(40000)}); passerelle.track('Small')")
    ear.wait_for(lambda taken: taken)

    assert [e["type"] for e in ear.events] == ["page", "track"]
    assert ear.taken[0]["event"] == "Small"


def test_a_frame_that_may_keep_nothing_still_tells(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site(
        "data-consent=none data-manual",
        frame='<iframe sandbox="allow-scripts" src="/inner"></iframe>',
        inner="<p>Inside",
    )
    page = visitor.new_page()

    page.goto(f"{origin}/frame")
    frame = page.frame(url=f"{origin}/inner")
    assert frame
    frame.wait_for_function("window.passerelle && !!passerelle.track")
    frame.evaluate("passerelle.track('Played')")
    ear.wait_for(lambda taken: taken)

    assert [e["event"] for e in ear.taken] == ["Played"]


def test_calls_made_before_the_script_arrived_are_made_up_for(
    visitor: BrowserContext, ear: Ear, site: Callable[..., str]
) -> None:
    origin = site(
        early="<script>window.passerelle = [['identify', 'u-9', {company: 'Acme'}],"
        " ['track', 'Early'], ['nonsense']]</script>",
    )
    page = visitor.new_page()

    page.goto(f"{origin}/early")
    page.wait_for_function("window.passerelle && !!passerelle.track")
    page.evaluate("passerelle.consent()")
    ear.wait_for(lambda taken: len(taken) == 3)

    assert [e["type"] for e in ear.taken] == ["page", "identify", "track"]
    assert ear.taken[1]["userId"] == ear.taken[2]["userId"] == "u-9"
    assert ear.taken[1]["traits"] == {"company": "Acme"}


def test_segments_own_snippet_finds_us_and_its_calls_are_replayed(
    visitor: BrowserContext, ear: Ear
) -> None:
    with a_site({"/": SEGMENTS_SNIPPET.replace("EAR", ear.origin)}) as origin:
        page = visitor.new_page()

        page.goto(f"{origin}/")
        ear.wait_for(lambda taken: len(taken) == 3)
        page.evaluate("analytics.track('Later', {n: 2}).then(() => 1)")
        ear.wait_for(lambda taken: len(taken) == 4)

    assert [e["type"] for e in ear.taken] == ["page", "identify", "track", "track"]
    assert {post["writeKey"] for post in ear.posts} == {"KEY1"}
    assert ear.taken[2]["properties"] == {"n": 1}


def test_jitsus_own_tag_finds_us_and_its_queue_is_replayed(
    visitor: BrowserContext, ear: Ear
) -> None:
    body = (
        "<script>window.jitsuQ = [['track', 'Early'], (j) => j.track('Function')]</script>"
        f'<script async src="{ear.origin}/p.js" data-write-key="KEY2"></script>'
    )
    with a_site({"/": body}) as origin:
        page = visitor.new_page()

        page.goto(f"{origin}/")
        ear.wait_for(lambda taken: len(taken) == 3)
        page.evaluate("jitsuQ.push((j) => j.identify('u1'))")
        ear.wait_for(lambda taken: len(taken) == 4)

    assert [e.get("event", e["type"]) for e in ear.taken] == [
        *("page", "Early", "Function", "identify")
    ]
    assert {post["writeKey"] for post in ear.posts} == {"KEY2"}


def test_a_strict_policy_of_the_site_is_enough(visitor: BrowserContext, ear: Ear) -> None:
    policy = f"default-src 'none'; script-src {ear.origin}; connect-src {ear.origin}"
    body = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<script src="{ear.origin}/passerelle.js" data-write-key=K data-consent=none></script>'
    )
    with a_site({"/": body}) as origin:
        page = visitor.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))

        page.goto(f"{origin}/")
        ear.wait_for(lambda taken: taken)

    assert [text for text in complaints if "Policy" in text] == []
