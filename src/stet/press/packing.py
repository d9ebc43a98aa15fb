"""Compressed copies beside the sheets: brotli 11 and gzip 9, made in the background.

A sheet is served from the moment it stands; its copies follow when nothing more urgent is to be done. They are no part
of the manifest: they hold the same bytes, and a mirror may make its own.
"""

import gzip
import os
import threading
from collections.abc import Callable
from pathlib import Path

import brotli

from stet.edition.folder import EditionFolder
from stet.edition.sheet import is_compressible
from stet.press.memory import Memory

AT_ONCE = 16
NICENESS = 10
"""The thread that packs gives way to everything else (setpriority(2); on Linux it holds for one thread)."""


class Packer:
    """Packs what the memory says is not packed yet.

    Hold `edition_lock` while the edition changes, and `fork_lock` while a process is forked.
    """

    def __init__(self, memory_path: Path, edition: EditionFolder) -> None:
        self.edition_lock = threading.Lock()
        self.fork_lock = threading.Lock()
        self._memory_path = memory_path
        self._edition = edition

    def pack_all(self, advance: Callable[[int], object] = lambda _left: None) -> int:
        """Pack everything that is left; answer how many sheets that was."""
        memory = Memory(self._memory_path)
        try:
            packed = 0
            while (number := self._pack_some(memory)) > 0:
                packed += number
                advance(packed)
            return packed
        finally:
            memory.close()

    def run(self, stop: threading.Event, *, idle_seconds: float = 0.5) -> None:
        """Pack in this thread until `stop`."""
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        memory = Memory(self._memory_path)
        while not stop.is_set():
            if not self._pack_some(memory, stop=stop):
                stop.wait(idle_seconds)
        memory.close()

    def _pack_some(self, memory: Memory, *, stop: threading.Event | None = None) -> int:
        with self.fork_lock:
            sheets = memory.unpacked(AT_ONCE)
        done = []
        for path, digest, media_type in sheets:
            if stop is not None and stop.is_set():
                break
            with self.fork_lock:
                done.append((self._pack(path, digest, media_type), path, digest))
        if done:
            with self.fork_lock:
                memory.set_packed(done)
        return len(done)

    def _pack(self, path: str, digest: str, media_type: str) -> int:
        """The sheet's size in brotli; -1 where no copy is made."""
        if not is_compressible(media_type):
            return -1
        try:
            body = self._edition.file(path).read_bytes()
        except OSError:
            return -1
        small = brotli.compress(body, quality=11)
        copies = ((".br", small), (".gz", gzip.compress(body, 9, mtime=0)))
        with self.edition_lock:
            for suffix, copy in copies:
                self._edition.put_compressed(path, digest, suffix, copy)
        return len(small)
