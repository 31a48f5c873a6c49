import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFolders, layoutOf, type Layout } from "../../local/layout";
import { stopProcess } from "../../local/process/managed-process";

/** A state directory for one test, under a path that a careless program trips over. */
export class TemporaryLayout {
  readonly layout: Layout;
  private readonly root: string;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), "algorun-local-"));
    this.layout = layoutOf(join(this.root, 'it\'s a $HOME "dir"'));
    createFolders(this.layout);
  }

  /** Ends the processes of these names and removes everything. */
  async remove(...names: readonly string[]): Promise<void> {
    for (const name of names) await stopProcess(this.layout, name);
    rmSync(this.root, { recursive: true, force: true });
  }
}
