"""Whatever a server does, and in whatever order, the account of a run is right."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stet.mailroom.sink_script import At, Scripted
from stet.mailroom.transport import Kind
from tests.mailroom.builders import a_sink, connection, jobs, run

READERS = 6
SAID = st.sampled_from(
    [b"", b"450 4.7.1 Later\r\n", b"550 5.1.1 No\r\n", b"421 4.3.2 Down\r\n", b"nonsense\r\n", b"450-half of\r\n"]
)
WHO = st.sampled_from(["*", *(f"reader{number}@example.com" for number in range(READERS))])


@st.composite
def scripted(draw: st.DrawFn) -> Scripted:
    at = draw(st.sampled_from([At.CONNECT, At.MAIL, At.RCPT, At.DATA, At.MIDDLE, At.BODY]))
    return Scripted(
        at=at,
        who="*" if at in {At.CONNECT, At.MAIL} else draw(WHO),
        says=draw(SAID),
        closes=draw(st.booleans()) or at is At.MIDDLE,
        is_kept=draw(st.booleans()),
        times=draw(st.sampled_from([1, 1, 2])),
    )  # fmt: skip


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    script=st.lists(scripted(), max_size=4), is_pipelining=st.booleans(), per_connection=st.sampled_from([None, 1, 2])
)
def test_every_copy_is_accounted_for(script: list[Scripted], is_pipelining: bool, per_connection: int | None) -> None:
    handed: list[object] = []
    pulled: list[int] = []

    def source():  # type: ignore[no-untyped-def]
        for job in jobs(READERS):
            pulled.append(job.key)
            yield job

    with a_sink(*script, is_pipelining=is_pipelining, messages_per_connection=per_connection) as sink:
        opened = connection(sink, timeout_seconds=1)
        outcomes, _ = run(opened, source(), handed.append)
        opened.close()
        stored = Counter(received.envelope_to[0] for received in sink.received)
        connections = len(sink.sessions)
    kinds = {outcome.key: outcome.kind for outcome in outcomes}
    assert [outcome.key for outcome in outcomes] == pulled, "each job pulled has one outcome, in order"
    for key, kind in kinds.items():
        count = stored[f"reader{key}@example.com"]
        if kind is Kind.ACCEPTED:
            assert count == 1
        elif kind is Kind.NOT_SENT:
            assert count == 0
        assert count <= 1, "nobody gets a copy twice from one run"
    assert all(key in kinds for key in handed)
    assert list(kinds.values()).count(Kind.UNCERTAIN) <= connections, "one open copy for each connection at most"
