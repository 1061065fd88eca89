"""One long job: how far it is, when it will be done, how to stop it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mulin.base import jobs
from mulin.base.models import Job
from mulin.portals.frame import layout_of
from mulin.portals.selectors import job_for, job_for_change
from mulin.web.formats import number, span
from mulin.web.pages import page


@dataclass(frozen=True)
class JobView:
    """A job as the progress component reads it."""

    id: str
    title: str
    state: str
    percent: int | None
    done_text: str
    time_left_text: str
    message: str
    links: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class JobPage:
    layout: str
    job: JobView
    poll_url: str
    cancel_url: str


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole page, or for htmx the bar alone, until the job has ended."""
    job = job_for(request.actor, public_id)
    may_cancel = job.asked_by_id == request.actor.user_id or request.actor.may("operations.manage")
    context = JobPage(
        layout=layout_of(request.actor),
        job=job_view(job, request.clock.now()),
        poll_url=reverse("portals:job", args=[public_id]),
        cancel_url=reverse("portals:cancel_job", args=[public_id])
        if may_cancel and not job.cancel_asked_at
        else "",
    )
    return page(request, "portals/job.html", context, fragment="portals/_job.html")


@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    jobs.cancel(job_for_change(request.actor, public_id), request.clock.now())
    return HttpResponseRedirect(reverse("portals:job", args=[public_id]))


def job_view(job: Job, now: datetime) -> JobView:
    """In words. A job's result may carry `message` and `links` ([{label, url}], to this site)."""
    percent = min(100 * job.done // job.total, 100) if job.total else None
    return JobView(
        id=job.public_id,
        title=job.title,
        state=job.state,
        percent=percent,
        done_text=done_text(job),
        time_left_text=time_left(job, now),
        message=job.error
        or str(job.result.get("message", ""))
        or (_("已要求停止，做完手头这一步就停。") if is_stopping(job) else ""),
        links=[link for link in job.result.get("links", []) if is_ours(link)],
    )


def done_text(job: Job) -> str:
    if job.total:
        return _("已处理 %(done)s / %(total)s") % {"done": number(job.done), "total": number(job.total)}
    return _("已处理 %(done)s") % {"done": number(job.done)} if job.done else ""


def time_left(job: Job, now: datetime) -> str:
    """From the pace so far; nothing before a tenth of a percent is done."""
    if job.state != Job.State.RUNNING or not job.started_at or not job.total or job.done * 1000 < job.total:
        return ""
    left = (now - job.started_at) * (max(job.total - job.done, 0) / job.done)
    return _("大约还要 %(time)s") % {"time": span(left)}


def is_stopping(job: Job) -> bool:
    return job.state == Job.State.RUNNING and job.cancel_asked_at is not None


def is_ours(link: Any) -> bool:
    return (
        isinstance(link, dict)
        and {"label", "url"} <= link.keys()
        and url_has_allowed_host_and_scheme(str(link["url"]), allowed_hosts=None)
    )
