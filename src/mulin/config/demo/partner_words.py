"""What community partners of an invented county are called and what they offer."""

from __future__ import annotations

from dataclasses import dataclass

from mulin.parts.partners.rules import PartnerKind


@dataclass(frozen=True)
class Trade:
    """One line of work. `names` are completed with a lucky word; `credit` begins its credit code, none for persons."""

    kind: PartnerKind
    names: tuple[str, ...]
    categories: tuple[str, ...]
    introduction: str
    credit: str = ""
    weight: int = 1


LUCKY = [
    "顺达",
    "安心",
    "康宁",
    "惠民",
    "诚信",
    "和美",
    "金穗",
    "阳光",
    "众合",
    "青禾",
    "禾苗",
    "益家",
    "平安",
    "同心",
    "友邻",
    "万家",
    "巧手",
    "百姓",
    "春风",
    "永泰",
    "鸿运",
    "佳洁",
    "乐龄",
    "福源",
    "明诚",
    "启智",
    "清泉",
    "双禾",
    "新悦",
    "润泽",
]

TRADES: tuple[Trade, ...] = (
    Trade(PartnerKind.MARKET_ENTITY, ("{}家电维修部", "{}制冷服务部"), ("appliance_repair", "plumbing_electrical"), "家电清洗、维修、移机，老人上门免检测费。", "92", 5),
    Trade(PartnerKind.MARKET_ENTITY, ("{}水暖五金店", "{}管道疏通"), ("plumbing_electrical", "locks"), "水电安装、管道疏通、开锁换锁，随叫随到。", "92", 4),
    Trade(PartnerKind.MARKET_ENTITY, ("{}理发店", "{}美发工作室"), ("haircut",), "每周三上午上门为老人理发。", "92", 4),
    Trade(PartnerKind.MARKET_ENTITY, ("{}家政服务公司", "{}保洁公司"), ("housekeeping", "elder_care"), "保洁、陪护、做饭，按次结算。", "91", 4),
    Trade(PartnerKind.MARKET_ENTITY, ("{}餐馆", "{}老年食堂"), ("meals",), "为独居老人送午餐，每份优惠两元。", "92", 4),
    Trade(PartnerKind.MARKET_ENTITY, ("{}大药房", "{}康复器械"), ("health",), "免费量血压、测血糖，代配常用药。", "91", 3),
    Trade(PartnerKind.MARKET_ENTITY, ("{}托管中心", "{}书法教室"), ("child_care", "arts_sports"), "放学托管、周末公益课。", "91", 3),
    Trade(PartnerKind.MARKET_ENTITY, ("{}废品回收站",), ("recycling",), "预约上门回收，旧家电折价。", "92", 2),
    Trade(PartnerKind.MARKET_ENTITY, ("{}便民超市", "{}快递驿站"), ("errands",), "代买代送、代收代寄。", "92", 4),
    Trade(PartnerKind.PROPERTY_COMPANY, ("{}物业服务公司",), ("property_service", "plumbing_electrical", "sanitation"), "小区维修、保洁、门岗，二十四小时值班。", "91", 3),
    Trade(PartnerKind.SOCIAL_ORGANIZATION, ("{}社会工作服务中心",), ("psychology", "elder_care", "child_care"), "持证社工，入户陪伴和心理疏导。", "52", 3),
    Trade(PartnerKind.SOCIAL_ORGANIZATION, ("{}志愿者协会",), ("errands", "elder_care"), "志愿者结对探访，代办跑腿。", "51", 3),
    Trade(PartnerKind.SOCIAL_ORGANIZATION, ("{}艺术团", "{}太极拳协会"), ("arts_sports",), "广场舞、合唱、太极拳教学。", "51", 2),
    Trade(PartnerKind.DOUBLE_REPORTING_UNIT, ("{}小学", "{}幼儿园"), ("child_care", "arts_sports"), "开放操场，教师志愿辅导。", "12", 2),
    Trade(PartnerKind.DOUBLE_REPORTING_UNIT, ("{}卫生院", "{}中医馆"), ("health",), "每月义诊，慢病随访。", "12", 2),
    Trade(PartnerKind.DOUBLE_REPORTING_UNIT, ("县{}服务中心",), ("skills_training", "errands"), "党员到社区报到，认领微心愿。", "12", 2),
    Trade(PartnerKind.PROFESSIONAL, ("{name}律师", "{name}法律工作者"), ("legal_advice", "mediation"), "婚姻、继承、邻里纠纷免费咨询。", "", 3),
    Trade(PartnerKind.PROFESSIONAL, ("{name}心理咨询师", "{name}医师"), ("psychology", "health"), "周末在社区坐诊。", "", 2),
    Trade(PartnerKind.COMMUNITY_TALENT, ("{name}（退休教师）", "{name}（剪纸传承人）"), ("child_care", "arts_sports"), "教孩子写字、剪纸，不收费。", "", 3),
    Trade(PartnerKind.COMMUNITY_TALENT, ("{name}（老电工）", "{name}（老木匠）"), ("plumbing_electrical", "appliance_repair"), "邻居家里有小毛病，喊一声就到。", "", 3),
    Trade(PartnerKind.COMMUNITY_TALENT, ("{name}（和事佬）",), ("mediation",), "调解邻里矛盾三十年。", "", 2),
)  # fmt: skip
