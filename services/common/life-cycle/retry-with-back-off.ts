import { ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from "cockatiel";

/** How long is waited between attempts: a random time up to a limit that doubles from attempt to attempt. */
export interface BackOff {
  /** All attempts, the first included. */
  readonly attempts: number;
  /** First limit. */
  readonly initialDelayMs: number;
  /** Greatest limit. */
  readonly maxDelayMs: number;
  /** Whether another attempt may help. @default after every error */
  readonly isTransient?: (error: Error) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Does something again until it succeeds. Delays are random over their whole length, so that the instances of a service
 * don't come back all at once.
 *
 * @throws the error of the last attempt
 */
export async function retryWithBackOff<Result>(
  work: () => Promise<Result>,
  backOff: BackOff,
): Promise<Result> {
  const { attempts, initialDelayMs, maxDelayMs, isTransient = () => true, signal } = backOff;
  const policy = retry(handleWhen(isTransient), {
    maxAttempts: attempts - 1,
    backoff: new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: initialDelayMs,
      maxDelay: maxDelayMs,
    }),
  });
  return await policy.execute(work, signal);
}
