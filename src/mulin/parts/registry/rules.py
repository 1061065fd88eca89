"""What holds for a person's facts: numbers that check, dates and sex that agree with them, ages as people count them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from mulin.kernel.errors import FieldProblem, InvalidInput, Text
from mulin.kernel.identifiers import Sex, check_resident_id, normalise_phone

Checked = TypeVar("Checked")
NAME_LENGTH = 60
SEXES: tuple[str, ...] = tuple(str(sex.value) for sex in Sex)
SEX_NAMES = {
    "0": Text(zh="未知", en="unknown"),
    "1": Text(zh="男", en="male"),
    "2": Text(zh="女", en="female"),
    "9": Text(zh="未说明", en="not stated"),
}


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is said of one person, as it came in. `sex` is GB/T 2261.1; empty stands for not said."""

    name: str
    id_number: str = ""
    phone: str = ""
    sex: str = ""
    birth_date: date | None = None
    relation_to_head: str = ""


def checked_person(facts: PersonFacts, today: date) -> PersonFacts:
    """The facts in one form, birth date and sex filled from the ID number and cross-checked against it.

    Raises InvalidInput naming every field that is wrong (`name`, `id_number`, `phone`, `sex`, `birth_date`).
    """
    problems: list[FieldProblem] = []
    name = checked_name(facts.name, problems)
    sex = checked_sex(facts.sex, problems)
    phone = checked(lambda: normalise_phone(facts.phone), problems) if facts.phone.strip() else ""
    number, birth_date = "", facts.birth_date
    if facts.id_number.strip():
        found = checked(lambda: check_resident_id(facts.id_number, today, field="id_number"), problems)
        if found:
            number = found.number
            sex = agreed_sex(sex, str(found.sex.value), problems)
            birth_date = agreed_birth_date(birth_date, found.birth_date, problems)
    elif birth_date and birth_date > today:
        problems.append(
            FieldProblem(
                "birth_date",
                Text(
                    zh="出生日期不能晚于今天，请核对。",
                    en="The date of birth lies after today; please check it.",
                ),
                "birth-date-in-future",
            )
        )
    if problems:
        raise InvalidInput(problems=problems)
    return PersonFacts(name, number, phone or "", sex or "0", birth_date, facts.relation_to_head.strip()[:20])


def checked(check: Callable[[], Checked], problems: list[FieldProblem]) -> Checked | None:
    """What `check` gives; None, with its problems added, when it refuses."""
    try:
        return check()
    except InvalidInput as error:
        problems.extend(error.problems)
        return None


def checked_name(text: str, problems: list[FieldProblem]) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH:
        problems.append(
            FieldProblem(
                "name",
                Text(
                    zh=f"请填写姓名，最多 {NAME_LENGTH} 个字。",
                    en=f"Please enter the name, at most {NAME_LENGTH} characters.",
                ),
                "name-invalid",
            )
        )
    return name


def checked_sex(text: str, problems: list[FieldProblem]) -> str:
    """`0` and empty are both "not known"; a word in either language is understood."""
    word = text.strip().lower()
    sex = next(
        (code for code, name in SEX_NAMES.items() if word in {code, name.zh, name.en, name.zh + "性"}), None
    )
    if word and sex is None:
        problems.append(
            FieldProblem(
                "sex", Text(zh="性别请填男或女。", en="Please give the sex as male or female."), "sex-invalid"
            )
        )
    return sex or "0"


def agreed_sex(said: str, by_number: str, problems: list[FieldProblem]) -> str:
    if said in {"1", "2"} and said != by_number:
        problems.append(
            FieldProblem(
                "sex",
                Text(
                    zh="性别与身份证号码第 17 位不一致，请核对两处。",
                    en="The sex does not agree with character 17 of the identity number; please check both.",
                ),
                "sex-differs",
            )
        )
    return by_number


def agreed_birth_date(said: date | None, by_number: date, problems: list[FieldProblem]) -> date:
    if said is not None and said != by_number:
        problems.append(
            FieldProblem(
                "birth_date",
                Text(
                    zh="出生日期与身份证号码第 7 至 14 位不一致，请核对两处。",
                    en="The date of birth does not agree with characters 7 to 14 of the identity number; check both.",
                ),
                "birth-date-differs",
            )
        )
    return by_number


def age_on(birth_date: date, on: date) -> int:
    """Full years; somebody born on 29 February completes a year on 1 March.

    >>> age_on(date(2008, 2, 29), date(2026, 2, 28)), age_on(date(2008, 2, 29), date(2026, 3, 1))
    (17, 18)
    """
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
