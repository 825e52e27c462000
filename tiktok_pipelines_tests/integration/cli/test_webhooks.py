"""The commands around webhooks: subscriptions, events, parked consents."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tiktok_pipelines.api.webhook_types import DESIRED
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.receiver.served import Receiver, open_receiver
from tiktok_pipelines_tests.waiting import until

URL = "https://hooks.example.com/webhooks/tiktok"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "TIKTOK_WEBHOOK_URL": URL}


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with open_receiver(settings) as opened:
        yield opened


def told(commands: Commands, *arguments: str) -> Any:
    done = commands.run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def addresses(simulator: Simulator) -> Mapping[str, set[tuple[str, object]]]:
    return {
        shop.id: {(name, row["address"]) for name, row in shop.webhooks.items()}
        for shop in simulator.shops
    }


def test_every_shop_is_subscribed_to_what_the_settings_say(
    connected: Commands, simulator: Simulator
) -> None:
    changed = told(connected, "webhooks", "subscribe")

    wanted = {(name, URL) for name in DESIRED}
    assert addresses(simulator) == {shop.id: wanted for shop in simulator.shops}
    assert len(changed) == len(DESIRED) * len(simulator.shops)
    assert told(connected, "webhooks", "subscribe") == []


def test_what_differs_from_the_settings_is_told_and_fails(
    connected: Commands, simulator: Simulator
) -> None:
    connected.run("webhooks", "subscribe")
    first, second = simulator.shops[:2]
    first.webhooks["ORDER_STATUS_CHANGE"]["address"] = "https://else.example.com/x"
    del second.webhooks["PACKAGE_UPDATE"]
    second.webhooks["NEW_MESSAGE"] = {"event_type": "NEW_MESSAGE", "address": URL}

    done = connected.run("webhooks", "verify", "--json")

    rows = json.loads(done.stdout)
    assert done.exit_code == 1
    assert {(row["shop_id"], row["event_type"], row["what"]) for row in rows} == {
        (first.id, "ORDER_STATUS_CHANGE", "different"),
        (second.id, "PACKAGE_UPDATE", "missing"),
        (second.id, "NEW_MESSAGE", "unwanted"),
    }
    assert "webhooks subscribe" in done.stderr


def test_subscriptions_that_are_as_they_should_be_verify(connected: Commands) -> None:
    connected.run("webhooks", "subscribe")

    assert connected.run("webhooks", "verify").exit_code == 0


def test_one_event_of_one_shop_can_be_switched_by_its_seed_name(
    connected: Commands, simulator: Simulator
) -> None:
    shop_id = simulator.shops[0].id
    chosen = ("--shop", shop_id, "--event", "RETURN_REQUEST")

    connected.run("webhooks", "subscribe", *chosen)
    listed = told(connected, "webhooks", "list")
    gone = told(connected, "webhooks", "unsubscribe", *chosen)

    assert [row["event_type"] for row in listed] == ["RETURN_STATUS_CHANGE"]
    assert [row["shop_id"] for row in gone] == [shop_id]
    assert told(connected, "webhooks", "list") == []


def test_an_event_that_cannot_be_subscribed_is_refused(connected: Commands) -> None:
    done = connected.run("webhooks", "subscribe", "--event", "GOODS_MATCH")

    assert done.exit_code == 2
    assert "ORDER_STATUS_CHANGE" in done.stderr


def test_a_test_event_is_taken_and_listed(
    commands: Commands, receiver: Receiver
) -> None:
    url = f"{receiver.url}/webhooks/tiktok"

    sent = told(commands, "webhooks", "send-test", "--url", url, "--order", "5")

    assert sent["status"] == 200
    (event,) = told(commands, "webhooks", "events", "--type", "ORDER_STATUS_CHANGE")
    assert event["dedupe_key"] == sent["envelope"]["tts_notification_id"]
    assert (event["status"], event["name"]) == ("pending", "ORDER_STATUS_CHANGE")
    assert told(commands, "webhooks", "events", "--type", "12") == []
    assert told(commands, "webhooks", "events", "--status", "dead") == []


def test_a_test_event_with_another_secret_is_told_so(
    commands: Commands, receiver: Receiver
) -> None:
    url = f"{receiver.url}/webhooks/tiktok"

    done = commands.run("webhooks", "send-test", "--url", url, TIKTOK_APP_SECRET="x")

    assert done.exit_code == 2
    assert "TIKTOK_APP_SECRET" in done.stderr


def test_a_receiver_that_does_not_run_is_told_so(commands: Commands) -> None:
    done = commands.run("webhooks", "send-test", "--url", "http://127.0.0.1:9/x")

    assert done.exit_code == 1
    assert "tiktok-pipelines receiver" in done.stderr


def test_a_payload_is_shown_without_what_is_a_buyers(
    commands: Commands, receiver: Receiver
) -> None:
    receiver.send(1, buyer_email="a@example.com", order_id="5")
    receiver.send(14, content="call me", message_id="6")
    events = told(commands, "webhooks", "events")

    shown = [
        commands.run("webhooks", "events", "--show", str(event["event_id"])).stdout
        for event in events
    ]

    text = "".join(shown)
    assert "a@example.com" not in text
    assert "call me" not in text
    assert '"order_id": "5"' in text
    assert '"message_id": "6"' in text


def test_an_event_is_worked_on_again(commands: Commands, receiver: Receiver) -> None:
    receiver.post(b"{")
    (event,) = told(commands, "webhooks", "events", "--status", "dead")

    done = commands.run("webhooks", "replay", str(event["event_id"]))

    assert done.exit_code == 0
    assert [e["status"] for e in told(commands, "webhooks", "events")] == ["pending"]


def test_an_event_that_is_not_there_cannot_be_replayed(commands: Commands) -> None:
    done = commands.run("webhooks", "replay", "77")

    assert done.exit_code == 1
    assert "77" in done.stderr


def test_events_are_chosen_or_named_never_both(commands: Commands) -> None:
    assert commands.run("webhooks", "replay").exit_code == 2
    assert commands.run("webhooks", "replay", "1", "--status", "dead").exit_code == 2


def test_the_comparison_is_told(commands: Commands) -> None:
    assert told(commands, "webhooks", "compare") == []


def test_a_parked_consent_is_confirmed_by_a_person(
    commands: Commands, receiver: Receiver, simulator: Simulator
) -> None:
    code = simulator.authorize(simulator.sellers[0].id)
    receiver.http.get("/tiktok/callback", params={"code": code})
    (waiting,) = told(commands, "shops", "callbacks")

    connected = told(commands, "shops", "confirm", str(waiting["callback_id"]))

    shops = simulator.sellers[0].shops
    assert {shop["shop_id"] for shop in connected} == {shop.id for shop in shops}
    (after,) = told(commands, "shops", "callbacks")
    assert after["is_confirmed"]
    assert "connected" in after["outcome"]
    again = commands.run("shops", "confirm", str(waiting["callback_id"]))
    assert again.exit_code == 2
    assert code not in str(after)


def test_a_consent_that_is_not_taken_says_why(
    commands: Commands, receiver: Receiver
) -> None:
    receiver.http.get("/tiktok/callback", params={"code": "TTP_nonsense"})
    (waiting,) = told(commands, "shops", "callbacks")

    done = commands.run("shops", "confirm", str(waiting["callback_id"]))

    (after,) = told(commands, "shops", "callbacks")
    assert done.exit_code == 1
    assert after["outcome"].startswith("failed: ")


def test_a_running_simulator_is_told_where_to_send_and_what_goes_wrong(
    commands: Commands, receiver: Receiver, simulator: Simulator
) -> None:
    to = f"{receiver.url}/webhooks/tiktok"

    done = commands.run(
        *("simulator", "webhooks", "--to", to, "--mishap", "twice=1", "--again"),
        "86400",
    )

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["mishaps"] == {"twice": 1.0}
    until(lambda: simulator.postman.is_quiet)
    events = told(commands, "webhooks", "events", "--limit", "10000")
    assert len(events) == simulator.postman.counts["taken"] > 0


def test_a_mishap_that_does_not_exist_is_told_so(commands: Commands) -> None:
    done = commands.run("simulator", "webhooks", "--mishap", "nonsense=0.5")

    assert done.exit_code == 1
    assert "nonsense" in done.stderr
