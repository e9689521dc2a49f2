"""What a blog says to everybody else: its title; its words are those of the post."""

from __future__ import annotations

from html import escape

from storage.shapes.blog import Blog


def content(label: str, title: str, given: Blog) -> str:
    """The title, as that of any article."""
    del label, given
    return f"<p><strong>{escape(title)}</strong></p>"


def teaser(given: Blog, words: str) -> str:
    """What stands below the title in lists: its own, or the first words."""
    return given.teaser or words
