// The node, apps, accounts and what stands between them.
import assert from "node:assert/strict";
import { createOAuthAPIClient } from "masto";
import { HERE, PIXEL, alice, bob, carol, fails, ids, is, nobody, rest, test } from "./harness.mjs";

test("instance v2 and v1", async () => {
  const found = await nobody.v2.instance.fetch();
  assert.match(found.version, /^\d+\.\d+\.\d+ /);
  assert.equal(found.domain, new URL(HERE).host);
  assert.equal(found.configuration.vapid.publicKey.length, 87);
  is.streaming = found.configuration.urls.streaming;
  assert.equal((await nobody.v1.instance.fetch()).uri, found.domain);
});

test("about the instance", async () => {
  assert.deepEqual(await nobody.v1.customEmojis.list(), []);
  assert.ok(Array.isArray(await nobody.v1.instance.peers.list()));
  assert.equal(typeof (await nobody.v1.instance.extendedDescription.fetch()).content, "string");
  assert.deepEqual(await nobody.v1.instance.translationLanguages.list(), {});
  const [lifts] = await alice.v1.announcements.list();
  assert.equal(lifts.content, "<p>Lifts out</p>");
  const announcement = alice.v1.announcements.$select(lifts.id);
  await announcement.reactions.$select(encodeURIComponent("👍")).update();
  assert.equal((await alice.v1.announcements.list())[0].reactions[0].me, true);
  await announcement.reactions.$select(encodeURIComponent("👍")).remove();
  await announcement.dismiss();
  assert.equal((await alice.v1.announcements.list())[0].read, true);
});

test("an app registers and is verified by its own token", async () => {
  const asked = { clientName: "masto.js", redirectUris: "urn:ietf:wg:oauth:2.0:oob", scopes: "read push" };
  const app = await nobody.v1.apps.create(asked);
  assert.equal(app.vapidKey.length, 87);
  const oauth = createOAuthAPIClient({ url: HERE });
  const secret = { clientId: app.clientId, clientSecret: app.clientSecret };
  const token = await oauth.token.create({
    grantType: "client_credentials", redirectUri: "urn:ietf:wg:oauth:2.0:oob", scope: "read", ...secret,
  });
  const mine = rest(HERE, token.accessToken);
  assert.equal((await mine.v1.apps.verifyCredentials()).name, "masto.js");
  await oauth.revoke({ ...secret, token: token.accessToken });
  await fails(401, () => mine.v1.apps.verifyCredentials());
});

test("who one is, and what one says of oneself", async () => {
  for (const [name, client] of Object.entries({ alice, bob, carol })) is[name] = await client.v1.accounts.verifyCredentials();
  const changed = await alice.v1.accounts.updateCredentials({
    displayName: "Alice", note: "Nurse", fieldsAttributes: [{ name: "Ward", value: "7" }],
    avatar: new Blob([PIXEL], { type: "image/png" }),
  });
  assert.deepEqual([changed.displayName, changed.fields[0].name], ["Alice", "Ward"]);
  assert.match(changed.avatar, /\/media\//);
  assert.match((await alice.v1.profile.avatar.remove()).avatar, /static/);
  assert.match((await alice.v1.profile.header.remove()).header, /static/);
});

test("accounts are found", async () => {
  assert.equal((await nobody.v1.accounts.$select(is.alice.id).fetch()).username, is.alice.username);
  assert.equal((await nobody.v1.accounts.lookup({ acct: is.alice.username })).id, is.alice.id);
  assert.deepEqual(ids(await nobody.v1.accounts.fetch({ id: [is.alice.id] })), [is.alice.id]);
  assert.ok(ids(await bob.v1.accounts.search.list({ q: is.alice.username })).includes(is.alice.id));
  await fails(404, () => nobody.v1.accounts.$select("999999").fetch());
});

test("follow, followers, relationships", async () => {
  assert.equal((await bob.v1.accounts.$select(is.alice.id).follow()).following, true);
  assert.deepEqual(ids(await bob.v1.accounts.$select(is.alice.id).followers.list()), [is.bob.id]);
  assert.deepEqual(ids(await bob.v1.accounts.$select(is.bob.id).following.list()), [is.alice.id]);
  const [found] = await alice.v1.accounts.relationships.fetch({ id: [is.bob.id] });
  assert.equal(found.followedBy, true);
  const [familiar] = await alice.v1.accounts.familiarFollowers.fetch({ id: [is.bob.id] });
  assert.deepEqual(familiar.accounts, []);
});

test("notes, endorsements", async () => {
  assert.equal((await bob.v1.accounts.$select(is.alice.id).note.create({ comment: "kind" })).note, "kind");
  assert.equal((await bob.v1.accounts.$select(is.alice.id).endorse()).endorsed, true);
  assert.deepEqual(ids(await bob.v1.endorsements.list()), [is.alice.id]);
  assert.deepEqual(ids(await bob.v1.accounts.$select(is.bob.id).endorsements.list()), [is.alice.id]);
  assert.equal((await bob.v1.accounts.$select(is.alice.id).unendorse()).endorsed, false);
  assert.equal((await bob.v1.accounts.$select(is.alice.id).pin()).endorsed, true);
  assert.equal((await bob.v1.accounts.$select(is.alice.id).unpin()).endorsed, false);
});

test("block and mute", async () => {
  const other = bob.v1.accounts.$select(is.alice.id);
  assert.equal((await other.mute({ notifications: false, duration: 600 })).muting, true);
  const [muted] = await bob.v1.mutes.list();
  assert.ok(muted.muteExpiresAt);
  assert.equal((await other.unmute()).muting, false);
  assert.equal((await other.block()).blocking, true);
  assert.deepEqual(ids(await bob.v1.blocks.list()), [is.alice.id]);
  assert.equal((await other.unblock()).blocking, false);
  assert.equal((await other.follow({ notify: false, reblogs: true })).following, true);
});

test("follow requests", async () => {
  await bob.v1.accounts.updateCredentials({ locked: true });
  assert.equal((await alice.v1.accounts.$select(is.bob.id).follow()).requested, true);
  assert.deepEqual(ids(await bob.v1.followRequests.list()), [is.alice.id]);
  assert.equal((await bob.v1.followRequests.$select(is.alice.id).authorize()).followedBy, true);
  await bob.v1.accounts.$select(is.alice.id).removeFromFollowers();
  await alice.v1.accounts.$select(is.bob.id).follow();
  assert.equal((await bob.v1.followRequests.$select(is.alice.id).reject()).followedBy, false);
  await bob.v1.accounts.updateCredentials({ locked: false });
});

test("preferences and domain blocks", async () => {
  assert.equal((await alice.v1.preferences.fetch())["posting:default:visibility"], "public");
  await alice.v1.domainBlocks.create({ domain: "far.example" });
  assert.deepEqual(await alice.v1.domainBlocks.list(), ["far.example"]);
  await alice.v1.domainBlocks.remove({ domain: "far.example" });
  assert.deepEqual(await alice.v1.domainBlocks.list(), []);
});
