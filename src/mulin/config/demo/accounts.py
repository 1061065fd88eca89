"""The people a visitor of the demo can be, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from mulin.base.models import DatedSetting

# For the demo alone: `mulin demo load` and `mulin run --demo` are the only ways to these accounts.
PASSWORD = "qinghe-demo"  # noqa: S105 (the demo's one password, shown to everybody who starts it)
MARK = "demo.county"


@dataclass(frozen=True)
class Account:
    """One account: as whom one signs in, with which role, at which level of the tree (by its code's length)."""

    login_name: str
    display_name: str
    role: str
    role_zh: str
    role_en: str
    place: str


ACCOUNTS: tuple[Account, ...] = (
    Account(
        "wangnainai", "王奶奶", "resident", "居民（82 岁，独居）", "Resident, 82, lives alone", "community"
    ),
    Account("wanggeyuan", "周海燕", "grid_worker", "网格员", "Grid worker", "grid"),
    Account("xiaoli", "李晓彤", "community_worker", "社区工作者 小李", "Community worker", "community"),
    Account("shuji", "陈卫国", "community_secretary", "社区书记", "Community secretary", "community"),
    Account("jiedao", "孙立新", "subdistrict_officer", "街道干部", "Subdistrict officer", "subdistrict"),
    Account("bumen", "高明哲", "department_officer", "部门干部", "Department officer", "county"),
    Account("xian", "徐振华", "county_manager", "县领导（管理）", "County manager", "county"),
    Account("weixiu", "赵永强", "partner", "合伙人：家电水电维修", "Partner: repairs", "partner"),
    Account("lifa", "马红梅", "partner", "合伙人：上门理发", "Partner: haircuts", "partner"),
    Account("wuye", "吴建军", "partner", "合伙人：物业公司", "Partner: property company", "partner"),
    Account("shenji", "郑静", "auditor", "审计员", "Auditor", "county"),
    Account("xitong", "许鹏飞", "system_administrator", "系统管理员", "System administrator", "whole"),
    Account("anquan", "韩雪", "security_administrator", "安全管理员", "Security administrator", "whole"),
    Account("sanyuan", "曹斌", "audit_administrator", "审计管理员", "Audit administrator", "whole"),
)


@dataclass(frozen=True)
class Introduction:
    """What `mulin run --demo` shows: who one can be, with which password, and the code page to begin with."""

    accounts: tuple[Account, ...]
    password: str
    page_code: str


def introduction() -> Introduction | None:
    """None when the database holds no demo county."""
    mark = DatedSetting.objects.filter(key=MARK).first()
    return Introduction(ACCOUNTS, PASSWORD, mark.value["page_code"]) if mark else None
