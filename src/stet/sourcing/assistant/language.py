"""What a language's table holds: its cues, and the small words between which sources and contents lie.

A new language is one module with one `Language`; nothing else in this package knows a word of any. Everything is in
small letters, as it stands in a text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stet.sourcing.terms import Modality, SpeechAct, Verb


class Shape(StrEnum):
    """The form in which a cue stands."""

    FINITE = "finite"  # says, said
    PLAIN = "plain"  # say: with a plural, or after an auxiliary
    PARTICIPLE = "participle"  # said, denied: as a past tense, or in the passive
    GOING = "going"  # saying: what the last source goes on to say
    STATE = "state"  # concerned, confident: after a form of to be
    PREFIX = "prefix"  # according to: the source follows
    CITES = "cites"  # citing, who cited: the root behind a source follows
    NOUN = "noun"  # belief, claim: after a possessive


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a cue says, whatever its form, and what may follow it."""

    verb: Verb = Verb.SAID
    act: SpeechAct = SpeechAct.ASSERTS
    takes: frozenset[str] = frozenset()
    """"that", "quote", "clause" (a statement without that), "noun", "to", "if" (whether, how, why), "person"."""
    prepositions: frozenset[str] = frozenset()
    """Those that belong to the cue when they follow it: warned *of*."""
    attitude: bool = False
    """Whether it is a belief, a wish or a plan rather than a statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One form of a cue in a text."""

    words: tuple[str, ...]
    shape: Shape
    meaning: Meaning
    is_noun_too: bool = False
    """Whether the same form is often a noun: claims, reports, plans."""
    needs_help: bool = False
    """Whether the form is a verb only with an auxiliary: known, shown."""


Phrases = Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The table of one language."""

    code: str
    cues: Mapping[str, tuple[Cue, ...]]
    """By first word, the longest first."""
    hedges: Mapping[str, tuple[tuple[tuple[str, ...], Modality], ...]]
    """By first word: the words, and what they make of a statement."""
    that: frozenset[str]
    whether: frozenset[str]
    relatives: frozenset[str]
    """who, which: what begins an apposition, and may be a source itself."""
    articles: frozenset[str]
    """Articles, possessives and pronouns that begin a noun phrase."""
    pronouns: frozenset[str]
    """Those that may be a source: he, she, they."""
    possessives: frozenset[str]
    prepositions: frozenset[str]
    times: frozenset[str]
    """Weekdays, months and words such as yesterday."""
    conjunctions: frozenset[str]
    """and, but, or."""
    joins: frozenset[str]
    """Those of them that may join two nouns."""
    turns: frozenset[str]
    """Words behind a comma with which another source may begin: but, while."""
    subjects: frozenset[str]
    """Pronouns that are a subject and nothing else: he, they."""
    apposition: frozenset[str]
    """Words with which an apposition begins: now, then, former."""
    dashes: frozenset[str]
    """Dashes that end what is said."""
    breaks: frozenset[str]
    """Words before which a noun phrase ends: because, while, when."""
    finite: frozenset[str]
    """Auxiliaries and common verbs that betray a whole clause."""
    passive: frozenset[str]
    """Forms of to be."""
    before_cue: frozenset[str]
    """Auxiliaries and adverbs that belong to the cue which they precede."""
    adverb_endings: tuple[str, ...]
    verb_endings: tuple[str, ...]
    """As words in small letters end that betray a whole clause."""
    going_endings: tuple[str, ...]
    """As words end with which a new thought begins behind a comma: speaking, hoping."""
    before_to: frozenset[str]
    """Words that belong to a cue together with the infinitive behind them: continued to call."""
    leads_going: frozenset[str]
    """Words other than a comma before a cue that goes on: while chanting, before asking."""
    plurals: frozenset[str]
    """Plurals that do not end like one: people, police."""
    plain_cites: frozenset[str]
    """Words that cite only behind a comma: cited."""
    comma_before_that: bool
    that_links: frozenset[str]
    """Words between which and their "that" a comma ends nothing: в том, что."""
    source_prepositions: frozenset[str]
    """Prepositions with which a source may begin behind its cue: сообщили в мэрии."""
    bare_passive: bool
    """Whether a passive needs no auxiliary."""
    raised: frozenset[str]
    """Cues that say of a subject that it is to be or to do something: she is expected to."""
    light: frozenset[str]
    """Verbs that make a cue with a noun: expressed concern, unveiled a plan."""
    matters: frozenset[str]
    """Those nouns."""
    surest: frozenset[str]
    """Cues behind which anything that may be a clause is one."""
    hedge_adjectives: frozenset[str]
    """First words of hedges that belong to a noun and make no suggestion by themselves: alleged."""
    apposition_endings: tuple[str, ...]
    """As words end with which an apposition in small letters begins; where there are none, any may."""
    infinitive_endings: tuple[str, ...]
    """As infinitives end, where no word marks them."""
    subordinators: frozenset[str]
    """Words that open a clause which ends at the next comma: while X says so, …"""
    infinitive: frozenset[str]
    """The word before an infinitive, where there is one."""
    by: frozenset[str]
    """What precedes the one who acts in the passive."""
    blames: frozenset[str]
    """What follows a passive without an actor: was criticized for."""
    openers: frozenset[str]
    """Words before the subject that belong to nobody: but, still, meanwhile."""
    addressees: frozenset[str]
    """Who is told: reporters, me, them."""
    media: Phrases
    """What may follow a cue and belongs to it: in a statement."""
    information: frozenset[str]
    """Nouns that come from a root: intelligence *from* agency B."""
    origins: frozenset[str]
    """The words after those: from, of, by."""
    abbreviations: frozenset[str]
    ends_source: frozenset[str]
    """Words that end a source which follows its cue: on, in, during."""
    inverts_freely: bool
    """Whether a source may follow its cue anywhere, not only behind what was said."""


def by_first_word(cues: Iterable[Cue]) -> dict[str, tuple[Cue, ...]]:
    """Cues by their first word, the longest first."""
    found: dict[str, list[Cue]] = {}
    for cue in cues:
        found.setdefault(cue.words[0], []).append(cue)
    return {word: tuple(sorted(same, key=rank)) for word, same in found.items()}


def rank(cue: Cue) -> tuple[int, bool]:
    """The longest first; of the same length, what cites first."""
    return -len(cue.words), cue.shape is not Shape.CITES


def phrases(*lines: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first word, the longest first.

    >>> phrases("in a statement", "in an interview")["in"]
    (('in', 'a', 'statement'), ('in', 'an', 'interview'))
    """
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in lines:
        split = tuple(line.split())
        found.setdefault(split[0], []).append(split)
    return {word: tuple(sorted(same, key=lambda phrase: -len(phrase))) for word, same in found.items()}


def hedged(modalities: Mapping[Modality, str]) -> dict[str, tuple[tuple[tuple[str, ...], Modality], ...]]:
    """Hedges by their first word, the longest first; phrases are parted by commas."""
    found: dict[str, list[tuple[tuple[str, ...], Modality]]] = {}
    for modality, listed in modalities.items():
        for phrase in listed.split(","):
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, modality))
    return {word: tuple(sorted(same, key=lambda pair: -len(pair[0]))) for word, same in found.items()}


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())
