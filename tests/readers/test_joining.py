"""Joining a list, confirming, leaving, changing: what is kept of it, and what nobody can tell from outside."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stet.kit.clock import FixedClock
from stet.readers import erasing, joining, managing
from stet.readers.errors import ReaderGoneError
from stet.readers.joining import Wish
from stet.readers.models import Consent, FormDay, Notice, Reader, Subscription, Suppression
from stet.readers.moments import monday_of
from stet.readers.suppressing import suppress
from tests.readers.builders import WORDING, an_address, an_opener, lists_now, reader_keys

pytestmark = pytest.mark.django_db(databases=["readers"])

DAY = timedelta(days=1)


def a_wish(list_key: str = "en.the-week", **changes) -> Wish:
    return Wish(**{"list_key": list_key, "language": "en", "wording": WORDING, "privacy_version": "2", **changes})


def sign_up(clock: FixedClock, text: str = "ada@example.org", wish: Wish | None = None) -> None:
    joining.sign_up(an_address(text), wish or a_wish(), keys=reader_keys(), now=clock.now())


def the_reader(text: str = "ada@example.org") -> Reader:
    return Reader.objects.get(lookup=reader_keys().lookup.of(an_address(text)))


def the_notice(kind: str = "confirm") -> Notice:
    return Notice.objects.filter(kind=kind).latest("pk")


def an_active_reader(clock: FixedClock, text: str = "ada@example.org", wish: Wish | None = None) -> Reader:
    sign_up(clock, text, wish)
    assert joining.confirm(the_notice().uid, now=clock.now()) is not None
    return the_reader(text)


def change(reader: Reader, clock: FixedClock, text: str) -> None:
    managing.ask_change(reader.uid, an_address(text), keys=reader_keys(), now=clock.now())


# --- Signing up ---


def test_a_sign_up_leaves_a_sealed_reader_who_is_asked_to_confirm(clock: FixedClock) -> None:
    sign_up(clock, "ada@gmail.com", a_wish(time_zone="Europe/Riga"))
    reader = the_reader("ada@gmail.com")
    assert an_opener().open(reader.sealed, uid=reader.uid).text == "ada@gmail.com"
    assert (reader.lane, reader.language, reader.time_zone) == ("gmail", "en", "Europe/Riga")
    assert [(s.list_key, s.state) for s in reader.subscriptions.all()] == [("en.the-week", "pending")]
    assert [(n.kind, n.list_key, n.state) for n in reader.notices.all()] == [("confirm", "en.the-week", "waiting")]


def test_a_consent_holds_the_wording_the_policy_and_the_minute(clock: FixedClock) -> None:
    sign_up(clock)
    (consent,) = the_reader().consents.all()
    assert (consent.act, consent.wording, consent.privacy_version, consent.list_key) == (
        "asked",
        WORDING,
        "2",
        "en.the-week",
    )
    assert consent.minute == datetime(2026, 11, 25, 20, 17, tzinfo=UTC)


def test_no_moment_that_is_kept_is_finer_than_a_minute(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    managing.leave_list(reader.uid, "en.the-week", now=clock.now())
    moments = [
        *Consent.objects.values_list("minute", flat=True),
        *Subscription.objects.values_list("since", flat=True),
        *Notice.objects.values_list("asked", flat=True),
        *Notice.objects.values_list("next_try", flat=True),
    ]
    assert len(moments) == 6
    assert all(moment.second == moment.microsecond == 0 for moment in moments)
    assert reader.since == date(2026, 11, 23)


def test_an_address_gets_one_mail_about_joining_a_day(clock: FixedClock) -> None:
    for _ in range(3):
        sign_up(clock)
        sign_up(clock, "ADA@example.org", a_wish("en.daily"))
        clock.advance(timedelta(hours=7))
    assert Notice.objects.count() == 1
    assert Consent.objects.count() == 1
    assert Subscription.objects.filter(state="pending").count() == 2
    clock.advance(timedelta(hours=3))
    sign_up(clock)
    assert Notice.objects.count() == 2


def test_an_address_that_confirmed_nothing_gets_one_mail_a_day_of_all_forms(clock: FixedClock) -> None:
    def ask_link() -> None:
        joining.ask_manage_link(an_address(), keys=reader_keys(), language="en", now=clock.now())

    sign_up(clock)
    ask_link()
    assert [notice.kind for notice in Notice.objects.all()] == ["confirm"]
    clock.advance(DAY)
    ask_link()
    sign_up(clock)
    assert [notice.kind for notice in Notice.objects.order_by("pk")] == ["confirm", "manage"]
    assert joining.confirm(Notice.objects.earliest("pk").uid, now=clock.now()) is not None
    clock.advance(DAY)
    ask_link()
    sign_up(clock)
    assert [notice.kind for notice in Notice.objects.order_by("pk")][2:] == ["manage", "known"]


def test_a_suppressed_address_gets_nothing_and_leaves_nothing(clock: FixedClock) -> None:
    Suppression.objects.create(
        lookup=reader_keys().lookup.of(an_address()), reason=Suppression.Reason.COMPLAINT, since=clock.now().date()
    )
    sign_up(clock)
    joining.ask_manage_link(an_address(), keys=reader_keys(), language="en", now=clock.now())
    assert (Reader.objects.count(), Notice.objects.count(), Consent.objects.count()) == (0, 0, 0)


def test_somebody_who_is_on_the_list_is_told_so_by_mail(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    clock.advance(DAY)
    sign_up(clock)
    assert [notice.kind for notice in reader.notices.order_by("pk")] == ["confirm", "known"]
    assert reader.subscriptions.get().state == "active"


def test_signing_somebody_up_changes_nothing_of_what_they_chose(clock: FixedClock) -> None:
    reader = an_active_reader(clock, wish=a_wish(time_zone="Europe/Riga"))
    clock.advance(DAY)
    sign_up(clock, wish=a_wish(language="ru", time_zone="Asia/Tehran"))
    reader.refresh_from_db()
    assert (reader.language, reader.time_zone) == ("en", "Europe/Riga")


def test_known_unknown_and_suppressed_addresses_cost_the_same_statements(clock: FixedClock) -> None:
    sign_up(clock, "first-of-the-day@example.org")
    an_active_reader(clock, "active@example.org")
    an_active_reader(clock, "active-for-long@example.org")
    sign_up(clock, "pending@example.org")
    left = an_active_reader(clock, "left@example.org")
    managing.leave_list(left.uid, "en.the-week", now=clock.now())
    for name in ("erased", "bounced", "bounced-lately", "complained"):
        reason = {"erased": "erased", "complained": "complaint"}.get(name, "hard_bounce")
        since = clock.now() - timedelta(days=90 if name == "bounced" else 0)
        suppress(reader_keys().lookup.of(an_address(f"{name}@example.org")), Suppression.Reason(reason), now=since)
    Notice.objects.filter(reader=the_reader("active-for-long@example.org")).delete()
    cases = [
        f"{name}@example.org"
        for name in (
            "unknown", "active", "active-for-long", "pending", "left", "erased", "bounced", "bounced-lately",
            "complained",
        )
    ]  # fmt: skip
    statements = {text: statements_of(lambda text=text: sign_up(clock, text)) for text in cases}
    assert len({tuple(said) for said in statements.values()}) == 1, statements
    links = {
        text: statements_of(
            lambda text=text: joining.ask_manage_link(
                an_address(text), keys=reader_keys(), language="en", now=clock.now()
            )
        )
        for text in cases
    }
    assert len({tuple(said) for said in links.values()}) == 1, links


def statements_of(act) -> list[str]:
    """What the database was asked to do, in the order of it; an end of a savepoint is one whichever it was."""
    with CaptureQueriesContext(connections["readers"]) as captured:
        act()
    said = [" ".join(query["sql"].split()[:3]) for query in captured.captured_queries]
    return [words for words in said if "SAVEPOINT" not in words]


def test_every_form_is_counted_by_its_day_alone(clock: FixedClock) -> None:
    sign_up(clock)
    sign_up(clock, "bob@example.org")
    joining.ask_manage_link(an_address("nobody@example.org"), keys=reader_keys(), language="en", now=clock.now())
    clock.advance(DAY)
    sign_up(clock)
    assert list(FormDay.objects.order_by("day").values_list("day", "forms")) == [
        (date(2026, 11, 25), 3), (date(2026, 11, 26), 1),
    ]  # fmt: skip


# --- Confirming ---


def test_a_confirmed_reader_is_on_the_list_with_the_consent_that_was_asked(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    assert reader.subscriptions.get().state == "active"
    assert [(c.act, c.wording, c.privacy_version) for c in reader.consents.order_by("pk")] == [
        ("asked", WORDING, "2"), ("confirmed", WORDING, "2"),
    ]  # fmt: skip


def test_confirming_twice_is_confirming_once(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    assert joining.confirm(the_notice().uid, now=clock.now()) is not None
    assert reader.consents.count() == 2


def test_an_old_link_does_not_bring_back_who_left(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    managing.leave_list(reader.uid, "en.the-week", now=clock.now())
    assert joining.confirm(the_notice().uid, now=clock.now()) is None
    assert reader.subscriptions.get().state == "left"


def test_a_link_to_confirm_ends_after_thirty_days(clock: FixedClock) -> None:
    sign_up(clock)
    clock.advance(timedelta(days=30))
    assert joining.confirm(the_notice().uid, now=clock.now()) is None


def test_a_link_to_something_else_confirms_nothing(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    joining.ask_manage_link(an_address(), keys=reader_keys(), language="en", now=clock.now())
    assert joining.confirm(the_notice("manage").uid, now=clock.now()) is None
    assert joining.confirm(uuid4(), now=clock.now()) is None
    assert joining.confirm(reader.uid, now=clock.now()) is None


def test_what_was_never_confirmed_is_dropped_after_a_month(clock: FixedClock) -> None:
    sign_up(clock, "never@example.org")
    an_active_reader(clock, "ada@example.org")
    gone = an_active_reader(clock, "gone@example.org")
    managing.leave_list(gone.uid, "en.the-week", now=clock.now())
    clock.advance(timedelta(days=29))
    assert joining.drop_never_confirmed(now=clock.now()) == 0
    sign_up(clock, "new@example.org")
    clock.advance(timedelta(days=2))
    assert joining.drop_never_confirmed(now=clock.now()) == 1
    assert {bytes(r.lookup) for r in Reader.objects.all()} == {
        reader_keys().lookup.of(an_address(f"{name}@example.org")) for name in ("ada", "gone", "new")
    }


def test_a_wish_that_a_reader_never_confirmed_is_dropped_too(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    sign_up(clock, wish=a_wish("en.daily"))
    clock.advance(timedelta(days=31))
    assert joining.drop_never_confirmed(now=clock.now()) == 0
    assert dict(reader.subscriptions.values_list("list_key", "state")) == {"en.the-week": "active"}
    assert reader.notices.count() == 0


# --- Leaving ---


def test_leaving_is_kept_as_an_act_and_done_once(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    subscription = reader.subscriptions.get()
    for _ in range(2):
        place = joining.leave(subscription.uid, now=clock.now())
        assert place is not None
        assert place.state == "left"
    assert [c.act for c in reader.consents.order_by("pk")] == ["asked", "confirmed", "left"]
    assert joining.leave(uuid4(), now=clock.now()) is None


def test_whoever_left_can_come_back_by_confirming_anew(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    joining.leave(reader.subscriptions.get().uid, now=clock.now())
    clock.advance(DAY)
    sign_up(clock)
    assert reader.subscriptions.get().state == "pending"
    assert joining.confirm(the_notice().uid, now=clock.now()) is not None
    assert reader.subscriptions.get().state == "active"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["ask", "confirm", "leave", "suspend", "join", "day"]), max_size=12))
def test_whatever_happens_a_reader_on_a_list_agreed_to_it_last(acts: list[str]) -> None:
    clock, text = FixedClock(datetime(2026, 1, 1, tzinfo=UTC)), f"{uuid4().hex[:12]}@example.org"
    for act in acts:
        do(act, clock, text)
    reader = Reader.objects.filter(lookup=reader_keys().lookup.of(an_address(text))).first()
    if reader is None or (subscription := reader.subscriptions.first()) is None:
        return
    said = [c.act for c in reader.consents.order_by("pk") if c.act != "asked"]
    if subscription.state == "active":
        assert said[-1] == "confirmed"
    if said and said[-1] == "left":
        assert subscription.state in ("left", "pending", "suspended")


def do(act: str, clock: FixedClock, text: str) -> None:
    reader = Reader.objects.filter(lookup=reader_keys().lookup.of(an_address(text))).first()
    if act == "day":
        clock.advance(DAY)
    elif act == "ask":
        sign_up(clock, text)
    elif reader is None:
        return
    elif act == "confirm" and (notice := reader.notices.filter(kind="confirm").last()):
        joining.confirm(notice.uid, now=clock.now())
    elif act == "leave":
        managing.leave_list(reader.uid, "en.the-week", now=clock.now())
    elif act == "suspend":
        reader.subscriptions.filter(state="active").update(state="suspended")
    elif act == "join":
        managing.join(reader.uid, lists_now().get("en.the-week"), privacy_version="2", now=clock.now())


# --- Managing ---


def test_the_link_to_everything_is_mailed_once_a_day_to_those_who_are_known(clock: FixedClock) -> None:
    an_active_reader(clock)
    for text in ("ada@example.org", "Ada@example.org", "nobody@example.org"):
        joining.ask_manage_link(an_address(text), keys=reader_keys(), language="en", now=clock.now())
    assert Notice.objects.filter(kind="manage").count() == 1
    assert Reader.objects.count() == 1
    clock.advance(DAY)
    joining.ask_manage_link(an_address(), keys=reader_keys(), language="en", now=clock.now())
    assert Notice.objects.filter(kind="manage").count() == 2


def test_a_reader_with_the_link_joins_at_once_and_agrees_to_what_stands_there(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    for _ in range(2):
        managing.join(reader.uid, lists_now().get("en.daily"), privacy_version="3", now=clock.now())
    assert managing.kept_of(reader.uid).state_on("en.daily") == "active"
    assert [(c.act, c.privacy_version) for c in reader.consents.filter(list_key="en.daily")] == [("confirmed", "3")]


def test_a_reader_chooses_language_time_zone_and_pause(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    managing.set_language(reader.uid, "fa")
    managing.set_time_zone(reader.uid, "Asia/Tehran")
    managing.pause(reader.uid, until=date(2026, 12, 24), now=clock.now())
    kept = managing.kept_of(reader.uid)
    assert (kept.language, kept.time_zone, kept.paused_until) == ("fa", "Asia/Tehran", date(2026, 12, 24))
    managing.set_time_zone(reader.uid, "")
    managing.pause(reader.uid, until=None, now=clock.now())
    kept = managing.kept_of(reader.uid)
    assert (kept.time_zone, kept.paused_until) == ("", None)


@pytest.mark.parametrize("name", ["Mars/Olympus", "EST", "../../etc/passwd", "Etc/GMT+3", "Europe/Riga\n"])
def test_a_time_zone_that_is_none_is_refused(clock: FixedClock, name: str) -> None:
    with pytest.raises(ValueError, match="No such time zone"):
        managing.set_time_zone(an_active_reader(clock).uid, name)


@pytest.mark.parametrize("until", [date(2026, 11, 25), date(2020, 1, 1), date(2027, 11, 28)])
def test_a_pause_ends_on_a_day_to_come_within_a_year(clock: FixedClock, until: date) -> None:
    with pytest.raises(ValueError, match="within a year"):
        managing.pause(an_active_reader(clock).uid, until=until, now=clock.now())


def test_whoever_is_gone_changes_nothing(clock: FixedClock) -> None:
    week = lists_now().get("en.the-week")
    for act in (
        lambda: managing.kept_of(uuid4()),
        lambda: managing.join(uuid4(), week, privacy_version="2", now=clock.now()),
        lambda: managing.leave_list(uuid4(), week.key, now=clock.now()),
        lambda: managing.set_language(uuid4(), "en"),
        lambda: managing.download(uuid4()),
    ):
        with pytest.raises(ReaderGoneError):
            act()


# --- Another address ---


def test_a_new_address_counts_once_it_was_confirmed(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    change(reader, clock, "ada@mail.ru")
    assert the_reader().pk == reader.pk
    notice = the_notice("change")
    assert an_opener().open(notice.sealed, uid=reader.uid).text == "ada@mail.ru"
    uid = managing.change_confirmed(notice.uid, now=clock.now())
    changed = the_reader("ada@mail.ru")
    assert (changed.pk, changed.lane, changed.uid) == (reader.pk, "mailru", uid)
    assert an_opener().open(changed.sealed, uid=changed.uid).text == "ada@mail.ru"
    assert changed.subscriptions.get().state == "active"
    notice.refresh_from_db()
    assert notice.sealed is None
    assert managing.change_confirmed(notice.uid, now=clock.now()) == uid


def test_a_link_in_letters_to_the_old_address_ends_with_it(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    change(reader, clock, "ada@mail.ru")
    managing.change_confirmed(the_notice("change").uid, now=clock.now())
    with pytest.raises(ReaderGoneError):
        managing.kept_of(reader.uid)


def test_an_address_that_another_reader_has_is_answered_the_same_and_not_taken(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    an_active_reader(clock, "bob@example.org")
    change(reader, clock, "bob@example.org")
    assert not Notice.objects.filter(kind="change").exists()


def test_an_address_that_somebody_took_meanwhile_is_not_taken_from_them(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    change(reader, clock, "bob@example.org")
    bob = an_active_reader(clock, "bob@example.org")
    assert managing.change_confirmed(the_notice("change").uid, now=clock.now()) is None
    assert the_reader("bob@example.org").pk == bob.pk


def test_a_suppressed_address_is_not_asked(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    suppress(reader_keys().lookup.of(an_address("gone@example.org")), Suppression.Reason.COMPLAINT, now=clock.now())
    change(reader, clock, "gone@example.org")
    assert not Notice.objects.filter(kind="change").exists()


def test_a_new_address_is_asked_once_a_day_by_whomever(clock: FixedClock) -> None:
    for name in ("ada@example.org", "bob@example.org"):
        change(an_active_reader(clock, name), clock, "target@example.org")
    assert Notice.objects.filter(kind="change").count() == 1


def test_only_the_newest_wish_for_a_change_counts(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    change(reader, clock, "one@example.org")
    first = the_notice("change")
    change(reader, clock, "two@example.org")
    assert managing.is_change_open(first.uid, now=clock.now()) is False
    assert managing.change_confirmed(first.uid, now=clock.now()) is None
    assert managing.change_confirmed(the_notice("change").uid, now=clock.now()) is not None


def test_a_change_costs_the_same_statements_whoever_has_the_address(clock: FixedClock) -> None:
    reader = an_active_reader(clock)
    an_active_reader(clock, "bob@example.org")
    erasing.erase(reader_keys().lookup.of(an_address("gone@example.org")), now=clock.now())
    statements = {
        name: tuple(statements_of(lambda name=name: change(reader, clock, f"{name}@example.org")))
        for name in ("new", "bob", "gone", "new")
    }
    assert len(set(statements.values())) == 1, statements


# --- Everything that is kept ---


def test_a_download_holds_everything_and_says_what_it_cannot_read(clock: FixedClock) -> None:
    reader = an_active_reader(clock, wish=a_wish(time_zone="Europe/Riga"))
    change(reader, clock, "new@example.org")
    kept = managing.download(reader.uid)
    assert kept["address"].startswith("sealed")
    assert kept["mails_asked_for"][1]["new_address"].startswith("sealed")
    assert kept["consents"][1] == {
        "list": "en.the-week", "act": "confirmed", "wording_version": WORDING, "privacy_policy_version": "2",
        "minute": "2026-11-25T20:17:00Z", "source": None,
    }  # fmt: skip
    opened = managing.download(reader.uid, opener=an_opener())
    assert opened["address"] == "ada@example.org"
    assert opened["mails_asked_for"][1]["new_address"] == "new@example.org"


def test_a_download_forgets_no_column(clock: FixedClock) -> None:
    """A column that is added has to be shown to the reader, or said here to be none of theirs."""
    shown = {
        Reader: {"uid", "lookup", "sealed", "lane", "language", "time_zone", "paused_until", "since"},
        Subscription: {"uid", "list_key", "state", "since"},
        Consent: {"list_key", "act", "wording", "privacy_version", "minute", "source"},
        Notice: {"kind", "list_key", "sealed", "state", "asked", "tries"},
    }
    inner = {Notice: {"uid", "lookup", "lane", "next_try"}}
    for model, names in shown.items():
        columns = {field.name for field in model._meta.concrete_fields} - {"id", "reader"}
        assert columns == names | inner.get(model, set()), model


def test_the_week_begins_on_monday() -> None:
    assert monday_of(datetime(2026, 11, 30, 0, 0, tzinfo=UTC)) == date(2026, 11, 30)
    assert monday_of(datetime(2026, 11, 29, 23, 59, tzinfo=UTC)) == date(2026, 11, 23)
