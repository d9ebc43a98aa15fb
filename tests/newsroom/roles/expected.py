"""What each role may open at the desk. Rules, not a recording: a new address needs one, or fits one.

The first rule whose expression fits the whole name of an address holds. It names a set of roles, or, where it depends
on what is opened, a table of sets.
"""

import re
from collections.abc import Mapping

ALL = frozenset(["reporter", "editor", "publisher", "photo", "letters", "appeals", "finance", "admin"])
NOBODY: frozenset[str] = frozenset()
ADMIN = frozenset(["admin"])
MINE = frozenset(["reporter"])
"""Whose the passkey and the app are."""
PUBLISHERS = ADMIN | {"publisher"}
EDITORS = PUBLISHERS | {"editor"}
WRITERS = EDITORS | {"reporter", "letters", "appeals"}
"""Who writes some page or other."""
PHOTOS = EDITORS | {"photo"}
SILENCERS = EDITORS | {"appeals"}
APPEALS = ADMIN | {"appeals"}
FILES = ALL - {"finance"}
"""Who may choose photos and documents."""

TRANSLATORS = EDITORS

EDIT = {
    "section": EDITORS, "mine": EDITORS | {"reporter"}, "theirs": EDITORS, "live": EDITORS, "sent": EDITORS,
    "list": EDITORS | {"letters"}, "letter": EDITORS | {"letters"}, "support": EDITORS | {"appeals"},
}  # fmt: skip
"""Pages by who may change them; who may not, sees nothing of a draft."""


def only(rule: Mapping[str, frozenset[str]], *names: str) -> dict[str, frozenset[str]]:
    """The rule for these pages; nobody for others."""
    return {name: rule[name] for name in names}


PUBLISH = {
    name: PUBLISHERS | {"list": {"letters"}, "letter": {"letters"}, "support": {"appeals"}}.get(name, set())
    for name in EDIT
}  # fmt: skip
ADD_BELOW = {"section": EDITORS | {"reporter"}, "list": EDITORS | {"letters"}}
"""Articles, letters and the support page have nothing below them."""
LOCK = {**dict.fromkeys(EDIT, EDITORS), **only(EDIT, "list", "letter"), "sent": EDITORS}
DROP = {**EDIT, "section": PUBLISHERS, "live": PUBLISHERS, "list": PUBLISHERS}
"""What is live goes with who may publish it; what has pages below it with who may delete many at once."""
MOVE = {**DROP, "list": PUBLISHERS | {"letters"}}
SEEN = {name: EDITORS if name in ("theirs", "sent", "letter", "support") else WRITERS for name in EDIT}
SEEN |= {"mine": EDITORS | {"reporter"}, "letter": EDITORS | {"letters"}, "support": EDITORS | {"appeals"}}
"""Below which pages somebody may look: those that readers have, and drafts of one's own."""
PHOTO = {"photo": PHOTOS, "my photo": PHOTOS | {"reporter"}}

Rule = frozenset[str] | Mapping[str, frozenset[str]]


def records(model: str, add: frozenset[str], change: frozenset[str], drop: frozenset[str]) -> list[tuple[str, Rule]]:
    """The rules of a kind of thing that has lists and forms of its own."""
    space = f"wagtailsnippets_{model}:"
    return [(f"{space}(add|preview_on_add|copy)", add), (f"{space}delete", drop), (f"{space}.*", change)]


RULES: tuple[tuple[str, Rule], ...] = (
    # The account, and what shows nothing of anybody's work.
    (r"wagtailadmin_(home|account|sprite|javascript_catalog|dismissibles)", ALL),
    (r"wagtailadmin_editing_sessions:ping", SILENCERS),
    (r"wagtailadmin_editing_sessions:release|wagtailadmin_api:pages:listing", ALL),
    (r"wagtailadmin_password_reset.*|wagtailadmin_api:.*:(find|action)|wagtaildocs_authenticate.*", NOBODY),
    (r"wagtailsettings:.*|wagtailadmin_block_preview|wagtailimages:url_generator.*", NOBODY),
    # Signing in: one's own, and a colleague's for who cares for the accounts.
    (r"mfa_(edit|remove)_webauthn", {"my passkey": MINE}),
    (r"mfa_(deactivate_totp|view_recovery_codes|download_recovery_codes)", MINE),  # nobody else has any
    (r"account_.*|mfa_.*|newsroom_(where_signed_in|end_other_sessions)", ALL),
    (r"newsroom_end_session", ALL),  # ends none but one's own, and says nothing of others
    (r"newsroom_colleague", ADMIN),
    # Pages.
    (r"wagtailadmin_api:pages:detail", {
        "section": EDITORS | {"reporter"}, "live": EDITORS | {"reporter"}, "mine": EDITORS | {"reporter"},
        "theirs": EDITORS, "sent": EDITORS, "list": EDITORS | {"reporter", "letters"}, "letter": EDITORS | {"letters"},
        "support": EDITORS | {"appeals"},
    }),
    (r"wagtailadmin_explore(_results)?", SEEN),
    (r"wagtailadmin_choose_page_child", SEEN),
    (r"wagtailadmin_(explore_root|choose_page.*|pages:(search|type_use|choose_parent).*)|wagtailembeds:.*", WRITERS),
    (r"wagtailadmin_pages:(add_subpage)", ADD_BELOW),
    (r"wagtailadmin_pages:add", only(ADD_BELOW, "section")),
    (r"wagtailadmin_pages:preview_on_add", ADD_BELOW),
    (r"wagtailadmin_pages:(lock|unlock)", LOCK),
    (r"wagtailadmin_pages:unpublish", only(PUBLISH, "section", "live", "list")),
    (r"wagtailadmin_pages:(revisions_unschedule|set_privacy)", PUBLISH),
    (r"wagtailadmin_pages:set_page_position", {**PUBLISH, "list": PUBLISHERS, "support": PUBLISHERS}),
    (r"wagtailadmin_pages:delete", DROP),
    (r"wagtailadmin_pages:move", MOVE),
    (r"wagtailadmin_pages:(workflow_history_detail|workflow_preview)", only(EDIT, "sent")),
    (r"wagtailadmin_pages:convert_alias", NOBODY),
    (r"newsroom_follow_original", only(EDIT, "mine", "theirs", "live")),
    (r"newsroom_translations", WRITERS),
    (r"newsroom_beside_original", only(EDIT, "mine", "theirs", "live")),
    (r"newsroom_up_to_date", NOBODY),  # of a translation alone, and there is none to walk with
    (r"newsroom_live_stories", WRITERS),
    (r"newsroom_live(_entry(_away)?)?", only(EDIT, "mine", "theirs", "live")),
    (r"newsroom_live_(begin|end|entry_post)", only(PUBLISH, "mine", "theirs", "live")),
    (r"wagtailadmin_pages:.*|sourcing_story_gaps", EDIT),
    (r"newsroom_mending|newsroom_shared", ALL),  # the words of a form, given back; what somebody outside may read
    (r"newsroom_(kill|killed|share)", only(PUBLISH, "mine", "theirs", "live")),
    (r"newsroom_share_revoke", {"share": PUBLISHERS}),
    (r"newsroom_shares(_trace)?|newsroom_bundles", PUBLISHERS | {"letters", "appeals"}),
    (r"newsroom_bundle(_.*)?", {"bundle": PUBLISHERS, "bundle of letters": PUBLISHERS | {"letters"}}),
    (r"simple_translation:submit_page_translation", TRANSLATORS),
    (r"simple_translation:submit_snippet_translation", TRANSLATORS),
    (r"wagtailadmin_tag_model_autocomplete|wagtailadmin_workflows:add_task", NOBODY),
    (r"wagtail_bulk_action", {
        "mine": EDITORS | {"reporter"}, "theirs": EDITORS, "live": WRITERS, "my photo": PHOTOS | {"reporter"},
        "document": EDITORS | {"reporter"}, "user": ADMIN, "person": EDITORS, "claim": EDITORS | {"reporter"},
    }),  # who is told what may be done to it; the rest is Wagtail's, thing by thing
    # Letters, appeals, sourcing, mirrors.
    (r"letters_overview", WRITERS),
    (r"letters_write", only(EDIT, "list")),
    (r"letters_(check|test)", only(EDIT, "letter")),
    (r"appeals_.*", SILENCERS),
    (r"wagtailsnippets_appeals_appeal:workflow_(preview|history_detail)", NOBODY),
    (r"wagtailsnippets_appeals_appeal:(lock|unlock|unpublish|revisions_unschedule)", PUBLISHERS | {"appeals"}),
    *records("appeals_appeal", SILENCERS, SILENCERS, PUBLISHERS | {"appeals"}),
    (r"sourcing_(new_claim)", EDITORS | {"reporter"}),
    (r"sourcing_(find|mark|words|story|suggest|seen|gaps).*", WRITERS),
    (r"sourcing_status|sourcing_evidence_copy", EDITORS),
    *records("sourcing_claim", EDITORS | {"reporter"}, EDITORS, EDITORS),  # told there that none is deleted
    *records("sourcing_(question|source)", EDITORS | {"reporter"}, EDITORS, PUBLISHERS),
    *records("sourcing_evidence", EDITORS, EDITORS, PUBLISHERS),
    (r"newsroom_(articles(_results)?|views(_save)?)", WRITERS),
    (r"newsroom_write", EDITORS | {"reporter"}),
    (r"newsroom_views_change", PUBLISHERS),  # of a view that somebody else shared
    (r"newsroom_mirrors", PUBLISHERS),
    (r"newsroom_mirrors_.*", ADMIN),
    *records("newsroom_person", EDITORS, EDITORS, PUBLISHERS),
    (r"wagtailsnippets_newsroom_withdrawal:list.*", EDITORS),
    *records("newsroom_withdrawal", PUBLISHERS, PUBLISHERS, PUBLISHERS),
    (r"wagtailsnippets:index", EDITORS),
    # Choosers.
    (r"wagtailsnippetchoosers_newsroom_person:create", EDITORS),
    (r"wagtailsnippetchoosers_newsroom_person:.*", WRITERS),
    (r"wagtailsnippetchoosers_newsroom_withdrawal:create", PUBLISHERS),
    (r"wagtailsnippetchoosers_appeals_appeal:create", SILENCERS),
    (r"wagtailsnippetchoosers_appeals_appeal:.*", EDITORS | {"letters", "appeals"}),
    (r"wagtailsnippetchoosers_.*", EDITORS),
    # Photos and documents.
    (r"wagtailimages_chooser:create|wagtailimages:add(_multiple)?|wagtailimages:index.*", PHOTOS | {"reporter"}),
    (r"wagtaildocs_chooser:create|wagtaildocs:add(_multiple)?|wagtaildocs:index.*", EDITORS | {"reporter"}),
    (r"desk_media|wagtaildocs_serve|wagtail(images|docs)_chooser:.*|wagtailadmin_tag_autocomplete", FILES),
    (r"wagtailadmin_api:(images|documents):.*", FILES),
    (r"wagtail(images|docs):(create_multiple|delete_upload).*", NOBODY),
    (r"newsroom_photos_alike", PHOTOS | {"reporter"}),
    (r"wagtailimages:.*|newsroom_photos_.*", PHOTO),
    (r"wagtaildocs:.*", EDITORS),
    # What the paper is, and reports over it.
    (r"wagtailredirects:.*", PUBLISHERS),
    (r"desk_log.*|wagtailadmin_reports:site_history.*", PUBLISHERS),
    (r"wagtailadmin_reports:(aging_pages|page_types_usage).*", EDITORS),
    (r"wagtailadmin_reports:locked_pages.*", EDITORS | {"letters"}),
    (r"wagtailadmin_reports:workflow.*", WRITERS),
    (r"wagtailadmin_(collections|workflows):.*|wagtail(users_users|users_groups|locales|sites):.*", ADMIN),
)  # fmt: skip


def expected(name: str, what: str) -> frozenset[str] | None:
    """The roles that may open an address on one thing; None where no rule says."""
    for pattern, rule in RULES:
        if re.fullmatch(pattern, name):
            return rule if isinstance(rule, frozenset) else rule.get(what, NOBODY)
    return None
