"""The words by which a text says that it is not sure."""

from stet.sourcing.assistant.contents import trimmed
from stet.sourcing.assistant.found import Found, FoundLink
from stet.sourcing.assistant.sentence import Sentence, Tokens
from stet.sourcing.terms import Modality, SpeechAct, Verb


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
