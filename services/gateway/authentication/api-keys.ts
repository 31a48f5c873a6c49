import { createHash, timingSafeEqual } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "@algorun/common";
import { GatewayProblem } from "../intake/gateway-problem";
import type { Authentication } from "./authentication";

/** The kubelet needs up to a minute until a changed Secret is in the pod: two seconds more are not noticed. */
const rereadMs = 2_000;
const digestPattern = /^[0-9a-f]{64}$/i;

/** Callers who have a key, of which the gateway knows the SHA-256: a file for each caller. */
export class ApiKeys implements Authentication {
  readonly header: string;
  readonly challenge: string;
  private readonly folder: string;
  private readonly timer: NodeJS.Timeout;
  private digests: readonly Buffer[] = [];
  private files = "";

  constructor(
    { header, folder }: { readonly header: string; readonly folder: string },
    private readonly logger: Logger,
  ) {
    this.header = header;
    this.challenge = `ApiKey header="${header}"`;
    this.folder = folder;
    this.read();
    this.timer = setInterval(() => {
      this.read();
    }, rereadMs);
    this.timer.unref();
  }

  check(key: string | undefined): Promise<void> {
    const digest = createHash("sha256")
      .update(key ?? "")
      .digest();
    // All are compared, each in constant time: how long it takes tells nothing of whose key it nearly was.
    let known = 0;
    for (const other of this.digests) known |= Number(timingSafeEqual(digest, other));
    if (known === 1 && key !== undefined && key !== "") return Promise.resolve();
    const detail =
      key === undefined ? `expected a key in ${this.header}` : `the key in ${this.header} is not valid`;
    return Promise.reject(new GatewayProblem("unauthenticated", detail));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private read(): void {
    try {
      // The kubelet's own entries begin with two dots.
      const callers = readdirSync(this.folder).filter((name) => !name.startsWith(".."));
      const texts = callers
        .sort()
        .map((caller) => [caller, readFileSync(join(this.folder, caller), "utf8").trim()] as const);
      const files = JSON.stringify(texts);
      if (files === this.files) return;
      this.files = files;
      const broken = texts.filter(([, text]) => !digestPattern.test(text)).map(([caller]) => caller);
      if (broken.length > 0)
        this.logger.error(
          { callers: broken },
          "not the SHA-256 of a key in hexadecimal: these callers are not let in",
        );
      this.digests = texts
        .filter(([, text]) => digestPattern.test(text))
        .map(([, text]) => Buffer.from(text, "hex"));
      this.logger.info({ callers: this.digests.length }, "callers' keys were read");
    } catch (error) {
      // In the middle of an exchange, or gone: what was known counts until it can be read again.
      this.logger.error({ err: error }, "callers' keys can't be read");
    }
  }
}
