"""Dagster's own retention: ``dagster.yaml`` purges ticks, but nothing purges runs.

A run is deleted with all of its events. What the UI shows of a partition (green, or
failed) and of a check is the newest event about it, so a run that holds one stays,
however old it is.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import dagster as dg

_FINISHED = [
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
]
_OF_ASSETS = {
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.ASSET_FAILED_TO_MATERIALIZE,
}
_OF_CHECKS = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
}


def delete_old_runs(instance: dg.DagsterInstance, before: datetime) -> int:
    """Delete finished runs created earlier that nothing shown rests on; how many.

    Their output on disk goes too. Runs deleted before a kill stay deleted.
    """
    filters = dg.RunsFilter(statuses=_FINISHED, created_before=before)
    newest = _Newest(instance)
    deleted = 0
    for run_id in instance.get_run_ids(filters):
        if not newest.is_of(run_id):
            instance.compute_log_manager.delete_logs(prefix=[run_id])
            instance.delete_run(run_id)
            deleted += 1
    return deleted


class _Newest:
    """The newest events about partitions and checks, asked for once each.

    What comes meanwhile only makes more runs old: one that is newest by what was asked
    stays, and with it what each partition shows.
    """

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance = instance
        self._partitions = dict[
            tuple[dg.AssetKey, dg.DagsterEventType], Mapping[str, int]
        ]()
        self._heads = dict[dg.AssetKey, set[str | None]]()
        self._checks = dict[dg.AssetCheckKey, str]()

    def is_of(self, run_id: str) -> bool:
        """Whether one of them is the run's."""
        told = self._instance.get_records_for_run(
            run_id, of_type=_OF_ASSETS | _OF_CHECKS
        )
        return any(self._is_newest(record, run_id) for record in told.records)

    def _is_newest(self, record: dg.EventLogRecord, run_id: str) -> bool:
        event = record.event_log_entry.get_dagster_event()
        if event.event_type in _OF_CHECKS:
            return any(self._run_of(key) == run_id for key in _check_keys(event))
        key = event.asset_key
        if key is None or run_id in self._heads_of(key):
            return True
        if event.partition is None:
            return False  # an asset without partitions: its heads are all there is
        ids = self._ids_of(key, event.event_type)
        return ids.get(event.partition, record.storage_id) <= record.storage_id

    def _ids_of(
        self, key: dg.AssetKey, event_type: dg.DagsterEventType
    ) -> Mapping[str, int]:
        """The newest event of the type by partition."""
        place = (key, event_type)
        if place not in self._partitions:
            ids = self._instance.get_latest_storage_id_by_partition(key, event_type)
            self._partitions[place] = ids
        return self._partitions[place]

    def _heads_of(self, key: dg.AssetKey) -> set[str | None]:
        """The runs that the asset as a whole names: the last, and the last good one."""
        if key not in self._heads:
            entries = [
                record.asset_entry for record in self._instance.get_asset_records([key])
            ]
            last = [entry.last_materialization for entry in entries]
            self._heads[key] = {
                *(entry.last_run_id for entry in entries),
                *(event.run_id for event in last if event),
            }
        return self._heads[key]

    def _run_of(self, key: dg.AssetCheckKey) -> str:
        """The run that the check's newest verdict, or plan of one, is of."""
        if key not in self._checks:
            found = self._instance.get_latest_asset_check_evaluation_record(key)
            self._checks[key] = found.run_id if found else ""
        return self._checks[key]


def _check_keys(event: dg.DagsterEvent) -> Iterator[dg.AssetCheckKey]:
    """The check that an event is about."""
    if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
        yield event.asset_check_evaluation_data.asset_check_key
    else:
        yield event.asset_check_planned_data.asset_check_key
