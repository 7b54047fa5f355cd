"""Finds rule packs (ours, a user's `--packs` folder) and reads their bytes; compiled packs are kept by digest.

A compiled pack is our own pickle in the user's own cache folder, named by the digest of the files it was made from; a
pack from elsewhere is data only, and its `law.py`, if it has one, is never run.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import importlib.util
import os
import pickle
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import platformdirs

import enduse
from enduse.errors import RuleError
from enduse.rules import coverage
from enduse.rules.coverage import Covered
from enduse.rules.files import digest_of, read_pack
from enduse.rules.pack import PackModule, RulePack

_SEAL = hashlib.sha256().digest_size
OURS = Path(enduse.__file__).parent / "packs"
_PARTS = ("pack.toml", "facts.toml", "facts/*.toml", "readings.toml", "readings/*.toml", "rules/*.toml", "tables/*.csv")


def pack_ids(folders: Iterable[Path] = ()) -> tuple[str, ...]:
    """The ids of every pack found, ours first, in order of name."""
    return tuple(dict.fromkeys(p.parent.name for f in (OURS, *folders) for p in sorted(f.glob("*/pack.toml"))))


def open_pack(pack_id: str, folders: tuple[Path, ...] = ()) -> RulePack:
    """One pack, compiled. Raises `RuleError` when it is not there or not sound."""
    for folder in (*folders, OURS):
        if (folder / pack_id / "pack.toml").is_file():
            return _open(folder / pack_id, ours=folder == OURS)
    raise RuleError(f"no pack {pack_id!r}", hint=f"packs here: {', '.join(pack_ids(folders)) or 'none'}")


def read_folder(pack_id: str, folders: tuple[Path, ...] = ()) -> RulePack:
    """One pack read from its files, examples included: what lint and tests look at."""
    for folder in (*folders, OURS):
        if (folder / pack_id / "pack.toml").is_file():
            return read_pack(pack_files(folder / pack_id), module=_module(pack_id) if folder == OURS else None)
    raise RuleError(f"no pack {pack_id!r}", hint=f"packs here: {', '.join(pack_ids(folders)) or 'none'}")


def pack_sections(pack: RulePack, folders: tuple[Path, ...] = ()) -> tuple[Covered, ...]:
    """What a pack says of each section of its law, if its folder has a `coverage.csv`; else nothing."""
    for folder in (*folders, OURS):
        path = folder / pack.info.id / coverage.NAME
        if path.is_file():
            return coverage.cover(pack, coverage.read_sections(path.read_bytes(), pack))
    return ()


def pack_files(folder: Path) -> Mapping[str, bytes]:
    """The data files of a pack folder by their name in it."""
    found = [p for part in _PARTS for p in sorted(folder.glob(part))]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def updates(pack_id: str) -> Path:
    """Where tables rebuilt from a newer official edition are kept: they stand before those of the package."""
    return home() / "law" / pack_id / "tables"


def home() -> Path:
    """The user's data folder: lists, official texts, records (`ENDUSE_HOME`, or the platform's own place)."""
    return Path(os.environ.get("ENDUSE_HOME") or platformdirs.user_data_dir("enduse", appauthor=False))


def cache() -> Path:
    """Where things that can be made again are kept."""
    own = os.environ.get("ENDUSE_HOME")
    return Path(own) / "cache" if own else Path(platformdirs.user_cache_dir("enduse", appauthor=False))


@lru_cache(maxsize=32)
def _open(folder: Path, *, ours: bool) -> RulePack:
    files = pack_files(folder)
    if ours:
        files = {**files, **{f"tables/{p.name}": p.read_bytes() for p in sorted(updates(folder.name).glob("*.csv"))}}
    module = _module(folder.name) if ours else None
    key = f"{folder.name}-{digest_of(files)[:24]}-{_engine()}.pack"
    kept = _recall(cache() / "packs" / key) or _compile(files, cache() / "packs" / key)
    gc.freeze()  # a pack stays for the life of the process: the collector need not walk it again and again
    return replace(kept, module=module)


def _compile(files: Mapping[str, bytes], path: Path) -> RulePack:
    pack = read_pack(files)
    slim = replace(pack, rules=tuple(r.model_copy(update={"examples": ()}) for r in pack.rules))
    _keep(slim, path)
    return slim


def _module(pack_id: str) -> PackModule | None:
    name = f"enduse.packs.{pack_id}.law"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


@lru_cache(maxsize=1)
def _engine() -> str:
    """What the compiled form depends on beside the data: the classes it is made of."""
    own = Path(enduse.__file__).parent
    sources = [own / "model" / "law.py", *sorted((own / "rules").glob("*.py"))]
    return digest_of({p.name: p.read_bytes() for p in sources})[:12]


def _recall(path: Path) -> RulePack | None:
    """The compiled pack kept there; None where there is none, or its bytes are not those that were written."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    seal, compiled = kept[:_SEAL], kept[_SEAL:]
    if hashlib.sha256(compiled).digest() != seal:
        return None
    found = pickle.loads(compiled)
    return found if isinstance(found, RulePack) else None


def _keep(pack: RulePack, path: Path) -> None:
    """Write beside and rename, so that a reader never sees half a file; a read-only cache is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as half:
            compiled = pickle.dumps(pack, protocol=5)
            half.write(hashlib.sha256(compiled).digest() + compiled)
        Path(half.name).replace(path)
    except OSError:
        return
