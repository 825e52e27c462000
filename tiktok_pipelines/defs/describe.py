"""What Dagster shows of a table: name, columns and comments, from the catalogue."""

import dagster as dg

from tiktok_pipelines.storage.catalog import TableFacts, facts_of

KINDS = {"python", "postgres"}
OWNERS = ["team:data"]


def asset_key(table: object) -> dg.AssetKey:
    """Asset key = table name, of a table or of its name with schema."""
    return dg.AssetKey(str(table).split("."))


def table_spec(
    name: str, group: str, partitions: dg.PartitionsDefinition[str], how: str
) -> dg.AssetSpec:
    """The asset that stands for a table; ``how`` says what fills it, in Markdown."""
    table = facts_of(name)
    return dg.AssetSpec(
        asset_key(name),
        group_name=group,
        description=f"{table.comment}\n\n{how}",
        kinds=KINDS,
        owners=OWNERS,
        skippable=True,
        partitions_def=partitions,
        metadata=table_metadata(name),
    )


def table_metadata(name: str) -> dict[str, object]:
    """The table's name and its columns, as Dagster's pages know them."""
    return {
        "dagster/table_name": name,
        "dagster/column_schema": column_schema(facts_of(name)),
    }


def column_schema(table: TableFacts) -> dg.TableSchema:
    """Every column with its type and comment."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                column.type,
                description=column.comment,
                constraints=dg.TableColumnConstraints(
                    nullable=column.is_nullable,
                    other=["primary key"] if column.is_key else [],
                ),
            )
            for column in table.columns
        ]
    )
