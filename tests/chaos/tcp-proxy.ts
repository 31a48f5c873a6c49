import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { share } from "./moments";

/** What a proxy does to the connections that it leads. */
export interface Trouble {
  /** Longest time that a part of an answer is held back, in milliseconds. @default 0 */
  readonly delay?: number;
  /** Share of the parts of answers in whose place the connection is reset. @default 0 */
  readonly resets?: number;
}

/** A network between clients and a server on the loopback address, which can be as bad as a real one. */
export class TcpProxy {
  /** Connections that it has reset. */
  resets = 0;
  private trouble: Trouble = {};
  private connections = 0;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  /**
   * @param port - where it listens
   * @param target - port of the server
   * @param seed - decides which connections are troubled when
   */
  constructor(
    private readonly port: number,
    private readonly target: number,
    private readonly seed: string,
  ) {}

  /** Begins to listen. */
  async open(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      this.lead(client);
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(this.port, "127.0.0.1", resolve);
    });
  }

  /** Ends all connections, and refuses others from now on. */
  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** From now on connections have this trouble, those that are there included. */
  use(trouble: Trouble): void {
    this.trouble = trouble;
  }

  private lead(client: Socket): void {
    const server = connect({ port: this.target, host: "127.0.0.1", allowHalfOpen: true });
    this.connections += 1;
    const name = `${this.seed} ${this.connections}`;
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on("error", end).once("close", () => {
        this.sockets.delete(socket);
        end();
      });
    }
    client.pipe(server);
    void this.answer(server, client, name).catch(end);
  }

  /** Leads answers, part by part. */
  private async answer(server: Socket, client: Socket, name: string): Promise<void> {
    let passed = 0;
    for await (const part of server) {
      if (!Buffer.isBuffer(part)) continue;
      const { delay: longest = 0, resets = 0 } = this.trouble;
      if (longest > 0) await delay(longest * share(`${name} ${passed}`));
      if (share(`${name} reset at ${passed}`) < resets) {
        this.resets += 1;
        client.resetAndDestroy();
        return;
      }
      passed += part.length;
      client.write(part);
    }
    client.end();
  }
}
