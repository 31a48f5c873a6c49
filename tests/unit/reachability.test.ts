import assert from "node:assert/strict";
import { createServer } from "node:net";
import { z } from "zod";
import { assertReachable } from "../../reachability";
import { freePort } from "../software/free-port";

const remedy = "type `make up`";

describe("what must answer before anything is made", () => {
  it("is let through when one address of each answers", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const addresses = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${port}`];
    await assertReachable([{ name: "Kafka", addresses, remedy }]);
    server.close();
  });

  it("is named with its addresses and the remedy, all at once", async () => {
    const [kubernetes, kafka] = [await freePort(), await freePort()];
    const services = [
      { name: "Kubernetes", addresses: [`127.0.0.1:${kubernetes}`], remedy },
      { name: "Kafka", addresses: [`127.0.0.1:${kafka}`], remedy },
    ];
    await assert.rejects(assertReachable(services), {
      message:
        `Kubernetes does not answer at 127.0.0.1:${kubernetes} (connection refused): ${remedy}\n` +
        `Kafka does not answer at 127.0.0.1:${kafka} (connection refused): ${remedy}`,
    });
  });

  it("is explained when its name can't be found", async () => {
    const services = [{ name: "Kafka", addresses: ["kafka.invalid:9092"], remedy }];
    await assert.rejects(
      assertReachable(services),
      /Kafka does not answer at kafka\.invalid:9092 \(.*(ENOTFOUND|EAI_AGAIN)/,
    );
  });
});
