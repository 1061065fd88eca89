"""Who may use which route of requests."""

from mulin.identity.policy import Policy
from mulin.parts.service_requests.policy_api import API_POLICIES
from mulin.parts.service_requests.policy_resident import PARTNER_POLICIES, RESIDENT_POLICIES
from mulin.parts.service_requests.policy_work import WORK_POLICIES

POLICIES: dict[str, Policy] = {**RESIDENT_POLICIES, **PARTNER_POLICIES, **WORK_POLICIES, **API_POLICIES}
