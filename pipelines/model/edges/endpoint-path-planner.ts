import { reportDuplicates } from "../document/check-algo";
import { endpointName } from "../link/link-pipes";
import type { EndpointPathPlan } from "../plan/plan";
import type { PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";
import { defaultMessageBytes, largestMessage } from "../topics/message-size";
import type { EndpointPathSpec, EndpointSpec } from "../schema/endpoint-schema";
import { compareText } from "../values/text";
import { durationMs } from "../values/duration";
import { quantity } from "../values/quantity";

/** What headers, keys and Kafka's own framing may take of a message. */
const headerRoom = 64 * 1024;
/** Most bytes of one request when they go to object storage: they are streamed, and five minutes are enough for them. */
const defaultFileBytes = 1024 ** 3;

const at: readonly PathStep[] = ["spec", "endpoint", "paths"];

/** The paths of an endpoint, sorted by name. */
export function planPaths(endpoint: EndpointSpec, context: PlanContext): readonly EndpointPathPlan[] {
  checkPaths(endpoint, context);
  return endpoint.paths
    .map((path, index) => planPath(path, [...at, index], endpoint, context))
    .sort((a, b) => compareText(a.name, b.name));
}

function planPath(
  path: EndpointPathSpec,
  pathAt: readonly PathStep[],
  endpoint: EndpointSpec,
  context: PlanContext,
): EndpointPathPlan {
  const { linked, topics, report } = context;
  const common = {
    name: path.name,
    isDefault: path.isDefault,
    messageDataType: path.messageDataType,
    contentType: path.contentType,
    topic: topics.of(endpointName, path.name)?.plan.name ?? "",
  };
  const refuse = (field: "maxBodySize" | "maxDuration", message: string): void => {
    if (path[field] !== undefined) report.error(linked.source, [...pathAt, field], message);
  };
  if (path.endpointType === "RTMP") {
    refuse("maxBodySize", "has no effect on a media stream, which has no body; remove it");
    if (path.messageDataType !== "FileReference") {
      const message = `found ${path.messageDataType}, expected FileReference, since the pieces of a media stream are objects in storage; state messageDataType: FileReference`;
      report.error(linked.source, [...pathAt, "messageDataType"], message);
    }
    return {
      ...common,
      protocol: "rtmp",
      stream: `${linked.id}.${path.name}`,
      maxStreamSeconds: streamSeconds(path, pathAt, context),
    };
  }
  refuse("maxDuration", `has no effect on a path for ${path.endpointType}, expected endpointType: RTMP`);
  const protocol = path.endpointType === "HTTP" ? "http" : "grpc";
  return { ...common, protocol, maxBodyBytes: bodyBytes(path, pathAt, endpoint, context) };
}

/** The server asks every half a minute whether a stream may go on. */
const shortestStream = 60;

function streamSeconds(
  { maxDuration }: EndpointPathSpec,
  pathAt: readonly PathStep[],
  { linked, report }: PlanContext,
): number | undefined {
  if (maxDuration === undefined) return undefined;
  const seconds = durationMs(maxDuration) / 1000;
  if (!Number.isInteger(seconds) || seconds < shortestStream) {
    const message = `found ${maxDuration}, expected whole seconds and at least 1m`;
    report.error(linked.source, [...pathAt, "maxDuration"], message);
  }
  return seconds;
}

/**
 * The most bytes that a request may bring. Bytes in the message must fit into it, with all that goes with them: what the
 * gateway took in, Kafka would refuse.
 */
function bodyBytes(
  { name, maxBodySize, messageDataType }: EndpointPathSpec,
  pathAt: readonly PathStep[],
  { kafka }: EndpointSpec,
  { linked, topics, report }: PlanContext,
): number {
  const stated = maxBodySize === undefined ? undefined : Math.floor(quantity(maxBodySize));
  if (messageDataType === "FileReference") return stated ?? defaultFileBytes;
  const topic = topics.of(endpointName, name)?.plan;
  const ofProducer = kafka?.params["message.max.bytes"];
  const limits = [topic ? largestMessage(topic) : defaultMessageBytes, Number(ofProducer ?? Infinity)];
  const most = Math.max(Math.min(...limits) - headerRoom, 1);
  if (stated !== undefined && stated > most) {
    const message = `found ${maxBodySize ?? ""}, expected at most ${most} bytes, since a message also has headers and Kafka takes ${Math.min(...limits)} bytes; raise max.message.bytes in the topicParams of the path's topic, or set messageDataType: FileReference`;
    report.error(linked.source, [...pathAt, "maxBodySize"], message);
  }
  return stated ?? most;
}

function checkPaths({ paths }: EndpointSpec, { linked: { source }, report }: PlanContext): void {
  const names = paths.map(({ name }) => name);
  reportDuplicates(names, "path", source, at, report);
  const defaults = paths.flatMap(({ isDefault }, index) => (isDefault ? [index] : []));
  for (const index of defaults.slice(1)) {
    const message = `a second default path beside ${names[defaults[0] ?? 0] ?? ""}, expected at most one`;
    report.error(source, [...at, index, "isDefault"], message);
  }
}
