"""The views as assets: what they tell, what they read, and what materializing does."""

import dagster as dg
import pytest
from sqlalchemy import text

from tiktok_pipelines.definitions import defs
from tiktok_pipelines.storage.marts.views import View, views
from tiktok_pipelines_tests.integration.dagster.world import World

ORDERS = "tiktok_mart.fct_orders"


def key_of(name: str) -> dg.AssetKey:
    return dg.AssetKey(name.split("."))


def renew(world: World, *names: str) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [defs.get_assets_def(key_of(ORDERS))],
        instance=world.instance,
        resources={"token_store": world.token_store()},
        selection=[key_of(name) for name in names],
        raise_on_error=False,
    )


def made_anew(result: dg.ExecuteInProcessResult) -> dict[str, object]:
    return {
        ".".join(event.asset_key.path): event.materialization.metadata[
            "made anew"
        ].value
        for event in result.get_asset_materialization_events()
        if event.asset_key is not None
    }


@pytest.mark.parametrize("view", views().values(), ids=list(views()))
def test_a_view_is_an_asset_that_tells_its_rules_its_query_and_its_columns(
    view: View,
) -> None:
    (spec,) = [s for s in defs.resolve_all_asset_specs() if s.key == key_of(view.name)]

    assert spec.kinds == {"postgres", "sql", "view"}
    for told in ("Grain: ", "Date basis: ", "Rules: "):
        assert told in str(spec.description)
    assert view.query in spec.metadata["query"].value
    schema = spec.metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    columns = [(c.name, c.type, c.description) for c in schema.columns]
    assert columns == [(c.name, c.type, c.comment) for c in view.facts.columns]


def test_a_view_hangs_on_the_tables_and_views_that_it_reads() -> None:
    graph = defs.resolve_asset_graph()

    parents = {
        ".".join(parent.path)
        for parent in graph.get(key_of("tiktok_mart.fct_order_skus")).parent_keys
    }

    assert parents == {ORDERS, "tiktok.order_lines"}
    everything = graph.upstream_key_iterator(key_of("tiktok_mart.agg_shop_daily"))
    found = {".".join(key.path) for key in everything}
    assert {"tiktok.orders", "tiktok.returns", "tiktok.cancellations"} <= found


def test_materializing_a_view_makes_it_as_its_file_has_it(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(text(f"DROP VIEW {ORDERS} CASCADE"))

    first, second = renew(world, ORDERS), renew(world, ORDERS)

    assert made_anew(first) == {ORDERS: True}
    assert made_anew(second) == {ORDERS: False}
    with world.database.begin() as connection:
        connection.execute(text("SELECT * FROM tiktok_mart.agg_shop_daily"))


def test_a_view_of_others_in_the_way_is_told_with_its_remedy(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(text(f"CREATE VIEW own AS SELECT order_id FROM {ORDERS}"))
        connection.execute(
            text("UPDATE tiktok_ops.mart_versions SET content_hash = 'old'")
        )

    result = renew(world, ORDERS)

    assert not result.success
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    told = str(failure.step_failure_data.error)
    assert "something of your own reads our views (view own depends on" in told
