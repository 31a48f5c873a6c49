import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { OutputConfig, RunnerConfig } from "../runner-config";
import { runProgram } from "./child-process";
import { collectBytes, collectFile } from "./collect";
import type { Execution, Executor, Produced } from "./executor";
import { asFlags } from "./parameters";
import { fileOutputs, isRead, placeOf, producedFiles } from "./produced-files";
import { safeFileName } from "./run-folders";

/** Runs the algo's program once for each message. */
export class ExecutableExecutor implements Executor {
  constructor(
    private readonly config: Pick<RunnerConfig, "entrypoint" | "outputs" | "timeoutSeconds">,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  ready(): Promise<void> {
    return Promise.resolve();
  }

  async execute(execution: Execution): Promise<readonly Produced[]> {
    const { input, payload, parameters, folders, signal } = execution;
    const { entrypoint, outputs, timeoutSeconds } = this.config;
    const needsFolders = input.delivery !== "StdIn" || outputs.some(isInFile);
    if (needsFolders) await folders.make();
    const command = [
      ...entrypoint,
      ...asFlags(parameters),
      ...(await this.inputFlags(execution)),
      ...(await this.outputFlags(execution)),
    ];
    const stdin = input.delivery === "StdIn" ? await payload.open(signal) : undefined;
    const run = { command, environment: this.environment, stdin, timeoutMs: timeoutSeconds * 1000, signal };
    const stdout = await runProgram(run, async (stream): Promise<readonly Produced[]> => {
      const printed = outputs.filter(({ delivery }) => delivery === "StdOut").filter(isRead);
      const stored = join(folders.output, "stdout");
      if (printed.some(isInFile)) {
        await collectFile(stream, stored);
        return printed.map((output) => ({ output, content: { file: stored } }));
      }
      if (printed.length === 0) {
        stream.resume();
        return [];
      }
      const bytes = await collectBytes(stream);
      return printed.map((output) => ({ output, content: { bytes } }));
    });
    return [...stdout, ...(await producedFiles(outputs, folders))];
  }

  private async inputFlags({ input, payload, folders, signal }: Execution): Promise<readonly string[]> {
    if (input.delivery === "StdIn") return [];
    const { parameter } = input.fileParameter ?? {};
    const file = join(folders.input, safeFileName(payload.fileName, safeFileName(input.name, "input")));
    await payload.save(file, signal);
    return parameter === undefined || parameter === "" ? [file] : [parameter, file];
  }

  private async outputFlags({ folders }: Execution): Promise<readonly string[]> {
    const flags = fileOutputs(this.config.outputs).map(async (output) => {
      const place = placeOf(output, folders);
      if (output.delivery === "FolderParameter") await mkdir(place, { recursive: true });
      const { parameter } = output;
      return parameter === undefined || parameter === "" ? [place] : [parameter, place];
    });
    return (await Promise.all(flags)).flat();
  }
}

function isInFile({ delivery, messageDataType }: OutputConfig): boolean {
  return delivery !== "StdOut" || messageDataType === "FileReference";
}
