import { readFileSync } from "node:fs";
import * as kafka from "@pulumi/kafka";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { providerArgs } from "../../../components/data/kafka/administration";
import { connectionsSchema } from "../../../config/connections-schema";
import { kubeClientSettings } from "../../../kube-client-settings";

const resourceSchema = z.array(
  z.object({
    name: z.string(),
    type: z.string(),
    inputs: z.record(z.string(), z.unknown()),
    after: z.array(z.string()),
  }),
);

/** A resource of whatever type. */
class Resource extends pulumi.CustomResource {}

/** Registers what a file lists, one after the other, and does nothing else: the least that the engine can be asked. */
function registerAll(): void {
  const config = new pulumi.Config();
  const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
  const connections = connectionsSchema.parse(read(config.require("connections")));
  const providers: Readonly<Record<string, pulumi.ProviderResource>> = {
    kafka: new kafka.Provider("kafka", providerArgs({ ...connections.kafka, tls: true })),
    kubernetes: new k8s.Provider("kubernetes", {
      kubeconfig: connections.kubernetes.kubeconfig,
      kubeClientSettings,
    }),
  };
  const made = new Map<string, Resource>();
  for (const { name, type, inputs, after } of resourceSchema.parse(read(config.require("resources")))) {
    const provider = providers[type.split(":")[0] ?? ""];
    const dependsOn = after.flatMap((dependency) => made.get(dependency) ?? []);
    made.set(name, new Resource(type, name, inputs, { provider, dependsOn }));
  }
}

registerAll();
