"""Addresses that get nothing: who is asked again, what a confirmed wish lifts, and what it never does."""

import io
from datetime import timedelta

import pytest

from stet.kit.clock import FixedClock
from stet.readers import erasing, importing, joining, managing, suppressing
from stet.readers.importing import Source
from stet.readers.joining import Wish
from stet.readers.models import Consent, Notice, Reader, Subscription, Suppression
from tests.readers.builders import WORDING, an_address, lists_now, reader_keys

pytestmark = pytest.mark.django_db(databases=["readers"])

ADA = "ada@example.org"
DAY = timedelta(days=1)
Reason = Suppression.Reason


def lookup_of(text: str = ADA) -> bytes:
    return reader_keys().lookup.of(an_address(text))


def sign_up(clock: FixedClock, text: str = ADA, list_key: str = "en.the-week") -> None:
    wish = Wish(list_key=list_key, language="en", wording=WORDING, privacy_version="2")
    joining.sign_up(an_address(text), wish, keys=reader_keys(), now=clock.now())


def confirm(clock: FixedClock) -> bool:
    return joining.confirm(Notice.objects.latest("pk").uid, now=clock.now()) is not None


def a_reader(clock: FixedClock) -> Reader:
    sign_up(clock)
    assert confirm(clock)
    return Reader.objects.get()


def suppressed(clock: FixedClock, reason: str, *, days_ago: int = 0, text: str = ADA) -> None:
    suppressing.suppress(lookup_of(text), Reason(reason), now=clock.now() - days_ago * DAY)


def reasons() -> list[str]:
    return list(Suppression.objects.values_list("reason", flat=True))


# --- Coming back by a form ---


def test_who_was_erased_comes_back_by_confirming(clock: FixedClock) -> None:
    a_reader(clock)
    erasing.erase(lookup_of(), now=clock.now())
    clock.advance(timedelta(hours=1))
    sign_up(clock)
    assert reasons() == ["erased"]
    assert confirm(clock)
    assert reasons() == []
    assert Subscription.objects.get().state == "active"
    assert list(Consent.objects.order_by("pk").values_list("act", flat=True)) == ["asked", "confirmed"]


def test_who_was_erased_and_confirms_nothing_stays_suppressed_and_is_dropped(clock: FixedClock) -> None:
    suppressed(clock, "erased")
    sign_up(clock)
    clock.advance(timedelta(days=40))
    erasing.tidy(now=clock.now())
    assert Reader.objects.count() == 0
    assert reasons() == ["erased"]


def test_an_erased_address_is_asked_once_a_day_like_any(clock: FixedClock) -> None:
    suppressed(clock, "erased")
    for _ in range(4):
        sign_up(clock)
        clock.advance(timedelta(hours=7))
    assert Notice.objects.count() == 1
    sign_up(clock)
    assert Notice.objects.count() == 2


def test_an_erased_address_that_was_asked_gets_no_link_to_a_page(clock: FixedClock) -> None:
    suppressed(clock, "erased")
    sign_up(clock)
    joining.ask_manage_link(an_address(), keys=reader_keys(), language="en", now=clock.now())
    assert list(Notice.objects.values_list("kind", flat=True)) == ["confirm"]


def test_an_import_brings_nobody_back_before_they_confirm(clock: FixedClock) -> None:
    def imported() -> dict[str, int]:
        report = importing.import_readers(
            io.StringIO(f"email\n{ADA}\n"), Source(consent="Paper", list_key="en.the-week"), lists=lists_now(),
            keys=reader_keys(), now=clock.now(),
        )  # fmt: skip
        return report.by_reason()

    suppressed(clock, "erased")
    assert imported() == {"suppressed": 1}
    sign_up(clock)
    assert imported() == {"suppressed": 1}
    assert Subscription.objects.get().state == "pending"
    assert confirm(clock)
    assert imported() == {"already": 1}


def test_an_address_that_bounced_is_left_in_peace_for_thirty_days_and_then_asked(clock: FixedClock) -> None:
    suppressed(clock, "hard_bounce")
    clock.advance(29 * DAY)
    sign_up(clock)
    assert (Reader.objects.count(), Notice.objects.count()) == (0, 0)
    clock.advance(DAY)
    sign_up(clock)
    assert Notice.objects.count() == 1
    assert confirm(clock)
    assert reasons() == []


def test_an_address_that_bounced_is_asked_once_in_thirty_days(clock: FixedClock) -> None:
    suppressed(clock, "hard_bounce", days_ago=100)
    for _ in range(29):
        sign_up(clock)
        clock.advance(DAY)
    assert Notice.objects.count() == 1
    clock.advance(DAY)
    sign_up(clock)
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("reason", ["complaint", "blocked"])
def test_no_form_makes_a_mail_to_who_complained_or_is_blocked(clock: FixedClock, reason: str) -> None:
    suppressed(clock, reason, days_ago=1_000)
    sign_up(clock)
    assert (Reader.objects.count(), Notice.objects.count(), Consent.objects.count()) == (0, 0, 0)


def test_a_link_that_was_mailed_before_a_complaint_confirms_nothing(clock: FixedClock) -> None:
    sign_up(clock)
    suppressed(clock, "complaint")
    assert not confirm(clock)
    assert reasons() == ["complaint"]
    assert Subscription.objects.get().state == "pending"


# --- Reasons ---


@pytest.mark.parametrize(
    ("first", "then", "counts"),
    [
        ("erased", "complaint", "complaint"),
        ("erased", "hard_bounce", "hard_bounce"),
        ("hard_bounce", "complaint", "complaint"),
        ("complaint", "erased", "complaint"),
        ("blocked", "complaint", "blocked"),
    ],
)
def test_a_graver_reason_takes_the_place_of_a_lighter_one(
    clock: FixedClock, first: str, then: str, counts: str
) -> None:
    suppressed(clock, first)
    suppressed(clock, then)
    assert reasons() == [counts]


def test_a_second_bounce_begins_the_quiet_days_anew(clock: FixedClock) -> None:
    suppressed(clock, "hard_bounce", days_ago=31)
    suppressed(clock, "hard_bounce")
    sign_up(clock)
    assert Notice.objects.count() == 0


def test_the_mailroom_sends_what_may_be_asked_and_nothing_else(clock: FixedClock) -> None:
    cases = {"erased": 0, "hard_bounce": 30, "complaint": 400, "blocked": 400}
    for reason, days_ago in cases.items():
        suppressed(clock, reason, days_ago=days_ago, text=f"{reason}@example.org")
    suppressed(clock, "hard_bounce", days_ago=29, text="lately@example.org")
    unasked = Suppression.objects.of_unasked(now=clock.now())
    assert {bytes(one.lookup) for one in unasked} == {
        lookup_of(f"{name}@example.org") for name in ("complaint", "blocked", "lately")
    }


# --- Coming back on one's own page ---


@pytest.mark.parametrize("reason", ["complaint", "hard_bounce"])
def test_a_reader_asks_for_letters_again_on_their_own_page(clock: FixedClock, reason: str) -> None:
    reader = a_reader(clock)
    suppressed(clock, reason)
    assert managing.kept_of(reader.uid).is_stopped
    managing.send_again(reader.uid)
    assert not managing.kept_of(reader.uid).is_stopped
    assert reasons() == []


def test_joining_a_list_on_ones_own_page_is_asking_for_letters_again(clock: FixedClock) -> None:
    reader = a_reader(clock)
    suppressed(clock, "complaint")
    (daily,) = [found for found in lists_now().lists if found.key == "en.daily"]
    managing.join(reader.uid, daily, privacy_version="2", now=clock.now())
    assert reasons() == []


def test_what_the_newsroom_blocked_no_reader_lifts(clock: FixedClock) -> None:
    reader = a_reader(clock)
    suppressed(clock, "blocked")
    managing.send_again(reader.uid)
    assert reasons() == ["blocked"]
    assert not managing.kept_of(reader.uid).is_stopped


# --- Moving to an address that is suppressed ---


def test_a_reader_moves_to_an_erased_address_by_confirming_there(clock: FixedClock) -> None:
    reader = a_reader(clock)
    suppressed(clock, "erased", text="bo@example.org")
    managing.ask_change(reader.uid, an_address("bo@example.org"), keys=reader_keys(), now=clock.now())
    assert managing.change_confirmed(Notice.objects.latest("pk").uid, now=clock.now())
    assert reasons() == []
    assert bytes(Reader.objects.get().lookup) == lookup_of("bo@example.org")


def test_a_reader_does_not_move_to_an_address_that_complained(clock: FixedClock) -> None:
    reader = a_reader(clock)
    managing.ask_change(reader.uid, an_address("bo@example.org"), keys=reader_keys(), now=clock.now())
    suppressed(clock, "complaint", text="bo@example.org")
    assert managing.change_confirmed(Notice.objects.latest("pk").uid, now=clock.now()) is None
    assert bytes(Reader.objects.get().lookup) == lookup_of()
