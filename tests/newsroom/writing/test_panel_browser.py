"""The panel "Writing" in a browser: counting, weighing, finding, mending, suggesting; previews; keys."""

from tests.newsroom.writing.conftest import Desk

WORDS = "() => window.stetWriting.places().map(({field, text}) => [field.name, text])"


def words(desk: Desk) -> dict[str, list[str]]:
    """What the form holds, by field."""
    found: dict[str, list[str]] = {}
    for name, text in desk.page.evaluate(WORDS):
        found.setdefault(name, []).append(text)
    return found


def test_words_are_counted_and_weighed_found_and_replaced_and_it_is_undone(desk: Desk) -> None:
    desk.open()
    page = desk.page

    # The keys are listed where Wagtail lists its own.
    page.keyboard.press("?")
    keys = page.locator("#keyboard-shortcuts-dialog")
    keys.get_by_text("Find and replace").wait_for()
    assert "Ctrl + Shift + f" in keys.inner_text()
    page.keyboard.press("Escape")

    # Words, minutes and the headline are counted while one writes.
    page.locator("[data-side-panel-toggle=writing]").click()
    page.locator("[data-stet-words]").get_by_text("18", exact=True).wait_for()
    page.fill("[name=standfirst]", "word " * 100)
    page.locator("[data-stet-words]").get_by_text("118", exact=True).wait_for()
    assert page.locator("[data-stet-minutes]").inner_text() == "1"
    page.fill("[name=title]", "Long " * 20)
    page.locator("[data-stet-headline]").get_by_text("99: long for a phone").wait_for()
    page.locator("[data-stet-weigh]").click()
    page.locator("[data-stet-weights] meter").wait_for()
    assert "of 8,600 bytes" in page.locator("[data-stet-weights]").inner_text()

    # Words are found in headline, standfirst and text, and replaced.
    page.fill("[name=title]", "River en")
    page.fill("[name=standfirst]", "A river, and the River again.")
    page.keyboard.press("Control+Shift+F")
    page.locator("[data-stet-find]:focus").wait_for()
    page.keyboard.type("river")
    count = page.locator("[data-stet-count]")
    count.get_by_text("1 of 6").wait_for()
    page.keyboard.press("Enter")
    count.get_by_text("2 of 6").wait_for()
    assert "Standfirst" in page.locator("[data-stet-context]").inner_text()
    page.locator("[data-stet-case]").check()
    count.get_by_text("of 3").wait_for()
    page.locator("[data-stet-case]").uncheck()
    page.fill("[data-stet-find]", "rive")
    count.get_by_text("1 of 6").wait_for()
    page.locator("[data-stet-whole]").check()
    count.get_by_text("Not found").wait_for()
    page.locator("[data-stet-whole]").uncheck()
    page.fill("[data-stet-find]", "river")
    before = words(desk)
    page.fill("[data-stet-replace]", "rivers")
    page.keyboard.press("Enter")
    count.get_by_text("2 of 6").wait_for()
    assert words(desk)["title"] == ["rivers en"]
    page.keyboard.press("Control+Enter")
    page.locator("[data-stet-told]").get_by_text("Replaced.").wait_for()
    assert words(desk)["standfirst"] == ["A rivers, and the rivers again."]
    assert words(desk)["body-0-value"][1] == "More of the rivers later..."
    page.locator("[data-stet-do=undo]").click()
    page.locator("[data-stet-told]").get_by_text("Undone").wait_for()
    page.locator("[data-stet-do=undo]").click()
    page.locator("[data-stet-do=undo]").wait_for(state="hidden")
    assert words(desk) == before


def test_a_suggestion_made_as_a_comment_is_taken_over_with_one_press(desk: Desk) -> None:
    desk.open()
    page = desk.page
    desk.text.first.click()
    page.keyboard.press("Control+Home")
    for _ in range(4):
        page.keyboard.press("Control+Shift+ArrowRight", delay=60)
    page.keyboard.press("Control+Alt+M")
    page.locator(".comment textarea").fill("=> The stream rose")
    page.locator(".comment button[type=submit]").first.click()
    desk.save()
    desk.text.first.wait_for()
    page.locator("[data-side-panel-toggle=writing]").click()
    offer = page.locator("[data-stet-suggested] li")
    offer.wait_for()
    offer.get_by_role("button", name="Take it").click()
    page.locator("[data-stet-told]").get_by_text("Taken over").wait_for()
    assert words(desk)["body-0-value"][0].startswith("The stream rose")


def test_quotes_are_shown_then_mended_one_by_one_or_all_and_saved_with_what_stands_on_them(desk: Desk) -> None:
    story = desk.stories["ru"]
    link = '<a href="https://example.org/a--b?c=%22">"Плотина'
    story.body[0].value.source = f'<p>Она - <b>"да"</b>, а {link} стоит"</a>... <code>a -- "b"</code></p>'
    story.save()
    desk.open("ru")
    page = desk.page
    page.keyboard.press("Control+Shift+'")
    mends = page.locator("[data-stet-list] li")
    mends.first.wait_for()
    assert mends.count() == 7
    assert words(desk)["body-0-value"] == ['Она - "да", а "Плотина стоит"... a -- "b"']
    mends.first.get_by_role("button", name="Mend").click()
    page.locator("[data-stet-mends]").get_by_text("6").wait_for()
    page.locator("[data-stet-do=mend-all]").click()
    page.locator("[data-stet-told]").get_by_text("Mended.").wait_for()
    mends.first.wait_for(state="detached")
    page.keyboard.press("Control+Shift+'")
    page.locator("[data-stet-told]").get_by_text("Nothing to mend").wait_for()
    desk.save()
    assert desk.body("ru").split(">", 1)[1] == (
        'Она\u00a0— <b>«да»</b>, а\u00a0<a href="https://example.org/a--b?c=%22">«Плотина стоит»</a>… '
        '<code>a -- "b"</code></p>'
    )


def test_persian_words_keep_their_non_joiner_and_are_looked_at_from_right_to_left_and_in_the_dark(desk: Desk) -> None:
    desk.open("fa")
    page = desk.page
    page.keyboard.press("Control+Shift+'")
    page.locator("[data-stet-do=mend-all]").click()
    page.locator("[data-stet-told]").get_by_text("Mended.").wait_for()
    assert words(desk)["body-0-value"] == ["رودخانه بالا آمد. «سد می\u200cماند» – او گفت."]
    page.keyboard.press("Control+p")
    frame = page.frame_locator("#w-preview-iframe")
    frame.locator("h1").wait_for()
    page.select_option("#id_preview_mode", "dark")
    frame.locator("meta[name=color-scheme][content=dark]").wait_for(state="attached")
    assert frame.locator("html").get_attribute("dir") == "rtl"
    light = "e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, n) => sum + Number(n), 0)"
    assert frame.locator("html").evaluate(light) + frame.locator("body").evaluate(light) < 300
    widths = set()
    for size in ("mobile", "desktop"):
        page.locator(f"[name=preview-size][value={size}]").check(force=True)
        widths.add(frame.locator("html").evaluate("e => e.clientWidth"))
    assert len(widths) == 2
