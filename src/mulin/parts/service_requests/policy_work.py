"""Who may use which page of the workbench; the doorway checks the request's own area."""

from mulin.identity.policy import Policy, needs

SEE = needs("requests.view", "requests.handle")
ACT = needs("requests.take_in", "requests.dispatch", "requests.handle", "requests.close")
TAKE_IN, EXPORT, IMPORT = needs("requests.take_in"), needs("requests.export"), needs("requests.import")

WORK_POLICIES: dict[str, Policy] = {
    "service_requests:work_queue": SEE,
    "service_requests:work_one": SEE,
    "service_requests:work_photo": SEE,
    "service_requests:work_act": ACT,
    "service_requests:work_dispatch": needs("requests.dispatch"),
    "service_requests:work_look": needs("requests.look"),
    "service_requests:work_new": TAKE_IN,
    "service_requests:work_slip": TAKE_IN,
    "service_requests:work_slip_qr": TAKE_IN,
    "service_requests:work_statistics": needs("requests.statistics"),
    "service_requests:work_export": EXPORT,
    "service_requests:work_job": EXPORT,
    "service_requests:work_job_cancel": EXPORT,
    "service_requests:work_job_file": EXPORT,
    "service_requests:work_import": IMPORT,
    "service_requests:work_import_run": IMPORT,
    "service_requests:work_import_start": IMPORT,
    "service_requests:work_import_cancel": IMPORT,
    "service_requests:work_import_rejects": IMPORT,
}
