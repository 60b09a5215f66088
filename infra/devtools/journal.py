"""The last few thousand things that happened, in memory and in a file that a restart reads again."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class Journal:
    """Entries by id, oldest first. Writing an id again replaces it and keeps its place. Safe between threads."""

    def __init__(self, path: Path | None, *, keep: int = 5000) -> None:
        self._path = path
        self._keep = keep
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self.total = 0
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._load(path)
        self._file = None if path is None else path.open("a", encoding="utf-8")

    def put(self, entry_id: str, entry: Entry) -> None:
        """Keep an entry; the oldest one leaves when there are too many."""
        with self._lock:
            self._remember(entry_id, entry)
            if self._file is not None:
                self._file.write(json.dumps({"id": entry_id, **entry}, ensure_ascii=False) + "\n")
                self._file.flush()

    def get(self, entry_id: str) -> Entry | None:
        """One entry, or None."""
        with self._lock:
            return self._entries.get(entry_id)

    def newest(self) -> list[Entry]:
        """All entries, newest first, each with its `id`."""
        with self._lock:
            return [{"id": key, **entry} for key, entry in reversed(self._entries.items())]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _remember(self, entry_id: str, entry: Entry) -> None:
        if entry_id not in self._entries:
            self.total += 1
        self._entries[entry_id] = entry
        while len(self._entries) > self._keep:
            self._entries.popitem(last=False)

    def _load(self, path: Path) -> None:
        if not path.exists():
            return
        lines = 0
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                lines += 1
                self._take(line)
        if lines > 2 * self._keep:
            self._rewrite(path)

    def _take(self, line: str) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            # The last line may be half written when the process was killed.
            return
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            self._remember(entry.pop("id"), entry)

    def _rewrite(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            for key, entry in self._entries.items():
                file.write(json.dumps({"id": key, **entry}, ensure_ascii=False) + "\n")
        fresh.replace(path)
