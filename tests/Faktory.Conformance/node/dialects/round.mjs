// Pushes JOBS jobs to FAKTORY_URL, works them, prints "worked N", and ends.
import faktory from "faktory-worker";

const wanted = Number(process.env.JOBS);
const client = await faktory.connect();
for (let i = 0; i < wanted; i++) await client.job("Round", i).push();

let worked = 0;
const done = new Promise((resolve) => {
  faktory.register("Round", () => {
    if (++worked === wanted) resolve();
  });
});
await faktory.work();
await done;
console.log(`worked ${worked}`);
await client.close();
process.exit(0);
