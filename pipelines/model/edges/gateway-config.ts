import { authenticationConfig } from "./authentication-planner";
import { present } from "../values/frozen";
import { endpointName } from "../link/link-pipes";
import type { EndpointPathPlan, EndpointPlan, JsonObject } from "../plan/plan";
import { configHeader, type PlanContext } from "../plan-context";
import type { EndpointSpec } from "../schema/endpoint-schema";
import { planTraffic } from "../routes/traffic-planner";
import { planProducerSettings } from "./producer-settings";
import { logConfig } from "./write-ahead-log";

/** Where the gateway finds what it plays: for each path that takes a media stream a file, named like the path. */
export const streamKeyFolder = "/etc/algorun/stream-keys";

/** What the gateway reads: a document without brokers and credentials, which come by environment. */
export function gatewayConfig(
  endpoint: EndpointSpec,
  {
    paths,
    ports,
    authentication,
    writeAheadLog,
  }: Pick<EndpointPlan, "paths" | "ports" | "authentication" | "writeAheadLog">,
  context: PlanContext,
): JsonObject {
  const { producer, kafka } = endpoint;
  const storesBytes = context.topics.usesStorage(endpointName).writes && context.bucket !== undefined;
  return {
    ...configHeader(context),
    server: {
      // No longer than the edge waits for the answer.
      http: {
        listen: `:${ports.http}`,
        requestSeconds: planTraffic(endpoint.routing, "http").timeoutMs / 1000,
      },
      grpc: { listen: `:${ports.grpc}` },
      monitoring: { listen: `:${ports.metrics}` },
    },
    kafka: { params: producerSettings(kafka?.params ?? {}, context) },
    producer: {
      ...(producer?.cb && { cb: present(producer.cb) }),
      ...(producer?.resend && { resend: present(producer.resend) }),
      wal: logConfig(endpoint, writeAheadLog, context),
    },
    paths: paths.map(pathConfig),
    ...(authentication && { authentication: authenticationConfig(authentication) }),
    // Requests of other deployments, copied to this one, come in under their path.
    ...(context.linked.copiesOf.length > 0 && { copiesOf: context.linked.copiesOf }),
    ...(storesBytes && { storage: { bucket: context.bucket } }),
  };
}

function producerSettings(
  stated: Readonly<Record<string, string>>,
  { linked: { source }, report }: PlanContext,
): Readonly<Record<string, string>> {
  return planProducerSettings(stated, source, ["spec", "endpoint", "kafka", "params"], report);
}

function pathConfig(path: EndpointPathPlan): JsonObject {
  const streamKeyFile = path.stream === undefined ? undefined : `${streamKeyFolder}/${path.name}`;
  return present({ ...path, streamKeyFile });
}
