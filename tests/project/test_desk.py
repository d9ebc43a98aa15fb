"""The desk: who may see what, and that its pages ask nobody else for anything."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from stet.project.settings import Desk

pytestmark = pytest.mark.django_db(databases=["default"])

FOREIGN = re.compile(
    rb"""(?:src|href|action|url\()\s*=?\s*["']?(https?:)?//(?!127\.0\.0\.1|localhost|testserver)[\w.]+"""
)


@pytest.fixture
def desk(admin_client: Client) -> Client:
    return admin_client


def test_a_stranger_is_led_to_the_login() -> None:
    answer = Client().get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/")


def test_the_sign_in_page_speaks_the_browsers_language(db: None) -> None:
    page = Client().get("/login/", headers={"accept-language": "fa"}).content.decode()
    assert 'lang="fa"' in page
    assert 'dir="rtl"' in page
    assert 'lang="en"' in Client().get("/login/", headers={"accept-language": "de"}).content.decode()


def test_an_original_photo_is_shown_to_staff_only(desk: Client) -> None:
    file = Path(settings.MEDIA_ROOT) / "original_images/a.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("pixels")
    assert Client().get("/media/original_images/a.txt").status_code == 302
    answer = desk.get("/media/original_images/a.txt")
    file.unlink()
    assert b"".join(answer.streaming_content) == b"pixels"  # type: ignore[attr-defined]
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_preview_shows_a_photo_that_was_rendered(desk: Client) -> None:
    digest = "ab" * 20
    file = settings.STET.folder / "renditions" / "ab" / digest / "640.avif"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("a rendered photo")
    address = f"/media/{digest[:20]}-640.avif"
    assert Client().get(address).status_code == 302
    assert b"".join(desk.get(address).streaming_content) == b"a rendered photo"  # type: ignore[attr-defined]
    assert desk.get(f"/media/{digest[:20]}-641.avif").status_code == 404
    assert desk.get(f"/media/{'cd' * 10}-640.avif").status_code == 404
    file.unlink()


def test_a_path_does_not_leave_the_media(desk: Client) -> None:
    assert desk.get("/media/../keys/desk-secret").status_code in (301, 302, 400, 404)
    assert desk.get("/media/%2e%2e/keys/desk-secret").status_code in (301, 302, 400, 404)


def test_every_page_of_the_desk_may_load_from_the_desk_only(desk: Client) -> None:
    for path in ("/", "/images/", "/reports/site-history/", "/login/"):
        policy = desk.get(path, follow=True).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "http" not in policy


def test_the_desk_names_no_foreign_host_that_a_browser_would_ask(desk: Client) -> None:
    for path in ("/", "/images/", "/account/"):
        body = desk.get(path, follow=True).content
        for tag in re.findall(rb"<(?:script|link|img|iframe|source|form)[^>]*>", body):
            assert FOREIGN.search(tag) is None, tag


def test_the_desk_asks_nobody_for_pictures_updates_or_scripts_and_listens_on_this_machine_unless_told() -> None:
    assert settings.WAGTAIL_GRAVATAR_PROVIDER_URL is None
    assert settings.WAGTAIL_ENABLE_UPDATE_CHECK is settings.WAGTAILAPI_DOCS_ENABLED is False
    assert settings.WAGTAIL_PASSWORD_RESET_ENABLED is False
    assert Desk().host == "127.0.0.1"


def test_an_unknown_host_is_refused() -> None:
    assert Client().get("/login/", headers={"host": "evil.example.com"}).status_code == 400


def test_nothing_of_the_desk_is_kept_by_a_browser_or_said_to_others(desk: Client) -> None:
    answer = desk.get("/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


# --- Whose desk it is ---


def test_the_sign_in_page_speaks_of_the_desk_and_not_of_what_it_is_made_of() -> None:
    sentences = {"en": "Sign in to the desk", "ru": "Вход в редакцию", "fa": "ورود به تحریریه"}
    for language, sentence in sentences.items():
        page = Client().get("/login/", headers={"accept-language": language}).content.decode()
        assert f"<h1>{sentence}</h1>" in page
        assert "- Stet</title>" in page
        assert "agtail" not in words_of(page)
        assert "وگتیل" not in page
    assert "Password" not in words_of(page)


@pytest.mark.parametrize("path", ["/", "/account/", "/letters/", "/images/", "/no-such-page/"])
def test_a_page_of_the_desk_says_stet_and_not_wagtail(desk: Client, path: str) -> None:
    page = desk.get(path, follow=True).content.decode()
    assert "- Stet</title>" in page
    assert '"name": "whats-new-in-wagtail' not in page
    assert "agtail" not in words_of(page)


def test_the_root_of_the_pages_says_what_stands_there(desk: Client) -> None:
    page = desk.get("/pages/").content.decode()
    assert "The fronts of the paper stand here, one for each language." in page
    assert "Configure a site now." not in page


def words_of(page: str) -> str:
    """What an editor sees of a page; Wagtail's word for who has no scripts is in no block, and its number is small."""
    seen = re.sub(r"<(script|style|noscript|template)\b.*?</\1>|<!--.*?-->", " ", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", seen)
