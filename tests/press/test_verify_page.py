"""The press prints verify.html with the site's roots in it, and prints it anew when there is a new root."""

from datetime import timedelta

import brotli

from stet.edition.folder import EditionFolder
from stet.edition.root import next_root
from stet.edition.verify import check_page
from stet.edition.verify.page import Code
from stet.edition.verify.reader_page import site_of_page
from tests.press.builders import NOON, ROOT_KEY, House, SmallPaper


def test_verify_html_knows_the_site_and_is_signed_like_any_page(house: House, paper: SmallPaper) -> None:
    house.print()
    file = house.site / "verify.html"
    site, files = site_of_page(file)
    assert (site, list(files)) == (house.site_key.site, house.place.edition.root_files())
    code, claim = check_page(file.read_bytes(), house.place.edition.roots(), now=house.now, path="/verify.html")
    assert (code, claim and claim.time) == (Code.GOOD, NOON)


def test_a_new_root_is_in_it_with_the_next_print(house: House, paper: SmallPaper) -> None:
    house.print()
    last = house.place.edition.roots()[-1]
    house.place.edition.close()
    with EditionFolder(house.newsroom.edition) as edition:
        edition.put_root(next_root(last, [ROOT_KEY], now=NOON + timedelta(hours=2)))
    house.print()
    assert len(site_of_page(house.site / "verify.html")[1]) == 2
    assert house.check().ok
    assert house.verify() == []


def test_it_is_a_program_and_no_page_that_is_too_heavy(house: House, paper: SmallPaper) -> None:
    house.print()
    memory = house.memory()
    memory.set_packed([(99_999, "/verify.html", memory.sheet("/verify.html")[1])])  # type: ignore[index]
    assert memory.heavier_than(9_000) == []
    memory.close()


def test_each_language_has_a_small_page_that_checks_and_is_within_the_budget(house: House, paper: SmallPaper) -> None:
    house.print()
    for path, language in (("check.html", "en"), ("ru/check.html", "ru")):
        file = house.site / path
        code, _claim = check_page(file.read_bytes(), house.place.edition.roots(), now=house.now, path=f"/{path}")
        assert code == Code.GOOD
        assert f'<html lang="{language}"' in file.read_text()
        assert len(brotli.compress(file.read_bytes(), quality=11)) < 8_000
    assert 'href="/ru/check.html"' in house.page("/ru/reach-us/")
