// Pushes FLAKY jobs of type Flaky and JOBS of type Work, and prints what became of each: "ok JID" once the server said so, "unknown
// JID" when the connection was lost before it could. Goes on until so many are ok.
import faktory from "faktory-worker";

const client = new faktory.Client({ poolSize: 8 });
const wanted = [...Array(Number(process.env.JOBS)).fill("Work"), ...Array(Number(process.env.FLAKY)).fill("Flaky")];

async function lane() {
  for (let jobtype = wanted.pop(); jobtype; jobtype = wanted.pop()) {
    const job = client.job(jobtype, jobtype);
    job.reserveFor = 600;
    try {
      await job.push();
      console.log(`ok ${job.jid}`);
    } catch {
      console.log(`unknown ${job.jid}`);
      wanted.push(jobtype);
    }
  }
}

await Promise.all(Array.from({ length: 8 }, lane));
await client.close();
