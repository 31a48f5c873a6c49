import { spawn } from "node:child_process";
import { processTable, type ProcessEntry } from "../../local/process/process-table";
import { cpuTime, residentMemory } from "../../local/process/process-usage";

/** The programs that a run of the engine consists of. */
export const roles = ["engine", "program", "providers"] as const;
export type Role = (typeof roles)[number];

/** A value for each role. */
export function byRole<Value>(value: (role: Role) => Value): Readonly<Record<Role, Value>> {
  return { engine: value("engine"), program: value("program"), providers: value("providers") };
}

/** What a run has taken. */
export interface RunFigures {
  /** Wall time, in seconds. */
  readonly seconds: number;
  /** CPU time of each role, in seconds. */
  readonly cpu: Readonly<Record<Role, number>>;
  /** Most resident memory of all processes of a role at once, in MiB. */
  readonly memory: Readonly<Record<Role, number>>;
}

/** A command to run, and where. */
export interface MeasuredCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Pause between two looks at the processes, in milliseconds. What is used between the last look and an end is not seen. */
const sampleMs = 200;

/**
 * Runs a command to its end, and watches it and whatever it starts.
 *
 * @throws Error with the end of what it said, when it fails
 */
export async function measuredRun(command: MeasuredCommand): Promise<RunFigures> {
  const { program, args, cwd, env } = command;
  const startedAt = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  const watch = new RunWatch(child.pid ?? 0);
  const timer = setInterval(() => {
    watch.look();
  }, sampleMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0)
      throw new Error(
        `${program} ${args.join(" ")} ended with ${code}:\n${Buffer.concat(said).toString().slice(-4000)}`,
      );
    return { seconds: (performance.now() - startedAt) / 1000, ...watch.figures() };
  } finally {
    clearInterval(timer);
  }
}

class RunWatch {
  private readonly cpuOf = new Map<number, { readonly role: Role; readonly seconds: number }>();
  private readonly most: Record<Role, number> = { engine: 0, program: 0, providers: 0 };

  constructor(private readonly root: number) {}

  look(): void {
    const now: Record<Role, number> = { engine: 0, program: 0, providers: 0 };
    for (const entry of descendants(this.root)) {
      // One that is ending has no command any more.
      if (entry.command === "") continue;
      const role = roleOf(entry);
      now[role] += residentMemory(entry.pid) ?? 0;
      const seconds = cpuTime(entry.pid);
      if (seconds !== undefined) this.cpuOf.set(entry.pid, { role, seconds });
    }
    for (const role of roles) this.most[role] = Math.max(this.most[role], now[role]);
  }

  figures(): Pick<RunFigures, "cpu" | "memory"> {
    const cpu: Record<Role, number> = { engine: 0, program: 0, providers: 0 };
    for (const { role, seconds } of this.cpuOf.values()) cpu[role] += seconds;
    return { cpu, memory: this.most };
  }
}

/** The language host is the engine's, and compiles nothing; the program, which tsx has compiled by esbuild, is its child. */
function roleOf({ command }: ProcessEntry): Role {
  if (command.includes("pulumi-resource-")) return "providers";
  if (/^(\S*\/)?node \S*pulumi-language-/.test(command)) return "engine";
  return /^(\S*\/)?(node|esbuild)\b/.test(command) ? "program" : "engine";
}

function descendants(root: number): readonly ProcessEntry[] {
  const table = processTable();
  const found = table.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...table.filter(({ parent }) => parent === pid));
  return found;
}
