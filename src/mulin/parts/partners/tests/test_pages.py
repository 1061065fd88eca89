"""Pages of partners through HTTP: who gets in, what stays masked, what a mistake costs (nothing)."""

from __future__ import annotations

import pytest
from django.test import Client

from mulin.identity.access import ANONYMOUS
from mulin.identity.models import AuditEntry
from mulin.parts.partners import services
from mulin.parts.partners.models import Partner
from tests.support.world import World

FORM = {
    "name": "青禾理发店",
    "kind": "market_entity",
    "uscc": "91350100M000100Y43",
    "categories": ["haircut", "repair"],
    "area": "990101001001",
    "contact_name": "李建国",
    "phone": "１３９ 0537 1111",
    "operation_id": "5f1d7c0ab2f14c3a9d6e8b7a6c5d4e3f",
}


@pytest.fixture
def applied(office, application):
    return services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)


def test_anybody_can_apply_without_an_account_and_twice_pressed_is_once(client: Client, office: World):
    assert client.get("/partners/join/").status_code == 200
    for _ in range(2):
        answer = client.post("/partners/join/", FORM)
        assert (answer.status_code, answer["Location"]) == (302, "/partners/join/sent/")
    partner = Partner.objects.get(name="青禾理发店")
    assert (partner.phone, partner.state, partner.categories.count()) == ("13905371111", "applied", 2)
    assert client.get("/partners/join/sent/").status_code == 200


def test_mistakes_stand_on_top_and_beside_their_fields_and_nothing_typed_is_lost(
    client: Client, office: World
):
    answer = client.post(
        "/partners/join/", FORM | {"phone": "138", "area": "", "introduction": "会修 𠮷 伞 <b>"}
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_phone"' in text
    assert 'id="id_phone-error"' in text
    assert 'href="#id_area"' in text
    assert 'value="青禾理发店"' in text
    assert "会修 𠮷 伞 &lt;b&gt;" in text
    assert not Partner.objects.filter(name="青禾理发店").exists()


def test_applications_by_machine_are_slowed_down(client: Client, office: World):
    for number in range(5):
        sent = FORM | {
            "kind": "community_talent",
            "uscc": "",
            "operation_id": f"press{number}",
            "name": f"能人{number}",
        }
        assert client.post("/partners/join/", sent).status_code == 302
    answer = client.post(
        "/partners/join/", FORM | {"kind": "community_talent", "uscc": "", "operation_id": "press5"}
    )
    assert answer.status_code == 422
    assert "提交过好几次申请" in answer.content.decode()


def test_staff_see_partners_of_their_area_with_the_phone_masked(signed_in, applied):
    page = signed_in("worker").get("/work/partners/?state=applied").content.decode()
    assert "青禾理发店" in page
    assert "13905371111" not in page

    one = signed_in("worker").get(f"/work/partners/{applied.public_id}/").content.decode()
    assert "139****1111" in one
    assert "李建国" not in one
    assert "13905371111" not in one


def test_an_unmasked_phone_costs_a_reason_and_leaves_a_trace(signed_in, applied):
    client, address = signed_in("worker"), f"/work/partners/{applied.public_id}/look/"
    refused = client.post(address, {"reason_note": ""})
    assert refused.status_code == 422
    assert "13905371111" not in refused.content.decode()

    shown = client.post(address, {"reason_note": "约上门时间"}).content.decode()
    assert "13905371111" in shown
    assert AuditEntry.objects.get(act="look.partner_phone").reason == "约上门时间"


def test_an_officer_admits_and_opens_the_account_whose_password_is_shown_once(signed_in, applied):
    client, address = signed_in("officer"), f"/work/partners/{applied.public_id}/"
    assert client.post(f"{address}decide/", {"step": "admit"})["Location"] == f"{address}?done=admit"

    opened = client.post(f"{address}account/").content.decode()
    assert "初始密码只显示这一次" in opened
    assert "初始密码只显示这一次" not in client.get(address).content.decode()


def test_a_refusal_without_a_reason_is_sent_back_to_its_field(signed_in, applied):
    answer = signed_in("officer").post(
        f"/work/partners/{applied.public_id}/decide/", {"step": "refuse", "reason": ""}
    )
    assert answer.status_code == 422
    assert "请写一句原因" in answer.content.decode()
    assert Partner.objects.get(pk=applied.pk).state == "applied"


@pytest.mark.parametrize("name", ["foreigner", "stranger", "shop", "resident"])
def test_a_partner_elsewhere_does_not_exist_for_them(signed_in, applied, name):
    assert signed_in(name).get(f"/work/partners/{applied.public_id}/").status_code == 404


@pytest.mark.parametrize("path", ["decide/", "account/"])
def test_who_may_only_look_decides_nothing(signed_in, applied, path):
    assert (
        signed_in("worker").post(f"/work/partners/{applied.public_id}/{path}", {"step": "admit"}).status_code
        == 404
    )
    assert Partner.objects.get(pk=applied.pk).state == "applied"


def test_a_clerk_registers_an_application_only_for_her_own_street(signed_in, office):
    client = signed_in("officer")
    assert client.get("/work/partners/new/").status_code == 200
    answer = client.post("/work/partners/new/", FORM)
    assert answer["Location"] == f"/work/partners/{Partner.objects.get(name='青禾理发店').public_id}/"
    assert (
        client.post("/work/partners/new/", FORM | {"area": "990202", "operation_id": "other"}).status_code
        == 422
    )
    assert Partner.objects.filter(name="青禾理发店").count() == 1


def test_a_partner_corrects_its_own_profile(signed_in, office):
    client = signed_in("shop")
    assert client.get("/partner/profile/").status_code == 200
    bad = client.post("/partner/profile/", {"contact_name": "李建国", "phone": "1", "address": "西街 3 号"})
    assert bad.status_code == 422
    assert "西街 3 号" in bad.content.decode()
    good = client.post(
        "/partner/profile/", {"contact_name": "李建国", "phone": "+86 13905372222", "address": "西街 3 号"}
    )
    assert good["Location"] == "/partner/profile/?done=1"
    assert Partner.objects.get(pk=office.partner.pk).phone == "13905372222"


def test_the_list_asks_the_same_number_of_queries_whatever_the_rows(
    signed_in, office, application, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in("officer")
    with django_assert_max_num_queries(9) as few:
        client.get("/work/partners/")
    for number in range(12):
        one = application(
            name=f"能人{number}", kind="community_talent", uscc="", categories=["haircut", "repair"]
        )
        services.partner_apply(application=one, actor=ANONYMOUS, now=office.now)
    with django_assert_num_queries(len(few.captured_queries)):
        assert client.get("/work/partners/?words=能人").status_code == 200
