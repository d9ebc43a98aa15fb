"""A mirror in a bucket of an S3-compatible store: "s3://bucket/prefix?endpoint=https://s3.example.org&region=eu".

The rules:
 * A file is an object, put whole or not at all. Its media type, cache rule and encoding are kept with it, so that the
   store's web server tells them.
 * The pointer is replaced under the condition that it is still what was read. Not every store keeps conditions, and
   some take them and don't: it is tried once. Elsewhere the pointer is read once more before.
 * Certificates are verified. Without encryption nothing is sent but to this machine or an onion.
 * Multipart uploads are not used: cut off, they leave parts that are paid for and not seen.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import brotli
import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotSupportedError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from stet.mirrors.base import INCOMING, PATIENCE, USUAL_READ_BYTES, Capabilities, Headers, Keeping, Patience
from stet.mirrors.errors import MirrorBrokenError, MirrorRefusedError, MirrorUnreachableError, PointerMovedError
from stet.mirrors.places.reaching import is_local_or_onion, text_or_file

SECRETS: Mapping[str, str] = {
    "access_key_id": "The name of an access key that may read, put and delete in the bucket. Required.",
    "secret_access_key": "Its secret. Required.",
    "session_token": "The token of a key that is lent for a while.",
    "certificate": "The certificate of the store's own authority (PEM), as text or as the path of a file.",
}

OPTIONS = frozenset({"endpoint", "region", "virtual"})
SIZES_BYTES = (65_536, 1_048_576, 16_777_216, 268_435_456)
"""The library waits as long for a small file as for a large one, so there is a client for each size."""
RETRIES = 2
CHUNK_BYTES = 65_536
PROBE = Headers(media_type="text/plain", keeping=Keeping.NEVER)


def open_place(target: str, secrets: Mapping[str, str], *, patience: Patience = PATIENCE) -> "S3Place":
    """The place at "s3://bucket/prefix?endpoint=…&region=…"."""
    try:
        parts = urlsplit(target)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        endpoint = urlsplit(options.get("endpoint", ""))
        is_wrong = not set(options) <= OPTIONS
        if "endpoint" in options:
            is_wrong = is_wrong or endpoint.scheme not in ("https", "http") or not endpoint.hostname
    except ValueError:
        raise MirrorRefusedError(HOW_TO_NAME) from None
    if is_wrong or len(parts.netloc) < 3 or "@" in parts.netloc or ":" in parts.netloc:
        raise MirrorRefusedError(HOW_TO_NAME)
    if endpoint.scheme == "http" and not is_local_or_onion(endpoint.hostname or ""):
        raise MirrorRefusedError("Over the network a store has to be encrypted: begin its endpoint with https://.")
    if not secrets.get("access_key_id") or not secrets.get("secret_access_key"):
        raise MirrorRefusedError("A bucket needs access_key_id and secret_access_key in the mirror's file of secrets.")
    config: dict[str, Any] = {
        "bucket": parts.netloc,
        "region": options.get("region") or "us-east-1",
        "access_key_id": secrets["access_key_id"],
        "secret_access_key": secrets["secret_access_key"],
        "virtual_hosted_style_request": options.get("virtual") == "yes",
        "disable_bulk_delete": True,  # one file is one request anyway, and not every store has the other way
    }
    if endpoint.scheme:
        config["endpoint"] = options["endpoint"].rstrip("/")
    if secrets.get("session_token"):
        config["session_token"] = secrets["session_token"]
    certificate = secrets.get("certificate")
    return S3Place(
        config,
        prefix=unquote(parts.path).strip("/"),
        client={
            "allow_http": endpoint.scheme == "http",
            **({"root_certificate": text_or_file(certificate, "certificate").encode()} if certificate else {}),
        },
        patience=patience,
    )


HOW_TO_NAME = (
    "Name a bucket like s3://bucket/prefix?endpoint=https://s3.example.org&region=eu; keys stand in its secrets."
)


class S3Place:
    """Objects in a bucket, below `prefix`."""

    def __init__(
        self, config: Mapping[str, Any], *, prefix: str, client: Mapping[str, Any], patience: Patience
    ) -> None:
        self._config, self._client = dict(config), dict(client)
        self._prefix = prefix
        self._patience = patience
        self._stores: dict[int, S3Store] = {}
        self._lock = Lock()
        self._keeps_conditions: bool | None = None
        self._makes_new = True

    @property
    def capabilities(self) -> Capabilities:
        """Conditional only once that was tried."""
        return Capabilities(
            is_conditional=bool(self._keeps_conditions), is_atomic=True, has_headers=True, packs="br", connections=8
        )

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, `most_bytes` of them at most; None where there is none."""
        return self._read(path, most_bytes)[0]

    def put(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file, whatever stood there."""
        with _translated():
            self._put(path, body, headers, "overwrite")

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file that never changes; where one stands already, leave it."""
        if self._makes_new:
            try:
                with _translated(may_lack=True):
                    self._put(path, body, headers, "create")
                return
            except AlreadyExistsError:
                return
            except NotSupportedError:
                self._makes_new = False
        self.put(path, body, headers)

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Replace a file that is still `before`."""
        stored, tag = self._read(path, len(before or b"") + 1)
        if stored != before:
            raise PointerMovedError("Somebody else changed this mirror meanwhile. Start again.")
        if not self._is_conditional():
            self.put(path, body, headers)
            return
        try:
            with _translated():
                self._put(path, body, headers, "create" if stored is None else {"e_tag": tag})
        except (AlreadyExistsError, PreconditionError):
            # A request whose answer was lost is sent twice; the second time it meets itself.
            if self.read(path, most_bytes=len(body) + 1) != body:
                raise PointerMovedError("Somebody else changed this mirror meanwhile. Start again.") from None

    def delete(self, path: str) -> None:
        """Remove a file."""
        with _translated():
            try:
                obstore.delete(self._store(0), self._key(path))
            except FileNotFoundError:
                return

    def finish(self) -> None:
        """Nothing is gathered here."""

    def close(self) -> None:
        """Let go of connections."""
        with self._lock:
            self._stores.clear()

    # --- Asking ---

    def _read(self, path: str, most_bytes: int) -> tuple[bytes | None, str | None]:
        """A file's bytes and its mark."""
        with _translated():
            try:
                answer = obstore.get(self._store(min(most_bytes, USUAL_READ_BYTES)), self._key(path))
            except FileNotFoundError:
                return None, None
            unpack = _unpacker(answer.attributes.get("Content-Encoding", ""))
            body = b""
            for chunk in answer.stream(min_chunk_size=CHUNK_BYTES):
                body += unpack(bytes(chunk), most_bytes - len(body))
                if len(body) >= most_bytes:
                    break
            return body[:most_bytes], answer.meta["e_tag"]

    def _put(self, path: str, body: bytes, headers: Headers, mode: Any) -> None:
        attributes = {"Content-Type": headers.media_type, "Cache-Control": headers.keeping.value}
        if headers.encoding:
            attributes["Content-Encoding"] = headers.encoding
        store = self._store(len(body))
        obstore.put(store, self._key(path), body, attributes=attributes, mode=mode, use_multipart=False)

    def _is_conditional(self) -> bool:
        """Whether the store refuses what is told to be wrong: a file is put that must not be put."""
        if self._keeps_conditions is None:
            probe = f"{INCOMING}/probe"  # one name: what a killed writer leaves goes the next time
            self.put(probe, b"probe", PROBE)
            try:
                with _translated(may_lack=True):
                    self._put(probe, b"other", PROBE, {"e_tag": '"00000000000000000000000000000000"'})
                self._keeps_conditions = False
            except PreconditionError:
                self._keeps_conditions = True
            except NotSupportedError:
                self._keeps_conditions = False
            finally:
                self.delete(probe)
        return self._keeps_conditions

    def _key(self, path: str) -> str:
        if not path.startswith("/") or ".." in path.split("/") or "\0" in path:
            raise ValueError("Not a path of the manifest.")
        return self._prefix + path if self._prefix else path[1:]

    def _store(self, size_bytes: int) -> S3Store:
        """The client for files of this size."""
        size = next((size for size in SIZES_BYTES if size_bytes <= size), SIZES_BYTES[-1])
        with self._lock:
            if size not in self._stores:
                self._stores[size] = self._new_store(size)
            return self._stores[size]

    def _new_store(self, size_bytes: int) -> S3Store:
        whole = self._patience.whole_seconds(size_bytes)
        # Sending counts as silence here: the client waits for an answer from the first byte on.
        silence = self._patience.silence_seconds if size_bytes == SIZES_BYTES[0] else whole
        client: Any = {
            **self._client,
            "user_agent": "Stet",
            "connect_timeout": timedelta(seconds=self._patience.connect_seconds),
            "read_timeout": timedelta(seconds=silence),
            "timeout": timedelta(seconds=whole),
        }
        config: Any = self._config
        return S3Store(
            config=config,
            client_options=client,
            retry_config={
                "max_retries": RETRIES,
                "retry_timeout": timedelta(seconds=self._patience.silence_seconds),
                "backoff": {"max_backoff": timedelta(seconds=2)},
            },
        )


def _unpacker(encoding: str) -> Any:
    """What turns parts of a file as it travels into at most so many bytes of the file."""
    if encoding in ("", "identity", "aws-chunked"):
        return lambda part, _most: part
    if encoding != "br":
        raise MirrorBrokenError("A file at this mirror is packed in a way Stet never packs. Carry all anew.")
    decoder = brotli.Decompressor()

    def unpack(part: bytes, most_bytes: int) -> bytes:
        body = b""
        try:
            while more := decoder.process(part, output_buffer_limit=CHUNK_BYTES):
                body, part = body + more, b""
                if len(body) >= most_bytes or decoder.is_finished():
                    break
        except brotli.error:
            raise MirrorBrokenError("A file at this mirror is damaged. Carry all anew, with --anew.") from None
        return body

    return unpack


@contextmanager
def _translated(*, may_lack: bool = False) -> Iterator[None]:
    """Say in our words what the library says; its own name hosts and keys. Conditions that failed pass.

    `may_lack`: a store that cannot do what was asked raises NotSupportedError; else it is one that did not do it.
    """
    try:
        yield
    except (AlreadyExistsError, PreconditionError, FileNotFoundError):
        raise
    except (PermissionDeniedError, UnauthenticatedError):
        raise MirrorRefusedError(
            "The store does not let us in, or not do that: check the keys of this mirror and what they may do."
        ) from None
    except (BaseError, OSError) as error:
        said = _ADDRESS.sub("", str(error))
        if may_lack and (isinstance(error, NotSupportedError) or _LACKS.search(said)):
            raise NotSupportedError from None
        if _STATUS.search(said):
            raise MirrorUnreachableError("The mirror answered with an error.") from None
        if "certificate" in said.lower():
            raise MirrorRefusedError(
                "The store's certificate is not to be trusted: it belongs to another name, has expired, or its "
                "authority is not known here. Nothing was told to it."
            ) from None
        if "timed out" in said or "TimedOut" in said:
            raise MirrorUnreachableError("The mirror did not answer in time.") from None
        raise MirrorUnreachableError("The mirror could not be reached, or did not take or give a file.") from None


# The library has one error for nearly everything, so its text is read: without addresses, which hold words of pages.
_ADDRESS = re.compile(r"https?://\S+")
_STATUS = re.compile(r"(?m)^\s*status: \d{3},$")
_LACKS = re.compile(r"(?m)^\s*status: 501,$|<Code>NotImplemented</Code>")
