// The other node: found, followed, read, answered.
import assert from "node:assert/strict";
import { AWAY, alice, carol, ids, is, nobody, test, until } from "./harness.mjs";

test("an account of the other node is found and followed", async () => {
  const handle = `@${is.carol.username}@${new URL(AWAY).host}`;
  const found = await until(async () => {
    const { accounts } = await alice.v2.search.list({ q: handle, resolve: true, type: "accounts" });
    return accounts[0];
  }, "carol is found");
  is.carolHere = found;
  await alice.v1.accounts.$select(found.id).follow();
  await until(async () => (await alice.v1.accounts.relationships.fetch({ id: [found.id] }))[0].following, "accepted");
  await until(async () => (await carol.v1.notifications.list({ types: ["follow"] })).length, "carol is told");
});

test("a post arrives from the other node", async () => {
  is.far = await carol.v1.statuses.create({ status: "From afar #handover" });
  is.farHere = await until(
    async () => (await alice.v1.timelines.home.list()).find((one) => one.uri === is.far.uri), "it is at home",
  );
  assert.equal(is.farHere.account.acct, `${is.carol.username}@${new URL(AWAY).host}`);
  assert.deepEqual(ids(await nobody.v1.timelines.public.list({ remote: true })), [is.farHere.id]);
});

test("a reply, thanks and a boost come over", async () => {
  await alice.v1.statuses.create({ status: `@${is.carolHere.acct} thank you`, inReplyToId: is.farHere.id });
  await alice.v1.statuses.$select(is.farHere.id).favourite();
  await alice.v1.statuses.$select(is.farHere.id).reblog();
  await until(async () => {
    const kinds = new Set((await carol.v1.notifications.list()).map((one) => one.type));
    return ["mention", "favourite", "reblog"].every((one) => kinds.has(one));
  }, "carol is told of three");
  const { descendants } = await carol.v1.statuses.$select(is.far.id).context.fetch();
  assert.equal(descendants.length, 1);
  const shown = await carol.v1.statuses.$select(is.far.id).fetch();
  assert.deepEqual([shown.favouritesCount, shown.reblogsCount], [1, 1]);
});

test("an edit and a deletion come over", async () => {
  await carol.v1.statuses.$select(is.far.id).update({ status: "From far away" });
  await until(async () => (await alice.v1.statuses.$select(is.farHere.id).fetch()).content.includes("away"), "edited");
  const other = await carol.v1.statuses.create({ status: "Soon gone" });
  const here = await until(
    async () => (await alice.v1.timelines.home.list()).find((one) => one.uri === other.uri), "it came",
  );
  await carol.v1.statuses.$select(other.id).remove();
  await until(async () => !ids(await alice.v1.timelines.home.list()).includes(here.id), "it went");
});
