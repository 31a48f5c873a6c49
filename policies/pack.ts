import { PolicyPack } from "@pulumi/policy";
import { rules } from "./index";
import { stackEnvironment } from "./rule/environment";

const environment = stackEnvironment();

new PolicyPack("algorun", {
  displayName: "AlgoRun",
  policies: rules.map((rule) => rule.policyFor(environment)),
});
