import assert from "node:assert/strict";

/** A promise with its resolver: jobs tell the case what they saw. */
export function signal() {
  let resolve;
  const promise = new Promise((r) => (resolve = r));
  return { promise, resolve };
}

/** Asks INFO until it says what is wanted: the server's own word is the event. */
export async function until(client, wanted) {
  for (let tries = 0; tries < 400; tries++) {
    const info = (await client.info()).faktory;
    if (wanted(info)) return info;
    await new Promise((r) => setTimeout(r, 25));
  }
  assert.fail(`the server never said: ${wanted}`);
}
