/** What was sent under one trace id, and what is expected of it. */
interface Sent {
  readonly path: string;
  messages: number;
  /** Deliveries that each message leads to, by webhook. */
  readonly routes: Readonly<Record<string, number>>;
}

/** What became of all that was sent by a path. */
export interface PathAccount {
  readonly path: string;
  readonly sent: number;
  readonly expected: number;
  readonly delivered: number;
  /** Deliveries of what the receiver had already: it knows them again by their `webhook-id`. */
  readonly doubled: number;
  readonly lost: number;
}

/** Counts what was sent and what was delivered, by the trace id that goes with a message through the whole pipeline. */
export class DeliveryAccount {
  private readonly sent = new Map<string, Sent>();
  private readonly ids = new Map<string, Map<string, number>>();

  /** A message was taken by the endpoint. */
  send(traceID: string, path: string, routes: Readonly<Record<string, number>>): void {
    const known = this.sent.get(traceID);
    if (known === undefined) this.sent.set(traceID, { path, messages: 1, routes });
    else known.messages += 1;
  }

  /** A message was not taken after all. */
  withdraw(traceID: string): void {
    const known = this.sent.get(traceID);
    if (known !== undefined && known.messages > 1) known.messages -= 1;
    else this.sent.delete(traceID);
  }

  /** A webhook was called with a message. */
  deliver(traceID: string, webhook: string, id: string): void {
    const key = JSON.stringify([traceID, webhook]);
    const ids = this.ids.get(key) ?? new Map<string, number>();
    ids.set(id, (ids.get(id) ?? 0) + 1);
    this.ids.set(key, ids);
  }

  /** By path, sorted; what was delivered of nothing that is known here counts nowhere: it is of an earlier run. */
  paths(): readonly PathAccount[] {
    const accounts = new Map<string, PathAccount>();
    for (const [traceID, { path, messages, routes }] of this.sent) {
      const before = accounts.get(path) ?? { path, sent: 0, expected: 0, delivered: 0, doubled: 0, lost: 0 };
      const sums = Object.entries(routes).map(([webhook, count]) => {
        const counts = [...(this.ids.get(JSON.stringify([traceID, webhook]))?.values() ?? [])];
        const expected = messages * count;
        const doubled =
          counts.reduce((sum, times) => sum + times - 1, 0) + Math.max(0, counts.length - expected);
        const delivered = Math.min(counts.length, expected);
        return { expected, delivered, doubled, lost: expected - delivered };
      });
      const total = (key: "expected" | "delivered" | "doubled" | "lost"): number =>
        sums.reduce((sum, each) => sum + each[key], before[key]);
      accounts.set(path, {
        path,
        sent: before.sent + messages,
        expected: total("expected"),
        delivered: total("delivered"),
        doubled: total("doubled"),
        lost: total("lost"),
      });
    }
    return [...accounts.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}
