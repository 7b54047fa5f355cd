"""Bringing lists up to date from their publishers. A bad download never replaces a good list, and says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from enduse.errors import ListError
from enduse.lists.reading import head_of, root_tag
from enduse.model.base import Value
from enduse.model.listing import Snapshot
from enduse.sources.audit import AuditReport
from enduse.sources.catalogue import Download, ListInfo, info_of, reader_of
from enduse.sources.fetch import Fetched, Limits, Progress, fetch
from enduse.sources.snapshot import audit_of, confirm, current, diff, digest_of, publish, write_whole

Outcome = Literal["updated", "unchanged", "refused", "failed", "not_offered"]
"""`refused`: something came and was not good enough; `failed`: nothing came; `not_offered`: no address to ask."""

_STATED_BEFORE, _FALLEN_TO = 0.2, 0.5


class SyncReport(Value):
    """What became of one list: the snapshot now in force, and what changed or why nothing did."""

    list: str
    outcome: Outcome
    said: str
    snapshot: Snapshot | None = None
    added: int = 0
    removed: int = 0
    changed: int = 0
    unread: int = 0


def sync(
    list_ids: Iterable[str],
    *,
    home: Path,
    now: datetime,
    base_url: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
) -> tuple[SyncReport, ...]:
    """Downloads, checks and keeps each list; one that cannot be had leaves the others and its own past alone.

    `base_url` asks a mirror instead: `BASE/<list>/<part>`.
    """
    ask = _Asking(home=home, now=now, base_url=base_url, progress=progress, limits=limits)
    return tuple(ask.one(info_of(list_id)) for list_id in list_ids)


class _Asking:
    """The circumstances of one synchronisation."""

    def __init__(
        self,
        *,
        home: Path,
        now: datetime,
        base_url: str | None,
        progress: Callable[[Progress], None] | None,
        limits: Limits | None,
    ) -> None:
        self.home, self.now, self.base_url = home, now, base_url
        self.progress, self.limits = progress, limits

    def one(self, info: ListInfo) -> SyncReport:
        before = next((s for s in current(self.home) if s.list == info.id), None)
        if not info.downloads:
            said = f"has no address to download from: get it from {info.address or 'its maker'} and import it"
            return SyncReport(list=info.id, outcome="not_offered", said=said, snapshot=before)
        try:
            fetched = self._fetch(info, before)
        except ListError as error:
            return SyncReport(list=info.id, outcome="failed", said=str(error), snapshot=before)
        if before is not None and all(f.outcome == "unchanged" for f in fetched.values()):
            return self._unchanged(info, before, "the publisher says it has not changed")
        return self._keep(info, before, fetched)

    def _folder(self, info: ListInfo) -> Path:
        folder = self.home / "downloads" / info.id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _address(self, info: ListInfo, download: Download) -> str:
        return f"{self.base_url.rstrip('/')}/{info.id}/{download.part}" if self.base_url else download.address

    def _fetch(self, info: ListInfo, before: Snapshot | None) -> Mapping[str, Fetched]:
        """Each part; conditional only where a list is kept and is of one file, so that parts never mix."""
        marks = self._marks(info) if before is not None and len(info.downloads) == 1 else {}
        found = {}
        for download in info.downloads:
            address = self._address(info, download)
            mark = marks.get(download.part, {})
            known = mark if mark.get("asked") == address else {}
            found[download.part] = fetch(
                address,
                to=self._folder(info) / download.part,
                etag=known.get("etag"),
                last_modified=known.get("last_modified"),
                limits=self.limits,
                progress=self.progress,
            )
        return found

    def _marks(self, info: ListInfo) -> dict[str, dict[str, str]]:
        path = self._folder(info) / "marks.json"
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return found

    def _keep(self, info: ListInfo, before: Snapshot | None, fetched: Mapping[str, Fetched]) -> SyncReport:
        parts = {part: self._folder(info) / part for part in fetched}
        try:
            for part, path in parts.items():
                check_form(info, part, path)
            if before is not None and digest_of(parts) == before.digest:
                self._remember(info, fetched)
                return self._unchanged(info, before, "the same bytes came")
            after = publish(
                info, parts, home=self.home, as_of=self.now.date(), check=lambda s, a: _check(info, before, s, a)
            )
        except ListError as error:
            kept = f"; the list of {before.as_of} stays in force" if before else ""
            return SyncReport(list=info.id, outcome="refused", said=f"{error}{kept}", snapshot=before)
        finally:
            for path in parts.values():
                path.unlink(missing_ok=True)
        self._remember(info, fetched)
        confirm(after, self.now.date(), home=self.home)
        return self._updated(before, after)

    def _remember(self, info: ListInfo, fetched: Mapping[str, Fetched]) -> None:
        """Keeps the marks for the next conditional request, only once the list itself is kept."""
        asked = {d.part: self._address(info, d) for d in info.downloads}
        marks = {
            part: {"asked": asked[part], "etag": f.etag, "last_modified": f.last_modified}
            for part, f in fetched.items()
        }
        write_whole(self._folder(info) / "marks.json", json.dumps(marks))

    def _unchanged(self, info: ListInfo, before: Snapshot, said: str) -> SyncReport:
        confirm(before, self.now.date(), home=self.home)
        now = next(s for s in current(self.home) if s.list == info.id)
        return SyncReport(list=info.id, outcome="unchanged", said=said, snapshot=now)

    def _updated(self, before: Snapshot | None, after: Snapshot) -> SyncReport:
        changes = diff(before, after, home=self.home) if before is not None else None
        return SyncReport(
            list=after.list,
            outcome="updated",
            said=f"{after.parties} parties as of {after.as_of}",
            snapshot=next(s for s in current(self.home) if s.list == after.list),
            added=len(changes.added) if changes else after.parties,
            removed=len(changes.removed) if changes else 0,
            changed=len(changes.changed) if changes else 0,
            unread=audit_of(after).unread_count,
        )


def check_form(info: ListInfo, part: str, path: Path) -> None:
    """Refuses a web page or an empty file in place of a list, and a file of another kind."""
    head = head_of(path)
    if not head.strip(b"\x00\x1a\r\n\t "):
        raise ListError("the file is empty", place=f"{info.id}/{part}", hint="the publisher may be changing it")
    if (root_tag(head) or "").lower() == "html":
        said = "is a web page, not the list"
        raise ListError(said, place=f"{info.id}/{part}", hint=f"see whether {info.address} has moved the file")
    if reader_of(info).recognise(part, head) is None:
        raise ListError(f"is not {info.format}", place=f"{info.id}/{part}", hint="the format may have changed")


def _check(info: ListInfo, before: Snapshot | None, after: Snapshot, audit: AuditReport) -> None:
    """Refuses what lost too many parties, or a field most parties had, since the list in force."""
    if before is None:
        return
    if after.parties < before.parties * (1 - info.max_drop):
        said = f"{after.parties} parties, where there were {before.parties}"
        hint = "if the publisher really removed them, import the file by hand"
        raise ListError(said, place=info.id, hint=hint)
    had = audit_of(before).coverage
    for field, share in had.items():
        now = audit.coverage.get(field, 0.0)
        if share >= _STATED_BEFORE and now < share * _FALLEN_TO:
            said = f"`{field}` is stated for {now:.0%} of the parties, where it was for {share:.0%}"
            raise ListError(said, place=info.id, hint="the format has changed: the parser must learn it")
