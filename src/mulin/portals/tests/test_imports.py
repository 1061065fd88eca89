"""Tables come in through one place, each kind offered once."""

from django.urls import reverse


def test_messages_are_offered_once_and_lead_to_their_own_page(world, signed_in):
    client = signed_in("worker")
    own = reverse("service_requests:work_import")
    chosen = client.get(reverse("portals:imports")).text
    assert chosen.count(f'href="{own}"') == 1
    assert own not in client.get(reverse("portals:account")).text
    assert reverse("portals:imports") in client.get(reverse("portals:account")).text


def test_the_shared_page_sends_messages_to_their_own(world, signed_in):
    there = reverse("portals:import_upload", args=["service_requests.messages"])
    for answer in (signed_in("worker").get(there), signed_in("worker").post(there)):
        assert answer.headers["Location"] == reverse("service_requests:work_import")


def test_a_table_without_a_page_of_its_own_comes_in_by_the_shared_one(world, signed_in):
    world.user("keeper", "security_administrator", world.county)
    there = reverse("portals:import_upload", args=["accounts"])
    assert there in signed_in("keeper").get(reverse("portals:imports")).text
    assert signed_in("keeper").get(there).status_code == 200
