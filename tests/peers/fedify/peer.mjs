// A server made with Fedify for tests: one actor, and a way to make it act.
//
//   HOST=127.0.41.2 PORT=9101 ACTOR=fed node peer.mjs
//   FIRST_KNOCK=draft-cavage-http-signatures-12   how it signs first; without it RFC 9421
//   TLS_CERT=… TLS_KEY=…                          answer https; NODE_EXTRA_CA_CERTS names whom it believes
//
// It says one JSON object a line: first {"event":"ready","actor","handle","control"}; then for each request to an inbox
// "inbox" (Fedify's answer, and whose signature in which form it found valid), and for each activity that Fedify gave to
// its listeners "read" (what Fedify's vocabulary makes of it). POST /_ctl/VERB with JSON makes it act: see `control`.
import http from "node:http";
import https from "node:https";
import { readFileSync } from "node:fs";
import { createFederation, generateCryptoKeyPair, InProcessMessageQueue, MemoryKvStore, parseNodeInfo } from "@fedify/fedify";
import { verifyRequest } from "@fedify/fedify/sig";
import * as V from "@fedify/vocab";
import { getDocumentLoader } from "@fedify/vocab-runtime";
import { Temporal } from "@js-temporal/polyfill";

const env = process.env;
const tls = env.TLS_CERT && { cert: readFileSync(env.TLS_CERT), key: readFileSync(env.TLS_KEY) };
const origin = `${tls ? "https" : "http"}://${env.HOST}:${env.PORT}`;
const me = env.ACTOR ?? "fed";
let called = "A peer made with Fedify";
const PEOPLE = "/users/{identifier}";

const followers = new Map();  // actor id -> actor
const following = new Map();  // actor id -> whether it was accepted
const marks = new Map();      // object id -> {Like: Set of actor ids, Announce: …}
const notes = new Map();      // the last part of the id -> object
const sent = new Map();       // activity id -> [activity, recipients]

const say = (line) => console.log(JSON.stringify(line));
const loader = getDocumentLoader({ allowPrivateAddress: true });
const loaders = { documentLoader: loader, contextLoader: loader };
const keys = [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")];
const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: new InProcessMessageQueue(),
  origin,
  allowPrivateAddress: true,
  ...(env.FIRST_KNOCK && { firstKnock: env.FIRST_KNOCK }),
});

async function profile(ctx, id) {
  if (id !== me) return null;
  const pairs = await ctx.getActorKeyPairs(id);
  return new V.Person({
    id: ctx.getActorUri(id), preferredUsername: id, name: called, url: ctx.getActorUri(id), inbox: ctx.getInboxUri(id),
    outbox: ctx.getOutboxUri(id), followers: ctx.getFollowersUri(id), endpoints: new V.Endpoints({ sharedInbox: ctx.getInboxUri() }),
    publicKey: pairs[0].cryptographicKey, assertionMethods: pairs.map((one) => one.multikey),
  });
}

federation.setActorDispatcher(PEOPLE, profile).setKeyPairsDispatcher((_ctx, id) => (id === me ? keys : []));
federation.setFollowersDispatcher(`${PEOPLE}/followers`, () => ({ items: [...followers.values()] }));
federation.setOutboxDispatcher(`${PEOPLE}/outbox`, () => ({ items: [] }));
federation.setObjectDispatcher(V.Note, "/notes/{id}", (_ctx, { id }) => notes.get(id) ?? null);

const described = (object) => object && {
  type: object.constructor.name, id: object.id?.href, content: object.content?.toString(), name: object.name?.toString(),
  summary: object.summary?.toString(), inReplyTo: object.replyTargetId?.href,
};
const marked = (activity) => {
  const about = marks.get(activity.objectId.href) ?? { Like: new Set(), Announce: new Set() };
  marks.set(activity.objectId.href, about);
  return about[activity.constructor.name];
};

// What the activity means to this server.
async function takeIn(ctx, activity, object) {
  if (activity instanceof V.Follow) {
    const who = await activity.getActor(ctx);
    followers.set(who.id.href, who);
    await send(ctx, new V.Accept({ id: fresh(ctx), actor: ctx.getActorUri(me), object: activity }), [who]);
  } else if (activity instanceof V.Accept) {
    following.set(activity.actorId.href, true);
  } else if (activity instanceof V.Reject) {
    following.delete(activity.actorId.href);
  } else if (activity instanceof V.Like || activity instanceof V.Announce) {
    marked(activity).add(activity.actorId.href);
  } else if (activity instanceof V.Undo && object instanceof V.Follow) {
    followers.delete(activity.actorId.href);
  } else if (activity instanceof V.Undo && (object instanceof V.Like || object instanceof V.Announce)) {
    marked(object).delete(activity.actorId.href);
  }
}

federation.setInboxListeners(`${PEOPLE}/inbox`, "/inbox")
  .setSharedKeyDispatcher(() => ({ identifier: me }))
  .on(V.Activity, async (ctx, activity) => {
    const whole = [V.Create, V.Update, V.Undo, V.Follow].some((type) => activity instanceof type);
    const object = whole ? await activity.getObject(ctx) : null;
    await takeIn(ctx, activity, object);
    say({ event: "read", id: activity.id?.href, object: described(object) });
  })
  .onError((_ctx, error) => say({ event: "error", message: String(error) }));

const fresh = (ctx) => new URL(`#activities/${crypto.randomUUID()}`, ctx.getActorUri(me));
const signed = (ctx) => ctx.getDocumentLoader({ identifier: me });

async function person(ctx, uri) {
  const found = await ctx.lookupObject(uri, { documentLoader: await signed(ctx) });
  if (!found?.inboxId) throw new Error(`no actor at ${uri}`);
  return found;
}

async function send(ctx, activity, recipients) {
  sent.set(activity.id.href, [activity, recipients]);
  await ctx.sendActivity({ identifier: me }, recipients, activity, { preferSharedInbox: true });
  return { id: activity.id.href };
}

const audience = (ctx, people) => ({ to: V.PUBLIC_COLLECTION, ccs: [ctx.getFollowersUri(me), ...people.map((one) => one.id)] });

const control = {
  state: () => ({
    followers: [...followers.keys()], following: Object.fromEntries(following),
    marks: Object.fromEntries([...marks].map(([id, by]) => [id, { Like: [...by.Like], Announce: [...by.Announce] }])),
  }),

  async follow(ctx, { actor }) {
    const target = await person(ctx, actor);
    following.set(target.id.href, false);
    return send(ctx, new V.Follow({ id: fresh(ctx), actor: ctx.getActorUri(me), object: target.id, to: target.id }), [target]);
  },

  // `to`: actors that are mentioned; `direct`: for them alone. `picture`: {url, name}. `unsent`: nobody is told.
  async note(ctx, { content, summary, inReplyTo, to = [], direct, picture, unsent }) {
    const id = crypto.randomUUID(), uri = ctx.getObjectUri(V.Note, { id });
    const people = await Promise.all(to.map((one) => person(ctx, one)));
    const whom = direct ? { tos: people.map((one) => one.id) } : audience(ctx, people);
    const note = new V.Note({
      id: uri, attribution: ctx.getActorUri(me), content, summary, url: uri, published: Temporal.Now.instant(), ...whom,
      replyTarget: inReplyTo && new URL(inReplyTo),
      tags: people.map((one) => new V.Mention({ href: one.id, name: `@${one.preferredUsername}` })),
      attachments: picture ? [new V.Image({ url: new URL(picture.url), name: picture.name, mediaType: "image/png" })] : [],
    });
    notes.set(id, note);
    const create = new V.Create({ id: fresh(ctx), actor: ctx.getActorUri(me), object: note, ...whom });
    if (!unsent) await send(ctx, create, direct ? people : [...followers.values(), ...people]);
    return { id: uri.href };
  },

  async rename(ctx, { name }) {
    called = name;
    const object = await profile(ctx, me);
    return send(ctx, new V.Update({ id: fresh(ctx), actor: ctx.getActorUri(me), object, ...audience(ctx, []) }), [...followers.values()]);
  },

  async edit(ctx, { id, content }) {
    const key = id.split("/").at(-1), note = notes.get(key).clone({ content, updated: Temporal.Now.instant() });
    notes.set(key, note);
    return send(ctx, new V.Update({ id: fresh(ctx), actor: ctx.getActorUri(me), object: note, ...audience(ctx, []) }), [...followers.values()]);
  },

  async erase(ctx, { id }) {
    notes.delete(id.split("/").at(-1));
    const object = new V.Tombstone({ id: new URL(id) });
    return send(ctx, new V.Delete({ id: fresh(ctx), actor: ctx.getActorUri(me), object, ...audience(ctx, []) }), [...followers.values()]);
  },

  // Like, Announce, Block, Flag: of `object`, told to the actor `to`.
  async act(ctx, { type, object, to, content }) {
    const target = await person(ctx, to), id = fresh(ctx), actor = ctx.getActorUri(me);
    const wide = type === "Announce" ? audience(ctx, [target]) : { to: target.id };
    const objects = [].concat(object).map((one) => new URL(one));
    return send(ctx, new V[type]({ id, actor, objects, content, published: Temporal.Now.instant(), ...wide }), [target]);
  },

  // A vote in the poll `about` of the actor `to`.
  async vote(ctx, { about, name, to }) {
    const target = await person(ctx, to), actor = ctx.getActorUri(me);
    const object = new V.Note({ id: fresh(ctx), attribution: actor, name, replyTarget: new URL(about), to: target.id });
    return send(ctx, new V.Create({ id: fresh(ctx), actor, object, to: target.id }), [target]);
  },

  // `whole`: with what is undone inside, not only its id.
  async undo(ctx, { id, whole }) {
    const [undone, recipients] = sent.get(id), object = whole ? undone : undone.id;
    if (undone instanceof V.Follow) following.delete(undone.objectId.href);
    return send(ctx, new V.Undo({ id: fresh(ctx), actor: ctx.getActorUri(me), object, to: recipients[0].id }), recipients);
  },

  // What is found at an address by a signed GET, as Fedify reads it; null for nothing.
  async read(ctx, { uri }) {
    return described(await ctx.lookupObject(uri, { documentLoader: await signed(ctx) }));
  },

  // The ids of what a collection holds, page by page.
  async walk(ctx, { uri }) {
    const documentLoader = await signed(ctx), ids = [];
    const collection = await ctx.lookupObject(uri, { documentLoader });
    for await (const one of ctx.traverseCollection(collection, { documentLoader })) ids.push(one.id.href);
    return ids;
  },

  async software(_ctx, { uri }) {
    // Fedify's own getNodeInfo speaks to public addresses only; how strictly it reads is the same.
    const { links } = await (await fetch(new URL("/.well-known/nodeinfo", uri))).json();
    const found = links.find((one) => one.rel === "http://nodeinfo.diaspora.software/ns/schema/2.1");
    return parseNodeInfo(await (await fetch(found.href)).json())?.software.name;
  },
};

// Whose signature of which form a request carries, checked apart from what Fedify answers to it.
async function judged(request) {
  const spec = request.headers.has("signature-input") ? "rfc9421" : "draft-cavage-http-signatures-12";
  const key = await verifyRequest(request, { ...loaders, spec });
  return { form: spec.split("-").slice(0, 2).at(-1), signer: key?.ownerId?.href ?? null };
}

async function answer(req, res) {
  const chunks = [];
  for await (const one of req) chunks.push(one);
  const body = Buffer.concat(chunks), url = new URL(req.url, origin);
  const verb = /^\/_ctl\/(\w+)$/.exec(url.pathname)?.[1];
  if (verb) {
    try {
      const done = await control[verb](federation.createContext(new URL(origin)), JSON.parse(body));
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(done ?? null));
    } catch (error) {
      res.writeHead(500).end(String(error.stack));
    }
    return;
  }
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) headers.append(req.rawHeaders[i], req.rawHeaders[i + 1]);
  const made = () => new Request(url, { method: req.method, headers, body: req.method === "POST" ? body : undefined });
  const verdict = req.method === "POST" ? await judged(made()) : null;
  const none = () => new Response("nothing here", { status: 404 });
  const response = await federation.fetch(made(), { contextData: undefined, onNotFound: none, onNotAcceptable: none });
  if (verdict) say({ event: "inbox", path: url.pathname, status: response.status, ...verdict, document: JSON.parse(body) });
  res.writeHead(response.status, Object.fromEntries(response.headers)).end(Buffer.from(await response.arrayBuffer()));
}

const server = tls ? https.createServer(tls, answer) : http.createServer(answer);
server.listen(Number(env.PORT), env.HOST, () => say({
  event: "ready", actor: `${origin}/users/${me}`, handle: `@${me}@${env.HOST}:${env.PORT}`, control: `${origin}/_ctl`,
}));
