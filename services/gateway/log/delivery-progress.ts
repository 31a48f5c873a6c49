/** Which records of a log are delivered: all before a number, and some after it. */
export class DeliveryProgress {
  private readonly later: Set<number>;
  private afterLast: number;
  /** One sample for each second, of the first record in it. */
  private readonly times: { readonly number: number; readonly timestamp: number }[] = [];

  constructor(
    private first: number,
    delivered: readonly number[] = [],
  ) {
    this.later = new Set(delivered.filter((number) => number >= first));
    this.afterLast = delivered.reduce((end, number) => Math.max(end, number + 1), first);
    this.advance();
  }

  /** The first record that is not delivered. */
  get next(): number {
    return this.first;
  }

  /** Delivered records after {@link next}. */
  get delivered(): readonly number[] {
    return [...this.later].sort((a, b) => a - b);
  }

  /** After all that are delivered. */
  get end(): number {
    return this.afterLast;
  }

  has(number: number): boolean {
    return number < this.first || this.later.has(number);
  }

  /** Records after {@link next} that are not delivered, of those before `end`. */
  missing(end: number): number {
    return Math.max(end - this.first - this.later.size, 0);
  }

  wasTaken(number: number, timestamp: number): void {
    const last = this.times.at(-1);
    if (last === undefined || timestamp - last.timestamp >= 1000) this.times.push({ number, timestamp });
  }

  wasDelivered(number: number): void {
    if (number < this.first) return;
    this.later.add(number);
    this.afterLast = Math.max(this.afterLast, number + 1);
    this.advance();
  }

  /** About when the first record was taken that is not delivered; undefined: all are. */
  oldest(end: number): number | undefined {
    return this.missing(end) === 0 ? undefined : this.times[0]?.timestamp;
  }

  private advance(): void {
    while (this.later.delete(this.first)) this.first += 1;
    for (
      let second = this.times[1];
      second !== undefined && second.number <= this.first;
      second = this.times[1]
    ) {
      this.times.shift();
    }
  }
}
