import { readEnvironment, type Environment } from "@algorun/common";
import { z } from "zod";
import type { Patience } from "./deliver/patience";

/** A receiver's circuit is tried so long after it opened. */
const halfOpenMs = 2_000;
/** An answer is awaited less long than the pod is given to end (30 s), since what is on its way may arrive. */
const longestAnswerSeconds = 20;

function seconds(most: number, standard: number) {
  const expected = `expected seconds, more than 0 and at most ${most}`;
  return z.coerce.number(expected).positive(expected).max(most, expected).default(standard);
}

const schema = z.object({
  HOOK_ANSWER_SECONDS: seconds(longestAnswerSeconds, longestAnswerSeconds),
  HOOK_GIVE_UP_SECONDS: seconds(7 * 86_400, 600),
});

/**
 * How patient the environment says that a hook is: `HOOK_ANSWER_SECONDS` for an answer, `HOOK_GIVE_UP_SECONDS` until a
 * message goes to the dead letters.
 *
 * @throws ConfigError that names what is wrong
 */
export function patienceOf(environment: Environment): Patience {
  const { HOOK_ANSWER_SECONDS: answer, HOOK_GIVE_UP_SECONDS: giveUp } = readEnvironment(schema, environment);
  return {
    answerMs: answer * 1000,
    giveUpMs: giveUp * 1000,
    firstBackoffMs: 500,
    longestBackoffMs: 60_000,
    halfOpenMs,
  };
}
