"""Routes of the workbench. Words before ids: a public id never equals one of them."""

from django.urls import URLPattern, path

from mulin.parts.service_requests.views import work

BASE = "work/requests/"
urlpatterns: list[URLPattern] = [
    path(BASE, work.queue, name="work_queue"),
    path(f"{BASE}new/", work.new, name="work_new"),
    path(f"{BASE}statistics/", work.statistics, name="work_statistics"),
    path(f"{BASE}export/", work.export, name="work_export"),
    path(f"{BASE}jobs/<str:public_id>/", work.job, name="work_job"),
    path(f"{BASE}jobs/<str:public_id>/cancel/", work.job_cancel, name="work_job_cancel"),
    path(f"{BASE}jobs/<str:public_id>/file/", work.job_file, name="work_job_file"),
    path(f"{BASE}import/", work.import_upload, name="work_import"),
    path(f"{BASE}import/<str:public_id>/", work.import_run, name="work_import_run"),
    path(f"{BASE}import/<str:public_id>/start/", work.import_start, name="work_import_start"),
    path(f"{BASE}import/<str:public_id>/cancel/", work.import_cancel, name="work_import_cancel"),
    path(f"{BASE}import/<str:public_id>/rejects/", work.import_rejects, name="work_import_rejects"),
    path(f"{BASE}<str:public_id>/", work.one, name="work_one"),
    path(f"{BASE}<str:public_id>/dispatch/", work.dispatch, name="work_dispatch"),
    path(f"{BASE}<str:public_id>/do/<str:code>/", work.act, name="work_act"),
    path(f"{BASE}<str:public_id>/look/", work.look, name="work_look"),
    path(f"{BASE}<str:public_id>/slip/", work.slip, name="work_slip"),
    path(f"{BASE}<str:public_id>/slip/code.svg", work.slip_qr, name="work_slip_qr"),
    path(f"{BASE}<str:public_id>/photos/<str:file_id>/", work.photo, name="work_photo"),
]
