import { commandWords } from "../workloads/command-words";
import { environmentName } from "../values/names";
import type { Executor, InputDelivery, OutputDelivery } from "../plan/plan";
import type { DocumentSource, PathStep, ProblemReport } from "./problem";
import type { AlgoInputSpec, AlgoOutputSpec, AlgoSpec } from "../schema/algo-schema";
import { oneOf } from "../values/text";

/** How messages reach and leave an algo, by executor. */
const deliveries: Readonly<
  Record<Executor, { readonly inputs: readonly InputDelivery[]; readonly outputs: readonly OutputDelivery[] }>
> = {
  Executable: {
    inputs: ["StdIn", "FileParameter", "FileArrayParameter"],
    outputs: ["StdOut", "FileParameter", "FolderParameter"],
  },
  http: { inputs: ["Http", "Https"], outputs: ["HttpResponse", "FileParameter", "FolderParameter"] },
  grpc: { inputs: ["Grpc"], outputs: ["HttpResponse", "FileParameter", "FolderParameter"] },
  Delegated: { inputs: ["KafkaTopic"], outputs: ["KafkaTopic"] },
};

/**
 * Reports what is wrong with an algo by itself, whoever uses it.
 *
 * @param at path of the spec in its document
 */
export function checkAlgo(
  spec: AlgoSpec,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): void {
  checkDeliveries(spec, source, at, report);
  checkVersions(spec, source, at, report);
  const nameOf = (item: { readonly name: string }): string => item.name;
  reportDuplicates(spec.inputs.map(nameOf), "input", source, [...at, "inputs"], report);
  reportDuplicates(spec.outputs.map(nameOf), "output", source, [...at, "outputs"], report);
  reportDuplicates(spec.parameters.map(nameOf), "parameter", source, [...at, "parameters"], report);
}

function checkDeliveries(
  spec: AlgoSpec,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): void {
  const { executor } = spec;
  spec.inputs.forEach((input, index) => {
    const path = [...at, "inputs", index];
    if (!deliveries[executor].inputs.includes(input.inputDeliveryType)) {
      const expected = oneOf(deliveries[executor].inputs);
      const message = `found ${JSON.stringify(input.inputDeliveryType)}, expected ${expected} for executor ${executor}`;
      report.error(source, [...path, "inputDeliveryType"], message);
    }
    for (const field of strayInputFields(input)) {
      const message = `has no effect with inputDeliveryType ${input.inputDeliveryType}; remove it`;
      report.error(source, [...path, field], message);
    }
    for (const { flat, nested, older, newer } of contradictions(input)) {
      const message = `found ${JSON.stringify(older)}, but ${nested} is ${JSON.stringify(newer)}; they are two forms of the same, keep one`;
      report.error(source, [...path, flat], message);
    }
  });
  spec.outputs.forEach((output, index) => {
    checkOutput(output, executor, source, [...at, "outputs", index], report);
  });
}

/** What the older flat form and the nested one say differently. */
function contradictions({ http, httpVerb, httpPort, httpPath }: AlgoInputSpec): readonly {
  readonly flat: string;
  readonly nested: string;
  readonly older?: string | number | undefined;
  readonly newer?: string | number | undefined;
}[] {
  return [
    { flat: "httpVerb", nested: "http.verb", older: httpVerb, newer: http?.verb },
    { flat: "httpPort", nested: "http.port", older: httpPort, newer: http?.port },
    { flat: "httpPath", nested: "http.path", older: httpPath, newer: http?.path },
  ].filter(({ older, newer }) => older !== undefined && newer !== undefined && older !== newer);
}

function checkOutput(
  output: AlgoOutputSpec,
  executor: Executor,
  source: DocumentSource,
  path: readonly PathStep[],
  report: ProblemReport,
): void {
  const delivery = output.outputDeliveryType;
  if (!deliveries[executor].outputs.includes(delivery)) {
    const expected = oneOf(deliveries[executor].outputs);
    const message = `found ${JSON.stringify(delivery)}, expected ${expected} for executor ${executor}`;
    report.error(source, [...path, "outputDeliveryType"], message);
  }
  if (output.parameter !== undefined && delivery !== "FileParameter" && delivery !== "FolderParameter") {
    report.error(
      source,
      [...path, "parameter"],
      `has no effect with outputDeliveryType ${delivery}; remove it`,
    );
  }
}

function strayInputFields(input: AlgoInputSpec): readonly string[] {
  const delivery = input.inputDeliveryType;
  const isHttp = delivery === "Http" || delivery === "Https";
  const isFile = delivery === "FileParameter" || delivery === "FileArrayParameter";
  const fields: readonly (readonly [string, unknown, boolean])[] = [
    ["http", input.http, isHttp],
    ["httpVerb", input.httpVerb, isHttp],
    ["httpPort", input.httpPort, isHttp],
    ["httpPath", input.httpPath, isHttp],
    ["grpc", input.grpc, delivery === "Grpc"],
    ["fileParameter", input.fileParameter, isFile],
  ];
  return fields.filter(([, value, allowed]) => value !== undefined && !allowed).map(([field]) => field);
}

function checkVersions(
  spec: AlgoSpec,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): void {
  const path = [...at, "versions"];
  reportDuplicates(
    spec.versions.map((version) => version.versionTag),
    "version",
    source,
    path,
    report,
  );
  const latest = spec.versions.flatMap((version, index) => (version.latest ? [index] : []));
  for (const index of latest.slice(1)) {
    const first = spec.versions[latest[0] ?? 0]?.versionTag ?? "";
    const message = `a second version is marked latest beside ${JSON.stringify(first)}, expected at most one`;
    report.error(source, [...path, index, "latest"], message);
  }
  spec.versions.forEach((version, index) => {
    const isBare = version.entrypoint === undefined || version.entrypoint.trim() === "";
    if (version.image.repository === undefined) {
      report.error(
        source,
        [...path, index, "image", "repository"],
        "is missing, expected an image repository",
      );
    }
    if (spec.executor === "Executable" && isBare) {
      const message = "is missing, expected the program that executor Executable starts for each message";
      report.error(source, [...path, index, "entrypoint"], message);
    }
    if (commandWords(version.entrypoint ?? "") === undefined) {
      report.error(source, [...path, index, "entrypoint"], "found a quote that is not closed");
    }
  });
}

/** Reports names that occur twice, and names that would become the same environment variable. */
export function reportDuplicates(
  names: readonly string[],
  what: string,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): void {
  const first = new Map<string, string>();
  names.forEach((name, index) => {
    const key = what === "input" || what === "output" ? environmentName("", name) : name;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, name);
    else if (earlier === name)
      report.error(
        source,
        [...at, index],
        `a second ${what} ${JSON.stringify(name)}, expected each name once`,
      );
    else {
      const message = `the ${what}s ${JSON.stringify(earlier)} and ${JSON.stringify(name)} become the same environment variable; rename one`;
      report.error(source, [...at, index], message);
    }
  });
}
