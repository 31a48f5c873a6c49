import { orderSchema, type Answer, type ClientName, type Order } from "./client-orders";
import type { ClientUnderTest } from "./client-under-test";
import { PlatformaticClient } from "./platformatic-client";
import { kafkajsClient } from "./kafkajs-client.cjs";
import { measureSpeed } from "./speed";

/* A client of Kafka in a process of its own, so that its memory and its end are its own. Told what to do by its parent. */

function say(answer: Answer): void {
  process.send?.(answer);
}

function clientOf(name: ClientName, login: Order["login"]): ClientUnderTest {
  if (name === "@platformatic/kafka") return new PlatformaticClient(login);
  return kafkajsClient(name, login);
}

async function obey(order: Order): Promise<void> {
  const client = clientOf(order.client, order.login);
  if (order.kind === "speed") {
    say({ kind: "speed", speed: await measureSpeed(client, order.topic, order.seconds) });
    return;
  }
  const copying = await client.copy(order);
  say({ kind: "copying" });
  process.on("SIGTERM", () => {
    void copying.close().finally(() => process.exit());
  });
}

process.on("message", (message) => {
  obey(orderSchema.parse(message)).catch((error: unknown) => {
    say({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  });
});
process.on("disconnect", () => {
  process.exit();
});
