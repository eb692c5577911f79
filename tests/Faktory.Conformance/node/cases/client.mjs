import assert from "node:assert/strict";

const future = () => new Date(Date.now() + 3600_000);

export const cases = {
  "push answers with the jid": async ({ client }) => {
    const it = client();
    const job = it.job("Mail", 1);
    assert.equal(await it.push(job), job.jid);
    assert.equal(await it.push({ jobtype: "Mail", jid: "my-own-jid", args: [2] }), "my-own-jid");
    assert.match(await it.push({ jobtype: "Mail" }), /^[0-9a-f-]{36}$/);
    assert.equal((await it.info()).faktory.queues.default, 3);
  },

  "push carries arguments through unharmed": async ({ client }) => {
    const it = client();
    const args = [1, -1.5, 1e21, Number.MAX_SAFE_INTEGER, 0.1, "é😀\u2028<&>\\\"\r\n\t\u0000", "", null, true, [], {}, { b: [1, { a: null }], a: "z" }];
    await it.push({ jobtype: "Args", args });
    assert.deepEqual((await it.fetch("default")).args, args);
  },

  "push takes a large job": async ({ client }) => {
    const it = client();
    const text = "é".repeat(200_000);
    await it.push({ jobtype: "Large", args: [text] });
    assert.equal((await it.fetch("default")).args[0], text);
  },

  "push is refused with the server's reason": async ({ client }) => {
    const it = client();
    await assert.rejects(it.push({ jobtype: "Mail", jid: "short", args: [] }), /jobs must have a reasonable jid parameter/);
    await assert.rejects(it.push({ jobtype: "", args: [] }), /jobs must have a jobtype parameter/);
    await assert.rejects(it.push({ jobtype: "Mail", args: null }), /jobs must have an args parameter/);
    await assert.rejects(it.push({ jobtype: "Mail", args: [], reserve_for: 86401 }), /jobs cannot be reserved for more than one day/);
    await assert.rejects(it.push({ jobtype: "Mail", args: [], at: "tomorrow" }), /invalid timestamp for 'at'/);
    await assert.rejects(it.push({ jobtype: "Mail", args: [], queue: "a b" }), /queue names must match/);
    assert.equal((await it.info()).faktory.total_enqueued, 0);
  },

  "pushBulk answers with nothing when all are in": async ({ client }) => {
    const it = client();
    const jobs = Array.from({ length: 1000 }, (_, i) => (i % 2 ? it.job("Bulk", i) : { jobtype: "Bulk", args: [i] }));
    assert.deepEqual(await it.pushBulk(jobs), {});
    assert.equal((await it.info()).faktory.queues.default, 1000);
    assert.deepEqual(await it.pushBulk([]), {});
  },

  "pushBulk names the refused jobs with reason and payload": async ({ client }) => {
    const it = client();
    const good = it.job("Bulk", 1);
    const bad = it.job("Bulk", 2);
    bad.reserveFor = 90_000;
    const refused = await it.pushBulk([good, bad]);
    assert.deepEqual(Object.keys(refused), [bad.jid]);
    assert.match(refused[bad.jid].reason, /more than one day/);
    assert.deepEqual(refused[bad.jid].payload.args, [2]);
    assert.equal((await it.fetch("default")).jid, good.jid);
  },

  "pushBulk above its own warning still works": async ({ client }) => {
    const it = client();
    assert.deepEqual(await it.pushBulk(Array.from({ length: 5002 }, (_, i) => ({ jobtype: "Bulk", args: [i] }))), {});
    assert.equal((await it.info()).faktory.queues.default, 5002);
  },

  "fetch answers with the whole job": async ({ client }) => {
    const it = client();
    const jid = await it.push({ jobtype: "Whole", args: [1], queue: "whole", retry: 3, reserve_for: 120, custom: { locale: "fr" } });
    const job = await it.fetch("whole");
    assert.equal(job.jid, jid);
    assert.equal(job.jobtype, "Whole");
    assert.equal(job.queue, "whole");
    assert.equal(job.retry, 3);
    assert.equal(job.reserve_for, 120);
    assert.deepEqual(job.args, [1]);
    assert.deepEqual(job.custom, { locale: "fr" });
    assert.ok(Math.abs(Date.now() - Date.parse(job.created_at)) < 60_000);
    assert.ok(Math.abs(Date.now() - Date.parse(job.enqueued_at)) < 60_000);
    assert.equal(job.failure, undefined);
  },

  "fetch answers null when its queues stay empty": async ({ client }) => {
    assert.equal(await client().fetch("empty", "also-empty"), null);
  },

  "fetch empties its queues in the order they are named, oldest job first": async ({ client }) => {
    const it = client();
    for (const [queue, n] of [["low", 1], ["high", 2], ["low", 3], ["high", 4]]) await it.push({ jobtype: "Order", queue, args: [n] });
    const order = [];
    for (let i = 0; i < 4; i++) order.push((await it.fetch("high", "low")).args[0]);
    assert.deepEqual(order, [2, 4, 1, 3]);
  },

  "fetch that waits gets a job pushed to any of its queues": async ({ client }) => {
    const it = client();
    const waiting = it.fetch("first", "second");
    await it.push({ jobtype: "Late", queue: "second", args: ["late"] });
    assert.deepEqual((await waiting).args, ["late"]);
  },

  "fetch without a queue is refused": async ({ client }) => {
    await assert.rejects(client().fetch(), /must call fetch with at least one queue/);
  },

  "ack ends the job, and again does no harm": async ({ client }) => {
    const it = client();
    await it.push({ jobtype: "Ack", args: [] });
    const { jid } = await it.fetch("default");
    assert.equal((await it.info()).faktory.sets.working, 1);
    assert.equal(await it.ack(jid), "OK");
    assert.equal(await it.ack(jid), "OK");
    assert.equal(await it.ack("never-heard-of"), "OK");
    const { faktory: numbers } = await it.info();
    assert.equal(numbers.sets.working, 0);
    assert.equal(numbers.tasks.Retries.size, 0);
  },

  "fail keeps the job for a retry with what went wrong": async ({ client }) => {
    const it = client();
    await it.push({ jobtype: "Fail", args: [1], retry: 5 });
    const first = await it.fetch("default");
    const error = Object.assign(new Error("no such address"), { code: "EMAIL" });
    assert.equal(await it.fail(first.jid, error), "OK");
    assert.equal((await it.info()).faktory.tasks.Retries.size, 1);
    await it.retries.requeue();
    const again = await it.fetch("default");
    assert.equal(again.jid, first.jid);
    assert.equal(again.failure.message, "no such address");
    assert.equal(again.failure.errtype, "EMAIL");
    assert.equal(again.failure.retry_count, 0);
    assert.match(again.failure.backtrace[0], /no such address/);
    assert.ok(Math.abs(Date.now() - Date.parse(again.failure.failed_at)) < 60_000);
  },

  "fail discards a job without retries and buries one that wants it": async ({ client }) => {
    const it = client();
    for (const retry of [0, -1]) {
      await it.push({ jobtype: "Fail", args: [], retry });
      await it.fail((await it.fetch("default")).jid, new Error("for good"));
    }
    const { tasks } = (await it.info()).faktory;
    assert.equal(tasks.Retries.size, 0);
    assert.equal(tasks.Dead.size, 1);
  },

  "fail of a job that nobody holds is refused": async ({ client }) => {
    await assert.rejects(client().fail("never-heard-of", new Error("x")), /Job not found never-heard-of/);
  },

  "flush deletes every job": async ({ client }) => {
    const it = client();
    await it.push({ jobtype: "Flush", args: [] });
    await it.push({ jobtype: "Flush", args: [], at: future() });
    assert.equal(await it.flush(), "OK");
    const { faktory: numbers } = await it.info();
    assert.equal(numbers.total_enqueued, 0);
    assert.equal(numbers.tasks.Scheduled.size, 0);
  },

  "info has the original's shape": async ({ client }) => {
    const it = client();
    await it.push({ jobtype: "Info", queue: "info", args: [] });
    const info = await it.info();
    assert.deepEqual(Object.keys(info).sort(), ["faktory", "now", "server", "server_utc_time"]);
    assert.match(info.server_utc_time, /^\d\d:\d\d:\d\d UTC$/);
    assert.ok(Math.abs(Date.now() - Date.parse(info.now)) < 60_000);
    assert.equal(info.faktory.queues.info, 1);
    for (const name of ["total_failures", "total_processed", "total_enqueued", "total_queues"]) assert.equal(typeof info.faktory[name], "number", name);
    for (const name of ["dead", "retries", "scheduled", "working"]) assert.equal(typeof info.faktory.sets[name], "number", name);
    for (const name of ["Retries", "Dead", "Scheduled"]) {
      for (const field of ["cycles", "enqueued", "size", "wall_time_sec"]) assert.equal(typeof info.faktory.tasks[name][field], "number", `${name}.${field}`);
    }
    for (const name of ["Busy", "Workers"]) {
      for (const field of ["reaped", "size"]) assert.equal(typeof info.faktory.tasks[name][field], "number", `${name}.${field}`);
    }
    assert.equal(typeof info.server.description, "string");
    assert.match(info.server.faktory_version, /^1\.(\d{2,}|[89])\.\d+/);
    for (const name of ["uptime", "connections", "command_count", "used_memory_mb"]) assert.equal(typeof info.server[name], "number", name);
  },

  "info counts what was processed and what failed": async ({ client }) => {
    const it = client();
    for (let i = 0; i < 3; i++) await it.push({ jobtype: "Count", args: [i] });
    await it.ack((await it.fetch("default")).jid);
    await it.ack((await it.fetch("default")).jid);
    await it.fail((await it.fetch("default")).jid, new Error("x"));
    const { faktory: numbers } = await it.info();
    assert.equal(numbers.total_processed, 3);
    assert.equal(numbers.total_failures, 1);
  },

  "beat answers OK, then what the server wants": async ({ client }) => {
    const it = client({ wid: "beat-wid-1" });
    assert.equal(await it.beat(), "OK");
    // The dashboard does the same over HTTP; a worker may also say it of itself.
    await it.send(["BEAT", '{"wid":"beat-wid-1","current_state":"quiet"}']);
    assert.equal(await it.beat(), "quiet");
    assert.equal(await it.beat(), "quiet");
    await it.send(["BEAT", '{"wid":"beat-wid-1","current_state":"terminate"}']);
    assert.equal(await it.beat(), "terminate");
  },

  "beat of an unknown worker is refused": async ({ client }) => {
    await assert.rejects(client().send(["BEAT", '{"wid":"never-seen"}']), /unknown worker never-seen/i);
  },

  "quieted worker is given no more jobs": async ({ client }) => {
    const it = client({ wid: "quieted-1" });
    await it.beat();
    await it.send(["BEAT", '{"wid":"quieted-1","current_state":"quiet"}']);
    await it.push({ jobtype: "Quiet", args: [] });
    assert.equal(await it.fetch("default"), null);
    assert.notEqual(await client().fetch("default"), null);
  },

  "send pauses, resumes and removes queues and tells their latency": async ({ client }) => {
    const it = client();
    await it.push({ jobtype: "Queue", queue: "paused", args: [1] });
    assert.equal(await it.send(["QUEUE", "PAUSE", "paused"]), "OK");
    assert.equal(await it.fetch("paused"), null);
    const latency = JSON.parse(await it.send(["QUEUE", "LATENCY", "paused", "unknown"]));
    assert.ok(latency.paused > 0 && latency.paused < 60);
    assert.equal(latency.unknown, 0);
    assert.equal(await it.send(["QUEUE", "RESUME", "paused"]), "OK");
    assert.deepEqual((await it.fetch("paused")).args, [1]);
    await it.push({ jobtype: "Queue", queue: "paused", args: [2] });
    assert.equal(await it.send(["QUEUE", "REMOVE", "paused"]), "OK");
    assert.equal((await it.info()).faktory.queues.paused, undefined);
    assert.equal(await it.fetch("paused"), null);
  },

  "send rejects with the server's error and the connection goes on": async ({ client }) => {
    const it = client({ poolSize: 1 });
    await assert.rejects(it.send(["NONSENSE"]), /unknown command NONSENSE/);
    assert.equal(await it.flush(), "OK");
  },

  "sendWithAssert rejects another answer than the one expected": async ({ client }) => {
    const it = client();
    assert.equal(await it.sendWithAssert(["FLUSH"], "OK"), "OK");
    await assert.rejects(it.sendWithAssert(["FLUSH"], "NO"), /expected NO response, but got OK/);
  },
};
