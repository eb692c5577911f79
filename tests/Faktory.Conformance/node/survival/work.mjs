// Works jobs until it is killed, and prints what became of each: "acked JID" or "failed JID" once the server said so, "unacked JID"
// or "unfailed JID" when the connection was lost before it could. Flaky jobs fail on their first run.
import faktory from "faktory-worker";

const worker = new faktory.Worker({ concurrency: 8 });

for (const [call, done] of [["ack", "acked"], ["fail", "failed"]]) {
  const report = worker.client[call].bind(worker.client);
  worker.client[call] = async (jid, error) => {
    try {
      const answer = await report(jid, error);
      console.log(`${done} ${jid}`);
      return answer;
    } catch (lost) {
      console.log(`un${done} ${jid}`);
      throw lost;
    }
  };
}

worker.on("error", () => {});
worker.register("Work", () => new Promise((resolve) => setTimeout(resolve, 2)));
worker.register("Flaky", () => ({ job }) => {
  if (!job.failure) throw new Error("the first time fails");
});

await worker.work();
