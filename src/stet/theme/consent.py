"""What a reader accepts by signing up: one sentence, in words that can be named later.

The rules:
 * The sentence on the form, the one that is stored with a consent and the one its version is made from are the same.
 * Its version is the first 16 hexadecimal digits of the SHA-256 of its text: other words are another version.
 * It names the privacy policy by the version that the editors gave it, and links to it where there is one.
"""

import hashlib
from dataclasses import dataclass
from html import escape

from stet.theme import formats
from stet.theme.words import load_words

VERSION_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The sentence: as text, as clean HTML of one line, and what names it."""

    text: str
    html: str
    version: str


def consent(language: str, *, policy_path: str | None = None, policy_version: str = "") -> Consent:
    """What a reader accepts in that language. `policy_path` is where the privacy policy stands, if there is one.

    >>> consent("en", policy_path="/privacy/", policy_version="2").html
    'By signing up you accept our <a href="/privacy/">privacy policy</a> (version 2).'
    """
    _ = load_words(language).gettext
    version = formats.digits(policy_version, language=language)
    if policy_path is None:
        said = _("By signing up you agree to get this letter by e-mail.")
    elif version:
        said = _("By signing up you accept our <a>privacy policy</a> (version %(version)s).") % {"version": version}
    else:
        said = _("By signing up you accept our <a>privacy policy</a>.")
    text = said.replace("<a>", "").replace("</a>", "")
    html = escape(said).replace("&lt;a&gt;", f'<a href="{escape(policy_path or "")}">').replace("&lt;/a&gt;", "</a>")
    return Consent(text=text, html=html, version=hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS])
