"""What the living style guide shows: one made-up sample for every component, in each of its states.

The page at /styleguide/ is built from the same macros as every other page, so a screenshot of it
is a screenshot of the whole design. Nothing here is read from the database.
"""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.templatetags.static import static
from django.utils.safestring import mark_safe

PAGES = {
    "components": "web/styleguide.html",
    "resident": "web/styleguide_resident.html",
    "workbench": "web/styleguide_workbench.html",
    "partner": "web/styleguide_partner.html",
    "sheet": "web/styleguide_sheet.html",
}

Sample = dict[str, Any]


def styleguide_template(name: str) -> str | None:
    """The template of one page of the guide, or None when there is no such page."""
    return PAGES.get(name or "components")


def styleguide_context(base_url: str = "/styleguide/") -> Sample:
    """Everything the guide's templates read, whichever page is shown."""
    photo = {
        "url": static("img/sample.svg"),
        "thumb_url": static("img/sample.svg"),
        "alt": "路灯杆，灯没有亮",
    }
    return {
        "guide_pages": [
            {"label": label, "url": base_url + path, "icon": icon}
            for label, path, icon in (
                ("部件", "", "layout-grid"),
                ("居民", "resident/", "house"),
                ("工作台", "workbench/", "inbox"),
                ("合伙人", "partner/", "handshake"),
                ("打印", "sheet/", "printer"),
            )
        ],
        "colours": colours(),
        "statuses": statuses(),
        "clocks": clocks(),
        "events": events(photo),
        "photos": [photo] * 3,
        "matters": matters(),
        "person": person(revealed=False),
        "person_revealed": person(revealed=True),
        "reasons": [("call", "联系本人办理事项"), ("visit", "上门走访"), ("check", "核对信息")],
        "crumb": crumb(),
        "area_groups": area_groups(),
        "views": views(),
        "filters": filters(),
        "columns": columns(),
        "rows": rows(),
        "column_choices": column_choices(),
        "bulk_actions": [
            {"label": "派单", "value": "dispatch", "icon": "send", "key": "d"},
            {"label": "导出 Excel", "value": "export", "icon": "download"},
        ],
        "blank_form": SampleForm(prefix="blank"),
        "wrong_form": SampleForm(
            {"words": "楼道灯坏了", "phone": "138 0000", "place": "", "kind": "repair", "agree": ""}
        ),
        "kinds": kinds(),
        "steps": [
            {"label": label, "url": "#steps"} for label in ("在哪里", "什么事", "照片", "怎么联系", "核对")
        ],
        "answers_given": [
            {"label": "在哪里", "value": "青禾社区 3 号楼 2 单元", "change_url": "#steps"},
            {"label": "什么事", "value": "楼道灯不亮，晚上上下楼看不清。", "change_url": "#steps"},
            {"label": "照片", "value": "", "change_url": "#steps"},
        ],
        "jobs": jobs(),
        "figures": figures(),
        "charts": charts(),
        "map_data": map_data(),
        "board_columns": board_columns(),
        "qr_svg": qr_svg("https://example.org/r/7K3M"),
        "places": places(),
        "offers": offers(),
    }


class SampleForm(forms.Form):
    """One field of each kind the components know."""

    words = forms.CharField(
        label="出了什么事",
        help_text="几句话就行，比如“3 号楼 2 单元楼道灯不亮”。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    phone = forms.RegexField(
        r"^1\d{10}$",
        label="您的手机号",
        help_text="只有办事的人看得到。",
        error_messages={"invalid": "手机号是 11 位数字，现在少了几位，请补全"},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    place = forms.ChoiceField(
        label="在哪个小区",
        choices=[("", "请选择"), ("a", "青禾花园"), ("b", "河畔里")],
        error_messages={"required": "请选择小区"},
    )
    kind = forms.ChoiceField(
        label="哪一类",
        choices=[("repair", "维修"), ("clean", "环境卫生"), ("care", "照料老人")],
        widget=forms.RadioSelect,
    )
    wish_day = forms.DateField(
        label="希望哪天办好", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    agree = forms.BooleanField(
        label="办好后请打电话告诉我",
        required=False,
        help_text="不勾选就只发短信。",
    )


def colours() -> list[Sample]:
    named = (
        ("ground", "页面"), ("paper", "纸面"), ("sunken", "凹处"), ("line", "细线"), ("ink", "正文"), ("ink-2", "次要文字"),
        ("brand", "竹青"), ("brand-soft", "浅竹青"), ("accent", "柿色"), ("ok", "办好"), ("warn", "留意"),
        ("danger", "出错"), ("info", "说明"),
    )  # fmt: skip
    return [{"token": token, "label": label} for token, label in named]


def statuses() -> list[Sample]:
    named = (
        ("已提交", "waiting"), ("已受理", "info"), ("已派单", "brand"), ("办理中", "brand"), ("待您确认", "warn"),
        ("已办结", "ok"), ("退回重办", "danger"), ("已撤回", "stopped"), ("已归档", "closed"), ("草稿", "neutral"),
    )  # fmt: skip
    return [{"label": label, "tone": tone} for label, tone in named]


def clocks() -> list[Sample]:
    exact = "2026年11月20日 18:00"
    return [
        {"text": "还剩 2 天", "state": "calm", "used_percent": 30, "exact": exact},
        {"text": "还剩 2 小时", "state": "soon", "used_percent": 88, "exact": exact},
        {"text": "超时 1 天", "state": "late", "exact": exact},
        {"text": "等材料，暂停计时", "state": "paused"},
        {"text": "按时办结", "state": "met"},
        {"text": "没有时限", "state": "none"},
    ]


def events(photo: Sample) -> list[Sample]:
    return [
        {"what": "等您确认", "state": "next"},
        {
            "what": "李师傅已到现场",
            "who": "李师傅 · 青禾维修社",
            "when_text": "今天 14:20",
            "when_exact": "2026年11月20日 14:20",
            "state": "now",
            "detail": "灯头烧了，正在换。",
            "photos": [photo, photo],
        },
        {"what": "已派给李师傅，今天 18:00 前办好", "who": "社区 小周", "when_text": "今天 10:05"},
        {
            "what": "维修社退回：梯子不够高，改派",
            "who": "河畔维修",
            "when_text": "今天 09:40",
            "state": "problem",
        },
        {"what": "社区已受理", "who": "社区 小周", "when_text": "昨天 17:31"},
        {"what": "您提交了事项", "who": "王奶奶", "when_text": "昨天 17:26"},
    ]


def matters() -> list[Sample]:
    return [
        {
            "title": "路灯不亮",
            "url": "#matter",
            "status": {"label": "办理中", "tone": "brand"},
            "clock": {"text": "还剩 3 小时", "state": "soon", "used_percent": 80},
            "holder_text": "已派给 李师傅",
            "due_text": "今天 18:00 前",
        },
        {
            "title": "上门理发",
            "url": "#matter",
            "status": {"label": "待您确认", "tone": "warn"},
            "holder_text": "爱心理发店说已经做完",
            "due_text": "三天内没有回话就算满意",
        },
    ]


def person(*, revealed: bool) -> Sample:
    return {
        "name": "王秀英" if revealed else "王**",
        "subtitle": "女 · 82 岁",
        "revealed": revealed,
        "revealed_note": "正在显示完整信息，理由“上门走访”已记录。",
        "tags": [
            {"label": "独居", "tone": "warn"},
            {"label": "高龄津贴", "tone": "brand"},
            {"label": "听力不便"},
        ],
        "fields": [
            {"label": "电话", "value": "138 0000 1234", "href": "tel:13800001234"}
            if revealed
            else {"label": "电话", "value": "138 **** 1234", "masked": True},
            {
                "label": "住址",
                "value": "3 号楼 2 单元 301" if revealed else "3 号楼 ** ",
                "masked": not revealed,
            },
            {"label": "证件号", "value": "3708** ******** **1X", "masked": True},
        ],
    }


def crumb() -> list[Sample]:
    return [
        {"name": "青禾县", "url": "#area"},
        {"name": "东关街道", "url": "#area"},
        {"name": "青禾社区", "url": "#area"},
        {"name": "第三网格"},
    ]


def area_groups() -> list[Sample]:
    return [
        {
            "label": "东关街道",
            "options": [
                {"value": "a", "label": "青禾花园", "hint": "1–12 号楼，青禾社区"},
                {"value": "b", "label": "河畔里", "hint": "东区、西区"},
                {"value": "c", "label": "粮食局家属院"},
            ],
        },
        {
            "label": "西湖街道",
            "options": [{"value": "d", "label": "学府小区"}, {"value": "e", "label": "桃园新村"}],
        },
    ]


def views() -> list[Sample]:
    return [
        {"label": "待派", "url": "#filters", "count": 12, "current": True},
        {"label": "快超时", "url": "#filters", "count": 3, "tone": "accent"},
        {"label": "我的", "url": "#filters", "count": 7},
        {"label": "全部", "url": "#filters", "count": "4,326"},
    ]


def filters() -> Sample:
    return {
        "fields": [
            {"name": "q", "label": "搜索", "kind": "search", "placeholder": "编号、内容、地点"},
            {
                "name": "type",
                "label": "类型",
                "kind": "select",
                "value": "light",
                "options": [("", "全部类型"), ("light", "公共照明"), ("clean", "环境卫生")],
            },
            {"name": "since", "label": "从哪天起", "kind": "date", "value": "2026-11-01"},
        ],
        "active": [
            {"label": "公共照明", "remove_url": "#filters"},
            {"label": "11月1日起", "remove_url": "#filters"},
        ],
        "clear_url": "#filters",
        "total_text": "共 12 件",
    }


def columns() -> list[Sample]:
    return [
        {"label": "事项", "key": "title", "sort_url": "#table"},
        {"label": "类型", "key": "type"},
        {"label": "地点", "key": "place"},
        {"label": "状态", "key": "status"},
        {"label": "时限", "key": "clock", "sort_url": "#table", "sorted": "ascending"},
        {"label": "金额", "key": "amount", "numeric": True, "sort_url": "#table"},
    ]


def rows() -> list[Sample]:
    samples = (
        (
            "路灯不亮，晚上看不清路",
            "公共照明",
            "青禾花园 3 号楼东侧",
            "办理中",
            "brand",
            "late",
            "超时 1 天",
            "¥120.00",
        ),
        ("井盖松动有响声", "道路设施", "河畔里西门", "已派单", "brand", "soon", "还剩 2 小时", "¥0.00"),
        (
            "楼道堆放杂物",
            "环境卫生",
            "粮食局家属院 2 单元",
            "已受理",
            "info",
            "calm",
            "还剩 3 天",
            "¥1,234.50",
        ),
        ("想请人上门理发", "助老服务", "青禾花园 7 号楼", "待确认", "warn", "met", "按时办结", "¥15.00"),
    )
    used = {"soon": 85, "calm": 25}
    return [
        {
            "id": f"7K3M{number}",
            "url": "#table",
            "title": title,
            "type": kind,
            "place": place,
            "status": {"label": label, "tone": tone},
            "clock": {"text": text, "state": state, "used_percent": used.get(state)},
            "amount": amount,
        }
        for number, (title, kind, place, label, tone, state, text, amount) in enumerate(samples)
    ]


def column_choices() -> list[Sample]:
    return [
        {"key": column["key"], "label": column["label"], "shown": True, "fixed": column["key"] == "title"}
        for column in columns()
    ]


def kinds() -> list[Sample]:
    return [
        {"value": "repair", "label": "坏了要修", "hint": "灯、门、水管、路面", "icon": "wrench"},
        {"value": "clean", "label": "环境卫生", "hint": "垃圾、杂物、异味", "icon": "trash-2"},
        {"value": "care", "label": "想请人帮忙", "hint": "理发、送餐、陪诊", "icon": "hand-helping"},
        {"value": "other", "label": "别的事", "hint": "写出来，我们来分", "icon": "message-circle"},
    ]


def jobs() -> list[Sample]:
    return [
        {"id": "a", "title": "导入房屋", "state": "waiting", "done_text": "前面还有 1 件"},
        {
            "id": "b",
            "title": "导入事项",
            "state": "running",
            "percent": 42,
            "done_text": "已处理 1,817 / 4,326 行",
            "time_left_text": "大约还要 2 分钟",
        },
        {
            "id": "c",
            "title": "导入住户",
            "state": "done",
            "message": "4,310 行已收下，16 行有问题。",
            "links": [{"label": "下载有问题的行", "url": "#jobs"}],
        },
        {
            "id": "d",
            "title": "导出台账",
            "state": "failed",
            "message": "磁盘满了，没有写完。请联系管理员后再试。",
        },
    ]


def figures() -> list[Sample]:
    return [
        {"label": "本月事项", "value": "1,286", "unit": "件", "url": "#figures", "age_text": "3 分钟前算的", "change_text": "比上月少 42 件"},
        {"label": "按时办结率", "value": "92.5", "unit": "%", "of_text": "185 / 200 件", "url": "#figures", "age_text": "3 分钟前算的"},
        {"label": "已经超时", "value": "3", "unit": "件", "tone": "accent", "url": "#figures", "age_text": "刚刚"},
        {"label": "空巢老人走访", "value": None, "url": "#figures", "age_text": "两个社区还没报"},
    ]  # fmt: skip


def charts() -> list[Sample]:
    foot = {"source_text": "来源：事项台账", "age_text": "3 分钟前算的", "rows_url": "#charts"}
    return [
        {
            "id": "by-week",
            "title": "路灯类事项这一周翻了一倍",
            "kind": "bar",
            "unit": "件",
            "category_label": "周",
            "categories": ["10月第4周", "11月第1周", "第2周", "第3周"],
            "series": [{"name": "事项", "values": [21, 18, None, 43], "highlight": [3]}],
            **foot,
        },
        {
            "id": "by-community",
            "title": "青禾社区最多，占三成",
            "kind": "bar-across",
            "unit": "件",
            "category_label": "社区",
            "categories": ["青禾社区", "河畔社区", "学府社区", "桃园社区"],
            "series": [{"name": "事项", "values": [128, 96, 74, 31], "highlight": []}],
            **foot,
        },
        {
            "id": "satisfaction",
            "title": "满意率半年来稳步回升",
            "kind": "line",
            "unit": "%",
            "category_label": "月份",
            "categories": ["6月", "7月", "8月", "9月", "10月", "11月"],
            "series": [
                {"name": "满意率", "values": [81, 84, 83, 88, 91, 93]},
                {"name": "解决率", "values": [74, 76, 75, 80, 82, 85]},
            ],
            **foot,
        },
        {
            "id": "share",
            "title": "一半的事由合伙人接单",
            "kind": "pie",
            "unit": "件",
            "category_label": "谁来办",
            "categories": ["合伙人", "社区", "部门"],
            "series": [{"name": "件数", "values": [640, 410, 236]}],
            **foot,
        },
    ]


def map_data() -> Sample:
    square = [[116.30, 35.40], [116.32, 35.40], [116.32, 35.415], [116.30, 35.412], [116.30, 35.40]]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [square]},
                "properties": {"label": "第三网格", "tone": "brand"},
            },
            *(
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
                    "properties": {"label": label, "tone": tone, "url": "#map"},
                }
                for label, longitude, latitude, tone in (
                    ("路灯不亮", 116.306, 35.404, "accent"),
                    ("井盖松动", 116.314, 35.409, "brand"),
                )
            ),
        ],
    }


def board_columns() -> list[Sample]:
    cards = [
        {"title": row["title"], "url": "#board", "meta": row["place"], "clock": row["clock"]}
        for row in rows()
    ]
    return [
        {"label": "待派", "count": 12, "url": "#board", "cards": cards[:2]},
        {"label": "办理中", "count": 1, "cards": cards[2:3]},
        {"label": "待确认", "count": 1, "cards": cards[3:]},
        {"label": "退回", "count": 0, "cards": []},
    ]


def qr_svg(address: str) -> str:
    """An inline drawing of the code; the markup is segno's own, the address only becomes squares."""
    return mark_safe(segno.make(address, error="m").svg_inline(border=0, omitsize=True))  # noqa: S308


def places() -> list[Sample]:
    return [
        {"label": "今天", "url": "#", "icon": "calendar", "count": 9},
        {"label": "待派", "url": "#", "icon": "inbox", "count": 12, "current": True, "tone": "accent"},
        {"label": "我的", "url": "#", "icon": "user-check", "count": 7},
        {"label": "全部", "url": "#", "icon": "list"},
        {"label": "走访", "url": "#", "icon": "footprints", "count": 4},
        {"label": "报表", "url": "#", "icon": "chart-column"},
    ]


def offers() -> list[Sample]:
    return [
        {
            "title": "上门理发，一位老人",
            "where": "青禾花园 7 号楼（接单后显示门牌）",
            "when": "今天 15:00–17:00",
            "clock": {"text": "40 分钟内答复", "state": "soon", "used_percent": 60},
        },
        {
            "title": "换楼道灯泡 2 个",
            "where": "河畔里 2 号楼",
            "when": "明天 12:00 前",
            "clock": {"text": "还剩 3 小时答复", "state": "calm", "used_percent": 20},
        },
    ]
