"""Where cues stand in a sentence: said with its adverbs, and only where it is no noun and nobody's adjective."""

from stet.sourcing.assistant.language import Cue, Meaning, Shape
from stet.sourcing.assistant.phrases import is_adverb, starts_noun_phrase
from stet.sourcing.assistant.sentence import Hit, Sentence
from stet.sourcing.terms import Verb

LONGEST_MADE = 6  # tokens from the verb to its noun
MADE_WITH_THAT, MADE_WITH_TO, MADE_WITH_NOUN = (
    Cue(words=(), shape=Shape.FINITE, meaning=Meaning(verb=Verb.OTHER, takes=frozenset({what}), attitude=True))
    for what in ("that", "to", "noun")
)


def hits_in(sentence: Sentence, *, attitudes: bool) -> dict[int, tuple[Hit, ...]]:
    """The cues of a sentence outside quotations, by the first token of each."""
    paragraph, language = sentence.paragraph, sentence.language
    words, quote, cues = paragraph.words, paragraph.quote, language.cues
    hits: dict[int, tuple[Hit, ...]] = {}
    i = sentence.first
    while i < sentence.last:
        here = cues.get(words[i])
        if attitudes and words[i] in language.light and quote[i] < 0:
            made = made_with_noun(sentence, i)
            if made is not None:
                hits[made.first] = (made,)
                i = made.last
                continue
        if here is None or quote[i] >= 0:
            i += 1
            continue
        matching = [
            cue for cue in here
            if (attitudes or not cue.meaning.attitude)
            and (len(cue.words) == 1 or tuple(words[i : i + len(cue.words)]) == cue.words)
            and i + len(cue.words) <= sentence.last
        ]  # fmt: skip
        if not matching:
            i += 1
            continue
        length = len(matching[0].words)
        first = with_adverbs(sentence, i)
        hits[first] = tuple(
            Hit(first=first, verb=i, last=i + len(cue.words), cue=cue) for cue in matching if len(cue.words) == length
            and stands_as_cue(sentence, first, i, cue)
        )  # fmt: skip
        if not hits[first]:
            del hits[first]
        i += length
    return hits


def made_with_noun(sentence: Sentence, i: int) -> Hit | None:
    """A cue of a verb that says little and a noun: expressed deep concern about, unveiled a plan to."""
    words, kinds, language = sentence.words, sentence.kinds, sentence.language
    for j in range(i + 1, min(i + LONGEST_MADE, sentence.last - 1)):
        if words[j] not in language.matters:
            if kinds[j] not in "wn" or words[j] in language.prepositions or words[j] in language.that:
                return None
            continue
        after = words[j + 1]
        if after in language.that:
            return Hit(with_adverbs(sentence, i), i, j + 1, MADE_WITH_THAT)
        if (
            after in language.infinitive
            and kinds[j + 2 : j + 3] == ["w"]
            and sentence.word(j + 2) not in language.articles
        ):
            return Hit(with_adverbs(sentence, i), i, j + 1, MADE_WITH_TO)
        if after in language.prepositions and starts_noun_phrase(sentence, j + 2):
            return Hit(with_adverbs(sentence, i), i, j + 2, MADE_WITH_NOUN)
        return None
    return None


def with_adverbs(sentence: Sentence, i: int) -> int:
    """Where a cue begins when its auxiliaries and adverbs are counted: has repeatedly said."""
    words, kinds, quote, language = (
        sentence.paragraph.words, sentence.paragraph.kinds, sentence.paragraph.quote, sentence.language,
    )  # fmt: skip
    first = i
    while first > sentence.first and quote[first - 1] < 0:
        if is_adverb(language, words[first - 1], kinds[first - 1]) and kinds[first - 1] != "W":
            first -= 1
        elif (
            words[first - 1] in language.infinitive and first - 2 >= sentence.first
            and words[first - 2] in language.before_to
        ):  # fmt: skip
            first -= 2
        else:
            break
    return first


def stands_as_cue(sentence: Sentence, first: int, i: int, cue: Cue) -> bool:
    """Whether a word that may be a cue is one here, by what stands next to it."""
    words, kinds, language = sentence.paragraph.words, sentence.paragraph.kinds, sentence.language
    before = words[first - 1] if first > sentence.first else ""
    after = words[i + len(cue.words)] if i + len(cue.words) < sentence.last else ""
    shape = cue.shape
    if shape is Shape.NOUN:
        return after in language.that or before in language.possessives or before.endswith("'s")
    if shape in (Shape.PREFIX, Shape.CITES):
        return True
    if kinds[i] == "W" and i > sentence.first and kinds[i - 1] not in "q,.:-" and not language.inverts_freely:
        return False
    if shape is Shape.STATE:
        return any(words[j] in language.passive for j in range(first, i))
    helped = first < i
    if shape is Shape.PARTICIPLE and not helped and before.endswith("'s"):
        return False
    if cue.needs_help and not helped and after not in language.by:
        return False
    if before in language.infinitive and shape is Shape.PLAIN:
        return False
    if not helped and (
        before in language.possessives or (before in language.articles and before not in language.pronouns)
    ):
        return False
    if before in language.prepositions and shape is not Shape.GOING and not language.inverts_freely:
        return False
    if cue.is_noun_too and not helped:
        is_subject = (
            is_name_before(sentence, first, shape) or before in language.pronouns or before in language.relatives
        )
        if shape is Shape.PLAIN and not (before.endswith("s") or is_subject or after in language.that):
            return False
        if not may_follow_verb(sentence, i + len(cue.words), cue) and not (
            is_subject and starts_noun_phrase(sentence, i + len(cue.words)) and first - 1 > sentence.first
        ):
            return False
        if before in language.prepositions or not before or before.endswith("'s"):
            return False
    if shape is Shape.PLAIN and not helped and len(cue.words) == 1:
        return (
            before.endswith("s")
            or after in language.that
            or before in language.pronouns
            or before in language.plurals
            or sentence.kind(first - 1) in ",)q"
            or is_name_before(sentence, first, shape)
        )
    return True


def is_name_before(sentence: Sentence, first: int, shape: Shape) -> bool:
    """Whether a name stands before a cue; before a plural form, a plural name or the last of some."""
    if sentence.kind(first - 1) != "W":
        return False
    return shape is not Shape.PLAIN or (
        sentence.words[first - 1].endswith("s") or sentence.word(first - 2) in sentence.language.joins
    )


def may_follow_verb(sentence: Sentence, i: int, cue: Cue) -> bool:
    """Whether a word behind a form that is often a noun shows that it is a verb here: claims that, plans to."""
    if i >= sentence.last:
        return False
    kind, word, language = sentence.paragraph.kinds[i], sentence.paragraph.words[i], sentence.language
    if kind in "q:Wn":
        return True
    if word in language.prepositions and word not in language.infinitive:
        return word in cue.meaning.prepositions
    return word in language.that or word in language.infinitive or word in language.articles or word in language.whether
