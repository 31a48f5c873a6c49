/** How messages get to the gateway. */
export interface Transport {
  /** @returns whether the gateway has taken it, once it says so */
  send(text: string): Promise<boolean>;
  close(): Promise<void>;
}
