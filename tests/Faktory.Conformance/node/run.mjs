// Runs one case: node run.mjs FILE CASE. A case that fails throws; one that leaves a connection or timer behind never ends.
import { readFileSync } from "node:fs";
import faktory from "faktory-worker";

const { TLS_CA, TLS_NAME } = process.env;
const [file, name] = process.argv.slice(2);
const { cases } = await import(`./cases/${file}`);
if (!cases[name]) throw new Error(`no case "${name}" in ${file}`);

const opened = [];

/** What a case is given: clients that are closed behind it, and the words most cases need. */
const test = {
  url: process.env.FAKTORY_URL,

  client(options = {}) {
    const client = new faktory.Client({ poolSize: 3, ...options });
    opened.push(() => client.close());
    return client;
  },

  worker(options = {}) {
    const worker = new faktory.Worker({ concurrency: 3, ...options });
    opened.push(() => worker.stop());
    return worker;
  },

  control() {
    const control = faktory.create();
    opened.push(() => control.stop());
    return control;
  },

  /** Resolves with the next event of that name. */
  once: (emitter, event) => new Promise((resolve) => emitter.once(event, resolve)),
};

const janitor = new faktory.Client({ poolSize: 1, tlsOptions: TLS_CA && { ca: readFileSync(TLS_CA), servername: TLS_NAME } });
await janitor.flush();
await janitor.send(["QUEUE", "RESUME", "*"]);
await janitor.close();

try {
  await cases[name](test);
} finally {
  for (const close of opened.reverse()) await close();
}
