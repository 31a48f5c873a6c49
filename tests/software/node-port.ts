import { connect, createServer, type Server, type Socket } from "node:net";

/** A port of a node that leads to a pod's, as kube-proxy makes it for a Service of type NodePort. */
export class NodePort {
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly address: string,
    private readonly server: Server,
  ) {}

  /**
   * Opens it on the loopback address.
   *
   * @param target - the pod's address and port
   */
  static async open(
    port: number,
    target: { readonly host: string; readonly port: number },
  ): Promise<NodePort> {
    const server = createServer();
    const opened = new NodePort(`127.0.0.1:${port}`, server);
    server.on("connection", (client) => {
      opened.lead(client, connect(target));
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return opened;
  }

  private lead(client: Socket, pod: Socket): void {
    for (const [from, to] of [
      [client, pod],
      [pod, client],
    ] as const) {
      this.sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
    }
  }

  /** Closes it, and all that it leads. */
  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
