"""Characters that PostgreSQL cannot hold: U+0000 and lone surrogates → U+FFFD."""

import re
from typing import cast

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BACKSLASH = b"\\"
_ESCAPES = re.compile(rb"u(?:0000|[dD])")


def may_be_unstorable(body: bytes) -> bool:
    """Whether the bytes of an answer could hold such a character; cheap and safe.

    Raw U+0000 is no valid JSON, so the characters can only arrive as escapes. Pairs
    of surrogates are escapes too: a yes is only a reason to look.
    """
    at = body.find(_BACKSLASH)
    while at >= 0:
        if _ESCAPES.match(body, at + 1):
            return True
        at = body.find(_BACKSLASH, at + 2)
    return False


def replace_unstorable(value: object) -> tuple[object, tuple[str, ...]]:
    """The value with such characters replaced, and the paths where they stood."""
    found: list[str] = []
    return _replace(value, "", found), tuple(found)


def _replace(value: object, path: str, found: list[str]) -> object:
    if isinstance(value, str):
        clean = _UNSTORABLE.sub("\ufffd", value)
        if clean != value:
            found.append(path or ".")
        return clean
    if isinstance(value, list):
        items = cast("list[object]", value)
        return [_replace(item, f"{path}[]", found) for item in items]
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        names = {key: _replace_key(key, path, found) for key in fields}
        return {
            name: _replace(fields[key], f"{path}.{name}" if path else name, found)
            for key, name in names.items()
        }
    return value


def _replace_key(key: str, path: str, found: list[str]) -> str:
    clean = _UNSTORABLE.sub("\ufffd", key)
    if clean != key:
        found.append(f"{path} (a name)")
    return clean
