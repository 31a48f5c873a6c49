import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { EndpointPlan } from "../../pipelines/model/plan/plan";
import type { MediaStreamService } from "../platform-services";
import type { RotatedSecret } from "../secret-rotation";
import type { ContainerArgs, PodArgs, VolumeArgs } from "../workload/pod-args";

/** What callers and senders need in order to be let in: secrets, by the name of the caller or the path. */
export interface EndpointCredentials {
  /** Keys of callers, for the header `x-api-key`. */
  readonly apiKeys: Readonly<Record<string, pulumi.Output<string>>>;
  /** What senders of media streams publish to the server's address: the stream's name with its key. */
  readonly streamKeys: Readonly<Record<string, pulumi.Output<string>>>;
}

/** Volumes of the pods, and where the gateway finds them. */
export type CredentialFiles = Required<Pick<PodArgs, "volumes">> & Required<Pick<ContainerArgs, "mounts">>;

/**
 * What the gateway is given in order to know its callers and to play its streams: only digests of keys, so that who reads
 * the pod's files can't call with them.
 */
export function credentialFiles(
  plan: EndpointPlan,
  apiKeys: Readonly<Record<string, RotatedSecret>>,
  mediaStreams: MediaStreamService | undefined,
): CredentialFiles {
  const { authentication, streamKeyFolder } = plan;
  const files: CredentialFiles[] = [];
  if (authentication?.kind === "apiKeys") {
    const { secretName, folder } = authentication;
    const digests = Object.entries(apiKeys).flatMap(([caller, { working }]) =>
      working.map(
        ({ value }, index) => [index === 0 ? caller : previousKeyOf(caller), value.apply(sha256)] as const,
      ),
    );
    const volume: VolumeArgs =
      secretName === undefined ? { secretFiles: Object.fromEntries(digests) } : { secret: secretName };
    files.push({ volumes: { "api-keys": volume }, mounts: [{ volume: "api-keys", path: folder }] });
  }
  if (streamKeyFolder !== undefined) {
    files.push({
      volumes: { "stream-keys": { secretFiles: streamKeys("play", plan, mediaStreams) } },
      mounts: [{ volume: "stream-keys", path: streamKeyFolder }],
    });
  }
  return {
    volumes: Object.fromEntries(files.flatMap(({ volumes }) => Object.entries(volumes))),
    mounts: files.flatMap(({ mounts }) => mounts),
  };
}

/** Entry of a caller's key before, as long as it works; no caller is called so, since names end in a letter or digit. */
function previousKeyOf(caller: string): string {
  return `${caller}_`;
}

/** What is published, or played, for each path that takes a media stream. */
export function streamKeys(
  right: "publish" | "play",
  { paths }: EndpointPlan,
  mediaStreams: MediaStreamService | undefined,
): Readonly<Record<string, pulumi.Output<string>>> {
  if (mediaStreams === undefined) return {};
  const keys = paths.flatMap(({ name, stream, maxStreamSeconds }) => {
    if (stream === undefined) return [];
    const maxSeconds = right === "publish" ? maxStreamSeconds : undefined;
    return [[name, mediaStreams.streamKey({ right, stream, maxSeconds })] as const];
  });
  return Object.fromEntries(keys);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
