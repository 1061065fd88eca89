"""What can be done with a request: one function a use case, one transaction each.

Every function takes the actor and the moment, raises a named error of mulin.kernel.errors, and leaves nothing half done.
Who may call it over which area is decided by the doorway (`selectors.request_for` and its like) before it is called.
"""

from mulin.parts.service_requests.services.answering import (
    answer_record,
    is_own_work,
    tellings_record,
    withdrawal_record,
)
from mulin.parts.service_requests.services.calling_back import requests_call_back
from mulin.parts.service_requests.services.closing import (
    request_close,
    request_confirm,
    request_rate,
    request_reopen,
    request_return,
    requests_close_confirmed,
    requests_close_unanswered,
)
from mulin.parts.service_requests.services.dispatching import (
    offer_decline,
    offer_take,
    offers_move_on,
    request_dispatch_to_partners,
    request_dispatch_to_staff,
    request_recall,
)
from mulin.parts.service_requests.services.exports import exports_remove_old
from mulin.parts.service_requests.services.handling import (
    request_give_back,
    request_handle,
    request_resume,
    request_take,
)
from mulin.parts.service_requests.services.looking import phone_look
from mulin.parts.service_requests.services.photos import photos_attach
from mulin.parts.service_requests.services.raising import Raised, RequestInput, request_raise
from mulin.parts.service_requests.services.taking_in import (
    request_accept,
    request_note,
    request_reject,
    request_withdraw,
)

__all__ = [
    "Raised",
    "RequestInput",
    "answer_record",
    "exports_remove_old",
    "is_own_work",
    "offer_decline",
    "offer_take",
    "offers_move_on",
    "phone_look",
    "photos_attach",
    "request_accept",
    "request_close",
    "request_confirm",
    "request_dispatch_to_partners",
    "request_dispatch_to_staff",
    "request_give_back",
    "request_handle",
    "request_note",
    "request_raise",
    "request_rate",
    "request_recall",
    "request_reject",
    "request_reopen",
    "request_resume",
    "request_return",
    "request_take",
    "request_withdraw",
    "requests_call_back",
    "requests_close_confirmed",
    "requests_close_unanswered",
    "tellings_record",
    "withdrawal_record",
]
