import { cpSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../local/process/run";
import type { EngineEnvironment } from "../engine/engine-environment";
import { ProcessGroup } from "../software/process-group";
import { smallDisk } from "../software/small-disk";
import type { TypedCommand } from "./typed-command";

const mebibytes = 64;

/** A disk for the state of a stack that can become full, and be given space again. */
export class StateDisk {
  private constructor(
    private readonly group: ProcessGroup,
    private readonly folder: string,
    /** Put before a command so that it sees the disk. */
    readonly wrapper: readonly string[],
    private readonly isReal: boolean,
    /** What it is, for who reads what came of a test. */
    readonly kind: string,
  ) {}

  /** Puts the state of an environment's stacks onto a disk of its own, where the machine permits that. */
  static async of({ environment }: EngineEnvironment): Promise<StateDisk> {
    const group = new ProcessGroup();
    const folder = environment.layout.pulumiState;
    const small = await smallDisk(group, folder, mebibytes);
    const { isReal, kind } = small;
    const disk = new StateDisk(group, folder, isReal ? small.wrapper : [], isReal, isReal ? kind : limitKind);
    if (isReal) {
      cpSync(folder, disk.outside, { recursive: true });
      await disk.inside("cp", "--archive", `${disk.outside}/.`, folder);
    }
    return disk;
  }

  /** Leaves no space for what a command writes from now on. */
  async fill({ pid }: TypedCommand): Promise<void> {
    if (this.isReal) await this.inside("sh", "-c", 'cat /dev/zero >"$1" 2>&- || true', "sh", this.filler);
    else await run("prlimit", ["--pid", `${pid}`, "--fsize=4096:4096"]);
  }

  /** Makes space again: puts the state back to where it was. */
  async free(): Promise<void> {
    if (this.isReal) {
      rmSync(this.outside, { recursive: true });
      await this.inside("rm", "--force", this.filler);
      await this.inside("cp", "--archive", this.folder, this.outside);
      await this.group.stopAll();
      rmSync(this.folder, { recursive: true });
      renameSync(this.outside, this.folder);
    }
  }

  private get filler(): string {
    return join(this.folder, "filler");
  }

  private get outside(): string {
    return `${this.folder}.outside`;
  }

  private async inside(...[program = "", ...args]: readonly string[]): Promise<void> {
    const [first = program, ...rest] = [...this.wrapper, program, ...args];
    await run(first, rest);
  }
}

const limitKind = "a limit on the size of files (EFBIG): there are no namespaces here";
