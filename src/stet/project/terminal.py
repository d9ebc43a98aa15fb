"""What a command shows: sentences and progress for a person on stderr and stdout, or one JSON object for a machine.

A machine gets its object on stdout and nothing else there; sentences for people go to stderr then.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

Steps = Callable[[str, int, int], None]
"""How long work tells how far it is: what it does now, how many are done, how many there are (0: nobody knows yet)."""


class Terminal:
    """Where a command's words go."""

    def __init__(self, *, is_for_machines: bool = False) -> None:
        self.is_for_machines = is_for_machines
        self._errors = Console(stderr=True, highlight=False)
        self._out = Console(highlight=False, soft_wrap=True)

    def say(self, sentence: str) -> None:
        """Tell a person something."""
        console = self._errors if self.is_for_machines else self._out
        console.print(sentence, markup=False, soft_wrap=True)

    def warn(self, sentence: str) -> None:
        """Tell a person of something that went wrong."""
        self._errors.print(sentence, markup=False, soft_wrap=True)

    def result(self, values: Mapping[str, object], sentence: str) -> None:
        """Give what the command found: to a machine the values, to a person the sentence."""
        if self.is_for_machines:
            sys.stdout.write(json.dumps(values, ensure_ascii=False, default=str) + "\n")
        else:
            self.say(sentence)

    @contextmanager
    def steps(self) -> Iterator[Steps]:
        """Show how far long work is, while it goes on, on terminals only."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._errors, transient=True, disable=not self._errors.is_terminal) as bars:
            current: dict[str, TaskID] = {}

            def step(what: str, done: int, total: int) -> None:
                if what not in current:
                    current[what] = bars.add_task(what, total=total or None)
                bars.update(current[what], completed=done, total=total or None)

            yield step
