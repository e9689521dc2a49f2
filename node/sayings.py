"""What pages say after a form did something."""

from __future__ import annotations

from node.texts import N_, _

# The address names what is said, so that nobody else's words are shown.
SAID = {
    "accepted": N_("They follow you now."),
    "declined": N_("They do not follow you. You can let them when they ask again."),
    "follower-removed": N_("They follow you no longer."),
    "muted": N_("You no longer see in lists what they share. They are not told."),
    "unmuted": N_("You meet them again."),
    "blocked": N_("You see nothing of each other any more."),
    "unblocked": N_("The block is over. Follow again if you like: that does not come back by itself."),
    "noted": N_("Your note is kept. Only you can read it."),
    "left-collection": N_("You are out of this collection, and nobody can put you into it again."),
    "reported": N_("The guardians have your report. Thank you for telling them."),
    "case-claimed": N_("You are looking at it; others leave it to you for 15 minutes."),
    "case-released": N_("Released. Its author is told."),
    "case-returned": N_("Returned. Its author is told why."),
    "case-shown": N_("Shown again, where it would have been."),
    "case-kept": N_("It stays hidden. Whoever wrote it, or runs their server, is told."),
    "case-second": N_("Another guardian decides. They are told."),
    "case-counted": N_("Counted. Thank you."),
    "team-added": N_("They can write in the team's name now."),
    "team-removed": N_("They are not in the team any more."),
    "team-left": N_("You are not in the team any more."),
    "group-made": N_("The group is there, and you lead it. Ask people in, or wait for them to ask."),
    "group-joined": N_("You are in the group. What it passes on comes to your home page."),
    "group-asked": N_("Asked. You hear of it here when you are let in."),
    "group-left": N_("You are not in the group any more."),
    "group-declined": N_("Declined."),
    "group-let-in": N_("They are in the group now."),
    "group-turned-away": N_("They are not let in. They can ask again."),
    "group-invited": N_("Asked. They say yes or no themselves."),
    "group-uninvited": N_("The invitation is taken back."),
    "group-closed": N_("The group is closed. Everything in it stays readable."),
    "group-post": N_("Done."),
    "post-deleted": N_("The post is deleted."),
    "recalled": N_("It is gone here, and every server that ever got it is told."),
    "corrected": N_("Corrected. Every server that ever got it is told, and so is whoever passed it on or saved it."),
    "withdrawn": N_("Withdrawn. Every server that ever got it is told, and so is whoever passed it on or saved it."),
    "saved": N_("Saved."),
    "measure-kept": N_("The measure is changed. What posts show stays as it was."),
    "measure-deleted": N_("The measure is deleted, with all its numbers. Posts keep what they show."),
    "revoked": N_("The app can do nothing for you any more."),
    "ended": N_("That browser is signed out."),
    "ended-all": N_("Every other browser is signed out."),
    "ended-all-apps": N_("Every other browser and every app is signed out."),
    "kept": N_("Your account stays, with all you shared. Apps have to be allowed anew."),
    "archive-asked": N_("Your data is being gathered."),
    "import-begun": N_("The file is being worked through."),
    "picture-removed": N_("The picture is gone."),
    "password": N_("Your password is changed. Every other browser is signed out."),
    "password-apps": N_("Your password is changed. Every other browser and every app is signed out."),
    "address-asked": N_("Open the link in the mail that we sent to the new address."),
    "second-step-off": N_("Your password alone signs you in from now on."),
    "passkey-added": N_("You can sign in with the new passkey."),
    "passkey-removed": N_("That passkey signs nobody in any more."),
}


def said(name: str) -> str:
    """What happened, in words; "" for a name nobody knows."""
    return _(SAID[name]) if name in SAID else ""
