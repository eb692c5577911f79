// From nothing to the address of a queue: npm run example -- http://127.0.0.1:8081
// Prints the plans, the address, and how the API refuses; the last line is FAKTORY_URL=…
import { connect, FaktoryCloudError, must } from "../src/index.js";

declare const process: { argv: string[] };

const url = process.argv[2] ?? "http://127.0.0.1:8081";
const visitor = connect({ url });
for (const plan of must(await visitor.GET("/v1/plans")).items) console.log(`plan ${plan.key}: ${plan.name}`);

const account = must(
  await visitor.POST("/v1/signup", {
    body: { email: `${crypto.randomUUID()}@example.com`, password: "a few plain words", organization: "Example" },
  }),
);
const cloud = connect({ url, token: account.token });
const instance = must(await cloud.POST("/v1/instances", { body: { name: "orders" }, params: { header: { Prefer: "wait=60" } } }));
console.log(`instance ${instance.name}: ${instance.state}`);

try {
  must(await cloud.GET("/v1/instances/{id}", { params: { path: { id: "ins_none" } } }));
} catch (error) {
  if (!(error instanceof FaktoryCloudError)) throw error;
  console.log(`refused: ${error.problem?.code}`);
}

const credentials = must(await cloud.GET("/v1/instances/{id}/credentials", { params: { path: { id: instance.id } } }));
console.log(`FAKTORY_URL=${credentials.faktory_url}`);
