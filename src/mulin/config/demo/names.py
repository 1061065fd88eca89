"""Names of invented people: surnames as often as they are, given names as each generation has them."""

from __future__ import annotations

from mulin.kernel.clock import SeededRandomness

# How many of a thousand bear the name, roughly as in Shandong.
_SURNAMES = {
    "王": 102, "张": 86, "李": 84, "刘": 72, "孙": 34, "赵": 33, "杨": 30, "陈": 28, "徐": 25, "马": 23,
    "高": 21, "宋": 20, "于": 19, "朱": 18, "郭": 18, "韩": 17, "周": 16, "吴": 15, "孔": 14, "胡": 13,
    "董": 12, "冯": 12, "吕": 11, "梁": 11, "许": 10, "田": 10, "崔": 9, "苏": 9, "魏": 9, "程": 8,
    "丁": 8, "姜": 8, "曹": 8, "袁": 7, "郑": 7, "谢": 7, "侯": 6, "潘": 6, "任": 6, "范": 6,
    "石": 5, "邵": 5, "秦": 5, "贾": 5, "颜": 5, "孟": 5, "尹": 4, "仲": 3, "欧阳": 2, "𠮷": 1,
}  # fmt: skip

_ELDER_WOMEN = [
    "秀英",
    "桂兰",
    "玉珍",
    "凤英",
    "淑兰",
    "玉兰",
    "桂英",
    "秀兰",
    "素珍",
    "凤兰",
    "翠英",
    "秀珍",
    "玉英",
    "桂芳",
    "淑珍",
    "爱莲",
    "兰英",
    "庆芝",
    "月华",
    "金凤",
]
_ELDER_MEN = [
    "德胜",
    "长春",
    "广田",
    "福祥",
    "传贵",
    "庆和",
    "玉堂",
    "兆明",
    "文奎",
    "登科",
    "维忠",
    "宪章",
    "金山",
    "广义",
    "树林",
    "建国",
    "大春",
    "保田",
    "秀山",
    "洪福",
]
_MIDDLE_WOMEN = [
    "红梅",
    "丽华",
    "桂香",
    "秋菊",
    "海燕",
    "春霞",
    "爱华",
    "玉霞",
    "瑞芳",
    "晓燕",
    "卫红",
    "淑芹",
    "霞",
    "丽",
    "敏",
    "燕",
    "静",
    "娟",
    "艳",
    "芳",
]
_MIDDLE_MEN = [
    "建军",
    "卫东",
    "海涛",
    "立新",
    "志刚",
    "永强",
    "爱民",
    "国庆",
    "新民",
    "振华",
    "军",
    "伟",
    "勇",
    "强",
    "涛",
    "斌",
    "峰",
    "磊",
    "刚",
    "杰",
]
_YOUNG_WOMEN = [
    "雨桐",
    "欣怡",
    "梦琪",
    "佳慧",
    "文静",
    "晓彤",
    "思雨",
    "婷婷",
    "雅楠",
    "倩",
    "颖",
    "雪",
    "璐",
    "琳",
    "悦",
    "梦瑶",
    "若溪",
    "依诺",
    "可馨",
    "子涵",
]
_YOUNG_MEN = [
    "浩然",
    "子轩",
    "宇航",
    "俊杰",
    "家豪",
    "博文",
    "鹏飞",
    "天宇",
    "明哲",
    "凯",
    "鑫",
    "超",
    "帅",
    "晨",
    "昊",
    "沐辰",
    "奕辰",
    "梓睿",
    "一鸣",
    "皓轩",
]
_GIVEN = {
    ("elder", True): _ELDER_MEN, ("elder", False): _ELDER_WOMEN,
    ("middle", True): _MIDDLE_MEN, ("middle", False): _MIDDLE_WOMEN,
    ("young", True): _YOUNG_MEN, ("young", False): _YOUNG_WOMEN,
}  # fmt: skip
_SURNAME_LIST, _SURNAME_WEIGHTS = list(_SURNAMES), list(_SURNAMES.values())


def surname(rng: SeededRandomness) -> str:
    return rng.choices(_SURNAME_LIST, _SURNAME_WEIGHTS)[0]


def given_name(rng: SeededRandomness, age: int, is_male: bool) -> str:
    """A name as somebody of that age would bear it; now and then two of them are joined into a rarer one."""
    generation = "elder" if age >= 60 else "middle" if age >= 35 else "young"
    names = _GIVEN[generation, is_male]
    name = rng.choice(names)
    if len(name) == 2 and rng.random() < 0.35:
        return name[0] + rng.choice(names)[-1]
    return name


def full_name(rng: SeededRandomness, age: int, is_male: bool) -> str:
    return surname(rng) + given_name(rng, age, is_male)
