"""Sealed addresses of those who give or want to be reminded, and the mails they are owed.

The rules:
 * An address is kept for one purpose and until a day, apart from every fact. Deleting it touches no fact.
 * The one for the receipt of a single gift goes once that was sent; the one for a plan stays as long as payments come,
   and for the next one to fail.
 * A mail carries a sealed copy of the address until it is known what became of it, and then none. Its moments are cut
   to the day: a receipt must not tell when somebody paid.
 * Suppressed addresses are owed nothing, and are no contacts for longer than an hour.
 * What was deleted is overwritten in the database's files at the next purge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from stet.ledger.models import Contact, Contribution, Fact, Interval, Plan, Reminder
from stet.ledger.months import midnight_of
from stet.readers.addresses import Address
from stet.readers.erasing import Traces, wipe_traces
from stet.readers.joining import readers_transaction
from stet.readers.keys import ReaderKeys
from stet.readers.lanes import lane_of
from stet.readers.models import Notice, Suppression, SuppressionReason
from stet.readers.suppressing import suppress

KEPT_DAYS = {Interval.ONCE: 60, Interval.MONTHLY: 100, Interval.ANNUAL: 430}
"""How long an address is kept if nothing more is heard: past the next payment, and the tries after a failed one."""
ENDED_DAYS = 60
"""How long it is kept once the plan has ended."""
NOTICE_DAYS = 30
"""How long the row of a mail is kept, and with it the link in it is good."""
UNCONFIRMED_DAYS = 7
"""How long a reminder that nobody confirmed is kept; and within how many days an address is asked once."""

MAILS = (Notice.Kind.RECEIPT, Notice.Kind.PAYMENT_FAILED, Notice.Kind.PORTAL)
REMINDERS = (Notice.Kind.REMIND_CONFIRM, Notice.Kind.REMIND)


# --- Addresses ---


def make_contact(
    address: Address, purpose: Contact.Purpose, *, keys: ReaderKeys, language: str, until: date
) -> Contact:
    """Keep an address for a purpose."""
    return Contact.objects.create(
        sealed=keys.sealer.seal(address),
        lookup=keys.lookup.of(address),
        lane=lane_of(address.domain),
        purpose=purpose,
        language=language,
        until=until,
    )


def keep_for(plan: Plan, contact: Contact, *, now: datetime) -> None:
    """A payment of the plan came in: keep the address for the next one too."""
    until = now.date() + timedelta(days=KEPT_DAYS[Interval(plan.interval)])
    Contact.objects.filter(pk=contact.pk, until__lt=until).update(until=until)


def let_go_of(contact: Contact, *, now: datetime) -> None:
    """The plan has ended: the address is not kept for much longer."""
    until = now.date() + timedelta(days=ENDED_DAYS)
    Contact.objects.filter(pk=contact.pk, until__gt=until).update(until=until)


# --- Mails ---


def owe(contact: Contact, kind: Notice.Kind, about: UUID, *, now: datetime) -> None:
    """Leave a mail for the mailroom, once of a kind about one thing. Inside a transaction."""
    if not Suppression.objects.filter(lookup=bytes(contact.lookup)).exists():
        leave_mail(contact, kind, about, now=now)


def leave_mail(contact: Contact, kind: Notice.Kind, about: UUID, *, now: datetime) -> None:
    """The same, where it is known that the address is not suppressed."""
    day = midnight_of(now.date())
    mail = Notice(
        kind=kind,
        about=about,
        sealed=bytes(contact.sealed),
        lookup=bytes(contact.lookup),
        lane=contact.lane,
        language=contact.language,
        asked=day,
        next_try=day,
    )
    Notice.objects.bulk_create([mail], ignore_conflicts=True)


def mail_ended(notice: Notice) -> bool:
    """It is known what became of a contact's mail; whether its row stays. Inside the mailroom's transaction.

    The address in it goes. A reminder goes with all that was kept of it.
    """
    if notice.kind == Notice.Kind.REMIND:
        forget_reminders(Reminder.objects.filter(uid=about_of(notice)), on=notice.asked)
        notice.delete()
        return False
    is_asking = notice.kind == Notice.Kind.REMIND_CONFIRM
    # Its digest stays for the week in which the address is not asked again.
    lookup = notice.lookup if is_asking else None
    Notice.objects.filter(pk=notice.pk).update(sealed=None, lookup=lookup, lane="", next_try=notice.asked)
    if notice.kind == Notice.Kind.RECEIPT and notice.state == Notice.State.SENT:
        single = Contribution.objects.filter(interval=Interval.ONCE, facts__uid=about_of(notice))
        Contact.objects.filter(contributions__in=single).delete()
    return True


def mail_came_back(notice: Notice, reason: SuppressionReason, *, now: datetime) -> None:
    """The address does not work, or its owner wants nothing: delete it as a contact and suppress it."""
    lookups = {bytes(one.lookup) for one in contacts_of(notice)}
    if notice.lookup is not None:
        lookups.add(bytes(notice.lookup))
    for lookup in lookups:
        suppress(lookup, reason, now=now)
    delete_contacts(Contact.objects.filter(lookup__in=lookups))


def contacts_of(notice: Notice) -> list[Contact]:
    """Whom a mail went to, as far as anything is still kept of them."""
    about = about_of(notice)
    match notice.kind:
        case Notice.Kind.RECEIPT | Notice.Kind.PAYMENT_FAILED:
            fact = Fact.objects.select_related("plan__contact", "contribution__contact").filter(uid=about).first()
            contact = contact_of(fact) if fact else None
            return [contact] if contact else []
        case Notice.Kind.PORTAL:
            plan = Plan.objects.filter(uid=about).first()
            contact = contact_of_plan(plan) if plan else None
            return [contact] if contact else []
        case _:
            return list(Contact.objects.filter(reminder__uid=about))


def about_of(notice: Notice) -> UUID:
    """What a contact's mail is about: the database holds that there is something."""
    assert notice.about is not None
    return notice.about


def contact_of(fact: Fact) -> Contact | None:
    """Who is told of a fact, if anybody."""
    if fact.plan is not None and (contact := contact_of_plan(fact.plan)):
        return contact
    return fact.contribution.contact if fact.contribution else None


def contact_of_plan(plan: Plan) -> Contact | None:
    """Who is told of a plan, if anybody: its own contact, or that of the contribution that began it."""
    if plan.contact is not None:
        return plan.contact
    begun = Contribution.objects.select_related("contact").filter(plan=plan, contact__isnull=False).order_by("pk")
    first = begun.first()
    return first.contact if first else None


# --- The end ---


def delete_contacts(contacts: Iterable[Contact]) -> int:
    """Delete addresses, the reminders that hang on them, and mails that wait for them; how many. In a transaction."""
    found = list(contacts)
    reminders = Reminder.objects.filter(contact__in=found).values_list("uid", flat=True)
    Notice.objects.filter(kind=Notice.Kind.REMIND, about__in=list(reminders)).delete()
    lookups = {bytes(one.lookup) for one in found}
    Contact.objects.filter(pk__in=[one.pk for one in found]).delete()
    left = {bytes(one) for one in Contact.objects.filter(lookup__in=lookups).values_list("lookup", flat=True)}
    to_contacts = Notice.objects.to_contacts().filter(lookup__in=lookups - left)
    to_contacts.filter(kind=Notice.Kind.REMIND_CONFIRM).exclude(sealed=None).update(
        sealed=None, lane="", state=Notice.State.FAILED
    )
    to_contacts.exclude(kind=Notice.Kind.REMIND_CONFIRM).delete()
    return len(found)


def forget_reminders(reminders: Iterable[Reminder], *, on: datetime) -> int:
    """Delete reminders, their addresses and mails; how many. The digest of who was asked stays for the week."""
    found = list(reminders)
    uids = [one.uid for one in found]
    week_ago = on - timedelta(days=UNCONFIRMED_DAYS)
    asking = Notice.objects.filter(kind=Notice.Kind.REMIND_CONFIRM, about__in=uids)
    asking.filter(asked__lte=week_ago).delete()
    asking.exclude(sealed=None).update(sealed=None, lane="", state=Notice.State.FAILED)
    Notice.objects.filter(kind=Notice.Kind.REMIND, about__in=uids, state=Notice.State.WAITING).delete()
    Contact.objects.filter(pk__in=[one.contact_id for one in found]).delete()
    return len(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a purge deleted."""

    contacts: int
    notices: int
    traces: Traces


def purge(*, now: datetime) -> Purged:
    """Delete what is over, and overwrite what anything deleted in the last hour left. Once an hour, in no transaction.

    Over are: addresses whose day has come, those that are suppressed by now, reminders that nobody confirmed within a
    week, and the rows of old mails.
    """
    today = now.date()
    unconfirmed = Q(reminder__confirmed=False, reminder__asked__lte=today - timedelta(days=UNCONFIRMED_DAYS))
    with readers_transaction():
        suppressed = Q(lookup__in=Suppression.objects.values("lookup"))
        over = Contact.objects.filter(Q(until__lte=today) | suppressed | unconfirmed).distinct()
        contacts = delete_contacts(over)
        notices = _delete_old_mails(today)
    return Purged(contacts=contacts, notices=notices, traces=wipe_traces(also=(Contact, Reminder)))


def _delete_old_mails(today: date) -> int:
    asked_before = {
        Notice.Kind.REMIND_CONFIRM: midnight_of(today - timedelta(days=UNCONFIRMED_DAYS)),
        **dict.fromkeys(MAILS, midnight_of(today - timedelta(days=NOTICE_DAYS))),
    }
    deleted = 0
    for kind, moment in asked_before.items():
        old = Notice.objects.to_contacts().filter(kind=kind, asked__lte=moment)
        deleted += old.delete()[1].get("readers.Notice", 0)
    return deleted
