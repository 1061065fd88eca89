"""Tables on disk for commands: staged, stored with a bar, rejected rows given back beside the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mulin.base import imports
from mulin.base.import_kinds import ImportKind
from mulin.base.models import ImportRun
from mulin.cli.output import Report
from mulin.cli.words import say
from mulin.identity.access import SYSTEM
from mulin.kernel.clock import Clock
from mulin.kernel.errors import NotFound


@dataclass(frozen=True)
class Outcome:
    """What became of a table; `reject_file` where rows were rejected."""

    created: int
    unchanged: int
    rejected: int
    reject_file: Path | None

    def as_dict(self) -> dict[str, object]:
        return {
            "created": self.created,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "reject_file": str(self.reject_file) if self.reject_file else None,
        }


def existing(path: Path) -> Path:
    """The file, or NotFound with its name."""
    if not path.is_file():
        raise NotFound(zh=f"没有找到文件 {path}。", en=f"There is no file {path}.", code="file-not-found")
    return path


def bring_in(
    path: Path, kind: ImportKind, *, area_path: str, options: Mapping[str, Any], clock: Clock, report: Report
) -> Outcome:
    """Stage and store the table; begun and interrupted, it goes on where it stood."""
    reading, storing = say("读取表格", "Reading the table"), say("导入", "Importing")
    run = imports.stage(
        existing(path),
        kind,
        actor=SYSTEM,
        now=clock.now(),
        area_path=area_path,
        options=options,
        progress=lambda done, total: report(reading, done, max(done, total)),
    )
    done = imports.apply(
        run, actor=SYSTEM, clock=clock, progress=lambda done, total: report(storing, done, total)
    )
    return Outcome(done.created, done.unchanged, done.rejected, keep_rejected(done, path))


def keep_rejected(run: ImportRun, table: Path) -> Path | None:
    """Write the rejected rows into MULIN_HOME/rejected, in the table's own columns with the reason beside."""
    if not run.rejected:
        return None
    from django.conf import settings

    folder = Path(settings.MULIN_HOME) / "rejected"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{table.stem}-{run.public_id[:8]}.xlsx"
    file.write_bytes(imports.reject_file(run))
    file.chmod(0o600)
    return file
