"""What people ask for: short texts from the real messages where that data is present, else from patterns."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path

from mulin.kernel.clock import SeededRandomness

MESSAGES = Path("cn_complaints_taidi2020c") / "public" / "hot_issue_messages.csv"
SHORTEST, LONGEST, TITLE_LONGEST = 16, 170, 32
PLACES_MOST = 2

# The first type whose words occur is the type of a real message.
_WORDS = {
    "neighbours": ("邻居", "楼上", "楼下住户", "扰民", "宠物", "养狗", "遛狗", "广场舞"),
    "repair": (
        "路灯",
        "电梯",
        "漏水",
        "停水",
        "停电",
        "水管",
        "下水道",
        "门禁",
        "暖气",
        "坑洼",
        "井盖",
        "燃气",
        "维修",
        "{place}单元门的闭门器坏了，关门咣当响。",
        "{place}楼顶漏雨，{count}楼天花板湿了一片。",
        "{place}水压太小，早晚用水高峰热水器打不着。",
        "{place}消防栓门掉了，玻璃碴在地上。",
        "{place}楼梯扶手松了，老人扶着晃。",
        "{place}充电桩刷卡没反应，已经{count}天了。",
        "{place}的路面塌了一个坑，下雨看不见。",
        "{place}的监控探头掉下来了，只剩一根线吊着。",
    ),
    "environment": ("垃圾", "臭", "噪音", "污染", "油烟", "扬尘", "积水", "污水", "渣土", "卫生", "绿化"),
    "suggestion": ("建议", "希望能", "能否增设", "规划"),
    "consultation": ("咨询", "请问", "如何", "政策", "补贴", "办理", "社保", "公积金", "户口", "能不能"),
}
# Messages that accuse or mourn somebody, or that could name a person, have no place in a demo.
_UNFIT = re.compile(
    r"举报|贪|腐败|受贿|局长|书记|主任|死|杀|骗|强拆|黑社会|先生|女士|某某|尊敬|您好|你好|领导|地铁|轻轨|高铁|经开|高新|公务员|遴选|开发商|楼盘|购房|大学|集团|公司|\d{4}年|长株|团伙|地霸|盗|违法|勾结|洒水车|直单位|体制|\s[\u4e00-\u9fa5]{2,3}\d?$|\[|\d{7,}|www|http|维权|上访|法院|医院|学校|老师"
)
_FAR_PLACE = re.compile(
    r"西地省|[A-Z]\d{0,2}(?:市|区|县)|[\u4e00-\u9fa5]{0,3}(?:长沙|株洲|湘)[\u4e00-\u9fa5]{0,2}"
)
# A sign that may stand in a proper name: no particle, nothing that belongs to the sentence around it.
_SIGN = r"[^\W\d_a-zA-Z的了在是有和到从把被这那没一口路街巷区市县]"
_ROAD = re.compile(_SIGN + r"{2,3}?(?:大道|路口|路(?![灯边面过况段政由])|街道|街|巷)")
_ESTATE = re.compile(_SIGN + r"{2,5}?(?:小区|花园|社区|公寓|家园|新城|佳苑|名邸|国际)(?:[一二三四五]期)?")
ROADS = ("健康路", "青年路", "文化街", "和谐路")
_COMMON = re.compile(r"^(?:我们?|本|这个?|该|整个|那个?|你们|居民|住在?|老旧?|在|的|是|和|对|一个?|我是)")

_PATTERNS: dict[str, tuple[str, ...]] = {
    "community_order": (
        "家里老人腿脚不便，想请人上门理发，{when}都在家。",
        "洗衣机不脱水了，想请师傅{when}来看看，先问问大概多少钱。",
        "一个人住，想订{count}天的午饭，少盐软一点。",
        "空调该清洗了，两台挂机，{when}家里有人。",
        "眼睛看不清，想请人帮忙念念信、代缴一下电费。",
        "换了新手机不会用，想请志愿者教教怎么视频通话。",
        "家里要搬个旧柜子下楼，想找两个人帮忙，{when}最好。",
        "想给孩子报社区的周末书法课，还有名额吗？",
        "门锁不好使了，钥匙拧不动，想换个锁芯。",
        "老伴出院了，想请社区护士上门量血压、教教怎么翻身。",
        "母亲卧床，想请人上门洗头理发，{when}可以。",
        "油烟机滴油了，想约人上门清洗，{when}在家。",
        "想给老人装个扶手，卫生间和马桶旁边各一个。",
        "家里两个老人，想订社区食堂的晚饭送餐。",
        "孩子放学没人接，想问问四点半课堂还能不能加人。",
        "想请律师帮忙看看租房合同，{when}都行。",
        "冰箱不制冷了，东西要坏，能不能今天来看看？",
        "想请志愿者陪老人去医院复查，{when}上午。",
        "被子太重洗不动，想约上门取洗。",
        "燃气灶打不着火，老人不会换电池，麻烦来看看。",
    ),
    "repair": (
        "{place}的路灯坏了，晚上黑，老人不敢下楼。",
        "{place}单元门禁坏了好几天，门一直敞着。",
        "{place}的下水道堵了，往外返水，味道很大。",
        "{place}电梯最近老是卡顿，关门要好几次。",
        "{place}的健身器材螺丝松了，孩子玩着危险。",
        "{place}井盖翘起来一块，骑车经过咯噔一下。",
        "{place}楼道灯不亮，{count}楼到顶楼都是黑的。",
        "{place}暖气不热，家里只有十五六度。",
    ),
    "environment": (
        "{place}的垃圾桶满了没人清，夏天味道大。",
        "{place}有人往绿化带里倒建筑垃圾。",
        "{place}楼道里堆了很多纸箱和旧家具，过不去轮椅。",
        "{place}下雨就积水，要踩砖头才能过去。",
        "{place}的烧烤摊晚上十一点还在冒烟，窗户不敢开。",
        "{place}的树枝长到二楼窗户了，挡光，刮风打玻璃。",
        "{place}旁边的空地成了垃圾堆，有人半夜来倒。",
        "{place}地下车库有股霉味，排水沟堵了。",
        "{place}的旧沙发扔在路边{count}天了。",
        "{place}楼下有人烧落叶，烟都进屋了。",
        "{place}的流浪猫粮没人收拾，招老鼠。",
        "{place}工地早上五点就打桩。",
    ),
    "neighbours": (
        "楼上晚上十点以后还在拖桌子，说过几次没用，想请社区调解。",
        "邻居的空调外机对着我家窗户吹，协商不下来。",
        "楼上卫生间漏水到我家天花板，找了{count}次都推。",
        "对门把鞋柜放在楼道里，消防通道窄了一半。",
        "邻居养了两只狗，早上五点就叫，孩子要上学。",
        "地下车位总被别人占，电话也打不通。",
        "隔壁装修中午也不停，孩子午睡不了。",
        "楼上空调滴水，正好滴在我家雨棚上，一夜响到天亮。",
        "邻居在公共平台上种菜浇粪，味道大。",
        "两家为了楼道放电动车吵起来了，想请社区来说和说和。",
        "对面阳台装了摄像头，正对着我家门。",
    ),
    "consultation": (
        "请问高龄津贴多大年纪能领，要带什么材料？",
        "孩子上小学，户口和房产证不在一起，能报哪个学校？",
        "想问残疾人护理补贴怎么申请，去哪里交材料。",
        "老房加装电梯，需要多少户同意？手续怎么走？",
        "医保断缴了{count}个月，补缴去哪里办？",
        "灵活就业怎么交社保，社区能代办吗？",
        "租房居住证怎么办？房东不愿意出面可以吗？",
        "老人想申请家里的适老化改造，条件是什么？",
        "退役军人优待证去哪里领？",
        "临时救助怎么申请，家里突然有人住院。",
        "请问社区的日间照料中心收费吗？",
        "孩子的疫苗本丢了，去哪里补？",
        "想开个小吃店，证照在社区能帮忙办吗？",
    ),
    "suggestion": (
        "建议在{place}加几个座椅，老人买菜回来能歇歇脚。",
        "建议社区晚上开放图书室，孩子写作业有地方去。",
        "{place}的停车位划线太窄，建议重新划一下。",
        "建议办个旧衣旧书交换日，一个月一次。",
        "建议{place}装个充电棚，不要再飞线充电。",
        "{place}路口视线不好，建议装个凸面镜。",
        "建议把社区的棋牌室晚上关早点，旁边住户睡得早。",
        "建议给{place}的楼道换声控灯，省电也亮。",
        "建议社区通知除了发群，也贴一张大字的在门口。",
    ),
    "hotline_12345": (
        "市民来电反映{place}道路破损，影响出行，请核实处理并回复。",
        "市民来电反映{place}物业收费不透明，要求公示收支明细。",
        "市民来电反映{place}夜间施工噪音扰民，请核实处理。",
        "市民来电咨询{place}老旧小区改造何时动工，请答复。",
        "市民来电反映{place}冬季供暖温度不达标，请核实处理。",
        "市民来电反映{place}占道经营影响通行，请核实处理。",
        "市民来电求助{place}老人独居无人照料，请上门核实。",
        "市民来电反映{place}消防通道被私家车占用，请处理并回复。",
    ),
}  # fmt: skip
_WHEN = ("明天上午", "周末", "下午三点以后", "这两天", "周三")


@dataclass(frozen=True)
class Message:
    """The words of one request. `title` is empty where the first sentence is title enough."""

    text: str
    title: str = ""


@dataclass
class Writer:
    """Gives each type its next text: a real one while there are any, then one of the patterns."""

    rng: SeededRandomness
    real: dict[str, list[Callable[[str, str], Message]]] = field(default_factory=dict)

    def message(self, kind: str, place: str, estate: str) -> Message:
        """A text of that type about `place`, in the estate or community `estate`."""
        waiting = self.real.get(kind)
        if waiting and self.rng.random() < 0.75:
            return waiting.pop()(place, estate)
        pattern = self.rng.choice(_PATTERNS[kind])
        words = {"place": place, "when": self.rng.choice(_WHEN), "count": self.rng.choice("三四五六")}
        return Message(pattern.format(**words))


def writer(shared_data: Path, rng: SeededRandomness) -> Writer:
    """A writer that knows the real messages if the folder of shared data holds them."""
    file = shared_data / MESSAGES
    real: dict[str, list[Callable[[str, str], Message]]] = defaultdict(list)
    if file.is_file():
        for kind, topic, text in fitting(file):
            real[kind].append(partial(relocated, topic, text))
        for texts in real.values():
            rng.shuffle(texts)
    return Writer(rng, dict(real))


def fitting(file: Path) -> Iterator[tuple[str, str, str]]:
    """(type, topic, text) of messages short enough to read and harmless enough to show."""
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            topic, text = " ".join(row["topic"].split()), " ".join(row["detail"].split())
            whole = topic + text
            if not SHORTEST <= len(text) <= LONGEST or len(topic) > TITLE_LONGEST or _UNFIT.search(whole):
                continue
            kind = next(
                (kind for kind, words in _WORDS.items() if any(word in whole for word in words)), None
            )
            if kind:
                yield kind, topic, text


def relocated(topic: str, text: str, place: str, estate: str) -> Message:
    """The same matter, as if it had happened here."""
    return Message(text=at_home(text, place, estate), title=at_home(topic, place, estate))


def at_home(text: str, place: str, estate: str) -> str:
    """Places far away become places of the county; words that only look like a place stay.

    >>> at_home("A市A3区联丰路路灯不亮", "东关新村3号楼", "东关新村")
    '健康路路灯不亮'
    """
    roads = cycle(ROADS)
    text = _FAR_PLACE.sub("", text)
    text = _ESTATE.sub(lambda found: found[0] if _COMMON.match(found[0]) else estate, text)
    text = _ROAD.sub(lambda found: found[0] if _COMMON.match(found[0]) else next(roads), text)
    return text.lstrip("，。、：:；; ")
