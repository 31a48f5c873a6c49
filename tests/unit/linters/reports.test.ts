import assert from "node:assert/strict";
import { findingText, sortedFindings } from "../../../linters/finding";
import { kubeLinter } from "../../../linters/kube-linter";
import { kubeScore } from "../../../linters/kube-score";
import { polaris } from "../../../linters/polaris";

const advice = 'container "web" is privileged';

/** A finding of kube-linter as version 0.8.3 writes it. */
function kubeLinterEntry(name: string, message: string): object {
  return {
    Diagnostic: { Message: message },
    Check: "privileged-container",
    Remediation: "Do not run your container as privileged\nunless it is required.",
    Object: {
      Metadata: { FilePath: "/tmp/manifests/namespace-shop.yaml" },
      K8sObject: {
        Namespace: name === "" ? "" : "shop",
        Name: name,
        GroupVersionKind: { Group: "apps", Version: "v1", Kind: name === "" ? "" : "Deployment" },
      },
    },
  };
}

function kubeLinterFindings(reports: readonly object[] | null): readonly string[] {
  const report = {
    Checks: [{ name: "privileged-container" }],
    Reports: reports,
    Summary: { ChecksStatus: "Failed" },
  };
  return kubeLinter.findings(JSON.stringify(report)).map(findingText);
}

describe("a report of kube-linter", () => {
  it("is read with object, container and remedy on one line", () => {
    assert.deepEqual(
      kubeLinterFindings([kubeLinterEntry("till", advice), kubeLinterEntry("till", "no budget.")]),
      [
        'kube-linter privileged-container: Deployment shop/till container web: container "web" is privileged. Do not run your container as privileged unless it is required',
        "kube-linter privileged-container: Deployment shop/till: no budget. Do not run your container as privileged unless it is required",
      ],
    );
  });

  it("may be empty, which it writes as null", () => {
    assert.deepEqual(kubeLinterFindings(null), []);
  });

  it("names the file where an object can't be read", () => {
    assert.deepEqual(kubeLinterFindings([kubeLinterEntry("", "failed to decode")]), [
      "kube-linter privileged-container: file namespace-shop.yaml: failed to decode. Do not run your container as privileged unless it is required",
    ]);
  });

  it("is refused when it is of another shape, rather than taken for empty", () => {
    assert.throws(() => kubeLinter.findings('{"reports": []}'), /Reports/);
    assert.throws(() => kubeLinter.findings("no valid objects found"), SyntaxError);
  });
});

interface KubeScoreCheck {
  readonly id: string;
  readonly grade: number;
  readonly skipped?: boolean;
  readonly target?: string;
  readonly comments?: readonly {
    readonly path: string;
    readonly summary: string;
    readonly description: string;
  }[];
}

/** A report of kube-score on one Deployment, as version 1.20.0 writes it. */
function kubeScoreFindings(checks: readonly KubeScoreCheck[] | null): readonly string[] {
  const scored = {
    object_name: "Deployment/apps/v1/shop/till",
    type_meta: { kind: "Deployment", apiVersion: "apps/v1" },
    object_meta: { name: "till", namespace: "shop", creationTimestamp: null },
    checks:
      checks?.map(({ id, grade, skipped = false, target = "Pod", comments }) => ({
        check: { name: "A check", id, target_type: target, comment: "Makes sure of it", optional: false },
        grade,
        skipped,
        comments: comments ?? null,
      })) ?? null,
    file_name: "/tmp/manifests/namespace-shop.yaml",
    file_row: 1,
  };
  return kubeScore("1.34")
    .findings(JSON.stringify([scored]))
    .map(findingText);
}

describe("a report of kube-score", () => {
  it("has a finding for each comment of a check that is critical or warns", () => {
    const low = { path: "web", summary: "CPU limit is not set", description: "Set resources.limits.cpu" };
    const probes = { path: "", summary: "Same probes", description: "" };
    assert.deepEqual(
      kubeScoreFindings([
        { id: "container-resources", grade: 1, comments: [low, { ...low, path: "side" }] },
        { id: "pod-probes-identical", grade: 5, comments: [probes] },
      ]),
      [
        "kube-score container-resources: Deployment shop/till container web: CPU limit is not set. Set resources.limits.cpu",
        "kube-score container-resources: Deployment shop/till container side: CPU limit is not set. Set resources.limits.cpu",
        "kube-score pod-probes-identical: Deployment shop/till: Same probes",
      ],
    );
  });

  it("has none for a check that passed, or that was skipped whatever its grade", () => {
    const comments = [{ path: "", summary: "Skipped because there is one replica", description: "" }];
    assert.deepEqual(
      kubeScoreFindings([
        { id: "pod-networkpolicy", grade: 10 },
        { id: "deployment-replicas", grade: 1, skipped: true, comments },
      ]),
      [],
    );
  });

  it("says what the check is for where it has no comment", () => {
    assert.deepEqual(kubeScoreFindings([{ id: "deployment-replicas", grade: 5, target: "Deployment" }]), [
      "kube-score deployment-replicas: Deployment shop/till: Makes sure of it",
    ]);
  });

  it("takes no label for a container", () => {
    const comments = [{ path: "team", summary: "Invalid label value", description: "" }];
    assert.deepEqual(kubeScoreFindings([{ id: "label-values", grade: 1, target: "all", comments }]), [
      "kube-score label-values: Deployment shop/till: team. Invalid label value",
    ]);
  });

  it("may be empty, which it writes as null", () => {
    assert.deepEqual(kubeScoreFindings(null), []);
    assert.deepEqual(kubeScore("1.34").findings("null"), []);
  });

  it("is refused when it is of another shape", () => {
    assert.throws(() => kubeScore("1.34").findings('{"checks": []}'), /array/);
  });
});

/** A result of Polaris as version 10.1.7 writes it. */
function polarisResult(id: string, success: boolean, details: readonly string[] | null = null): object {
  const result = { ID: id, Message: `about ${id}`, Details: details, Success: success, Severity: "warning" };
  return { [id]: { ...result, Category: "Reliability", Mutations: null } };
}

describe("a report of Polaris", () => {
  it("is read at the object, at its pod and at its containers", () => {
    const report = {
      PolarisOutputVersion: "1.0",
      Results: [
        { Name: "till", Namespace: "shop", Kind: "ConfigMap", Results: {}, PodResult: null },
        {
          Name: "till",
          Namespace: "shop",
          Kind: "Deployment",
          Results: {
            ...polarisResult("deploymentMissingReplicas", false),
            ...polarisResult("hostPathSet", true),
          },
          PodResult: {
            Name: "",
            Results: polarisResult("priorityClassNotSet", false, ["first", "second"]),
            ContainerResults: [
              { Name: "web", Results: polarisResult("cpuLimitsMissing", false) },
              { Name: "side", Results: polarisResult("cpuLimitsMissing", true) },
            ],
          },
        },
        {
          Name: "reader",
          Namespace: "",
          Kind: "ClusterRole",
          Results: polarisResult("clusterrolePodExecAttach", false),
          PodResult: null,
        },
      ],
      Score: 90,
    };
    assert.deepEqual(polaris.findings(JSON.stringify(report)).map(findingText), [
      "polaris deploymentMissingReplicas: Deployment shop/till: about deploymentMissingReplicas",
      "polaris priorityClassNotSet: Deployment shop/till: about priorityClassNotSet. first. second",
      "polaris cpuLimitsMissing: Deployment shop/till container web: about cpuLimitsMissing",
      "polaris clusterrolePodExecAttach: ClusterRole reader: about clusterrolePodExecAttach",
    ]);
  });

  it("is refused when it is of another shape", () => {
    assert.throws(() => polaris.findings('{"Results": [{"Name": "till"}]}'), /Kind/);
  });
});

describe("findings", () => {
  it("are in one order, each once, however the linters give them", () => {
    const [first, second] = polaris.findings(
      JSON.stringify({
        Results: [
          {
            Name: "till",
            Namespace: "shop",
            Kind: "Deployment",
            Results: { ...polarisResult("a", false), ...polarisResult("b", false) },
            PodResult: null,
          },
        ],
      }),
    );
    assert.ok(first && second);
    assert.deepEqual(sortedFindings([second, first, second]), [first, second]);
  });
});
