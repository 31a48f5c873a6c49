import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { images } from "../../components/images";
import { toolDefinitions } from "../../local/toolchain/definitions";
import { preparePulumiHome, type ProviderTools } from "../../local/toolchain/pulumi-home";
import { pulumiVersion } from "../../local/toolchain/pulumi-programs";
import { downloadPulumi } from "../../local/toolchain/pulumi-releases";
import type { Kitchen } from "../../local/toolchain/recipe";
import { TemporaryFolder, writeProgram } from "./fakes";

const toolchain = join(__dirname, "..", "..", "local", "toolchain");

describe("programs of Pulumi and Kafka", () => {
  const temporary = new TemporaryFolder();

  after(() => {
    temporary.remove();
  });

  describe("versions", () => {
    it("builds the engine in the version of the SDK", () => {
      const module = readFileSync(join(toolchain, "go", "pulumi-command", "go.mod"), "utf8");
      assert.equal(/github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(module)?.[1], pulumiVersion);
    });

    it("runs the Kafka that the image holds", () => {
      const { tag } = images.kafka;
      const jars = readFileSync(join(toolchain, "kafka", "jars.lock"), "utf8");
      assert.ok(jars.includes(`/kafka_2.13-${tag}.jar\n`));
      assert.equal(toolDefinitions.kafka.made?.version, tag);
    });
  });

  describe("PULUMI_HOME", () => {
    async function providers(folder: string): Promise<ProviderTools> {
      const path = await writeProgram(await temporary.folder(folder), "providers", `echo ${folder}`);
      const source = "cache" as const;
      return {
        "kubernetes-provider": { name: "kubernetes-provider", version: "4.0.0", path, source },
        "kafka-provider": { name: "kafka-provider", version: "3.0.0", path, source },
        "random-provider": { name: "random-provider", version: "2.0.0", path, source },
      };
    }

    function callKafka(home: string): string {
      const program = join(home, "plugins", "resource-kafka-v3.0.0", "pulumi-resource-kafka");
      return spawnSync(program, { encoding: "utf8" }).stdout;
    }

    it("holds each provider where the engine looks for it", async () => {
      const home = join(temporary.path, "home");
      await preparePulumiHome(home, await providers("first"));
      assert.deepEqual(readdirSync(join(home, "plugins")).sort(), [
        "resource-kafka-v3.0.0",
        "resource-kubernetes-v4.0.0",
        "resource-random-v2.0.0",
      ]);
      assert.equal(callKafka(home), "first\n");
    });

    it("has no room for the CLI's debug logs, unless somebody has made a folder for them", async () => {
      const home = join(temporary.path, "home");
      await preparePulumiHome(home, await providers("first"));
      assert.match(readFileSync(join(home, "logs"), "utf8"), /put a folder here/);
      rmSync(join(home, "logs"));
      mkdirSync(join(home, "logs"));
      await preparePulumiHome(home, await providers("first"));
      assert.deepEqual(readdirSync(join(home, "logs")), []);
    });

    it("has the newest build, and nothing beside it", async () => {
      const home = join(temporary.path, "home");
      await preparePulumiHome(home, await providers("first"));
      await preparePulumiHome(home, await providers("second"));
      await preparePulumiHome(home, await providers("second"));
      assert.equal(callKafka(home), "second\n");
      assert.deepEqual(readdirSync(join(home, "plugins", "resource-kafka-v3.0.0")), [
        "pulumi-resource-kafka",
      ]);
    });
  });

  describe("official release", () => {
    const processor = arch() === "arm64" ? "arm64" : "x64";
    const archive = `pulumi-v1.2.3-${platform()}-${processor}.tar.gz`;
    let server: Server;
    let releases: string;
    let checksums: string;
    let content: Buffer;

    before(async () => {
      const folder = join(temporary.path, "release");
      for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-language-go"]) {
        await writeProgram(join(folder, "pulumi"), name, `echo ${name}`);
      }
      const file = join(temporary.path, archive);
      assert.equal(spawnSync("tar", ["-czf", file, "-C", folder, "pulumi"]).status, 0);
      content = readFileSync(file);
      server = createServer((request, response) => {
        if (request.url === `/sdk/${archive}`) response.end(content);
        else if (request.url === "/sdk/pulumi-1.2.3-checksums.txt") response.end(checksums);
        else response.writeHead(404).end();
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      assert.ok(address !== null && typeof address === "object");
      releases = `http://127.0.0.1:${address.port}`;
    });

    beforeEach(() => {
      checksums = `${createHash("sha256").update(content).digest("hex")}  ${archive}\n`;
    });

    after(() => {
      server.closeAllConnections();
      server.close();
    });

    async function kitchen(name: string): Promise<Kitchen> {
      const [directory, scratch] = [
        await temporary.folder(`${name}/result`),
        await temporary.folder(`${name}/scratch`),
      ];
      return { directory, scratch, log: join(temporary.path, name, "log"), needs: {} };
    }

    const programs = ["pulumi", "pulumi-language-nodejs"];

    it("is unpacked, as far as it is needed", async () => {
      const used = await kitchen("good");
      assert.equal(await downloadPulumi("1.2.3", programs, used, releases), true);
      assert.deepEqual(readdirSync(used.directory).sort(), programs);
      assert.equal(spawnSync(join(used.directory, "pulumi"), { encoding: "utf8" }).stdout, "pulumi\n");
    });

    it("is not used if its checksum is another one", async () => {
      checksums = `${"0".repeat(64)}  ${archive}\n`;
      const used = await kitchen("tampered");
      assert.equal(await downloadPulumi("1.2.3", programs, used, releases), false);
      assert.equal(existsSync(join(used.directory, "pulumi")), false);
      assert.match(readFileSync(used.log, "utf8"), /^No official release: .* expected 0{64}$/m);
    });

    it("is done without if there is none", async () => {
      const used = await kitchen("none");
      assert.equal(await downloadPulumi("9.9.9", programs, used, releases), false);
      assert.match(readFileSync(used.log, "utf8"), /HTTP status 404/);
    });
  });
});
