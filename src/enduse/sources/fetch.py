"""The only network: one file over HTTPS, conditional, with retries, resume and a deadline.

Needs httpx (`pip install 'enduse[fetch]'`). Plain HTTP is taken from this machine only, for mirrors and tests.
"""

from __future__ import annotations

import importlib
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from enduse.errors import ListError
from enduse.model.base import Value

INSTALL = "pip install 'enduse[fetch]'"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = 5


class Progress(Value):
    """How far a download is; `total` is absent where the server does not say."""

    address: str
    received: int
    total: int | None = None
    attempt: int = 1


class Limits(Value):
    """How patient a download is: tries, seconds for a silence, seconds in all, and the most bytes it may have."""

    tries: int = 5
    silence: float = 30.0
    deadline: float = 1_800.0
    most_bytes: int = 1 << 30
    first_pause: float = 1.0


class Fetched(Value):
    """What came: a file at `path`, or `unchanged` when the server says so."""

    outcome: Literal["fetched", "unchanged"]
    address: str
    etag: str | None = None
    last_modified: str | None = None
    size: int = 0


class _Again(Exception):  # noqa: N818 - not an error of the user's
    """A try that failed in a way that may pass."""


def fetch(
    address: str,
    *,
    to: Path,
    etag: str | None = None,
    last_modified: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[Progress], None] | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Downloads `address` to `to`; a part left by an earlier try is resumed when the file is still the same.

    Raises `ListError` when the server refuses, the file is cut off in every try, or it takes too long.
    """
    _allowed(address)
    httpx = _httpx()
    limits = limits or Limits()
    until = time.monotonic() + limits.deadline
    problem = ""
    with httpx.Client(timeout=httpx.Timeout(limits.silence), follow_redirects=False) as client:
        for attempt in range(1, limits.tries + 1):
            one = _Try(client, address, to, until=until, limits=limits, progress=progress, attempt=attempt)
            try:
                return one.run(etag=etag, last_modified=last_modified)
            except _Again as again:
                problem = str(again)
            except httpx.HTTPError as error:
                problem = f"{type(error).__name__}: {error}"
            if time.monotonic() >= until:
                break
            if attempt < limits.tries:
                pause(limits.first_pause * 2 ** (attempt - 1) * (1 + random.random() / 4))
    raise ListError(f"could not be downloaded: {problem}", place=address, hint="try again later; nothing was changed")


def _httpx() -> Any:
    try:
        return importlib.import_module("httpx")
    except ImportError as error:
        raise ListError("downloading needs httpx", hint=INSTALL) from error


def _allowed(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ListError("only HTTPS is downloaded from", place=address, hint="use the publisher's https address")


class _Try:
    """One attempt: request, redirects, and the bytes into a part file that becomes `to` only when whole."""

    def __init__(
        self,
        client: Any,
        address: str,
        to: Path,
        *,
        until: float,
        limits: Limits,
        progress: Callable[[Progress], None] | None,
        attempt: int,
    ) -> None:
        self.client, self.address, self.to = client, address, to
        self.until, self.limits, self.progress, self.attempt = until, limits, progress, attempt
        self.part = to.with_name(f"{to.name}.part")
        self.mark = to.with_name(f"{to.name}.part.json")

    def run(self, *, etag: str | None, last_modified: str | None) -> Fetched:
        had, known = self._had()
        headers = {"Accept-Encoding": "identity", "User-Agent": "enduse"}
        if had:
            headers |= {"Range": f"bytes={had}-", "If-Range": known}
        else:
            headers |= {"If-None-Match": etag} if etag else {}
            headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        address = self.address
        for _ in range(_REDIRECTS + 1):
            with self.client.stream("GET", address, headers=headers) as response:
                if response.has_redirect_location:
                    address = urljoin(address, response.headers.get("location", ""))
                    _allowed(address)
                    continue
                return self._take(response, address, had)
        raise ListError(f"redirects more than {_REDIRECTS} times", place=self.address, hint="the address has moved")

    def _had(self) -> tuple[int, str]:
        """How many bytes an earlier try left, and by what the file is known; none unless both are there."""
        if not (self.part.is_file() and self.mark.is_file()):
            return 0, ""
        known = json.loads(self.mark.read_text(encoding="utf-8")).get("known") or ""
        return (self.part.stat().st_size, known) if known else (0, "")

    def _take(self, response: Any, address: str, had: int) -> Fetched:
        status = response.status_code
        if status == 304:
            return Fetched(outcome="unchanged", address=address, etag=response.headers.get("etag"))
        if status == 416:
            self._forget()
            raise _Again("the part kept from before no longer fits")
        if status in _RETRIED:
            raise _Again(f"the server answered {status}")
        if status not in {200, 206}:
            raise ListError(f"the server answered {status}", place=address, hint="the address may have moved")
        resumed = status == 206 and response.headers.get("content-range", "").startswith(f"bytes {had}-")
        if status == 206 and not resumed:
            self._forget()
            raise _Again("the server sent another part than asked for")
        size = self._write(response, address, start=had if resumed else 0)
        self.part.replace(self.to)
        self._forget()
        return Fetched(
            outcome="fetched",
            address=address,
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            size=size,
        )

    def _write(self, response: Any, address: str, *, start: int) -> int:
        """Appends the bytes as they come; fewer than promised is a try that failed."""
        known = response.headers.get("etag") or response.headers.get("last-modified") or ""
        strong = "" if known.startswith("W/") else known
        self.mark.write_text(json.dumps({"known": strong}), encoding="utf-8")
        promised = response.headers.get("content-length")
        total = start + int(promised) if promised and promised.isdigit() else None
        size = start
        with self.part.open("ab" if start else "wb") as out:
            for chunk in response.iter_raw():
                out.write(chunk)
                size += len(chunk)
                self._watch(address, size, total)
        if total is not None and size != total:
            raise _Again(f"{size} bytes came of {total}")
        return size

    def _watch(self, address: str, size: int, total: int | None) -> None:
        if self.progress is not None:
            self.progress(Progress(address=address, received=size, total=total, attempt=self.attempt))
        if size > self.limits.most_bytes:
            raise ListError(f"is larger than {self.limits.most_bytes} bytes", place=address, hint="not a list")
        if time.monotonic() > self.until:
            said = f"not done within {self.limits.deadline:g} seconds ({size} bytes came)"
            raise ListError(said, place=address, hint="try again; what came is kept and resumed")

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)
