import assert from "node:assert/strict";
import { once } from "node:events";
import faktory from "faktory-worker";
import { signal, until } from "./waiting.mjs";

const { Worker } = faktory;

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
