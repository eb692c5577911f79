import assert from "node:assert/strict";

const callback = (jid, jobtype) => ({ jid, jobtype, args: [], queue: "callbacks" });

export const cases = {
  "unique job is taken once and told apart": async ({ client }) => {
    const it = client();
    const unique = () => { const job = it.job("Unique", 1); job.custom = { unique_for: 60 }; return job; };
    await unique().push();
    await assert.rejects(unique().push(), /NOTUNIQUE Job not unique/);
  },

  "batch runs its callbacks in order": async ({ client, worker, once }) => {
    const it = client();
    const bid = await it.send(["BATCH", "NEW", JSON.stringify({ description: "Node", complete: callback("complete-1", "Complete"), success: callback("success-01", "Success") })]);
    assert.match(bid, /^b-/);
    for (const number of [1, 2, 3]) {
      const job = it.job("Member", number);
      job.custom = { bid };
      await job.push();
    }
    assert.equal(await it.send(["BATCH", "COMMIT", bid]), "OK");
    const done = [];
    const busy = worker({ queues: ["default", "callbacks"] });
    busy.register("Member", async (number) => { done.push(number); });
    busy.register("Complete", async () => { done.push("complete"); });
    const finished = new Promise((resolve) => busy.register("Success", async () => { done.push("success"); resolve(); }));
    await busy.work();
    await finished;
    await busy.stop();
    assert.deepEqual(done.slice(0, 3).sort(), [1, 2, 3]);
    assert.deepEqual(done.slice(3), ["complete", "success"]);
    const status = JSON.parse(await it.send(["BATCH", "STATUS", bid]));
    assert.deepEqual([status.total, status.pending, status.failed, status.complete_st, status.success_st], [3, 0, 0, "2", "2"]);
  },

  "progress is told and asked for": async ({ client }) => {
    const it = client();
    const job = it.job("Tracked");
    job.custom = { track: 1 };
    await job.push();
    await it.fetch("default");
    await it.send(["TRACK", "SET", JSON.stringify({ jid: job.jid, percent: 40 })]);
    const known = JSON.parse(await it.send(["TRACK", "GET", job.jid]));
    assert.deepEqual([known.state, known.percent], ["working", 40]);
  },
};
