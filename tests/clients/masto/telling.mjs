// Notifications, markers, lists, filters, hashtags, conversations.
import assert from "node:assert/strict";
import { alice, bob, fails, ids, is, nobody, test } from "./harness.mjs";

test("notifications", async () => {
  const told = await alice.v1.notifications.list();
  assert.ok(told.some((one) => one.type === "mention" && one.status.id === is.reply.id));
  const [first] = await alice.v1.notifications.list({ types: ["follow"] });
  assert.equal((await alice.v1.notifications.$select(first.id).fetch()).type, "follow");
  assert.ok((await alice.v1.notifications.unreadCount.fetch()).count > 0);
  await alice.v1.notifications.$select(first.id).dismiss();
  await fails(404, () => alice.v1.notifications.$select(first.id).fetch());
  assert.deepEqual(await alice.v1.notifications.requests.list(), []);
  assert.equal((await alice.v1.notifications.requests.merged.fetch()).merged, true);
});

test("grouped notifications and their policy", async () => {
  const one = bob.v1.statuses.$select(is.post.id);
  await one.favourite();
  const found = await alice.v2.notifications.list();
  const group = found.notificationGroups.find((each) => each.type === "favourite");
  assert.ok(group && found.accounts.length > 0);
  const key = alice.v2.notifications.$select(group.groupKey);
  assert.deepEqual(ids(await key.accounts.fetch()), [is.bob.id]);
  assert.equal((await key.fetch()).notificationGroups[0].groupKey, group.groupKey);
  assert.ok((await alice.v2.notifications.unreadCount.fetch()).count > 0);
  await key.dismiss();
  assert.equal((await alice.v2.notifications.policy.fetch()).forNotFollowing, "accept");
  assert.equal((await alice.v2.notifications.policy.update({ forNotFollowing: "accept" })).forNotFollowing, "accept");
  await alice.v1.notifications.clear();
  assert.deepEqual(await alice.v1.notifications.list(), []);
});

test("markers", async () => {
  const made = await alice.v1.markers.create({ home: { lastReadId: is.post.id } });
  assert.equal(made.home.lastReadId, is.post.id);
  assert.equal((await alice.v1.markers.fetch({ timeline: ["home"] })).home.lastReadId, is.post.id);
});

test("lists", async () => {
  is.list = await bob.v1.lists.create({ title: "Wards" });
  const list = bob.v1.lists.$select(is.list.id);
  assert.equal((await list.update({ title: "Units" })).title, "Units");
  await list.accounts.create({ accountIds: [is.alice.id] });
  assert.deepEqual(ids(await list.accounts.list()), [is.alice.id]);
  assert.deepEqual(ids(await bob.v1.accounts.$select(is.alice.id).lists.list()), [is.list.id]);
  assert.ok(ids(await bob.v1.timelines.list.$select(is.list.id).list({ limit: 40 })).includes(is.post.id));
  assert.deepEqual(ids(await bob.v1.lists.list()), [is.list.id]);
  assert.equal((await list.fetch()).title, "Units");
  const other = await bob.v1.lists.create({ title: "Old" });
  await bob.v1.lists.$select(other.id).remove();
  await list.accounts.remove({ accountIds: [is.alice.id] });
  await list.accounts.create({ accountIds: [is.alice.id] });
});

test("filters", async () => {
  const made = await bob.v2.filters.create({
    title: "Falls", context: ["home"], filterAction: "warn", keywordsAttributes: [{ keyword: "falls" }],
  });
  const one = bob.v2.filters.$select(made.id);
  assert.equal((await one.update({ title: "Falls again", context: ["home", "public"] })).context.length, 2);
  const word = await one.keywords.create({ keyword: "slips", wholeWord: true });
  assert.equal((await bob.v2.filters.keywords.$select(word.id).update({ keyword: "trips" })).keyword, "trips");
  assert.equal((await bob.v2.filters.keywords.$select(word.id).fetch()).wholeWord, true);
  assert.equal((await one.keywords.list()).length, 2);
  const chosen = await one.statuses.create({ statusId: is.reply.id });
  assert.equal((await bob.v2.filters.statuses.$select(chosen.id).fetch()).statusId, is.reply.id);
  assert.equal((await one.statuses.list()).length, 1);
  assert.equal((await bob.v2.filters.list())[0].id, made.id);
  assert.equal((await bob.v1.filters.list()).length, 2);
  await bob.v2.filters.statuses.$select(chosen.id).remove();
  await bob.v2.filters.keywords.$select(word.id).remove();
  assert.equal((await one.fetch()).keywords.length, 1);
  await one.remove();
});

test("tags", async () => {
  const tag = bob.v1.tags.$select("insulin");
  assert.equal((await tag.follow()).following, true);
  assert.deepEqual((await bob.v1.followedTags.list()).map((one) => one.name), ["insulin"]);
  assert.equal((await tag.fetch()).following, true);
  assert.equal((await tag.unfollow()).following, false);
  const featured = await alice.v1.featuredTags.create({ name: "insulin" });
  assert.deepEqual(ids(await alice.v1.featuredTags.list()), [featured.id]);
  assert.ok(Array.isArray(await alice.v1.featuredTags.suggestions.list()));
  assert.deepEqual(ids(await nobody.v1.accounts.$select(is.alice.id).featuredTags.list()), [featured.id]);
  await alice.v1.featuredTags.$select(featured.id).remove();
  await alice.v1.tags.$select("insulin").feature();
  await alice.v1.tags.$select("insulin").unfeature();
});

test("conversations", async () => {
  await alice.v1.statuses.create({ status: `@${is.bob.username} between us`, visibility: "direct" });
  const [talk] = await bob.v1.conversations.list();
  assert.deepEqual([talk.unread, talk.accounts[0].id], [true, is.alice.id]);
  const one = bob.v1.conversations.$select(talk.id);
  assert.equal((await one.read()).unread, false);
  assert.equal((await one.unread()).unread, true);
  await one.remove();
  assert.deepEqual(await bob.v1.conversations.list(), []);
});

test("trends, directory, suggestions, profile", async () => {
  for (const list of [alice.v1.trends.tags.list(), alice.v1.trends.statuses.list(), alice.v1.trends.links.list()]) {
    assert.ok(Array.isArray(await list));
  }
  assert.ok(ids(await alice.v1.directory.list({ order: "new", local: true })).includes(is.bob.id));
  assert.ok(Array.isArray(await alice.v2.suggestions.list()));
  assert.ok(Array.isArray(await alice.v1.customEmojis.list()));
  assert.equal((await alice.v1.instance.activity.list()).length, 12);
});

test("notifications that are held back", async () => {
  assert.equal((await alice.v2.notifications.policy.update({ forNotFollowers: "filter" })).forNotFollowers, "filter");
  const said = await bob.v1.statuses.create({ status: `@${is.alice.acct} held`, visibility: "direct" });
  const [request] = await alice.v1.notifications.requests.list();
  assert.equal((await alice.v1.notifications.requests.$select(request.id).fetch()).lastStatus.id, said.id);
  await alice.v1.notifications.requests.$select(request.id).accept();
  assert.deepEqual(await alice.v1.notifications.requests.list(), []);
  assert.equal((await alice.v2.notifications.policy.update({ forNotFollowers: "accept" })).forNotFollowers, "accept");
});
