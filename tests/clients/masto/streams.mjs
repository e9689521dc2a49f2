// Streams by WebSocket.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createStreamingAPIClient } from "masto";
import { PATIENCE, alice, bob, carol, is, test, tokens } from "./harness.mjs";

function listen(client, subscribe) {
  const subscription = subscribe(client);
  const values = subscription.values();
  const waiting = [];
  let wake = () => {};
  (async () => {
    for await (const event of values) {
      waiting.push(event);
      wake();
    }
  })().catch(() => {});
  return {
    async next(kind) {
      const end = Date.now() + PATIENCE;
      for (;;) {
        const at = waiting.findIndex((one) => one.event === kind);
        if (at >= 0) return waiting.splice(at, 1)[0];
        if (Date.now() > end) throw new Error(`no ${kind}`);
        await Promise.race([sleep(100), new Promise((resolve) => { wake = resolve; })]);
      }
    },
  };
}

async function streaming(accessToken, subscriptions, work) {
  const client = createStreamingAPIClient({ streamingApiUrl: is.streaming, accessToken, retry: false });
  try {
    await client.prepare();
    const listening = Object.entries(subscriptions).map(([name, one]) => [name, listen(client, one)]);
    await sleep(300);
    await work(Object.fromEntries(listening));
  } finally {
    client.close();
  }
}

test("streams: user and its notifications", () =>
  streaming(tokens.bob, { user: (c) => c.user.subscribe(), told: (c) => c.user.notification.subscribe() }, async (s) => {
    const made = await alice.v1.statuses.create({ status: "As it happens" });
    assert.equal((await s.user.next("update")).payload.id, made.id);
    await alice.v1.statuses.$select(made.id).update({ status: "As it happened" });
    assert.equal((await s.user.next("status.update")).payload.id, made.id);
    await alice.v1.statuses.$select(made.id).remove();
    assert.equal((await s.user.next("delete")).payload, made.id);
    await alice.v1.statuses.create({ status: `@${is.bob.username} hello` });
    assert.equal((await s.told.next("notification")).payload.type, "mention");
    assert.equal((await s.user.next("notification")).payload.type, "mention");
    const filter = await bob.v2.filters.create({ title: "x", context: ["home"] });
    assert.equal((await s.user.next("filters_changed")).payload, undefined);
    await bob.v2.filters.$select(filter.id).remove();
  }));

test("streams: public, local, hashtag", () =>
  streaming(tokens.bob, {
    all: (c) => c.public.subscribe(), here: (c) => c.public.local.subscribe(),
    tag: (c) => c.hashtag.subscribe({ tag: "handover" }), tagHere: (c) => c.hashtag.local.subscribe({ tag: "handover" }),
  }, async (s) => {
    const made = await alice.v1.statuses.create({ status: "To all #handover" });
    for (const one of Object.values(s)) assert.equal((await one.next("update")).payload.id, made.id);
  }));

test("streams: list and direct", () =>
  streaming(tokens.bob, {
    list: (c) => c.list.subscribe({ list: is.list.id }), direct: (c) => c.direct.subscribe(),
  }, async (s) => {
    const made = await alice.v1.statuses.create({ status: "For the list" });
    assert.equal((await s.list.next("update")).payload.id, made.id);
    const direct = await alice.v1.statuses.create({ status: `@${is.bob.username} you`, visibility: "direct" });
    const talk = (await s.direct.next("conversation")).payload;
    assert.deepEqual([talk.unread, talk.lastStatus.id], [true, direct.id]);
  }));

test("streams: public of other nodes", () =>
  streaming(undefined, { far: (c) => c.public.remote.subscribe() }, async (s) => {
    await alice.v1.statuses.create({ status: "Not this" });
    const made = await carol.v1.statuses.create({ status: "This, from afar" });
    assert.equal((await s.far.next("update")).payload.uri, made.uri);
  }));
