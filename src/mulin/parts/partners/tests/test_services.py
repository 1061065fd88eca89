"""What is stored when partners apply, are decided about, and leave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.identity.access import ANONYMOUS
from mulin.identity.models import AuditEntry, Grant, User
from mulin.kernel.errors import Conflict, InvalidInput, WrongState
from mulin.parts.partners import selectors, services
from mulin.parts.partners.models import Partner, PartnerEvent, PartnerMember
from mulin.parts.partners.rules import NEXT_STATES, PartnerState, may_become


@given(st.sampled_from(PartnerState), st.sampled_from(PartnerState))
def test_only_an_application_or_a_suspension_leads_to_admission(state, wanted):
    assert may_become(state, wanted) == (wanted in NEXT_STATES[state])
    if wanted is PartnerState.ADMITTED and may_become(state, wanted):
        assert state in {PartnerState.APPLIED, PartnerState.SUSPENDED}


def test_an_application_is_stored_with_its_file_and_audit(office, application):
    partner = services.partner_apply(
        application=application(phone="＋86 139-0537-1111"), actor=ANONYMOUS, now=office.now
    )

    stored = Partner.objects.get(pk=partner.pk)
    assert (stored.state, stored.phone, stored.phone_tail) == ("applied", "13905371111", "1111")
    assert [place.area_path for place in stored.service_areas.all()] == [office.community.path]
    assert PartnerEvent.objects.get(partner=partner).kind == "applied"
    assert (
        AuditEntry.objects.get(act="partners.partner_applied").about
        == f"partners.partner:{partner.public_id}"
    )


def test_every_field_at_fault_is_named_at_once_and_nothing_is_stored(office, application):
    bad = application(
        name="", kind="pirate", categories=[], contact_name="李", phone="123", uscc="91350100M000100Y44"
    )
    before = Partner.objects.count()

    with pytest.raises(InvalidInput) as refusal:
        services.partner_apply(application=bad, actor=ANONYMOUS, now=office.now)

    fields = {problem.field for problem in refusal.value.problems}
    assert fields == {"name", "kind", "categories", "contact_name", "phone", "uscc"}
    assert Partner.objects.count() == before


def test_an_organisation_needs_its_credit_code_and_a_neighbour_does_not(office, application):
    with pytest.raises(InvalidInput):
        services.partner_apply(application=application(uscc=""), actor=ANONYMOUS, now=office.now)
    neighbour = application(uscc="", kind="community_talent")
    assert services.partner_apply(application=neighbour, actor=ANONYMOUS, now=office.now).uscc == ""


def test_one_organisation_stands_in_the_register_once(office, application):
    first = services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)
    with pytest.raises(Conflict):
        services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)

    officer = office.actor("officer")
    services.partner_refuse(partner=first, reason="资料不全", actor=officer, now=office.now)
    again = services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)
    assert again.pk != first.pk
    with pytest.raises(Conflict):
        services.partner_reopen(partner=first, reason="补齐了资料", actor=officer, now=office.now)


def test_only_admitted_partners_whose_area_covers_the_place_serve_it(office, application):
    officer = office.actor("officer")
    partner = services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)

    def serves(path, category=None):
        return partner.pk in [one.pk for one in selectors.partners_serving(path, category)]

    assert not serves(office.grid.path)
    services.partner_admit(partner=partner, actor=officer, now=office.now)
    assert serves(office.grid.path)
    assert serves(office.community.path, "haircut")
    assert not serves(office.grid.path, "repair")
    assert not serves(office.other_community.path)
    services.partner_suspend(partner=partner, reason="被投诉，核查中", actor=officer, now=office.now)
    assert not serves(office.grid.path)
    services.partner_admit(partner=partner, actor=officer, now=office.now)
    assert serves(office.grid.path)


def test_a_decision_needs_its_reason_and_a_fitting_state(office, application):
    officer = office.actor("officer")
    partner = services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)
    with pytest.raises(InvalidInput):
        services.partner_refuse(partner=partner, reason=" ", actor=officer, now=office.now)
    with pytest.raises(WrongState):
        services.partner_suspend(partner=partner, reason="还没通过", actor=officer, now=office.now)
    assert Partner.objects.get(pk=partner.pk).state == "applied"


def test_of_two_officers_who_decide_at_once_the_second_is_told(office, application):
    officer = office.actor("officer")
    services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)
    first, second = (Partner.objects.get(name="青禾理发店") for _ in range(2))
    services.partner_admit(partner=first, actor=officer, now=office.now)
    with pytest.raises(Conflict):
        services.partner_refuse(partner=second, reason="资料不全", actor=officer, now=office.now)
    assert Partner.objects.get(pk=first.pk).state == "admitted"


def test_an_opened_account_signs_in_and_acts_for_the_partner_until_it_leaves(office, application):
    officer = office.actor("officer")
    partner = services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)
    with pytest.raises(WrongState):
        services.account_open(partner=partner, actor=officer, now=office.now)
    services.partner_admit(partner=partner, actor=officer, now=office.now)

    opened = services.account_open(partner=partner, actor=officer, now=office.now)

    user = User.objects.get(login_name=opened.login_name)
    assert user.check_password(opened.password)
    assert user.must_change_password
    assert selectors.partner_of(user.pk) == partner
    assert selectors.member_ids(partner.pk) == [user.pk]
    assert Grant.objects.filter(user=user, role_id="partner", ended_at=None).exists()

    services.partner_leave(partner=partner, reason="店铺搬走了", actor=officer, now=office.now)
    assert selectors.partner_of(user.pk) is None
    assert not Grant.objects.filter(user=user, role_id="partner", ended_at=None).exists()


def test_an_account_acts_for_one_partner_only(office):
    shop = office.users["shop"]
    with pytest.raises(Conflict):
        services.member_add(
            partner=office.second_partner, user=shop, actor=office.actor("officer"), now=office.now
        )
    assert PartnerMember.objects.filter(user=shop).count() == 1


def test_a_look_at_the_phone_is_on_record_with_its_reason(office, application):
    partner = services.partner_apply(application=application(), actor=ANONYMOUS, now=office.now)
    worker = office.actor("worker")
    with pytest.raises(InvalidInput):
        services.phone_look(partner=partner, reason="", actor=worker, now=office.now)
    assert not AuditEntry.objects.filter(act="look.partner_phone").exists()

    assert (
        services.phone_look(partner=partner, reason="联系上门时间", actor=worker, now=office.now)
        == "13905371111"
    )
    entry = AuditEntry.objects.get(act="look.partner_phone")
    assert (entry.actor_id, entry.reason) == (worker.user_id, "联系上门时间")


def test_partners_of_ids_come_in_the_order_asked_for(office):
    wanted = [office.second_partner, office.partner]
    assert selectors.partner_ids([one.public_id for one in wanted]) == [one.pk for one in wanted]
    with pytest.raises(InvalidInput):
        selectors.partner_ids(["unknown"])
