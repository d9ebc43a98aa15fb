"""The service worker in a real browser, at a real address with two mirrors: cut, tampered with, rolled back, wiped."""

import re
import shutil
from collections.abc import Iterator

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from stet.project.reader_site import WORKER_POLICY, page_policy
from stet.theme import worker
from tests.theme.builders import a_site, an_answer_shell, an_article, full
from tests.theme.worker_paper import STORY, WorkerPaper, tampered

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
QUIET_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
HEADLINE = "h1"
LONGEST_WAIT_MILLISECONDS = 15_000
IS_SETTLED = """async () => {
  const found = await (await caches.open("stet-state")).match("/state");
  const state = found && navigator.serviceWorker.controller ? await found.json() : {};
  return Boolean(state.day && state.checked)
}"""

NO_WORKER_IS_ON_ITS_WAY = """navigator.serviceWorker.getRegistration().then(one =>
  !one || !one.installing && !one.waiting && one.active && one.active.state == "activated")"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerPaper]:
    made = WorkerPaper(tmp_path_factory.mktemp("worker"))
    yield made
    made.end()


@pytest.fixture
def paper(printed: WorkerPaper) -> Iterator[WorkerPaper]:
    with printed.as_it_was():
        yield printed


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 390, "height": 800})
    yield made
    made.close()


def has_worker(page: Page) -> bool:
    return bool(page.evaluate("navigator.serviceWorker.getRegistration().then(Boolean)"))


def state_of(page: Page) -> dict[str, object]:
    found: dict[str, object] = page.evaluate("caches.match('/state').then(found => found.json())")
    return found


def wait(page: Page, holds: str) -> None:
    """Until an expression holds in the page. Playwright's own way needs `eval`, which the page's policy forbids."""
    page.evaluate(
        f"""async () => {{
          const until = Date.now() + {LONGEST_WAIT_MILLISECONDS};
          while (!(await ({holds}))) {{
            if (Date.now() > until) throw new Error("It did not come to this.");
            await new Promise(done => setTimeout(done, 20));
          }}
        }}"""
    )


def settled(context: BrowserContext, paper: WorkerPaper, path: str = STORY) -> Page:
    """A reader's page, with the worker at work and the list of mirrors read."""
    page = context.new_page()
    page.goto(paper.server.address + path)
    wait(page, f"({IS_SETTLED})()")
    return page


def later(page: Page) -> None:
    """The next quarter of an hour: the worker may look at the pointer again."""
    page.evaluate(
        """async () => {
          const store = await caches.open("stet-state"), state = await (await store.match("/state")).json();
          await store.put("/state", new Response(JSON.stringify({ ...state, checked: 0, known: null, day: 0 })));
        }"""
    )
    restart(page)


def restart(page: Page) -> None:
    """End the worker as browsers do when it has nothing to do; the next page starts it anew."""
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    session.detach()


# --- What is printed ---


def test_the_worker_is_small_and_stands_on_its_own(paper: WorkerPaper) -> None:
    script = paper.worker()
    assert len(brotli.compress(script, quality=11)) <= worker.MOST_BYTES
    assert not re.search(rb"importScripts|eval\(|indexedDB|document\.|console", script)


def test_what_pages_carry_for_it_is_small(paper: WorkerPaper) -> None:
    plain = an_article("ru", site=a_site("ru"))
    staying = replace(plain, site=a_site("ru", app_path="/ru/app.webmanifest", offline_path="/ru/offline/"))
    sizes = [len(brotli.compress(paper.theme.set_page(page), quality=11)) for page in (plain, staying)]
    assert sizes[1] - sizes[0] <= 170


def test_what_the_frontdesk_answers_asks_for_no_worker(paper: WorkerPaper) -> None:
    staying = a_site(app_path="/app.webmanifest", offline_path="/offline/")
    html = paper.theme.set_page(replace(full("article"), site=staying))
    answer = paper.theme.set_page(an_answer_shell(site=staying))
    for part in (b"serviceWorker", b'rel="manifest"'):
        assert part in html
        assert part not in answer


def test_a_page_may_run_the_script_that_asks_for_it() -> None:
    policy = page_policy()
    assert f"'{worker.REGISTER_HASH}'" in policy
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
    assert "connect-src" not in policy
    assert WORKER_POLICY.startswith("default-src 'none'")


# --- Where it works ---


def test_it_is_registered_at_the_newsrooms_own_address(context: BrowserContext, paper: WorkerPaper) -> None:
    faults: list[str] = []
    context.on("console", lambda message: faults.append(message.text))
    page = settled(context, paper)
    assert state_of(page)["mirrors"] == [mirror.address for mirror in paper.mirrors]
    page.reload()
    expect(page.locator("[role=status]")).to_have_count(0)
    assert faults == []


def test_it_is_never_registered_on_a_mirror(context: BrowserContext, paper: WorkerPaper) -> None:
    page = context.new_page()
    page.goto(paper.mirrors[1].address + STORY)
    page.wait_for_load_state("networkidle")
    assert not has_worker(page)
    assert "/worker.js" not in paper.mirrors[1].asked


def test_a_worker_that_a_mirror_is_made_to_run_does_nothing(context: BrowserContext, paper: WorkerPaper) -> None:
    page = context.new_page()
    page.goto(paper.mirrors[1].address + STORY)
    page.evaluate("navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)")
    tampered(paper.mirrors[1].folder, STORY, "<body", "<body data-changed")
    page.reload()
    expect(page.locator("body[data-changed]")).to_have_count(1)


def test_without_scripts_everything_is_there(browser: Browser, paper: WorkerPaper) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(paper.server.address + STORY)
    expect(page.locator(HEADLINE)).to_be_visible()
    page.goto(paper.server.address + "/offline/")
    expect(page.locator(".unknown")).to_be_visible()
    expect(page.locator(".kept-here button")).to_have_count(3)
    assert page.locator(".kept-here button:visible").count() == 0
    assert "/worker.js" not in paper.server.asked
    context.close()


def test_a_browser_that_cannot_check_signatures_is_left_alone(context: BrowserContext, paper: WorkerPaper) -> None:
    context.add_init_script("SubtleCrypto.prototype.generateKey = () => Promise.reject(new Error('not supported'))")
    page = context.new_page()
    page.goto(paper.server.address + STORY)
    page.wait_for_load_state("networkidle")
    assert not has_worker(page)


# --- Where the address fails ---


def test_a_page_that_the_address_cannot_give_comes_from_a_mirror(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    paper.server.is_cut = True
    page.goto(paper.server.address + "/fa/section-1/story-0/")
    notice = page.locator("[role=status]")
    expect(notice).to_contain_text(paper.mirrors[0].address.removeprefix("http://"))
    expect(notice).to_have_attribute("dir", "rtl")
    expect(page.locator(HEADLINE)).to_be_visible()
    assert page.url == paper.server.address + "/fa/section-1/story-0/"


def test_a_mirror_that_was_tampered_with_is_passed_over_and_named(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    tampered(paper.mirrors[0].folder, "/page-3/", "</main>", "<p>Give here instead.</p></main>")
    paper.server.is_cut = True
    page.goto(paper.server.address + "/page-3/")
    notice = page.locator("[role=status]")
    bad, good = (mirror.address.removeprefix("http://") for mirror in paper.mirrors)
    expect(notice).to_contain_text(f"Something that is not ours stood at {bad}; it is not shown.")
    expect(notice).to_contain_text(f"This page comes from {good}")
    expect(page.get_by_text("Give here instead.")).to_have_count(0)


def test_a_page_of_another_address_on_a_mirror_is_refused(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    for mirror in paper.mirrors:
        shutil.copy(mirror.folder / "index.html", mirror.folder / "page-3" / "index.html")
    paper.server.is_cut = True
    page.goto(paper.server.address + "/page-3/")
    expect(page.locator(HEADLINE)).to_have_text("What is kept on this device")


def test_a_mirror_that_sends_without_end_is_left(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    (paper.mirrors[0].folder / "page-3" / "index.html").write_bytes(b"<p>" * 1_000_000)
    paper.server.is_cut = True
    page.goto(paper.server.address + "/page-3/")
    expect(page.locator("[role=status]")).to_contain_text(
        f"comes from {paper.mirrors[1].address.removeprefix('http://')}"
    )


def test_what_a_mirror_gave_is_kept_too(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    paper.server.is_cut = True
    page.goto(paper.server.address + "/page-3/")
    wait(page, "caches.match('/page-3/index.html')")
    for mirror in paper.mirrors:
        mirror.is_cut = True
    page.reload()
    expect(page.locator("[role=status]")).to_contain_text("kept on this device")


def test_a_mirror_that_is_behind_gives_way_to_one_that_is_not(context: BrowserContext, paper: WorkerPaper) -> None:
    paper.change_story("The dam stands", hours=2)
    paper.carry(to=1)
    page = settled(context, paper)
    paper.server.is_cut = True
    page.goto(paper.server.address + "/page-3/")
    first, second = (mirror.address.removeprefix("http://") for mirror in paper.mirrors)
    expect(page.locator("[role=status]")).to_contain_text(f"comes from {second}")
    paper.mirrors[1].is_cut = True
    page.goto(paper.server.address + "/fa/page-3/")
    expect(page.locator("[role=status]")).to_contain_text(first)
    page.goto(paper.server.address + "/page-5/")
    expect(page.locator(HEADLINE)).to_have_text("What is kept on this device")


def test_when_the_address_lies_a_mirror_is_shown_and_the_reader_told(
    context: BrowserContext, paper: WorkerPaper
) -> None:
    page = settled(context, paper)
    tampered(paper.edition.site, STORY, "</main>", "<p>Give here instead.</p></main>")
    page.reload()
    expect(page.locator("[role=status]")).to_contain_text("What stands at our own address now is not ours")
    expect(page.get_by_text("Give here instead.")).to_have_count(0)
    expect(page.locator(HEADLINE)).to_be_visible()


def test_with_everything_cut_the_last_copy_is_shown_with_its_date(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    for server in (paper.server, *paper.mirrors):
        server.is_cut = True
    page.reload()
    notice = page.locator("[role=status]")
    expect(notice).to_contain_text("Our own address does not answer. This copy was kept on this device on ")
    expect(notice).to_contain_text(page.evaluate("String(new Date().getUTCFullYear())"))
    page.goto(paper.server.address + "/")
    expect(page.locator(".lead, h2").first).to_be_visible()
    expect(page.locator("[role=status]")).to_be_visible()


def test_what_is_nowhere_leads_to_the_page_of_what_is_kept(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    for server in (paper.server, *paper.mirrors):
        server.is_cut = True
    page.goto(paper.server.address + "/page-3/")
    expect(page.locator(HEADLINE)).to_have_text("What is kept on this device")
    expect(page.locator(".kept li")).to_have_count(2)
    page.locator(".kept a", has_text="dam").first.click()
    expect(page).to_have_url(paper.server.address + STORY)
    expect(page.locator("[role=status]")).to_contain_text("kept on this device")


def test_in_a_language_that_was_not_read_yet_what_is_kept_is_told_in_another(
    context: BrowserContext, paper: WorkerPaper
) -> None:
    page = settled(context, paper)
    for server in (paper.server, *paper.mirrors):
        server.is_cut = True
    page.goto(paper.server.address + "/ru/never-read/")
    expect(page.locator(HEADLINE)).to_have_text("What is kept on this device")


def test_an_address_that_hangs_is_not_waited_for(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    paper.server.hold()
    try:
        page.goto(paper.server.address + "/page-3/")
        expect(page.locator("[role=status]")).to_contain_text("Our own address does not answer.")
    finally:
        paper.server.let_go()


# --- Editions ---


def test_an_address_that_goes_back_to_an_older_edition_is_refused(context: BrowserContext, paper: WorkerPaper) -> None:
    old = paper.folder / "old"
    shutil.copytree(paper.edition.site, old)
    paper.change_story("The dam stands", hours=2)
    paper.carry()
    page = settled(context, paper)
    expect(page.locator(HEADLINE)).to_have_text("The dam stands")
    shutil.rmtree(paper.edition.site)
    old.rename(paper.edition.site)
    page.reload()
    expect(page.locator("[role=status]")).to_contain_text("older than what you have seen here")
    expect(page.locator(HEADLINE)).to_have_text("The dam stands")


def test_an_older_pointer_is_noticed_though_the_pages_are_good(context: BrowserContext, paper: WorkerPaper) -> None:
    old = paper.folder / "old"
    shutil.copytree(paper.edition.site, old)
    paper.change_story("The dam stands", hours=2)
    page = settled(context, paper, "/page-3/")
    shutil.rmtree(paper.edition.site)
    old.rename(paper.edition.site)
    later(page)
    page.reload()
    wait(page, "caches.match('/state').then(found => found.json()).then(state => state.isOld)")
    page.goto(paper.server.address + STORY)
    expect(page.locator("[role=status]")).to_contain_text("older than what you have seen here")
    expect(page.locator(HEADLINE)).to_be_visible()


def test_while_an_edition_is_printed_a_page_may_be_as_either_says(context: BrowserContext, paper: WorkerPaper) -> None:
    paper.change_story("The dam stands", hours=2)
    page = settled(context, paper)
    stands = paper.edition.site / STORY.strip("/") / "index.html"
    before = stands.read_bytes()
    proof = paper.edition.site / ".well-known" / "stet"
    pointer = {name: (proof / f"edition.json{name}").read_bytes() for name in ("", ".sig")}
    paper.change_story("The dam stood", hours=1)
    for name, body in pointer.items():
        (proof / f"edition.json{name}").rename(proof / f"next.json{name}")
        (proof / f"edition.json{name}").write_bytes(body)
    page.reload()
    expect(page.locator(HEADLINE)).to_have_text("The dam stood")
    expect(page.locator("[role=status]")).to_have_count(0)
    stands.write_bytes(before)
    page.reload()
    expect(page.locator(HEADLINE)).to_have_text("The dam stands")
    expect(page.locator("[role=status]")).to_have_count(0)


def test_a_file_without_a_signature_is_checked_by_the_manifest(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    page.goto(paper.server.address + "/feed.json")
    expect(page.locator("body")).to_contain_text('{"items": []}')
    (paper.edition.site / "feed.json").write_text('{"items": ["false"]}')
    page.goto(paper.server.address + "/feed.json")
    expect(page.locator("body")).to_contain_text('{"items": []}')


def test_a_page_that_is_nowhere_is_said_to_be_nowhere(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    answer = page.goto(paper.server.address + "/no-such-page/")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("[role=status]")).to_have_count(0)
    shutil.rmtree(paper.edition.site / "page-3")
    page.goto(paper.server.address + "/page-3/")
    expect(page.locator("[role=status]")).to_contain_text("is not ours")


def test_a_story_that_was_withdrawn_is_kept_no_longer(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    paper.withdraw("/section-1/story-0/index.html")
    page.reload()
    expect(page.locator("[role=status]")).to_have_count(0)
    wait(page, f"caches.match('{STORY}index.html').then(found => !found)")
    for server in (paper.server, *paper.mirrors):
        server.is_cut = True
    page.reload()
    expect(page.locator(HEADLINE)).to_have_text("What is kept on this device")


def test_a_new_edition_key_is_learnt_from_the_next_root(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    paper.add_root()
    paper.change_story("Signed anew", hours=3)
    page.reload()
    expect(page.locator(HEADLINE)).to_have_text("Signed anew")
    expect(page.locator("[role=status]")).to_have_count(0)


# --- What is kept ---


def test_a_reader_makes_it_forget_and_may_have_no_page_kept(context: BrowserContext, paper: WorkerPaper) -> None:
    page, offline = settled(context, paper), paper.server.address + "/offline/"
    page.goto(offline)
    expect(page.locator(".kept li")).to_have_count(2)
    page.get_by_role("button", name="Forget what I read here").click()
    expect(page.locator(".nothing")).to_be_visible()
    assert page.evaluate("caches.open('stet-pages').then(one => one.keys()).then(keys => keys.length)") <= 1
    page.get_by_role("button", name="Forget it, and keep no pages any more").click()
    expect(page.locator(".off")).to_be_visible()
    page.goto(paper.server.address + STORY)
    page.goto(paper.server.address + "/")
    wait(page, "caches.match('/index.html')")
    page.goto(offline)
    expect(page.locator(".kept li")).to_have_count(1)
    page.get_by_role("button", name="Keep pages again").click()
    page.goto(paper.server.address + STORY)
    wait(page, f"caches.match('{STORY}index.html')")
    page.goto(offline)
    expect(page.locator(".kept li")).to_have_count(2)


def test_what_is_kept_ends_after_a_week_and_after_sixty_pages(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    page.evaluate(
        """async () => {
          const pages = await caches.open("stet-pages"), today = new Date().toISOString().slice(0, 10);
          const kept = day => new Response("", { headers: { "x-kept": day } });
          for (let n = 0; n < 70; n++) await pages.put(`/n/${n}/index.html`, kept(n ? today : "2026-01-01"));
        }"""
    )
    page.goto(paper.server.address + "/page-3/")
    keys = "caches.open('stet-pages').then(one => one.keys())"
    wait(page, f"{keys}.then(all => all.length === {worker.MOST_PAGES} + 2)")  # beside the front and the offline page
    assert page.evaluate("caches.match('/n/0/index.html').then(Boolean)") is False


def test_the_support_page_is_not_kept(context: BrowserContext, paper: WorkerPaper) -> None:
    paper.commit(paper.page(full("support")))
    page = settled(context, paper)
    page.goto(paper.server.address + "/support/")
    page.goto(paper.server.address + "/offline/")
    expect(page.locator(".kept li")).to_have_count(2)


# --- What may go wrong ---


def test_with_its_storage_wiped_it_is_a_plain_site(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    page.evaluate("caches.keys().then(names => Promise.all(names.map(name => caches.delete(name))))")
    restart(page)
    page.reload()
    expect(page.locator(HEADLINE)).to_be_visible()
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": paper.server.address, "storageTypes": "all"})
    page.reload()
    expect(page.locator(HEADLINE)).to_be_visible()
    expect(page.locator("[role=status]")).to_have_count(0)


def test_with_no_room_left_it_goes_on(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    session = context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": paper.server.address, "quotaSize": 1})
    page.goto(paper.server.address + "/page-3/")
    expect(page.locator(HEADLINE)).to_be_visible()
    page.goto(paper.server.address + "/ru/")
    expect(page.locator("[role=status]")).to_have_count(0)


def replaced(page: Page, paper: WorkerPaper, script: bytes) -> None:
    """Have the browser take another worker from the address."""
    (paper.edition.site / "worker.js").write_bytes(script)
    page.evaluate("navigator.serviceWorker.getRegistration().then(one => one && one.update())")
    # A browser that goes to a page in the moment it changes workers has been seen to wait for neither of them.
    wait(page, NO_WORKER_IS_ON_ITS_WAY)


@pytest.mark.parametrize(
    "script",
    [
        b'addEventListener("install", () => skipWaiting()); addEventListener("fetch", () => { throw new Error() })',
        b"const PAPER = {}; }{",
    ],
    ids=["throws", "is no script"],
)
def test_a_broken_worker_does_not_break_the_site(context: BrowserContext, paper: WorkerPaper, script: bytes) -> None:
    page = settled(context, paper)
    good = (paper.edition.site / "worker.js").read_bytes()
    if script.endswith(b"}{"):
        with pytest.raises(Exception, match="Failed to update"):
            replaced(page, paper, script)
    else:
        replaced(page, paper, script)
    page.goto(paper.server.address + "/page-3/")
    expect(page.locator(HEADLINE)).to_be_visible()
    replaced(page, paper, good + b"//")
    page.goto(paper.server.address + STORY)
    expect(page.locator(HEADLINE)).to_be_visible()


@pytest.mark.parametrize("change", [{"edition_keys": ()}, {"languages": ()}])
def test_a_worker_that_was_told_nonsense_leaves_readers_a_plain_site(
    context: BrowserContext, paper: WorkerPaper, change: dict[str, object]
) -> None:
    (paper.edition.site / "worker.js").write_bytes(paper.worker(**change))
    page = context.new_page()
    page.goto(paper.server.address + STORY)
    wait(page, "navigator.serviceWorker.controller")
    page.goto(paper.server.address + "/page-3/")
    expect(page.locator(HEADLINE)).to_be_visible()


def test_past_its_roots_year_it_steps_aside(context: BrowserContext, paper: WorkerPaper) -> None:
    (paper.edition.site / "worker.js").write_bytes(paper.worker(expires="2020-01-01T00:00:00Z"))
    page = context.new_page()
    page.goto(paper.server.address + STORY)
    wait(page, "navigator.serviceWorker.controller")
    tampered(paper.edition.site, "/page-3/", "<body", "<body data-changed")
    page.goto(paper.server.address + "/page-3/")
    expect(page.locator("body[data-changed]")).to_have_count(1)


def test_another_site_at_the_same_address_begins_anew(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    page.evaluate(
        """async () => {
          const store = await caches.open("stet-state"), state = await (await store.match("/state")).json();
          await store.put("/state", new Response(JSON.stringify({ ...state, site: "another", seq: 999 })));
        }"""
    )
    restart(page)
    page.reload()
    expect(page.locator("[role=status]")).to_have_count(0)
    wait(page, "caches.match('/state').then(found => found.json()).then(state => state.seq !== 999)")
    wait(page, f"({IS_SETTLED})()")
    assert state_of(page)["seq"] == 1


def test_switched_off_it_takes_itself_and_what_it_kept_away(context: BrowserContext, paper: WorkerPaper) -> None:
    page = settled(context, paper)
    replaced(page, paper, worker.worker_script(None))
    wait(page, "navigator.serviceWorker.getRegistration().then(one => !one)")
    wait(page, "caches.keys().then(names => names.length === 0)")
    page.goto(paper.server.address + STORY)
    expect(page.locator(HEADLINE)).to_be_visible()


# --- Whom it asks, and how it looks ---


def test_only_the_paper_and_its_mirrors_are_asked(context: BrowserContext, paper: WorkerPaper) -> None:
    asked: set[str] = set()
    context.on("request", lambda request: asked.add("/".join(request.url.split("/")[:3])))
    page = settled(context, paper)
    own = len(paper.server.asked)
    assert own <= 16
    page.goto(paper.server.address + "/page-3/")
    page.wait_for_load_state("networkidle")
    assert [path for path in paper.server.asked[own:] if path != "/worker.js"] == ["/page-3/"]
    assert not paper.mirrors[0].asked
    paper.server.is_cut = True
    page.goto(paper.server.address + "/ru/")
    assert asked - {"data:"} <= {paper.server.address, *(mirror.address for mirror in paper.mirrors)}


def test_the_page_of_what_is_kept_is_plain_to_everybody(browser: Browser, paper: WorkerPaper) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700}, bypass_csp=True)
    page = settled(context, paper)
    paper.server.is_cut = True
    page.goto(paper.server.address + "/fa/offline/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    context.close()
