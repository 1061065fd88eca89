"""Long work with requests: a large sheet to take away, a table to bring in. `config` registers the handlers."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import translation

from mulin.base import files, imports
from mulin.base.jobs import Handler, JobContext
from mulin.identity.access import ANONYMOUS, Actor
from mulin.identity.models import User
from mulin.identity.selectors import actor_for
from mulin.parts.service_requests.exporting import EXPORT_JOB, export_asked, export_record, write_sheet
from mulin.parts.service_requests.importing import IMPORT_JOB
from mulin.parts.service_requests.services.exports import EXPORT_PURPOSE


def actor_of(user_id: int | None, today: date) -> Actor:
    """As whom a job acts: whoever asked for it, with what they may do today."""
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    return actor_for(user, today=today) if user else ANONYMOUS


def export_job(job: JobContext) -> dict[str, Any]:
    """Write the sheet aside, then store it as a file of whoever asked, with the audit entry in one transaction."""
    actor = actor_of(job.asked_by_user_id, job.clock.today())
    asked = export_asked(job.payload)
    job.save(done=0, total=job.payload["rows"])

    def progress(rows: int) -> None:
        job.check()
        job.save(done=rows)

    with tempfile.TemporaryFile() as target, translation.override(job.payload["language"]):
        written = write_sheet(target, actor, asked, now=job.clock.now(), progress=progress)
        target.seek(0)
        with transaction.atomic():
            stored = files.store_upload(
                File(target, name="requests.xlsx"), purpose=EXPORT_PURPOSE, area_path=asked.area_path,
                actor_user_id=job.asked_by_user_id, now=job.clock.now(), kinds={"table"},
            )  # fmt: skip
            export_record(actor, asked, written.rows, now=job.clock.now())
            job.save(done=written.rows, total=written.rows)
    return {"file": stored.public_id, "rows": written.rows, "is_cut": written.is_cut}


def import_job(job: JobContext) -> dict[str, Any]:
    """Bring in a staged table as whoever asked for it, going on where an earlier attempt stood."""
    return imports.job_handler(lambda user_id: actor_of(user_id, job.clock.today()))(job)


HANDLERS: dict[str, Handler] = {EXPORT_JOB: export_job, IMPORT_JOB: import_job}
