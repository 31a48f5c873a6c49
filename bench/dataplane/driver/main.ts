import { createServer } from "node:http";
import { loadSchema, type DriverWord } from "./load";
import { LoadRun } from "./load-run";

/*
 * A process of its own, so that its work shows as its own: it sends messages to the gateway and is the receiver of the
 * webhook, so that one clock measures the whole way. It is told what to do by the messages of its parent.
 */

const numbersOfARun = 1_000_000_000;

let run: LoadRun | undefined;
let runs = 0;

function say(word: DriverWord): void {
  process.send?.(word);
}

const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.writeHead(204).end();
    run?.delivered(Buffer.concat(chunks));
  });
});

receiver.listen(0, "127.0.0.1", () => {
  const address = receiver.address();
  if (typeof address === "object" && address !== null) say({ kind: "listening", port: address.port });
});

process.on("message", (message) => {
  run = new LoadRun(loadSchema.parse(message), runs * numbersOfARun);
  runs += 1;
  const on = {
    begun: () => {
      say({ kind: "begun" });
    },
    ended: () => {
      say({ kind: "ended" });
    },
  };
  run.run(on).then(
    (figures) => {
      say({ kind: "figures", figures });
    },
    (error: unknown) => {
      say({ kind: "failed", reason: String(error) });
    },
  );
});
process.on("disconnect", () => {
  process.exit();
});
