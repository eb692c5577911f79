import assert from "node:assert/strict";

const callback = (jid, jobtype) => ({ jid, jobtype, args: [], queue: "callbacks" });

export const cases = {
  "unique job is taken once and told apart": async ({ client }) => {
    const it = client();
    const unique = () => { const job = it.job("Unique", 1); job.custom = { unique_for: 60 }; return job; };
    await unique().push();
    await assert.rejects(unique().push(), /NOTUNIQUE Job not unique/);
  },

  "unique job is told apart among many, too": async ({ client }) => {
    const it = client();
    const unique = () => { const job = it.job("Unique", { b: 2, a: [1] }); job.custom = { unique_for: 60 }; return job; };
    const [first, second] = [unique(), unique()];
    const refused = await it.pushBulk([first, second]);
    assert.deepEqual(Object.keys(refused), [second.jid]);
    assert.match(refused[second.jid].reason, /NOTUNIQUE/);
    assert.equal((await it.fetch("default")).jid, first.jid);
  },

  "unique job lets the next one come when it is done, or until start when it has begun": async ({ client }) => {
    const it = client();
    for (const until of ["success", "start"]) {
      const unique = () => { const job = it.job("Unique", until); job.custom = { unique_for: 60, unique_until: until }; return job; };
      await unique().push();
      const { jid } = await it.fetch("default");
      if (until === "success") {
        await assert.rejects(unique().push(), /NOTUNIQUE/);
        await it.ack(jid);
      }
      await unique().push();
      await it.flush();
    }
  },

  "unique job keeps its place through a retry": async ({ client }) => {
    const it = client();
    const unique = () => { const job = it.job("Unique"); job.custom = { unique_for: 60 }; return job; };
    await unique().push();
    await it.fail((await it.fetch("default")).jid, new Error("not yet"));
    await assert.rejects(unique().push(), /NOTUNIQUE/);
    await it.retries.discard();
    await unique().push();
  },

  "expired job is not fetched": async ({ client }) => {
    const it = client();
    const late = it.job("Late");
    late.custom = { expires_at: new Date(Date.now() - 1000).toISOString() };
    await late.push();
    const fresh = it.job("Fresh");
    fresh.custom = { expires_in: 600 };
    await fresh.push();
    assert.equal((await it.fetch("default")).jid, fresh.jid);
  },

  "batch takes jobs by pushBulk, is opened again, and its parent waits for it": async ({ client }) => {
    const it = client();
    const parent = await it.send(["BATCH", "NEW", JSON.stringify({ success: callback("parent-won", "Success") })]);
    const child = await it.send(["BATCH", "NEW", JSON.stringify({ parent_bid: parent, success: callback("child-won1", "Success") })]);
    const member = (number) => { const job = it.job("Member", number); job.custom = { bid: child }; return job; };
    assert.deepEqual(await it.pushBulk([member(1), member(2)]), {});
    for (const bid of [parent, child]) assert.equal(await it.send(["BATCH", "COMMIT", bid]), "OK");
    assert.equal(await it.send(["BATCH", "OPEN", child]), child);
    await member(3).push();
    assert.equal(await it.send(["BATCH", "COMMIT", child]), "OK");
    for (const queue of ["default", "default", "default"]) await it.ack((await it.fetch(queue)).jid);
    for (const expected of ["child-won1", "parent-won"]) {
      const job = await it.fetch("callbacks");
      assert.equal(job.jid, expected);
      assert.equal(job.custom.bid, undefined);
      await it.ack(job.jid);
    }
    assert.equal(JSON.parse(await it.send(["BATCH", "STATUS", parent])).success_st, "2");
    await assert.rejects(it.send(["BATCH", "STATUS", "b-nothing"]), /no such batch b-nothing/);
  },

  "batch with a failed job is complete and does not succeed until its retry does": async ({ client }) => {
    const it = client();
    const bid = await it.send(["BATCH", "NEW", JSON.stringify({ complete: callback("complete-1", "Complete"), success: callback("success-01", "Success") })]);
    const job = it.job("Member");
    job.custom = { bid };
    await job.push();
    await it.send(["BATCH", "COMMIT", bid]);
    await it.fail((await it.fetch("default")).jid, new Error("not yet"));
    await it.ack((await it.fetch("callbacks")).jid);
    const failed = JSON.parse(await it.send(["BATCH", "STATUS", bid]));
    assert.deepEqual([failed.pending, failed.failed, failed.complete_st, failed.success_st], [0, 1, "2", ""]);
    await it.retries.requeue();
    await it.ack((await it.fetch("default")).jid);
    assert.equal((await it.fetch("callbacks")).jid, "success-01");
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
