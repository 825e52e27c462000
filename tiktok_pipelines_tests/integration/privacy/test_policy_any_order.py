"""Under a policy, too, any order of the same answers ends in the same rows."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.privacy import ANY, Action, PrivacyPolicy, Rule
from tiktok_pipelines_tests.integration.ingest.stored import contents
from tiktok_pipelines_tests.integration.ingest.test_any_order import (
    SHOP,
    Batches,
    batches,
    empty,
    lives,
)
from tiktok_pipelines_tests.unit.ingest.pages import read

ACTIONS: list[Action] = ["keep", "mask", "hash", "drop"]
FIELDS = ("*", "recipient_address", "recipient_address.name", "buyer_email")


@st.composite
def policies(draw: st.DrawFn) -> PrivacyPolicy:
    fields = draw(st.sets(st.sampled_from(FIELDS), min_size=1))
    rules = {Rule(ANY, name, draw(st.sampled_from(ACTIONS))) for name in fields}
    return PrivacyPolicy(frozenset(rules), "", b"secret")


def start(database: Database, policy: PrivacyPolicy) -> None:
    empty(database)
    with database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM tiktok_ops.privacy_rules")
        for rule in policy.rules:
            connection.exec_driver_sql(
                "INSERT INTO tiktok_ops.privacy_rules VALUES (%s, %s, %s, now())",
                tuple(rule),
            )


def load(database: Database, policy: PrivacyPolicy, told: Batches) -> None:
    start(database, policy)
    for batch in told:
        pages = [read([received], at, policy) for at, received in batch]
        commit_order_pages(database, SHOP, pages)


@settings(
    max_examples=15,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_under_a_policy_any_order_of_the_same_answers_ends_in_the_same_rows(
    database: Database, data: st.DataObject
) -> None:
    policy, answers = data.draw(policies()), data.draw(lives())
    load(database, policy, [[one] for one in sorted(answers, key=lambda one: one[0])])
    in_order_of_time = contents(database)

    load(database, policy, data.draw(batches(answers)))

    assert contents(database) == in_order_of_time
