import { delimiter } from "node:path";
import { UserError } from "../user-error";
import { programOf } from "./image-programs";
import {
  objectKey,
  type ContainerObject,
  type PodObjects,
  type ProbeObject,
  type VariableObject,
} from "./kubernetes-objects";
import type { PodSettings } from "./plan-pods";
import { containerPrefix, type ContainerProcess, type NetworkProbe } from "./pod-processes";
import { replacer, type Replacements } from "./replacements";

/** The pod that a container belongs to. */
export interface PodContext {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly objects: PodObjects;
  readonly settings: PodSettings;
  /** Addresses of Services, and where they really are. */
  readonly addresses: Replacements;
}

/** A container's process, and what makes a text of its volumes fit for it. */
export interface PlannedContainer {
  readonly container: ContainerProcess;
  adapt(text: string): string;
}

/** Whoever listens for others does so here; see the services' `listenAddress`. */
const listenVariable = "LISTEN_ADDRESS";

/** Folders that programs know without being told, and the variables by which they can be told of others. */
const folderVariables: Readonly<Record<string, string>> = {
  "/tmp": "TMPDIR",
  "/input": "ALGORUN_INPUT_FOLDER",
  "/output": "ALGORUN_OUTPUT_FOLDER",
};

/** Turns a container into a process: its command, variables and probes with paths and addresses of this machine. */
export function containerProcess(
  container: ContainerObject,
  kind: ContainerProcess["kind"],
  paths: Replacements,
  context: PodContext,
): PlannedContainer {
  const { namespace, name, address, settings } = context;
  const where = `Pod ${namespace}/${name}, container ${container.name}`;
  const image = programOf(container.image, settings.programs, where);
  const replace = replacer({ ...context.addresses, ...image.paths, ...paths });
  const adapt = (text: string): string => {
    const replaced = replace(text);
    return image.adapt?.(replaced, address) ?? replaced;
  };
  const stated = Object.fromEntries(
    container.env.map((variable) => [variable.name, adapt(valueOf(variable, where, context))]),
  );
  const overridden = Object.fromEntries(
    Object.entries(settings.variables ?? {}).filter(([variable]) => isAbout(variable, stated)),
  );
  const env = { ...stated, ...overridden };
  const command = container.command?.map(adapt) ?? image.entrypoint;
  const [program, ...words] = [...command, ...container.args.map(adapt)].map((word) => expanded(word, env));
  if (program === undefined) throw new UserError(`${where}: there is nothing to run`);
  const folders = Object.entries(folderVariables).flatMap(([path, variable]) =>
    paths[path] === undefined ? [] : [[variable, paths[path]] as const],
  );
  const searched = [...(image.path ?? []), process.env["PATH"] ?? ""].join(delimiter);
  return {
    adapt,
    container: {
      name: container.name,
      processName: `${containerPrefix}${[namespace, name, container.name].join(".")}`,
      kind,
      program,
      args: words,
      env: {
        ...(image.path === undefined ? {} : { PATH: searched }),
        ...Object.fromEntries(folders),
        [listenVariable]: address,
        ...env,
      },
      ports: Object.fromEntries(
        container.ports.map(({ name: port, containerPort }) => [
          port ?? String(containerPort),
          containerPort,
        ]),
      ),
      startup: networkProbe(container.startupProbe, container, address),
      readiness: networkProbe(container.readinessProbe, container, address),
    },
  };
}

/** A variable that differs here goes to those containers that talk to the system that it is about: `KAFKA_` to Kafka. */
function isAbout(variable: string, stated: Readonly<Record<string, string>>): boolean {
  const prefix = variable.slice(0, variable.indexOf("_") + 1);
  return Object.keys(stated).some((name) => name.startsWith(prefix));
}

function valueOf({ name, value, valueFrom }: VariableObject, where: string, context: PodContext): string {
  if (valueFrom === undefined) return value;
  const { objects, namespace } = context;
  const { fieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef !== undefined) return fieldOf(fieldRef.fieldPath, where, context);
  const found = secretKeyRef
    ? objects.secrets[objectKey(namespace, secretKeyRef.name)]?.[secretKeyRef.key]
    : configMapKeyRef &&
      objects.configMaps[objectKey(namespace, configMapKeyRef.name)]?.[configMapKeyRef.key];
  if (found !== undefined) return found;
  const reference = secretKeyRef ?? configMapKeyRef;
  if (reference?.optional === true) return "";
  const source = reference === undefined ? "where it comes from" : `${reference.name}, key ${reference.key}`;
  throw new UserError(`${where}: variable ${name}: ${source} is not there`);
}

function fieldOf(path: string, where: string, { namespace, name, address, labels }: PodContext): string {
  const label = /^metadata\.labels\['(.+)'\]$/.exec(path)?.[1];
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": name,
    "metadata.namespace": namespace,
    "status.podIP": address,
    "spec.nodeName": "local",
  };
  const value = label === undefined ? fields[path] : (labels[label] ?? "");
  if (value === undefined) throw new UserError(`${where}: the field ${path} of a pod is not known here`);
  return value;
}

/** Kubernetes puts variables into commands and arguments itself, since no shell does. */
function expanded(word: string, env: Readonly<Record<string, string>>): string {
  return word.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, name: string) => env[name] ?? whole);
}

function networkProbe(
  probe: ProbeObject | undefined,
  { ports }: ContainerObject,
  address: string,
): NetworkProbe | undefined {
  const numberOf = (port: number | string): number =>
    typeof port === "number" ? port : (ports.find(({ name }) => name === port)?.containerPort ?? 0);
  if (probe?.httpGet !== undefined) {
    const { path, port } = probe.httpGet;
    return { kind: "http", url: `http://${address}:${numberOf(port)}${path}` };
  }
  if (probe?.tcpSocket !== undefined)
    return { kind: "tcp", host: address, port: numberOf(probe.tcpSocket.port) };
  return undefined;
}
