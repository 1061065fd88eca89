"""What the house writes into its log opens nothing."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.support.world import World


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refused_answer_leaves_no_secret_in_the_log(
    world: World, client: Client, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    raised = world.raised()
    with caplog.at_level(logging.DEBUG):
        answer = client.post(
            f"/r/{raised.secret}/", {"step": "withdraw"}, headers={"Accept-Language": language}
        )
        refused = client.post(f"/r/{raised.secret}/", {"step": "confirm", "score": "5"})
    assert (answer.status_code, refused.status_code) == (302, 422)
    assert "Unprocessable" in caplog.text
    assert raised.secret not in caplog.text
