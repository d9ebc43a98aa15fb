"""Dispatches as the office shows them: frozen values made of the mailroom's rows and accounts.

Nothing here names a reader: a copy is known by its number in the mailroom's table, which says nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from stet.mailroom.accounts import Account, account_of, lanes_of, rate_of
from stet.mailroom.models import Dispatch, LaneState, Recipient
from stet.mailroom.pace import FREE, RULES, cause_of, most_today
from stet.mailroom.states import State
from stet.office import moments
from stet.office.naming import lane_name, list_name, list_names

MOST_UNCERTAIN = 200
ON_THE_WAY = (Dispatch.State.PLANNED, Dispatch.State.SENDING)
UNDECIDED = (Dispatch.State.PAUSED, Dispatch.State.HELD)
TONES = {"planned": "", "sending": "wait", "paused": "wait", "held": "bad", "cancelled": "", "finished": "good"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A dispatch in a list."""

    number: int
    subject: str
    list_name: str
    state: str
    state_words: str
    tone: str
    reason: str
    due: str
    planned: int
    accepted: int
    uncertain: int

    @property
    def is_live(self) -> bool:
        """Whether it changes by itself."""
        return self.state in ON_THE_WAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the account."""

    words: str
    count: int
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A provider's part of a dispatch."""

    key: str
    name: str
    planned: int
    accepted: int
    owed: int
    refused: int
    waits: str
    """Why nothing goes there now, and until when; empty where it goes."""
    is_warming_up: bool
    """Whether it still gets a growing number of copies a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How often a server gave an answer that put copies off or refused them."""

    code: str
    cause: str
    """What the code means, as far as it is known."""
    words: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One dispatch, whole."""

    line: Line
    left: tuple[Row, ...]
    """Candidates: planned, and left out by reason."""
    right: tuple[Row, ...]
    """What became of each planned copy."""
    candidates: int
    balances: bool
    settled: int
    rate: float
    """Copies a second over the last minute, to one figure behind the point."""
    lanes: tuple[Lane, ...]
    answers: tuple[Answer, ...]
    uncertain: tuple[int, ...]
    uncertain_count: int
    refused_count: int
    held_count: int
    actions: tuple[str, ...]


def lines(states: tuple[str, ...] | None = None, *, most: int = 100) -> list[Line]:
    """Dispatches, the newest first; of all states unless some are named."""
    found = Dispatch.objects.all() if states is None else Dispatch.objects.filter(state__in=states)
    rows = list(found.order_by("-planned_at", "-pk")[:most])
    counts: dict[int, dict[str, int]] = {}
    counted = Recipient.objects.filter(dispatch__in=rows, state__in=[State.ACCEPTED, State.UNCERTAIN])
    for number, state, count in counted.values_list("dispatch", "state").annotate(Count("pk")).order_by():
        counts.setdefault(number, {})[state] = count
    names = list_names()
    return [_line(row, counts.get(row.pk, {}), names) for row in rows]


def page(dispatch: Dispatch) -> Page:
    """One dispatch with its account, its lanes and what may be done with it."""
    account = account_of(dispatch)
    counts = {State.ACCEPTED: account.accepted, State.UNCERTAIN: account.uncertain}
    line = _line(dispatch, counts, list_names())
    uncertain = Recipient.objects.filter(dispatch=dispatch, state=State.UNCERTAIN).order_by("pk")
    return Page(
        line=line,
        left=_left(account),
        right=_right(account),
        candidates=account.candidates,
        balances=account.balances,
        settled=account.accepted + account.refused + account.uncertain + sum(account.skipped.values()),
        rate=round(rate_of(dispatch, now=datetime.now(UTC)), 1) if line.is_live else 0.0,
        lanes=tuple(_lanes(dispatch)),
        answers=tuple(_answers(dispatch)),
        uncertain=tuple(uncertain.values_list("pk", flat=True)[:MOST_UNCERTAIN]),
        uncertain_count=account.uncertain,
        refused_count=account.refused,
        held_count=account.held,
        actions=tuple(actions(dispatch.state, account)),
    )


def actions(state: str, account: Account) -> list[str]:
    """What may be done with a dispatch that stands so."""
    is_cancelled = state == Dispatch.State.CANCELLED
    possible = {
        "pause": state in ON_THE_WAY,
        "resume": state == Dispatch.State.PAUSED,
        "send-held": account.held > 0 and not is_cancelled,
        "leave-out-held": account.held > 0 and not is_cancelled,
        "retry": account.refused > 0 and not is_cancelled,
        "cancel": state in (*ON_THE_WAY, *UNDECIDED),
    }
    return [what for what, may_be in possible.items() if may_be]


def _line(row: Dispatch, counts: dict[str, int], names: dict[str, str]) -> Line:
    return Line(
        number=row.pk,
        subject=row.subject,
        list_name=list_name(row.list_key, names),
        state=row.state,
        state_words=state_words().get(row.state, row.state),
        tone=TONES.get(row.state, ""),
        reason=row.reason,
        due=due_words(row),
        planned=row.planned,
        accepted=counts.get(State.ACCEPTED, 0),
        uncertain=counts.get(State.UNCERTAIN, 0),
    )


def due_words(row: Dispatch) -> str:
    """When it is due, in words."""
    moment = parse_datetime(row.due)
    if moment is None:
        return row.due
    if row.is_local:
        return _("%(moment)s, each reader's own time") % {"moment": moments.hour_of_day(moment)}
    return moments.moment(moment, time_zone=row.time_zone)


def state_words() -> dict[str, str]:
    """What each state is called."""
    return {
        "planned": _("Planned"),
        "sending": _("Being sent"),
        "paused": _("Paused"),
        "held": _("Held: decide"),
        "cancelled": _("Cancelled"),
        "finished": _("Finished"),
    }


def reason_words() -> dict[str, str]:
    """Why somebody gets no copy, in words."""
    return {
        "pending": _("not confirmed"),
        "left": _("left the list"),
        "suspended": _("mail came back"),
        "suppressed": _("suppressed"),
        "paused": _("asked for a pause"),
        "cancelled": _("the dispatch was cancelled"),
        "late": _("missed the hour"),
        "erased": _("erased"),
        "gone": _("left since"),
    }


def _left(account: Account) -> tuple[Row, ...]:
    words = reason_words()
    left_out = [
        Row(words=_("Left out: %(reason)s") % {"reason": words.get(reason, reason)}, count=count)
        for reason, count in sorted(account.excluded.items(), key=lambda pair: -pair[1])
    ]
    return (Row(words=_("Planned"), count=account.planned), *left_out)


def _right(account: Account) -> tuple[Row, ...]:
    words = reason_words()
    rows = [
        Row(words=_("Accepted by the mail server"), count=account.accepted, tone="good"),
        Row(words=_("Waiting"), count=account.waiting),
        Row(words=_("Being handed over"), count=account.claimed),
        Row(words=_("Put off, tried again"), count=account.deferred, tone="wait"),
        Row(words=_("Held: the hour was missed"), count=account.held, tone="bad"),
        Row(words=_("Refused"), count=account.refused, tone="bad"),
        Row(words=_("Uncertain"), count=account.uncertain, tone="bad"),
        *(
            Row(words=_("Not sent: %(reason)s") % {"reason": words.get(reason, reason)}, count=count)
            for reason, count in sorted(account.skipped.items(), key=lambda pair: -pair[1])
        ),
    ]
    return tuple(row for place, row in enumerate(rows) if row.count or place < 2)


def _lanes(dispatch: Dispatch) -> list[Lane]:
    now = datetime.now(UTC)
    states = {one.lane: one for one in LaneState.objects.all()}
    found = []
    for row in lanes_of(dispatch):
        is_waiting = row.owed > 0 and row.waits_until is not None and row.waits_until > now
        waits = ""
        if is_waiting and row.waits_until is not None:
            until = moments.moment(row.waits_until)
            waits = _("waits until %(moment)s, after the answer %(code)s") % {"moment": until, "code": row.code or "—"}
        found.append(
            Lane(
                key=row.lane,
                name=lane_name(row.lane),
                is_warming_up=row.owed > 0 and is_warming_up(row.lane, states.get(row.lane)),
                planned=row.planned,
                accepted=row.accepted,
                owed=row.owed,
                refused=row.refused,
                waits=waits,
            )
        )
    return found


def is_warming_up(lane: str, state: LaneState | None) -> bool:
    """Whether there is a limit to what the lane gets in a day."""
    days, is_warm = (state.days, state.is_warm) if state else (0, False)
    return most_today(RULES.get(lane, FREE), days=days, is_warm=is_warm) is not None


def _answers(dispatch: Dispatch) -> list[Answer]:
    words = {State.DEFERRED: _("put off"), State.REFUSED: _("refused")}
    rows = Recipient.objects.filter(dispatch=dispatch, state__in=list(words))
    counted = rows.values_list("state", "reason").annotate(copies=Count("pk")).order_by("-copies")
    return [
        Answer(code=code or "—", cause=cause_of(code), words=words[state], count=count)
        for state, code, count in counted[:30]
    ]
