"""Sealing: what a device of our own makes of it; the device against the example of RFC 8291, section 5."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from federation import webpush
from node.surfacing.pushing import written
from storage.actors import Actor, ActorKind
from storage.kinds import Kind
from storage.notifications import Notification, Reason
from storage.posts import Post, Visibility
from storage.push_subscriptions import Due, Place, Policy, Subscription, Wishes
from tests.clients.device import Device, unpadded

PLACE = Place("https://push.example/", "push.example", "", "", True)
WHO = Actor(
    2, "https://far.example/x", ActorKind.PERSON, "x" * 60, "far.example" * 20, "", "", "", "", "", "", "", "", "",
    "", "", "", "[]", "[]", "[]", "", None, None, None, None, None, 1, 1, 1, 0, 0, 0, None, None, None, None,
)  # fmt: skip
SUBSCRIPTION = Subscription(1, 1, "x" * 43, PLACE, Wishes(frozenset(), Policy.ALL))


def test_the_device_reads_the_example_of_the_rfc() -> None:
    device = Device(unpadded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), unpadded("BTBZMqHH6r4Tts7J_aSIgg"))
    body = unpadded(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru"
        "3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )

    assert device.newer(body) == b"When I grow up, I want to be a watermelon"


@given(message=st.binary(max_size=webpush.MOST))
@settings(max_examples=30, deadline=None)
def test_what_is_sealed_is_read_by_the_device_alone(message: bytes) -> None:
    device, other = Device(), Device()
    keys = webpush.Device.read(device.keys["p256dh"], device.keys["auth"])
    newer, older = webpush.seal(keys, message), webpush.seal_as_drafted(keys, message)

    assert device.newer(newer.body) == message
    assert device.older(older.headers, older.body) == message
    assert len(newer.body) <= webpush.RECORD
    with pytest.raises(InvalidTag):
        other.newer(newer.body)


@given(
    name=st.text(max_size=400), text=st.text(max_size=400), icon=st.text(max_size=3_000), reason=st.sampled_from(Reason)
)
@settings(max_examples=50, deadline=None)
def test_whatever_people_write_fits(name: str, text: str, icon: str, reason: Reason) -> None:
    who = replace(WHO, name=name, icon=icon)
    post = Post(1, "", 2, "Note", Kind.PLAIN, Visibility.PUBLIC, 1, text=text)

    message = written("https://here.example", Due(SUBSCRIPTION, Notification(1, 1, reason, 2, 1, 1), ""), who, post)

    assert len(message) <= webpush.MOST


@pytest.mark.parametrize(
    ("text", "data"), [("-_-_", b"\xfb\xff\xbf"), ("+/+/", b"\xfb\xff\xbf"), ("YQ==", b"a"), ("YQ", b"a"), ("", b"")]
)
def test_both_alphabets_are_read(text: str, data: bytes) -> None:
    assert webpush.decoded(text) == data


@pytest.mark.parametrize("text", ["é", "A", "a b c d", "YQ==YQ==", "\x00"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        webpush.decoded(text)
