import * as pulumi from "@pulumi/pulumi";

/**
 * Hands things to the engine a number at a time: what Pulumi's SDK keeps of a resource takes four times as much memory while
 * the engine has not answered for it.
 */
export class RegistrationWindow {
  private open = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param size - how many things the engine may be busy with */
  constructor(private readonly size: number) {}

  /**
   * Makes something once there is room for it, in the order of the calls.
   *
   * @param make - makes it, and hands it to the engine
   * @param last - the resources of it that are registered last: the next has its room when these are, or have failed
   */
  async make<Made>(
    make: () => Made,
    last: (made: Made) => readonly Pick<pulumi.Resource, "urn">[],
  ): Promise<Made> {
    await this.enter();
    const made = make();
    // Whoever needs a resource that failed is told so; here only its end counts.
    const ends = last(made).map(({ urn }) => pulumi.recover(urn, () => ""));
    pulumi.all(ends).apply(() => {
      this.leave();
    });
    return made;
  }

  private async enter(): Promise<void> {
    if (this.open < this.size) this.open += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.open -= 1;
    else next();
  }
}
