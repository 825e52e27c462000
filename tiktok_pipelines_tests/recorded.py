"""The golden samples by what they hold, as ``golden/samples/index.json`` lists them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "golden" / "samples"


@dataclass(frozen=True)
class Sample:
    """A file with answers as received, published or made up.

    Attributes:
        call: method and path of the call, with placeholders.
        objects: what the records are, such as ``order_list`` or ``statement``.
    """

    path: Path
    call: str
    objects: frozenset[str]
    kind: str
    source: str

    def data(self) -> Any:
        """What the answer wraps; what is no answer is given whole."""
        whole: Any = json.loads(self.path.read_bytes())
        return whole["data"] if "code" in whole else whole


def samples_of(*objects: str) -> list[Sample]:
    """The samples that hold one of these; every sample if none is named."""
    listed = json.loads((SAMPLES / "index.json").read_bytes())["samples"]
    every = [
        Sample(
            path=SAMPLES / entry["file"],
            call=entry["endpoint"],
            objects=frozenset(entry["objects"]),
            kind=entry["kind"],
            source=entry["source_repository"],
        )
        for entry in listed
    ]
    return [one for one in every if not objects or one.objects & set(objects)]
