"""What each role may open at the desk. Rules, not a recording: a new address of the desk is covered by the last one.

The first rule whose expression fits the whole name of an address holds. It names a set of roles, or, where it depends on
what is opened, a table of sets.
"""

import re
from collections.abc import Mapping

ALL = frozenset("reporter editor publisher photo letters appeals finance admin".split())
NOBODY: frozenset[str] = frozenset()
ADMIN = frozenset(["admin"])
PUBLISHERS = ADMIN | {"publisher"}
EDITORS = PUBLISHERS | {"editor"}
WRITERS = EDITORS | {"reporter", "letters", "appeals"}
"""Who writes some page or other."""
PHOTOS = EDITORS | {"photo"}
SILENCERS = EDITORS | {"appeals"}
APPEALS = ADMIN | {"appeals"}
FILES = ALL - {"finance"}
"""Who may choose photos and documents."""

EDIT = {
    "front": EDITORS, "section": EDITORS, "mine": EDITORS | {"reporter"}, "theirs": EDITORS, "live": EDITORS,
    "sent": EDITORS, "list": EDITORS | {"letters"}, "letter": EDITORS | {"letters"}, "support": EDITORS | {"appeals"},
}  # fmt: skip
PUBLISH = {
    **dict.fromkeys(EDIT, PUBLISHERS), "list": PUBLISHERS | {"letters"}, "letter": PUBLISHERS | {"letters"},
    "support": PUBLISHERS | {"appeals"},
}  # fmt: skip
ADD_BELOW = {
    **dict.fromkeys(EDIT, NOBODY), "front": EDITORS, "section": EDITORS | {"reporter"}, "list": EDITORS | {"letters"},
}  # fmt: skip
"""Articles, letters and the support page have nothing below them."""
LIVE = {"front", "section", "live", "list"}
UNPUBLISH = {name: roles if name in LIVE else NOBODY for name, roles in PUBLISH.items()}
LOOK_AT = {name: EDITORS | {"reporter"} if name in ("front", "section") else WRITERS for name in EDIT}
FILE_OF = {"photo": PHOTOS, "my photo": PHOTOS | {"reporter"}, "document": EDITORS}

Rule = frozenset[str] | Mapping[str, frozenset[str]]

RULES: tuple[tuple[str, Rule], ...] = (
    # The account, and what shows nothing of anybody's work.
    (r"wagtailadmin_(home|account|logout|login|sprite|javascript_catalog|dismissibles|error_test|password_reset.*)", ALL),
)  # fmt: skip


def expected(name: str, what: str) -> frozenset[str] | None:
    """The roles that may open an address on one thing; None where no rule says."""
    for pattern, rule in RULES:
        if re.fullmatch(pattern, name):
            return rule if isinstance(rule, frozenset) else rule.get(what, NOBODY)
    return None
