"""Where what is said begins and ends, before a source and behind a cue."""

from stet.sourcing.assistant.found import FoundLink
from stet.sourcing.assistant.language import Shape
from stet.sourcing.assistant.phrases import before_time, has_verb, starts_noun_phrase
from stet.sourcing.assistant.roots import cited_between
from stet.sourcing.assistant.sentence import Hit, Sentence, Tokens

LOOK_AHEAD = 12  # tokens between a cue and its "that"


def content_after(sentence: Sentence, hit: Hit) -> tuple[Hit, Tokens | None, FoundLink | None]:
    """What is said behind a cue; the cue with what belongs to it; a root cited in between."""
    end = sentence.ends_with()
    hit = with_medium(sentence, hit)
    i = hit.last
    if i >= end:
        return hit, None, None
    meaning = hit.cue.meaning
    if sentence.word(i) in meaning.prepositions and (
        starts_noun_phrase(sentence, i + 1) or sentence.speech_at(min(i + 1, end - 1))
    ):
        hit = Hit(hit.first, hit.verb, i + 1, hit.cue)
        return hit, object_from(sentence, i + 1, is_wish=meaning.attitude), None
    if "person" in meaning.takes:
        after = past_person(sentence, i, end)
        if after is None:
            return hit, None, None
        i = after
    middle, i = past_root(sentence, i, end, meaning.takes)
    return hit, content_at(sentence, hit, i, end), middle


def with_medium(sentence: Sentence, hit: Hit) -> Hit:
    """A cue with what belongs to it: said in a statement."""
    for phrase in sentence.language.media.get(sentence.word(hit.last), ()):
        after = hit.last + len(phrase)
        if "quote" in hit.cue.meaning.takes and tuple(sentence.words[hit.last : after]) == phrase:
            return Hit(hit.first, hit.verb, after, hit.cue)
    return hit


def past_root(sentence: Sentence, i: int, end: int, takes: frozenset[str]) -> tuple[FoundLink | None, int]:
    """Past a root that is cited before what is said, or whatever else stands there between commas."""
    if sentence.kind(i) != "," and i not in sentence.hits:
        return None, i
    cited = cited_between(sentence, i)
    if cited:
        return cited
    if "that" in takes and sentence.kind(i) == ",":
        return None, past_insertion(sentence, i, end)
    return None, i


def content_at(sentence: Sentence, hit: Hit, i: int, end: int) -> Tokens | None:
    """What is said, if it begins here, or behind a time or a place."""
    language, takes = sentence.language, hit.cue.meaning.takes
    if i >= end:
        return None
    speech = speech_from(sentence, i)
    if speech and ("quote" in takes or sentence.kind(i) != ","):
        return speech[0], max(content_end(sentence, speech[0], stops_at_comma=False), speech[1])
    i = past_time(sentence, i, end, takes, hit.cue.meaning.prepositions)
    speech = speech_from(sentence, i) if sentence.kind(i) in ",:" else None
    if speech and "quote" in takes:
        return speech[0], max(content_end(sentence, speech[0], stops_at_comma=False), speech[1])
    if (
        language.comma_before_that
        and sentence.kind(i) == ","
        and sentence.word(i + 1) in language.that | language.whether
    ):
        i += 1
    if i >= end:
        return None
    word = sentence.word(i)
    if (
        (word in language.that and takes & {"that", "clause"})
        or (word in language.whether and "if" in takes)
        or (word in language.infinitive and "to" in takes)
    ):
        return trimmed(sentence, i, content_end(sentence, i, stops_at_comma=False))
    is_wish = hit.cue.meaning.attitude
    if word in hit.cue.meaning.prepositions and i > hit.last:
        return object_from(sentence, i, is_wish=is_wish)
    if not (starts_noun_phrase(sentence, i) or sentence.speech_at(i)):
        return None
    if "clause" in takes:
        clause = clause_from(sentence, i, is_sure=sentence.words[hit.verb] in language.surest)
        if clause:
            return clause
    return object_from(sentence, i, is_wish=is_wish) if "noun" in takes else None


def clause_from(sentence: Sentence, i: int, *, is_sure: bool) -> Tokens | None:
    """A statement without "that", if a clause begins here."""
    end = content_end(sentence, i, stops_at_comma=False)
    near = end if is_sure else content_end(sentence, i, stops_at_comma=True)
    if has_verb(sentence, i, near) or (is_sure and end - i > 2):
        return trimmed(sentence, i, end)
    return None


def past_person(sentence: Sentence, i: int, end: int) -> int | None:
    """Past who is told: told reporters on Monday that."""
    words, language = sentence.words, sentence.language
    if sentence.word(i) in language.addressees:
        after = i + 1
        if sentence.word(after) in language.that | language.infinitive | language.whether or starts_noun_phrase(
            sentence, after
        ):
            return after
    for j in range(i, min(i + LOOK_AHEAD, end)):
        if words[j] in language.that or (words[j] in language.infinitive and j > i) or words[j] in language.whether:
            return j
        if sentence.kinds[j] in ",:" or sentence.speech_at(j):
            return j
    after = i
    while sentence.kind(after) == "W":
        after += 1
    return after if after > i and starts_noun_phrase(sentence, after) else None


def past_time(sentence: Sentence, i: int, end: int, takes: frozenset[str], prepositions: frozenset[str]) -> int:
    """Past a time or a place before "that": said on Friday at the court that."""
    words, language = sentence.words, sentence.language
    if not (words[i] in language.prepositions or words[i] in language.times) or not takes & {"that", "clause"}:
        return i
    for j in range(i, min(i + LOOK_AHEAD, end)):
        if words[j] in language.that:
            return j
        if sentence.kinds[j] in ",:" and j + 1 < end and sentence.speech_at(j + 1):
            return j
        if sentence.kinds[j] in ",;:" or sentence.speech_at(j):
            break
    if words[i] in language.times:
        after = sentence.word(i + 1)
        if (starts_noun_phrase(sentence, i + 1) and "clause" in takes) or (
            after in language.prepositions and after in prepositions
        ):
            return i + 1
    return i


def past_insertion(sentence: Sentence, comma: int, end: int) -> int:
    """Past what stands between commas before "that": cautioned, as did others, that."""
    for j in range(comma + 2, min(comma + LOOK_AHEAD, end - 1)):
        if sentence.kinds[j] == "," and sentence.words[j + 1] in sentence.language.that:
            return j + 1
        if sentence.speech_at(j):
            break
    return comma


def object_from(sentence: Sentence, i: int, *, is_wish: bool) -> Tokens | None:
    """What is denied, rejected, criticized; not when."""
    end = content_end(sentence, i, stops_at_comma=True)
    if is_wish or (
        sentence.language.infinitive_endings and sentence.word(i).endswith(sentence.language.infinitive_endings)
    ):
        return trimmed(sentence, i, end)
    return trimmed(sentence, i, before_time(sentence, end, i))


def speech_from(sentence: Sentence, i: int) -> Tokens | None:
    """A quotation that begins here, or behind one comma or colon."""
    if sentence.kind(i) in ",:-" and i + 1 < sentence.last:
        i += 1
    if sentence.kind(i) != "q":
        return None
    speech = sentence.speech_at(i)
    return speech if speech and speech[0] == i else None


def content_before(sentence: Sentence, end: int, lowest: int, *, is_said: bool = False) -> Tokens | None:
    """What is said before a source or a cue: a quotation with the words that lead to it, or the clause.

    `is_said` where the cue follows at once, so that it cannot be a time or a place.
    """
    last = end
    while last > lowest and sentence.kinds[last - 1] in ",-" and not sentence.speech_at(last - 1):
        last -= 1
    if last <= lowest:
        return None
    if sentence.words[last - 1] in sentence.language.relatives:
        lowest = last - 1
    elif not is_said and not sentence.speech_at(last - 1) and not is_clause(sentence, lowest, last):
        return None
    return trimmed(sentence, lowest, last)


def is_clause(sentence: Sentence, first: int, last: int) -> bool:
    """Whether what stands before a comma can be what somebody says, and is not just when or where: In Paris,."""
    if (
        sentence.words[first] not in sentence.language.prepositions
        and sentence.words[first] not in sentence.language.times
    ):
        return True
    return has_verb(sentence, first, last) and sentence.words[first] not in sentence.language.times


def interrupted(sentence: Sentence, content: Tokens, after: int) -> tuple[Tokens, int]:
    """Content that goes on behind its source: “A,” X said, “B.” and A, X said, B."""
    if sentence.kind(after) not in ",-" or after >= sentence.last:
        return content, content[1]
    start = after + 1
    while sentence.kind(start) in ",-" and start < sentence.last:
        start += 1
    if start >= sentence.last:
        return content, content[1]
    speech = sentence.speech_at(start)
    was_speech = sentence.speech_at(content[1] - 1)
    if speech:
        return (content[0], speech[1]), speech[1]
    if was_speech or (starts_own(sentence, start) and not joins_clause(sentence, start)):
        return content, content[1]
    end = content_end(sentence, start, stops_at_comma=False)
    rest = trimmed(sentence, start, end)
    if rest is None:
        return content, content[1]
    return (content[0], rest[1]), rest[1]


def starts_own(sentence: Sentence, i: int) -> bool:
    """Whether a cue of its own, or a relative, begins here."""
    return (
        any(j in sentence.hits for j in (i, i + 1)) or sentence.word(i) in sentence.language.relatives
        or sentence.word(i) in sentence.language.conjunctions or sentence.word(i) in sentence.language.turns
    )  # fmt: skip


def joins_clause(sentence: Sentence, i: int) -> bool:
    """Whether "and" goes on with what is said: A, she said, and B."""
    if sentence.word(i) not in sentence.language.joins:
        return False
    end = sentence.ends_with()
    return has_verb(sentence, i + 1, end) and not any(j in sentence.hits for j in range(i, end))


def said_before(sentence: Sentence, end: int, lowest: int) -> Tokens | None:
    """The clause before a semicolon or a comma, of which somebody sees no signs."""
    last = end
    while last > lowest and (sentence.kinds[last - 1] in ",;:-" or sentence.words[last - 1] in sentence.language.turns):
        last -= 1
    return trimmed(sentence, lowest, last) if last > lowest else None


def up_to_comma(sentence: Sentence, content: Tokens) -> Tokens | None:
    """What is said in a clause that a comma ends: while the army denies it, …."""
    end = content_end(sentence, content[0], stops_at_comma=True)
    while end < content[1] and sentence.kind(end) == "," and sentence.word(end + 1) in sentence.language.relatives:
        end = content_end(sentence, end + 1, stops_at_comma=True)
    return trimmed(sentence, content[0], min(end, content[1]))


def content_end(sentence: Sentence, first: int, *, stops_at_comma: bool) -> int:
    """Where what is said ends: with the sentence, or before another cue takes over."""
    kinds, words, quote = sentence.paragraph.kinds, sentence.paragraph.words, sentence.paragraph.quote
    language = sentence.language
    end = sentence.ends_with()
    i = first
    while i < end:
        if quote[i] >= 0:
            inside = sentence.speech_at(i)
            if inside:
                i = inside[1]
                continue
        kind, word = kinds[i], words[i]
        if kind == ";":
            break
        if kind == ",":
            links = i + 1 < end and words[i + 1] in language.that and words[i - 1] in language.that_links
            if i > first and ((stops_at_comma and not links) or another_takes_over(sentence, i + 1, end)):
                break
        elif stops_at_comma and i > first and word in language.conjunctions:
            hits = sentence.hits.get(i + 1)
            if (
                hits
                and hits[0].cue.shape in (Shape.FINITE, Shape.PARTICIPLE, Shape.PLAIN)
                and not hits[0].cue.is_noun_too
            ):
                break
        elif stops_at_comma and i > first and kind == "-" and word in language.dashes:
            break
        i += 1
    return min(i, end)


def another_takes_over(sentence: Sentence, i: int, end: int) -> bool:
    """Whether behind a comma there is a cue of its own: , citing …; , according to …; , but the army denied …."""
    words, language = sentence.paragraph.words, sentence.language
    if i >= end:
        return False
    for j in (i, i + 1):
        for hit in sentence.hits.get(j, ()):
            shape = hit.cue.shape
            if shape in (Shape.CITES, Shape.PREFIX) and (j == i or words[i] in language.relatives):
                return True
            if shape is Shape.GOING and j == i:
                return True
    word = words[i]
    if word in language.turns:
        return any(
            hit.cue.shape in (Shape.FINITE, Shape.PARTICIPLE, Shape.PLAIN) and not hit.cue.is_noun_too
            for j in range(i + 1, min(i + 10, end))
            for hit in sentence.hits.get(j, ())
        )
    return False


def trimmed(sentence: Sentence, first: int, last: int) -> Tokens | None:
    """A span without commas, dashes and full stops at its ends; None where nothing is left."""
    kinds, quote = sentence.paragraph.kinds, sentence.paragraph.quote
    while last > first and kinds[last - 1] in ",;:-" and not (quote[last - 1] >= 0 and sentence.speech_at(last - 1)):
        last -= 1
    while first < last and kinds[first] in ",;:-.)":
        first += 1
    if not any(kinds[i] in "wWn" for i in range(first, last)):
        return None
    return first, last
