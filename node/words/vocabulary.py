"""The words that pages use for kinds, stages and the field's vocabularies; ids are never shown to people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from node.texts import N_, _, ngettext
from storage import vocabularies
from storage.kinds import Kind
from storage.series import form


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a kind of post is called, and its picture in the sprite."""

    one: str
    many: str
    icon: str


KINDS = {
    "safety-note": KindWords(N_("Safety note"), N_("Safety notes"), "note"),
    "idea": KindWords(N_("Idea"), N_("Ideas"), "idea"),
    "case-study": KindWords(N_("Case study"), N_("Case studies"), "case"),
    "resource": KindWords(N_("Resource"), N_("Resources"), "resource"),
    "alert-signpost": KindWords(N_("Alert signpost"), N_("Alert signposts"), "alert"),
    "question": KindWords(N_("Question"), N_("Questions"), "question"),
    "consultation": KindWords(N_("Consultation"), N_("Consultations"), "poll"),
    "event": KindWords(N_("Event"), N_("Events"), "event"),
    "blog": KindWords(N_("Blog"), N_("Blogs"), "blog"),
    "video": KindWords(N_("Video"), N_("Videos"), "video"),
    "thanks": KindWords(N_("Thanks"), N_("Thanks"), "thanks"),
    "mentoring-offer": KindWords(N_("Mentoring offer"), N_("Mentoring offers"), "mentor"),
    "mentoring-request": KindWords(N_("Mentoring request"), N_("Mentoring requests"), "mentor"),
    "spread": KindWords(N_("Spread"), N_("Spread"), "elsewhere"),
    "measure": KindWords(N_("Measure"), N_("Measures"), "case"),
    "challenge": KindWords(N_("Call for ideas"), N_("Calls for ideas"), "idea"),
    "summary": KindWords(N_("You said, we did"), N_("You said, we did"), "poll"),
    "plain": KindWords(N_("Post"), N_("Posts"), "pen"),
    "reply": KindWords(N_("Reply"), N_("Replies"), "reply"),
}
LISTED = tuple(one.value for one in Kind if one is not Kind.PLAIN)  # kinds that have a list of their own
STAGES = {
    "new": N_("New"), "testing": N_("Testing"), "tested": N_("Tested"), "adopted": N_("Adopted"),
    "spreading": N_("Spreading"), "abandoned": N_("Abandoned"),
}  # fmt: skip
PATH = tuple(one for one in STAGES if one != "abandoned")  # the stages an idea goes through when it works
OUTCOMES = {
    "adopted": N_("Adopted"), "adapted": N_("Adapted"), "abandoned": N_("Abandoned"),
    "interested": N_("Plan to try it"),
}  # fmt: skip
BUILT = N_("Builds on it")
TOLD = {
    "adopted": N_("adopted what you shared:"), "adapted": N_("adapted what you shared:"),
    "abandoned": N_("tried what you shared and stopped:"), "interested": N_("plans to try what you shared:"),
}  # fmt: skip
_OUTCOMES = {
    "adopted": N_("We use it as it is"), "adapted": N_("We changed it to fit"),
    "abandoned": N_("We tried it and stopped"), "interested": N_("We plan to try it"),
}  # fmt: skip
HARM = {
    "none": N_("No harm"), "near-miss": N_("Caught before it reached anyone"), "low": N_("Minor or short-lived harm"),
    "moderate": N_("Moderate harm"), "severe": N_("Severe harm"), "fatal": N_("Death"), "not-applicable": "",
}  # fmt: skip
SBAR = {
    "situation": N_("Situation"), "background": N_("Background"), "assessment": N_("Assessment"),
    "recommendation": N_("Recommendation"),
}  # fmt: skip
EVIDENCE = {
    "research": N_("Published, peer-reviewed studies"), "guideline-based": N_("Follows a national guideline"),
    "local-data": N_("We have a chart with at least 15 points"),
    "local-experience": N_("It worked for us, no chart yet"),
    "expert-opinion": N_("Agreed by people who know the field"), "untested": N_("Just an idea"),
    "textbook-method": N_("An established method"),
}  # fmt: skip
_STRENGTH = {
    "design-out": N_("Makes the error impossible"), "simplify-standardise": N_("Fewer steps, same kit"),
    "software-forcing": N_("The system stops or warns"), "checklist-double-check": N_("Depends on using it"),
    "training-reminder": N_("Depends on memory"),
}  # fmt: skip
_SEEN_AS = {
    "incident": N_("Something that went wrong"), "risk": N_("A risk"), "good-care": N_("Good care"),
    "outcome": N_("An outcome"),
}  # fmt: skip
_CONTRIBUTING = {
    "person": N_("People"), "task": N_("The task"), "tools": N_("Tools and equipment"),
    "environment": N_("Surroundings"), "organisation": N_("Organisation of work"), "external": N_("From outside"),
}  # fmt: skip
_SORTS = {
    "tool": N_("Tool"), "toolkit": N_("Toolkit"), "template": N_("Template"), "checklist": N_("Checklist"),
    "guide": N_("Guide"), "guideline": N_("National or local guideline"), "article": N_("Article or paper"),
    "reading-list": N_("Reading list"), "report": N_("Report"), "book": N_("Book"), "course": N_("Course"),
    "video": N_("Video"), "website": N_("Website"), "leaflet": N_("Leaflet"), "dataset": N_("Data"),
    "other": N_("Something else"),
}  # fmt: skip
_AUDIENCES = {
    "frontline": N_("Front-line staff"), "leaders": N_("Leaders and boards"),
    "practitioners": N_("Improvement and safety staff"), "patients": N_("Patients"),
    "carers": N_("Relatives and carers"), "researchers": N_("Researchers"), "students": N_("Students"),
}  # fmt: skip
ACTS = {"adopt": N_("Adopted"), "adapt": N_("Adapted"), "abandon": N_("Abandoned")}  # what became of a test
LICENCES = {
    "CC-BY-4.0": "CC BY 4.0", "CC-BY-SA-4.0": "CC BY-SA 4.0", "CC-BY-NC-4.0": "CC BY-NC 4.0",
    "CC-BY-ND-4.0": "CC BY-ND 4.0", "CC0-1.0": "CC0", "OGL-UK-3.0": N_("Open Government Licence 3.0"),
    "all-rights-reserved": N_("All rights reserved"),
}  # fmt: skip
LICENCE = "CC-BY-4.0"  # of what says nothing else
# Details beside a post: the field, what it is called, and what its ids are called; without such a table, as written.
FACTS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("resource_kind", N_("What it is"), _SORTS), ("audience", N_("For"), _AUDIENCES),
    ("issuer", N_("Issued by"), {}), ("reference", N_("Reference"), {}),
    ("evidence", N_("Evidence"), EVIDENCE), ("strength", N_("Strength"), _STRENGTH), ("cost", N_("Cost"), {}),
    ("event_kind", N_("Seen as"), _SEEN_AS), ("contributing", N_("Played a part"), _CONTRIBUTING),
    ("licence", N_("Licence"), LICENCES),
)  # fmt: skip
_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"),
    N_("Nov"), N_("Dec"),
)  # fmt: skip
_WHOLE_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def day(moment: int) -> str:
    """``18 Sep 2026``, in UTC."""
    when = datetime.fromtimestamp(moment / 1000, UTC)
    return f"{when.day} {_(_MONTHS[when.month - 1])} {when.year}"


def month(moment: int) -> str:
    """``Sep 2026``, in UTC."""
    when = datetime.fromtimestamp(moment / 1000, UTC)
    return f"{_(_MONTHS[when.month - 1])} {when.year}"


def whole_month(month: str) -> str:
    """``November 2026``, of ``2026-11``."""
    return f"{_(_WHOLE_MONTHS[int(month[5:]) - 1])} {month[:4]}"


def point(at: str) -> str:
    """The place of a point of a measure: ``Sep 2026``, ``18 Sep 2026``, ``Q3 2026``, ``2026``, ``point 7``."""
    kind = form(at)
    if kind == "number":
        return _("point %s") % at
    if kind == "quarter":
        return f"{at[5:]} {at[:4]}"
    if kind not in ("month", "day"):
        return at
    month = f"{_(_MONTHS[int(at[5:7]) - 1])} {at[:4]}"
    return month if kind == "month" else f"{int(at[8:])} {month}"


def moment(moment: int) -> str:
    """``18 Sep 2026, 14:05 UTC``."""
    when = datetime.fromtimestamp(moment / 1000, UTC)
    return f"{day(moment)}, {when:%H:%M} UTC"


def span(starts: int | None, ends: int | None, *, days: bool) -> str:
    """From when to when something is, of which one may be open; ``days``: it takes whole days."""
    said = day if days else moment
    if starts is None:
        return "" if ends is None else _("Until %s") % said(ends)
    if ends is None:
        return _("From %s") % said(starts)
    if days and said(starts) == said(ends):
        return said(starts)
    return _("From %(start)s to %(end)s") % {"start": said(starts), "end": said(ends)}


def left(span: int) -> str:
    """How long ``span`` ms are, in the largest whole unit."""
    minutes = max(1, -(-span // 60_000))
    if minutes < 120:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    days = round(hours / 24)
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


@lru_cache(4096)
def iso(moment: int) -> str:
    """RFC 3339, for machines."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def words(identifier: str) -> str:
    """``acute-ward`` as people write it."""
    return identifier.replace("-", " ").capitalize()


def topic(identifier: str) -> str:
    """A topic as people write it."""
    return vocabularies.topic_label(identifier)


def topics() -> list[tuple[str, str]]:
    """Every topic as a form offers it: id and words."""
    return sorted(((one, topic(one)) for one in vocabularies.TOPICS), key=lambda pair: pair[1])


def settings() -> list[tuple[str, str]]:
    """Every place of care as a form offers it."""
    return sorted(((one, words(one)) for one in vocabularies.SETTINGS), key=lambda pair: pair[1])


def harms() -> list[tuple[str, str]]:
    """How bad it was or could have been, as a form asks."""
    asked = {**HARM, "not-applicable": N_("Nothing happened: a risk, or good care")}
    return [(one, _(word)) for one, word in asked.items() if one != "none"]


def stages() -> list[tuple[str, str]]:
    """How far an idea is."""
    return [(one, _(word)) for one, word in STAGES.items()]


def outcomes() -> list[tuple[str, str]]:
    """What became of an idea, as a form asks."""
    return [(one, _(word)) for one, word in _OUTCOMES.items()]


def durations(seconds: Sequence[int]) -> list[tuple[int, str]]:
    """How long something lasts, as a form asks: whole hours, days, or (0) until it is ended."""
    return [(one, _duration(one // 3600)) for one in seconds]


def _duration(hours: int) -> str:
    if not hours:
        return _("As long as I want")
    if hours <= 24:
        return ngettext("%s hour", "%s hours", hours) % hours
    return ngettext("%s day", "%s days", hours // 24) % (hours // 24)


def written_day(day: object) -> str:
    """``2027-01-29`` as ``29 Jan 2027``; "" for what is no day."""
    try:
        when = date.fromisoformat(str(day))
    except ValueError:
        return ""
    return f"{when.day} {_(_MONTHS[when.month - 1])} {when.year}"


def outdated(fields: Mapping[str, object], now: int) -> bool:
    """Whether the day by which a post was to be looked at again is over."""
    review = fields.get("review_by")
    return isinstance(review, str) and bool(written_day(review)) and review < iso(now)[:10]


def minutes(number: object) -> str:
    """How many minutes something takes."""
    return ngettext("%(num)s minute", "%(num)s minutes", number) % {"num": number} if isinstance(number, int) else ""


def lasting(period: object) -> str:
    """``PT1M35S`` as ``1:35``."""
    parts = {unit: int(number) for number, unit in re.findall(r"([0-9]{1,6})([HMS])", str(period or ""))}
    if not parts:
        return ""
    hours, of_hour, seconds = parts.get("H", 0), parts.get("M", 0), parts.get("S", 0)
    return f"{hours}:{of_hour:02d}:{seconds:02d}" if hours else f"{of_hour}:{seconds:02d}"


def _choices(table: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(one, _(word)) for one, word in table.items()]


def choices(name: str) -> list[tuple[str, str]]:
    """What a form offers for a field: ids and words."""
    asked: Mapping[str, Callable[[], list[tuple[str, str]]]] = {
        "topics": topics, "settings": settings, "harm": harms, "stage": stages,
        "evidence": lambda: _choices(EVIDENCE), "strength": lambda: _choices(_STRENGTH),
        "resource_kind": lambda: _choices(_SORTS), "audience": lambda: _choices(_AUDIENCES),
        "licence": lambda: _choices(LICENCES), "act": lambda: _choices(ACTS),
        "event_kind": lambda: _choices(_SEEN_AS), "contributing": lambda: _choices(_CONTRIBUTING),
    }  # fmt: skip
    return asked[name]()


def facts(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """Details of a structured post: what each is called, and what was said."""
    found: list[tuple[str, str]] = []
    for name, label, table in FACTS:
        said = fields.get(name) or (LICENCE if name == "licence" else None)
        values = said if isinstance(said, list) else [said]
        shown = ", ".join(_(table[one]) if one in table else one for one in values if isinstance(one, str) and one)
        if shown:
            found.append((_(label), shown))
    more = (_("Takes"), minutes(fields.get("minutes"))), (_("Review by"), written_day(fields.get("review_by")))
    return found + [one for one in more if one[1]]


_RECALLED = {
    "taken-back": N_("Taken back everywhere"), "corrected": N_("Corrected everywhere"),
    "withdrawn": N_("Withdrawn everywhere"),
}  # fmt: skip
_STANDING = {
    "promised": N_("Not answered yet"), "confirmed": N_("Confirmed"), "refused": N_("Refused (%s)"),
    "given-up": N_("Given up: it did not take it in two days"),
    "barred": N_("Not told: this node does not talk to it"),
    "superseded": N_("Told something later instead"), "sought": N_("Looking for where to tell it"),
    "unknown": N_("Asked for the post, and names no place to tell it"),
}  # fmt: skip


def recalled(act: str) -> str:
    """What was done everywhere."""
    return _(_RECALLED[act])


def standing(state: str, status: int) -> str:
    """What a server said when it was told; ``status`` of HTTP, 0: it did not answer."""
    if state == "refused" and status == 410:
        return _("Says that nobody is there any more (410)")
    if state == "promised" and status:
        return _("Still trying: it cannot take it now (%s)") % status
    found = _(_STANDING[state])
    return found % status if state == "refused" else found


# What an app may do, by the broad name of its scopes: a picture of the sprite, words, and more of them.
_GRANTS = {
    "read": ("search", N_("Read what you can read"), N_("Your timelines, notifications and private messages")),
    "profile": ("person", N_("See who you are"), ""),
    "write": ("pen", N_("Write as you"), N_("Posts, replies and thanks")),
    "follow": ("person", N_("Follow and block for you"), ""),
    "push": ("bell", N_("Send notifications to this device"), ""),
}


def grants(scopes: str) -> list[tuple[str, str, str]]:
    """What these scopes let an app do, in words."""
    broad = {one.partition(":")[0] for one in scopes.split()}
    return [(icon, _(what), _(more) if more else "") for name, (icon, what, more) in _GRANTS.items() if name in broad]


_BROWSERS = (
    ("Firefox/", "Firefox"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser(agent: str) -> str:
    """A browser as people call it, of what it says of itself: ``Firefox, Windows``."""
    named = [next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(one for one in named if one) or agent[:60] or _("A browser that does not say what it is")


# Languages that a form offers, each in its own words.
LANGUAGES = {
    "en": "English", "cy": "Cymraeg", "gd": "Gàidhlig", "ga": "Gaeilge", "fr": "Français", "de": "Deutsch",
    "es": "Español", "it": "Italiano", "pl": "Polski", "pt": "Português", "ro": "Română", "uk": "Українська",
    "ar": "العربية", "bn": "বাংলা", "pa": "ਪੰਜਾਬੀ", "ur": "اردو",
}  # fmt: skip
