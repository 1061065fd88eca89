"""What is stored, and what is refused, when accounts, grants and keys change."""

from datetime import date, timedelta

import pytest

from mulin.identity.access import SYSTEM
from mulin.identity.models import ApiToken, AuditEntry, Grant, Role, User
from mulin.identity.selectors import actor_for_token, user_for, user_list
from mulin.identity.services import (
    first_passwords_give,
    grant_end,
    grant_give,
    password_change,
    password_reset,
    token_create,
    token_revoke,
    user_create,
    user_deactivate,
)
from mulin.kernel.errors import Conflict, InvalidInput, NotFound, WrongState

FIRST_DAY = date(2026, 3, 1)


def new_user(world, **changes):
    given = {"login_name": "Wang.Fang", "display_name": " 王芳 ", "phone": "１３８ 0013 8000"}
    return user_create(**given | changes, actor=SYSTEM, now=world.now)


def give(world, user, role="grid_worker", actor=SYSTEM, **changes):
    given = {"area_path": world.grid.path, "valid_from": FIRST_DAY, "reason": "任命"}
    return grant_give(user=user, role_code=role, actor=actor, now=world.now, **given | changes)


def test_an_account_keeps_its_phone_encrypted_and_is_written_down(world):
    user = new_user(world)
    assert (user.login_name, user.display_name, user.phone_tail) == ("wang.fang", "王芳", "8000")
    raw = User.objects.filter(pk=user.pk).extra(select={"raw": "phone"}).values_list("raw", flat=True)[0]
    assert "13800138000" not in raw
    assert (
        AuditEntry.objects.filter(act="identity.user_create", about=f"identity.user:{user.public_id}").count()
        == 1
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"login_name": "WANG.FANG", "phone": ""}, "login_name"), ({"login_name": "other"}, "phone")],
)
def test_a_taken_name_or_phone_is_refused_beside_its_field(world, changes, field):
    new_user(world)
    with pytest.raises(Conflict) as caught:
        new_user(world, **changes)
    assert caught.value.field == field


def test_a_weak_password_is_refused_in_both_languages_and_nothing_is_stored(world):
    with pytest.raises(InvalidInput) as caught:
        new_user(world, password="12345678")
    assert caught.value.problems[0].text.zh != caught.value.problems[0].text.en
    assert not User.objects.filter(login_name="wang.fang").exists()


def test_a_first_password_is_checked_by_the_ordinary_hasher_and_made_heavier_at_sign_in(world):
    user = new_user(world)
    [(same, password)] = first_passwords_give(users=[user], actor=SYSTEM, now=world.now)
    light = same.password
    stored = User.objects.get(pk=user.pk)
    assert stored.must_change_password
    assert stored.check_password(password)
    assert stored.password != light
    assert stored.password.startswith("argon2$")


def test_first_passwords_are_not_given_to_an_account_in_use(world):
    with pytest.raises(WrongState):
        first_passwords_give(users=[new_user(world), world.users["worker"]], actor=SYSTEM, now=world.now)
    assert not User.objects.get(login_name="wang.fang").has_usable_password()


def test_a_reset_password_must_be_changed_and_cannot_be_kept(world):
    user = new_user(world)
    first = password_reset(user=user, actor=SYSTEM, now=world.now)
    assert user.must_change_password
    with pytest.raises(InvalidInput, match="一样"):
        password_change(user=user, current=first, password=first, actor=SYSTEM, now=world.now)
    password_change(user=user, current=first, password="三月的杨柳青又青", actor=SYSTEM, now=world.now)
    assert not user.must_change_password


def test_a_grant_holds_below_its_area_until_it_is_ended(world):
    user = world.users["resident"]
    grant = give(world, user)
    assert world.actor("resident").may("requests.handle", world.grid.path)
    assert not world.actor("resident").may("requests.handle", world.community.path)
    grant_end(grant=grant, actor=SYSTEM, now=world.now, reason="调岗")
    assert not world.actor("resident").may("requests.handle", world.grid.path)
    with pytest.raises(WrongState):
        grant_end(grant=grant, actor=SYSTEM, now=world.now)


def test_nobody_gives_a_grant_to_themselves(world):
    with pytest.raises(InvalidInput, match="自己"):
        give(world, world.users["security"], actor=world.actor("security"))


def test_roles_that_exclude_each_other_are_two_people(world):
    Role.objects.filter(code="system_administrator").update(excludes=["audit_administrator"])
    user = world.users["resident"]
    give(world, user, "audit_administrator", valid_to=date(2026, 3, 31))
    with pytest.raises(Conflict, match="不同的人"):
        give(world, user, "system_administrator")
    give(world, user, "system_administrator", valid_from=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"role": "no_such_role"}, NotFound), ({"valid_to": date(2026, 2, 1)}, InvalidInput)],
)
def test_a_grant_that_makes_no_sense_leaves_nothing(world, changes, error):
    before = Grant.objects.count(), AuditEntry.objects.count()
    with pytest.raises(error):
        give(world, world.users["resident"], **changes)
    assert (Grant.objects.count(), AuditEntry.objects.count()) == before


def test_closing_an_account_ends_grants_and_keys_and_keeps_the_rows(world):
    worker = world.users["worker"]
    token, secret = token_create(
        user=worker, name="周报", scopes=["requests.view"], days=30,
        actor=world.actor("worker"), now=world.now, today=world.clock.today(),
    )  # fmt: skip
    user_deactivate(user=worker, reason="离职", actor=SYSTEM, now=world.now)
    assert actor_for_token(secret, now=world.now, today=world.clock.today()) is None
    assert not Grant.objects.filter(user=worker, ended_at__isnull=True).exists()
    assert ApiToken.objects.filter(pk=token.pk).exists()
    with pytest.raises(WrongState):
        give(world, User.objects.get(pk=worker.pk))


def test_a_key_does_only_what_its_scopes_and_its_owner_may(world):
    def create(**changes):
        given = {"name": "周报", "scopes": ["requests.view"], "days": 30}
        return token_create(
            user=world.users["worker"], actor=world.actor("worker"), now=world.now, today=world.clock.today(),
            **given | changes,
        )  # fmt: skip

    token, secret = create()
    actor = actor_for_token(secret, now=world.now, today=world.clock.today())
    assert actor.may("requests.view", world.community.path)
    assert not actor.may("requests.dispatch")
    assert secret not in str(ApiToken.objects.values().get(pk=token.pk))
    assert actor_for_token(secret, now=world.now + timedelta(days=31), today=world.clock.today()) is None
    for changes in ({"scopes": ["audit.view"]}, {"scopes": []}, {"days": 0}, {"days": 4000}, {"name": " "}):
        with pytest.raises(InvalidInput):
            create(**changes)
    token_revoke(token=token, actor=world.actor("worker"), now=world.now)
    assert actor_for_token(secret, now=world.now, today=world.clock.today()) is None


def test_accounts_of_another_county_are_not_seen(world):
    security = world.actor("security")
    shown = {user.login_name for user in user_list(security, limit=100).rows}
    assert {"worker", "stranger"} <= shown
    assert "foreigner" not in shown
    with pytest.raises(NotFound):
        user_for(security, world.users["foreigner"].public_id)


def test_the_list_of_accounts_costs_three_queries_whatever_its_length(world, django_assert_num_queries):
    for number in range(20):
        give(world, new_user(world, login_name=f"user{number}", phone="", area_path=world.grid.path))
    security = world.actor("security")
    with django_assert_num_queries(3):
        found = user_list(security, limit=50)
    assert found.total == len(found.rows) > 20
    assert all(user.open_grants for user in found.rows)
