"""Synchronising against a publisher that behaves, and against one that does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from enduse.errors import ListError
from enduse.sources import fetch as fetching
from enduse.sources import snapshot as store
from enduse.sources.fetch import Limits, Progress, fetch
from enduse.sources.sync import sync

LIST = "us_ofac_consolidated"
NOW = datetime(2025, 4, 2, 9, tzinfo=UTC)
QUICK = Limits(tries=3, silence=2.0, deadline=10.0, first_pause=0.01)
Answer = Callable[["Publisher"], None]


def cons_xml(parties: int, *, country: str = "country", day: str = "03/28/2025") -> bytes:
    """An invented non-SDN list in the publisher's own form."""
    entries = "".join(
        f"<sdnEntry><uid>{n}</uid><lastName>ZENDA WORKS NO. {n}</lastName><sdnType>Entity</sdnType>"
        f"<programList><program>NS-PLC</program></programList><addressList><address><uid>{n}</uid><city>Strelsau</city>"
        f"<{country}>Russia</{country}></address></addressList></sdnEntry>"
        for n in range(1, parties + 1)
    )
    head = f"<publshInformation><Publish_Date>{day}</Publish_Date></publshInformation>"
    return f'<?xml version="1.0"?><sdnList xmlns="x">{head}{entries}</sdnList>'.encode()


class Publisher:
    """A loopback server whose answers are a list of functions, the last of which stays."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[dict[str, str]] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                publisher.requests.append({k.lower(): v for k, v in self.headers.items()} | {"path": self.path})
                answer = publisher.answers.pop(0) if len(publisher.answers) > 1 else publisher.answers[0]
                try:
                    answer(self)  # type: ignore[arg-type]
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.stop()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def gives(body: bytes, *, status: int = 200, etag: str | None = None) -> Answer:
    """The whole body, or 304 when the asker has it, or the rest of it when the asker has a part."""

    def answer(self: BaseHTTPRequestHandler) -> None:
        if etag and self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.send_header("ETag", etag)
            self.end_headers()
            return
        start = 0
        if etag and self.headers.get("If-Range") == etag:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(status)
        self.send_header("Content-Length", str(len(body) - start))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body[start:])

    return answer


def breaks_off(body: bytes, at: int, *, etag: str | None = None) -> Answer:
    """Promises the whole body, sends a part, and hangs up."""

    def answer(self: BaseHTTPRequestHandler) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body[:at])
        self.wfile.flush()
        self.close_connection = True

    return answer


def drips(body: bytes) -> Answer:
    """A byte now and then, for ever."""

    def answer(self: BaseHTTPRequestHandler) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()
            time.sleep(0.05)

    return answer


def redirects(to: str) -> Answer:
    def answer(self: BaseHTTPRequestHandler) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    return answer


def once(home: Path, publisher: Publisher, *, now: datetime = NOW, limits: Limits = QUICK):
    [report] = sync([LIST], home=home, now=now, base_url=publisher.base, limits=limits)
    return report


def test_a_first_synchronisation_keeps_the_list(publisher: Publisher, home: Path):
    """Downloaded, checked, read, and fresh as of today though published days ago."""
    publisher.answers = [gives(cons_xml(400), etag='"a"')]
    report = once(home, publisher)
    assert (report.outcome, report.added) == ("updated", 400)
    assert publisher.requests[0]["path"] == f"/{LIST}/consolidated.xml"
    [kept] = store.current(home)
    assert (kept.parties, kept.as_of) == (400, date(2025, 4, 2))
    assert store.history(home, LIST)[0].as_of == date(2025, 3, 28)


def test_an_unchanged_list_is_asked_for_conditionally_and_confirmed(publisher: Publisher, home: Path):
    """The second time the server says 304: nothing is downloaded, and the list is fresh again."""
    publisher.answers = [gives(cons_xml(400), etag='"a"')]
    once(home, publisher)
    report = once(home, publisher, now=datetime(2025, 5, 1, tzinfo=UTC))
    assert report.outcome == "unchanged"
    assert publisher.requests[-1]["if-none-match"] == '"a"'
    assert store.current(home)[0].as_of == date(2025, 5, 1)
    assert len(store.history(home, LIST)) == 1


def test_the_same_bytes_without_an_etag_are_unchanged_too(publisher: Publisher, home: Path):
    """A server that knows no conditions costs a download, not a snapshot."""
    publisher.answers = [gives(cons_xml(400))]
    once(home, publisher)
    assert once(home, publisher).outcome == "unchanged"
    assert len(store.history(home, LIST)) == 1


def test_an_update_says_what_changed_and_keeps_what_was(publisher: Publisher, home: Path):
    """Ten more parties; the earlier edition stays in history."""
    publisher.answers = [gives(cons_xml(400)), gives(cons_xml(410, day="04/01/2025"))]
    once(home, publisher)
    report = once(home, publisher)
    assert (report.outcome, report.added, report.removed, report.changed) == ("updated", 10, 0, 0)
    assert [s.parties for s in store.history(home, LIST)] == [400, 410]


@pytest.mark.parametrize(
    ("second", "outcome", "said"),
    [
        (gives(cons_xml(400)[:20_000]), "refused", "not whole XML"),
        (gives(b"<!DOCTYPE html><html><body>Maintenance</body></html>"), "refused", "web page"),
        (gives(cons_xml(310, day="04/01/2025")), "refused", "310 parties, where there were 400"),
        (gives(cons_xml(40)), "refused", "40 parties, where a whole edition has"),
        (gives(cons_xml(400, country="land")), "refused", "is stated for"),
        (gives(b""), "refused", "empty"),
        (gives(b"\x00" * 500), "refused", "empty"),
        (gives(b"oops", status=503), "failed", "answered 503"),
        (gives(b"gone", status=404), "failed", "answered 404"),
        (breaks_off(cons_xml(400), 9_000), "failed", "could not be downloaded"),
        (redirects("http://zenda.example/list.xml"), "failed", "only HTTPS"),
        (redirects("/again"), "failed", "redirects more than"),
    ],
    ids=[
        "truncated",
        "html",
        "a quarter gone",
        "nearly all gone",
        "changed element",
        "empty",
        "zeros",
        "503",
        "404",
        "hangs up",
        "redirect to plain http",
        "redirect for ever",
    ],
)
def test_a_bad_download_never_replaces_a_good_list(
    publisher: Publisher, home: Path, second: Answer, outcome: str, said: str
):
    """Whatever goes wrong, yesterday's list stays in force and the report says why."""
    publisher.answers = [gives(cons_xml(400), etag='"a"'), second]
    good = once(home, publisher).snapshot
    report = once(home, publisher, now=datetime(2025, 6, 1, tzinfo=UTC))
    assert report.outcome == outcome
    assert said in report.said
    assert store.current(home) == (good,)
    assert len(list(store.load(store.current(home)[0]))) == 400
    assert not list((home / "lists" / LIST).glob(".new-*"))


def test_after_a_refusal_the_next_download_is_not_taken_for_known(publisher: Publisher, home: Path):
    """The marks of a refused file are forgotten: the good file after it is downloaded and kept."""
    half = gives(cons_xml(310, day="04/01/2025"), etag='"half"')
    publisher.answers = [gives(cons_xml(400), etag='"a"'), half, gives(cons_xml(405), etag='"b"')]
    once(home, publisher)
    assert once(home, publisher).outcome == "refused"
    assert once(home, publisher).outcome == "updated"
    assert publisher.requests[-1]["if-none-match"] == '"a"'


def test_errors_that_pass_are_tried_again(publisher: Publisher, home: Path):
    """Two bad answers, then a good one."""
    publisher.answers = [gives(b"", status=500), gives(b"", status=429), gives(cons_xml(400))]
    assert once(home, publisher).outcome == "updated"
    assert len(publisher.requests) == 3


def test_a_download_cut_off_is_resumed_where_it_broke(publisher: Publisher, home: Path):
    """The second request asks for the rest only, on condition that the file is the same."""
    body = cons_xml(400)
    publisher.answers = [breaks_off(body, 30_000, etag='"a"'), gives(body, etag='"a"')]
    assert once(home, publisher).outcome == "updated"
    assert publisher.requests[1]["range"] == "bytes=30000-"
    assert publisher.requests[1]["if-range"] == '"a"'
    assert store.current(home)[0].parties == 400


def test_a_download_that_changed_meanwhile_starts_anew(publisher: Publisher, home: Path):
    """Parts of two editions are never joined."""
    publisher.answers = [breaks_off(cons_xml(400), 30_000, etag='"a"'), gives(cons_xml(401), etag='"b"')]
    assert once(home, publisher).outcome == "updated"
    assert store.current(home)[0].parties == 401


def test_a_slow_drip_ends_at_the_deadline_and_is_kept_for_later(publisher: Publisher, home: Path):
    """A server that never stops sending cannot hold us; the next try goes on."""
    publisher.answers = [drips(cons_xml(400))]
    start = time.monotonic()
    report = once(home, publisher, limits=Limits(tries=2, silence=2.0, deadline=0.6, first_pause=0.01))
    assert report.outcome == "failed"
    assert "not done within 0.6 seconds" in report.said
    assert time.monotonic() - start < 5
    assert list((home / "downloads" / LIST).glob("*.part"))


def test_a_redirect_within_the_publisher_is_followed(publisher: Publisher, home: Path):
    """Publishers move files."""
    publisher.answers = [redirects("/elsewhere.xml"), gives(cons_xml(400))]
    assert once(home, publisher).outcome == "updated"
    assert publisher.requests[-1]["path"] == "/elsewhere.xml"


def test_one_list_that_fails_leaves_the_others_alone(publisher: Publisher, home: Path):
    """Each list is its own affair; a list without an address says where to get it."""
    publisher.answers = [gives(b"", status=404), gives(cons_xml(400))]
    reports = sync(["un_sc", LIST, "own"], home=home, now=NOW, base_url=publisher.base, limits=QUICK)
    assert [r.outcome for r in reports] == ["failed", "updated", "not_offered"]


def test_progress_counts_up_to_the_whole(publisher: Publisher, tmp_path: Path):
    """Bytes received and the total, where the server says it."""
    body = cons_xml(2_000)
    publisher.answers = [gives(body)]
    seen: list[Progress] = []
    got = fetch(f"{publisher.base}/x", to=tmp_path / "x", limits=QUICK, progress=seen.append)
    assert (got.outcome, got.size) == ("fetched", len(body))
    assert [p.received for p in seen] == sorted(p.received for p in seen)
    assert (seen[-1].received, seen[-1].total) == (len(body), len(body))


def test_a_file_without_end_is_stopped(publisher: Publisher, tmp_path: Path):
    """More bytes than any list has is not a list."""
    publisher.answers = [gives(b"x" * 50_000)]
    limits = QUICK.model_copy(update={"most_bytes": 10_000})
    with pytest.raises(ListError, match="larger than 10000 bytes"):
        fetch(f"{publisher.base}/x", to=tmp_path / "x", limits=limits)


@pytest.mark.parametrize("address", ["http://zenda.example/x", "ftp://127.0.0.1/x", "file:///etc/hosts", "x"])
def test_only_https_leaves_this_machine(tmp_path: Path, address: str):
    """Plain HTTP is for this machine only."""
    with pytest.raises(ListError, match="only HTTPS"):
        fetch(address, to=tmp_path / "x")


def test_without_httpx_the_install_line_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The extra is asked for by name."""

    def absent(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(fetching.importlib, "import_module", absent)
    with pytest.raises(ListError, match="needs httpx") as raised:
        fetch("https://zenda.example/x", to=tmp_path / "x")
    assert "enduse[fetch]" in raised.value.hint


def test_the_real_files_come_through_a_server_that_stumbles(publisher: Publisher, home: Path, shared_lists: Path):
    """The published non-SDN list and the UN list, the first with a break, the second twice."""
    folder = shared_lists / "lists"
    cons = (folder / "us-ofac/consolidated_2025-03-28.xml").read_bytes()
    publisher.answers = [breaks_off(cons, 500_000, etag='"c"'), gives(cons, etag='"c"')]
    assert once(home, publisher).snapshot.parties == 443
    import gzip

    old = gzip.decompress((folder / "un/consolidated_2026-02-27.xml.gz").read_bytes())
    new = gzip.decompress((folder / "un/consolidated_2026-08-01.xml.gz").read_bytes())
    publisher.answers = [gives(old), gives(new[: len(new) // 2]), gives(new)]
    outcomes = [sync(["un_sc"], home=home, now=NOW, base_url=publisher.base, limits=QUICK)[0] for _ in range(3)]
    assert [r.outcome for r in outcomes] == ["updated", "refused", "updated"]
    assert outcomes[2].added > 0
    assert outcomes[2].snapshot.parties == 1_011
