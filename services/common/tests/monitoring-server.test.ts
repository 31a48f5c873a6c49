import assert from "node:assert/strict";
import { createMetrics, MonitoringServer } from "@algorun/common";

describe("A service's monitoring", () => {
  let reason: string | undefined;
  const server = new MonitoringServer({
    metrics: createMetrics({ deployment: "acme.shout" }),
    health: () => reason,
    ready: () => {
      if (reason === "broken") throw new Error("the check itself fails");
      return reason;
    },
  });
  let address: string;

  before(async () => {
    address = `http://127.0.0.1:${await server.listen({ host: "127.0.0.1", port: 0 })}`;
  });

  after(() => server.close());

  const answer = async (path: string): Promise<readonly [number, string]> => {
    const response = await fetch(`${address}${path}`);
    return [response.status, await response.text()];
  };

  it("says whether it is well, and why not", async () => {
    reason = undefined;
    assert.deepEqual(await answer("/health"), [200, '{"status":"ok"}']);
    reason = "no broker";
    assert.deepEqual(await answer("/health?verbose"), [503, '{"status":"unavailable","reason":"no broker"}']);
    assert.equal((await answer("/ready"))[0], 503);
  });

  it("answers also when a check fails, and when it is asked for something else", async () => {
    reason = "broken";
    assert.equal((await answer("/ready"))[0], 500);
    assert.equal((await answer("/"))[0], 404);
  });

  it("has Node's metrics, with the labels of the service", async () => {
    const [status, text] = await answer("/metrics");
    assert.equal(status, 200);
    assert.match(text, /process_resident_memory_bytes\{deployment="acme.shout"\} \d+/);
  });
});
