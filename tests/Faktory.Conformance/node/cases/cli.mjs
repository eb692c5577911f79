import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));

const package_ = dirname(createRequire(import.meta.url).resolve("faktory-worker/package.json"));
const bin = (name) => join(package_, "bin", name);
const run = (args) => promisify(execFile)(process.execPath, args, { cwd: here });

/** Starts one of the package's programs with echo.cjs, which prints each job it works. */
function start(program, args) {
  const process_ = spawn(process.execPath, [bin(program), ...args], { cwd: here, env: { ...process.env, NODE_ENV: "test" }, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  return {
    line: async () => (await lines.next()).value,
    async stop() {
      const exit = once(process_, "exit");
      process_.kill("SIGTERM");
      return (await exit)[0];
    },
  };
}

export const cases = {
  "faktory-work works the queues, concurrency, timeout, label and module it is given": async ({ client }) => {
    const it = client();
    const process_ = start("faktory-work", ["-q", "first", "-q", "second", "-c", "2", "-t", "3", "-l", "blue", "-l", "green", "-r", "./echo.cjs"]);
    await it.push({ jobtype: "Echo", queue: "second", args: ["two"] });
    assert.equal(await process_.line(), "two");
    assert.equal(await process_.stop(), 0);
  },

  "faktory-work takes weighted queues": async ({ client }) => {
    const it = client();
    const process_ = start("faktory-work", ["--queue", "heavy,3", "--queue", "light,1", "--require", "./echo.cjs"]);
    await it.push({ jobtype: "Echo", queue: "light", args: ["light"] });
    assert.equal(await process_.line(), "light");
    assert.equal(await process_.stop(), 0);
  },

  "faktory-work without queues works default": async ({ client }) => {
    const process_ = start("faktory-work", ["-r", "./echo.cjs"]);
    await client().push({ jobtype: "Echo", args: ["default"] });
    assert.equal(await process_.line(), "default");
    assert.equal(await process_.stop(), 0);
  },

  "faktory-work refuses weighted and plain queues together": async () => {
    await assert.rejects(run([bin("faktory-work"), "-q", "heavy,3", "-q", "plain"]), /cannot mix weighted and unweighted/);
  },

  "faktory-work tells its options and version": async () => {
    const { stdout } = await run([bin("faktory-work"), "--help"]);
    for (const option of ["--queue", "--concurrency", "--timeout", "--label", "--require", "--verbose", "--version"]) assert.match(stdout, new RegExp(option));
    assert.match((await run([bin("faktory-work"), "--version"])).stdout, /4\.7\.1/);
  },

  "faktory-cluster works jobs in several processes": async ({ client }) => {
    const it = client();
    const process_ = start("faktory-cluster", ["2", "-r", "./echo.cjs"]);
    await it.push({ jobtype: "Echo", args: ["cluster"] });
    assert.equal(await process_.line(), "cluster");
    await process_.stop();
  },
};
