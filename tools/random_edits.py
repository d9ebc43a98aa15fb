"""Do a random editor's work on a newsroom while its press and its worker follow, then hold the edition to the law.

    python tools/random_edits.py --newsroom DIR --minutes 60 --rate 2/s --seed 1

Every edit goes the way the desk goes: through revisions, Wagtail's own scheduling, deletions and moves. What is
scheduled appears and expires by the worker's clock. In the end the tool waits until the press is quiet, stops both
processes, compares the edition with a full print (`stet print --check`), verifies it (`stet verify`) and prints a JSON
summary. Ends with 0 where no edit failed and nothing differs. Ctrl-C ends the edits early; the comparison follows.

Use a copy of a newsroom: what stands in it is not what stood in it before. Nothing else may run on it meanwhile.
"""

import argparse
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

QUIET_SECONDS = 3.0
"""How long nothing may have changed for the press to count as quiet."""
LONGEST_WAIT_SECONDS = 600.0
WORDS = ("flood", "verdict", "harvest", "ferry", "letter", "dam", "court", "border", "bread", "winter", "tram", "mine")


class Refusal(Exception):  # noqa: N818 - not an error: this edit has nothing to work on now
    """There is nothing to do this edit to."""


def main() -> int:
    """Edit, wait, compare, tell."""
    asked = arguments()
    os.environ["STET_NEWSROOM"] = str(asked.newsroom)
    from stet.project.settings import open_newsroom
    from stet.project.setup import set_up_django

    newsroom = open_newsroom(asked.newsroom)
    set_up_django(newsroom)
    stop = Stop()
    with following(asked.newsroom, "press", "worker") as processes:
        editor = Editor(random.Random(asked.seed), locked=Counter())
        before = seq(newsroom)
        edit_until(time.monotonic() + asked.minutes * 60, editor, rate=asked.rate, stop=stop, processes=processes)
        end(processes["worker"])
        quiet = wait_until_quiet(newsroom)
        stumbles = [name for name, process in processes.items() if name == "press" and process.poll() is not None]
    check = command("print", "--check", "--json", "--newsroom", str(asked.newsroom))
    verified = command("verify", str(newsroom.site), "--key", str(newsroom.folder / "site.pub"), "--json")
    summary = {
        "seed": asked.seed,
        "edits": sum(editor.done.values()),
        "by_kind": dict(sorted(editor.done.items())),
        "passed_over": dict(sorted(editor.passed_over.items())),
        "errors": editor.errors,
        "database_is_locked": editor.locked["locked"],
        "editions": seq(newsroom) - before,
        "became_quiet": quiet,
        "processes_that_ended": stumbles,
        "complaints": complaints(asked.newsroom),
        "check": check,
        "verify": verified,
    }
    print(json.dumps(summary, ensure_ascii=False, indent=2))
    ok = not editor.errors and quiet and not stumbles and check.get("ok") and verified.get("ok")
    return 0 if ok else 1


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsroom", type=lambda text: Path(text).resolve(), required=True, metavar="DIR")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=a_rate, default=2.0, metavar="N/s", help="edits a second (default: 2/s)")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def a_rate(text: str) -> float:
    """Edits a second.

    >>> a_rate("2/s"), a_rate("0.5")
    (2.0, 0.5)
    """
    return float(text.removesuffix("/s"))


class Stop:
    """Becomes true by Ctrl-C or SIGTERM."""

    def __init__(self) -> None:
        self.is_asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, *_signal: object) -> None:
        self.is_asked = True


def edit_until(
    deadline: float, editor: "Editor", *, rate: float, stop: Stop, processes: dict[str, subprocess.Popen[bytes]]
) -> None:
    """One edit after the other, `rate` a second at the most, until the deadline."""
    due = time.monotonic()
    told = due
    while time.monotonic() < deadline and not stop.is_asked:
        editor.edit()
        due += 1 / rate
        if time.monotonic() - told > 60:
            told = time.monotonic()
            tell(f"{sum(editor.done.values()):,} edits, {len(editor.errors)} errors")
        if processes["press"].poll() is not None:
            tell("The press ended; the edits end too.")
            return
        pause = due - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        else:
            due = time.monotonic()


def tell(sentence: str) -> None:
    """A line for who watches."""
    print(sentence, file=sys.stderr, flush=True)


# --- The processes beside the editor ---


@contextmanager
def following(folder: Path, *names: str) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run processes of the newsroom; end them in the end."""
    log = log_file(folder)
    log.unlink(missing_ok=True)
    with log.open("ab") as output:
        processes = {
            name: subprocess.Popen(
                [sys.executable, "-m", "stet.project.processes", name],
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            for name in names
        }
        try:
            yield processes
        finally:
            for process in processes.values():
                end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and make sure that it does."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def log_file(folder: Path) -> Path:
    """What the two processes say."""
    return folder / "logs" / "random-edits.log"


def complaints(folder: Path) -> list[str]:
    """The different sentences that press and worker said, the first 20."""
    lines = dict.fromkeys(line.strip() for line in log_file(folder).read_text(errors="replace").splitlines())
    return [line for line in lines if line][:20]


def command(*words: str) -> dict[str, Any]:
    """What a `stet` command says in JSON."""
    program = [sys.executable, "-c", "from stet.project.command import main; main()", *words]
    done = subprocess.run(program, check=False, capture_output=True, text=True)
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = {"said": done.stdout[-2000:] + done.stderr[-2000:]}
    return {"exit_code": done.returncode, **said}


def seq(newsroom: Any) -> int:
    """The edition's number."""
    from stet.edition.folder import EditionFolder

    pointer = EditionFolder(newsroom.edition).pointer()
    return pointer.seq if pointer else 0


def wait_until_quiet(newsroom: Any) -> bool:
    """Wait until the press has taken everything from the outbox and printed it; False if it does not come to that."""
    from stet.press.memory import Memory
    from stet.press.printing import outbox_end

    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    quiet_since, last = time.monotonic(), None
    while time.monotonic() < deadline:
        memory = Memory(newsroom.folder / "data" / "press.sqlite3", readonly=True)
        state = (seq(newsroom), memory.state("place"), memory.queue_length())
        memory.close()
        is_done = state[2] == 0 and int(state[1] or 0) == outbox_end()
        if state != last or not is_done:
            last, quiet_since = state, time.monotonic()
        elif time.monotonic() - quiet_since >= QUIET_SECONDS:
            return True
        time.sleep(0.2)
    return False


# --- The editor ---


class Editor:
    """Somebody who can do everything and does it in any order."""

    def __init__(self, dice: random.Random, *, locked: Counter[str]) -> None:
        self.dice = dice
        self.done: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        self.errors: list[str] = []
        self.locked = locked
        self.number = 0
        self._weights = dict(self._acts())

    def _acts(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self.create, 10), (self.save_a_draft, 5), (self.edit_and_publish, 20), (self.unpublish, 5),
            (self.unpublish_with_notice, 2), (self.publish_again, 8), (self.schedule, 4), (self.expire_soon, 3),
            (self.move, 4), (self.change_the_slug, 3), (self.delete, 4), (self.correct, 4), (self.pick, 4),
            (self.link, 5), (self.translate, 3), (self.place_on_the_front, 3), (self.tag, 5),
            (self.put_into_a_topic, 3), (self.sign, 4), (self.rename_a_section, 1), (self.rename_a_person, 1),
            (self.rename_a_tag, 1),
            (self.edit_a_topic, 2), (self.edit_a_page, 1), (self.change_the_photo, 3), (self.credit_a_photo, 1),
            (self.replace_a_photos_file, 1), (self.delete_a_photo, 1), (self.redirect, 1), (self.change_in_bulk, 1),
        ]  # fmt: skip

    def edit(self) -> None:
        """Do one thing."""
        from django.db import OperationalError

        acts = list(self._weights)
        act = self.dice.choices(acts, [self._weights[a] for a in acts])[0]
        try:
            act()
        except Refusal:
            self.passed_over[act.__name__] += 1
        except OperationalError as error:
            self.locked["locked"] += "locked" in str(error)
            self.errors.append(f"{act.__name__}: {type(error).__name__}: {error}")
        except Exception as error:
            self.errors.append(f"{act.__name__}: {type(error).__name__}: {error}"[:500])
        else:
            self.done[act.__name__] += 1

    # --- Articles ---

    def create(self) -> None:
        """Write a story and publish it at once, or leave it a draft."""
        from stet.newsroom.models import ArticlePage

        section = self._any_section()
        self.number += 1
        page = ArticlePage(
            title=self._words(5), slug=f"random-{self.dice.getrandbits(32):x}-{self.number}", locale=section.locale,
            standfirst=self._words(12), kind=self.dice.choice(ArticlePage.Kind.values), body=self._body(), live=False,
        )  # fmt: skip
        section.add_child(instance=page)
        revision = page.save_revision()
        if self.dice.random() < 0.8:
            revision.publish()

    def save_a_draft(self) -> None:
        """Change a story without publishing."""
        page = self._any_article()
        page.title = "Unpublished words " + self._words(3)
        page.save_revision()

    def edit_and_publish(self) -> None:
        """Change a live story's words."""
        page = self._any_article(live=True)
        page.title = self._words(5)
        if self.dice.random() < 0.5:
            page.body = self._body()
        if self.dice.random() < 0.3:
            page.standfirst = self._words(10)
        page.save_revision().publish()

    def unpublish(self) -> None:
        """Take a story down."""
        self._any_article(live=True).unpublish()

    def unpublish_with_notice(self) -> None:
        """Take a story down with a word to readers."""
        from stet.newsroom.withdrawing import withdraw

        page = self._any_article(live=True)
        withdraw(page, reason=f"We could not stand by it: {self._words(4)}.")
        page.unpublish()

    def publish_again(self) -> None:
        """Publish what was taken down, or a draft."""
        self._any_article(live=False).save_revision().publish()

    def schedule(self) -> None:
        """Let a story, or new words of one, appear in a minute."""
        from django.utils import timezone

        page = self._any_article()
        page.title = self._words(4)
        page.go_live_at = timezone.now() + timedelta(seconds=self.dice.randint(20, 90))
        page.save_revision().publish()

    def expire_soon(self) -> None:
        """Let a live story end in a minute or two."""
        from django.utils import timezone

        page = self._any_article(live=True)
        page.expire_at = timezone.now() + timedelta(seconds=self.dice.randint(30, 120))
        page.save_revision().publish()

    def move(self) -> None:
        """Move a story to another section of its language."""
        page = self._any_article()
        target = self._any_section(page.locale_id)
        if target.pk == page.get_parent().pk:
            raise Refusal
        page.move(target, pos="last-child")

    def change_the_slug(self) -> None:
        """Give a story another address."""
        page = self._any_article()
        self.number += 1
        page.slug = f"renamed-{self.dice.getrandbits(32):x}-{self.number}"
        page.save_revision().publish()

    def delete(self) -> None:
        """Delete a story, while enough are left."""
        from stet.newsroom.models import ArticlePage

        if ArticlePage.objects.count() < 60:
            raise Refusal
        self._any_article().delete()

    def correct(self) -> None:
        """Add a correction, as the desk does: with a revision."""
        from stet.newsroom.models import ArticleCorrection

        page = self._any_article(live=True)
        page.corrections.add(ArticleCorrection(date=datetime.now(UTC).date(), text=f"<p>It was {self._words(2)}.</p>"))
        page.save_revision().publish()

    def pick(self) -> None:
        """Pick a story to read more of."""
        from stet.newsroom.models import ReadMorePick

        page = self._any_article(live=True)
        page.picks.set([ReadMorePick(article=self._any_article(locale=page.locale_id))])
        page.save_revision().publish()

    def link(self) -> None:
        """Link to another story in the text."""
        page = self._any_article(live=True)
        other = self._any_article()
        words = f'<p>As <a linktype="page" id="{other.pk}">we wrote</a>, {self._words(6)}.</p>'
        page.body = self._body(words)
        page.save_revision().publish()

    def translate(self) -> None:
        """Begin a translation where there is none yet, and publish it."""
        from wagtail.models import Locale

        page = self._any_article()
        taken = page.get_translations(inclusive=True).values_list("locale_id", flat=True)
        sections = page.get_parent().get_translations().values_list("locale_id", flat=True)
        locale = Locale.objects.filter(pk__in=list(sections)).exclude(pk__in=list(taken)).first()
        if locale is None:
            raise Refusal
        translation = page.copy_for_translation(locale)
        translation.title = self._words(4)
        translation.save_revision().publish()

    def place_on_the_front(self) -> None:
        """Place a story by hand, in place of those there."""
        from stet.newsroom.models import FrontPage, FrontPlacement

        front = self._any(FrontPage.objects.all())
        stories = {self._any_article(locale=front.locale_id).pk for _ in range(self.dice.randint(0, 3))}
        front.placements.set([FrontPlacement(article_id=pk, sort_order=i) for i, pk in enumerate(sorted(stories))])
        front.save_revision().publish()

    def tag(self) -> None:
        """Set other tags."""
        page = self._any_article()
        page.tags.set(self.dice.sample(WORDS, self.dice.randint(0, 3)))
        page.save_revision().publish()

    def put_into_a_topic(self) -> None:
        """Put a story into topics of its language, or out of them."""
        from stet.newsroom.models import TopicPage

        page = self._any_article(live=True)
        topics = list(TopicPage.objects.filter(locale_id=page.locale_id))
        page.topics.set(self.dice.sample(topics, self.dice.randint(0, len(topics))))
        page.save_revision().publish()

    def sign(self) -> None:
        """Set other bylines."""
        from stet.newsroom.models import ArticleByline, Person

        page = self._any_article(live=True)
        people = list(Person.objects.filter(locale_id=page.locale_id))
        chosen = self.dice.sample(people, self.dice.randint(0, min(2, len(people))))
        page.bylines.set([ArticleByline(person=person, sort_order=i) for i, person in enumerate(chosen)])
        page.save_revision().publish()

    # --- What stands around the articles ---

    def rename_a_section(self) -> None:
        """Give a section another name."""
        section = self._any_section()
        section.title = self._words(1)
        section.save_revision().publish()

    def rename_a_person(self) -> None:
        """Give a person another name."""
        from stet.newsroom.models import Person

        person = self._any(Person.objects.exclude(kind="withheld"))
        person.name = self._words(2)
        person.save()

    def rename_a_tag(self) -> None:
        """Give a tag another name; its address stays."""
        from taggit.models import Tag

        tag = self._any(Tag.objects.all())
        tag.name = f"{self._words(1)} {self.dice.randint(1, 9999)}"
        tag.save()

    def edit_a_topic(self) -> None:
        """Change what a topic is about."""
        from stet.newsroom.models import TopicPage

        topic = self._any(TopicPage.objects.all())
        topic.summary = f"<p>{self._words(12)}</p>"
        if self.dice.random() < 0.3:
            topic.title = self._words(2)
        topic.save_revision().publish()

    def edit_a_page(self) -> None:
        """Change a static page."""
        from stet.newsroom.models import StaticPage

        page = self._any(StaticPage.objects.all())
        page.body = self._body()
        page.save_revision().publish()

    def change_the_photo(self) -> None:
        """Give a story another photo, an old one or a new one, or none."""
        from stet.newsroom.models import Photo

        page = self._any_article(live=True)
        throw = self.dice.random()
        if throw < 0.3 or not Photo.objects.exists():
            page.lead_photo = self._new_photo()
        else:
            page.lead_photo = None if throw < 0.5 else self._any(Photo.objects.all())
        page.save_revision().publish()

    def credit_a_photo(self) -> None:
        """Change a photo's credit."""
        from stet.newsroom.models import Photo

        photo = self._any(Photo.objects.all())
        photo.credit = f"{self._words(2)} / Example"
        photo.save()

    def replace_a_photos_file(self) -> None:
        """Upload another picture in a photo's place."""
        from stet.newsroom.models import Photo

        photo = self._any(Photo.objects.all())
        photo.file = self._picture()
        photo.save()

    def delete_a_photo(self) -> None:
        """Delete a photo that may be in use, while enough are left."""
        from stet.newsroom.models import Photo

        if Photo.objects.count() < 20:
            raise Refusal
        self._any(Photo.objects.all()).delete()

    def redirect(self) -> None:
        """Lead an old address to a story."""
        from wagtail.contrib.redirects.models import Redirect

        page = self._any_article()
        path = f"/old-{self.dice.randint(1, 30)}"
        Redirect.objects.update_or_create(old_path=path, site=None, defaults={"redirect_page_id": page.pk})

    def change_in_bulk(self) -> None:
        """Change rows without a signal, as a script does."""
        from stet.newsroom.models import ArticlePage

        page = self._any_article()
        ArticlePage.objects.filter(pk=page.pk).update(dateline=self._words(1))

    # --- Choosing ---

    def _any(self, rows: Any) -> Any:
        count = rows.count()
        if not count:
            raise Refusal
        return rows.order_by("pk")[self.dice.randrange(count)]

    def _any_article(self, *, live: bool | None = None, locale: int | None = None) -> Any:
        from stet.newsroom.models import ArticlePage

        rows = ArticlePage.objects.all()
        if live is not None:
            rows = rows.filter(live=live)
        if locale is not None:
            rows = rows.filter(locale_id=locale)
        page = self._any(rows)
        return page.get_latest_revision_as_object() if page.latest_revision_id else page

    def _any_section(self, locale: int | None = None) -> Any:
        from stet.newsroom.models import SectionPage

        rows = SectionPage.objects.all() if locale is None else SectionPage.objects.filter(locale_id=locale)
        return self._any(rows)

    def _words(self, count: int) -> str:
        return " ".join(self.dice.choice(WORDS) for _ in range(count)).capitalize()

    def _body(self, *paragraphs: str) -> str:
        texts = [
            *paragraphs,
            *(f"<p>{self._words(self.dice.randint(10, 60))}.</p>" for _ in range(self.dice.randint(1, 6))),
        ]
        return json.dumps([{"type": "text", "value": text} for text in texts])

    def _picture(self) -> Any:
        from django.core.files.base import ContentFile
        from PIL import Image

        body = io.BytesIO()
        colour = tuple(self.dice.randrange(256) for _ in range(3))
        Image.new("RGB", (self.dice.randint(200, 900), self.dice.randint(200, 700)), colour).save(body, "PNG")
        return ContentFile(body.getvalue(), name="random.png")

    def _new_photo(self) -> Any:
        from stet.newsroom.models import Photo

        photo = Photo(title=self._words(2), credit=f"{self._words(1)} / Example", description=self._words(6))
        photo.file = self._picture()
        photo.save()
        return photo


if __name__ == "__main__":
    sys.exit(main())
