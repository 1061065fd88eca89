"""Pages of requests for staff, gathered from the modules that each hold one idea."""

from mulin.parts.service_requests.views.work_dispatch import dispatch
from mulin.parts.service_requests.views.work_import import cancel as import_cancel
from mulin.parts.service_requests.views.work_import import one as import_run
from mulin.parts.service_requests.views.work_import import rejects as import_rejects
from mulin.parts.service_requests.views.work_import import start as import_start
from mulin.parts.service_requests.views.work_import import upload as import_upload
from mulin.parts.service_requests.views.work_jobs import export, job, job_cancel, job_file
from mulin.parts.service_requests.views.work_lists import queue
from mulin.parts.service_requests.views.work_new import new, slip, slip_qr
from mulin.parts.service_requests.views.work_one import act, look, one, photo
from mulin.parts.service_requests.views.work_statistics import statistics

__all__ = [
    "act",
    "dispatch",
    "export",
    "import_cancel",
    "import_rejects",
    "import_run",
    "import_start",
    "import_upload",
    "job",
    "job_cancel",
    "job_file",
    "look",
    "new",
    "one",
    "photo",
    "queue",
    "slip",
    "slip_qr",
    "statistics",
]
