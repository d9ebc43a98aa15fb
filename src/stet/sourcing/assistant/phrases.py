"""Noun phrases on both sides of a cue: by small words, not by grammar."""

from stet.sourcing.assistant.language import Language, Shape
from stet.sourcing.assistant.sentence import Sentence, Tokens

LONGEST_SOURCE = 45  # tokens
ENDS_SOURCE = (Shape.CITES, Shape.PREFIX, Shape.FINITE)


def is_adverb(language: Language, word: str, kind: str) -> bool:
    """Whether a word may stand between a source and its cue."""
    if word in language.before_cue:
        return True
    return kind == "w" and len(word) > 4 and word.endswith(language.adverb_endings) and word not in NO_ADVERBS


NO_ADVERBS = frozenset(
    [
        "family",
        "early",
        "daily",
        "weekly",
        "monthly",
        "supply",
        "reply",
        "july",
        "italy",
        "ally",
        "rally",
        "monopoly",
        "assembly",
        "anomaly",
        "elderly",
        "likely",
        "only",
        "friendly",
        "deadly",
    ]
)


def starts_noun_phrase(sentence: Sentence, i: int) -> bool:
    """Whether a noun phrase may begin here."""
    if i >= sentence.last:
        return False
    kind, word = sentence.paragraph.kinds[i], sentence.paragraph.words[i]
    language = sentence.language
    if kind == "q":
        number = sentence.paragraph.quote[i]
        return number >= 0 and sentence.paragraph.is_name(number)
    if kind not in "wWn" or (word in language.that and word not in language.pronouns):
        return False
    if word in language.times and kind != "n":
        return False
    return not (
        word in language.prepositions or word in language.conjunctions or word in language.breaks
        or word in language.infinitive or word in language.finite
    )  # fmt: skip


def source_before(sentence: Sentence, end: int, lowest: int) -> Tokens | None:
    """The noun phrase that ends before a cue, with its appositions."""
    kinds, words = sentence.paragraph.kinds, sentence.paragraph.words
    language = sentence.language
    last = before_time(sentence, end, lowest)
    if last <= lowest:
        return None
    if kinds[last - 1] == ",":
        return with_apposition(sentence, last - 1, lowest)
    if words[last - 1] in language.relatives:
        return last - 1, last
    first = phrase_start(sentence, last, lowest)
    first = without_openers(sentence, first, last)
    if first >= last or not is_source(sentence, first, last):
        return None
    return first, last


def before_time(sentence: Sentence, end: int, lowest: int) -> int:
    """The end of what precedes a time: the court this month, who in 2010, the agency on Friday."""
    kinds, words, language = sentence.paragraph.kinds, sentence.paragraph.words, sentence.language
    last = end
    if any(words[i] in language.relatives for i in range(max(lowest, end - 6), end - 3)):
        return end
    while last > lowest + 1 and words[last - 1] in language.times and kinds[last - 1] != ",":
        last -= 1
    if last == end and last > lowest + 1 and kinds[last - 1] == "n" and words[last - 2] in language.prepositions:
        return last - 2
    if (
        last < end
        and last > lowest + 1
        and (words[last - 1] in language.prepositions or words[last - 1] in language.articles)
    ):
        last -= 1
    return last


def phrase_start(sentence: Sentence, end: int, lowest: int) -> int:
    """Where the noun phrase that ends here begins: after the last sign or word that parts it from what precedes."""
    kinds, words, quote = sentence.paragraph.kinds, sentence.paragraph.words, sentence.paragraph.quote
    language = sentence.language
    i, depth = end - 1, 0
    lowest = max(lowest, end - LONGEST_SOURCE)
    while i >= lowest:
        kind, word = kinds[i], words[i]
        if kind == ")":
            depth += 1
        elif kind == "(":
            depth -= 1
        elif depth > 0:
            pass
        elif (
            (quote[i] >= 0 and sentence.speech_at(i))
            or kind in ",;:.-"
            or word in language.breaks
            or (
                word in language.conjunctions
                and (word not in language.joins or has_verb(sentence, lowest, i) or starts_clause(sentence, i + 1))
            )
        ):
            break
        elif is_finite(sentence, i) and i < end - 1 and words[i + 1] not in language.by:
            relative = relative_before(sentence, i, lowest)
            if relative < 0:
                break
            i = relative
        i -= 1
    return i + 1


def relative_before(sentence: Sentence, i: int, lowest: int) -> int:
    """The relative before a verb that belongs to it: leaders who have been there; -1 where there is none."""
    words, language = sentence.words, sentence.language
    for j in range(i - 1, max(i - 4, lowest) - 1, -1):
        if words[j] in language.relatives:
            return j if j > lowest and sentence.kinds[j - 1] in "wW" else -1
        if not is_adverb(language, words[j], sentence.kinds[j]) and words[j] not in language.finite:
            return -1
    return -1


def starts_clause(sentence: Sentence, i: int) -> bool:
    """Whether a pronoun stands here that can only be a subject."""
    return sentence.paragraph.words[i] in sentence.language.subjects


def has_verb(sentence: Sentence, first: int, last: int) -> bool:
    """Whether there is something between two tokens that only a clause has."""
    return any(is_finite(sentence, i) or ends_like_verb(sentence, i) for i in range(first, last))


def is_finite(sentence: Sentence, i: int) -> bool:
    """Whether a verb stands here that makes a clause; May with a capital is a month."""
    word = sentence.paragraph.words[i]
    return word in sentence.language.finite and not (
        sentence.paragraph.kinds[i] == "W" and word in sentence.language.times
    )


def ends_like_verb(sentence: Sentence, i: int) -> bool:
    """Whether a word in small letters ends as verbs in the past do."""
    word = sentence.paragraph.words[i]
    return sentence.paragraph.kinds[i] == "w" and len(word) > 4 and word.endswith(sentence.language.verb_endings)


def without_openers(sentence: Sentence, first: int, last: int) -> int:
    """Past the words that belong to nobody: But, Still, On Friday."""
    kinds, words, language = sentence.paragraph.kinds, sentence.paragraph.words, sentence.language
    while first < last:
        word = words[first]
        if word in language.openers or (kinds[first] == "w" and is_adverb(language, word, "w")):
            first += 1
        elif word in language.prepositions:
            after = first + 1
            while after < last and (
                words[after] in language.articles or words[after] in language.times or kinds[after] == "n"
            ):
                after += 1
            if (
                after == first + 1
                or after == last
                or (words[after - 1] not in language.times and kinds[after - 1] != "n")
            ):
                break
            first = after
        elif kinds[first] == "n" and first + 1 < last and words[first + 1] in language.times:
            first += 2
        elif word in language.times and kinds[first] == "W" and first + 1 < last and word not in language.articles:
            first += 1
        else:
            break
    return first


def is_source(sentence: Sentence, first: int, last: int) -> bool:
    """Whether these words can name somebody."""
    kinds, words, language = sentence.paragraph.kinds, sentence.paragraph.words, sentence.language
    if words[first] in language.prepositions or words[last - 1] in language.prepositions or is_finite(sentence, first):
        return False
    if words[last - 1] in language.articles and words[last - 1] not in language.pronouns:
        return False
    if words[last - 1] in language.infinitive or (words[last - 1] in language.times and kinds[last - 1] == "w"):
        return False
    return any(kinds[i] in "wWn" for i in range(first, last))


def with_apposition(sentence: Sentence, comma: int, lowest: int) -> Tokens | None:
    """A source whose apposition ends with a comma before the cue: Mara Quist, the mayor, said."""
    kinds, words = sentence.paragraph.kinds, sentence.paragraph.words
    language = sentence.language
    lowest = max(lowest, comma - LONGEST_SOURCE)
    commas = [i for i in range(lowest, comma) if kinds[i] == "," and sentence.speech_at(i) is None]
    speech_end = max((i + 1 for i in range(lowest, comma) if sentence.speech_at(i)), default=lowest)
    commas = [i for i in commas if i >= speech_end]
    if not commas:
        return None
    opening = commas[-1]
    if not is_apposition(sentence, opening + 1, comma):
        return None
    while (
        len(commas) > 1
        and is_apposition(sentence, commas[-2] + 1, opening)
        and not names_somebody(sentence, commas[-2] + 1, opening)
    ):
        commas.pop()
        opening = commas[-1]
    first = phrase_start(sentence, opening, max(lowest, speech_end))
    first = without_openers(sentence, first, opening)
    if first >= opening or not is_source(sentence, first, opening):
        return None
    if words[first] in language.times and opening - first == 1:
        return None
    return first, comma


def is_apposition(sentence: Sentence, first: int, last: int) -> bool:
    """Whether words between commas say more about who stands before them."""
    if first >= last:
        return False
    kinds, words, language = sentence.paragraph.kinds, sentence.paragraph.words, sentence.language
    word = words[first]
    if (
        word in language.conjunctions
        or word in language.finite
        or (word in language.breaks and word not in language.relatives)
    ):
        return False
    if word in language.relatives or kinds[first] == "n":
        return True
    if word in language.prepositions or word in language.times:
        return word in language.origins
    return not any(is_finite(sentence, i) for i in range(first, last)) or any(
        words[i] in language.relatives for i in range(first, last)
    )


def names_somebody(sentence: Sentence, first: int, last: int) -> bool:
    """Whether most of these words begin with a capital."""
    kinds = sentence.paragraph.kinds
    return last > first and sum(kinds[i] == "W" for i in range(first, last)) * 2 > last - first


def starts_source(sentence: Sentence, i: int) -> bool:
    """Whether a source may begin here, behind its cue."""
    if starts_noun_phrase(sentence, i):
        return True
    words, language = sentence.paragraph.words, sentence.language
    return (
        i + 1 < sentence.last and words[i] in language.source_prepositions
        and starts_noun_phrase(sentence, i + 1) and sentence.paragraph.kinds[i + 1] != "n"
    )  # fmt: skip


def past_addressee(sentence: Sentence, i: int) -> int:
    """Past who is told, where a source follows its cue: сообщил газете «Фонарь» источник."""
    language = sentence.language
    if not language.inverts_freely or i + 1 >= sentence.last or sentence.paragraph.words[i] not in language.addressees:
        return i
    number = sentence.paragraph.quote[i + 1]
    after = sentence.paragraph.quotes[number][1] + 1 if number >= 0 and sentence.paragraph.is_name(number) else i + 1
    return after if after < sentence.last else i


def source_after(sentence: Sentence, first: int, highest: int, *, ends_at_comma: bool = False) -> Tokens | None:
    """The noun phrase that begins after a cue, with its appositions, up to a word that cannot be part of it.

    `ends_at_comma` where what is said begins behind a comma: According to Anna Velk, the road is closed.
    """
    kinds, words, quote = sentence.paragraph.kinds, sentence.paragraph.words, sentence.paragraph.quote
    language = sentence.language
    first = past_addressee(sentence, first)
    if not starts_source(sentence, first):
        return None
    highest = min(highest, first + LONGEST_SOURCE)
    i, last_comma, in_clause = first, -1, False
    while i < highest:
        kind, word = kinds[i], words[i]
        if quote[i] >= 0 and sentence.speech_at(i):
            break
        if kind in ".;:-":
            break
        if kind == ",":
            if not continues_apposition(sentence, i + 1, highest):
                break
            if ends_at_comma and not is_closed_apposition(sentence, i + 1, highest):
                break
            last_comma = i
            in_clause = False
        elif word in language.relatives and i > first:
            in_clause = True
        elif (
            (i in sentence.hits and i > first and not in_clause and sentence.hits[i][0].cue.shape in ENDS_SOURCE)
            or (is_finite(sentence, i) and i > first and not in_clause)
            or (not in_clause and i > first and ends_source(sentence, i, is_apposed=last_comma >= 0))
        ):
            break
        i += 1
    while i > first and kinds[i - 1] in ",-":
        i -= 1
    if i <= first:
        return None
    return first, i


def ends_source(sentence: Sentence, i: int, *, is_apposed: bool) -> bool:
    """Whether a source that follows its cue ends before this word."""
    kinds, words, language = sentence.paragraph.kinds, sentence.paragraph.words, sentence.language
    word = words[i]
    if word not in language.ends_source or (kinds[i] == "W" and word not in language.times):
        return False
    if word in language.prepositions:
        before_is_name = kinds[i - 1] == "W" or kinds[i - 1] == ")"
        after = words[i + 1] if i + 1 < sentence.last else ""
        if after in language.times or after.isdigit():
            return True
        return not is_apposed and (before_is_name or after in ("a", "an", "what"))
    if word in language.conjunctions:
        return not starts_noun_phrase(sentence, i + 1) or starts_clause(sentence, i + 1)
    return True


def is_closed_apposition(sentence: Sentence, i: int, highest: int) -> bool:
    """Whether an apposition begins here that another comma closes: According to Anna Velk, the mayor, the road …."""
    kinds, words, language = sentence.paragraph.kinds, sentence.paragraph.words, sentence.language
    if not (words[i] in language.relatives or words[i] in language.articles or words[i] in language.apposition):
        return language.apposition_endings != () and words[i].endswith(language.apposition_endings)
    for j in range(i, highest):
        if kinds[j] == ",":
            return True
        if is_finite(sentence, j) and words[i] not in language.relatives:
            return False
    return False


def continues_apposition(sentence: Sentence, i: int, highest: int) -> bool:
    """Whether what follows a comma still says who the source is."""
    if i >= highest:
        return False
    kinds, words, language = sentence.paragraph.kinds, sentence.paragraph.words, sentence.language
    word, kind = words[i], kinds[i]
    if word in language.that:
        return False
    if word in language.relatives:
        return not any(hit.cue.shape is Shape.CITES for j in (i, i + 1) for hit in sentence.hits.get(j, ()))
    if i in sentence.hits and sentence.hits[i][0].cue.shape in (Shape.CITES, Shape.GOING, Shape.PREFIX):
        return False
    if kind == "n" or (word in language.articles and word not in language.subjects) or word in language.apposition:
        return True
    if word in language.origins and word not in language.by:
        return True
    if kind == "w" and language.apposition_endings:
        return word.endswith(language.apposition_endings)
    if kind == "w":
        return not (
            word in language.ends_source or word in language.prepositions or word in language.conjunctions
            or word in language.breaks or word in language.finite or word in language.times
            or word.endswith(language.going_endings) or is_adverb(language, word, kind) or word in language.pronouns
        )  # fmt: skip
    return kind == "W" and word not in language.times


def is_all_subject(sentence: Sentence, end: int, lowest: int) -> bool:
    """Whether all that stands before a cue is one source with its appositions: But Mara Quist, the mayor, said …."""
    source = source_before(sentence, end, lowest)
    if source is None or source[0] != without_openers(sentence, lowest, end):
        return False
    names = next((i for i in range(*source) if sentence.kinds[i] == ","), source[1])
    return not has_verb(sentence, source[0], names)
