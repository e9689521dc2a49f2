"""/api/oembed: our public posts for pages elsewhere to embed: https://docs.joinmastodon.org/methods/oembed/

The HTML is a quotation with a link, and no script: https://oembed.com
"""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from federation import sanitize
from node.api.entities import Entity, time
from node.context import Node, State
from node.errors import Invalid
from node.requests import identifier, number, params, text
from node.texts import _
from storage import actors, posts
from storage.actors import Actor
from storage.database import Missing
from storage.posts import Post

WIDTH, LEAST, MOST = 400, 200, 2_000  # pixels
AGE = 24 * 60 * 60  # seconds that the answer may be kept
TITLE = 100  # characters
HEADERS = {"access-control-allow-origin": "*", "cache-control": f"public, max-age={60 * 60}"}


async def show(request: Request[State]) -> Response:
    """How to embed one post. Raises Missing for whatever is not a post of ours that everybody may read."""
    node = request.state["node"]
    values = await params(request)
    if text(values, "format", "json") != "json":  # RFC 9110: the method is known, the format is not; oEmbed 2.2.1
        return JSONResponse({"error": _("Only JSON is served here.")}, 501)
    url = text(values, "url").partition("#")[0].partition("?")[0].rstrip("/")
    if not url:
        raise Invalid(_("Say which post, as url."), field="url")
    width = number(values, "maxwidth", WIDTH, least=LEAST, most=MOST)
    async with node.database.reading(stale=True) as db:
        post = await posts.by_id(db, identifier(url.rpartition("/")[2]), reader_id=0)
        if post.local is None or post.boost_of_id is not None or url not in (post.uri, post.url):
            raise Missing(url)
        author = await actors.by_id(db, post.author_id)
    return JSONResponse(embedding(node, post, author, min(width, WIDTH)), headers=HEADERS)


def embedding(node: Node, post: Post, author: Actor, width: int) -> Entity:
    """The oEmbed of a post."""
    name = author.name or author.handle
    said = post.title or sanitize.plain(post.html) if not post.summary else post.summary
    return {
        "type": "rich",
        "version": "1.0",
        "title": sanitize.line(f"{name}: {said}", TITLE),
        "author_name": name,
        "author_url": author.url or author.uri,
        "provider_name": node.config.name,
        "provider_url": node.site.base_url + "/",
        "cache_age": AGE,
        "html": _html(post, author, name),
        "width": width,
        "height": None,
    }


def _html(post: Post, author: Actor, name: str) -> str:
    """A quotation; of a post with a warning the warning alone."""
    lang = f' lang="{escape(post.language)}"' if post.language else ""
    words = f"<p>{escape(post.summary)}</p>" if post.summary else post.html
    link = escape(post.url or post.uri)
    by = f'<a href="{escape(author.url or author.uri)}">{escape(name)}</a>'
    when = f'<a href="{link}"><time datetime="{time(post.published)}">{time(post.published)[:10]}</time></a>'
    return f'<blockquote class="sharewell-embed" cite="{link}"{lang}>{words}<p>{by}, {when}</p></blockquote>'


routes = [Route("/api/oembed", show)]
