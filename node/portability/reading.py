"""Read a table that a member brings from elsewhere: each row is checked before any is done."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from federation.errors import Refused
from federation.fetching import webfinger
from node.connecting import domains
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.texts import _
from storage.imports import Kind, Line

SIZE = 1 << 20  # bytes of a file
ROWS = 10_000
SHOWN = 5  # wrong lines that are named
FALSE = ("false", "0", "no", "off", "f")
TITLE, ADDRESS = 200, 2_048  # characters: of a list, of a post's address
# The columns of each table in their order, by what Mastodon calls them; a first row with one of them names its columns.
COLUMNS: Mapping[Kind, Sequence[str]] = {
    Kind.FOLLOWING: ("account address", "show boosts", "notify on new posts", "languages"),
    Kind.BLOCKS: ("account address",),
    Kind.MUTES: ("account address", "hide notifications"),
    Kind.DOMAIN_BLOCKS: ("#domain",),
    Kind.LISTS: ("list name", "account address"),
    Kind.BOOKMARKS: ("#uri",),
}

Cells = tuple[str, list[str]]  # what a row is about, and its cells in the order of ``COLUMNS``


def read(node: Node, kind: Kind, content: bytes) -> list[Line]:
    """The rows of a file. Raises Invalid, naming lines that cannot be used."""
    if len(content) > SIZE:
        raise Invalid(_("The file is too large: at most %s MB.") % (SIZE >> 20), field="file")
    found: dict[str, Line] = {}
    wrong: list[str] = []
    for line, cells in _rows(kind, content):
        try:
            subject, kept = _CHECKS[kind](node, cells)
        except (Invalid, NotAllowed) as error:
            wrong.append(_("Line %(line)s: %(problem)s") % {"line": line, "problem": str(error)})
            continue
        found.setdefault(subject, Line(line, subject, kept))
    if wrong:
        more = _(" And %s more.") % (len(wrong) - SHOWN) if len(wrong) > SHOWN else ""
        raise Invalid(_("%(lines)s%(more)s") % {"lines": " ".join(wrong[:SHOWN]), "more": more}, field="file")
    if not found:
        raise Invalid(_("There is nothing in the file."), field="file")
    if len(found) > ROWS:
        raise Invalid(_("At most %s rows.") % ROWS, field="file")
    return list(found.values())


def _rows(kind: Kind, content: bytes) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with its line. Raises Invalid."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_("The file is no text (UTF-8)."), field="file") from error
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""))
    order: list[int] | None = None
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            cells = [one.strip() for one in row]
            if not any(cells):
                continue
            if order is None:
                named = _named(kind, cells)
                order = named or list(range(len(COLUMNS[kind])))
                if named:
                    continue
            rows.append((reader.line_num, [cells[place] if 0 <= place < len(cells) else "" for place in order]))
    except csv.Error as error:
        problem = _("Line %(line)s: %(problem)s") % {"line": reader.line_num, "problem": _("This is no table.")}
        raise Invalid(problem, field="file") from error
    return rows


def _named(kind: Kind, cells: Sequence[str]) -> list[int] | None:
    """Where the columns are, when the row names them; -1: nowhere."""
    names = [one.lower() for one in cells]
    wanted = COLUMNS[kind]
    if not set(names) & set(wanted):
        return None
    return [names.index(one) if one in names else -1 for one in wanted]


def _account(given: str) -> str:
    try:
        name, domain = webfinger.split(given)
    except Refused as error:
        raise Invalid(_("“%s” is no account address such as name@example.org.") % given[:60]) from error
    return f"{name.lower()}@{domain}"


def _by_account(node: Node, cells: Sequence[str]) -> Cells:
    subject = _account(cells[0])
    return subject, [subject, *cells[1:]]


def _domain(node: Node, cells: Sequence[str]) -> Cells:
    domain = domains.named(node, cells[0])
    return domain, [domain]


def _of_list(node: Node, cells: Sequence[str]) -> Cells:
    title, account = " ".join(cells[0].split()), _account(cells[1])
    if not title or len(title) > TITLE:
        raise Invalid(_("The name of a list has 1 to %s characters.") % TITLE)
    return f"{account} {title}", [title, account]


def _post(node: Node, cells: Sequence[str]) -> Cells:
    uri = cells[0]
    if not uri.startswith(("https://", "http://")) or " " in uri or len(uri) > ADDRESS:
        raise Invalid(_("“%s” is not the address of a post.") % uri[:60])
    return uri, [uri]


_CHECKS: Mapping[Kind, Callable[[Node, Sequence[str]], Cells]] = {
    Kind.FOLLOWING: _by_account,
    Kind.BLOCKS: _by_account,
    Kind.MUTES: _by_account,
    Kind.DOMAIN_BLOCKS: _domain,
    Kind.LISTS: _of_list,
    Kind.BOOKMARKS: _post,
}


def subject(node: Node, kind: Kind, row: Sequence[str]) -> str | None:
    """What a row of our own table is about, as it stands in a file that was read; None when no file could name it."""
    try:
        return _CHECKS[kind](node, row)[0]
    except (Invalid, NotAllowed):
        return None


def yes(cell: str, default: bool) -> bool:
    """What a cell says."""
    return default if not cell else cell.lower() not in FALSE
