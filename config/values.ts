import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { quantity as valueOf } from "../pipelines/model/values/quantity";

/** Text that is not empty. */
export const text = z.string().min(1, "some text");

const digestForm = "sha256: and 64 of 0-9 and a-f";

/** What identifies the content of an image. */
export const imageDigest = z.string().regex(/^sha256:[a-f0-9]{64}$/, digestForm);

/** An image with a tag, a digest, or both. */
export const imageOfVersion = z
  .string()
  .regex(
    /^[a-z0-9][\w.-]*(:\d+\/)?[a-z0-9._/-]*(:\w[\w.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$/,
    `an image such as ghcr.io/algorun/gateway:1.2.3, with @ and a digest (${digestForm}) in place of the tag or after it`,
  );

/** Texts by name. */
export const stringMap = z.record(z.string(), z.string());

/** A whole number with a lower bound. */
export function count(minimum: number): z.ZodNumber {
  return z.int(`a whole number from ${minimum}`).min(minimum, `a whole number from ${minimum}`);
}

const quantityForm = "a Kubernetes quantity such as 500m or 10Gi";

/** An amount in Kubernetes' notation. */
export const quantity = z.string(quantityForm).regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/, quantityForm);

/** A name of an object of Kubernetes. */
export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "at most 63 of a-z, 0-9 and inner hyphens");

/** Where brokers answer. */
export const brokerAddresses = z
  .array(z.string().regex(/^[^\s:]+:\d+$/, "host:port"))
  .min(1, "at least one host:port");

/** Networks outside the cluster that pods may reach. */
export const addressBlocks = z
  .array(z.cidrv4("an address block such as 10.0.0.0/16"))
  .min(1, "at least one address block such as 10.0.0.0/16");

/** One or more certificates as text. */
export const pemCertificates = z.string().refine((pem) => {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate);
}, "certificates as PEM, from -----BEGIN CERTIFICATE----- on");

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).fingerprint256 !== "";
  } catch {
    return false;
  }
}

/** Requests and limits of a container. */
export const resources = z
  .strictObject({
    requests: z
      .record(z.string(), quantity)
      .optional()
      .describe("What the scheduler sets aside, by resource"),
    limits: z
      .record(z.string(), quantity)
      .optional()
      .describe("What the container can't exceed, by resource"),
  })
  .check(({ value, issues }) => {
    for (const [name, request] of Object.entries(value.requests ?? {})) {
      const limit = value.limits?.[name];
      if (limit === undefined || valueOf(request) <= valueOf(limit)) continue;
      const message = `at most ${limit}, which limits.${name} allows`;
      issues.push({ code: "custom", input: request, path: ["requests", name], message });
    }
  })
  .meta({
    id: "resources",
    description: "Requests and limits of a container, such as `{requests: {cpu: 500m}}`",
  });

/** What every system in the cluster lets an environment decide. */
export const system = {
  resources: resources
    .optional()
    .describe("Requests and limits of its container; what is left out is filled in"),
};

/** A system with a volume of its own. */
export const storedSystem = {
  ...system,
  storageSize: quantity.optional().describe("Size of its volume; a volume can grow, never shrink"),
};

const toleration = z
  .strictObject({
    key: z.string().optional().describe("Key of the taint; without it any"),
    operator: z.enum(["Exists", "Equal"]).optional().describe("Whether its value matters"),
    value: z.string().optional().describe("Value of the taint"),
    effect: z
      .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
      .optional()
      .describe("Effect of the taint; without it any"),
    tolerationSeconds: z
      .int()
      .optional()
      .describe("How long a pod stays after NoExecute; without it forever"),
  })
  .meta({ id: "toleration", description: "A taint that is no obstacle, as pods state it in Kubernetes" });

/** Taints that are no obstacle. */
export const tolerations = z.array(toleration);
