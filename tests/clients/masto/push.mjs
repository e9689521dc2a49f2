// Messages to a device, whose push service stands here.
import assert from "node:assert/strict";
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { HERE, PUSH, alice, carol, fails, is, nobody, test, tokens, until } from "./harness.mjs";

const b64 = (data) => Buffer.from(data).toString("base64url");
const hkdf = (salt, secret, info, length) => Buffer.from(hkdfSync("sha256", secret, salt, info, length));

function opened(key, nonce, record) {
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  return Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
}

function readNew(ours, auth, body) {
  const theirs = body.subarray(21, 21 + body[20]);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), ours.getPublicKey(), theirs]);
  const secret = hkdf(auth, ours.computeSecret(theirs), info, 32);
  const [key, nonce] = [["aes128gcm", 16], ["nonce", 12]].map(([name, length]) =>
    hkdf(body.subarray(0, 16), secret, `Content-Encoding: ${name}\0`, length));
  return opened(key, nonce, body.subarray(21 + body[20])).subarray(0, -1);
}

function readOld(ours, auth, headers, body) {
  const part = (header, name) => Buffer.from(headers[header].match(new RegExp(`${name}=([^;,]+)`))[1], "base64url");
  const [salt, theirs] = [part("encryption", "salt"), part("crypto-key", "dh")];
  const secret = hkdf(auth, ours.computeSecret(theirs), "Content-Encoding: auth\0", 32);
  const both = Buffer.concat([Buffer.from("P-256\0\0A"), ours.getPublicKey(), Buffer.from("\0A"), theirs]);
  const [key, nonce] = [["aesgcm", 16], ["nonce", 12]].map(([name, length]) =>
    hkdf(salt, secret, Buffer.concat([Buffer.from(`Content-Encoding: ${name}\0`), both]), length));
  return opened(key, nonce, body).subarray(2);
}

async function pushed(standard, work) {
  const ours = createECDH("prime256v1"), auth = randomBytes(16), sent = [];
  ours.generateKeys();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    sent.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(201).end();
  });
  const [host, port] = PUSH.split(":");
  await new Promise((resolve) => server.listen(Number(port), host, resolve));
  try {
    const keys = { p256dh: b64(ours.getPublicKey()), auth: b64(auth) };
    const made = await alice.v1.push.subscription.create({
      subscription: { endpoint: `http://${PUSH}/device`, keys, standard }, data: { alerts: { mention: true } }, policy: "all",
    });
    await work(made, async () => {
      const { headers, body } = await until(async () => sent.shift(), "a message");
      const encoding = standard ? "aes128gcm" : "aesgcm";
      assert.equal(headers["content-encoding"], encoding);
      return JSON.parse(standard ? readNew(ours, auth, body) : readOld(ours, auth, headers, body));
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

for (const standard of [true, false]) {
  test(`push: ${standard ? "as standardised" : "as drafted"}`, () =>
    pushed(standard, async (made, next) => {
      assert.deepEqual([made.standard, made.alerts.mention, made.alerts.follow], [standard, true, false]);
      assert.equal(made.serverKey, (await nobody.v2.instance.fetch()).configuration.vapid.publicKey);
      const said = await carol.v1.statuses.create({ status: `@${is.alice.username}@${new URL(HERE).host} look` });
      const read = await next();
      const [told] = await alice.v1.notifications.list({ types: ["mention"] });
      assert.deepEqual([read.notification_type, read.notification_id, read.access_token], ["mention", Number(told.id), tokens.alice]);
      assert.equal(told.status.uri, said.uri);
      assert.deepEqual(await alice.v1.push.subscription.fetch(), made);
      const changed = await alice.v1.push.subscription.update({ data: { alerts: { follow: true }, policy: "followed" } });
      assert.deepEqual([changed.alerts.mention, changed.alerts.follow, changed.policy], [false, true, "followed"]);
      await alice.v1.push.subscription.remove();
      await fails(404, () => alice.v1.push.subscription.fetch());
    }));
}
