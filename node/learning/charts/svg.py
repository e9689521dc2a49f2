"""A chart as SVG: classes, no styles, so that a page's own sheet makes it light or dark. Pure."""

from __future__ import annotations

from html import escape

from node.learning.charts.drawing import Drawing, Line, Mark, Words

# What a picture by itself is coloured with; a page has its own sheet.
STYLE = (
    "text{font:13px sans-serif;fill:#4b5b54}.strong{fill:#14231e;font-weight:700}.title{fill:#14231e;font-size:16px;"
    "font-weight:700}.axis{stroke:#cfdad3}.series{fill:none;stroke:#6f8177;stroke-width:1.5}.centre{stroke:#14231e;"
    "stroke-width:1.5}.limit{stroke:#4b5b54;stroke-width:1.5;stroke-dasharray:5 4}.event{stroke:#4b5b54;"
    "stroke-width:1.5;stroke-dasharray:1 4;stroke-linecap:round}.usual{fill:#fbfcfa;stroke:#4b5b54;stroke-width:1.75}"
    ".better{fill:#0c5b4b}.worse{fill:#a8480a}.other{fill:#14231e}.paper{fill:#fbfcfa}"
)


def figure(drawing: Drawing, *, css: str, ident: str, title: str, described: str) -> str:
    """For a page: named and described for who does not see it."""
    head = (
        f'<svg class="{css}" viewBox="0 0 {drawing.width} {drawing.height}" role="img"'
        f' aria-labelledby="{ident}-t {ident}-d"><title id="{ident}-t">{escape(title)}</title>'
        f'<desc id="{ident}-d">{escape(described)}</desc>'
    )
    return head + _inside(drawing) + "</svg>"


def picture(drawing: Drawing, *, title: str, described: str) -> str:
    """A file of its own."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}"'
        f' width="{drawing.width}" height="{drawing.height}" role="img" aria-labelledby="t d">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(described)}</desc><style>{STYLE}</style>'
        f'<rect class="paper" width="{drawing.width}" height="{drawing.height}"/>{_inside(drawing)}</svg>'
    )


def _inside(drawing: Drawing) -> str:
    parts = [_line(one) for one in drawing.lines]
    parts += [mark(one) for one in drawing.marks]
    return "".join(parts + [_words(one) for one in drawing.words])


def _line(one: Line) -> str:
    return f'<path class="{one.css}" d="M' + "L".join(f"{x:g} {y:g}" for x, y in one.points) + '"/>'


def mark(one: Mark) -> str:
    """A point; what it is shows by shape too."""
    if one.css == "worse":
        return f'<path class="worse" d="M{one.x:g} {one.y - 6:g}l6 6-6 6-6-6z"/>'
    if one.css == "other":
        return f'<path class="other" d="M{one.x - 4.5:g} {one.y - 4.5:g}h9v9h-9z"/>'
    return f'<circle class="{one.css}" cx="{one.x:g}" cy="{one.y:g}" r="{5 if one.css == "better" else 4}"/>'


def _words(one: Words) -> str:
    css = f' class="{one.css}"' if one.css else ""
    anchor = "" if one.anchor == "start" else f' text-anchor="{one.anchor}"'
    return f'<text{css} x="{one.x:g}" y="{one.y:g}"{anchor}>{escape(one.text)}</text>'
