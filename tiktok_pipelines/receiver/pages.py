"""Small pages for sellers; nothing of a request stands in them unescaped."""

from html import escape

from starlette.responses import HTMLResponse

_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"><h1>{title}</h1>{text}</html>'
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(status: int, title: str, *lines: str) -> HTMLResponse:
    """A title, and a paragraph for each line."""
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    told = _PAGE.format(title=escape(title), text=text)
    return HTMLResponse(told, status, headers=_HEADERS)
