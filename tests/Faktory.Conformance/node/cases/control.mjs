import assert from "node:assert/strict";
import faktory from "faktory-worker";

export const cases = {
  "create makes controls that share nothing": async () => {
    const one = faktory.create();
    const two = faktory.create();
    assert.equal(one.register("Job", () => {}), one);
    assert.equal(one.use((ctx, next) => next()), one);
    assert.deepEqual([Object.keys(one.registry), one.middleware.length], [["Job"], 1]);
    assert.deepEqual([Object.keys(two.registry), two.middleware.length], [[], 0]);
    for (const name of ["Worker", "Client", "Job", "Mutation", "create"]) assert.equal(two[name], faktory[name], name);
  },

  "register and use want functions": async ({ control }) => {
    assert.throws(() => control().register("Job", 1), /must be a function/);
    assert.throws(() => control().use(1));
  },

  "connect answers with a client that works": async ({ control }) => {
    const client = await control().connect({ poolSize: 1 });
    assert.equal(await client.flush(), "OK");
    await client.close();
  },

  "work runs registered jobs through the middleware, and only once": async ({ control, client }) => {
    const it = control();
    const steps = [];
    const done = new Promise((resolve) => {
      it.use(async (ctx, next) => { steps.push("middleware"); await next(); resolve(); });
      it.register("Job", (n) => { steps.push(n); });
    });
    const worker = await it.work({ concurrency: 2 });
    assert.equal(worker.constructor, faktory.Worker);
    assert.throws(() => it.work(), /only call .work once/);
    await client().push({ jobtype: "Job", args: [1] });
    await done;
    assert.deepEqual(steps, ["middleware", 1]);
  },

  "stop ends the worker, does no harm without one, and work may begin again": async ({ control, client }) => {
    const it = control();
    await it.stop();
    await it.work({ concurrency: 1 });
    await it.stop();
    const done = new Promise((resolve) => it.register("Job", resolve));
    await it.work({ concurrency: 1 });
    await client().push({ jobtype: "Job", args: [2] });
    assert.equal(await done, 2);
  },
};
