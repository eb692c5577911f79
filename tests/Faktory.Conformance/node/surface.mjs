// Prints, as JSON, every public name of the installed package: what README.md must have a test for.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import faktory from "faktory-worker";

const lib = join(dirname(createRequire(import.meta.url).resolve("faktory-worker/package.json")), "lib");
const members = (name, type) => Object.getOwnPropertyNames(type.prototype).filter((member) => member !== "constructor").map((member) => `${name}.${member}`);
const statics = (name, type) => Object.getOwnPropertyNames(type).filter((member) => !["length", "name", "prototype"].includes(member)).map((member) => `${name}.${member}`);

/** The keys of an options type, out of the declarations: they do not exist at run time. */
function options(file, type) {
  const text = readFileSync(join(lib, file), "utf8");
  const body = text.split(`export type ${type} = {`)[1].split(/^}/m)[0];
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, key]) => `${type}.${key}`);
}

const { bin } = createRequire(import.meta.url)("faktory-worker/package.json");
const { Connection } = createRequire(import.meta.url)("faktory-worker/lib/connection.js");
const factory = new faktory.Client().connectionFactory;
/** What the declarations call private although JavaScript does not. */
const hidden = ["listen", "onConnect", "clearPending", "onClose", "onTimeout", "onError"].map((name) => `Connection.${name}`);
const names = [
  ...Object.getOwnPropertyNames(faktory).map((name) => `faktory.${name}`),
  ...members("Client", faktory.Client), ...statics("Client", faktory.Client),
  ...members("Job", faktory.Job), ...statics("Job", faktory.Job),
  ...members("Mutation", faktory.Mutation),
  ...members("Worker", faktory.Worker),
  ...members("ConnectionFactory", factory.constructor),
  ...members("Connection", Connection).filter((name) => !hidden.includes(name)),
  ...Object.keys(bin).map((name) => `bin.${name}`),
  ...options("client.d.ts", "ClientOptions"),
  ...options("worker.d.ts", "WorkerOptions"),
  ...options("job.d.ts", "PartialJobPayload"),
];
console.log(JSON.stringify([...new Set(names)].sort()));
process.exit(0);
