import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { choosePorts, isFree } from "../../local/process/ports";
import { TemporaryLayout } from "./temporary-layout";

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

describe("ports of an environment", () => {
  const temporary = new TemporaryLayout();
  const neighbour = new TemporaryLayout();
  const servers: Server[] = [];

  after(async () => {
    for (const server of servers) server.close();
    await temporary.remove();
    await neighbour.remove();
  });

  it("are free, and different for each purpose", async () => {
    const ports = Object.values(await choosePorts(temporary.layout));
    assert.equal(new Set(ports).size, ports.length);
    for (const port of ports) assert.equal(await isFree(port), true);
  });

  it("stay the same from start to start", async () => {
    assert.deepEqual(await choosePorts(temporary.layout), await choosePorts(temporary.layout));
  });

  it("move away from a port that another program took, and only that one", async () => {
    const before = await choosePorts(temporary.layout);
    servers.push(await listen(before.kafka));
    const after = await choosePorts(temporary.layout);
    assert.notEqual(after.kafka, before.kafka);
    assert.equal(await isFree(after.kafka), true);
    assert.deepEqual({ ...after, kafka: 0 }, { ...before, kafka: 0 });
  });

  it("do not clash with those of a second environment that has not started yet either", async () => {
    const first = Object.values(await choosePorts(temporary.layout));
    const second = Object.values(await choosePorts(neighbour.layout));
    assert.deepEqual(
      second.filter((port) => first.includes(port)),
      [],
    );
  });
});
