"""An archive of invented stories: the same number and seed give the same texts.

Sentences walk from word to word as the sample newsroom's articles do, so that a page of them compresses about as a
page of written English does. Nothing here knows Django.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "src/stet/newsroom/sample/articles/en"
SECTIONS = (
    "Politics", "Investigations", "Society", "Economy", "World", "Culture", "Opinion", "Regions", "Courts", "Science",
    "Health", "Sport",
)  # fmt: skip
TAGS, PEOPLE, PHOTOS = 500, 50, 24
TAGS_EACH = 3
PARAGRAPHS, SUBHEADS, WORDS = 20, (5, 10, 15), 900
A_DAY = 14
"""Stories a day: the number of stories decides how far back the archive goes, not how full a day is."""
LINKED = (3, 12)
"""Paragraphs that link to an older story."""
_SENTENCES = 20_000
_END = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story. Its section, tags, byline, photo and links are numbers, counted from 0; stories from the oldest."""

    number: int
    slug: str
    headline: str
    standfirst: str
    section: int
    tags: tuple[int, ...]
    person: int
    photo: int
    published: datetime
    paragraphs: tuple[str, ...]
    subheads: tuple[str, ...]
    links: tuple[int, ...]


class Writer:
    """Writes stories, headlines and names out of the words of a folder of articles."""

    def __init__(self, seed: int, *, folder: Path = SAMPLE) -> None:
        self._random = random.Random(seed)
        follow = followers(folder)
        self._sentences = [self._sentence(follow) for _ in range(_SENTENCES)]
        nouns = sorted({word for word in follow if word.isalpha() and word.islower() and len(word) > 4})
        self._nouns = nouns

    def story(self, number: int, *, published: datetime, before: int) -> Story:
        """A story that links to two of the `before` stories written before it."""
        chance = self._random
        headline = self.words(7).capitalize()
        return Story(
            number=number,
            slug=f"{'-'.join(headline.lower().split()[:4])}-{number}",
            headline=headline,
            standfirst=chance.choice(self._sentences),
            section=number % len(SECTIONS),
            tags=self._tags(),
            person=chance.randrange(PEOPLE),
            photo=chance.randrange(PHOTOS),
            published=published,
            paragraphs=tuple(self._paragraph(WORDS // PARAGRAPHS) for _ in range(PARAGRAPHS)),
            subheads=tuple(self.words(4).capitalize() for _ in SUBHEADS),
            links=tuple(chance.randrange(before) for _ in LINKED) if before else (),
        )

    def words(self, count: int) -> str:
        """Some words, none of them special."""
        return " ".join(self._random.choices(self._nouns, k=count))

    def _tags(self) -> tuple[int, ...]:
        """Three tags; a few tags stand on very many stories, most on few."""
        found: set[int] = set()
        while len(found) < TAGS_EACH:
            found.add(int(TAGS * self._random.random() ** 2))
        return tuple(sorted(found))

    def _paragraph(self, words: int) -> str:
        sentences: list[str] = []
        length = 0
        while length < words - 8:
            sentence = self._random.choice(self._sentences)
            sentences.append(sentence)
            length += sentence.count(" ") + 1
        return " ".join(sentences)

    def _sentence(self, follow: dict[str, list[str]]) -> str:
        words: list[str] = []
        word = self._random.choice(follow[_END])
        while word != _END and len(words) < 30:
            words.append(word)
            word = self._random.choice(follow[word])
        return " ".join(words).rstrip(",;:") + "."


def stories(count: int, *, newest: datetime, seed: int = 1) -> Iterator[Story]:
    """An archive, oldest first, at a steady pace up to `newest`."""
    writer = Writer(seed)
    apart = timedelta(days=1) / A_DAY
    for number in range(count):
        yield writer.story(number, published=newest - apart * (count - 1 - number), before=number)


def followers(folder: Path) -> dict[str, list[str]]:
    """Each word of the articles in `folder` with the words that follow it, as often as they do."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(folder.glob("*.md")):
        text = file.read_text(encoding="utf-8").split("+++\n", 2)[-1]
        for line in text.splitlines():
            if re.match(r"[A-Z]", line):
                _learn(line, found)
    return found


def _learn(line: str, found: dict[str, list[str]]) -> None:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)
    for sentence in re.split(r"[.?!]\s*", plain):
        words = re.findall(r"[A-Za-z0-9'’,;:-]*[A-Za-z0-9'’,;:]", sentence)
        for one, other in zip([_END, *words], [*words, _END], strict=True):
            if words:
                found[one].append(other)


def tag_names(writer: Writer) -> Sequence[str]:
    """A name for each tag."""
    return [f"{writer.words(1)} {number}" for number in range(TAGS)]
