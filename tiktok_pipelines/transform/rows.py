"""Rows on their way to a table: values in a fixed order, with names to look them up."""

from collections.abc import Iterator, Mapping, Sequence


class Columns:
    """The names that rows of one kind share, in the order of their values."""

    __slots__ = ("names", "places")

    def __init__(self, *names: str) -> None:
        self.names = names
        self.places = {name: place for place, name in enumerate(names)}

    def row(self, values: Mapping[str, object]) -> "Row":
        """A row of these columns from values that name them all, and maybe others."""
        return Row(self, [values[name] for name in self.names])


class Row(Mapping[str, object]):
    """Values by name; cheaper to make and to COPY than a dict."""

    __slots__ = ("cells", "columns")

    def __init__(self, columns: Columns, cells: Sequence[object]) -> None:
        self.columns = columns
        self.cells = cells

    def __getitem__(self, name: str) -> object:
        return self.cells[self.columns.places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns.names)

    def __len__(self) -> int:
        return len(self.cells)

    def __repr__(self) -> str:
        return repr(dict(self))

    def having(self, changes: Mapping[str, object]) -> "Row":
        """The same row with other values in some of its columns."""
        cells = list(self.cells)
        for name, value in changes.items():
            cells[self.columns.places[name]] = value
        return Row(self.columns, cells)
