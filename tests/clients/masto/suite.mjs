// What masto.js, the library of Elk and Phanpy, makes of two nodes: REST, streams, push messages. Cases run in order and
// share what they made. Told by the environment: HERE and AWAY (base URLs), TOKENS (of alice, bob, carol; carol is at
// AWAY), PUSH (host:port). The last line of its output counts what passed, what failed, and the methods that were called.
const called = new Set();
const real = globalThis.fetch;
globalThis.fetch = (request, init) => {
  const path = new URL(request.url ?? request).pathname.replace(/\/(\d+|[a-z]+-\d+-\d+|ungrouped-\d+)(?=\/|$)/g, "/:id");
  called.add(`${init?.method ?? request.method ?? "GET"} ${path}`);
  return real(request, init);
};

const { cases } = await import("./harness.mjs");
for (const part of ["accounts", "statuses", "telling", "away", "streams", "push"]) await import(`./${part}.mjs`);

let failed = 0;
for (const [name, work] of cases) {
  try {
    await work();
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.stack ?? error} ${JSON.stringify(error.details ?? "")}`);
  }
}
const counts = `${cases.length - failed} passed, ${failed} failed`;
console.log(`masto.js: ${counts}, ${called.size} methods`);
process.exit(failed ? 1 : 0);
