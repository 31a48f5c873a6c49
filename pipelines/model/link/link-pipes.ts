import { isCompatible } from "./content-type";
import type { LinkedAlgo, LinkedDeployment } from "./link";
import type { LinkedConnector } from "./link-connectors";
import { knownNames } from "../document/nearest-name";
import type { MessageDataType } from "../plan/plan";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import { portNameSchema } from "../schema/fields-schema";
import type { DeploymentSpec, PipeSpec } from "../schema/pipeline-schema";
import { compareText, oneOf } from "../values/text";

/** Component name of the endpoint. */
export const endpointName = "endpoint";
/** Component name of the event hook. */
export const eventHookName = "hook";

/** A pipe whose two ends exist and fit. */
export interface LinkedPipe {
  readonly from: { readonly component: string; readonly output: string };
  readonly to: { readonly component: string; readonly input: string };
  /** As the pipe states it. */
  readonly messageDataType?: MessageDataType;
  /** Where it stands in the document. */
  readonly at: readonly PathStep[];
}

/** One end of a pipe, before its output or input is looked up. */
type Component =
  | { readonly kind: "Endpoint" | "EventHook"; readonly name: string }
  | { readonly kind: "Algo"; readonly name: string; readonly algo: LinkedAlgo }
  | { readonly kind: "DataConnector"; readonly name: string; readonly connector: LinkedConnector };

/** Name of the one output that a sink has: what it could not deliver. */
export const deadLettersOutput = "dead-letters";

/** Resolves the pipes of a deployment; what leads nowhere or does not fit is reported and left out. */
export function linkPipes(
  spec: DeploymentSpec,
  linked: Pick<LinkedDeployment, "algos" | "connectors">,
  source: DocumentSource,
  report: ProblemReport,
): readonly LinkedPipe[] {
  const linker = new PipeLinker(spec, linked, source, report);
  const pipes = spec.pipes.flatMap((pipe, index) => linker.link(pipe, ["spec", "pipes", index]) ?? []);
  const first = new Map<string, LinkedPipe>();
  for (const pipe of pipes) {
    const earlier = first.get(pipeKey(pipe));
    if (earlier === undefined) first.set(pipeKey(pipe), pipe);
    else report.error(source, pipe.at, `the same pipe as at line ${source.lineOf(earlier.at)}; remove one`);
  }
  return [...first.values()].sort((a, b) => compareText(pipeKey(a), pipeKey(b)));
}

function pipeKey({ from, to }: LinkedPipe): string {
  return JSON.stringify([from.component, from.output, to.component, to.input]);
}

class PipeLinker {
  private readonly sources: ReadonlyMap<string, Component>;
  private readonly destinations: ReadonlyMap<string, Component>;

  constructor(
    private readonly spec: DeploymentSpec,
    { algos, connectors }: Pick<LinkedDeployment, "algos" | "connectors">,
    private readonly source: DocumentSource,
    private readonly report: ProblemReport,
  ) {
    const components = [
      ...algos.map((algo): [string, Component] => [algo.reference, { kind: "Algo", name: algo.name, algo }]),
      ...connectors.map((connector): [string, Component] => [
        connector.reference,
        { kind: "DataConnector", name: connector.name, connector },
      ]),
    ];
    this.sources = new Map([...(spec.endpoint ? [endpoint] : []), ...components]);
    this.destinations = new Map([...components, ...(spec.eventHook ? [eventHook] : [])]);
  }

  link(pipe: PipeSpec, at: readonly PathStep[]): LinkedPipe | undefined {
    const from = this.component("source", pipe.sourceName, pipe.sourceComponentType, at);
    const to = this.component("dest", pipe.destName, pipe.destComponentType, at);
    const hasOutput = from !== undefined && this.hasOutput(from, pipe.sourceOutputName, at);
    const hasInput = to !== undefined && this.hasInput(to, pipe.destInputName, at);
    if (!hasOutput || !hasInput || !this.fits(pipe, from, to, at)) return undefined;
    return {
      from: { component: from.name, output: pipe.sourceOutputName },
      to: { component: to.name, input: pipe.destInputName },
      ...(pipe.sourceOutputMessageDataType && { messageDataType: pipe.sourceOutputMessageDataType }),
      at,
    };
  }

  private component(
    end: "source" | "dest",
    name: string,
    type: PipeSpec["sourceComponentType"],
    at: readonly PathStep[],
  ): Component | undefined {
    const known = end === "source" ? this.sources : this.destinations;
    const component = known.get(name);
    if (component === undefined) {
      this.report.error(this.source, [...at, `${end}Name`], unknownComponent(end, name, [...known.keys()]));
    } else if (type !== undefined && type !== component.kind) {
      const message = `found ${JSON.stringify(type)}, expected ${JSON.stringify(component.kind)}, which ${name} is`;
      this.report.error(this.source, [...at, `${end}ComponentType`], message);
      return undefined;
    }
    return component;
  }

  private hasOutput(from: Component, output: string, at: readonly PathStep[]): boolean {
    // A source has the outputs that its pipes name.
    if (from.kind === "DataConnector" && from.connector.connector.dataConnectorType === "Source") {
      const named = portNameSchema.safeParse(output);
      if (named.success) return true;
      const expected = named.error.issues[0]?.message ?? "a name";
      const message = `found ${JSON.stringify(output)}, expected ${expected}`;
      this.report.error(this.source, [...at, "sourceOutputName"], message);
      return false;
    }
    return this.hasPort("output", outputsOf(from, this.spec), output, from, at);
  }

  private hasInput(to: Component, input: string, at: readonly PathStep[]): boolean {
    if (to.kind === "DataConnector" && to.connector.connector.dataConnectorType === "Source") {
      const message = `${to.connector.reference} is a Source, which reads no topics; expected a Sink`;
      this.report.error(this.source, [...at, "destName"], message);
      return false;
    }
    // The event hook and sinks take their inputs from the pipes.
    if (to.kind !== "Algo") return true;
    return this.hasPort(
      "input",
      to.algo.algo.inputs.map(({ name }) => name),
      input,
      to,
      at,
    );
  }

  private hasPort(
    what: "output" | "input",
    known: readonly string[],
    name: string,
    component: Component,
    at: readonly PathStep[],
  ): boolean {
    if (known.includes(name)) return true;
    const owner = described(component);
    const message = `${owner} has no ${what} ${JSON.stringify(name)}, expected ${knownNames(name, known)}`;
    this.report.error(
      this.source,
      [...at, what === "output" ? "sourceOutputName" : "destInputName"],
      message,
    );
    return false;
  }

  private fits(pipe: PipeSpec, from: Component, to: Component, at: readonly PathStep[]): boolean {
    const path = this.spec.endpoint?.paths.find(
      ({ name }) => from.kind === "Endpoint" && name === pipe.sourceOutputName,
    );
    const stated = pipe.sourceOutputMessageDataType;
    if (path !== undefined && stated !== undefined && stated !== path.messageDataType) {
      const message = `found ${JSON.stringify(stated)}, but the path ${path.name} has messageDataType ${path.messageDataType}; make them the same`;
      this.report.error(this.source, [...at, "sourceOutputMessageDataType"], message);
      return false;
    }
    if (to.kind !== "Algo") return true;
    const output =
      from.kind === "Algo" ? from.algo.algo.outputs.find(({ name }) => name === pipe.sourceOutputName) : path;
    const input = to.algo.algo.inputs.find(({ name }) => name === pipe.destInputName);
    if (isCompatible(output?.contentType, input?.contentTypes ?? [])) return true;
    const message =
      `the output ${pipe.sourceOutputName} of ${pipe.sourceName} is ${JSON.stringify(output?.contentType)}, but the ` +
      `input ${pipe.destInputName} of ${pipe.destName} accepts ${oneOf(input?.contentTypes ?? [])}; convert it in an ` +
      "algo between them, or correct one of the content types";
    this.report.error(this.source, at, message);
    return false;
  }
}

const endpoint: [string, Component] = ["Endpoint", { kind: "Endpoint", name: endpointName }];
const eventHook: [string, Component] = ["EventHook", { kind: "EventHook", name: eventHookName }];

function described(component: Component): string {
  if (component.kind === "Algo") return component.algo.reference;
  if (component.kind === "DataConnector") return component.connector.reference;
  return `the ${component.kind}`;
}

function outputsOf(component: Component, spec: DeploymentSpec): readonly string[] {
  if (component.kind === "DataConnector") return [deadLettersOutput];
  if (component.kind === "Algo") return component.algo.algo.outputs.map(({ name }) => name);
  return spec.endpoint?.paths.map(({ name }) => name) ?? [];
}

function unknownComponent(end: "source" | "dest", name: string, known: readonly string[]): string {
  const verb = end === "source" ? "from" : "to";
  if (name === "Endpoint") {
    return end === "source"
      ? "a pipe from the Endpoint, but the deployment has none; add endpoint"
      : "a pipe can't lead to the Endpoint";
  }
  if (name === "EventHook") {
    return end === "dest"
      ? "a pipe to the EventHook, but the deployment has none; add eventHook: {}"
      : "a pipe can't lead from the EventHook";
  }
  const found = `a pipe ${verb} ${JSON.stringify(name)}, which the deployment does not have`;
  return known.length === 0 ? found : `${found}, expected ${knownNames(name, known)}`;
}
