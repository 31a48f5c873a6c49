/** What was sent under one trace id, and what is expected of it. */
interface Sent {
  readonly path: string;
  messages: number;
  /** Deliveries that each message leads to, by webhook. */
  readonly routes: Deliveries;
}

/** What became of all that was sent by a path. */
export interface PathAccount {
  readonly path: string;
  readonly sent: number;
  readonly expected: number;
  readonly delivered: number;
  /** Deliveries of what the receiver had already: it knows them again by their `webhook-id`. */
  readonly doubled: number;
  /** Deliveries that will not be, since a message on the way to them was given up and lies with the dead letters. */
  readonly deadLetters: number;
  /** Deliveries of which nothing is known. */
  readonly lost: number;
}

/** Deliveries by webhook. */
export type Deliveries = Readonly<Record<string, number>>;

/** One webhook, and all that has the same trace id. */
function keyOf(traceID: string, webhook: string): string {
  return JSON.stringify([traceID, webhook]);
}

/** Counts what was sent and what was delivered, by the trace id that goes with a message through the whole pipeline. */
export class DeliveryAccount {
  private readonly sent = new Map<string, Sent>();
  private readonly ids = new Map<string, Map<string, number>>();
  private readonly givenUp = new Map<string, number>();

  /** A message was taken by the endpoint. */
  send(traceID: string, path: string, routes: Deliveries): void {
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
    const key = keyOf(traceID, webhook);
    const ids = this.ids.get(key) ?? new Map<string, number>();
    ids.set(id, (ids.get(id) ?? 0) + 1);
    this.ids.set(key, ids);
  }

  /** A message lies with the dead letters. */
  giveUp(traceID: string, deliveries: Deliveries): void {
    for (const [webhook, count] of Object.entries(deliveries)) {
      const key = keyOf(traceID, webhook);
      this.givenUp.set(key, (this.givenUp.get(key) ?? 0) + count);
    }
  }

  /** By path, sorted; what was delivered of nothing that is known here counts nowhere: it is of an earlier run. */
  paths(): readonly PathAccount[] {
    const accounts = new Map<string, PathAccount>();
    for (const [traceID, { path, messages, routes }] of this.sent) {
      const before = accounts.get(path) ?? { ...nothing, path };
      const parts = Object.entries(routes).map(([webhook, count]) =>
        this.partOf(keyOf(traceID, webhook), messages * count),
      );
      const sum = [{ ...nothing, sent: messages }, ...parts].reduce(added, before);
      accounts.set(path, { ...sum, path });
    }
    return [...accounts.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private partOf(key: string, expected: number): Counts {
    const counts = [...(this.ids.get(key)?.values() ?? [])];
    const again = counts.reduce((sum, times) => sum + times - 1, 0);
    const delivered = Math.min(counts.length, expected);
    const deadLetters = Math.min(this.givenUp.get(key) ?? 0, expected - delivered);
    return {
      sent: 0,
      expected,
      delivered,
      doubled: again + counts.length - delivered,
      deadLetters,
      lost: expected - delivered - deadLetters,
    };
  }
}

type Counts = Omit<PathAccount, "path">;

const nothing: Counts = { sent: 0, expected: 0, delivered: 0, doubled: 0, deadLetters: 0, lost: 0 };

function added(one: Counts, other: Counts): Counts {
  return {
    sent: one.sent + other.sent,
    expected: one.expected + other.expected,
    delivered: one.delivered + other.delivered,
    doubled: one.doubled + other.doubled,
    deadLetters: one.deadLetters + other.deadLetters,
    lost: one.lost + other.lost,
  };
}

/** All paths together. */
export function totalOf(accounts: readonly PathAccount[]): Counts {
  return accounts.reduce<Counts>(added, nothing);
}
