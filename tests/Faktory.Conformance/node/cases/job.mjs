import assert from "node:assert/strict";
import faktory from "faktory-worker";

const { Job } = faktory;

/** Pushes what `change` made of a job and fetches it back. */
async function roundTrip(client, change, queue = "default") {
  const job = client.job("Builder", 1);
  change(job);
  await job.push();
  return client.fetch(queue);
}

export const cases = {
  "constructor wants a jobtype and sets the defaults": async ({ client }) => {
    assert.throws(() => new Job(), /must provide jobtype/);
    const job = new Job("Plain", client());
    assert.deepEqual({ ...job.toJSON(), jid: "" }, { jid: "", jobtype: "Plain", ...Job.defaults });
    assert.equal(await job.push(), job.jid);
  },

  "defaults are queue default, no arguments, priority 5 and 25 retries": async () => {
    assert.deepEqual(Job.defaults, { queue: "default", args: [], priority: 5, retry: 25 });
  },

  "static jid makes unique ids that the server takes": async ({ client }) => {
    const it = client();
    assert.notEqual(Job.jid(), Job.jid());
    assert.equal(await it.push({ jid: Job.jid(), jobtype: "Jid", args: [] }).then((jid) => jid.length), 36);
  },

  "client.job attaches the arguments and the client": async ({ client }) => {
    const it = client();
    const job = it.job("Builder", 1, "two", { three: 3 });
    assert.equal(job.client, it);
    assert.deepEqual(job.args, [1, "two", { three: 3 }]);
  },

  "push answers with the jid": async ({ client }) => {
    const job = client().job("Builder");
    assert.equal(await job.push(), job.jid);
  },

  "toJSON is a copy": async ({ client }) => {
    const job = client().job("Builder");
    job.toJSON().jobtype = "Other";
    assert.equal(job.jobtype, "Builder");
  },

  "jid set is the jid fetched": async ({ client }) => {
    const fetched = await roundTrip(client(), (job) => { job.jid = "chosen-jid"; assert.equal(job.jid, "chosen-jid"); });
    assert.equal(fetched.jid, "chosen-jid");
  },

  "jobtype set is the jobtype fetched": async ({ client }) => {
    const fetched = await roundTrip(client(), (job) => { job.jobtype = "Other"; assert.equal(job.jobtype, "Other"); });
    assert.equal(fetched.jobtype, "Other");
  },

  "queue set is the queue it waits in": async ({ client }) => {
    const fetched = await roundTrip(client(), (job) => { job.queue = "Other.queue_1-2"; assert.equal(job.queue, "Other.queue_1-2"); }, "Other.queue_1-2");
    assert.equal(fetched.queue, "Other.queue_1-2");
  },

  "args set are the args fetched": async ({ client }) => {
    const fetched = await roundTrip(client(), (job) => { job.args = [{ id: 1 }, [2]]; assert.deepEqual(job.args, [{ id: 1 }, [2]]); });
    assert.deepEqual(fetched.args, [{ id: 1 }, [2]]);
  },

  "priority set is taken": async ({ client }) => {
    const fetched = await roundTrip(client(), (job) => { job.priority = 9; assert.equal(job.priority, 9); });
    assert.equal(fetched.jobtype, "Builder");
  },

  "retry set is the retry fetched": async ({ client }) => {
    for (const retry of [0, -1, 3, 25]) {
      const fetched = await roundTrip(client(), (job) => { job.retry = retry; assert.equal(job.retry, retry); });
      assert.equal(fetched.retry, retry);
    }
  },

  "retry of one job leaves the next job's default alone": async ({ client }) => {
    const it = client();
    await it.send(["PUSH", '{"jid":"explicit-0","jobtype":"A","args":[],"retry":0}']);
    await it.send(["PUSH", '{"jid":"default-25","jobtype":"A","args":[]}']);
    assert.equal((await it.fetch("default")).retry, 0);
    assert.equal((await it.fetch("default")).retry, 25);
  },

  "at in the future schedules, as date and as text": async ({ client }) => {
    const it = client();
    const at = new Date(Date.now() + 3600_000);
    const byDate = it.job("Later");
    byDate.at = at;
    assert.equal(byDate.at, at.toISOString());
    await byDate.push();
    const byText = it.job("Later");
    byText.at = at.toISOString();
    await byText.push();
    const { faktory: numbers } = await it.info();
    assert.equal(numbers.tasks.Scheduled.size, 2);
    assert.equal(numbers.total_enqueued, 0);
  },

  "at in the near future runs by itself when due": async ({ client }) => {
    const it = client();
    const job = it.job("Soon");
    job.at = new Date(Date.now() + 500);
    await job.push();
    assert.equal((await it.info()).faktory.tasks.Scheduled.size, 1);
    let fetched = null;
    for (let tries = 0; !fetched && tries < 10; tries++) fetched = await it.fetch("default");
    assert.equal(fetched.jid, job.jid);
    assert.equal((await it.info()).faktory.tasks.Scheduled.size, 0);
  },

  "at in the past runs at once": async ({ client }) => {
    const at = new Date(Date.now() - 3600_000).toISOString();
    const fetched = await roundTrip(client(), (job) => { job.at = at; });
    assert.equal(Date.parse(fetched.at), Date.parse(at));
  },

  "reserveFor set is the reservation fetched": async ({ client }) => {
    const fetched = await roundTrip(client(), (job) => { job.reserveFor = 300; assert.equal(job.reserveFor, 300); });
    assert.equal(fetched.reserve_for, 300);
  },

  "custom set is the custom fetched": async ({ client }) => {
    const custom = { locale: "fr", nested: { b: [1, 2], a: null }, text: "é<&>" };
    const fetched = await roundTrip(client(), (job) => { job.custom = custom; assert.deepEqual(job.custom, custom); });
    assert.deepEqual(fetched.custom, custom);
  },
};
