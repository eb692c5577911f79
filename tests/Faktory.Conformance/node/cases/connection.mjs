import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import faktory from "faktory-worker";

const here = fileURLToPath(new URL(".", import.meta.url));

const { Client } = faktory;
const parts = new URL(process.env.FAKTORY_URL);
const host = parts.hostname;
const port = Number(parts.port);
const password = decodeURIComponent(parts.password);

export const cases = {
  "connect answers with the client once the server greeted": async ({ client }) => {
    const it = client();
    assert.equal(await it.connect(), it);
  },

  "connect leaves no connection behind": async ({ client }) => {
    const it = client();
    const before = (await it.info()).server.connections;
    const other = client();
    await other.connect();
    assert.equal((await it.info()).server.connections, before);
  },

  "connect rejects a wrong password": async ({ client }) => {
    await assert.rejects(client({ password: "wrong" }).connect(), /Invalid password/);
  },

  "connect rejects where nobody listens": async ({ client }) => {
    await assert.rejects(client({ url: "tcp://127.0.0.1:1" }).connect(), /ECONNREFUSED/);
  },

  "constructor takes host, port and password from the url and decodes the password": async ({ client, url }) => {
    const it = client({ url });
    assert.equal(it.password, password);
    assert.equal(it.connectionFactory.host, host);
    assert.equal(Number(it.connectionFactory.port), port);
    await it.connect();
  },

  "constructor lets host, port and password override the url": async ({ client }) => {
    await client({ url: "tcp://:nonsense@203.0.113.1:1", host, port, password }).connect();
    await client({ url: "tcp://:nonsense@203.0.113.1:1", host, port: String(port), password }).connect();
  },

  "constructor reads FAKTORY_PROVIDER and FAKTORY_URL": async ({ url }) => {
    const script = 'const f = require("faktory-worker"); f.connect().then((c) => c.info()).then((i) => { console.log(i.server.faktory_version); process.exit(0); })';
    const run = (env) => promisify(execFile)(process.execPath, ["-e", script], { env: { PATH: process.env.PATH, ...env }, cwd: here });
    assert.match((await run({ FAKTORY_URL: url })).stdout, /^\d+\.\d+\.\d+/);
    assert.match((await run({ FAKTORY_PROVIDER: "TOGO_URL", TOGO_URL: url, FAKTORY_URL: "tcp://127.0.0.1:1" })).stdout, /^\d+\.\d+\.\d+/);
  },

  "constructor keeps wid and labels and the server takes them": async ({ client }) => {
    const it = client({ wid: "labelled-1", labels: ["blue", "green"] });
    assert.equal(it.wid, "labelled-1");
    assert.deepEqual(it.labels, ["blue", "green"]);
    assert.equal(await it.beat(), "OK");
  },

  "poolSize bounds the connections": async ({ client }) => {
    const it = client({ poolSize: 2 });
    await Promise.all(Array.from({ length: 50 }, (_, i) => it.push({ jobtype: "Pool", args: [i] })));
    assert.ok(it.pool.size <= 2, `pool grew to ${it.pool.size}`);
    assert.equal((await it.info()).faktory.queues.default, 50);
  },

  "assertVersion takes version 2 only": async () => {
    Client.assertVersion(2);
    assert.throws(() => Client.assertVersion(3), /version mismatch/);
  },

  "buildHello has the hash, and the worker's words when there is a wid": async ({ client }) => {
    const producer = client({ password: "foobar" }).buildHello({ s: "55104dc76695721d", i: 1545 });
    assert.deepEqual(producer, { hostname: hostname(), v: 2, pwdhash: "6d877f8e5544b1f2598768f817413ab8a357afffa924dedae99eb91472d4ec30" });
    const worker = client({ wid: "hello-wid", labels: ["blue"] }).buildHello({ v: 2 });
    assert.deepEqual(worker, { hostname: hostname(), v: 2, labels: ["blue"], pid: process.pid, wid: "hello-wid" });
  },

  "handshake answers the server's greeting": async ({ client }) => {
    const it = client();
    const sample = await it.connectionFactory.create();
    const connection = new sample.constructor(port, host);
    const greeting = await connection.open();
    assert.equal(greeting.v, 2);
    assert.match(greeting.s, /^[0-9a-f]+$/);
    assert.ok(greeting.i > 1);
    assert.equal(await it.handshake(connection, greeting), "OK");
    assert.equal(await connection.send(["PUSH", '{"jid":"handshake","jobtype":"Hand","args":[]}']), "OK");
    await connection.close();
    await it.connectionFactory.destroy(sample);
  },

  "close waits for commands under way": async ({ client }) => {
    const it = client();
    const pushes = Array.from({ length: 30 }, (_, i) => it.push({ jobtype: "Close", args: [i] }));
    await it.close();
    assert.equal((await Promise.all(pushes)).length, 30);
    await assert.rejects(Promise.resolve().then(() => it.push({ jobtype: "Close", args: [] })));
  },

  "connection that broke is replaced": async ({ client }) => {
    const it = client({ poolSize: 1 });
    await it.pool.use(async (connection) => {
      const closed = once(connection, "close");
      connection.socket.write("END\r\n");
      await closed;
    });
    await it.push({ jobtype: "Again", args: [] });
    assert.equal((await it.info()).faktory.queues.default, 1);
  },

  "commands on one connection are answered in order": async ({ client }) => {
    const it = client();
    const connection = await it.connectionFactory.create();
    const answers = await Promise.all([
      connection.send(["PUSH", '{"jid":"in-order-1","jobtype":"A","args":[]}']),
      connection.send(["FETCH", "default"]),
      connection.send(["ACK", '{"jid":"in-order-1"}']),
      connection.send(["INFO"]),
    ]);
    assert.equal(answers[0], "OK");
    assert.equal(JSON.parse(answers[1]).jid, "in-order-1");
    assert.equal(answers[2], "OK");
    assert.equal(JSON.parse(answers[3]).faktory.total_processed, 1);
    await it.connectionFactory.destroy(connection);
  },

  "connectionFactory creates, validates and destroys connections": async ({ client }) => {
    const factory = client().connectionFactory;
    const connection = await factory.create();
    assert.equal(await factory.validate(connection), true);
    await assert.rejects(connection.open(), /already connected/);
    const closed = once(connection, "close");
    await factory.destroy(connection);
    await closed;
    assert.equal(await factory.validate(connection), false);
  },

  "connection tells of its greeting and of silence": async ({ client }) => {
    const factory = client().connectionFactory;
    const sample = await factory.create();
    const connection = new sample.constructor(port, host);
    const events = [];
    for (const event of ["connect", "greeting"]) connection.on(event, () => events.push(event));
    await factory.handshake(connection, await connection.open());
    assert.deepEqual(events, ["connect", "greeting"]);
    assert.equal(await connection.sendWithAssert(["FLUSH"], "OK"), "OK");
    const silence = once(connection, "timeout");
    connection.setTimeout(20);
    await silence;
    await connection.close();
    await factory.destroy(sample);
  },
};
