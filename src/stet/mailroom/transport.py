"""How copies of a letter leave: the promises that every transport keeps, and the values that go in and come out.

The rules:
 * `run` pulls jobs one by one. Each job pulled gets exactly one outcome, unless whoever iterates stops before the end.
 * A copy is *handed over* when the first byte of its body may have left. `on_handing_over` is called just before that.
   It may write a journal: what it noted is true even if the machine stops in the next instant.
 * Per `run`, at most one copy is handed over without an outcome. An outcome is given out before the next copy is handed
   over.
 * Only what was handed over can be UNCERTAIN. Whatever else was interrupted is NOT_SENT: the next server can have it.
 * `run` ends when the jobs do. To wait (for a rate, for an hour), let the jobs end and call `run` again: the
   connection stays. Jobs that block would hold up the copy pulled before them.
 * Between outcomes, `run` may give out a `Wait`: nothing can be done before a file is ready. Whoever iterates goes on
   when it is, or when the moment has passed, and meanwhile does what he likes. A transport that *blocks* gives out none
   and needs a thread of its own.
"""

import select
import socket
import threading
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Sequence
from enum import Enum
from math import inf
from time import monotonic
from typing import Protocol, TypeVar

import msgspec

from stet.mailroom.errors import MailAddressRefusedError
from stet.mailroom.mailboxes import is_mailbox
from stet.mailroom.reply import Reply

Wire = Sequence[bytes]
"""A message as it goes over the wire: dot-stuffed, ending with CRLF.CRLF, in pieces sent one after the other."""


class Kind(Enum):
    """How a job ended."""

    ACCEPTED = "accepted"
    """The server took it on itself."""
    DEFERRED = "deferred"
    """Not now: a reply of 4xx."""
    REFUSED = "refused"
    """Not at all: a reply of 5xx."""
    UNCERTAIN = "uncertain"
    """It was handed over, and then nothing more was heard: the server may have taken it or not."""
    NOT_SENT = "not sent"
    """It was not handed over whole, so nobody has it."""


class Step(Enum):
    """What the server answered to. MAIL is about the sender, RCPT about the reader, DATA and BODY about the message."""

    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"


class Outcome(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of a job."""

    key: Hashable
    kind: Kind
    reply: Reply | None = None
    """None where nothing was heard."""
    step: Step = Step.BODY

    @property
    def queue_id(self) -> str:
        """What the server calls the message that it took; "" where it did not say."""
        return self.reply.queue_id if self.reply else ""

    @property
    def code(self) -> int:
        """The reply's code; 0 where there was none."""
        return self.reply.code if self.reply else 0

    @property
    def enhanced(self) -> str:
        """The reply's enhanced code; "" where there was none."""
        return self.reply.enhanced if self.reply else ""


class Job(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One copy to send. Raises MailAddressRefusedError where an address cannot stand in an envelope."""

    key: Hashable
    """Comes back in the outcome; says nothing to the transport."""
    envelope_from: str
    """Where bounces go; "" for none."""
    envelope_to: str
    make: Callable[[], Wire]
    """Makes the copy. Called once, when the job is pulled: what raises here ends the run, with nothing handed over."""

    def __post_init__(self) -> None:
        if not is_mailbox(self.envelope_to) or not (self.envelope_from == "" or is_mailbox(self.envelope_from)):
            raise MailAddressRefusedError(
                "An address cannot stand in an envelope. Check how it came into the database."
            )


OnHandingOver = Callable[[Hashable], None]

_T = TypeVar("_T")


class Wait(msgspec.Struct, frozen=True, gc=False):
    """There is nothing to do before a file is ready."""

    file: socket.socket
    event: int
    """select.POLLIN or select.POLLOUT."""
    until: float
    """By the monotonic clock: when to go on all the same."""

    def block(self) -> None:
        """Wait, and do nothing else."""
        poll = select.poll()
        poll.register(self.file, self.event)
        poll.poll(None if self.until == inf else max(self.until - monotonic(), 0) * 1_000 + 1)


Steps = Generator[Wait, None, _T]
"""Something that gives out what it waits for, and a value at its end."""


def waited(steps: Steps[_T]) -> _T:
    """Take all steps, blocking where there is something to wait for; the value at their end."""
    while True:
        try:
            next(steps).block()
        except StopIteration as end:
            value: _T = end.value
            return value


def outcomes_of(run: "Iterator[Outcome | Wait]") -> "Iterator[Outcome]":
    """The outcomes of a run, for whoever has nothing else to do meanwhile."""
    for step in run:
        if isinstance(step, Wait):
            step.block()
        else:
            yield step


def elsewhere(work: Callable[[], None]) -> Steps[None]:
    """Do what blocks in a thread of its own; raises what it raises."""
    done, begun = socket.socketpair()
    ended: list[BaseException | None] = []

    def do() -> None:
        with begun:
            try:
                work()
            except BaseException as error:
                ended.append(error)
            else:
                ended.append(None)

    with done:
        threading.Thread(target=do, name="opening", daemon=True).start()
        while not ended:
            yield Wait(done, select.POLLIN, inf)
    if ended[0] is not None:
        raise ended[0]


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a transport can promise beyond the rules."""

    is_pipelined: bool
    """Whether the next envelope leaves with a message's last byte."""
    keeps_bytes: bool
    """Whether readers get exactly the bytes that were made, so that our own DKIM signature holds."""
    keeps_return_address: bool
    """Whether bounces come to the envelope's own return address."""


class Transport(Protocol):
    """Something that sends copies. Not for several threads at once: each has its own."""

    blocks: bool
    """Whether it gives out no `Wait`, and needs a thread of its own."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can promise; known once it is open."""

    def run(self, jobs: Iterable[Job], on_handing_over: OnHandingOver = ...) -> "Iterator[Outcome | Wait]":
        """Send these copies, ready to send or not; raises ServerRefusedError or ServerUnreachableError.

        Before a job is pulled, or after the outcomes of all that were.
        """

    def leave(self) -> Steps[None]:
        """Close what is open."""


def note_nothing(_key: Hashable) -> None:
    """Keep no journal."""


class DryTransport:
    """Hands copies to nobody and says that they were accepted: for measuring, and for a rehearsal."""

    blocks = False
    capabilities = Capabilities(is_pipelined=True, keeps_bytes=True, keeps_return_address=True)
    _TAKEN = Reply(code=250, enhanced="2.0.0", text="Not sent, only rehearsed.")

    def run(self, jobs: Iterable[Job], on_handing_over: OnHandingOver = note_nothing) -> Iterator[Outcome]:
        """Make each copy, and let it go."""
        for job in jobs:
            job.make()
            on_handing_over(job.key)
            yield Outcome(key=job.key, kind=Kind.ACCEPTED, reply=self._TAKEN)

    def leave(self) -> Steps[None]:
        """Nothing was open."""
        yield from ()
