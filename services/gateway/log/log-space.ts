/** The room that all logs of a gateway share: the size of their volume, less what file systems need themselves. */
export class LogSpace {
  private taken = 0;

  /** @param limit - bytes */
  constructor(readonly limit: number) {}

  get used(): number {
    return this.taken;
  }

  get isFull(): boolean {
    return this.taken >= this.limit;
  }

  /** @returns whether there was room */
  take(bytes: number): boolean {
    if (this.taken + bytes > this.limit) return false;
    this.taken += bytes;
    return true;
  }

  /** Takes what is in use anyway. */
  takeExisting(bytes: number): void {
    this.taken += bytes;
  }

  give(bytes: number): void {
    this.taken -= bytes;
  }
}
