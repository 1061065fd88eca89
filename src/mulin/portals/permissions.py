"""What permissions are called on pages."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "areas.view": _("查看区域"),
    "areas.manage": _("维护区域"),
    "posts.manage": _("任免岗位"),
    "users.view": _("查看账号"),
    "users.manage": _("维护账号"),
    "grants.manage": _("授权和收回"),
    "audit.view": _("查看操作记录"),
    "registry.view": _("查看居民底册（脱敏）"),
    "registry.look": _("查看完整个人信息（要写原因）"),
    "registry.import": _("导入居民底册"),
    "partners.view": _("查看合伙人"),
    "partners.look": _("查看合伙人电话（要写原因）"),
    "partners.manage": _("管理合伙人"),
    "partner.act": _("代表合伙人接单"),
    "requests.view": _("查看事项"),
    "requests.take_in": _("登记事项"),
    "requests.dispatch": _("派单"),
    "requests.handle": _("办理"),
    "requests.close": _("办结"),
    "requests.look": _("查看反映人电话（要写原因）"),
    "requests.export": _("导出事项"),
    "requests.import": _("导入事项"),
    "requests.statistics": _("查看统计"),
    "settings.manage": _("维护参数"),
    "operations.view": _("查看运行状况"),
    "operations.manage": _("处理运行故障"),
    "packs.manage": _("装入配置包"),
}
