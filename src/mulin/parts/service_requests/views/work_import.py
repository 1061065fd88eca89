"""A table of messages comes in: upload, look at what will happen, bring in, get back what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mulin.base import files, imports, jobs
from mulin.base.import_kinds import Column
from mulin.base.models import ImportRun, Job
from mulin.base.spreadsheets import XLSX_MEDIA_TYPE
from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput, MulinError, NotFound
from mulin.parts.areas import selectors as areas
from mulin.parts.areas.rules import AreaKind
from mulin.parts.service_requests import selectors
from mulin.parts.service_requests.importing import (
    COLUMNS,
    DEFAULT_TYPE,
    IMPORT_JOB,
    PERMISSION,
    messages_kind,
)
from mulin.parts.service_requests.labels import type_name
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.selectors.work import places
from mulin.parts.service_requests.views.work_jobs import JobShown, job_shown
from mulin.web.formats import number
from mulin.web.pages import page
from mulin.web.typed import Typed

CELL_SHOWN = 80
State = ImportRun.State


@dataclass(frozen=True)
class ImportPage:
    """Words of service_requests/work/import.html."""

    typed: Typed
    places: list[tuple[str, str]]
    types: list[tuple[str, str]]
    columns: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    form_errors: bool


@dataclass(frozen=True)
class RunPage:
    """Words of service_requests/work/import_run.html: before, while and after a table is brought in."""

    run: ImportRun
    state: str
    target: str
    staged: str
    titles: list[str]
    sample: list[list[str]]
    ignored: list[str]
    absent: list[str]
    problem_count: str
    checked: str
    problems: list[dict[str, str]]
    job: JobShown | None
    results: list[dict[str, str]]
    rejected: bool
    run_url: str
    poll_url: str


def said(text: Any) -> str:
    return str(text.in_language(get_language() or "zh-hans"))


def column_name(column: Column) -> str:
    return column.en if (get_language() or "").startswith("en") else column.zh


def import_page(
    request: HttpRequest, typed: Typed, types: Sequence[RequestType], *, status: int = 200
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = places(actor.paths(PERMISSION), [AreaKind.COMMUNITY])
    recent = ImportRun.objects.filter(kind=messages_kind.code, asked_by_id=actor.user_id).order_by(
        "-created_at"
    )[:10]
    words = ImportPage(
        typed=typed,
        places=[("", _("请选择")), *((place.public_id, place.name) for place in mine)] if len(mine) != 1
        else [(mine[0].public_id, mine[0].name)],
        types=[(kind.code, type_name(kind)) for kind in types],
        columns=[
            {"name": column_name(column), "help": said(column.help) if column.help else "", "required": column.required}
            for column in COLUMNS
        ],
        runs=[run_line(run) for run in recent],
        form_errors=typed.is_bad,
    )  # fmt: skip
    return page(request, "service_requests/work/import.html", words, status=status)


def run_line(run: ImportRun) -> dict[str, Any]:
    counts = {name: number(getattr(run, name)) for name in ("created", "unchanged", "rejected")}
    told = {
        State.DONE: _("新进 %(created)s 件，已有 %(unchanged)s 件，没进 %(rejected)s 件") % counts,
        State.PREVIEWED: _("已上传，还没有导入"),
        State.APPLYING: _("正在导入"),
    }
    return {
        "name": run.source_name,
        "at": run.created_at,
        "told": told.get(State(run.state), _("已取消")),
        "url": reverse("service_requests:work_import_run", args=[run.public_id]),
    }


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a table and where its messages go; nothing is brought in yet."""
    types = selectors.active_types()
    if request.method != "POST":
        return import_page(request, Typed.kept({"type": DEFAULT_TYPE}), types)
    typed = Typed.sent(request)
    try:
        run = staged(request, typed, types)
    except MulinError as error:
        typed.refuse(error)
        return import_page(request, typed, types, status=422)
    return HttpResponseRedirect(reverse("service_requests:work_import_run", args=[run.public_id]))


def staged(request: HttpRequest, typed: Typed, types: Sequence[RequestType]) -> ImportRun:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    uploaded = request.FILES.get("file")
    if uploaded is None:
        raise InvalidInput(
            zh="请选择要导入的表格。", en="Please choose a table.", field="file", code="file-missing"
        )
    if not typed.text("area"):
        raise InvalidInput(
            zh="请选择由哪个社区接收。",
            en="Please choose the community that receives them.",
            field="area",
            code="area-missing",
        )
    if typed.text("type") not in {kind.code for kind in types}:
        raise InvalidInput(
            zh="请选择事项类别。", en="Please choose the type.", field="type", code="type-missing"
        )
    area = areas.area_for(actor, typed.text("area"), PERMISSION)
    stored = files.store_upload(
        uploaded, purpose="import", area_path=area.path, actor_user_id=actor.user_id, now=now, kinds={"table"}
    )
    try:
        return imports.stage(
            files.open_bytes(stored)[0],
            messages_kind,
            actor=actor,
            now=now,
            source_name=stored.original_name,
            area_path=area.path,
            options={"type": typed.text("type")},
            file=stored,
        )
    except MulinError:
        files.remove(stored)
        raise


def run_for(actor: Actor, public_id: str) -> ImportRun:
    """The doorway to a run: its asker's, or whoever may bring in for the place."""
    run = ImportRun.objects.filter(public_id=public_id, kind=messages_kind.code).first()
    if run is None or not actor.may(PERMISSION, run.area_path):
        raise NotFound()
    return run


def job_of(run: ImportRun) -> Job | None:
    return Job.objects.filter(kind=IMPORT_JOB, payload__run=run.public_id).order_by("-created_at").first()


@require_GET
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """What would happen, what is happening, or what came of it."""
    return run_page(request, run_for(request.actor, public_id))  # type: ignore[attr-defined]


def run_page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    job = job_of(run)
    url = reverse("service_requests:work_import_run", args=[run.public_id])
    is_waiting = run.state == State.PREVIEWED and job is None
    seen = imports.preview(run, actor=actor, now=now) if is_waiting else None
    area = areas.areas_below([run.area_path]).filter(path=run.area_path).first()
    words = RunPage(
        run=run,
        state="preview"
        if is_waiting
        else "done"
        if run.state == State.DONE
        else "job"
        if job
        else "cancelled",
        target=area.name if area else "",
        staged=number(run.staged),
        titles=[column_name(column) for _title, column in seen.matched] if seen else [],
        sample=[[short(row.values[column.key]) for _title, column in seen.matched] for row in seen.sample]
        if seen
        else [],
        ignored=seen.ignored if seen else [],
        absent=[column_name(column) for column in seen.absent] if seen else [],
        problem_count=number(seen.problem_count) if seen and seen.problem_count else "",
        checked=number(seen.checked) if seen else "",
        problems=[{"line": str(line), "reason": said(text)} for line, text in seen.problems] if seen else [],
        job=job_shown(job, now, links=[]) if job and run.state != State.DONE else None,
        results=results_of(run),
        rejected=bool(run.rejected),
        run_url=url,
        poll_url=url,
    )
    return page(
        request,
        "service_requests/work/import_run.html",
        words,
        fragment="service_requests/work/_import_run.html",
    )


def results_of(run: ImportRun) -> list[dict[str, str]]:
    pairs = [
        (_("新进队列"), run.created, ""),
        (_("以前进过，没有变"), run.unchanged, ""),
        (_("没有进来"), run.rejected, "accent" if run.rejected else ""),
    ]
    queue = reverse("service_requests:work_queue") + "?view=all&channel=import"
    return [
        {
            "label": label,
            "value": number(count),
            "unit": _("行"),
            "tone": tone,
            "url": queue if at == 0 and count else "",
        }
        for at, (label, count, tone) in enumerate(pairs)
    ]


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CELL_SHOWN else f"{line[:CELL_SHOWN]}…"


@require_POST
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Bring in what was looked at; pressed twice, it is one job."""
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    run = run_for(actor, public_id)
    if run.state == State.PREVIEWED and job_of(run) is None:
        title = _("导入 %(name)s") % {"name": run.source_name}
        jobs.ask(kind=IMPORT_JOB, title=title, payload={"run": run.public_id}, actor=actor, now=now)
    return HttpResponseRedirect(reverse("service_requests:work_import_run", args=[public_id]))


@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Forget the table; what is already in stays in."""
    now = request.clock.now()  # type: ignore[attr-defined]
    run = run_for(request.actor, public_id)  # type: ignore[attr-defined]
    job = job_of(run)
    if job is not None and job.state in {Job.State.WAITING, Job.State.RUNNING}:
        jobs.cancel(job, now)
    imports.cancel(run, now)
    return HttpResponseRedirect(reverse("service_requests:work_import_run", args=[public_id]))


@require_GET
def rejects(request: HttpRequest, public_id: str) -> HttpResponse:
    """The refused rows in the table's own columns, the reason beside each."""
    run = run_for(request.actor, public_id)  # type: ignore[attr-defined]
    return HttpResponse(
        imports.reject_file(run),
        content_type=XLSX_MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="rejected.xlsx"'},
    )
