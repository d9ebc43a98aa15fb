"""Sessions: listed to the hour, ended one by one and all at once, by a new password and by a changed factor."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from stet.newsroom.models import DeskSession
from stet.newsroom.signing_in import helping, sessions
from tests.newsroom.signing_in.builders import PASSWORD, an_editor, events, is_in, sign_in, with_app

pytestmark = pytest.mark.django_db(databases=["default"])


def signed_in(name: str = "mira") -> Client:
    """A browser of somebody who signed in."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client


def a_colleague(name: str, *permissions: str) -> Client:
    """Somebody who may sign in at the desk, and what is named."""
    account = get_user_model().objects.create_user(name, password=PASSWORD)
    account.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *permissions]))
    return signed_in(name)


def test_an_editor_sees_where_they_are_signed_in_and_ends_one() -> None:
    an_editor()
    here, there = signed_in(), signed_in()
    page = here.get("/account/sessions/").content.decode()
    assert page.count("This one") == 1
    row = DeskSession.objects.order_by("pk").last()
    assert row
    assert here.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert is_in(here)
    assert there.get("/").headers["Location"] == "/login/?next=/"
    assert events() == ["sessions_ended"]


def test_an_editor_ends_all_others_at_once() -> None:
    an_editor()
    here, *others = (signed_in() for _ in range(4))
    page = here.post("/account/sessions/end/", follow=True).content.decode()
    assert "3 sessions ended." in page
    assert [is_in(client) for client in (here, *others)] == [True, False, False, False]


def test_nobody_ends_a_session_of_somebody_else() -> None:
    an_editor()
    an_editor("timur")
    mira, timur = signed_in(), signed_in("timur")
    row = DeskSession.objects.get(user__username="timur")
    mira.post(f"/account/sessions/{row.pk}/end/")
    assert is_in(timur)


def test_only_the_hour_is_kept_and_no_token() -> None:
    an_editor()
    client = signed_in()
    row = DeskSession.objects.get()
    assert (row.started.minute, row.started.second, row.seen.minute) == (0, 0, 0)
    assert client.session[sessions.KEY] not in str(DeskSession.objects.values())
    earlier = row.seen - timedelta(hours=2)
    DeskSession.objects.update(seen=earlier)
    assert is_in(client)
    row.refresh_from_db()
    assert row.seen > earlier


def test_a_session_ends_by_itself_however_often_it_is_used() -> None:
    an_editor()
    client = signed_in()
    DeskSession.objects.update(started=timezone.now() - timedelta(hours=12, minutes=30))
    assert is_in(client)
    DeskSession.objects.update(started=timezone.now() - timedelta(hours=13))
    assert not is_in(client)
    sessions.forget_old(now=timezone.now())
    assert not DeskSession.objects.exists()


def test_signing_out_deletes_the_row() -> None:
    an_editor()
    client = signed_in()
    client.post("/logout/")
    assert not DeskSession.objects.exists()


def test_a_new_password_ends_all_other_sessions_and_a_better_hash_none() -> None:
    account = an_editor()
    here, there = signed_in(), signed_in()
    account.password = "md5$salt$hash"  # as Django does where it hashes the same password better
    account.save(update_fields=["password"])
    assert DeskSession.objects.count() == 2
    account.set_password(PASSWORD)
    account.save()
    assert DeskSession.objects.count() == 0
    assert not is_in(there)
    here = Client()
    sign_in(here)
    assert is_in(here)
    other = signed_in()
    form = {
        "password-old_password": PASSWORD,
        "password-new_password1": "another password",
        "password-new_password2": "another password",
    }
    profile = {"locale-preferred_language": "", "locale-current_time_zone": "", "theme-theme": "system"}
    more = {"theme-density": "default", "theme-contrast": "system", "name_email-email": ""}
    here.post("/account/", {**form, **profile, **more})
    account.refresh_from_db()
    assert account.check_password("another password")
    assert is_in(here), "Who changed it stays."
    assert not is_in(other)
    assert events(account).count("password_changed") == 2


def test_a_factor_that_comes_or_goes_ends_all_other_sessions() -> None:
    account = an_editor()
    with_app(account)
    here, there = signed_in(), signed_in()
    assert here.post("/second-factor/totp/deactivate/").status_code == 302
    session = here.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    assert here.post("/second-factor/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    assert is_in(here)
    assert not is_in(there)


# --- A colleague, or the server, helps ---


def test_a_colleague_who_may_change_accounts_takes_a_lost_factor_away() -> None:
    lost = a_colleague("mira")
    account = get_user_model().objects.get(username="mira")
    with_app(account)
    assert is_in(lost)
    helper = a_colleague("timur", "change_user")
    page = helper.get(f"/users/{account.pk}/signing-in/").content.decode()
    assert "How mira signs in" in page
    helper.post(f"/users/{account.pk}/signing-in/", {"what": "factors"})
    assert not Authenticator.objects.exists()
    assert not is_in(lost)
    assert events(account) == ["factors_reset"]
    assert sign_in(Client()).headers["Location"] == "/"


def test_a_colleague_ends_all_sessions_of_another() -> None:
    lost = [a_colleague("mira"), signed_in()]
    account = get_user_model().objects.get(username="mira")
    assert all(is_in(client) for client in lost)
    helper = a_colleague("timur", "change_user")
    page = helper.post(f"/users/{account.pk}/signing-in/", {"what": "sessions"}, follow=True).content.decode()
    assert "2 sessions ended." in page
    assert not any(is_in(client) for client in lost)


def test_who_may_not_change_accounts_helps_nobody_and_only_an_admin_helps_an_admin() -> None:
    admin = an_editor()
    with_app(admin)
    reporter, helper = a_colleague("lida"), a_colleague("timur", "change_user")
    for client in (reporter, helper):
        answer = client.post(f"/users/{admin.pk}/signing-in/", {"what": "factors"})
        assert answer.status_code in (302, 403)
        assert client.get(f"/users/{admin.pk}/signing-in/", follow=False).status_code in (302, 403)
    assert Authenticator.objects.count() == 2
    assert Client().post(f"/users/{admin.pk}/signing-in/", {"what": "factors"}).status_code == 302
    assert Authenticator.objects.count() == 2


def test_the_listing_of_accounts_leads_there_with_as_many_queries_for_ten_as_for_three(
    django_assert_max_num_queries: object,
) -> None:
    an_editor()
    client = signed_in()
    for size in (2, 8):
        for number in range(size):
            get_user_model().objects.create_user(f"reporter{size}{number}")
        with django_assert_max_num_queries(30):  # type: ignore[operator]
            page = client.get("/users/").content.decode()
    assert page.count("/signing-in/") == 11


def test_the_server_lists_accounts_and_lets_in_again() -> None:
    account = an_editor()
    with_app(account)
    signed_in()
    found = helping.accounts()
    assert [(one.name, one.passkeys, one.has_app, one.sessions) for one in found] == [("mira", 0, True, 1)]
    assert helping.take_away_factors(account) == 2
    assert helping.end_sessions(account) == 0
    assert not Authenticator.objects.exists()
