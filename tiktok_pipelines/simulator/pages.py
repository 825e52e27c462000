"""The frame of the few pages that people see."""

from html import escape

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;"
    "padding:0 1rem}button{font:inherit;padding:.4rem .8rem;margin:.3rem 0}"
    "code{background:#eee;padding:0 .2rem;overflow-wrap:anywhere}"
    "td,th{text-align:left;padding:.1rem .8rem .1rem 0}"
)


def page(title: str, body: str) -> str:
    """A whole page; ``body`` is HTML already."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(title)} · TikTok Shop simulator</title>"
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )
