"""Whether words state a claim, and whether they state it flat. Pure.

Headlines are short and told in other words than the text, so this judges with care: it says "yes" only where little
doubt is left, and an editor hears nothing otherwise.

The rules:
 * A claim that gives a number is stated by a line that has one of its numbers and one of its words.
 * Another claim is stated by a line that has three of its words, and half of them at least.
 * A word counts by its first five letters, so that it is known in its other cases and tenses; short words and those
   that stand in any sentence do not count. The claim's words are those of its sentence in the line's own language;
   where it has none there, nothing is stated.
 * A line is flat where no word hedges, nobody is named as saying it, and it does not ask. A line in a language that the
   assistant does not read is never called flat.
 * A story tells what became of a claim where the passage says so in a word (“denied”, “withdrew”), or where it carries,
   anywhere, a claim that contradicts, updates or answers it.
"""

import re
from decimal import Decimal, InvalidOperation

from stet.sourcing.assisting import Assistant
from stet.sourcing.story import Line, Marked, Passage
from stet.sourcing.terms import Modality, Relation, ValueKind
from stet.sourcing.values import Claim

STEM = 5
"""Letters of a word that count."""
SHORTEST = 4
LEAST_SHARED = 3
_GROUPED = r"(?<!\d)\d{1,3}(?:[ \u00a0\u202f.,'’٬]\d{3})+(?!\d)"
_NUMBER = re.compile(rf"{_GROUPED}|\d+(?:[.,٫]\d+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?…؟])[\"”»’)]*\s+")
_COMMON = {
    "en": "about after again against also among around because been before being between both could does down during "
    "each even ever every from have here into just last less like many more most much must near next only other over "
    "said same says should since some such than that their them then there these they this those through today under "
    "until upon very were what when where which while will with would your",
    "ru": "было были быть возле более если есть ещё или их как когда который которые которых лишь менее между может "
    "можно надо него неё около один однако очень перед после потом почти при против сейчас снова себя сказал сказала "
    "также такой теперь тоже того только уже через чтобы этого этой этом этот эта",
    "fa": "است بود شد شده برای این آن که از با در را هم نیز پس پیش باید خود دیگر بر تا یک می‌شود بوده کرد کرده گفت",
}
_TOLD = {
    "en": r"\b(den(?:y|ied|ies|ying|ial)|disput\w+|contradict\w+|correct\w+|retract\w+|withdr[ae]w\w*|supersed\w+|"
    r"revis\w+|took back|no longer|earlier figure|at first|initially)\b",
    "ru": r"\b(отрица\w*|опроверг\w*|опроверж\w*|оспори\w*|оспарива\w*|исправ\w*|отозва\w*|уточни\w*|пересмотр\w*|"
    r"сначала|первоначальн\w*|прежн\w+ (?:числ|данн|оценк)\w+|больше не)\b",
    "fa": r"(تکذیب|رد کرد|انکار|اصلاح|پس گرفت|در آغاز|ابتدا)",
}
_ANSWERS = frozenset({Relation.CONTRADICTS, Relation.UPDATES, Relation.ANSWERS})


def sentence_around(words: str, start: int, end: int) -> str:
    """The sentence in which these characters stand.

    >>> sentence_around("It rained. Some 600 died. We left.", 16, 19)
    'Some 600 died.'
    """
    first, last = 0, len(words)
    for found in _SENTENCE_END.finditer(words):
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end:
            last = found.start()
            break
    return words[first:last].strip()


def numbers_in(words: str) -> set[Decimal]:
    """The numbers of a text, in the digits of any script.

    >>> sorted(numbers_in("1 200 men, 2.5 km, ۶۰۰"))
    [Decimal('2.5'), Decimal('600'), Decimal('1200')]
    """
    found = set()
    for match in _NUMBER.finditer(words):
        word = match[0]
        word = re.sub(r"\D", "", word) if re.fullmatch(_GROUPED, word) else re.sub(r"[,٫]", ".", word)
        try:
            found.add(Decimal(word))
        except InvalidOperation:
            continue
    return found


def stems(words: str, language: str) -> set[str]:
    """What counts of the words of a text."""
    common = set(_COMMON.get(language, "").split())
    found = re.findall(r"[^\W\d_]+", words.replace("\u200c", "").casefold())
    return {word[:STEM] for word in found if len(word) >= SHORTEST and word not in common}


def states(line: Line, claim: Claim) -> bool:
    """Whether the line states the claim, flat or not."""
    if claim.id in line.states:
        return True
    if line.language not in claim.texts:
        return False
    own = stems(claim.texts[line.language].sentence, line.language)
    shared = own & stems(line.words, line.language)
    if claim.value_kind is ValueKind.NUMBER:
        key = {number for number in (claim.low, claim.best, claim.high) if number is not None}
        return bool(shared) and bool(key & numbers_in(line.words))
    return len(shared) >= max(LEAST_SHARED, -(-len(own) // 2))


def is_flat(line: Line, claim: Claim, reader: Assistant) -> bool:
    """Whether the line has no hedge, names nobody who says it, and asks nothing."""
    words, language = line.words, line.language
    if language not in reader.languages() or words.rstrip(" »”\"'").endswith(("?", "؟")):
        return False
    if reader.hedges(words, language=language) or reader.suggest(words, language=language):
        return False
    there = stems(words, language)
    names = [stems(link.source.text(language).name, language) for link in claim.chain]
    return not any(name and name <= there for name in names)


def is_hedged(passage: Passage, mark: Marked, claim: Claim, reader: Assistant) -> bool:
    """Whether the text hedges the claim: by the claim's own modality, or in the sentence it is marked in."""
    if claim.modality is not Modality.FLAT:
        return True
    sentence = sentence_around(passage.words, mark.start, mark.end)
    return passage.language in reader.languages() and bool(reader.hedges(sentence, language=passage.language))


def tells_what_became(passage: Passage, claim: Claim) -> bool:
    """Whether the story says that the claim does not hold any more, or who says otherwise."""
    told = _TOLD.get(passage.language)
    if told and re.search(told, passage.words, re.IGNORECASE):
        return True
    related = {other for relation, other in (*claim.relations, *claim.related_from) if relation in _ANSWERS}
    return bool(related & set(passage.beside))
