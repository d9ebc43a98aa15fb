"""When a letter becomes a dispatch, and who is counted for it.

The rules:
 * A letter that is listed is taken up shortly before its first hour anywhere, once its page is in the edition.
 * It is taken up once: its dispatch is there for ever, so neither a second mailroom nor a clock set back repeats it.
 * Readers whose hour was missed by more than `hours.LATEST` are held for an editor; the rest of them get it late.
 * A letter that was due before `FORGOTTEN` is not taken up: it belongs to the archive, or to a newsroom that moved.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, connections, transaction
from django.utils.translation import gettext_noop as _

from stet.kit.errors import StetError
from stet.mailroom.accounts import account_of
from stet.mailroom.audience import READERS, as_stored, freeze, is_postgresql, zones_in_use
from stet.mailroom.folding import move, move_where
from stet.mailroom.hours import EARLIEST_ZONE, LATEST, due_moments, is_too_late, read_wall
from stet.mailroom.letters import Edition, Letter
from stet.mailroom.models import Dispatch, Enclosure
from stet.mailroom.states import Event, State
from stet.readers.lists import ListedLetter, ReaderList

log = logging.getLogger("stet.mailroom")

LEAD = timedelta(minutes=5)
"""How long before the first hour readers are counted."""
FORGOTTEN = timedelta(days=7)
"""What was due before that is left alone."""
SHEET, HTML, TEXT = "letter.json", "mail.html", "mail.txt"
"""Names of enclosures; photos stand beside them under their cid."""

HELD = _("The hour of some readers was missed by more than twelve hours. Send it to them now, or leave them out.")
UNBALANCED = _("The account does not balance. Nothing more is sent until somebody has looked.")
"""Both are stored in English and translated where they are shown."""


def take_up_due(edition: Edition, *, now: datetime) -> list[Dispatch]:
    """Plan every letter whose hour comes. One that cannot be taken is said in the log and tried at the next look."""
    lists = edition.lists()
    if lists is None:
        return []
    planned = []
    for its_list, listed in ((one, letter) for one in lists.lists for letter in one.letters):
        if not _may_be_due(listed, now) or Dispatch.objects.filter(letter=listed.id).exists():
            continue
        try:
            dispatch = _take_up(edition, its_list, listed, now)
        except StetError as error:
            log.warning("%s The letter waits.", error)
            continue
        if dispatch is not None:
            planned.append(dispatch)
    return planned


def _may_be_due(listed: ListedLetter, now: datetime) -> bool:
    """Whether its hour has come anywhere on earth, and not too long ago."""
    wall = read_wall(listed.due).replace(tzinfo=now.tzinfo)
    return -FORGOTTEN - EARLIEST_ZONE <= wall - now <= EARLIEST_ZONE + LEAD


def _take_up(edition: Edition, its_list: ReaderList, listed: ListedLetter, now: datetime) -> Dispatch | None:
    letter = edition.letter(listed.path)
    if letter is None or letter.sheet.id != listed.id or letter.sheet.list != its_list.key:
        return None
    moments = moments_of(letter, zones_in_use(its_list.key))
    if min(moments.values()) - LEAD > now or max(moments.values()) < now - FORGOTTEN:
        return None
    return plan(letter, moments=moments, now=now)


def moments_of(letter: Letter, zones: list[str]) -> dict[str, datetime]:
    """When the letter is due in each of these zones; under "" elsewhere."""
    sheet = letter.sheet
    return due_moments(read_wall(sheet.due), own_zone=sheet.time_zone, is_local=sheet.is_local, zones=zones)


def plan(letter: Letter, *, moments: dict[str, datetime], now: datetime) -> Dispatch:
    """Count the readers of a letter and keep its bytes, in one transaction. A second call gives the same dispatch."""
    sheet = letter.sheet
    try:
        with transaction.atomic(using=READERS):
            _see_one_state()
            dispatch = Dispatch.objects.create(
                letter=sheet.id, list_key=sheet.list, subject=sheet.subject, page=sheet.page, due=sheet.due,
                is_local=sheet.is_local, time_zone=sheet.time_zone, planned_at=now,
            )  # fmt: skip
            _enclose(dispatch, letter)
            audience = freeze(dispatch.pk, sheet.list, moments=moments, now=now, oldest=now - LATEST)
            dispatch.candidates, dispatch.planned = audience.candidates, audience.planned
            dispatch.excluded = audience.excluded
            dispatch.first_due, dispatch.last_due = audience.first_due, audience.last_due
            dispatch.save()
            settle(dispatch, now=now)
    except (IntegrityError, OperationalError):
        # Another mailroom was a moment earlier; on PostgreSQL its rows are seen only from a new transaction.
        found = Dispatch.objects.filter(letter=sheet.id).first()
        if found is None:
            raise
        return found
    return dispatch


def _see_one_state() -> None:
    """Let every statement of this transaction see the same rows, so that what is counted is what is written."""
    if is_postgresql():
        with connections[READERS].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _enclose(dispatch: Dispatch, letter: Letter) -> None:
    files = [
        (SHEET, "application/json", letter.sheet_body),
        (HTML, "text/html", letter.html),
        (TEXT, "text/plain", letter.text),
        *((photo.cid, photo.media_type, photo.body) for photo in letter.photos),
    ]
    Enclosure.objects.bulk_create(
        Enclosure(dispatch=dispatch, name=name, media_type=media_type, body=body) for name, media_type, body in files
    )


def begin_due(*, now: datetime) -> None:
    """Let dispatches begin whose first hour has come."""
    Dispatch.objects.filter(state=Dispatch.State.PLANNED, first_due__lte=now).update(state=Dispatch.State.SENDING)


def settle(dispatch: Dispatch, *, now: datetime) -> None:
    """Finish a dispatch of which nothing is owed, or hold it where an editor has to decide about the rest."""
    if dispatch.state in (Dispatch.State.CANCELLED, Dispatch.State.FINISHED):
        return
    account = account_of(dispatch)
    if not account.balances:
        dispatch.reason = UNBALANCED
        if dispatch.state != Dispatch.State.PAUSED:
            log.error("The account of a dispatch does not balance; it is paused.")
        dispatch.state = Dispatch.State.PAUSED
    elif account.owed:
        return
    elif account.held:
        dispatch.state, dispatch.reason = Dispatch.State.HELD, HELD
    else:
        dispatch.state, dispatch.reason, dispatch.finished_at = Dispatch.State.FINISHED, "", now
    dispatch.save(update_fields=["state", "reason", "finished_at"])


def close_cancelled(*, now: datetime) -> None:
    """Skip what was given back, or put off, after its dispatch was cancelled; finish where nothing is at hand."""
    for dispatch in Dispatch.objects.filter(state=Dispatch.State.CANCELLED, finished_at=None):
        with transaction.atomic(using=READERS):
            move(dispatch, [State.WAITING, State.DEFERRED, State.HELD], Event.SKIPPED, code="cancelled", now=now)
            if not account_of(dispatch).owed:
                Dispatch.objects.filter(pk=dispatch.pk).update(finished_at=now)


def hold_missed(*, now: datetime, seen: datetime | None) -> int:
    """Hold the copies whose hour was missed while no mailroom was at work; how many. `seen`: when one last was."""
    if seen is None or not is_too_late(seen, now=now):
        return 0
    with transaction.atomic(using=READERS):
        return move_where(
            "state = %s AND event IN (%s, %s) AND due < %s AND dispatch_id IN "
            "(SELECT id FROM mailroom_dispatch WHERE state IN (%s, %s))",
            [
                State.WAITING, int(Event.PLANNED), int(Event.RETURNED), as_stored(now - LATEST),
                Dispatch.State.PLANNED, Dispatch.State.SENDING,
            ],
            Event.HELD,
            code="late",
            now=now,
        )  # fmt: skip
