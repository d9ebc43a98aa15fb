"""The one list of the desk's own screens, and what of the desk's own is no screen.

A screen is the desk's own where its view is, or where a template of the desk's stands in it. Wagtail's screens in which
nothing of ours is shown are Wagtail's to look after; some that an editor meets every day are here all the same.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page

from tests.newsroom.hostile_photos import picture, saved
from tests.newsroom.roles.addresses import addresses
from tests.newsroom.roles.world import World
from tests.newsroom.signing_in.builders import PASSWORD
from tests.sourcing.test_editor_browser import SELECT

NOBODY = ""
DRAWER = "dialog.stet-drawer[open]"
SNIPPETS = "wagtailsnippets_(appeals_appeal|newsroom_(person|withdrawal)|sourcing_(claim|evidence|question|source))"

BY_ADDRESS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("wagtailadmin_home|newsroom_(articles|views|write)", ("",)),
    ("wagtailadmin_pages:edit", ("mine", "sent", "section", "list", "letter", "support", "front", "topic", "about")),
    ("wagtailadmin_pages:add", ("section",)),
    ("wagtailadmin_pages:(unpublish|history|workflow_history)", ("live",)),
    ("wagtailadmin_explore|wagtailadmin_pages:add_subpage", ("section",)),
    ("wagtailadmin_account", ("",)),
    ("wagtailusers_users:edit", ("user",)),
    ("newsroom_kill|newsroom_live|newsroom_live_entry", ("live",)),
    ("newsroom_live_stories|newsroom_translations|newsroom_bundles|newsroom_shares(_trace)?", ("",)),
    ("newsroom_bundle", ("bundle",)),
    ("newsroom_share", ("mine",)),
    ("newsroom_mirrors(_add)?|newsroom_photos_alike|newsroom_where_signed_in", ("",)),
    ("newsroom_photos_blur|wagtailimages:edit", ("photo",)),
    ("wagtailimages:(add_multiple|index)|desk_log", ("",)),
    ("newsroom_colleague", ("user",)),
    ("letters_overview", ("",)),
    ("letters_(check|test)", ("letter",)),
    ("appeals_never|sourcing_gaps", ("",)),
    ("appeals_why", ("appeal",)),
    ("sourcing_story_gaps", ("mine",)),
    ("sourcing_status", ("claim",)),
    (f"{SNIPPETS}:(list|edit)", ("appeal", "person", "withdrawal", "claim", "evidence", "question", "source")),
    ("wagtailsnippets_(appeals_appeal|sourcing_(claim|source)):add", ("appeal", "claim", "source")),
    ("wagtailsnippets_sourcing_(evidence|question|source):delete", ("evidence", "question", "source")),
    ("wagtailredirects:(index|add|start_import)", ("",)),
)  # fmt: skip
"""Expressions that fit whole names of addresses, and the things that each is looked at with."""

NO_SCREENS: dict[str, str] = {
    "desk_media": "a file",
    ".*_results": "a part of a screen, for a script",
    "newsroom_mending|letters_write|newsroom_up_to_date|newsroom_follow_original": "takes what is sent, and leads on",
    "newsroom_(bundle|live|views|photos_not)_(?!entry$|stories$).*": "takes what is sent, and leads on",
    "newsroom_mirrors_(carry|check)": "takes what is sent, and leads on",
    "newsroom_share_revoke|appeals_silence|newsroom_end_.*": "takes what is sent, and leads on",
    "newsroom_live_entry_.*": "takes what is sent, and leads on",
    "sourcing_(words|mark|find_.*|new_claim|story|suggest|seen)": "a part of the editor's drawer and panel",
    "sourcing_evidence_copy|mfa_download_recovery_codes": "a file",
    "wagtailadmin_api:.*": "an answer for a script",
    "wagtailsnippetchoosers_.*|wagtailimages_chooser:create": "a part of a form, in a dialog",
    "wagtailsnippets_sourcing_claim:delete": "leads on: no claim is deleted",
    "mfa_login_webauthn": "an answer for a script",
    "mfa_list_webauthn": "leads to the second factors",
    "mfa_reauthenticate_webauthn": "the same screen as with an app",
}
"""Expressions that fit names of addresses of the desk's own which show no whole page, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen: where it is, who looks at it, and what is done there before it is looked at."""

    name: str
    url: str
    who: str = "admin"
    act: Callable[[Page], None] | None = None
    status: int = 200
    address: str = ""
    """The name of the address, where it has one."""
    within: str = "html"
    """What of it is looked at: beside an open drawer nothing can be reached."""


def screens(world: World) -> Iterator[Screen]:
    """All of them, each once."""
    for address in addresses(world):
        for pattern, things in BY_ADDRESS:
            if address.what in things and re.fullmatch(pattern, address.name):
                name = "-".join(filter(None, (re.sub("[^a-z]+", "_", address.name), address.what.replace(" ", "_"))))
                act = ACTS.get(name)
                yield Screen(name=name, url=address.url, address=address.name, act=act)
    yield from _more(world)


def _more(world: World) -> Iterator[Screen]:
    """States of screens, screens of who is not in yet, and what is said when something goes wrong."""
    mine, live, passkey = world.pages["mine"], world.pages["live"], world.things["my passkey"]
    for name, page in (("newsroom_killed", "killed"), ("newsroom_beside_original", "translation")):
        yield Screen(name=name, url=reverse(name, args=[world.pages[page].pk]), address=name)
    yield Screen(name="articles-none", url="/articles/?q=nothing-of-that-name")
    yield Screen(name="editor-sourcing", url=f"/pages/{mine.pk}/edit/", act=side_panel("sourcing"))
    yield Screen(name="editor-writing", url=f"/pages/{mine.pk}/edit/", act=side_panel("writing"))
    yield Screen(name="editor-drawer", url=f"/pages/{mine.pk}/edit/", act=_say_who_says_so, within=DRAWER)
    yield Screen(name="photos-uploaded", url=reverse("wagtailimages:add_multiple"), act=_upload)
    yield Screen(name="editor-approve", url=f"/pages/{world.pages['sent'].pk}/edit/", act=_approve)
    for action in ("section", "topic", "unpublish"):
        query = {"id": [live.pk, world.pages["theirs"].pk]}
        url = reverse("wagtail_bulk_action", args=["newsroom", "articlepage", action], query=query)
        yield Screen(name=f"bulk-{action}", url=url, address="wagtail_bulk_action")
    for done in ("retire", "remove"):
        yield Screen(name=f"mirror-{done}", url=reverse(f"newsroom_mirrors_{done}", args=["north"]),
                     address=f"newsroom_mirrors_{done}")  # fmt: skip
    yield Screen(
        name="shared", url=reverse("newsroom_shared", args=[world.token]), who=NOBODY, address="newsroom_shared"
    )
    yield Screen(name="shared-draft", url=reverse("newsroom_shared", args=[world.token]), who=NOBODY, act=_press)
    yield Screen(
        name="shared-revoked", url=reverse("newsroom_shared", args=[world.things["revoked"]]), who=NOBODY, status=404
    )
    yield Screen(name="not-found", url="/pages/0/edit/", status=404)
    yield Screen(name="not-found-outside", url="/second-factor/recovery-codes/", status=404)
    yield Screen(name="damaged-form", url=f"/pages/{world.pages['theirs'].pk}/edit/", act=_damage)
    yield Screen(name="sign-in", url="/login/", who=NOBODY, address="account_login")
    yield Screen(name="sign-in-wrong", url="/login/", who=NOBODY, act=_enter("admin-1", "wrong"))
    yield Screen(name="sign-in-slowed", url="/login/", who=NOBODY, act=_enter("slowed", "wrong"))
    yield Screen(
        name="sign-in-factor", url="/login/", who=NOBODY, act=_enter("reporter-1", PASSWORD), address="mfa_authenticate"
    )
    for name in (
        "mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp",
        "account_reauthenticate", "mfa_reauthenticate",
    ):  # fmt: skip
        yield Screen(name=name, url=reverse(name), who="reporter", address=name)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        yield Screen(name=name, url=reverse(name, args=[passkey.pk]), who="reporter", address=name)
    add = reverse("mfa_add_webauthn")
    yield Screen(name="mfa_add_webauthn", url=add, who="editor", address="mfa_add_webauthn")
    yield Screen(name="mfa_none-yet", url=reverse("mfa_index"), who="editor")
    yield Screen(name="mfa_activate_totp", url=reverse("mfa_activate_totp"), who="editor", address="mfa_activate_totp")


def side_panel(name: str) -> Callable[[Page], None]:
    """Open one of the panels beside a form."""

    def act(page: Page) -> None:
        page.locator(f"[data-side-panel-toggle={name}]").click()
        page.locator(f"[data-side-panel={name}]").wait_for()

    return act


def _say_who_says_so(page: Page) -> None:
    page.locator("[data-contentpath=body] .public-DraftEditor-content").first.click()
    page.evaluate(SELECT, [0, 12])
    page.locator("[data-contentpath=body] .Draftail-ToolbarButton[name=CLAIM]").first.click()
    page.locator(DRAWER).wait_for()


def _upload(page: Page) -> None:
    photo = {"name": "dam.jpg", "mimeType": "image/jpeg", "buffer": saved(picture(), "JPEG")}
    page.locator("#fileupload").set_input_files([photo])
    page.locator("#upload-list form").first.wait_for()


def _approve(page: Page) -> None:
    page.evaluate("document.querySelector('[data-workflow-action-name=approve]').click()")
    page.locator(".modal-body textarea").first.wait_for()


def _press(page: Page) -> None:
    page.locator("form button").first.click()
    page.locator("article").first.wait_for()


def _damage(page: Page) -> None:
    with page.expect_navigation():
        page.evaluate("""() => {
            const form = document.querySelector("#page-edit-form") || document.querySelector("[data-edit-form]");
            form.querySelector("[name=body-count]").value = "x";
            HTMLFormElement.prototype.submit.call(form);
        }""")


def _enter(name: str, password: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.fill("[name=username]", name)
        page.fill("[name=password]", password)
        with page.expect_navigation():
            page.click("button[type=submit]")

    return act


def _mark(page: Page) -> None:
    page.locator("[data-stet-canvas]").focus()
    page.keyboard.press("Space")
    page.locator("[data-stet-told]", has_text=re.compile("1|۱")).wait_for()


ACTS: dict[str, Callable[[Page], None]] = {
    "newsroom_photos_blur-photo": _mark,
}
"""What is done on a screen of an address before it is looked at."""
