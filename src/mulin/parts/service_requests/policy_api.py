"""Who may use which operation of the API of requests."""

from mulin.identity.policy import Policy, needs

API_POLICIES: dict[str, Policy] = {
    "GET api/v1/request-types": needs("requests.view", "requests.take_in"),
    "GET api/v1/requests": needs("requests.view"),
    "POST api/v1/requests": needs("requests.take_in"),
    "GET api/v1/requests/<public_id>": needs("requests.view"),
    "POST api/v1/requests/<public_id>/accept": needs("requests.dispatch"),
    "POST api/v1/requests/<public_id>/reject": needs("requests.dispatch"),
    "POST api/v1/requests/<public_id>/dispatch": needs("requests.dispatch"),
    "POST api/v1/requests/<public_id>/notes": needs("requests.view"),
    "GET api/v1/statistics/requests": needs("requests.statistics"),
}
