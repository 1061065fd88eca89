"""Bringing tables in, whatever kind of table it is: upload, look, store in the background, get back what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mulin.base import imports, jobs, spreadsheets
from mulin.base.import_kinds import ImportKind
from mulin.base.models import ImportRun
from mulin.base.paths import outermost
from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput, NotFound, Text
from mulin.portals.selectors import import_run_for, import_runs_of
from mulin.web.pages import page

JOB_KIND = "import"
SUFFIXES = {".xlsx", ".xls", ".csv", ".txt", ".tsv"}


@dataclass(frozen=True)
class ChooseKindPage:
    kinds: list[tuple[str, str]]
    runs: list[tuple[ImportRun, str]]


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which tables I may bring in, and my latest ones."""
    actor = request.actor
    kinds = [
        (page_of(kind), named(kind.title))
        for kind in imports.registered().values()
        if actor.may(kind.permission)
    ]
    runs = [(run, title_of(run)) for run in import_runs_of(actor)]
    return page(request, "portals/imports.html", ChooseKindPage(kinds, runs))


@dataclass(frozen=True)
class ColumnLine:
    name: str
    required: bool
    help: str


@dataclass(frozen=True)
class UploadPage:
    code: str
    title: str
    columns: list[ColumnLine]
    error: str
    form_errors: bool
    has_first_passwords: bool


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, kind_code: str) -> HttpResponse:
    """Take a table and copy it beside the data; nothing is stored until somebody has looked at it."""
    kind = kind_for(request.actor, kind_code)
    if kind.page:
        return HttpResponseRedirect(page_of(kind))
    error = ""
    if request.method == "POST":
        try:
            run = staged(request, kind)
        except InvalidInput as problem:
            error = named(problem.text)
        else:
            return HttpResponseRedirect(reverse("portals:import_run", args=[run.public_id]))
    lines = [
        ColumnLine(named(Text(one.zh, one.en)), one.required, named(one.help) if one.help else "")
        for one in kind.columns
    ]
    context = UploadPage(kind_code, named(kind.title), lines, error, bool(error), kind_code == "accounts")
    return page(request, "portals/import_upload.html", context, status=422 if error else 200)


@require_safe
def template(request: HttpRequest, kind_code: str) -> HttpResponse:
    """An empty sheet with the right headings."""
    kind = kind_for(request.actor, kind_code)
    title = named(kind.title)
    sheet = spreadsheets.write([named(Text(one.zh, one.en)) for one in kind.columns], [], title)
    return attachment(sheet, f"{kind_code}.xlsx")


def staged(request: HttpRequest, kind: ImportKind) -> ImportRun:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        raise InvalidInput(zh="请选择要导入的表格。", en="Please choose the table to bring in.", field="file")
    name = Path(file.name or "").name
    if Path(name).suffix.lower() not in SUFFIXES:
        raise InvalidInput(
            zh="只能导入 xlsx、xls 或 csv 表格。请在表格软件里另存为其中一种。",
            en="Only xlsx, xls or csv can be brought in. Save the table as one of these.",
            field="file",
        )
    actor = request.actor
    with on_disk(file, Path(name).suffix.lower()) as path:
        return imports.stage(
            path,
            kind,
            actor=actor,
            now=request.clock.now(),
            source_name=name,
            area_path=outermost(actor.paths(kind.permission))[0],
        )


@contextmanager
def on_disk(file: UploadedFile, suffix: str) -> Iterator[Path]:
    """The upload as a file of our own name, removed afterwards."""
    folder = Path(settings.MULIN_HOME) / "tmp"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder, suffix=suffix) as target:
        for chunk in file.chunks():
            target.write(chunk)
        target.flush()
        yield Path(target.name)


@dataclass(frozen=True)
class RunPage:
    run: ImportRun
    title: str
    preview: imports.Preview | None
    problems: list[tuple[int, str]]
    rejected: list[tuple[int, list[str], str]]
    is_accounts: bool


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """Before: what would happen. After: what came of it."""
    run = import_run_for(request.actor, public_id)
    preview = None
    if run.state == ImportRun.State.PREVIEWED:
        preview = imports.preview(run, actor=request.actor, now=request.clock.now())
    context = RunPage(
        run=run,
        title=title_of(run),
        preview=preview,
        problems=[(line, named(text)) for line, text in preview.problems] if preview else [],
        rejected=[(line, cells, named(text)) for line, cells, text in imports.rejected_rows(run, 25)],
        is_accounts=run.kind == "accounts",
    )
    return page(request, "portals/import_run.html", context)


@require_POST
def apply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a worker store it, chunk by chunk; one may leave the page."""
    run = import_run_for(request.actor, public_id)
    title = _("导入%(title)s：%(name)s") % {"title": title_of(run), "name": run.source_name}
    job = jobs.ask(
        kind=JOB_KIND,
        title=title,
        payload={"run": run.public_id},
        actor=request.actor,
        now=request.clock.now(),
    )
    return HttpResponseRedirect(reverse("portals:job", args=[job.public_id]))


@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    run = import_run_for(request.actor, public_id)
    imports.cancel(run, request.clock.now())
    return HttpResponseRedirect(reverse("portals:import_run", args=[public_id]))


@require_safe
def rejected(request: HttpRequest, public_id: str) -> HttpResponse:
    """The refused rows in the columns of the table, with the reason beside each."""
    run = import_run_for(request.actor, public_id)
    return attachment(imports.reject_file(run), f"rejected-{run.kind}.xlsx")


def kind_for(actor: Actor, code: str) -> ImportKind:
    """The doorway to a kind of table."""
    kind = imports.registered().get(code)
    if kind is None or not actor.may(kind.permission):
        raise NotFound
    return kind


def page_of(kind: ImportKind) -> str:
    """Where a table is brought in: on the page of its kind, or on the one that all kinds share."""
    return reverse(kind.page) if kind.page else reverse("portals:import_upload", args=[kind.code])


def title_of(run: ImportRun) -> str:
    kind = imports.registered().get(run.kind)
    return named(kind.title) if kind else run.kind


def named(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")


def attachment(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        body,
        content_type=spreadsheets.XLSX_MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
