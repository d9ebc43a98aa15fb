"""Paragraphs, tokens, quotations and sentences of a plain text.

The rules:
 * A paragraph ends at an empty line, and at the end of a line unless the next one goes on in small letters.
 * A token is a word, a number, or a run of one sign; white space, controls and marks of direction are none.
 * A quotation runs from a mark that opens to the one that closes it, and never past its paragraph. One that nobody
   closes counts only where it opens the paragraph, as newspapers print a quotation of several paragraphs.
 * A sentence does not end inside a quotation; it ends after one whose last sign ends a sentence.

Each step looks at each character a fixed number of times, whatever the text.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

LONGEST_PARAGRAPH = 20_000  # characters; longer ones are cut, so that no step ever holds more
LONGEST_SENTENCE = 250  # tokens; newspapers' longest are below 120
LONGEST_BRACKET = 12  # tokens in brackets within which no sentence ends
LONGEST_TITLE = 6  # words of a title within quotation marks
LONGEST_SMALL_WORD = 3  # letters of those words of a title that have no capital: of, the, and
LONGEST_NAME = 3  # words in quotation marks that are a title or a name rather than somebody's words

BREAKS = re.compile(r"\n[^\S\n]*\n\s*|\n(?=\s*[^\sa-zа-яё])")
TOKENS = re.compile(
    r"((?:[^\W\d_]-)?(?:[^\W\d_]\.){2,})"
    r"|(\d+(?:[.,:]\d+)*(?:[-‑][^\W_]+)*[^\W_]*|[^\W_]+(?:[-‑'’&/][^\W_]+)*)"
    r"|(\"+|''|``|[“”„«»‟]|(?<!\w)‘|’(?!\w))"
    r"|([.!?…]+)"
    r"|([—–]+|--+|(?<=\s)-(?=\s))"
    r"|(([^\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff])\7*)"
)
ABBREVIATION, WORD, QUOTE, END, DASH, SIGN = range(1, 7)
KINDS = {QUOTE: "q", DASH: "-"}
CLOSES = {"“": "”", "„": "“”", "«": "»", "‟": "”", '"': '"', "``": "''", "‘": "'"}


@dataclass(slots=True)
class Paragraph:
    """One paragraph as tokens, in lists of the same length; what `word` holds is in small letters.

    `kind` is "w" for a word, "W" for one with a capital, "n" for a number, "q" for a quotation mark, "." for the end of
    a sentence, "-" for a dash, else the sign itself. `quote` is the number of the quotation that a token is part of, or
    -1.
    """

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    quote: list[int] = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    """First and last token of each quotation, its marks among them."""
    sentences: list[tuple[int, int]] = field(default_factory=list)
    """First token of each sentence and the one after its last."""

    def is_name(self, number: int) -> bool:
        """Whether a quotation is so short that it names a thing: “The Lantern”."""
        first, last = self.quotes[number]
        if self.is_title(first + 1, last):
            return True
        inside = range(first + 1, last)
        if len(inside) > LONGEST_NAME or not all(self.kinds[i] in "wWn" for i in inside):
            return False
        after = "".join(self.kinds[last + 1 : last + 3])
        return (self.kinds[first - 1] if first else ".") not in ":-" and after != ",-"

    def is_title(self, first: int, last: int) -> bool:
        """Whether words begin with capitals, but for the small ones: “Face of the Nation,”."""
        if last > first and self.kinds[last - 1] in ",.":
            last -= 1
        if not 2 <= last - first <= LONGEST_TITLE or self.kinds[first] != "W" or self.kinds[last - 1] != "W":
            return False
        return all(self.kinds[i] in "Wn" or len(self.words[i]) <= LONGEST_SMALL_WORD for i in range(first, last))


def paragraphs(text: str, *, abbreviations: Collection[str]) -> Iterator[Paragraph]:
    """The paragraphs of a text that hold at least one token, with offsets into the whole text."""
    for start, end in pieces(text):
        paragraph = tokenised(text, start, end, abbreviations)
        if paragraph.words:
            find_quotes(paragraph, text)
            find_sentences(paragraph)
            yield paragraph


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where paragraphs begin and end; what is longer than a paragraph may be is cut at a space, if there is one."""
    begin = 0
    for found in (*(match.span() for match in BREAKS.finditer(text)), (len(text), len(text))):
        while found[0] - begin > LONGEST_PARAGRAPH:
            cut = text.rfind(" ", begin + 1, begin + LONGEST_PARAGRAPH)
            cut = cut if cut > begin else begin + LONGEST_PARAGRAPH
            yield begin, cut
            begin = cut
        yield begin, found[0]
        begin = found[1]


def tokenised(text: str, start: int, end: int, abbreviations: Collection[str]) -> Paragraph:
    """Tokens between two offsets. A full stop after an abbreviation is part of it."""
    paragraph = Paragraph()
    starts, ends, words, kinds = paragraph.starts, paragraph.ends, paragraph.words, paragraph.kinds
    small = in_small_letters(text[start:end])
    for match in TOKENS.finditer(text, start, end):
        group = match.lastindex
        first, last = match.span()
        word = small[first - start : last - start]
        if group == WORD:
            letter = text[first]
            kind = "w" if letter.islower() else "W" if letter.isupper() else "n" if letter.isdigit() else "w"
        elif group == ABBREVIATION:
            kind = "W" if text[first].isupper() else "w"
        elif group == SIGN:
            kind = word[0]
        elif group == END:
            if word == "." and words and ends[-1] == first and is_abbreviated(words, kinds, abbreviations):
                ends[-1] = last
                continue
            kind = "."
        else:
            kind = KINDS[group or 0]
        starts.append(first)
        ends.append(last)
        words.append(word)
        kinds.append(kind)
    return paragraph


def in_small_letters(text: str) -> str:
    """A text in small letters, each at the same place; the few letters that grow when made small stay as they are."""
    small = text.lower().replace("’", "'").replace("ё", "е")
    if len(small) == len(text):
        return small
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def is_abbreviated(words: list[str], kinds: list[str], abbreviations: Collection[str]) -> bool:
    """Whether a full stop right behind the last word belongs to it: Mr., the W. of George W. Bush."""
    return words[-1] in abbreviations or (len(words[-1]) == 1 and kinds[-2:] == ["W", "W"])


def find_quotes(paragraph: Paragraph, text: str) -> None:
    """Pair quotation marks; only the outermost pair counts."""
    kinds, words = paragraph.kinds, paragraph.words
    paragraph.quote = [-1] * len(kinds)
    opened, closer, depth, seen_any = -1, "", 0, False
    for i, kind in enumerate(kinds):
        if kind != "q":
            continue
        mark = words[i][0] if words[i][0] == '"' else words[i]
        if opened < 0:
            if mark in CLOSES and not (mark == '"' and not seen_any and i and closes_straight(paragraph, text, i)):
                opened, closer, depth = i, CLOSES[mark], 0
            elif not seen_any and mark != "'" and 0 < i < len(kinds) - 1:
                note_quote(paragraph, 0, i)
            seen_any = True
        elif mark in closer:
            if depth:
                depth -= 1
            else:
                note_quote(paragraph, opened, i)
                opened = -1
        elif mark == words[opened]:
            depth += 1
    if opened == 0:
        note_quote(paragraph, 0, len(kinds) - 1)


def closes_straight(paragraph: Paragraph, text: str, i: int) -> bool:
    """Whether a straight mark stands as one that closes: right after a sign, with a space or nothing after it."""
    touches = paragraph.ends[i - 1] == paragraph.starts[i] and paragraph.kinds[i - 1] in ",."
    return touches and not text[paragraph.ends[i] : paragraph.ends[i] + 1].strip()


def note_quote(paragraph: Paragraph, first: int, last: int) -> None:
    """Add a quotation."""
    number = len(paragraph.quotes)
    paragraph.quotes.append((first, last))
    paragraph.quote[first : last + 1] = [number] * (last + 1 - first)


def find_sentences(paragraph: Paragraph) -> None:
    """Cut a paragraph at the signs that end a sentence, outside quotations."""
    kinds, quote, sentences = paragraph.kinds, paragraph.quote, paragraph.sentences
    count = len(kinds)
    begin, bracket = 0, -LONGEST_BRACKET
    for i, kind in enumerate(kinds):
        after = i + 1
        if kind in "()":
            bracket = i if kind == "(" else -LONGEST_BRACKET
        if kind == "." and quote[i] < 0:
            stops = after == count or (kinds[after] != "w" and i - bracket > LONGEST_BRACKET)
        elif kind == "q" and quote[i] >= 0 and paragraph.quotes[quote[i]][1] == i:
            stops = ends_by_its_quotation(paragraph, i)
        else:
            stops = after - begin >= LONGEST_SENTENCE and quote[i] < 0
        if stops:
            sentences.append((begin, after))
            begin = after
    if begin < count:
        sentences.append((begin, count))


def ends_by_its_quotation(paragraph: Paragraph, last: int) -> bool:
    """Whether the sentence ends with this closing mark: “They left.” The road …, but not “They left?” he asked."""
    kinds, words = paragraph.kinds, paragraph.words
    if kinds[last - 1] != ".":
        return False
    if last + 1 == len(kinds) or kinds[last + 1] == "q":
        return True
    if kinds[last + 1] in "w,-.;:)":
        return False
    return words[last - 1] == "."
