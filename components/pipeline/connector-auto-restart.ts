import * as pulumi from "@pulumi/pulumi";
import type { DataConnectorPlan } from "../../pipelines/model/plan/plan";
import { restartScript } from "../data/kafka-connect/restart-script";
import { imageReference, images } from "../images";
import type { DeploymentWorkloadArgs } from "../workload/deployment-workload";
import { execProbe } from "../workload/probes";
import type { WorkersContext } from "./connector-registration";

const folder = "/etc/kafka-connect/auto-restart";
const scriptFile = "auto-restart.sh";
/** In the pod's own `/tmp`. */
const wellFile = "/tmp/connector-is-well";
const lookFile = "/tmp/last-look";

/** Name of the Deployment that restarts what fails of a connector, and of its pods. */
export function autoRestartName({ name }: DataConnectorPlan): string {
  return `${name}-auto-restart`;
}

/**
 * The pod that looks after a registered connector. It is ready while the connector is well, so that whoever watches
 * pods and Deployments sees one that has failed; the workers themselves are well all the while.
 */
export function autoRestartWorkload({
  plan,
  workers,
  host,
  namespace,
}: WorkersContext): DeploymentWorkloadArgs {
  return {
    namespace: namespace.namespaceName,
    name: autoRestartName(plan),
    app: { name: "curl", component: "dataconnector", version: images.curl.tag },
    labels: plan.labels,
    defaults: namespace.podDefaults,
    egress: [workers],
    // Two of them would count, and restart, each for itself.
    updateBegins: "stop",
    volumes: {
      script: {
        files: {
          [scriptFile]: pulumi.output(host).apply((name) =>
            restartScript({
              address: `http://${name}:${plan.restPort}`,
              connector: plan.registeredName,
              maxRestarts: plan.autoRestart?.maxRestarts,
              wellFile,
              lookFile,
              periodSeconds: 10,
              minuteSeconds: 60,
            }),
          ),
        },
      },
    },
    containers: [
      {
        name: "curl",
        image: imageReference(images.curl),
        command: ["sh", `${folder}/${scriptFile}`],
        resources: plan.helperResources,
        mounts: [{ volume: "script", path: folder }],
        probes: {
          readiness: execProbe(["test", "-f", wellFile]),
          // A look takes 100 seconds at most.
          liveness: execProbe(["sh", "-c", `[ -n "$(find ${lookFile} -mmin -5)" ]`], {
            initialDelaySeconds: 120,
            periodSeconds: 60,
          }),
        },
      },
    ],
  };
}
