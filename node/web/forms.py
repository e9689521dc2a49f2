"""The forms of structured posts: which questions each asks, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from node.sharing.structures import WORDED
from node.texts import N_
from node.web.questions import ABOUT, GOAL, MENTORING, OTHER, TEASER, TITLE_LINE, Form, How, Question
from storage.kinds import TITLE, Kind
from storage.shapes.rules import ADDRESS, LINE
from storage.shapes.video import TRANSCRIPT

EVENT = ("start", "end", "zone", "mode", "place", "link", "capacity", "cost", "recording")  # one text each
FORMS: Mapping[str, Form] = {
    "safety-note": Form(
        Kind.SAFETY_NOTE,
        N_("Write a safety note"),
        N_("About two minutes. Tell us about the work, not about a person."),
        N_("Share the note"),
        (
            Question(
                "situation",
                N_("What happens?"),
                N_("What goes wrong, how often, in what conditions. No dates, names or bed numbers."),
                rows=5,
            ),
            Question(
                "recommendation",
                N_("What helps?"),
                N_("What you changed or would do next time. Not sure yet? Say so, and ask."),
            ),
            TITLE_LINE,
            Question("harm", N_("Worst it led to, or could have"), how=How.CHOICE),
            *ABOUT,
        ),
        what=N_("Something that goes wrong, and what helps. Two minutes."),
    ),
    "sbar": Form(
        Kind.SAFETY_NOTE,
        N_("Write a safety note in four parts"),
        N_("Situation, background, assessment, recommendation: SBAR, as you hand over."),
        N_("Share the note"),
        (
            Question("sbar.situation", N_("Situation"), N_("What happens now. No dates, names or bed numbers.")),
            Question("sbar.background", N_("Background"), N_("What one has to know to understand it.")),
            Question("sbar.assessment", N_("Assessment"), N_("What you think is behind it.")),
            Question("sbar.recommendation", N_("Recommendation"), N_("What should be done.")),
            TITLE_LINE,
            Question("harm", N_("Worst it led to, or could have"), how=How.CHOICE),
            *ABOUT,
        ),
        what=N_("The same in the four parts of a handover."),
    ),
    "idea": Form(
        Kind.IDEA,
        N_("Write down an idea"),
        N_("A change worth trying, even if nobody has tried it yet."),
        N_("Share the idea"),
        (
            Question(
                "problem",
                N_("What is the problem?"),
                N_("What happens now, and for whom. No dates, names or bed numbers."),
            ),
            Question("proposal", N_("What would you change?"), N_("So that another ward could try it.")),
            TITLE_LINE,
            Question(
                "measure_of_success",
                N_("How would you know?"),
                N_("What you would count, or what people would notice."),
                rows=3,
            ),
            Question("stage", N_("How far is it?"), how=How.CHOICE, default="new"),
            Question("reason", N_("Why did you stop?"), N_("Only when it is abandoned."), rows=2),
            Question("challenge", N_("This answers a call for ideas."), how=How.HIDDEN),
            Question(
                "would_not_travel",
                N_("What would not travel?"),
                N_("What holds in your place alone, and others would have to do otherwise."),
                How.LINE,
                most=LINE,
            ),
            *ABOUT,
            Question("cost", N_("What would it cost?"), N_("Money or time. It may stay empty."), rows=2),
        ),
        what=N_("A change worth trying, even if nobody has tried it yet."),
    ),
    "challenge": Form(
        Kind.CHALLENGE,
        N_("Call for ideas"),
        N_(
            "Ask for ideas about one problem. They can come at any time, until you close the call or its last day is"
            " over."
        ),
        N_("Call for ideas"),
        (
            Question(
                "question",
                N_("What do you want ideas for?"),
                N_("The problem, and what an idea must not cost or need. No names or bed numbers."),
            ),
            TITLE_LINE,
            Question("until", N_("Last day"), N_("Leave it empty when it stays open."), How.DATE),
            *ABOUT,
        ),
        what=N_("Ask for ideas about one problem."),
    ),
    "case-study": Form(
        Kind.CASE_STUDY,
        N_("Write a case study"),
        N_("What you set out to do, what you changed, and what did not work. Others learn most from that."),
        N_("Share the case study"),
        (
            Question(
                "title",
                N_("Title"),
                N_("What changed, and where: “Halving heel ulcers on four wards”."),
                How.LINE,
                most=TITLE,
            ),
            TEASER,
            Question("aim", N_("What was the aim?"), N_("How much, by when, for whom."), rows=3),
            Question("baseline", N_("How was it before?"), N_("A number if you have one, over how long."), rows=3),
            Question(
                "drivers",
                N_("What drives it?"),
                N_("One main driver a line. What stands below it begins with a dash."),
                How.TREE,
                rows=5,
            ),
            Question(
                "changes", N_("What did you change?"), N_("One change a line, in their order."), How.LINES, rows=5
            ),
            Question(
                "pdsa", N_("Tests, in order"), N_("Plan, do, study, act: leave empty what you did not do."), How.ROWS
            ),
            Question(
                "did_not_work",
                N_("What did not work?"),
                N_("This is asked of everyone. If all of it did, say so."),
                rows=3,
            ),
            Question("advice", N_("What would you tell the next team?"), rows=3),
            Question("cost", N_("What did it cost?"), N_("Money and time, roughly."), rows=2),
            Question(
                "equity",
                N_("For whom was it better, or worse?"),
                N_("Groups of patients or staff, never single people."),
                rows=3,
            ),
            Question(
                "would_not_travel",
                N_("What would not travel?"),
                N_("What holds in your place alone, and others would have to do otherwise."),
                How.LINE,
                most=LINE,
            ),
            *ABOUT,
        ),
        what=N_("What a team changed, what came of it, and what did not work."),
    ),
    "resource": Form(
        Kind.RESOURCE,
        N_("Share a resource"),
        N_("Something worth using: found elsewhere, or made by you."),
        N_("Share the resource"),
        (
            Question(
                "source", N_("Where is it?"), N_("Its whole web address, if it has one."), How.ADDRESS, most=ADDRESS
            ),
            Question("title", N_("What is it called?"), "", How.LINE, most=TITLE),
            Question("description", N_("Why is it worth using?"), N_("What it is, and what you use it for.")),
            Question("resource_kind", N_("What is it?"), how=How.SELECT),
            Question("audience", N_("For whom?"), how=How.SEVERAL),
            Question("minutes", N_("How many minutes does it take?"), N_("To read, watch or do it."), How.LINE, most=5),
            Question(
                "via",
                N_("From whom did you hear of it?"),
                N_("A name or an address such as @name@server. They get the credit."),
                How.LINE,
                most=LINE,
            ),
            *ABOUT,
        ),
        what=N_("A tool, guideline, paper or leaflet worth using."),
    ),
    "alert-signpost": Form(
        Kind.ALERT_SIGNPOST,
        N_("Point to an official alert"),
        N_("A signpost, never the alert itself: people read it where it was issued."),
        N_("Share the signpost"),
        (
            Question(
                "source",
                N_("Where is the alert read?"),
                N_("Its whole web address at whoever issued it."),
                How.ADDRESS,
                most=ADDRESS,
            ),
            Question("title", N_("What is it about?"), N_("In one line."), How.LINE, most=TITLE),
            Question("issuer", N_("Who issued it?"), "", How.LINE, most=LINE),
            Question("reference", N_("Its reference"), N_("As it stands on the alert."), How.LINE, most=100),
            Question("action_by", N_("Act by"), "", How.DATE),
            Question(
                "tip", N_("Your tip"), N_("What helped you to act on it. Nothing that belongs into the alert."), rows=3
            ),
            *ABOUT,
        ),
        what=N_("Where a national alert is read, until when to act, and what helped."),
    ),
    "question": Form(
        Kind.QUESTION,
        N_("Ask a question"),
        N_("Somebody has done it before, here or elsewhere."),
        N_("Ask"),
        (
            Question(
                "title",
                N_("Your question"),
                N_("In one line, as you would ask it in the corridor."),
                How.LINE,
                most=TITLE,
            ),
            Question(
                "details",
                N_("More about it"),
                N_("What you tried, and what you would like to know. No dates, names or bed numbers."),
                rows=5,
            ),
            *ABOUT,
        ),
        what=N_("Ask whoever has done it before."),
    ),
    "mentoring-offer": Form(
        Kind.MENTORING_OFFER,
        N_("Offer to mentor"),
        N_("What you have done before, and would show somebody. You hear of requests that fit."),
        N_("Offer to mentor"),
        (
            *MENTORING,
            Question("places", N_("With how many at a time"), N_("Leave it empty for one."), How.LINE, most=3),
            GOAL,
            *ABOUT,
        ),
        what=N_("What you have done before, and would show somebody."),
    ),
    "mentoring-request": Form(
        Kind.MENTORING_REQUEST,
        N_("Ask for a mentor"),
        N_("What you want to learn from somebody who has done it. You see the offers that fit."),
        N_("Ask for a mentor"),
        (*MENTORING, GOAL, *ABOUT),
        what=N_("What you want to learn from somebody who has done it."),
    ),
    "blog": Form(
        Kind.BLOG,
        N_("Write a blog"),
        N_("What you think, in your own words."),
        N_("Share the blog"),
        (
            Question("title", N_("Title"), "", How.LINE, most=TITLE),
            Question(
                "text",
                N_("Your text"),
                N_(
                    "An empty line begins a new paragraph."
                    " Nothing that could point to a patient, relative or colleague."
                ),
                rows=14,
                most=WORDED[Kind.BLOG],
            ),
            TEASER,
            *ABOUT,
        ),
        what=N_("What you think, in your own words."),
        worded=True,
    ),
    "video": Form(
        Kind.VIDEO,
        N_("Share a video"),
        N_("With captions, and with all that is said written down: many cannot hear or watch it."),
        N_("Share the video"),
        (
            Question("title", N_("Title"), "", How.LINE, most=TITLE),
            Question(
                "description",
                N_("What does it show?"),
                N_("No face, name or screen on which a patient could be recognised."),
                rows=3,
            ),
            Question(
                "source",
                N_("Where is it?"),
                N_("Its web address, if you do not add the film below."),
                How.ADDRESS,
                most=ADDRESS,
            ),
            Question("duration", N_("How long is it?"), N_("In minutes and seconds: 1:35"), How.LINE, most=12),
            Question("captions", N_("It has captions, or nobody speaks in it"), how=How.CHECK),
            Question(
                "transcript",
                N_("What is said and shown"),
                N_("Word by word, with what one has to see."),
                rows=8,
                most=TRANSCRIPT,
            ),
            *ABOUT,
        ),
        what=N_("A film with captions and a transcript."),
    ),
    "thanks": Form(
        Kind.THANKS,
        N_("Say thanks"),
        N_("For good care, good work, or good company. They are told, wherever they are."),
        N_("Say thanks"),
        (
            Question(
                "whom",
                N_("Whom do you thank?"),
                N_("A team or a colleague: a name, or an address such as @name@server. Never a patient."),
                How.LINE,
                most=LINE,
            ),
            Question("deed", N_("What did they do?")),
            TITLE_LINE,
            *ABOUT,
        ),
        what=N_("To a colleague or a team, here or elsewhere."),
    ),
}

OPTIONS = tuple(f"option{number}" for number in range(1, 9))
_TOPIC = Question("topics", N_("Topic"), how=How.SELECT)
_WORDS = (Question("title", ""), Question("text", ""))
# Forms with pages of their own, which say what they ask.
GATHERINGS: Mapping[str, Form] = {
    "event": Form(
        Kind.EVENT,
        "",
        "",
        "",
        (
            *_WORDS,
            *(Question(one, "") for one in EVENT),
            _TOPIC,
        ),
        what=N_("Something people come to, here or online. They join with one click."),
        worded=True,
        page="write_event.html",
    ),
    "consultation": Form(
        Kind.CONSULTATION,
        "",
        "",
        "",
        (*_WORDS, _TOPIC),
        what=N_("A question with options and a last day; afterwards you say what came of it."),
        worded=True,
        page="write_consultation.html",
        more=(*OPTIONS, "closes", *OTHER),
    ),
}
