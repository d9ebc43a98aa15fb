"""Reads a paragraph: finds its cues, and around each who speaks, what they say, and whom they cite.

The rules, in the order in which they are tried:
 * A prefix (according to) has its source behind it; what is said is the rest of the sentence, or what stands before it.
 * A cue behind a quotation or a comma, with a noun phrase behind it, is inverted: its source follows.
 * In the passive what is said stands before the cue; the source follows "by", or there is none.
 * Otherwise the source is the noun phrase before the cue, and what is said follows, or stands before the source.
 * A cue inside what somebody else said makes a chain: the outer source is link 1.
 * A quotation that begins the sentence after one belongs to the same source.
"""

from stet.sourcing.assistant.contents import (
    content_after,
    content_before,
    content_end,
    interrupted,
    said_before,
    speech_from,
    starts_own,
    trimmed,
    up_to_comma,
)
from stet.sourcing.assistant.cues import hits_in
from stet.sourcing.assistant.found import Found, FoundLink
from stet.sourcing.assistant.hedging import hedge_in, only_hedged
from stet.sourcing.assistant.language import Language, Shape
from stet.sourcing.assistant.phrases import (
    has_verb,
    is_all_subject,
    past_addressee,
    source_after,
    source_before,
    starts_source,
)
from stet.sourcing.assistant.roots import quoted_by, root_after
from stet.sourcing.assistant.sentence import Hit, Sentence, Tokens
from stet.sourcing.assistant.tokens import Paragraph
from stet.sourcing.terms import Modality, SpeechAct, Verb

MOST_NESTED = 2  # cues read inside what one source says


def read(paragraph: Paragraph, language: Language, *, attitudes: bool) -> list[Found]:
    """Everything that a paragraph ascribes to somebody, in the order of the text."""
    found: list[Found] = []
    last: Found | None = None
    for first, end in paragraph.sentences:
        sentence = Sentence(paragraph=paragraph, language=language, first=first, last=end)
        sentence.hits = hits_in(sentence, attitudes=attitudes)
        here = Reader(sentence, attitudes=attitudes).found() if sentence.hits else []
        if not here:
            here = continued(sentence, last)
        if not here:
            here = only_hedged(sentence)
        found += here
        last = here[-1] if here else None
    return found


class Reader:
    """Reads one sentence, from left to right."""

    def __init__(self, sentence: Sentence, *, attitudes: bool) -> None:
        self.sentence = sentence
        self.words = sentence.paragraph.words
        self.kinds = sentence.paragraph.kinds
        self.language = sentence.language
        self.attitudes = attitudes
        self.done = sentence.first
        """The token after the last one that belongs to a suggestion."""
        self.list: list[Found] = []

    def found(self) -> list[Found]:
        """All suggestions of the sentence."""
        nested = 0
        for first in self.in_order():
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

    def in_order(self) -> list[int]:
        """The cues from left to right, but first one that speaks for the whole sentence: A, according to X."""
        order = sorted(self.sentence.hits)
        for first in order[1:]:
            hit = self.sentence.hits[first][0]
            if hit.cue.shape is Shape.PREFIX and self.sentence.kind(first - 1) == ",":
                source = source_after(self.sentence, hit.last, self.sentence.last)
                turns = any(
                    self.kinds[i] == "," and self.sentence.word(i + 1) in self.language.turns
                    for i in range(order[0], first)
                )
                if source and source[1] >= self.sentence.ends_with() and not turns:
                    return [first, *(other for other in order if other != first)]
        return order

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
        passive = shape is Shape.PARTICIPLE and (self.language.bare_passive or self.is_passive(hit))
        if (
            shape is Shape.PARTICIPLE
            and (passive or self.sentence.word(hit.last) in self.language.by)
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

    def read_prefix(self, hit: Hit, lowest: int) -> bool:
        """According to X, A; and A, according to X."""
        is_bare = "bare" in hit.cue.meaning.takes
        leads = hit.first == lowest or self.sentence.kind(hit.first - 1) == ","
        source = None if is_bare else source_after(self.sentence, hit.last, self.sentence.last, ends_at_comma=leads)
        if source is None and not is_bare:
            return False
        after = source[1] if source else hit.last
        end = self.sentence.ends_with()
        before_it = trimmed(self.sentence, lowest, hit.first)
        if (
            before_it
            and any(self.words[i] not in self.language.openers for i in range(*before_it))
            and (before_it[1] - before_it[0] >= 2 or self.sentence.kind(after) == ",")
        ):
            whole, _ = interrupted(self.sentence, before_it, after)
            return self.note(whole, source, hit, upto=max(after, whole[1]))
        start = after + 1 if self.sentence.kind(after) in ",-" else after
        if start >= end:
            return False
        content = trimmed(self.sentence, start, content_end(self.sentence, start, stops_at_comma=False))
        return content is not None and self.note(content, source, hit, upto=content[1])

    def read_noun(self, hit: Hit) -> bool:
        """Their belief that A; fears that A."""
        owner = hit.first - 1
        if owner < self.done and self.list:
            return False
        after = self.sentence.word(hit.last)
        is_plan = after in self.language.infinitive and self.sentence.word(hit.last + 1) not in self.language.articles
        if after not in self.language.that and not (is_plan and self.sentence.kind(hit.last + 1) == "w"):
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

    def read_passive(self, hit: Hit, lowest: int, *, passive: bool) -> bool:
        """A was denied by X; A is said to …; A was confirmed."""
        meaning, last = hit.cue.meaning, hit.last
        subject = source_before(self.sentence, hit.first, lowest)
        if subject and self.words[subject[0]] in self.language.relatives:
            subject = None
        if self.sentence.word(last) in self.language.by:
            source = source_after(self.sentence, last + 1, self.sentence.last)
            if source is None or subject is None:
                return False
            return self.note(subject, source, hit, upto=source[1], paper="paper" in meaning.takes)
        if not passive:
            return False
        if (
            self.sentence.word(last) in self.language.infinitive
            and subject
            and self.words[hit.verb] in self.language.raised
        ):
            end = content_end(self.sentence, last, stops_at_comma=False)
            return self.note((subject[0], end), None, hit, upto=end, reported=True)
        if self.sentence.word(last) in self.language.that:
            end = content_end(self.sentence, last, stops_at_comma=False)
            return self.note((last, end), None, hit, upto=end, reported=True)
        if self.sentence.word(last) in self.language.blames and subject and "noun" in meaning.takes:
            end = content_end(self.sentence, last, stops_at_comma=False)
            return self.note((subject[0], end), None, hit, upto=end, reported=True)
        known = meaning.verb in (Verb.CONFIRMED, Verb.DENIED, Verb.LEAKED)
        if known and subject:
            return self.note(subject, None, hit, upto=last)
        return False

    def is_inverted(self, hit: Hit, lowest: int) -> bool:
        """Whether a source follows its cue."""
        if hit.cue.shape in (Shape.GOING, Shape.STATE) or not hit.cue.meaning.takes & {"quote"}:
            return False
        if hit.cue.meaning.verb is Verb.TOLD and not self.language.inverts_freely:
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
        if is_all_subject(self.sentence, hit.first, lowest):
            return False
        source = source_after(self.sentence, hit.last, self.sentence.last)
        if source is None:
            return False
        relative = next((i for i in range(*source) if self.words[i] in self.language.relatives), source[1])
        if any(self.words[i] in self.language.finite for i in range(source[0], relative)):
            return False
        if self.sentence.word(source[1]) in self.language.finite:
            return False
        return has_verb(self.sentence, lowest, before) or before - lowest >= 4

    def read_inverted(self, hit: Hit, lowest: int) -> bool:
        """A, said X."""
        source = source_after(self.sentence, hit.last, self.sentence.last)
        if source is None:
            return False
        content = content_before(self.sentence, hit.first, lowest, is_said=True)
        if content is None:
            return False
        content, upto = interrupted(self.sentence, content, source[1])
        return self.note(content, source, hit, upto=max(upto, source[1]))

    def read_opening(self, hit: Hit) -> bool:
        """Said X: “…”."""
        source = source_after(self.sentence, hit.last, self.sentence.last)
        if source is None or self.sentence.kind(source[1]) not in ":,":
            return False
        speech = speech_from(self.sentence, source[1])
        return speech is not None and self.note(speech, source, hit, upto=speech[1])

    def read_active(self, hit: Hit, lowest: int) -> bool:
        """A source before its cue, and what it says behind the cue, or before the source."""
        if hit.cue.shape is Shape.GOING and not self.is_passive(hit):
            return self.read_going(hit)
        paper = self.paper_before(hit)
        source = (paper.content[0], hit.first) if paper else self.source_of(hit, lowest)
        is_asked = (
            hit.first == self.sentence.first and hit.cue.shape is Shape.PARTICIPLE and "if" in hit.cue.meaning.takes
        )
        if source is None and not self.shares_source(hit) and not is_asked:
            return False
        cue, content, middle = content_after(self.sentence, hit)
        if source is not None:
            if self.stands_between(source, cue, content, lowest) and self.read_said_before(source, cue, lowest):
                return True
            if content is None:
                content = self.content_elsewhere(source, hit, cue, lowest)
            if content is None and self.read_said_before(source, cue, lowest):
                return True
            if content is None:
                content = self.content_of_last_resort(cue)
        if content is not None and (is_asked or self.is_subordinate(source)):
            content = up_to_comma(self.sentence, content)
        if content is None:
            return False
        if source is None and self.list:
            source = self.list[-1].links[0].source
        if paper is not None:
            self.list.pop()
            middle = paper.links[0]
        return self.note(content, source, cue, upto=content[1], middle=middle)

    def is_passive(self, hit: Hit) -> bool:
        """Whether a form of to be belongs to a cue."""
        return any(self.words[j] in self.language.passive for j in range(hit.first, hit.verb))

    def paper_before(self, hit: Hit) -> Found | None:
        """A paper that ends where the cue begins: A letter signed by D says so."""
        return self.list[-1] if self.list and self.list[-1].paper and self.done == hit.first else None

    def is_subordinate(self, source: Tokens | None) -> bool:
        """Whether a clause that a comma ends begins with this source: while X denies it, the road is shut."""
        return source is not None and self.sentence.word(source[0] - 1) in self.language.subordinators

    def stands_between(self, source: Tokens, cue: Hit, content: Tokens | None, lowest: int) -> bool:
        """Whether a source stands behind a quotation, or between words and a quotation: It was, he said, “over”."""
        if source[0] - 1 < lowest or "quote" not in cue.cue.meaning.takes:
            return False
        if self.sentence.speech_at(source[0] - 1):
            return True
        return (
            content is not None
            and self.kinds[source[0] - 1] == ","
            and self.sentence.kind(cue.last) == ","
            and self.sentence.speech_at(content[0]) is not None
        )

    def read_said_before(self, source: Tokens, cue: Hit, lowest: int) -> bool:
        """A, X said; and A, X said, B."""
        before = source[0] - 1
        if before < lowest or not cue.cue.meaning.takes & {"quote", "clause"}:
            return False
        if self.kinds[before] not in ",-" and not self.sentence.speech_at(before):
            return False
        content = content_before(self.sentence, source[0], lowest)
        if content is None:
            return False
        content, upto = interrupted(self.sentence, content, cue.last)
        return self.note(content, source, cue, upto=max(upto, cue.last))

    def content_elsewhere(self, source: Tokens, hit: Hit, cue: Hit, lowest: int) -> Tokens | None:
        """That of which a source sees no signs stands in the clause before, if it is not said."""
        if cue.cue.meaning.act is not SpeechAct.SEES_NO_SIGNS:
            return None
        return said_before(self.sentence, source[0], lowest) or (hit.first, hit.last)

    def content_of_last_resort(self, cue: Hit) -> Tokens | None:
        """What stands behind a comma: In May, she said, it was open; or, where a source declines, that it does."""
        if (
            self.sentence.kind(cue.last) == ","
            and not starts_own(self.sentence, cue.last + 1)
            and "clause" in cue.cue.meaning.takes
        ):
            end = content_end(self.sentence, cue.last + 1, stops_at_comma=False)
            return trimmed(self.sentence, cue.last + 1, end)
        if cue.cue.meaning.act is SpeechAct.DECLINES and len(cue.cue.words) > 1:
            return cue.first, cue.last
        return None

    def source_of(self, hit: Hit, lowest: int) -> Tokens | None:
        """The noun phrase before a cue."""
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
        before = self.sentence.kind(hit.first - 1)
        source = None
        if before not in ",q-" and self.sentence.word(hit.first - 1) not in self.language.leads_going:
            source = self.source_of(hit, self.done) if self.sentence.word(hit.last) in self.language.that else None
            if source is None:
                return False
        cue, content, middle = content_after(self.sentence, hit)
        if content is None:
            return False
        last = self.list[-1] if self.list else None
        if last is None and source is None and not self.attitudes:
            return False
        source = source or (last.links[0].source if last else None)
        return self.note(content, source, cue, upto=content[1], middle=middle)

    def cite(self, hit: Hit) -> bool:
        """Tie a root to the suggestion that stands before it: said …, citing B; A, who cited B."""
        if any(link.cue == (hit.first, hit.last) for found in self.list for link in found.links):
            return True
        root = root_after(self.sentence, hit)
        if root is None:
            return False
        plain = self.words[hit.verb] in self.language.plain_cites
        if not self.list or (plain and self.sentence.word(hit.first - 1) not in self.language.relatives):
            return False
        found = self.list[-1]
        found.links.append(FoundLink(root, (hit.first, hit.last), Verb.CITED))
        self.done = max(self.done, root[1])
        return True

    def read_nested(self, hits: tuple[Hit, ...], outer: Found) -> None:
        """A cue inside what somebody says: the same claim, one link further."""
        for hit in hits:
            if (
                hit.cue.shape not in (Shape.FINITE, Shape.PARTICIPLE, Shape.PLAIN, Shape.PREFIX)
                or hit.cue.meaning.attitude
            ):
                continue
            inside = Reader(self.sentence, attitudes=self.attitudes)
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
        self,
        content: Tokens,
        source: Tokens | None,
        hit: Hit,
        *,
        upto: int,
        reported: bool = False,
        paper: bool = False,
        middle: FoundLink | None = None,
    ) -> bool:
        """Add a suggestion."""
        trimmed_content = trimmed(self.sentence, *content)
        if trimmed_content is None:
            return False
        meaning = hit.cue.meaning
        links = quoted_by(self.sentence, source) if source else []
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
