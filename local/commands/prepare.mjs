// Runs before everything else, with nothing but Node itself: checks what a machine must have
// and installs the npm packages, unless they already are what package-lock.json says.
import { spawnSync } from "node:child_process";
import console from "node:console";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const project = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const oldestNode = [20, 19];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function installedAsLocked() {
  const installed = join(project, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const wanted = packagesIn(join(project, "package-lock.json"));
  const present = packagesIn(installed);
  // Optional packages are for other systems than this one, as often as not.
  return Object.entries(wanted).every(
    ([path, { optional, version }]) => path === "" || optional || present[path]?.version === version,
  );
}

function packagesIn(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  fail(
    `Node.js ${oldestNode.join(".")} or newer is needed, and this is ${process.versions.node}: see https://nodejs.org.`,
  );
}
if (spawnSync("git", ["--version"]).error)
  fail("git is needed and is not on the PATH: install it with the system's package manager.");

if (!installedAsLocked()) {
  console.error("Installing npm packages");
  // npm's own report goes to standard error: standard output belongs to the command that follows.
  // Of its warnings, those about the engines of packages would be taken for mistakes of the reader's.
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel", "error"], {
    cwd: project,
    stdio: ["ignore", 2, 2],
  });
  if (npm.error) fail("npm is needed and is not on the PATH: it comes with Node.js.");
  if (npm.status !== 0) fail("The npm packages could not be installed; the reason is above.");
}
