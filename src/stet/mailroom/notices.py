"""Notices: single mails that a reader, or a contact of the ledger's, is owed because they asked for something.

The rules:
 * A notice is sent once. One that was handed over without an answer is uncertain, and is not sent again.
 * An answer of 4xx is tried again, at most `MOST_TRIES` times in all; then it has failed.
 * Nothing is sent to an address that may be asked nothing (`stet.readers.suppressing`), or of a list that is not
   printed any more.
 * It says what was asked, holds one link, and nothing of what the paper writes about. Where the paper has an onion
   address, each notice holds the same link at that address too: nobody noted who came over Tor.
 * What goes to a contact tells nobody who looks at the mailbox that money was given or asked for: no amount, no such
   word, in the subject least of all. Once it is known what became of it, its address goes (`stet.ledger.contacts`).
"""

import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from django.db import connections, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stet.kit.languages import direction
from stet.ledger.contacts import MAILS, REMINDERS, mail_ended
from stet.ledger.reminding import Filled, filled_of
from stet.mailroom.addressing import Addressing, Sender
from stet.mailroom.audience import READERS
from stet.mailroom.frozen import FrozenMessage
from stet.mailroom.frozen import Tokens as Own
from stet.mailroom.journal import Key, Told
from stet.mailroom.models import NoticeTry
from stet.mailroom.pace import copy_pause
from stet.mailroom.states import Event
from stet.mailroom.transport import Job
from stet.readers.addresses import Address
from stet.readers.links import Purpose
from stet.readers.lists import Lists
from stet.readers.models import Notice, Suppression

MOST_TRIES = 5
AT_ONCE = 20
"""How many are claimed in one step."""
LEASE = timedelta(days=365)
"""How far away the next try is put while one is under way: nobody else takes it, and a replay brings it back."""

PURPOSES: dict[str, Purpose] = {
    Notice.Kind.CONFIRM: "confirm",
    Notice.Kind.MANAGE: "manage",
    Notice.Kind.CHANGE: "change",
    Notice.Kind.KNOWN: "manage",
    Notice.Kind.RECEIPT: "receipt",
    Notice.Kind.PAYMENT_FAILED: "portal",
    Notice.Kind.PORTAL: "portal",
    Notice.Kind.REMIND_CONFIRM: "remind",
}
"""What the link in a notice is for; that of a reminder's mail is for nobody in particular."""

CONTACTS = (*MAILS, *REMINDERS)
"""The kinds that go to contacts of the ledger's."""


class OwedNotice(msgspec.Struct, frozen=True, gc=False):
    """A claimed notice."""

    id: int
    attempt: int
    uid: UUID
    kind: str
    list_key: str
    language: str
    reader_id: int
    """0 for a contact."""
    reader_uid: UUID
    """For a contact the notice's own."""
    sealed: bytes
    """The reader's address; empty for a contact."""
    sealed_own: bytes | None
    """Where the mail goes instead: to a reader's new address, or to a contact."""
    about: UUID | None
    filled: Filled | None
    """Of a reminder: what the form is filled with."""


# --- Claiming ---


def claim_notices(mailroom_id: int, *, now: datetime, most: int = AT_ONCE) -> list[OwedNotice]:
    """Take on notices that are due, the oldest first. Those that cannot be sent fail here."""
    with transaction.atomic(using=READERS):
        due = Notice.objects.filter(state=Notice.State.WAITING, next_try__lte=now).order_by("next_try", "pk")
        if connections[READERS].features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        found = list(due.select_related("reader")[:most])
        forms = filled_of(one.about for one in found if one.kind == Notice.Kind.REMIND)
        suppressed = _suppressed(found, now=now)
        owed: list[Notice] = []
        failed: list[Notice] = []
        for one in found:
            (owed if _can_go(one, suppressed, forms) else failed).append(one)
        _fail(failed)
        for one in owed:
            one.tries += 1
            one.next_try = now + LEASE
        Notice.objects.bulk_update(owed, ["tries", "next_try"])
        attempts = _attempts(owed)
        NoticeTry.objects.bulk_create(
            NoticeTry(notice=one, mailroom_id=mailroom_id, attempt=attempts[one.pk], taken_at=now) for one in owed
        )
    return [_owed(one, attempts[one.pk], forms) for one in owed]


def _can_go(notice: Notice, suppressed: set[bytes], forms: Mapping[UUID, Filled]) -> bool:
    """Whether there is an address that may be written to, and for a reminder something to remind of."""
    has_address = notice.reader is not None or notice.sealed is not None
    has_form = notice.kind != Notice.Kind.REMIND or notice.about in forms
    return has_address and has_form and _lookup(notice) not in suppressed


def _fail(notices: list[Notice]) -> None:
    Notice.objects.filter(pk__in=[one.pk for one in notices]).update(state=Notice.State.FAILED)
    for one in notices:
        one.state = Notice.State.FAILED
        if one.reader is None:
            mail_ended(one)


def _owed(notice: Notice, attempt: int, forms: Mapping[UUID, Filled]) -> OwedNotice:
    reader = notice.reader
    return OwedNotice(
        id=notice.pk,
        attempt=attempt,
        uid=notice.uid,
        kind=notice.kind,
        list_key=notice.list_key,
        language=reader.language if reader else notice.language,
        reader_id=reader.pk if reader else 0,
        reader_uid=reader.uid if reader else notice.uid,
        sealed=bytes(reader.sealed) if reader else b"",
        sealed_own=None if notice.sealed is None else bytes(notice.sealed),
        about=notice.about,
        filled=forms.get(notice.about) if notice.about else None,
    )


def _lookup(notice: Notice) -> bytes:
    if notice.lookup is not None:
        return bytes(notice.lookup)
    return bytes(notice.reader.lookup) if notice.reader else b""


def _suppressed(notices: list[Notice], *, now: datetime) -> set[bytes]:
    lookups = [_lookup(one) for one in notices]
    unasked = Suppression.objects.of_unasked(now=now).filter(lookup__in=lookups)
    return {bytes(one) for one in unasked.values_list("lookup", flat=True)}


def _attempts(notices: list[Notice]) -> dict[int, int]:
    """The number of each one's next attempt: those that were never handed over count here, not as tries."""
    numbers = {one.pk: 1 for one in notices}
    for pk, attempt in NoticeTry.objects.filter(notice__in=notices).values_list("notice_id", "attempt"):
        numbers[pk] = max(numbers[pk], attempt + 1)
    return numbers


# --- What became of them ---


def fold_notices(told: Sequence[Told], *, now: datetime) -> None:
    """Bring these events in. Inside a transaction; a notice that is gone takes its events with it."""
    for one in told:
        tried = NoticeTry.objects.filter(notice=one.key.id, attempt=one.key.attempt, event__lt=int(one.event))
        if tried.update(event=int(one.event), code=one.code[:20]):
            _fold_one(one, now)


def _fold_one(told: Told, now: datetime) -> None:
    notice = Notice.objects.get(pk=told.key.id)
    match told.event:
        case Event.ACCEPTED:
            notice.state = Notice.State.SENT
        case Event.UNCERTAIN:
            notice.state = Notice.State.UNCERTAIN
        case Event.DEFERRED if notice.tries < MOST_TRIES:
            notice.state, notice.next_try = Notice.State.WAITING, now + copy_pause(notice.tries)
        case Event.RETURNED:
            notice.state, notice.next_try, notice.tries = Notice.State.WAITING, now, max(notice.tries - 1, 0)
        case _:
            notice.state = Notice.State.FAILED
    notice.save(update_fields=["state", "next_try", "tries"])
    if notice.reader_id is None and notice.state != Notice.State.WAITING and mail_ended(notice):
        # Nor does the row of a try say when somebody gave.
        NoticeTry.objects.filter(notice=notice).update(taken_at=notice.asked)


def return_tries(mailroom_id: int, *, now: datetime) -> None:
    """Give back what a mailroom that is gone had claimed and never handed over. Inside a transaction."""
    moment = int(now.timestamp())
    tries = NoticeTry.objects.filter(mailroom=mailroom_id, event=int(Event.CLAIMED))
    fold_notices(
        [Told(Key("n", one.notice_id, one.attempt), Event.RETURNED, moment) for one in tries],
        now=now,
    )


# --- What they say ---


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in one language."""

    subject: str
    before: str
    """What was asked, and what the link does."""
    button: str
    after: str


def words_of(kind: str, *, language: str, paper: str, its_list: str) -> Words:
    """What a notice says in the reader's language."""
    names = {"paper": paper, "list": its_list}
    with translation.override(language):
        if kind == Notice.Kind.CONFIRM:
            return Words(
                subject=_("Please confirm: %(list)s") % names,
                before=_(
                    "Somebody, probably you, asked for “%(list)s” by %(paper)s at this address. To get it, open this "
                    "page and press the button there:"
                )
                % names,
                button=pgettext("notice", "Confirm"),
                after=_("If it was not you, do nothing: nothing more will come."),
            )
        if kind == Notice.Kind.CHANGE:
            return Words(
                subject=_("Please confirm your new address"),
                before=_(
                    "Somebody, probably you, asked %(paper)s to write to this address from now on. To confirm it, open "
                    "this page and press the button there:"
                )
                % names,
                button=pgettext("notice", "Confirm"),
                after=_("If it was not you, do nothing: nothing more will come."),
            )
        if kind == Notice.Kind.KNOWN:
            return Words(
                subject=_("You get it already: %(list)s") % names,
                before=_(
                    "Somebody, probably you, asked for “%(list)s” by %(paper)s at this address. You get it already, so "
                    "there is nothing to do. To change something or to leave, open this page:"
                )
                % names,
                button=_("Manage your letters"),
                after=_("Keep the link to yourself: whoever has it can change what you get."),
            )
        if kind in CONTACTS:
            return _words_to_contact(kind, names)
        return Words(
            subject=_("Your letters from %(paper)s") % names,
            before=_("On this page you see and change all that %(paper)s keeps about you:") % names,
            button=_("Manage your letters"),
            after=_("Keep the link to yourself: whoever has it can change what you get."),
        )


def _words_to_contact(kind: str, names: Mapping[str, str]) -> Words:
    """What a mail to a contact says, in words that tell a stranger nothing."""
    keep = _("The link is good for a month. Keep it to yourself.")
    if kind == Notice.Kind.RECEIPT:
        return Words(
            subject=_("For your records: %(paper)s") % names,
            before=_("It arrived at %(paper)s, and we thank you. What there is to know about it stands on this page:")
            % names,
            button=pgettext("notice", "Open the page"),
            after=keep,
        )
    if kind == Notice.Kind.PAYMENT_FAILED:
        return Words(
            subject=_("Please take a look: %(paper)s") % names,
            before=_(
                "Something that you set up with %(paper)s did not work this time. To mend it, open this page and press "
                "the button there:"
            )
            % names,
            button=pgettext("notice", "Open the page"),
            after=_("If you leave it, it ends by itself. You get three such mails at most."),
        )
    if kind == Notice.Kind.PORTAL:
        return Words(
            subject=_("Your link from %(paper)s") % names,
            before=_(
                "Somebody, probably you, asked %(paper)s for this link. To change or end what you set up, open this "
                "page and press the button there:"
            )
            % names,
            button=pgettext("notice", "Open the page"),
            after=_("The link is good for three days. If it was not you, do nothing."),
        )
    if kind == Notice.Kind.REMIND_CONFIRM:
        return Words(
            subject=_("Please confirm: a reminder"),
            before=_(
                "Somebody, probably you, asked %(paper)s to write to this address once more, later. If you want that, "
                "open this page and press the button there:"
            )
            % names,
            button=pgettext("notice", "Confirm"),
            after=_("If it was not you, do nothing: nothing more will come, and in a week this address is deleted."),
        )
    return Words(
        subject=_("You asked for a reminder"),
        before=_("You asked %(paper)s to write to you today. This page is ready for you:") % names,
        button=pgettext("notice", "Open the page"),
        after=_("This was the only mail. Your address is now deleted."),
    )


def job_of(
    key: Key, owed: OwedNotice, address: Address, sender: Sender, addressing: Addressing, lists: Lists | None
) -> Job:
    """A notice, ready to be handed over."""
    words = _words(owed, sender, lists)
    url = _url(owed, sender)
    onion = _over_onion(sender.over_onion(url), language=owed.language)
    message = FrozenMessage.build(
        html=as_html(words, url=url, language=owed.language, onion=onion),
        text=as_text(words, url=url, onion=onion),
        subject=words.subject,
        from_name=_names(owed, sender, lists)[0],
        sender=sender.address,
        date=datetime.now(UTC),
        language=owed.language or "en",
        signer=sender.signer,
    )
    wire = message.copy_for(Own(to=address, message_id=addressing.notice_message_id(owed.uid)))
    return Job(
        key=key,
        envelope_from=addressing.notice_return_address(owed.id),
        envelope_to=address.text,
        make=lambda: wire,
    )


class OverOnion(msgspec.Struct, frozen=True):
    """The same page at the onion address, and what is said before its link."""

    words: str
    url: str


def _over_onion(url: str, *, language: str) -> OverOnion | None:
    if not url:
        return None
    with translation.override(language):
        return OverOnion(_("The same page in the Tor Browser, without leaving Tor:"), url)


def _url(owed: OwedNotice, sender: Sender) -> str:
    if owed.filled is not None:
        return sender.give_link(owed.filled.written())
    purpose = PURPOSES[owed.kind]
    if purpose == "remind" and owed.about is not None:
        return sender.link(purpose, owed.about)
    return sender.link(purpose, owed.reader_uid if purpose == "manage" else owed.uid)


def _words(owed: OwedNotice, sender: Sender, lists: Lists | None) -> Words:
    paper, its_list = _names(owed, sender, lists)
    return words_of(owed.kind, language=owed.language, paper=paper, its_list=its_list)


def _names(owed: OwedNotice, sender: Sender, lists: Lists | None) -> tuple[str, str]:
    """The paper's name and the list's, in the reader's language as far as the paper has it."""
    language = lists.languages.get(owed.language) if lists else None
    found = lists.get(owed.list_key) if lists else None
    paper = language.name if language else (found.from_name if found else sender.domain)
    return _one_line(paper), _one_line(found.name if found else paper)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def as_text(words: Words, *, url: str, onion: OverOnion | None = None) -> bytes:
    """The plain part."""
    again = f"{onion.words}\n\n{onion.url}\n\n" if onion else ""
    return f"{words.before}\n\n{url}\n\n{again}{words.after}\n".encode()


def as_html(words: Words, *, url: str, language: str, onion: OverOnion | None = None) -> bytes:
    """The HTML part: the same words, with no picture and nothing that is loaded."""
    before, button, after, title, link = (
        html.escape(text) for text in (words.before, words.button, words.after, words.subject, url)
    )
    shown = 'dir="ltr" style="font-size: 14px; overflow-wrap: anywhere"'
    again = f"<p>{html.escape(onion.words)}</p>\n<p {shown}>{html.escape(onion.url)}</p>\n" if onion else ""
    return (
        f'<!doctype html>\n<html lang="{html.escape(language or "en")}" dir="{direction(language)}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n</head>\n"
        '<body style="font: 16px/1.5 sans-serif; max-width: 36em; margin: 0 auto; padding: 1em">\n'
        f'<p>{before}</p>\n<p><a href="{link}">{button}</a></p>\n'
        f"<p {shown}>{link}</p>\n{again}"
        f"<p>{after}</p>\n</body>\n</html>\n"
    ).encode()
