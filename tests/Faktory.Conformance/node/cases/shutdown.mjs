import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { signal, until } from "./waiting.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Starts stubborn.mjs, a worker in a process of its own, and gives the lines it prints. */
function child(env = {}) {
  const process_ = spawn(process.execPath, ["stubborn.mjs"], { cwd: here, env: { ...process.env, NODE_ENV: "test", ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  return {
    kill: (name) => process_.kill(name),
    exit: once(process_, "exit").then(([code]) => code),
    async line(expected) {
      const { value } = await lines.next();
      assert.equal(value, expected);
    },
  };
}

export const cases = {
  "beat obeys the server's order to be quiet": async ({ worker, client }) => {
    const it = client();
    const working = worker({ wid: "order-quiet" }).register("Never", () => assert.fail("a quiet worker fetched"));
    await working.work();
    await it.send(["BEAT", '{"wid":"order-quiet","current_state":"quiet"}']);
    await working.beat();
    assert.equal(working.quieted, true);
    await it.push({ jobtype: "Never", args: [] });
    assert.equal((await it.info()).faktory.queues.default, 1);
  },

  "heartbeat obeys the server's order to terminate": async ({ client }) => {
    const it = client();
    const process_ = child({ WID: "order-terminate", BEAT: "0.1" });
    await process_.line("working");
    await it.send(["BEAT", '{"wid":"order-terminate","current_state":"terminate"}']);
    assert.equal(await process_.exit, 0);
  },

  "quiet works what it has and fetches no more": async ({ worker, client }) => {
    const it = client();
    const started = signal();
    const release = signal();
    const working = worker({ concurrency: 1 }).register("Hold", async () => { started.resolve(); await release.promise; });
    await working.work();
    await it.push({ jobtype: "Hold", args: [] });
    await started.promise;
    working.quiet();
    await it.push({ jobtype: "Hold", args: [] });
    release.resolve();
    const info = await until(it, (numbers) => numbers.total_processed === 1);
    assert.equal(info.queues.default, 1);
    assert.equal(info.sets.working, 0);
  },

  "work after quiet fetches again": async ({ worker, client }) => {
    const seen = signal();
    const working = worker({ concurrency: 1 }).register("Again", () => seen.resolve());
    await working.work();
    working.quiet();
    clearInterval(working.pulse);
    await working.work();
    await client().push({ jobtype: "Again", args: [] });
    await seen.promise;
  },

  "stop waits for running jobs": async ({ worker, client }) => {
    const it = client();
    const started = signal();
    const release = signal();
    const working = worker({ concurrency: 1 }).register("Hold", async () => { started.resolve(); await release.promise; });
    await working.work();
    await it.push({ jobtype: "Hold", args: [] });
    await started.promise;
    const stopped = working.stop();
    release.resolve();
    await stopped;
    const { faktory: info } = await it.info();
    assert.equal(info.total_processed, 1);
    assert.equal(info.total_failures, 0);
  },

  "stop gives up after the timeout, aborts the job and fails it": async ({ client }) => {
    const it = client();
    const process_ = child({ JOBTYPE: "Stubborn", TIMEOUT: "0.2" });
    await process_.line("working");
    await it.push({ jobtype: "Stubborn", args: [] });
    await process_.line("started");
    process_.kill("SIGTERM");
    await process_.line("aborted: faktory worker shutdown timeout exceeded");
    assert.equal(await process_.exit, 1);
    assert.equal((await it.info()).faktory.tasks.Retries.size, 1);
  },

  "SIGTERM and SIGINT stop the worker": async () => {
    for (const name of ["SIGTERM", "SIGINT"]) {
      const process_ = child();
      await process_.line("working");
      process_.kill(name);
      assert.equal(await process_.exit, 0, name);
    }
  },

  "SIGTSTP quiets the worker": async ({ client }) => {
    const it = client();
    await it.push({ jobtype: "UntilQuiet", args: [] });
    await it.push({ jobtype: "UntilQuiet", args: [] });
    const process_ = child({ JOBTYPE: "UntilQuiet" });
    await process_.line("working");
    await process_.line("started");
    process_.kill("SIGTSTP");
    await process_.line("quiet");
    const info = await until(it, (numbers) => numbers.total_processed === 1);
    process_.kill("SIGTERM");
    assert.equal(await process_.exit, 0);
    assert.equal(info.queues.default, 1);
  },
};
