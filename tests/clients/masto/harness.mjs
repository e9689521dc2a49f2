// What the cases share: who speaks to which node, and what was made.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createRestAPIClient, MastoHttpError } from "masto";

export const { HERE, AWAY, PUSH } = process.env;
export const tokens = JSON.parse(process.env.TOKENS);
export const rest = (url, accessToken) => createRestAPIClient({ url, accessToken });
export const alice = rest(HERE, tokens.alice), bob = rest(HERE, tokens.bob), carol = rest(AWAY, tokens.carol);
export const nobody = rest(HERE);
export const PATIENCE = 60_000; // ms for what has to come over
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC",
  "base64",
);
export const cases = [];
export const is = {}; // what was made: accounts, statuses, lists

export function test(name, work) {
  cases.push([name, work]);
}

export async function until(look, what) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await sleep(50);
  }
}

export const ids = (list) => list.map((one) => one.id);

export async function fails(status, work) {
  await assert.rejects(async () => await work(), (error) => error instanceof MastoHttpError && error.statusCode === status);
}
