"""What of a person is shown by default: enough for someone who knows them to recognise, too little to look them up.

These functions never fail: whatever stands in an old table comes out masked.
"""

from __future__ import annotations

import re

from mulin.kernel.identifiers.typed_text import plain

_COMPOUND_SURNAMES = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|夏侯|轩辕|宇文|长孙|司徒|司空|端木|百里|南宫|西门|东郭|澹台|申屠"
    "|公羊|赫连|淳于|单于|太史|公冶|宗政|濮阳|闻人|仲孙|钟离|鲜于|闾丘|呼延|万俟|独孤|拓跋|完颜|第五"
)
_HOUSE_NUMBER = re.compile(
    r"[0-9A-Za-z]|第?[一二三四五六七八九十百〇零]+(?:号|栋|幢|座|楼|单元|层|室|户|组|排|弄|巷)"
)


def mask_name(name: str) -> str:
    """The surname and at most two stars, so that a long name is not told by its length.

    >>> mask_name("王明"), mask_name("王小明"), mask_name("欧阳小明"), mask_name("欧阳明"), mask_name("王")
    ('王*', '王**', '欧阳**', '欧阳*', '*')
    """
    kept = name.strip()
    if len(kept) < 2:
        return "*" * len(kept)
    surname = kept[:2] if len(kept) > 2 and _COMPOUND_SURNAMES.match(kept) else kept[0]
    return surname + "*" * min(len(kept) - len(surname), 2)


def mask_phone(phone: str) -> str:
    """First three and last four of a mobile; of a land line, area code and last four, without the extension.

    >>> mask_phone("13800131234"), mask_phone("0537-2234567-801"), mask_phone("4001234567"), mask_phone("12345")
    ('138****1234', '0537-***4567', '400***4567', '*****')
    """
    number = plain(phone)
    area, _, rest = number.partition("-")
    local = rest.split("-")[0]
    if len(local) >= 7:
        return f"{area}-{'*' * (len(local) - 4)}{local[-4:]}"
    digits = number.replace("-", "")
    if len(digits) < 10:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"


def mask_resident_id(number: str) -> str:
    """First three and last two characters.

    Not the usual last four: beside an address and a date of birth, which stand in the same file, the last four would
    give the whole number away.

    >>> mask_resident_id("11010519491231002X")
    '110*************2X'
    """
    kept = plain(number)
    if len(kept) < 15:
        return "*" * len(kept)
    return f"{kept[:3]}{'*' * (len(kept) - 5)}{kept[-2:]}"


def mask_address(address: str) -> str:
    """The address up to the first house, building or room number; half of it where there is none.

    >>> mask_address("青禾县和平街道锦绣小区3号楼2单元501室"), mask_address("锦绣小区三号楼"), mask_address("柳树村东头")
    ('青禾县和平街道锦绣小区***', '锦绣小区***', '柳树***')
    """
    kept = "".join(address.split())
    if not kept:
        return ""
    number = _HOUSE_NUMBER.search(plain(kept))
    return (plain(kept)[: number.start()] if number else kept[: min(len(kept) // 2, 6)]) + "***"
