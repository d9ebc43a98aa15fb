"""Reads a paragraph: finds its cues, and around each who speaks, what they say, and whom they cite.

The rules, in the order in which they are tried:
 * A prefix (according to) has its source behind it; what is said is the rest of the sentence, or what stands before it.
 * A cue behind a quotation or a comma, with a noun phrase behind it, is inverted: its source follows.
 * In the passive what is said stands before the cue; the source follows "by", or there is none.
 * Otherwise the source is the noun phrase before the cue, and what is said follows, or stands before the source.
 * A cue inside what somebody else said makes a chain: the outer source is link 1.
 * A quotation that begins the sentence after one belongs to the same source.
"""

from dataclasses import dataclass

from stet.sourcing.assistant.language import Cue, Language, Shape
from stet.sourcing.assistant.phrases import (
    Hit,
    Sentence,
    Tokens,
    before_time,
    content_end,
    has_verb,
    is_adverb,
    past_addressee,
    source_after,
    source_before,
    starts_noun_phrase,
    starts_source,
    trimmed,
    without_openers,
)  # fmt: skip
from stet.sourcing.assistant.tokens import Paragraph
from stet.sourcing.terms import Modality, SpeechAct, Verb

LOOK_AHEAD = 12  # tokens between a cue and its "that"
MOST_NESTED = 2  # cues read inside what one source says
VERBAL = (Shape.FINITE, Shape.PARTICIPLE, Shape.PLAIN, Shape.GOING, Shape.STATE)


@dataclass(slots=True)
class FoundLink:
    """A link in tokens."""

    source: Tokens | None
    cue: Tokens
    verb: Verb


@dataclass(slots=True)
class Found:
    """A suggestion in tokens; the first link is who speaks in the text."""

    content: Tokens
    links: list[FoundLink]
    act: SpeechAct
    modality: Modality
    paper: bool = False
    """Whether what is tied to a source is a paper rather than words: a document signed by D."""


def read(paragraph: Paragraph, language: Language, *, attitudes: bool) -> list[Found]:
    """Everything that a paragraph ascribes to somebody, in the order of the text."""
    found: list[Found] = []
    last: Found | None = None
    for first, end in paragraph.sentences:
        sentence = Sentence(paragraph=paragraph, language=language, first=first, last=end)
        sentence.hits = hits_in(sentence, attitudes=attitudes)
        here = Reader(sentence, attitudes=attitudes, before=last).found() if sentence.hits else []
        if not here:
            here = continued(sentence, last)
        if not here:
            here = only_hedged(sentence)
        found += here
        last = here[-1] if here else None
    return found


def hits_in(sentence: Sentence, *, attitudes: bool) -> dict[int, tuple[Hit, ...]]:
    """The cues of a sentence outside quotations, by the first token of each."""
    paragraph, language = sentence.paragraph, sentence.language
    words, _kinds, quote, cues = paragraph.words, paragraph.kinds, paragraph.quote, language.cues
    hits: dict[int, tuple[Hit, ...]] = {}
    i = sentence.first
    while i < sentence.last:
        here = cues.get(words[i])
        if here is None:
            i += 1
            continue
        if quote[i] >= 0:
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
        is_subject = kinds_at(sentence, first - 1) == "W" or before in language.pronouns or before in language.relatives
        if shape is Shape.PLAIN and not (before.endswith("s") or is_subject):
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
            or before in language.pronouns
            or before in language.plurals
            or kinds_at(sentence, first - 1) in ",)Wq"
        )
    return True


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


def kinds_at(sentence: Sentence, i: int) -> str:
    return sentence.paragraph.kinds[i] if sentence.first <= i < sentence.last else "."


class Reader:
    """Reads one sentence, from left to right."""

    def __init__(self, sentence: Sentence, *, attitudes: bool, before: Found | None) -> None:
        self.sentence = sentence
        self.paragraph = sentence.paragraph
        self.words = sentence.paragraph.words
        self.kinds = sentence.paragraph.kinds
        self.language = sentence.language
        self.attitudes = attitudes
        self.before = before
        self.done = sentence.first
        """The token after the last one that belongs to a suggestion."""
        self.list: list[Found] = []

    def found(self) -> list[Found]:
        """All suggestions of the sentence."""
        nested = 0
        for first in sorted(self.sentence.hits):
            hits = self.sentence.hits[first]
            outer = self.holding(first)
            if outer is not None:
                nested += 1
                if nested <= MOST_NESTED:
                    self.read_nested(hits, outer)
                continue
            for hit in hits:
                if hit.cue.shape is Shape.CITES:
                    done = self.cite(hit)
                else:
                    done = self.read(hit, self.sentence.first if not self.list else self.done)
                if done:
                    break
        return sorted(self.list, key=lambda found: found.content[0])

    def holding(self, i: int) -> Found | None:
        """The suggestion whose content holds a token, without being cut there by its own source or cue."""
        for found in reversed(self.list):
            if found.content[0] <= i < found.content[1]:
                return found
        return None

    def read(self, hit: Hit, lowest: int) -> bool:
        """Read one cue; True if it makes a suggestion."""
        shape = hit.cue.shape
        if shape is Shape.PREFIX:
            return self.read_prefix(hit, lowest)
        if shape is Shape.NOUN:
            return self.read_noun(hit)
        passive = shape is Shape.PARTICIPLE and (
            self.language.bare_passive
            or any(self.words[j] in self.language.passive for j in range(hit.first, hit.verb))
        )
        if (
            shape is Shape.PARTICIPLE
            and (passive or self.word(hit.last) in self.language.by)
            and self.read_passive(hit, lowest, passive=passive)
        ):
            return True
        if "seems" in hit.cue.meaning.takes:
            return self.read_passive(hit, lowest, passive=True)
        if passive or hit.cue.meaning.takes == frozenset({"paper"}):
            return False
        if hit.first == self.sentence.first and self.read_opening(hit):
            return True
        if self.is_inverted(hit, lowest) and self.read_inverted(hit, lowest):
            return True
        return self.read_active(hit, lowest)

    def word(self, i: int) -> str:
        return self.words[i] if i < self.sentence.last else ""

    def kind(self, i: int) -> str:
        return self.kinds[i] if self.sentence.first <= i < self.sentence.last else "."

    # According to.

    def read_prefix(self, hit: Hit, lowest: int) -> bool:
        is_bare = "bare" in hit.cue.meaning.takes
        leads = hit.first == lowest or self.kind(hit.first - 1) == ","
        source = None if is_bare else source_after(self.sentence, hit.last, self.sentence.last, ends_at_comma=leads)
        if source is None and not is_bare:
            return False
        after = source[1] if source else hit.last
        end = self.sentence.ends_with()
        before_it = trimmed(self.sentence, lowest, hit.first)
        if (
            before_it
            and any(self.words[i] not in self.language.openers for i in range(*before_it))
            and (before_it[1] - before_it[0] >= 2 or self.kind(after) == ",")
        ):
            whole, _ = self.interrupted(before_it, after)
            return self.note(whole, source, hit, upto=max(after, whole[1]))
        start = after + 1 if self.kind(after) in ",-" else after
        if start >= end:
            return False
        content = trimmed(self.sentence, start, content_end(self.sentence, start, stops_at_comma=False))
        return content is not None and self.note(content, source, hit, upto=content[1])

    def starts_own(self, i: int) -> bool:
        """Whether a cue of its own, or a relative, begins here."""
        return (
            any(j in self.sentence.hits for j in (i, i + 1)) or self.word(i) in self.language.relatives
            or self.word(i) in self.language.conjunctions or self.word(i) in self.language.turns
        )  # fmt: skip

    # Their belief that.

    def read_noun(self, hit: Hit) -> bool:
        owner = hit.first - 1
        if owner < self.done and self.list:
            return False
        after = self.word(hit.last)
        is_plan = after in self.language.infinitive and self.word(hit.last + 1) not in self.language.articles
        if after not in self.language.that and not (is_plan and self.kind(hit.last + 1) == "w"):
            return False
        is_owned = owner >= self.sentence.first and (
            self.words[owner] in self.language.possessives or self.words[owner].endswith("'s")
        )
        if not is_owned:
            content = trimmed(self.sentence, hit.last, content_end(self.sentence, hit.last, stops_at_comma=True))
            return content is not None and self.note(content, None, hit, upto=content[1])
        first = owner
        if self.words[owner].endswith("'s"):
            source = source_before(self.sentence, hit.first, self.done)
            first = source[0] if source else owner
        content = trimmed(self.sentence, hit.last, content_end(self.sentence, hit.last, stops_at_comma=True))
        return content is not None and self.note(content, (first, owner + 1), hit, upto=content[1])

    # Was signed by.

    def read_passive(self, hit: Hit, lowest: int, *, passive: bool) -> bool:
        meaning, last = hit.cue.meaning, hit.last
        subject = source_before(self.sentence, hit.first, lowest)
        if subject and self.words[subject[0]] in self.language.relatives:
            subject = None
        if self.word(last) in self.language.by:
            source = source_after(self.sentence, last + 1, self.sentence.last)
            if source is None or subject is None:
                return False
            return self.note(subject, source, hit, upto=source[1], paper="paper" in meaning.takes)
        if not passive:
            return False
        if self.word(last) in self.language.infinitive and subject and meaning.act is not SpeechAct.DECLINES:
            end = content_end(self.sentence, last, stops_at_comma=False)
            return self.note((subject[0], end), None, hit, upto=end, reported=True)
        if self.word(last) in self.language.that:
            end = content_end(self.sentence, last, stops_at_comma=False)
            return self.note((last, end), None, hit, upto=end, reported=True)
        known = meaning.verb in (Verb.CONFIRMED, Verb.DENIED, Verb.LEAKED)
        if known and subject:
            return self.note(subject, None, hit, upto=last)
        return False

    # , said X.

    def is_inverted(self, hit: Hit, lowest: int) -> bool:
        if hit.cue.shape in (Shape.GOING, Shape.STATE) or not hit.cue.meaning.takes & {"quote"}:
            return False
        if not starts_source(self.sentence, past_addressee(self.sentence, hit.last)):
            return False
        before = hit.first - 1
        if before < lowest:
            return False
        if self.kinds[before] == "q" and self.sentence.speech_at(before):
            return True
        if self.kinds[before] not in ",-":
            return False
        if before > lowest and self.sentence.speech_at(before - 1):
            return True
        if self.language.inverts_freely:
            return True
        if self.is_all_subject(hit, lowest):
            return False
        source = source_after(self.sentence, hit.last, self.sentence.last)
        if source is None:
            return False
        relative = next((i for i in range(*source) if self.words[i] in self.language.relatives), source[1])
        if any(self.words[i] in self.language.finite for i in range(source[0], relative)):
            return False
        if self.word(source[1]) in self.language.finite:
            return False
        return has_verb(self.sentence, lowest, before) or before - lowest >= 4

    def is_all_subject(self, hit: Hit, lowest: int) -> bool:
        """Whether all that stands before a cue is one source with its appositions: But Mara Quist, the mayor, said …."""
        source = source_before(self.sentence, hit.first, lowest)
        if source is None or source[0] != without_openers(self.sentence, lowest, hit.first):
            return False
        names = next((i for i in range(*source) if self.kinds[i] == ","), source[1])
        return not has_verb(self.sentence, source[0], names)

    def read_inverted(self, hit: Hit, lowest: int) -> bool:
        source = source_after(self.sentence, hit.last, self.sentence.last)
        if source is None:
            return False
        content = self.content_before(hit.first, lowest, is_said=True)
        if content is None:
            return False
        content, upto = self.interrupted(content, source[1])
        return self.note(content, source, hit, upto=max(upto, source[1]))

    def content_before(self, end: int, lowest: int, *, is_said: bool = False) -> Tokens | None:
        """What is said before a source or a cue: a quotation with the words that lead to it, or the clause.

        `is_said` where the cue follows at once, so that it cannot be a time or a place.
        """
        last = end
        while last > lowest and self.kinds[last - 1] in ",-" and not self.sentence.speech_at(last - 1):
            last -= 1
        if last <= lowest:
            return None
        if self.words[last - 1] in self.language.relatives:
            lowest = last - 1
        elif not is_said and not self.sentence.speech_at(last - 1) and not self.is_clause(lowest, last):
            return None
        return trimmed(self.sentence, lowest, last)

    def is_clause(self, first: int, last: int) -> bool:
        """Whether what stands before a comma can be what somebody says, and is not just when or where: In Paris,."""
        if self.words[first] not in self.language.prepositions and self.words[first] not in self.language.times:
            return True
        return has_verb(self.sentence, first, last) and self.words[first] not in self.language.times

    def interrupted(self, content: Tokens, after: int) -> tuple[Tokens, int]:
        """Content that goes on behind its source: “A,” X said, “B.” and A, X said, B."""
        if self.kind(after) not in ",-" or after >= self.sentence.last:
            return content, content[1]
        start = after + 1
        while self.kind(start) in ",-" and start < self.sentence.last:
            start += 1
        if start >= self.sentence.last:
            return content, content[1]
        speech = self.sentence.speech_at(start)
        was_speech = self.sentence.speech_at(content[1] - 1)
        if speech:
            return (content[0], speech[1]), speech[1]
        if was_speech or (self.starts_own(start) and not self.joins_clause(start)):
            return content, content[1]
        end = content_end(self.sentence, start, stops_at_comma=False)
        rest = trimmed(self.sentence, start, end)
        if rest is None:
            return content, content[1]
        return (content[0], rest[1]), rest[1]

    def joins_clause(self, i: int) -> bool:
        """Whether "and" goes on with what is said: A, she said, and B."""
        if self.word(i) not in self.language.joins:
            return False
        end = self.sentence.ends_with()
        return has_verb(self.sentence, i + 1, end) and not any(j in self.sentence.hits for j in range(i, end))

    def read_opening(self, hit: Hit) -> bool:
        """Said X: “…”."""
        source = source_after(self.sentence, hit.last, self.sentence.last)
        if source is None or self.kind(source[1]) not in ":,":
            return False
        speech = self.speech_from(source[1])
        return speech is not None and self.note(speech, source, hit, upto=speech[1])

    # X said.

    def read_active(self, hit: Hit, lowest: int) -> bool:
        if hit.cue.shape is Shape.GOING and not any(
            self.words[j] in self.language.passive for j in range(hit.first, hit.verb)
        ):
            return self.read_going(hit)
        source = self.source_of(hit, lowest)
        is_asked = (
            hit.first == self.sentence.first and hit.cue.shape is Shape.PARTICIPLE and "if" in hit.cue.meaning.takes
        )
        paper = self.list[-1] if self.list and self.list[-1].paper and self.done == hit.first else None
        if paper is not None:
            source = (paper.content[0], hit.first)
        if source is None and not self.shares_source(hit) and not is_asked:
            return False
        cue, content, middle = self.content_after(hit)
        if (
            source is not None
            and source[0] - 1 >= lowest
            and "quote" in hit.cue.meaning.takes
            and (
                self.sentence.speech_at(source[0] - 1)
                or (
                    content is not None
                    and self.kinds[source[0] - 1] == ","
                    and self.kind(cue.last) == ","
                    and self.sentence.speech_at(content[0])
                )
            )
        ):
            before = self.content_before(source[0], lowest)
            if before is not None:
                before, upto = self.interrupted(before, cue.last)
                return self.note(before, source, cue, upto=max(upto, cue.last))
        if content is None and hit.cue.meaning.act is SpeechAct.SEES_NO_SIGNS and source is not None:
            content = self.said_before(source[0], lowest) or (hit.first, hit.last)
        if content is not None and (is_asked or (source and self.word(source[0] - 1) in self.language.subordinators)):
            content = self.up_to_comma(content)
        if content is None and source is not None:
            before = source[0] - 1
            if (
                before >= lowest
                and hit.cue.meaning.takes & {"quote", "clause"}
                and (self.kinds[before] in ",-" or self.sentence.speech_at(before))
            ):
                content = self.content_before(source[0], lowest)
                if content is not None:
                    content, upto = self.interrupted(content, cue.last)
                    return self.note(content, source, cue, upto=max(upto, cue.last))
        if (
            content is None
            and self.kind(cue.last) == ","
            and not self.starts_own(cue.last + 1)
            and hit.cue.meaning.takes & {"clause"}
            and source is not None
        ):
            content = trimmed(
                self.sentence, cue.last + 1, content_end(self.sentence, cue.last + 1, stops_at_comma=False)
            )
        if (
            content is None
            and hit.cue.meaning.act is SpeechAct.DECLINES
            and source is not None
            and len(hit.cue.words) > 1
        ):
            content = (hit.first, hit.last)
        if content is None:
            return False
        if source is None and self.list:
            source = self.list[-1].links[0].source
        if paper is not None:
            self.list.pop()
            middle = paper.links[0]
        return self.note(content, source, cue, upto=content[1], middle=middle)

    def said_before(self, end: int, lowest: int) -> Tokens | None:
        """The clause before a semicolon or a comma, of which somebody sees no signs."""
        last = end
        while last > lowest and (self.kinds[last - 1] in ",;:-" or self.words[last - 1] in self.language.turns):
            last -= 1
        return trimmed(self.sentence, lowest, last) if last > lowest else None

    def up_to_comma(self, content: Tokens) -> Tokens | None:
        """What is said in a clause that a comma ends: while the army denies it, …."""
        end = content_end(self.sentence, content[0], stops_at_comma=True)
        return trimmed(self.sentence, content[0], min(end, content[1]))

    def source_of(self, hit: Hit, lowest: int) -> Tokens | None:
        if hit.first <= lowest:
            return None
        before = self.words[hit.first - 1]
        if before in self.language.conjunctions:
            return None
        return source_before(self.sentence, hit.first, lowest)

    def shares_source(self, hit: Hit) -> bool:
        """Whether the last source goes on: denied the report and declined to comment."""
        return (
            bool(self.list)
            and hit.first - 1 >= self.sentence.first
            and (self.words[hit.first - 1] in self.language.conjunctions)
        )

    def read_going(self, hit: Hit) -> bool:
        """, adding that …: the last source goes on."""
        before = self.kind(hit.first - 1)
        if before not in ",q-" and self.word(hit.first - 1) not in self.language.leads_going:
            return False
        cue, content, middle = self.content_after(hit)
        if content is None:
            return False
        last = self.list[-1] if self.list else None
        if last is None and not self.attitudes:
            return False
        source = last.links[0].source if last else None
        return self.note(content, source, cue, upto=content[1], middle=middle)

    def content_after(self, hit: Hit) -> tuple[Hit, Tokens | None, FoundLink | None]:
        """What is said behind a cue; the cue with what belongs to it; a root cited in between."""
        sentence, language, words = self.sentence, self.language, self.words
        takes = hit.cue.meaning.takes
        end = sentence.ends_with()
        i = hit.last
        middle: FoundLink | None = None
        for phrase in language.media.get(self.word(i), ()):
            if "quote" in takes and tuple(words[i : i + len(phrase)]) == phrase:
                i += len(phrase)
                hit = Hit(hit.first, hit.verb, i, hit.cue)
                break
        if self.word(i) in hit.cue.meaning.prepositions and i < end:
            if starts_noun_phrase(sentence, i + 1) or sentence.speech_at(min(i + 1, end - 1)):
                hit = Hit(hit.first, hit.verb, i + 1, hit.cue)
                return hit, self.object_from(i + 1, is_wish=hit.cue.meaning.attitude), None
        if i >= sentence.last:
            return hit, None, None
        if "person" in takes:
            after = self.past_addressee(i, end)
            if after is None:
                return hit, None, None
            i = after
        if self.kind(i) == "," or i in sentence.hits:
            cited = self.cited_between(i)
            if cited:
                middle, i = cited
            elif "that" in takes and self.kind(i) == ",":
                i = self.past_insertion(i, end)
        if i >= sentence.last:
            return hit, None, None
        speech = self.speech_from(i)
        if speech and "quote" in takes | ({"quote"} if self.kind(i) != "," else frozenset()):
            stop = content_end(sentence, speech[0], stops_at_comma=False)
            return hit, (speech[0], max(stop, speech[1])), middle
        i = self.past_time(i, end, takes, hit.cue.meaning.prepositions)
        speech = self.speech_from(i) if self.kind(i) in ",:" else None
        if speech and "quote" in takes:
            return hit, (speech[0], max(content_end(sentence, speech[0], stops_at_comma=False), speech[1])), middle
        word = self.word(i)
        if self.kind(i) == "," and self.word(i + 1) in language.that | language.whether and language.comma_before_that:
            i, word = i + 1, self.word(i + 1)
        if i >= end:
            return hit, None, middle
        if word in language.that and takes & {"that", "clause"}:
            return hit, trimmed(sentence, i, content_end(sentence, i, stops_at_comma=False)), middle
        if word in language.whether and "if" in takes:
            return hit, trimmed(sentence, i, content_end(sentence, i, stops_at_comma=False)), middle
        if word in hit.cue.meaning.prepositions and i > hit.last:
            return hit, self.object_from(i, is_wish=hit.cue.meaning.attitude), middle
        if word in language.infinitive and "to" in takes:
            return hit, trimmed(sentence, i, content_end(sentence, i, stops_at_comma=False)), middle
        if not (starts_noun_phrase(sentence, i) or sentence.speech_at(i)):
            return hit, None, middle
        if "clause" in takes:
            stop = content_end(sentence, i, stops_at_comma=False)
            is_sure = words[hit.verb] in language.surest
            near = stop if is_sure else content_end(sentence, i, stops_at_comma=True)
            if has_verb(sentence, i, near) or (is_sure and stop - i > 2):
                return hit, trimmed(sentence, i, stop), middle
        if "noun" in takes:
            return hit, self.object_from(i, is_wish=hit.cue.meaning.attitude), middle
        return hit, None, middle

    def past_insertion(self, comma: int, end: int) -> int:
        """Past what stands between commas before "that": cautioned, as did others, that."""
        for j in range(comma + 2, min(comma + LOOK_AHEAD, end - 1)):
            if self.kinds[j] == "," and self.words[j + 1] in self.language.that:
                return j + 1
            if self.sentence.speech_at(j):
                break
        return comma

    def object_from(self, i: int, *, is_wish: bool) -> Tokens | None:
        """What is denied, rejected, criticized; not when."""
        end = content_end(self.sentence, i, stops_at_comma=True)
        if is_wish or (self.language.infinitive_endings and self.word(i).endswith(self.language.infinitive_endings)):
            return trimmed(self.sentence, i, end)
        return trimmed(self.sentence, i, before_time(self.sentence, end, i))

    def speech_from(self, i: int) -> Tokens | None:
        """A quotation that begins here, or behind one comma or colon."""
        if self.kind(i) in ",:-" and i + 1 < self.sentence.last:
            i += 1
        if self.kind(i) != "q":
            return None
        speech = self.sentence.speech_at(i)
        return speech if speech and speech[0] == i else None

    def past_addressee(self, i: int, end: int) -> int | None:
        """Past who is told: told reporters on Monday that."""
        words, language = self.words, self.language
        if self.word(i) in language.addressees:
            after = i + 1
            if self.word(after) in language.that | language.infinitive | language.whether or starts_noun_phrase(
                self.sentence, after
            ):
                return after
        for j in range(i, min(i + LOOK_AHEAD, end)):
            if words[j] in language.that or (words[j] in language.infinitive and j > i) or words[j] in language.whether:
                return j
            if self.kinds[j] in ",:" or self.sentence.speech_at(j):
                return j
        after = i
        while self.kind(after) == "W":
            after += 1
        return after if after > i and starts_noun_phrase(self.sentence, after) else None

    def past_time(self, i: int, end: int, takes: frozenset[str], prepositions: frozenset[str]) -> int:
        """Past a time or a place before "that": said on Friday at the court that."""
        words, language = self.words, self.language
        if not (words[i] in language.prepositions or words[i] in language.times) or not takes & {"that", "clause"}:
            return i
        for j in range(i, min(i + LOOK_AHEAD, end)):
            if words[j] in language.that:
                return j
            if self.kinds[j] in ",:" and j + 1 < end and self.sentence.speech_at(j + 1):
                return j
            if self.kinds[j] in ",;:" or self.sentence.speech_at(j):
                break
        if words[i] in language.times:
            after = self.word(i + 1)
            if (starts_noun_phrase(self.sentence, i + 1) and "clause" in takes) or (
                after in language.prepositions and after in prepositions
            ):
                return i + 1
        return i

    # Whom they cite.

    def cite(self, hit: Hit) -> bool:
        """Tie a root to the suggestion that stands before it: said …, citing B; A, who cited B."""
        if any(link.cue == (hit.first, hit.last) for found in self.list for link in found.links):
            return True
        root = self.root_after(hit)
        if root is None:
            return False
        plain = self.words[hit.verb] in self.language.plain_cites
        if not self.list or (plain and self.word(hit.first - 1) not in self.language.relatives):
            return False
        found = self.list[-1]
        found.links.append(FoundLink(root, (hit.first, hit.last), Verb.CITED))
        self.done = max(self.done, root[1])
        return True

    def root_after(self, hit: Hit) -> Tokens | None:
        """Who is cited; of "intelligence from agency B", agency B."""
        whole = source_after(self.sentence, hit.last, self.sentence.last)
        if whole is None:
            return None
        for i in range(whole[0], min(whole[0] + 6, whole[1] - 1)):
            if self.words[i] in self.language.information and self.words[i + 1] in self.language.origins:
                inner = source_after(self.sentence, i + 2, whole[1])
                if inner:
                    return inner
        return whole

    def cited_between(self, i: int) -> tuple[FoundLink, int] | None:
        """A root between a cue and its "that": reported, citing two officials, that."""
        for hit in self.sentence.hits.get(i + 1 if self.kind(i) == "," else i, ()):
            if hit.cue.shape is Shape.CITES:
                root = self.root_after(hit)
                if root and self.kind(root[1]) == "," and root[1] + 1 < self.sentence.last:
                    return FoundLink(root, (hit.first, hit.last), Verb.CITED), root[1] + 1
        return None

    def quoted_by(self, source: Tokens) -> list[FoundLink]:
        """Who passes on what a source says: B, quoted by A, said."""
        for i in range(source[0] + 1, source[1] - 2):
            if self.words[i] in self.language.plain_cites and self.words[i + 1] in self.language.by:
                carrier = source_after(self.sentence, i + 2, source[1])
                if carrier and self.kinds[i - 1] == ",":
                    return [FoundLink(carrier, (i, i + 2), Verb.CITED)]
        return []

    # A said that B told.

    def read_nested(self, hits: tuple[Hit, ...], outer: Found) -> None:
        """A cue inside what somebody says: the same claim, one link further."""
        for hit in hits:
            if (
                hit.cue.shape not in (Shape.FINITE, Shape.PARTICIPLE, Shape.PLAIN, Shape.PREFIX)
                or hit.cue.meaning.attitude
            ):
                continue
            inside = Reader(self.sentence, attitudes=self.attitudes, before=None)
            start = outer.content[0]
            if self.words[start] in self.language.that:
                start += 1
            if inside.read(hit, start) and inside.list:
                inner = inside.list[0]
                if (
                    inner.links[0].source is None
                    or not outer.content[0] <= inner.content[0] < inner.content[1] <= outer.content[1]
                ):
                    return
                self.list.insert(
                    len(self.list) - 1,
                    Found(inner.content, [*outer.links, *inner.links], inner.act, inner.modality),
                )
                return

    def note(
        self, content: Tokens, source: Tokens | None, hit: Hit, *, upto: int, reported: bool = False, paper: bool = False,
        middle: FoundLink | None = None,
    ) -> bool:  # fmt: skip
        """Add a suggestion."""
        trimmed_content = trimmed(self.sentence, *content)
        if trimmed_content is None:
            return False
        meaning = hit.cue.meaning
        links = self.quoted_by(source) if source else []
        if links and source:
            source = trimmed(self.sentence, source[0], links[0].cue[0])
        links.append(FoundLink(source, (hit.first, hit.last), meaning.verb))
        if middle:
            links.append(middle)
        spans = [trimmed_content, (hit.first, hit.last), *([source] if source else [])]
        modality = hedge_in(self.sentence, spans)
        if reported and modality is Modality.FLAT and meaning.act is not SpeechAct.PREDICTS:
            modality = Modality.REPORTEDLY
        self.list.append(Found(trimmed_content, links, meaning.act, modality, paper))
        self.done = max(self.done, upto)
        return True


def hedge_in(sentence: Sentence, spans: list[Tokens]) -> Modality:
    """The first hedge in any of some spans."""
    for first, last in spans:
        for i in range(first, last):
            if sentence.speech_at(i):
                continue
            modality = hedge_at(sentence, i, last)
            if modality:
                return modality[0]
    return Modality.FLAT


def hedge_at(sentence: Sentence, i: int, last: int) -> tuple[Modality, int] | None:
    """The hedge that begins at a token, and the token after it."""
    words = sentence.paragraph.words
    for phrase, modality in sentence.language.hedges.get(words[i], ()):
        if i + len(phrase) <= last and tuple(words[i : i + len(phrase)]) == phrase:
            return modality, i + len(phrase)
    return None


def continued(sentence: Sentence, last: Found | None) -> list[Found]:
    """A sentence that is a quotation, right after one that was somebody's: the same source goes on."""
    if last is None:
        return []
    first = sentence.first
    while first < sentence.last and sentence.paragraph.kinds[first] in "-,":
        first += 1
    if first >= sentence.last:
        return []
    speech = sentence.speech_at(first)
    if (
        speech is None
        or speech[0] != first
        or (sentence.speech_at(last.content[1] - 1) is None and sentence.speech_at(last.content[0]) is None)
    ):
        return []
    if speech[1] < sentence.ends_with():
        return []
    return [Found(speech, last.links, last.act, last.modality)]


def only_hedged(sentence: Sentence) -> list[Found]:
    """A sentence without a source that says itself that it is not sure."""
    for i in range(sentence.first, sentence.last):
        if sentence.paragraph.quote[i] >= 0 or (
            sentence.paragraph.words[i] not in sentence.language.hedges
            or sentence.paragraph.words[i] in sentence.language.hedge_adjectives
        ):
            continue
        hedge = hedge_at(sentence, i, sentence.last)
        if hedge is None:
            continue
        content = trimmed(sentence, sentence.first, sentence.ends_with())
        if content is None or content == (i, hedge[1]):
            return []
        return [Found(content, [FoundLink(None, (i, hedge[1]), Verb.OTHER)], SpeechAct.ASSERTS, hedge[0])]
    return []
