"""A provider's API as a transport: the same words arrive, and its answers become outcomes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anymail.backends import test as anymail_test
from anymail.backends.test import EmailBackend
from anymail.exceptions import AnymailAPIError
from anymail.message import AnymailRecipientStatus
from django.core import mail

from stet.mailroom.anymail_transport import AnymailTransport, Provider, mail_of, read_provider
from stet.mailroom.errors import ServerRefusedError, ServerUnreachableError
from stet.mailroom.frozen import InlinePhoto, as_message
from stet.mailroom.transport import Job, Kind, waited
from tests.mailroom.builders import a_letter, tokens

TO = "anna@example.com"
PROVIDER = Provider(backend="tests.mailroom.test_anymail_transport.Scripted")
answers: list[Any] = []
"""What the provider does to the next mails: a status, or an exception."""


class Scripted(EmailBackend):
    """anymail's test backend, which answers as it is told."""

    def post_to_esp(self, payload: Any, message: Any) -> Any:
        answer = answers.pop(0) if answers else "sent"
        if isinstance(answer, str):
            answer = {"recipient_status": {TO: AnymailRecipientStatus(message_id="m-00001", status=answer)}}
            super().post_to_esp(payload, message)
            return answer
        raise answer


class PoorPayload(anymail_test.TestPayload):
    """Of a provider that can be asked for nothing."""

    def set_envelope_sender(self, email: Any) -> None:
        self.unsupported_feature("envelope_sender")

    def set_track_opens(self, track_opens: Any) -> None:
        self.unsupported_feature("track_opens")


class Poor(EmailBackend):
    def __init__(self, **options: Any) -> None:
        super().__init__(payload_class=PoorPayload, **options)


@pytest.fixture(autouse=True)
def outbox() -> Iterator[list[Any]]:
    mail.outbox = []
    answers.clear()
    yield mail.outbox
    answers.clear()


def a_job(key: int = 1, **changes: Any) -> Job:
    letter = a_letter(**changes)
    return Job(key=key, envelope_from="bounces+t@example.org", envelope_to=TO, make=lambda: letter.copy_for(tokens()))


def run(wanted: list[Job], provider: Provider = PROVIDER) -> tuple[list[Any], Any]:
    outcomes = []
    transport = AnymailTransport(provider)
    try:
        for outcome in transport.run(wanted):
            outcomes.append(outcome)
    except Exception as error:
        return outcomes, error
    finally:
        waited(transport.leave())
    return outcomes, None


def test_the_provider_gets_the_letters_words_parts_and_headers(outbox: list[Any]) -> None:
    photo = InlinePhoto(cid="photo-1", media_type="image/jpeg", body=b"\xff\xd8jpeg")
    name = "Дальний берег, и ещё кое-что о воде и реке"
    outcomes, failure = run([a_job(subject="Неделя: отобрано вручную, в пятницу", from_name=name, photos=[photo])])
    assert failure is None
    assert [(outcome.kind, outcome.queue_id) for outcome in outcomes] == [(Kind.ACCEPTED, "m-00001")]
    sent = outbox[0].anymail_test_params
    assert sent["subject"] == "Неделя: отобрано вручную, в пятницу"
    assert (sent["from"].display_name, sent["from"].addr_spec) == (name, "letters@example.org")
    assert [one.addr_spec for one in sent["to"]] == [TO]
    assert "https://post.example.org/u/abc" in sent["text_body"]
    assert "https://post.example.org/m/def" in sent["html_body"]
    assert sent["envelope_sender"] == "bounces+t@example.org"
    assert (sent["track_opens"], sent["track_clicks"]) == (False, False)
    assert [(one.cid, one.content) for one in sent["attachments"]] == [("photo-1@stet.invalid", b"\xff\xd8jpeg")]
    headers = sent["extra_headers"]
    assert headers["List-Unsubscribe"] == "<https://post.example.org/u/abc>, <mailto:leave+abc@post.example.org>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Message-ID"] == "<one@example.org>"
    assert headers["Feedback-ID"] == "20261127:the-week:letter:stet1"


def test_what_a_provider_cannot_be_asked_is_left_out(outbox: list[Any]) -> None:
    outcomes, failure = run([a_job(1), a_job(2)], Provider(backend="tests.mailroom.test_anymail_transport.Poor"))
    assert failure is None
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 2
    assert "envelope_sender" not in outbox[0].anymail_test_params
    assert outbox[0].anymail_test_params["track_clicks"] is False


def an_error(status: int | None = None, cause: type[Exception] | None = None) -> AnymailAPIError:
    error = AnymailAPIError("no", status_code=status)
    if cause is not None:
        error.__cause__ = cause("inner")
    return error


class NewConnectionError(Exception):
    """As urllib3's."""


CASES: dict[str, tuple[Any, Kind, type[Exception] | None]] = {
    "sent": ("sent", Kind.ACCEPTED, None),
    "queued": ("queued", Kind.ACCEPTED, None),
    "invalid": ("invalid", Kind.REFUSED, None),
    "rejected": ("rejected", Kind.REFUSED, None),
    "failed": ("failed", Kind.DEFERRED, None),
    "unknown": ("unknown", Kind.UNCERTAIN, None),
    "429": (an_error(429), Kind.DEFERRED, ServerUnreachableError),
    "503": (an_error(503), Kind.DEFERRED, ServerUnreachableError),
    "502": (an_error(502), Kind.UNCERTAIN, ServerUnreachableError),
    "401": (an_error(401), Kind.NOT_SENT, ServerRefusedError),
    "422": (an_error(422), Kind.REFUSED, None),
    "no answer": (an_error(cause=TimeoutError), Kind.UNCERTAIN, ServerUnreachableError),
    "no connection": (an_error(cause=NewConnectionError), Kind.NOT_SENT, ServerUnreachableError),
}


@pytest.mark.parametrize("case", CASES)
def test_a_providers_answers_become_outcomes(case: str) -> None:
    answer, kind, ends = CASES[case]
    answers.append(answer)
    outcomes, failure = run([a_job(1), a_job(2)])
    assert outcomes[0].kind is kind
    assert isinstance(failure, ends) if ends else failure is None
    assert len(outcomes) == (1 if ends else 2)


def test_it_promises_only_what_a_provider_keeps() -> None:
    postal = Provider(
        backend="anymail.backends.postal.EmailBackend", options={"api_key": "x", "api_url": "https://p.example/"}
    )
    for provider, keeps in ((PROVIDER, True), (postal, False)):
        transport = AnymailTransport(provider)
        transport.open()
        told = transport.capabilities
        assert (told.is_pipelined, told.keeps_bytes, told.keeps_return_address) == (False, False, keeps)
        waited(transport.leave())


def test_a_mail_taken_apart_has_each_part_once() -> None:
    taken = mail_of(as_message(a_letter().copy_for(tokens())))
    assert (len(taken.alternatives), len(taken.attachments)) == (1, 0)
    assert taken.body.startswith("Привет\n.с точки\n")


def test_a_providers_file_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "anymail.json"
    path.write_text('{"backend": "anymail.backends.test.EmailBackend", "options": {"api_key": "secret"}}')
    assert read_provider(path).options == {"api_key": "secret"}
    path.write_text('{"backend": "x", "api_key": "secret"}')
    with pytest.raises(ServerRefusedError, match=r"anymail\.json") as caught:
        read_provider(path)
    assert "secret" not in str(caught.value)
    with pytest.raises(ServerRefusedError, match="no such backend"):
        AnymailTransport(Provider(backend="anymail.backends.nobody.EmailBackend")).open()
