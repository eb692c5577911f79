import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import faktory from "faktory-worker";

const here = fileURLToPath(new URL(".", import.meta.url));

const { Worker } = faktory;

/** A promise with its resolver: jobs tell the case what they saw. */
function signal() {
  let resolve;
  const promise = new Promise((r) => (resolve = r));
  return { promise, resolve };
}

/** Polls INFO until it says what is wanted: the server's own word is the event. */
async function until(client, wanted) {
  for (let tries = 0; tries < 400; tries++) {
    const info = (await client.info()).faktory;
    if (wanted(info)) return info;
    await new Promise((r) => setTimeout(r, 25));
  }
  assert.fail(`the server never said: ${wanted}`);
}

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
  "register and work run the job with its arguments and acknowledge it": async ({ worker, client }) => {
    const it = client();
    const seen = signal();
    await worker().register("Sum", (...args) => seen.resolve(args)).work();
    await it.push({ jobtype: "Sum", args: [1, "two", { three: 3 }] });
    assert.deepEqual(await seen.promise, [1, "two", { three: 3 }]);
    const { sets } = await until(it, (info) => info.total_processed === 1 && info.sets.working === 0);
    assert.equal(sets.retries, 0);
  },

  "register and use want functions": async ({ worker }) => {
    const it = worker();
    assert.throws(() => it.register("Sum", "text"), /must be a function/);
    assert.throws(() => it.use("text"));
    assert.equal(it.register("Sum", () => {}), it);
    assert.equal(it.use((ctx, next) => next()), it);
  },

  "registry and middleware come as options too": async ({ worker, client }) => {
    const seen = signal();
    const steps = [];
    await worker({
      registry: { Sum: (n) => { steps.push("job"); seen.resolve(n); } },
      middleware: [async (ctx, next) => { steps.push("before"); await next(); steps.push("after"); }],
    }).work();
    await client().push({ jobtype: "Sum", args: [7] });
    assert.equal(await seen.promise, 7);
    assert.deepEqual(steps.slice(0, 2), ["before", "job"]);
  },

  "middleware wraps the job in the order of use": async ({ worker, client }) => {
    const steps = [];
    const done = signal();
    const it = worker().register("Step", () => () => steps.push("job"));
    it.use(async (ctx, next) => { steps.push(`1:${ctx.job.jobtype}`); await next(); steps.push("1"); done.resolve(); });
    it.use(async (ctx, next) => { steps.push("2"); await next(); steps.push("2"); });
    await it.work();
    await client().push({ jobtype: "Step", args: [] });
    await done.promise;
    assert.deepEqual(steps, ["1:Step", "2", "job", "2", "1"]);
  },

  "job that returns a function is given the whole job": async ({ worker, client }) => {
    const seen = signal();
    await worker().register("Thunk", () => (ctx) => seen.resolve(ctx)).work();
    const jid = await client().push({ jobtype: "Thunk", args: [], custom: { locale: "fr" } });
    const { job, signal: abort } = await seen.promise;
    assert.equal(job.jid, jid);
    assert.deepEqual(job.custom, { locale: "fr" });
    assert.equal(abort.aborted, false);
  },

  "job that throws is failed and the fail event tells of it": async ({ worker, client, once: next }) => {
    const it = client();
    const working = worker().register("Boom", async () => { throw Object.assign(new Error("boom"), { code: "EBOOM" }); });
    const failed = next(working, "fail");
    await working.work();
    const jid = await it.push({ jobtype: "Boom", args: [] });
    const { job, error } = await failed;
    assert.equal(job.jid, jid);
    assert.equal(error.message, "boom");
    const info = await until(it, (numbers) => numbers.tasks.Retries.size === 1);
    assert.equal(info.total_failures, 1);
  },

  "job that rejects with no error is failed all the same": async ({ worker, client, once: next }) => {
    const working = worker().register("Text", () => Promise.reject("only text"));
    const failed = next(working, "fail");
    await working.work();
    await client().push({ jobtype: "Text", args: [] });
    assert.equal((await failed).error.message, "only text");
  },

  "job without a function is failed": async ({ worker, client, once: next }) => {
    const working = worker();
    const failed = next(working, "fail");
    await working.work();
    await client().push({ jobtype: "Unheard", args: [] });
    assert.match((await failed).error.message, /No jobtype registered: Unheard/);
  },

  "concurrency is reached and never exceeded": async ({ worker, client }) => {
    const it = client();
    let running = 0;
    let most = 0;
    let finished = 0;
    const full = signal();
    const done = signal();
    await worker({ concurrency: 3 }).register("Slow", async () => {
      most = Math.max(most, ++running);
      if (running === 3) full.resolve();
      await full.promise;
      running--;
      if (++finished === 12) done.resolve();
    }).work();
    await it.pushBulk(Array.from({ length: 12 }, (_, i) => ({ jobtype: "Slow", args: [i] })));
    await done.promise;
    assert.equal(most, 3);
    await until(it, (info) => info.total_processed === 12);
  },

  "queues as an array are emptied in order": async ({ worker, client }) => {
    const it = client();
    for (const queue of ["low", "high", "low", "high"]) await it.push({ jobtype: "Order", queue, args: [queue] });
    const order = [];
    const done = signal();
    const working = worker({ concurrency: 1, queues: ["high", "low"] }).register("Order", (queue) => { if (order.push(queue) === 4) done.resolve(); });
    assert.deepEqual(working.queues, ["high", "low"]);
    await working.work();
    await done.promise;
    assert.deepEqual(order, ["high", "high", "low", "low"]);
  },

  "queues as weights are all emptied": async ({ worker, client }) => {
    const it = client();
    for (let i = 0; i < 10; i++) await it.push({ jobtype: "Weigh", queue: i % 2 ? "heavy" : "light", args: [i] });
    const seen = new Set();
    const done = signal();
    const working = worker({ queues: { heavy: 3, light: 1 } }).register("Weigh", (i) => { if (seen.add(i).size === 10) done.resolve(); });
    assert.deepEqual([...working.queues].sort(), ["heavy", "light"]);
    await working.work();
    await done.promise;
  },

  "queues as a function are asked for at every fetch": async ({ worker, client }) => {
    const it = client();
    let asked = 0;
    const done = signal();
    await worker({ concurrency: 1, queues: () => [asked++ % 2 ? "odd" : "even"] }).register("Ask", () => done.resolve()).work();
    await it.push({ jobtype: "Ask", queue: "odd", args: [] });
    await done.promise;
    assert.ok(asked >= 2);
  },

  "wid, labels, poolSize, timeout and beatInterval are taken": async ({ worker }) => {
    const it = worker({ wid: "chosen-wid", labels: ["blue"], poolSize: 4, timeout: 2, beatInterval: 1 });
    assert.equal(it.wid, "chosen-wid");
    assert.equal(it.client.wid, "chosen-wid");
    assert.deepEqual(it.client.labels, ["blue"]);
    assert.equal(it.client.pool.max, 4);
    assert.equal(await it.work(), it);
    assert.equal(await it.client.beat(), "OK");
    assert.match(new Worker().wid, /^[0-9a-f]{8}$/);
  },

  "host, port and password come as options": async ({ worker, client, url }) => {
    const parts = new URL(url);
    const seen = signal();
    await worker({ url: "tcp://:nonsense@203.0.113.1:1", host: parts.hostname, port: parts.port, password: decodeURIComponent(parts.password) })
      .register("Here", () => seen.resolve()).work();
    await client().push({ jobtype: "Here", args: [] });
    await seen.promise;
  },

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

  "handle works one job and says how it ended": async ({ worker, client }) => {
    const it = client();
    const working = worker({ queues: ["nothing-here"] }).register("Good", () => {}).register("Bad", () => { throw new Error("bad"); });
    await working.work();
    await it.push({ jobtype: "Good", args: [] });
    assert.equal(await working.handle(await it.fetch("default")), "done");
    await it.push({ jobtype: "Bad", args: [] });
    assert.equal(await working.handle(await it.fetch("default")), "fail");
    assert.equal((await it.info()).faktory.tasks.Retries.size, 1);
  },

  "error event tells of a report that the server refused": async ({ worker, client, once: next }) => {
    const it = client();
    const started = signal();
    const release = signal();
    const working = worker().register("Gone", async () => { started.resolve(); await release.promise; throw new Error("too late"); });
    const told = next(working, "error");
    await working.work();
    const jid = await it.push({ jobtype: "Gone", args: [] });
    await started.promise;
    await it.ack(jid);
    release.resolve();
    assert.match((await told).message, /Job not found/);
  },

  "onerror prints errors that nobody listens to": async ({ worker }) => {
    const working = worker();
    const printed = [];
    const print = console.error;
    console.error = (text) => printed.push(text);
    working.emit("error", "for nobody");
    console.error = print;
    assert.deepEqual(printed, ["for nobody"]);
  },

  "worker outlives a broken connection": async ({ worker, client }) => {
    const seen = signal();
    const working = worker({ concurrency: 1, poolSize: 1 }).register("After", () => seen.resolve());
    working.on("error", () => {});
    await working.work();
    await working.client.pool.use(async (connection) => {
      const closed = once(connection, "close");
      connection.socket.write("END\r\n");
      await closed;
    });
    await client().push({ jobtype: "After", args: [] });
    await seen.promise;
  },
};
