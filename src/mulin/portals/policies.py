"""Who may use the routes of the portals."""

from mulin.identity.policy import Policy, anyone, needs, signed_in

# Each kind of table asks for its own permission; the view checks that one.
MAY_IMPORT = ("users.manage", "areas.manage", "registry.import", "requests.import", "partners.manage")

# Whoever may see any of what the search finds.
MAY_FIND = ("requests.view", "registry.view", "partners.view", "areas.view", "users.view")

POLICIES: dict[str, Policy] = {
    "portals:front": anyone(),
    "portals:figures": anyone(),
    "portals:healthz": anyone(),
    "portals:styleguide": anyone(),
    "portals:styleguide_page": anyone(),
    "portals:size": anyone(),
    "portals:language": anyone(),
    "portals:sign_in": anyone(),
    "portals:sign_out": signed_in(),
    "portals:account": signed_in(),
    "portals:change_password": signed_in(),
    "portals:end_other_sessions": signed_in(),
    "portals:notices": signed_in(),
    "portals:read_all": signed_in(),
    "portals:open_notice": signed_in(),
    "portals:tokens": signed_in(),
    "portals:revoke_token": signed_in(),
    "portals:home": signed_in(),
    "portals:search": needs(*MAY_FIND),
    "portals:users": needs("users.view"),
    "portals:create_user": needs("users.manage"),
    "portals:first_passwords": needs("users.manage"),
    "portals:user": needs("users.view"),
    "portals:give_grant": needs("grants.manage"),
    "portals:reset_password": needs("users.manage"),
    "portals:deactivate_user": needs("users.manage"),
    "portals:end_grant": needs("grants.manage"),
    "portals:imports": needs(*MAY_IMPORT),
    "portals:import_upload": needs(*MAY_IMPORT),
    "portals:import_template": needs(*MAY_IMPORT),
    "portals:import_run": needs(*MAY_IMPORT),
    "portals:apply_import": needs(*MAY_IMPORT),
    "portals:cancel_import": needs(*MAY_IMPORT),
    "portals:rejected_rows": needs(*MAY_IMPORT),
    "portals:audit": needs("audit.view"),
    "portals:operations": needs("operations.view"),
    "portals:resend": needs("operations.manage"),
    "portals:job": signed_in(),
    "portals:cancel_job": signed_in(),
}
