import { execFile } from "node:child_process";
import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../user-error";
import { contentsOf } from "./ingredients";
import { runLogged } from "./logged-command";
import type { Kitchen, Recipe } from "./recipe";
import { compareVersions, formatVersion, parseVersion, type Version } from "./search-path";

const execute = promisify(execFile);

/** The newest Go release that one of the modules asks for in its go.mod. */
const neededGo: Version = [1, 26, 0];

/** The first Go release that fetches a newer one by itself when a module asks for it. */
const firstSelfUpdatingGo: Version = [1, 21, 0];

/** A program that is compiled from a Go module of this folder, with everything pinned by its go.sum. */
export interface GoProgram {
  /** Name of the recipe. */
  readonly name: string;
  /** Folder of the module in `go/`; it has the recipe's name by default. */
  readonly module?: string;
  /** Name of the executable if there is one package; that of the recipe by default. */
  readonly executable?: string;
  readonly title: string;
  /** Measured time of a build that starts from nothing, such as `3 min`. */
  readonly duration: string;
  /** Packages with main functions; the module itself by default. Several make an executable each, named after it. */
  readonly packages?: readonly string[];
  /** Build tags. */
  readonly tags?: readonly string[];
  /** Values for string variables that the linker sets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files of other modules that are copied beside the first package's sources, because it embeds them. */
  readonly files?: readonly { readonly module: string; readonly path: string }[];
  /** Further names of the executable. */
  readonly links?: readonly string[];
  readonly download?: Recipe["download"];
}

/** The recipe of a Go program. */
export function goProgram(program: GoProgram): Recipe {
  const sources = join(__dirname, "go", program.module ?? program.name);
  const executable = program.executable ?? program.name;
  const packages = program.packages ?? ["."];
  const args = [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    "-v",
    "-ldflags",
    linkerFlags(program),
    ...tagFlags(program),
  ];
  return {
    name: program.name,
    title: program.title,
    method: `building from Go modules (about ${program.duration})`,
    needs: [],
    ingredients: async () => [
      ...args,
      ...packages,
      JSON.stringify([executable, program.files, program.links]),
      ...(await contentsOf(sources)),
    ],
    ...(program.download && { download: program.download }),
    make: async (kitchen) => {
      await checkGo();
      const directory = join(kitchen.scratch, program.name);
      await cp(sources, directory, { recursive: true });
      await copyFiles(program, join(directory, packages[0] ?? "."), kitchen);
      const output = packages.length === 1 ? join(kitchen.directory, executable) : `${kitchen.directory}/`;
      const environment = goEnvironment();
      await runLogged({
        program: "go",
        args: [...args, "-o", output, ...packages],
        log: kitchen.log,
        directory,
        environment,
      });
      for (const link of program.links ?? []) await symlink(executable, join(kitchen.directory, link));
    },
  };
}

function tagFlags(program: GoProgram): readonly string[] {
  return program.tags === undefined ? [] : ["-tags", program.tags.join(",")];
}

function linkerFlags(program: GoProgram): string {
  const variables = Object.entries(program.variables ?? {});
  return ["-s -w", ...variables.map(([name, value]) => `-X ${name}=${value}`)].join(" ");
}

/** Settings of the user's own Go projects that would change or break these builds are left out. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOOS: "", GOARCH: "" };
}

async function copyFiles(program: GoProgram, directory: string, kitchen: Kitchen): Promise<void> {
  const environment = goEnvironment();
  for (const { module, path } of program.files ?? []) {
    await runLogged({
      program: "go",
      args: ["mod", "download", module],
      log: kitchen.log,
      directory,
      environment,
    });
    const list = ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module];
    const { stdout } = await execute("go", list, { cwd: directory, env: environment });
    const source = join(stdout.trim(), path);
    await cp(source, join(directory, path.slice(path.lastIndexOf("/") + 1)));
  }
}

/** @throws UserError if Go is missing, or too old and not allowed to fetch a newer release of itself */
export async function checkGo(): Promise<void> {
  const wanted = `Go ${formatVersion(neededGo)} or newer is needed to build the tools that were not found ready-made`;
  let said: string;
  try {
    said = (await execute("go", ["env", "GOVERSION", "GOTOOLCHAIN"])).stdout;
  } catch {
    throw new UserError(`${wanted}, and there is no \`go\` on the PATH. Install it from https://go.dev/dl/.`);
  }
  const [release = "", toolchain = ""] = said.trim().split("\n");
  const version = parseVersion(release);
  const updatesItself =
    toolchain !== "local" && version !== undefined && compareVersions(version, firstSelfUpdatingGo) >= 0;
  if (version === undefined || (compareVersions(version, neededGo) < 0 && !updatesItself)) {
    throw new UserError(
      `${wanted}, and \`go\` on the PATH is ${release}. Install a newer one from https://go.dev/dl/.`,
    );
  }
}
