"""What the common search finds of people: by the beginning of a name, by the last four digits of a telephone, by a
whole telephone or ID number. What is found stays masked; sealed columns are never read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers import check_resident_id, normalise_phone
from mulin.parts.registry.rules import SEX_NAMES
from mulin.parts.registry.selectors import PersonCard, card, id_number_index, phone_index, visible
from mulin.web.contributions import FindProvider, Hit

TAIL_DIGITS = 4


def find(actor: Actor, text: str, limit: int, today: date) -> list[Hit]:
    """One query; what looks like a number is never looked for among names."""
    people = visible(actor).filter(meant(text, today)).order_by("area_path", "name", "pk")
    return [hit(card(person, today)) for person in people[:limit]]


def meant(text: str, today: date) -> Q:
    """The rows that a text speaks of: an ID number, a telephone, its tail, or else the beginning of a name."""
    text = text.strip()
    if len(text) == TAIL_DIGITS and text.isascii() and text.isdigit():
        return Q(phone_tail=text)
    index = index_of(text, today)
    return index if index is not None else Q(name__startswith=text)


def index_of(text: str, today: date) -> Q | None:
    """The one row behind a whole ID number or telephone; None for what is neither."""
    indexes: tuple[Callable[[], Q], ...] = (
        lambda: Q(id_number_index=id_number_index(check_resident_id(text, today).number)),
        lambda: Q(phone_index=phone_index(normalise_phone(text))),
    )
    for index in indexes:
        try:
            return index()
        except InvalidInput:
            continue
    return None


def hit(found: PersonCard) -> Hit:
    sex = SEX_NAMES[found.sex].in_language(get_language() or "zh-hans") if found.sex in {"1", "2"} else ""
    age = _("%(age)s 岁") % {"age": found.age} if found.age is not None else ""
    return Hit(
        title=found.name,
        url=reverse("registry:person", args=[found.public_id]),
        meta=" · ".join(words for words in (sex, age, found.phone, found.address) if words),
    )


PROVIDER = FindProvider("people", gettext_lazy("居民"), "registry.view", find, order=20)
