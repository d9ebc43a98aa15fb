"""Scripts of verify.html as they are printed: without comments and space, with short names for their own.

The rules:
 * Strings and regular expressions are never touched, nor a comment that begins with an exclamation mark, a licence.
 * Only names listed here become short. None of them is a property's name, which follows a dot, stands before a colon or
   alone between braces; a test says so.
 * A script holds no template literal, and ends each statement with a semicolon or a brace; so a line's end is space.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import chain, product
from string import ascii_letters, ascii_uppercase

OWN = frozenset((
    "LEVEL", "MOST", "ORDER", "PROOF", "ROOT", "SITE", "WORDS", "add", "age", "anchor", "bare", "base",
    "base64url", "bytes", "cache", "canon", "check", "checkChain", "checkPage", "checkZip", "content", "dated",
    "day", "depth", "dl", "exact", "fact", "fields", "file", "first", "found", "groups", "hashed", "hex",
    "hours", "identity", "isCode", "isDigest", "isPage", "isPageSigned", "isSigned", "isSignedByLibrary",
    "isVouched", "isZero", "joined", "judge", "keyId", "kind", "known", "last", "latin", "lift", "line",
    "lineOf", "lines", "little", "locale", "message", "mod", "moment", "node", "number", "odd", "own", "part",
    "parts", "place", "plus", "point", "pointer", "power", "proof", "readClaim", "readRoot", "readZip",
    "reader", "result", "same", "say", "sha", "shard", "show", "signature", "signed", "speak", "spoken",
    "start", "stop", "tag", "tagged", "take", "text", "times", "ul", "unpack", "utf8", "values", "why", "words",
))  # fmt: skip
"""The scripts' own names that are longer than a letter and no property's."""
_STATEMENT = re.compile(r"\n(?=[A-Za-z$/(])")
"""Where a line begins without space, a statement does, or a comment."""
_REGEX = r"/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*"
_TOKEN = re.compile(
    rf"""
    \s+ | /\*(?!!).*?\*/
    | (?P<kept>/\*!.*?\*/\n? | "(?:[^"\\\n]|\\.)*" | (?<=[(=:,!|&?\[]){_REGEX} | (?<=[(=:,!|&?\[]\s){_REGEX})
    | (?P<word>[\w$]+) | (?P<sign>\.\.\.|\+\+|--|.)
    """,
    re.S | re.X,
)


def shrunk(source: str) -> str:
    """The script as it is printed.

    >>> shrunk('/* Say it. */ const known = found.known ? "is  known" : 1 + +code ;')
    'const a=b.known?"is  known":1+ +code;'
    """
    statements = [list(_TOKEN.finditer(one)) for one in _STATEMENT.split(source)]
    everywhere = _names_of_all(statements)
    made: list[str] = []
    before = ""
    for tokens in statements:
        short = everywhere | _names_of_one(tokens, everywhere)
        for token in tokens:
            text = token["kept"] or token["word"] or token["sign"] or ""
            if token["word"] and before != ".":
                text = short.get(text, text)
            if text == "}" and before == ";":
                made.pop()
            elif before and text and _must_part(before[-1], text[0]):
                made.append(" ")
            made.append(text)
            before = text or before
    return "".join(made)


def _must_part(left: str, right: str) -> bool:
    return (_is_of_word(left) and _is_of_word(right)) or (left == right and left in "+-")


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in "_$"


def _names_of_all(statements: Sequence[Sequence[re.Match[str]]]) -> dict[str, str]:
    """What the names that several statements use become: capital letters, then pairs."""
    words = Counter(token["word"] for tokens in statements for token in tokens if token["word"])
    homes = Counter(word for tokens in statements for word in {token["word"] for token in tokens} & OWN)
    pairs = ("".join(pair) for pair in product(ascii_letters, repeat=2))
    return _allotted(words, {name for name in homes if homes[name] > 1}, chain(ascii_uppercase, pairs), set(words))


def _names_of_one(tokens: Sequence[re.Match[str]], everywhere: dict[str, str]) -> dict[str, str]:
    """What the other names of a statement become, among themselves."""
    words = Counter(token["word"] for token in tokens if token["word"])
    taken = set(words) | set(everywhere.values())
    return _allotted(words, (OWN & set(words)) - set(everywhere), ascii_letters, taken)


def _allotted(words: Counter[str], names: Set[str], free: Iterable[str], taken: Set[str]) -> dict[str, str]:
    most_first = sorted(names, key=lambda name: (-words[name] * len(name), name))
    return dict(zip(most_first, (name for name in free if name not in taken), strict=False))
