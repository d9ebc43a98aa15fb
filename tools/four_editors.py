"""Let several editors work at one desk at once, over HTTP as browsers do, and look for saves that were lost.

    python tools/four_editors.py --minutes 5
    python tools/four_editors.py --minutes 5 --postgresql

A sample newsroom is made in a folder of its own and runs whole: desk, press, worker, mirrors, the private wing. Each
editor opens stories, types, has them saved as the desk's script does, asks who else is there, publishes, takes down,
writes new ones, uploads photos, looks at lists; two of three times on stories that the others work on as well. Whatever
the desk says it saved carries a word of its own. In the end each such word is looked for: in the newest version of its
story, or in an older one that somebody replaced; a word in none is a lost save.

Prints JSON. Ends with 0 where no save was lost, no database was locked and the desk failed on nothing.
"""

import argparse
import io
import json
import os
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from tools.desk.newsroom import DeskToolError, Running, Visitor, running, stream_of  # noqa: E402 - found by the path above

SHARED = 6
"""Stories that all work on."""
WORD = re.compile(r"\bw[0-9]+x[0-9]+\b")
TYPING = (0.05, 0.4)
"""Seconds between two saves of somebody who types."""


def main() -> int:
    """Work, look, tell."""
    asked = arguments()
    people = {f"editor-{number}": "publisher" for number in range(asked.editors)}
    with tempfile.TemporaryDirectory(prefix="stet-editors-") as place:
        folder = Path(place) / "paper"
        with running(folder, people, postgresql=asked.postgresql) as newsroom:
            told = worked(newsroom, people, asked)
            told |= looked_for(newsroom.folder, told.pop("saves"))
            told["complaints"] = complaints(folder)
    told["locked"] = [line for line in told["complaints"] if "locked" in line]
    told["database"] = "postgresql" if asked.postgresql else "sqlite"
    print(json.dumps(told, indent=2))
    is_well = not (told["lost"] or told["locked"] or told["failed"] or told["complaints"]) and told["saves"] > 0
    return 0 if is_well else 1


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--editors", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server started for this, not SQLite")
    return parser.parse_args()


def worked(newsroom: Running, people: dict[str, str], asked: argparse.Namespace) -> dict[str, Any]:
    """Let all of them work; what they did, and every save that the desk said it made."""
    visitors = {name: newsroom.signed_in(name) for name in people}
    sections = sections_of(next(iter(visitors.values())))
    shared = Shared(sections=sections)
    editors = [Editor(number, visitor, shared, random.Random(asked.seed * 1000 + number)) for number, visitor in
               enumerate(visitors.values())]  # fmt: skip
    for number in range(SHARED):
        shared.stories.append(editors[number % len(editors)].write())
    end = time.monotonic() + asked.minutes * 60
    threads = [threading.Thread(target=editor.work, args=(end,)) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done, refused, failed = Counter[str](), Counter[str](), []
    for editor in editors:
        done.update(editor.done)
        refused.update(editor.refused)
        failed += editor.failed
    return {
        "editors": len(editors), "minutes": asked.minutes, "seed": asked.seed, "did": dict(sorted(done.items())),
        "refused": dict(sorted(refused.items())), "failed": failed[:20],
        "saves": [save for editor in editors for save in editor.saves],
    }  # fmt: skip


@dataclass(slots=True)
class Shared:
    """What all editors know of the newsroom."""

    sections: list[int]
    stories: list[int] = field(default_factory=list)


class Editor:
    """Somebody at the desk who does what comes to mind."""

    def __init__(self, number: int, visitor: Visitor, shared: Shared, dice: random.Random) -> None:
        self.number, self.visitor, self.shared, self.dice = number, visitor, shared, dice
        self.own: list[int] = []
        self.saves: list[tuple[int, str, str]] = []
        self.done, self.refused = Counter[str](), Counter[str]()
        self.failed: list[str] = []
        self._words = 0

    def work(self, end: float) -> None:
        """Work until the hour."""
        acts = [(self.edit, 10), (self.look_around, 4), (self.write_one, 2), (self.upload, 1), (self.take_down, 1)]
        weighed, weights = [act for act, _ in acts], [weight for _, weight in acts]
        while time.monotonic() < end:
            act = self.dice.choices(weighed, weights)[0]
            try:
                act()
            except (DeskToolError, OSError, LookupError, ValueError) as error:
                self.failed.append(f"{act.__name__}: {type(error).__name__}: {str(error)[:300]}")

    # --- What they do ---

    def write_one(self) -> None:
        """Begin a story of one's own."""
        self.own.append(self.write())

    def write(self) -> int:
        """A new story, by its number."""
        section, word = self.dice.choice(self.shared.sections), self._word()
        fields = {
            **form(paragraphs=[f"It began {word}."], blocks=[]), "title": f"A story {word}", "slug": f"story-{word}",
        }  # fmt: skip
        add = f"/pages/add/newsroom/articlepage/{section}/"
        self._ok(self.visitor.get(add))
        answer = self._ok(self.visitor.post(add, fields))
        found = re.search(r"/pages/(\d+)/edit/", answer.url)
        if found is None:
            raise DeskToolError(f"No story was made: {answer.url}")
        self._saved(int(found[1]), word, "new")
        return int(found[1])

    def edit(self) -> None:
        """Open a story, type for a while, and leave it saved or published."""
        is_shared = self.dice.random() < 2 / 3 or not self.own
        story = self.dice.choice(self.shared.stories if is_shared else self.own)
        page = self._ok(self.visitor.get(f"/pages/{story}/edit/")).text
        loaded = inputs(page)
        blocks = stream_of(page, "body")
        fields = form(paragraphs=[], blocks=blocks) | {
            name: loaded[name] for name in ("title", "slug", "loaded_revision_id", "loaded_revision_created_at")
        }
        for _ in range(self.dice.randint(1, 5)):
            time.sleep(self.dice.uniform(*TYPING))
            if not self._save(story, fields, blocks):
                return
        if self.dice.random() < 0.3 and self._is_newest(story, fields):
            word = self._word()
            self._type(fields, blocks, word)
            answer = self._ok(self.visitor.post(f"/pages/{story}/edit/", {**fields, "action-publish": "1"}))
            if f"/pages/{story}/edit/" in answer.url and answer.history == []:
                self.refused["a publish"] += 1
            else:
                self._saved(story, word, "published")

    def _save(self, story: int, fields: dict[str, str], blocks: list[dict[str, Any]]) -> bool:
        """Have it saved as the desk's script does."""
        word = self._word()
        self._type(fields, blocks, word)
        answer = self.visitor.post(f"/pages/{story}/edit/", fields, headers={"Accept": "application/json"})
        said = self._json(answer)
        if not said.get("success"):
            self.refused[f"a save: {said.get('error_code') or answer.status_code}"] += 1
            return False
        self._saved(story, word, "saved")
        fields["overwrite_revision_id"] = str(said["revision_id"])
        fields["loaded_revision_id"] = str(said["revision_id"])
        fields["loaded_revision_created_at"] = str(said["revision_created_at"])
        return True

    def _is_newest(self, story: int, fields: dict[str, str]) -> bool:
        """Ask the desk, as the form does before somebody publishes, whether another version was saved meanwhile."""
        asked = {"revision_id": fields["loaded_revision_id"], "is_editing": "1",
                 "revision_created_at": fields["loaded_revision_created_at"]}  # fmt: skip
        said = self._json(self.visitor.post(f"/editing-sessions/ping/newsroom/articlepage/{story}/0/", asked))
        self.done["asked who else is there"] += 1
        return not any(one.get("revision_id") for one in said.get("other_sessions", []))

    def _type(self, fields: dict[str, str], blocks: list[dict[str, Any]], word: str) -> None:
        blocks.append({"type": "text", "value": rich(f"Then {word}."), "id": ""})
        fields.update(stream(blocks))

    def look_around(self) -> None:
        """Open lists and what others wrote."""
        places = ["/", "/pages/", "/images/", "/reports/site-history/", "/pages/search/?q=story",
                  f"/pages/{self.dice.choice(self.shared.stories)}/history/", "/photos/", "/letters/"]  # fmt: skip
        place = self.dice.choice(places)
        answer = self.visitor.get(place)
        if answer.status_code >= 500:
            self._ok(answer)
        self.done["looked around"] += 1

    def upload(self) -> None:
        """Upload a photo."""
        from PIL import Image

        body = io.BytesIO()
        colour = tuple(self.dice.randrange(256) for _ in range(3))
        Image.effect_noise((600, 400), 60).convert("RGB").point(lambda v: v ^ colour[0]).save(body, "JPEG")
        self._ok(self.visitor.get("/images/add/"))
        fields = {"title": f"Photo {self._word()}", "description": "A photo", "credit": "The Far Shore", "tags": "",
                  "collection": "1", "caption": "", "licence": "", "usable_until": ""}  # fmt: skip
        self._ok(self.visitor.post("/images/add/", fields, files={"file": ("a.jpg", body.getvalue(), "image/jpeg")}))
        self.done["uploaded a photo"] += 1

    def take_down(self) -> None:
        """Take a story of one's own down."""
        if self.own:
            self._ok(self.visitor.post(f"/pages/{self.dice.choice(self.own)}/unpublish/", {}, see="/"))
            self.done["took a story down"] += 1

    # --- What they note ---

    def _word(self) -> str:
        self._words += 1
        return f"w{self.number}x{self._words}"

    def _saved(self, story: int, word: str, how: str) -> None:
        self.saves.append((story, word, how))
        self.done[how] += 1

    def _ok(self, answer: Any) -> Any:
        if answer.status_code >= 400:
            raise DeskToolError(f"{answer.status_code} at {answer.url}: {plain(answer.text)[:200]}")
        return answer

    def _json(self, answer: Any) -> dict[str, Any]:
        if answer.status_code >= 500:
            self._ok(answer)
        try:
            return dict(answer.json())
        except ValueError:
            raise DeskToolError(f"No JSON at {answer.url}: {answer.status_code} {plain(answer.text)[:200]}") from None


# --- What the desk's form sends ---


def form(*, paragraphs: list[str], blocks: list[dict[str, Any]]) -> dict[str, str]:
    """An article's form, with what nobody filled in."""
    blocks += [{"type": "text", "value": rich(one), "id": ""} for one in paragraphs]
    empty = ("short_headline", "standfirst", "dateline", "lead_photo", "lead_alt", "tags", "updated_at", "source",
             "source_url", "licence", "go_live_at", "expire_at", "seo_title", "search_description", "embargoed_until",
             "overwrite_revision_id")  # fmt: skip
    rows = ("bylines", "picks", "corrections", "updates", "comments")
    counts = {f"{row}-{what}": "0" for row in rows for what in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    most = {f"{row}-MAX_NUM_FORMS": "1000" for row in rows}
    return {**dict.fromkeys(empty, ""), "kind": "news", "lead_caption": rich(""), **counts, **most, **stream(blocks)}


def stream(blocks: list[dict[str, Any]]) -> dict[str, str]:
    """A body of blocks of text as its inputs send it."""
    sent = {"body-count": str(len(blocks))}
    for number, block in enumerate(blocks):
        start = f"body-{number}-"
        sent |= {f"{start}type": "text", f"{start}order": str(number), f"{start}deleted": "",
                 f"{start}id": str(block.get("id") or ""), f"{start}value": str(block["value"])}  # fmt: skip
    return sent


def rich(text: str) -> str:
    """A paragraph as the editor sends it."""
    block = {"key": "aaaaa", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})


def inputs(page: str) -> dict[str, str]:
    """What stands in the largest form of a page."""
    import lxml.html

    largest = max(lxml.html.fromstring(page).forms, key=lambda one: len(one.fields))
    return {name: str(value or "") for name, value in largest.form_values()}


def plain(page: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)))


def sections_of(visitor: Visitor) -> list[int]:
    """The sections of the paper, as the desk's own search lists them."""
    page = visitor.get("/pages/search/?q=&content_type=newsroom.sectionpage").text
    found = sorted({int(number) for number in re.findall(r"/pages/(\d+)/edit/", page)})
    if not found:
        raise DeskToolError("The sample has no sections.")
    return found


# --- Looking for what was saved ---


def looked_for(folder: Path, saves: list[tuple[int, str, str]]) -> dict[str, Any]:
    """Which of the saves are in the newest version of their story, which in an older one, and which in none."""
    os.environ["STET_NEWSROOM"] = str(folder)
    from stet.project.settings import open_newsroom
    from stet.project.setup import set_up_django

    set_up_django(open_newsroom(folder))
    from stet.newsroom.models import ArticlePage

    newest: dict[int, set[str]] = {}
    older: dict[int, set[str]] = {}
    for story in {story for story, _word, _how in saves}:
        page = ArticlePage.objects.get(pk=story)
        versions = [set(WORD.findall(json.dumps(one.content))) for one in page.revisions.order_by("created_at", "pk")]
        newest[story] = versions[-1] if versions else set()
        older[story] = set().union(*versions)
    lost = [save for save in saves if save[1] not in older[save[0]]]
    replaced = Counter(how for story, word, how in saves if word in older[story] and word not in newest[story])
    return {
        "saves": len(saves), "lost": lost, "in_the_newest_version": sum(w in newest[s] for s, w, _ in saves),
        "replaced_by_a_colleague": dict(replaced), "stories": len(newest),
    }  # fmt: skip


def complaints(folder: Path) -> list[str]:
    """What the newsroom's logs say of locks and failures."""
    texts = [file.read_text(errors="replace") for file in sorted((folder / "logs").glob("*"))]
    lines = "\n".join([*texts, (folder / "up.log").read_text(errors="replace")]).splitlines()
    return [line[:300] for line in lines if re.search(r"locked|Traceback|\b500\b|deadlock", line)][:20]


if __name__ == "__main__":
    raise SystemExit(main())
