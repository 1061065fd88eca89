"""The sheet with first passwords: one row an account, to be cut into strips and handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mulin.base import spreadsheets
from mulin.identity.models import User
from mulin.web.formats import listed

SHEET_ROWS = 1000


def first_password_sheet(
    users: Sequence[User], passwords: Mapping[int, str], names: Mapping[str, str]
) -> bytes:
    """An xlsx of name, login name, roles, area and password. It is given out once and kept nowhere."""
    columns = [_("姓名"), _("登录名"), _("角色"), _("区域"), _("初始密码（首次登录后要改）")]
    return spreadsheets.write(
        columns, [row(user, passwords[user.pk], names) for user in users], _("初始密码")
    )


def row(user: User, password: str, names: Mapping[str, str]) -> list[str]:
    language = get_language() or "zh-hans"
    grants = getattr(user, "open_grants", [])
    roles = listed(dict.fromkeys(grant.role.name_in(language) for grant in grants))
    places = listed(dict.fromkeys(names[grant.area_path] for grant in grants)) or names[user.area_path]
    return [user.display_name, user.login_name, roles, places, password]
