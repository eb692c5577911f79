// A worker in a process of its own, for what ends the process: signals, timeouts, the server's orders.
import faktory from "faktory-worker";

const { WID, BEAT, TIMEOUT, JOBTYPE = "Stubborn" } = process.env;
const worker = new faktory.Worker({ wid: WID, concurrency: 1, beatInterval: BEAT && Number(BEAT), timeout: TIMEOUT && Number(TIMEOUT) });

// Ends when it is aborted, or when SIGTSTP came.
worker.register(JOBTYPE, () => ({ signal }) => new Promise((resolve) => {
  console.log("started");
  signal.addEventListener("abort", () => {
    console.log(`aborted: ${signal.reason.message}`);
    resolve();
  });
  // Behind the worker's own listener, which was there first.
  process.once("SIGTSTP", () => {
    console.log(worker.quieted ? "quiet" : "not quiet");
    resolve();
  });
}));

await worker.work();
console.log("working");
