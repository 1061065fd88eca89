"""Every route declares who may use it, and whoever may not is told nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from mulin.identity.middleware import API_PREFIX, policies

# What fits wherever a route wants a word; it names nothing that exists.
WORDS = {"int": "7", "slug": "nothing", "uuid": "00000000-0000-0000-0000-000000000000", "path": "a/b"}
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


def routes(
    resolver: URLResolver | None = None, before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Each route's pattern and its view name."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from routes(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield pattern, ":".join((*spaces, entry.name or ""))


ALL = sorted(set(routes()))
PAGES = [(pattern, name) for pattern, name in ALL if not pattern.startswith(API_PREFIX)]


def address(pattern: str) -> str:
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: WORDS.get(found[1] or "str", "nothing"), pattern)


def operations_of(pattern: str) -> set[str]:
    return {key for key in policies() if key.partition(" ")[2] == pattern}


def test_the_walk_sees_the_routes():
    assert ("work/users/", "portals:users") in PAGES
    assert len(PAGES) > 25


@pytest.mark.parametrize(("pattern", "name"), ALL)
def test_every_route_declares_its_policy(pattern, name):
    declared = operations_of(pattern) if pattern.startswith(API_PREFIX) else {name} & policies().keys()
    assert declared, f"{name} ({pattern}) stands in no policies.py; it is denied to everyone"


def test_every_page_policy_belongs_to_a_route():
    names = {name for _, name in PAGES}
    declared = {key for key in policies() if " " not in key}
    assert declared <= names, f"policies without a route: {sorted(declared - names)}"


@pytest.mark.django_db
@pytest.mark.parametrize(("pattern", "name"), ALL)
def test_a_stranger_gets_nothing_and_breaks_nothing(pattern, name):
    client = Client(raise_request_exception=False)
    for method in METHODS:
        response = getattr(client, method)(address(pattern))
        key = (
            f"{('GET' if method == 'head' else method.upper())} {pattern}"
            if pattern.startswith(API_PREFIX)
            else name
        )
        policy = policies().get(key)
        assert response.status_code < 500, f"{method} {pattern}"
        if policy is None:
            assert response.status_code in {404, 405}, f"{method} {pattern}: {response.status_code}"
        elif not policy.anyone:
            assert response.status_code in {302, 401, 404, 405}, f"{method} {pattern}: {response.status_code}"
            if response.status_code == 302:
                assert response.headers["Location"].startswith("/account/sign-in/")


@pytest.mark.django_db
def test_a_route_without_a_policy_is_not_there(monkeypatch, world, client):
    client.force_login(world.users["security"])
    assert client.get("/work/users/").status_code == 200
    without = {name: policy for name, policy in policies().items() if name != "portals:users"}
    monkeypatch.setattr("mulin.identity.middleware.policies", lambda: without)
    assert client.get("/work/users/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("pattern", "name"), PAGES)
def test_somebody_without_rights_sees_no_page_that_needs_some(pattern, name, world, client):
    policy = policies()[name]
    if not policy.permissions:
        return
    client.force_login(world.users["resident"])
    for method in ("get", "post"):
        assert getattr(client, method)(address(pattern)).status_code == 404, f"{method} {pattern}"
