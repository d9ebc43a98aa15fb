"""Two mailrooms on one PostgreSQL share a dispatch without a double, and one that is killed is replayed.

A server is started for this module (see tests/press/test_postgresql.py). Each mailroom is a process of its own.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.press.test_postgresql import SOURCE, as_nobody, program, run, socket_folder

__all__ = ["socket_folder"]

ROOT = SOURCE.parent
BEGIN = """
import sys
from pathlib import Path
import django
from django.conf import settings
from stet.project.private_values import private_values
from stet.project.settings import Database, Mailroom, Newsroom, Settings

folder, port = Path(sys.argv[1]), int(sys.argv[2])
newsroom = Newsroom(
    folder=folder,
    settings=Settings(
        database=Database(readers="readers.dsn"),
        mailroom=Mailroom(
            smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", connections=2, sender="letters@example.org"
        ),
    ),
)
values = private_values(newsroom, "mailroom", secret="for this test only")
values["LOGGING"] = {"version": 1, "disable_existing_loggers": False}
settings.configure(**values)
django.setup()
"""
PREPARE = """
from django.core.management import call_command
from tools.mail.newsroom import fill, make_keys
from stet.readers.models import Reader, Subscription

call_command("migrate", database="readers", verbosity=0)
make_keys(newsroom)
from tests.mailroom.dispatches import a_letter, suppress_reader
from stet.mailroom.planning import plan, moments_of
dispatch = fill(newsroom, 1200)
# A second planning of the same letter gives the same dispatch.
letter = a_letter(due=dispatch.due, time_zone="UTC", has_photo=False)
assert plan(letter, moments=moments_of(letter, []), now=dispatch.planned_at).pk == dispatch.pk
readers = list(Reader.objects.order_by("pk")[:3])
Subscription.objects.filter(reader=readers[0]).update(state="left")
suppress_reader(readers[1])
readers[2].delete()
print(dispatch.planned)
"""
WORK = """
import signal, threading
from stet.mailroom.lanes import Lanes
from stet.mailroom.pace import LaneRule
from stet.mailroom.running import Room
from stet.mailroom import sending

sending.Engine.__init__.__kwdefaults__["batch"] = 25
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
room = Room(newsroom, lanes=lambda: Lanes({"other": LaneRule(per_second=400)}))
room.place.folder = folder / sys.argv[3]
room.place.journals = room.place.folder / "journals"
print("begun", flush=True)
room.work(stop)
"""
COUNT = """
import json
from stet.mailroom.accounts import account_of, lanes_of, rate_of
from stet.mailroom.models import Claim, Dispatch
from stet.mailroom.steering import send_held, retry_refused
from django.utils import timezone
dispatch = Dispatch.objects.get()
account = account_of(dispatch)
assert lanes_of(dispatch)[0].planned == 1200
assert rate_of(dispatch, now=timezone.now()) >= 0
assert retry_refused(dispatch) == 0
print(json.dumps({
    "state": dispatch.state, "accepted": account.accepted, "uncertain": account.uncertain, "owed": account.owed,
    "skipped": account.skipped, "balances": account.balances,
    "mailrooms": sorted(Claim.objects.values_list("mailroom__place", flat=True).distinct()).__len__(),
}))
"""


@pytest.fixture
def environment() -> dict[str, str]:
    ours = ("DJANGO_", "STET_", "PYTEST_", "COV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": f"{SOURCE}:{ROOT}"}


class House:
    """A newsroom on the server, with a mail server that takes what it sends."""

    def __init__(self, socket_folder: Path, folder: Path, environment: dict[str, str], *, name: str) -> None:
        run(as_nobody(program("createdb"), "-h", socket_folder, "-U", "stet", name))
        self.folder, self.environment = folder, environment
        psql = [program("psql"), "-h", socket_folder, "-U", "stet", "-d", name, "-Atc"]
        self.ask = as_nobody(*psql, "SELECT state FROM mailroom_dispatch")
        (folder / "readers.dsn").write_text(f"host={socket_folder} user=stet dbname={name}\n")
        self.log = folder / "relay.log"
        command = [sys.executable, "-m", "stet.mailroom.sink", "--log", str(self.log)]
        self.sink = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.sink.stdout
        self.port = self.sink.stdout.readline().strip()
        assert self.tell(PREPARE) == "1200"

    def tell(self, code: str, *words: str) -> str:
        command = [sys.executable, "-c", BEGIN + code, str(self.folder), self.port, *words]
        return run(command, env=self.environment).strip().splitlines()[-1]

    def a_mailroom(self, place: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", BEGIN + WORK, str(self.folder), self.port, place]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        return process

    def wait_for(self, count: int, *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while len(self.ids()) < count:
            assert time.monotonic() < deadline, f"Only {len(self.ids())} of {count} came."
            time.sleep(0.02)

    def wait_until_finished(self, *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while run(self.ask).strip() != "finished":
            assert time.monotonic() < deadline, "The dispatch is not finished."
            time.sleep(0.2)

    def ids(self) -> list[str]:
        words = self.log.read_text().split() if self.log.exists() else []
        return [word for word in words if word.startswith("message-id=")]

    def end(self) -> None:
        self.sink.terminate()
        self.sink.communicate()


def ended(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.communicate(timeout=30)
        assert process.returncode == 0


def test_two_mailrooms_share_a_dispatch_without_a_double(
    socket_folder: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    house = House(socket_folder, tmp_path, environment, name="shared")
    try:
        both = house.a_mailroom("one"), house.a_mailroom("two")
        house.wait_for(1_197)
        house.wait_until_finished()
        ended(*both)
        said = json.loads(house.tell(COUNT))
        assert len(house.ids()) == len(set(house.ids())) == 1_197
        assert said == {
            "state": "finished", "accepted": 1_197, "uncertain": 0, "owed": 0, "balances": True, "mailrooms": 2,
            "skipped": {"left": 1, "suppressed": 1, "erased": 1},
        }  # fmt: skip
    finally:
        house.end()


def test_one_of_two_is_killed_and_the_other_never_takes_what_was_in_its_hands(
    socket_folder: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    house = House(socket_folder, tmp_path, environment, name="killed")
    try:
        one, two = house.a_mailroom("one"), house.a_mailroom("two")
        house.wait_for(200)
        one.send_signal(signal.SIGKILL)
        one.communicate()
        again = house.a_mailroom("one")
        house.wait_for(1_197 - 2)
        house.wait_until_finished()
        ended(two, again)
        said = json.loads(house.tell(COUNT))
        assert len(house.ids()) == len(set(house.ids()))
        assert said["uncertain"] <= 2
        assert said["accepted"] + said["uncertain"] == 1_197
        assert (said["state"], said["balances"]) == ("finished", True)
    finally:
        house.end()
