"""A newsroom in which every screen of the desk has something to show, in English or in Persian."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.test import Client
from django.utils import timezone
from wagtail.users.models import UserProfile

from stet.mirrors.checking import Fault
from stet.mirrors.checks import Check, State, write_check
from stet.mirrors.register import Mirror, Register, write_register
from stet.newsroom.killing.killing import kill
from stet.newsroom.live import posting
from stet.newsroom.models import ArticlePage, LiveEntry, SavedView, SectionPage, StaticPage, TopicPage
from stet.newsroom.sharing.links import revoke, share
from stet.newsroom.signing_in.slowing import FREE_FOR_ACCOUNT
from stet.sourcing.anchoring import Quote
from stet.sourcing.rich_text import opening_tag
from tests.letters.builders import story
from tests.newsroom.photos.test_at_the_desk import a_scene_photo
from tests.newsroom.roles.world import World, a_world
from tests.newsroom.signing_in.builders import PASSWORD, sign_in
from tests.press.builders import NOON, an_article, by, stored, text
from tests.sourcing.builders import a_claim, a_question, a_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the newsroom writes: long where headlines are long."""

    headlines: tuple[str, str, str, str, str]
    standfirst: str
    before: str
    said: str
    after: str
    claim: str
    source: str
    question: str
    view: str
    letter: str
    reason: str


ENGLISH = Words(
    headlines=(
        "Reservoir at Zelen held back: six weeks of warnings that nobody in the ministry passed on to the villages",
        "The vote is counted", "On the square", "Nine came back", "The wrong man",
    ),
    standfirst="Engineers wrote to the ministry four times. The answer came the day after the dam broke.",
    before='The river rose. "The dam held," she said - and ', said="600 people were killed at Zelen",
    after=". Nobody else has said so. More of the River later...",
    claim="Around 600 people were killed at Zelen in the night when the dam broke.", source="Anna Lind",
    question="How many were killed at Zelen?", view="Politics that waits for a second pair of eyes", letter="A flood",
    reason="It named the wrong man.",
)  # fmt: skip
PERSIAN = Words(
    headlines=(
        "سد زلن را نگه داشتند: شش هفته هشدار که هیچ‌کس در وزارتخانه به روستاهای پایین‌دست نرساند",
        "رأی‌ها شمرده شد", "در میدان", "نُه نفر بازگشتند", "مرد اشتباهی",
    ),
    standfirst="مهندسان چهار بار به وزارتخانه نوشتند. پاسخ یک روز پس از شکستن سد رسید.",
    before='رودخانه بالا آمد. "سد می‌ماند" - او گفت و ', said="۶۰۰ نفر در زلن کشته شدند",
    after=". کس دیگری چنین نگفته است. ادامه دارد...",
    claim="حدود ۶۰۰ نفر در شب شکستن سد در زلن کشته شدند.", source="آنا لیند",
    question="چند نفر در زلن کشته شدند؟", view="سیاست، در انتظار نگاه دوم", letter="سیل",
    reason="نام مرد اشتباهی در آن بود.",
)  # fmt: skip


def a_full_world(folder: Path, *, language: str = "en") -> World:
    """The newsroom of the roles, with everything begun that a screen can tell of; `folder` has its mirrors."""
    words = PERSIAN if language == "fa" else ENGLISH
    world, now = a_world(), timezone.now()
    admin, section = world.people["admin"], world.pages["section"]
    for person in world.people.values():
        person.set_password(PASSWORD)
        person.save()
        UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": language})
    _write_story(world, words)
    world.pages["live"].title = words.headlines[1]
    world.pages["live"].save_revision(user=admin).publish()
    _translate(world, words)
    _cover(world, words, now)

    killed = an_article(section, "wrong-man", title=words.headlines[4], owner=admin)
    killed.save_revision(user=admin).publish()
    world.pages["letter"].body = [story(killed)]
    world.pages["letter"].title = words.letter
    world.pages["letter"].save_revision(user=admin).publish()
    kill([(ArticlePage.objects.get(pk=killed.pk), words.reason)], user=admin)
    world.pages["killed"] = ArticlePage.objects.get(pk=killed.pk)

    for recipient, days in (("A lawyer in the capital", 3), ("The reviewer", 7)):
        row, token = share(world.pages["mine"], recipient=recipient, days=days, user=admin, now=now)
    revoke(row, user=admin)
    world.things["revoked"] = token
    SavedView.objects.create(owner=admin, name=words.view, is_shared=False, query=f"section={section.pk}")
    world.things["alike"] = [a_scene_photo(1), a_scene_photo(1)]
    world.pages |= {
        "front": section.get_parent().specific, "topic": TopicPage.objects.first(), "about": StaticPage.objects.first()
    }  # fmt: skip
    _carry(folder, now)
    for _ in range(FREE_FOR_ACCOUNT + 1):
        sign_in(Client(), "slowed", "wrong")
    return world


def _write_story(world: World, words: Words) -> None:
    article, photo = world.pages["mine"], a_scene_photo(3)
    claim = a_claim(words.claim, chain=(a_source(words.source), a_source("Harbour Radio")), question=a_question(
        words.question, slug="killed-at-zelen-in-the-night"
    ))  # fmt: skip
    world.things["claim"] = claim
    marked = f"{opening_tag(claim.pk, 'k3f9x2', Quote(exact=words.said, prefix='', suffix=''))}{words.said}</a>"
    article.title, article.standfirst = words.headlines[0], words.standfirst
    article.body = stored(
        text(f"<p>{words.before}{marked}{words.after}</p><p>{words.standfirst}</p>"),
        ("photo", {"photo": photo.pk, "alt": "", "caption": f"<p>{words.standfirst}</p>", "width": "column"}),
    )
    by(article, world.things["person"])
    article.save_revision(user=world.people["reporter"])


def _translate(world: World, words: Words) -> None:
    original = an_article(
        world.pages["section"], "square", title=words.headlines[2], body=stored(text(f"<p>{words.standfirst}</p>"))
    )
    original.save_revision().publish()
    section = SectionPage.objects.get(slug=world.pages["section"].slug, locale__language_code="ru")
    translation = an_article(
        section, "square", title="На площади, где шесть недель назад никто не стоял и никто ничего не слышал",
        body=stored(text("<p>Одиннадцать человек пришли.</p>")), translation_key=original.translation_key,
    )  # fmt: skip
    translation.save_revision().publish()
    translation.follow_original(ArticlePage.objects.get(pk=original.pk))
    original = ArticlePage.objects.get(pk=original.pk)
    original.body = stored(text(f"<p>{words.standfirst}</p><p>{words.before}</p>"))
    original.save_revision().publish()
    world.pages["translation"] = ArticlePage.objects.get(pk=translation.pk)


def _cover(world: World, words: Words, now: datetime) -> None:
    coverage = posting.begin(world.pages["live"], user=world.people["admin"], now=now)
    for headline, minutes in ((words.headlines[1], 40), (words.headlines[3], 5)):
        entry = LiveEntry(coverage=coverage, headline=headline, text=f"<p>{words.standfirst}</p>")
        posting.keep_waiting(entry, user=world.people["admin"])
        posting.post(entry, user=world.people["admin"], now=now - timedelta(minutes=minutes))


def _carry(folder: Path, now: datetime) -> None:
    mirrors = tuple(
        Mirror(name=name, target="folder:/srv/mirror", public=f"https://{name}.example.org", added=NOON)
        for name in ("north", "south")
    )
    write_register(folder, Register(mirrors=mirrors))
    write_check(folder, "north", Check(
        state=State.BEHIND, checked=now.astimezone(UTC), seq=10, published=now - timedelta(hours=3), last_success=now,
        problem=Fault.OLDER, refusal="The disk there is full.",
    ))  # fmt: skip
