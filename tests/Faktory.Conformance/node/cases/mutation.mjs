import assert from "node:assert/strict";
import faktory from "faktory-worker";

const { Mutation } = faktory;
const hour = 3600_000;

/** Puts jobs [jid, jobtype, args] into a set: by schedule, by failing, or by failing without retries. */
async function fill(client, target, jobs) {
  for (const [jid, jobtype, args = []] of jobs) {
    if (target === "scheduled") {
      await client.push({ jid, jobtype, args, at: new Date(Date.now() + hour) });
      continue;
    }
    await client.push({ jid, jobtype, args, retry: target === "dead" ? -1 : 25 });
    await client.fail((await client.fetch("default")).jid, new Error("for the set"));
  }
}

const threeJobs = [["mutation-1", "Mail", ["uid:1"]], ["mutation-2", "Mail", ["uid:2"]], ["mutation-3", "Resize", ["uid:1"]]];

async function sizes(client) {
  const { tasks, total_enqueued } = (await client.info()).faktory;
  return { scheduled: tasks.Scheduled.size, retries: tasks.Retries.size, dead: tasks.Dead.size, queued: total_enqueued };
}

const none = { scheduled: 0, retries: 0, dead: 0, queued: 0 };

async function queued(client) {
  const jids = [];
  for (let left = (await sizes(client)).queued; left > 0; left--) jids.push((await client.fetch("default")).jid);
  return jids.sort();
}

const each = {};
for (const target of ["scheduled", "retries", "dead"]) {
  each[`clear empties ${target}, whatever the filter`] = async ({ client }) => {
    const it = client();
    await fill(it, target, threeJobs);
    assert.equal((await sizes(it))[target], 3);
    assert.equal(await it[target].ofType("Mail").clear(), "OK");
    assert.deepEqual(await sizes(it), none);
  };
  each[`discard deletes from ${target} what the filter names`] = async ({ client }) => {
    const it = client();
    await fill(it, target, threeJobs);
    assert.equal(await it[target].ofType("Mail").discard(), "OK");
    assert.deepEqual(await sizes(it), { ...none, [target]: 1 });
  };
  each[`requeue moves from ${target} to the queue what the filter names`] = async ({ client }) => {
    const it = client();
    await fill(it, target, threeJobs);
    assert.equal(await it[target].ofType("Mail").requeue(), "OK");
    assert.deepEqual(await sizes(it), { ...none, [target]: 1, queued: 2 });
    assert.deepEqual(await queued(it), ["mutation-1", "mutation-2"]);
  };
  each[`withJids picks jobs of ${target} one by one and as a list`] = async ({ client }) => {
    const it = client();
    await fill(it, target, threeJobs);
    await it[target].withJids("mutation-1", "mutation-3").requeue();
    assert.deepEqual(await queued(it), ["mutation-1", "mutation-3"]);
    await it[target].withJids(["mutation-2", "never-seen"]).discard();
    assert.equal((await sizes(it))[target], 0);
  };
  each[`matching picks jobs of ${target} by a pattern over the payload`] = async ({ client }) => {
    const it = client();
    await fill(it, target, threeJobs);
    await it[target].matching("*uid:1*").requeue();
    assert.deepEqual(await queued(it), ["mutation-1", "mutation-3"]);
  };
}

export const cases = {
  ...each,

  "kill buries jobs of scheduled and retries": async ({ client }) => {
    for (const target of ["scheduled", "retries"]) {
      const it = client();
      await it.flush();
      await fill(it, target, threeJobs);
      assert.equal(await it[target].ofType("Resize").kill(), "OK");
      assert.deepEqual(await sizes(it), { ...none, [target]: 2, dead: 1 });
      await it.dead.requeue();
      assert.deepEqual(await queued(it), ["mutation-3"]);
    }
  },

  "ofType and matching together want both": async ({ client }) => {
    const it = client();
    await fill(it, "retries", threeJobs);
    await it.retries.ofType("Mail").matching("*uid:1*").requeue();
    assert.deepEqual(await queued(it), ["mutation-1"]);
  },

  "withJids beats the other filters": async ({ client }) => {
    const it = client();
    await fill(it, "retries", threeJobs);
    await it.retries.ofType("Mail").withJids("mutation-3").requeue();
    assert.deepEqual(await queued(it), ["mutation-3"]);
  },

  "no filter means all": async ({ client }) => {
    const it = client();
    await fill(it, "retries", threeJobs);
    await it.retries.requeue();
    assert.equal((await queued(it)).length, 3);
  },

  "filters want text": async ({ client }) => {
    assert.throws(() => client().retries.ofType(1), /must be a string/);
    assert.throws(() => client().retries.matching(/uid/), /SCAN compatible pattern/);
  },

  "constructor and toJSON carry command, target and filter": async ({ client }) => {
    const it = client();
    const mutation = new Mutation(it);
    mutation.target = "dead";
    mutation.cmd = "discard";
    assert.deepEqual(mutation.ofType("Mail").toJSON(), { cmd: "discard", target: "dead", filter: { jobtype: "Mail" } });
    assert.equal(await mutation.send(), "OK");
  },

  "unknown command and unknown set are refused": async ({ client }) => {
    const it = client();
    await assert.rejects(it.send(["MUTATE", '{"cmd":"explode","target":"dead","filter":{}}']), /unknown mutate operation/);
    await assert.rejects(it.send(["MUTATE", '{"cmd":"clear","target":"queues","filter":{}}']), /invalid target for mutation command/);
  },
};
