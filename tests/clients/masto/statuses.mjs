// Statuses, media, timelines, search, reports, errors.
import assert from "node:assert/strict";
import { HERE, PIXEL, alice, bob, fails, ids, is, nobody, rest, test } from "./harness.mjs";

test("share, show, edit", async () => {
  const text = { status: "Two nurses check #insulin", spoilerText: "Careful", language: "en" };
  const made = await alice.v1.statuses.create(text, { requestInit: { headers: { "Idempotency-Key": "one" } } });
  assert.equal((await alice.v1.statuses.create(text, { requestInit: { headers: { "Idempotency-Key": "one" } } })).id, made.id);
  is.post = made;
  assert.deepEqual([made.spoilerText, made.tags[0].name, made.sensitive], ["Careful", "insulin", true]);
  const one = alice.v1.statuses.$select(made.id);
  assert.equal((await one.update({ status: "Two nurses check all #insulin" })).id, made.id);
  assert.ok((await one.fetch()).editedAt);
  assert.equal((await one.history.list()).length, 2);
  assert.equal((await one.source.fetch()).text, "Two nurses check all #insulin");
  assert.deepEqual(ids(await nobody.v1.statuses.fetch({ id: [made.id] })), [made.id]);
});

test("reply and context", async () => {
  is.reply = await bob.v1.statuses.create({ status: `@${is.alice.username} yes`, inReplyToId: is.post.id });
  const found = await nobody.v1.statuses.$select(is.post.id).context.fetch();
  assert.deepEqual(ids(found.descendants), [is.reply.id]);
  assert.deepEqual(ids((await nobody.v1.statuses.$select(is.reply.id).context.fetch()).ancestors), [is.post.id]);
});

test("favourite, reblog, bookmark and back", async () => {
  const one = bob.v1.statuses.$select(is.post.id);
  assert.equal((await one.favourite()).favourited, true);
  assert.equal((await one.reblog()).reblog.id, is.post.id);
  assert.equal((await one.bookmark()).bookmarked, true);
  assert.deepEqual(ids(await nobody.v1.statuses.$select(is.post.id).favouritedBy.list()), [is.bob.id]);
  assert.deepEqual(ids(await nobody.v1.statuses.$select(is.post.id).rebloggedBy.list()), [is.bob.id]);
  assert.deepEqual(ids(await bob.v1.favourites.list()), [is.post.id]);
  assert.deepEqual(ids(await bob.v1.bookmarks.list()), [is.post.id]);
  assert.equal((await one.unfavourite()).favourited, false);
  assert.equal((await one.unreblog()).reblogged, false);
  assert.equal((await one.unbookmark()).bookmarked, false);
});

test("pin and mute a status", async () => {
  const one = alice.v1.statuses.$select(is.post.id);
  assert.equal((await one.pin()).pinned, true);
  assert.deepEqual(ids(await nobody.v1.accounts.$select(is.alice.id).statuses.list({ pinned: true })), [is.post.id]);
  assert.equal((await one.unpin()).pinned, false);
  assert.equal((await one.mute()).muted, true);
  assert.equal((await one.unmute()).muted, false);
});

test("media", async () => {
  const file = new Blob([PIXEL], { type: "image/png" });
  const made = await alice.v2.media.create({ file, description: "A bed" });
  assert.deepEqual([made.type, made.description], ["image", "A bed"]);
  const changed = await alice.v1.media.$select(made.id).update({ description: "A made bed", focus: "0.5,0" });
  assert.equal(changed.description, "A made bed");
  assert.equal((await alice.v1.media.$select(made.id).fetch()).id, made.id);
  const shown = await alice.v1.statuses.create({ mediaIds: [made.id] });
  assert.equal(shown.mediaAttachments[0].id, made.id);
  assert.deepEqual(ids(await nobody.v1.accounts.$select(is.alice.id).statuses.list({ onlyMedia: true })), [shown.id]);
  const loose = await alice.v1.media.create({ file });
  await alice.v1.media.$select(loose.id).remove();
});

test("timelines and pages", async () => {
  for (let number = 0; number < 5; number += 1) await alice.v1.statuses.create({ status: `Number ${number}` });
  const seen = [];
  for await (const page of bob.v1.timelines.home.list({ limit: 3 })) seen.push(...page);
  assert.equal(new Set(ids(seen)).size, seen.length);
  assert.ok(seen.length >= 7 && ids(seen).includes(is.post.id));
  assert.ok((await nobody.v1.timelines.public.list({ local: true, limit: 2 })).length === 2);
  assert.deepEqual(ids(await nobody.v1.timelines.tag.$select("insulin").list()), [is.post.id]);
  const plain = await nobody.v1.accounts.$select(is.alice.id).statuses.list({ excludeReplies: true, limit: 40 });
  assert.ok(ids(plain).includes(is.post.id));
});

test("search", async () => {
  const found = await alice.v2.search.list({ q: "insulin" });
  assert.deepEqual(ids(found.statuses), [is.post.id]);
  assert.equal(found.hashtags[0].name, "insulin");
});

test("delete", async () => {
  const made = await alice.v1.statuses.create({ status: "Mistaken" });
  assert.equal((await alice.v1.statuses.$select(made.id).remove()).text, "Mistaken");
  await fails(404, () => bob.v1.statuses.$select(made.id).fetch());
});

test("reports", async () => {
  const asked = { accountId: is.alice.id, statusIds: [is.post.id], comment: "look", category: "other" };
  assert.equal((await bob.v1.reports.create(asked)).targetAccount.id, is.alice.id);
});

test("errors say what was wrong", async () => {
  await fails(422, () => alice.v1.statuses.create({ status: "" }));
  await fails(401, () => rest(HERE, "wrong").v1.accounts.verifyCredentials());
  await fails(401, () => nobody.v1.timelines.home.list());
  await fails(404, () => bob.v1.statuses.$select("1").fetch());
});
