"""What comes in from the pages of partners, brought into shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mulin.kernel.errors import FieldProblem, InvalidInput, Text
from mulin.parts.areas.selectors import area_by_code
from mulin.parts.partners.rules import PartnerKind, PartnerState
from mulin.parts.partners.selectors import PartnerFilter
from mulin.parts.partners.services import Application, checked
from mulin.web.typed import Typed

LONGEST_PAGE = 400
PLACE_MISSING = FieldProblem(
    "area",
    Text(zh="请选择您在哪个街道或社区服务。", en="Please choose the subdistrict or community you serve."),
    "area-missing",
)


def filter_of(sent: Mapping[str, str]) -> tuple[PartnerFilter, int]:
    """What the list was asked for, and which page; what makes no sense is no condition."""
    state, kind = sent.get("state", ""), sent.get("kind", "")
    number = sent.get("page", "")
    return (
        PartnerFilter(
            state=state if state in set(PartnerState) else "",
            kind=kind if kind in set(PartnerKind) else "",
            category=sent.get("category", "")[:40],
            words=sent.get("words", "")[:100],
        ),
        min(max(int(number), 1), LONGEST_PAGE)
        if number.isascii() and number.isdigit() and len(number) < 6
        else 1,
    )


def application_of(form: Typed, *, on: date) -> Application:
    """The application as typed; raises InvalidInput when no place is chosen, together with everything else amiss."""
    code = form.text("area")
    area = area_by_code(code, on) if code else None
    application = Application(
        name=form.text("name"),
        kind=form.text("kind"),
        area=area,  # type: ignore[arg-type]
        categories=form.texts("categories"),
        contact_name=form.text("contact_name"),
        phone=form.text("phone"),
        uscc=form.text("uscc"),
        address=form.text("address"),
        introduction=form.text("introduction"),
    )
    if area is None:
        raise InvalidInput(problems=[*problems_of(application), PLACE_MISSING])
    return application


def problems_of(application: Application) -> list[FieldProblem]:
    try:
        checked(application)
    except InvalidInput as error:
        return list(error.problems)
    return []
