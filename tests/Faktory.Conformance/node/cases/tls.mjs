import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const ca = readFileSync(process.env.TLS_CA);
const tlsOptions = { ca, servername: process.env.TLS_NAME };

export const cases = {
  "client with tlsOptions talks TLS": async ({ client }) => {
    const it = client({ tlsOptions });
    await it.push({ jobtype: "Tls", args: [1] });
    assert.deepEqual((await it.fetch("default")).args, [1]);
  },

  "client that does not know the authority refuses the server": async ({ client }) => {
    await assert.rejects(client({ tlsOptions: { servername: tlsOptions.servername } }).connect(), /self-signed|unable to (verify|get)/);
  },

  "client that expects another name refuses the server": async ({ client }) => {
    await assert.rejects(client({ tlsOptions: { ca, servername: "other.example.com" } }).connect(), /does not match certificate/);
  },

  "worker with tlsOptions works jobs": async ({ worker, client }) => {
    const it = client({ tlsOptions });
    const done = new Promise((resolve) => worker({ tlsOptions }).register("Tls", resolve).work());
    await it.push({ jobtype: "Tls", args: ["secure"] });
    assert.equal(await done, "secure");
  },
};
