"""Whom a source cites in turn, or who passes on what it says."""

from stet.sourcing.assistant.found import FoundLink
from stet.sourcing.assistant.language import Shape
from stet.sourcing.assistant.phrases import source_after
from stet.sourcing.assistant.sentence import Hit, Sentence, Tokens
from stet.sourcing.terms import Verb


def root_after(sentence: Sentence, hit: Hit) -> Tokens | None:
    """Who is cited; of "intelligence from agency B", agency B."""
    whole = source_after(sentence, hit.last, sentence.last)
    if whole is None:
        return None
    for i in range(whole[0], min(whole[0] + 6, whole[1] - 1)):
        if sentence.words[i] in sentence.language.information and sentence.words[i + 1] in sentence.language.origins:
            inner = source_after(sentence, i + 2, whole[1])
            if inner:
                return inner
    return whole


def cited_between(sentence: Sentence, i: int) -> tuple[FoundLink, int] | None:
    """A root between a cue and its "that": reported, citing two officials, that."""
    for hit in sentence.hits.get(i + 1 if sentence.kind(i) == "," else i, ()):
        if hit.cue.shape is Shape.CITES:
            root = root_after(sentence, hit)
            if root and sentence.kind(root[1]) == "," and root[1] + 1 < sentence.last:
                return FoundLink(root, (hit.first, hit.last), Verb.CITED), root[1] + 1
    return None


def quoted_by(sentence: Sentence, source: Tokens) -> list[FoundLink]:
    """Who passes on what a source says: B, quoted by A, said."""
    for i in range(source[0] + 1, source[1] - 2):
        if sentence.words[i] in sentence.language.plain_cites and sentence.words[i + 1] in sentence.language.by:
            carrier = source_after(sentence, i + 2, source[1])
            if carrier and sentence.kinds[i - 1] == ",":
                return [FoundLink(carrier, (i, i + 2), Verb.CITED)]
    return []
