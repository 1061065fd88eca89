"""What kinds of partners there are and which states a partner passes through."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from mulin.kernel.errors import InvalidInput, Text


class PartnerKind(StrEnum):
    """Who a partner is; the kind decides which papers are asked for."""

    DOUBLE_REPORTING_UNIT = "double_reporting_unit"
    MARKET_ENTITY = "market_entity"
    PROFESSIONAL = "professional"
    COMMUNITY_TALENT = "community_talent"
    SOCIAL_ORGANIZATION = "social_organization"
    PROPERTY_COMPANY = "property_company"


class PartnerState(StrEnum):
    """Only an admitted partner is offered anything; a suspended one leaves the offers at once."""

    APPLIED = "applied"
    ADMITTED = "admitted"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    LEFT = "left"


NEXT_STATES: dict[PartnerState, frozenset[PartnerState]] = {
    PartnerState.APPLIED: frozenset({PartnerState.ADMITTED, PartnerState.REFUSED, PartnerState.LEFT}),
    PartnerState.ADMITTED: frozenset({PartnerState.SUSPENDED, PartnerState.LEFT}),
    PartnerState.SUSPENDED: frozenset({PartnerState.ADMITTED, PartnerState.LEFT}),
    PartnerState.REFUSED: frozenset({PartnerState.APPLIED}),
    PartnerState.LEFT: frozenset({PartnerState.APPLIED}),
}


def may_become(state: PartnerState, wanted: PartnerState) -> bool:
    """Whether a partner in `state` may be put into `wanted`."""
    return wanted in NEXT_STATES[state]


KIND_NAMES: Mapping[PartnerKind, Text] = {
    PartnerKind.DOUBLE_REPORTING_UNIT: Text(zh="双报到单位", en="Double-reporting unit"),
    PartnerKind.MARKET_ENTITY: Text(zh="商户、企业", en="Shop or firm"),
    PartnerKind.PROFESSIONAL: Text(zh="专业人士", en="Professional"),
    PartnerKind.COMMUNITY_TALENT: Text(zh="社区能人", en="Skilled neighbour"),
    PartnerKind.SOCIAL_ORGANIZATION: Text(zh="社会组织", en="Social organisation"),
    PartnerKind.PROPERTY_COMPANY: Text(zh="物业公司", en="Property company"),
}

KIND_HINTS: Mapping[PartnerKind, Text] = {
    PartnerKind.DOUBLE_REPORTING_UNIT: Text(
        zh="机关、学校、医院等到社区报到的单位", en="Offices, schools, hospitals that report to the community"
    ),
    PartnerKind.MARKET_ENTITY: Text(
        zh="店铺、维修部、公司、合作社", en="Shops, repair services, firms, cooperatives"
    ),
    PartnerKind.PROFESSIONAL: Text(zh="律师、医生、教师等", en="Lawyers, doctors, teachers and others"),
    PartnerKind.COMMUNITY_TALENT: Text(
        zh="有手艺、肯帮忙的邻居", en="Neighbours with a craft who like to help"
    ),
    PartnerKind.SOCIAL_ORGANIZATION: Text(
        zh="登记的社团、民办机构、基金会", en="Registered associations and foundations"
    ),
    PartnerKind.PROPERTY_COMPANY: Text(zh="小区的物业服务企业", en="Firms that run residential compounds"),
}

STATE_NAMES: Mapping[PartnerState, Text] = {
    PartnerState.APPLIED: Text(zh="待审核", en="Awaiting review"),
    PartnerState.ADMITTED: Text(zh="已入驻", en="Admitted"),
    PartnerState.REFUSED: Text(zh="未通过", en="Refused"),
    PartnerState.SUSPENDED: Text(zh="已暂停", en="Suspended"),
    PartnerState.LEFT: Text(zh="已退出", en="Left"),
}


class EventKind(StrEnum):
    """One line in a partner's file."""

    APPLIED = "applied"
    ADMITTED = "admitted"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    LEFT = "left"
    REOPENED = "reopened"
    MEMBER_ADDED = "member_added"
    CHANGED = "changed"


EVENT_NAMES: Mapping[EventKind, Text] = {
    EventKind.APPLIED: Text(zh="提交申请", en="Applied"),
    EventKind.ADMITTED: Text(zh="审核通过", en="Admitted"),
    EventKind.REFUSED: Text(zh="审核未通过", en="Refused"),
    EventKind.SUSPENDED: Text(zh="暂停派单", en="Suspended"),
    EventKind.RESUMED: Text(zh="恢复派单", en="Resumed"),
    EventKind.LEFT: Text(zh="退出合作", en="Left"),
    EventKind.REOPENED: Text(zh="重新受理申请", en="Application taken up again"),
    EventKind.MEMBER_ADDED: Text(zh="开通账号", en="Account opened"),
    EventKind.CHANGED: Text(zh="修改资料", en="Details changed"),
}

# States in which one organisation may stand in the register only once.
STANDING_STATES = (PartnerState.APPLIED, PartnerState.ADMITTED, PartnerState.SUSPENDED)

WITH_CREDIT_CODE = frozenset(
    {
        PartnerKind.DOUBLE_REPORTING_UNIT,
        PartnerKind.MARKET_ENTITY,
        PartnerKind.SOCIAL_ORGANIZATION,
        PartnerKind.PROPERTY_COMPANY,
    }
)


def asks_for_credit_code(kind: PartnerKind) -> bool:
    """Whether such a partner is an organisation and so has a unified social credit code."""
    return kind in WITH_CREDIT_CODE


def check_reason(reason: str) -> str:
    """The reason, trimmed: whoever is refused, paused or looked up may read why."""
    reason = " ".join(reason.split())
    if len(reason) < 2:
        raise InvalidInput(
            zh="请写一句原因，它会留在合伙人的档案里。",
            en="Please give a reason; it stays in the partner's file.",
            field="reason",
            code="reason-missing",
        )
    return reason[:200]
