"""The queue as a sheet, at once or as a job, and how far a job has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mulin.base import files, jobs
from mulin.base.models import Job, StoredFile
from mulin.base.spreadsheets import XLSX_MEDIA_TYPE
from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import NotFound
from mulin.parts.service_requests.exporting import (
    EXPORT_JOB,
    ROWS_AT_ONCE,
    cut_text,
    export_payload,
    export_record,
    write_sheet,
)
from mulin.parts.service_requests.forms.work import queue_asked
from mulin.parts.service_requests.selectors.exports import export_count
from mulin.parts.service_requests.selectors.work import places_for
from mulin.web.formats import number, span
from mulin.web.pages import page

State = Job.State


@dataclass(frozen=True)
class JobShown:
    """A job as `job_bar` draws it."""

    id: str
    title: str
    state: str
    percent: int | None
    done_text: str
    time_left_text: str
    message: str
    links: list[dict[str, str]]


@dataclass(frozen=True)
class JobPage:
    """Words of service_requests/work/job.html."""

    job: JobShown
    poll_url: str
    cancel_url: str
    back_url: str


def job_for(actor: Actor, public_id: str, kind: str) -> Job:
    """The doorway to a job: it belongs to whoever asked for it."""
    mine = Q(asked_by_id=actor.user_id) if actor.user_id else Q(pk__in=[])
    job = Job.objects.filter(mine, public_id=public_id, kind=kind).first()
    if job is None:
        raise NotFound()
    return job


def job_shown(job: Job, now: datetime, *, links: list[dict[str, str]], message: str = "") -> JobShown:
    counts = {"done": number(job.done), "total": number(job.total)}
    return JobShown(
        id=job.public_id,
        title=job.title,
        state=job.state,
        percent=min(100, 100 * job.done // job.total) if job.total else None,
        done_text=_("已处理 %(done)s / %(total)s 行") % counts if job.total else "",
        time_left_text=time_left(job, now),
        message=message or job.error,
        links=links,
    )


def time_left(job: Job, now: datetime) -> str:
    """As long again as it took so far, in proportion; nothing is promised before there is something to go by."""
    if job.started_at is None or not job.done or job.done >= job.total:
        return ""
    left = (now - job.started_at) * ((job.total - job.done) / job.done)
    return _("大约还要 %(span)s") % {"span": span(left)} if left.total_seconds() >= 60 else _("不到 1 分钟")


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The rows that the filters show, as a sheet; more than fit into one answer become a job."""
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    asked = queue_asked(request.POST, places_for(actor, "requests.view")).filter
    rows = export_count(actor, asked, now=now)
    if rows > ROWS_AT_ONCE:
        return as_job(request, export_payload(asked, rows, get_language() or "zh-hans"), rows)
    sheet = BytesIO()
    written = write_sheet(sheet, actor, asked, now=now)
    export_record(actor, asked, written.rows, now=now)
    return HttpResponse(
        sheet.getvalue(),
        content_type=XLSX_MEDIA_TYPE,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(sheet_name(now))}"},
    )


def as_job(request: HttpRequest, payload: dict[str, Any], rows: int) -> HttpResponse:
    job = jobs.ask(
        kind=EXPORT_JOB,
        title=_("导出事项 %(rows)s 行") % {"rows": number(rows)},
        payload=payload,
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.clock.now(),  # type: ignore[attr-defined]
    )
    return HttpResponseRedirect(reverse("service_requests:work_job", args=[job.public_id]))


def sheet_name(now: datetime) -> str:
    return _("事项") + f"-{now.astimezone(COUNTY_TIME_ZONE):%Y%m%d-%H%M}.xlsx"


@require_GET
def job(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far an export has come, and its file when it is done."""
    found = job_for(request.actor, public_id, EXPORT_JOB)  # type: ignore[attr-defined]
    here = [found.public_id]
    links, message = [], ""
    if found.state == State.DONE and sheet_of(found) is None:
        message = _("表格存放期满，已经删除。还需要的话请重新导出。")
    elif found.state == State.DONE:
        message = cut_text() if found.result.get("is_cut") else ""
        links = [{"label": _("下载表格"), "url": reverse("service_requests:work_job_file", args=here)}]
    words = JobPage(
        job=job_shown(found, request.clock.now(), links=links, message=message),  # type: ignore[attr-defined]
        poll_url=reverse("service_requests:work_job", args=here),
        cancel_url=reverse("service_requests:work_job_cancel", args=here),
        back_url=reverse("service_requests:work_queue"),
    )
    return page(request, "service_requests/work/job.html", words, fragment="service_requests/work/_job.html")


@require_POST
def job_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    found = job_for(request.actor, public_id, EXPORT_JOB)  # type: ignore[attr-defined]
    jobs.cancel(found, request.clock.now())  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("service_requests:work_job", args=[public_id]))


def sheet_of(job: Job) -> StoredFile | None:
    """The sheet that a job made, while it is kept."""
    return StoredFile.objects.filter(public_id=job.result.get("file", "")).first()


@require_GET
def job_file(request: HttpRequest, public_id: str) -> FileResponse:
    """The sheet of a finished export, for whoever asked for it."""
    found = job_for(request.actor, public_id, EXPORT_JOB)  # type: ignore[attr-defined]
    stored = sheet_of(found)
    if stored is None:
        raise NotFound(
            zh="表格还没有做好，或者存放期满已经删除。请回到事项列表重新导出。",
            en="The sheet is not ready, or it was removed after its time. Please export it again from the list.",
        )
    return files.file_response(stored, download_name=sheet_name(found.finished_at or found.created_at))
