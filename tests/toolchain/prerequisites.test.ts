import assert from "node:assert/strict";
import { join } from "node:path";
import { installDebianPackages } from "../../local/toolchain/debian-packages";
import { checkGo } from "../../local/toolchain/go-program";
import { runLogged } from "../../local/toolchain/logged-command";
import { TemporaryFolder, writeProgram } from "./fakes";

describe("prerequisites of a build", () => {
  const temporary = new TemporaryFolder();
  const path = process.env["PATH"];

  afterEach(() => {
    process.env["PATH"] = path;
  });

  after(() => {
    temporary.remove();
  });

  /** Puts a `go` of a release on the PATH, alone. */
  async function useGo(release: string, toolchain: string): Promise<void> {
    const folder = await temporary.folder(`${release} ${toolchain}`);
    await writeProgram(folder, "go", `echo ${release}; echo ${toolchain}`);
    process.env["PATH"] = folder;
  }

  it("says so if there is no Go", async () => {
    process.env["PATH"] = await temporary.folder("empty");
    await assert.rejects(
      checkGo(),
      /^UserError: Go 1\.26\.0 or newer is needed to build .*, and there is no `go` on the PATH\. Install it from/,
    );
  });

  it("says so if Go is too old", async () => {
    await useGo("go1.19.8", "auto");
    await assert.rejects(checkGo(), /and `go` on the PATH is go1\.19\.8\. Install a newer one/);
    await useGo("go1.25.3", "local");
    await assert.rejects(checkGo(), /and `go` on the PATH is go1\.25\.3\./);
  });

  it("is content with a Go that is new enough or fetches what a module asks for", async () => {
    await useGo("go1.26.0", "local");
    await checkGo();
    await useGo("go1.24.1", "auto");
    await checkGo();
  });

  it("names the packages to install where there is no apt-get", async () => {
    process.env["PATH"] = await temporary.folder("empty");
    await assert.rejects(
      installDebianPackages(["nginx", "redis-server"], join(temporary.path, "log")),
      /^UserError: Programs of these packages are needed .*: nginx, redis-server\. .*`sudo apt-get install/,
    );
  });

  it("installs packages for one command at a time", async () => {
    const folder = await temporary.folder("installing");
    const busy = join(folder, "busy");
    // As apt-get does, it fails when another one is at work.
    const install = `mkdir "${busy}" || exit 100; i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; rmdir "${busy}"`;
    await writeProgram(folder, "apt-get", install);
    await writeProgram(folder, "sudo", 'shift; exec "$@"');
    process.env["PATH"] = `${folder}:${path ?? ""}`;
    const installing = ["nginx", "ffmpeg", "curl"].map((name) =>
      installDebianPackages([name], join(folder, `${name}.log`)),
    );
    await Promise.all(installing);
  });

  it("shows the end of the log of a program that fails", async () => {
    const folder = await temporary.folder("failing");
    const program = await writeProgram(
      folder,
      "compile",
      'for i in $(seq 30); do echo "line $i"; done; exit 3',
    );
    const log = join(folder, "log");
    await assert.rejects(runLogged({ program, args: ["all"], log }), (error) => {
      assert.ok(error instanceof Error);
      const [first, ...lines] = error.message.split("\n");
      assert.equal(first, `\`${program} all\` failed (exit code 3). The end of ${log}:`);
      assert.deepEqual([lines[0], lines.at(-1)], ["  | line 11", "  | line 30"]);
      return true;
    });
  });

  it("names a program that can't be started", async () => {
    const log = join(await temporary.folder("absent"), "log");
    await assert.rejects(
      runLogged({ program: "no-such-program", args: [], log }),
      /spawn no-such-program ENOENT/,
    );
  });
});
