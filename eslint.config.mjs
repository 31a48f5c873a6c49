import eslint from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/** Its index loads all services, which takes up to half a second; the folder of a service takes 2 ms. */
const wholeOfAws = {
  name: "@pulumi/aws",
  message: "Import the service alone: @pulumi/aws/s3, @pulumi/aws/rds, …",
};

/** The doors between the rooms go one way; ARCHITECTURE.md has the picture. */
function closedDoor(files, message, ...patterns) {
  return {
    files,
    rules: {
      "no-restricted-imports": ["error", { paths: [wholeOfAws], patterns: [{ group: patterns, message }] }],
    },
  };
}

const doors = [
  closedDoor(
    ["pipelines/model/**"],
    "The model knows no Pulumi.",
    "@pulumi/*",
    "**/components/**",
    "**/config",
  ),
  closedDoor(
    ["pipelines/observability/**"],
    "What is watched follows from the plan alone.",
    "@pulumi/*",
    "**/components/**",
    "**/config",
    "**/{commands,view}/**",
  ),
  closedDoor(
    ["pipelines/{commands,view}/**"],
    "What authors use needs no Pulumi: it must be quick.",
    "@pulumi/*",
    "**/components/**",
    "**/config",
    "**/plan-documents",
  ),
  closedDoor(
    ["components/workload/**"],
    "Workloads know no system.",
    ...["backend", "data", "frontend", "ingress", "pipeline"].map((room) => `../${room}/**`),
    "../platform",
    "**/config",
    "**/config/**",
  ),
  closedDoor(
    ["components/{backend,data,frontend,ingress}/**"],
    "A system knows no platform, no pipeline, and no config.",
    "**/pipeline/**",
    "**/platform",
    "**/config",
    "**/config/**",
  ),
  closedDoor(
    ["components/pipeline/**", "components/*.ts"],
    "Only index.ts reads config.",
    "**/config",
    "**/config/**",
  ),
  closedDoor(
    ["config/**"],
    "The schema of the config knows names of images, and nothing else of the components.",
    "**/components/*/**",
    "**/components/platform*",
    "../config",
  ),
  closedDoor(
    ["policies/**"],
    "The policies stand alone; only the names of config keys are known.",
    "**/components/**",
    "**/pipelines/**",
    "**/config/*",
    "!**/config/settings-schema",
  ),
  closedDoor(
    ["services/**"],
    "What runs in the pods knows no program that deploys it: its configuration is all that it is told.",
    "@pulumi/*",
    "**/components/**",
    "**/pipelines/**",
    "**/policies/**",
    "**/local/**",
    "**/config",
    // Another service is a package; only what all share, and what the gateway starts, is one to import.
    "**/{common,gateway,runner,hook-runner,media-ingest}/**",
    "@algorun/*",
    "!@algorun/common",
    "!@algorun/media-ingest",
  ),
  closedDoor(
    ["local/**"],
    "The environment knows no component, and nobody who uses it.",
    "**/components/**",
    "**/pipelines/**",
    "**/services/**",
    "**/demo/**",
  ),
  closedDoor(
    ["local/pods/**"],
    "Pods as processes know processes and folders, and nothing else of the environment.",
    "**/components/**",
    "**/pipelines/**",
    "**/services/**",
    "**/demo/**",
    "../{certificates,cluster,commands,kafka,stack,toolchain}/**",
    "../{connections,environment,processes,status,variables}",
  ),
  closedDoor(
    ["demo/**"],
    "The demo knows what is deployed, and what the services are told; not the program that deploys them.",
    "@pulumi/*",
    "**/components/**",
    "**/pipelines/*",
    "!**/pipelines/model",
    "**/policies/**",
    "**/config/*",
    "!**/config/connections-schema",
    "**/services/*/**",
    "!**/services/gateway",
    "!**/services/gateway/configuration",
    "!**/services/gateway/configuration/gateway-config",
    "!**/services/hook-runner",
    "!**/services/hook-runner/hook-config",
    "!**/services/runner",
    "!**/services/runner/runner-config",
  ),
];

export default tseslint.config(
  { ignores: ["node_modules/**", ".local/**", "tests/golden/*/**", "services/*/dist/**"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "off",
      "@typescript-eslint/consistent-type-assertions": [
        "error",
        { assertionStyle: "as", objectLiteralTypeAssertions: "never" },
      ],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      complexity: ["error", 15],
      eqeqeq: "error",
      "max-lines": ["error", { max: 300, skipBlankLines: false }],
      "no-console": "off",
    },
  },
  ...doors,
  {
    files: ["tests/**/*.ts"],
    // The harness is the one place that awaits outputs.
    ignores: ["tests/harness/**"],
    rules: {
      // mocha's describe and it return nothing to await; its callbacks are the test.
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [] }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='apply'][callee.object.type!='Super']",
          message:
            "An assertion inside an apply that nobody awaits can never fail: use settle() of the harness.",
        },
      ],
    },
  },
);
