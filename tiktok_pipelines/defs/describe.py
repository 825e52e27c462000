"""What Dagster shows of a table: name, columns, comments, from ``storage.tables``."""

import dagster as dg
from sqlalchemy import Table

KINDS = {"python", "postgres"}
OWNERS = ["team:data"]


def asset_key(table: Table) -> dg.AssetKey:
    """Asset key = table name."""
    return dg.AssetKey([table.schema or "public", table.name])


def table_spec(
    table: Table, group: str, partitions: dg.PartitionsDefinition[str]
) -> dg.AssetSpec:
    """The asset that stands for a table."""
    return dg.AssetSpec(
        asset_key(table),
        group_name=group,
        description=table.comment,
        kinds=KINDS,
        owners=OWNERS,
        skippable=True,
        partitions_def=partitions,
        metadata={
            "dagster/table_name": f"{table.schema}.{table.name}",
            "dagster/column_schema": column_schema(table),
        },
    )


def column_schema(table: Table) -> dg.TableSchema:
    """Every column with its type and comment."""
    keys = {column.name for column in table.primary_key.columns}
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                str(column.type).lower(),
                description=column.comment,
                constraints=dg.TableColumnConstraints(
                    nullable=bool(column.nullable),
                    other=["primary key"] if column.name in keys else [],
                ),
            )
            for column in table.columns
        ]
    )
