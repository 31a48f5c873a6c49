/** A message that is written. */
export interface TextMessage {
  readonly key: string;
  readonly value: string;
}

/** Something that stays open. */
export interface Open {
  close(): Promise<void>;
}

/** A producer: every message is in all copies that are in sync, once, when `send` is done. */
export interface TestProducer extends Open {
  send(messages: readonly TextMessage[]): Promise<void>;
}

/** How messages go from one topic into another. */
export interface CopyOrder {
  readonly group: string;
  /** Name of the member: whoever has it again is the same, restarted. */
  readonly member: string;
  readonly from: string;
  readonly to: string;
}

/** What is compared of a client: the same for all. */
export interface ClientUnderTest {
  producer(topic: string): Promise<TestProducer>;
  /** Reads a topic from its beginning as a member of a new group. */
  read(topic: string, group: string, onMessages: (count: number) => void): Promise<Open>;
  /** Copies messages as a member of a group: each transaction holds messages and their positions. */
  copy(order: CopyOrder): Promise<Open>;
}
