import eslint from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/**", ".local/**", "tests/golden/**"] },
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
