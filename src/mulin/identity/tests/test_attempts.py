"""Guessing is slowed down; a village behind one address is not."""

from datetime import date, timedelta

import pytest

from mulin.base import settings_store
from mulin.identity.attempts import ACCOUNT_LIMIT, attempt_begin, attempt_succeeded, attempts_forget
from mulin.identity.models import SignInAttempt
from mulin.kernel.errors import LimitReached


def attempt(world, account, address="10.0.0.1"):
    return attempt_begin(account=account, address=address, now=world.now, today=world.clock.today())


@pytest.mark.parametrize("account", ["worker", "没有这个人"])
def test_known_and_unknown_accounts_are_slowed_down_alike(world, account):
    for _ in range(ACCOUNT_LIMIT.failures):
        attempt(world, account)
    with pytest.raises(LimitReached, match="15 分钟"):
        attempt(world, account, "10.0.0.2")
    world.clock.advance(timedelta(minutes=15))
    attempt(world, account)


def test_a_neighbour_behind_the_same_address_still_gets_in(world):
    for _ in range(ACCOUNT_LIMIT.failures):
        attempt(world, "worker")
    attempt_succeeded(attempt(world, "grid_worker"))


def test_one_address_that_guesses_many_accounts_is_slowed_down(world):
    settings_store.put(
        key="identity.sign_in.address_failures", value=8, valid_from=date(2026, 1, 1), source="试验"
    )
    for number in range(8):
        attempt(world, f"guess{number}")
    with pytest.raises(LimitReached):
        attempt(world, "worker")
    attempt(world, "worker", "10.0.0.2")


def test_success_forgets_the_accounts_failures_but_not_the_addresss(world):
    attempt(world, "stranger")
    for _ in range(ACCOUNT_LIMIT.failures - 1):
        attempt(world, "worker")
    attempt_succeeded(attempt(world, "worker"))
    assert SignInAttempt.objects.count() == 1


def test_phone_and_login_name_count_as_one_account(world):
    user = world.users["worker"]
    from mulin.identity.services import put_phone

    put_phone(user, "13800138000")
    user.save()
    for _ in range(ACCOUNT_LIMIT.failures):
        attempt(world, "138-0013-8000")
    with pytest.raises(LimitReached):
        attempt(world, "worker")


def test_the_rows_hold_no_names_and_are_forgotten(world):
    attempt(world, "worker", "10.0.0.1")
    row = str(SignInAttempt.objects.values().get())
    assert "worker" not in row
    assert "10.0.0.1" not in row
    assert attempts_forget(before=world.now + timedelta(seconds=1)) == 1
