/** One pinned image and what its upstream says of it. */
export interface PinnedImage {
  /** Registry and repository, without a tag. */
  readonly repository: string;
  /** The exact version; never a moving tag. */
  readonly tag: string;
  /** `sha256:…` of the image index, once it was read from the registry; pins the content beside the name. */
  readonly digest?: string;
  /** What upstream supports, and until when, as known in autumn 2026. */
  readonly support: string;
}

/** Every image of another project that the platform runs: the one place to change a version. */
export const images = {
  emissary: {
    repository: "ghcr.io/emissary-ingress/emissary",
    tag: "4.1.0",
    support: "CNCF incubating, community maintained; 4.x is the current line",
  },
  rateLimit: {
    repository: "docker.io/envoyproxy/ratelimit",
    tag: "8fe6ea42",
    support: "maintained; upstream publishes commits, no versions",
  },
  nginxRtmp: {
    repository: "docker.io/tiangolo/nginx-rtmp",
    tag: "latest-2026-08-31",
    support: "image rebuilt regularly; the RTMP module itself is at 1.2.2 and no longer developed",
  },
  nginx: {
    repository: "docker.io/library/nginx",
    tag: "1.30.4",
    support:
      "official image of the stable line; has the module for scripts, which the image with RTMP has not",
  },
  kafka: {
    repository: "docker.io/apache/kafka",
    tag: "4.3.1",
    support: "current release line of Apache Kafka",
  },
  minio: {
    repository: "quay.io/minio/minio",
    tag: "RELEASE.2025-09-07T16-13-09Z",
    support: "last published image; upstream archived the project in 2026 and publishes no more fixes",
  },
  minioClient: {
    repository: "quay.io/minio/mc",
    tag: "RELEASE.2025-08-13T08-35-41Z",
    support: "last published image; archived together with the server",
  },
  seaweedfs: {
    repository: "docker.io/chrislusf/seaweedfs",
    tag: "4.47",
    support: "maintained, released weekly",
  },
  postgresql: {
    repository: "docker.io/library/postgres",
    tag: "18.4",
    support: "PostgreSQL 18 is supported until November 2030",
  },
  mariadb: {
    repository: "docker.io/library/mariadb",
    tag: "11.8.8",
    support: "MariaDB 11.8 is a long-term release, supported until 2028",
  },
  valkey: {
    repository: "docker.io/valkey/valkey",
    tag: "9.1.0",
    support: "current release line of Valkey, the BSD-licensed successor of Redis",
  },
  prometheus: {
    repository: "docker.io/prom/prometheus",
    tag: "v3.14.0",
    support: "current release line; v3.13 is the long-term one",
  },
  alertmanager: {
    repository: "docker.io/prom/alertmanager",
    tag: "v0.34.0",
    support: "current release line",
  },
  kafkaExporter: {
    repository: "docker.io/danielqsj/kafka-exporter",
    tag: "v1.9.0",
    support: "maintained; the exporter that Strimzi deploys, too",
  },
  kubeStateMetrics: {
    repository: "registry.k8s.io/kube-state-metrics/kube-state-metrics",
    tag: "v2.16.0",
    support: "maintained by Kubernetes' SIG Instrumentation",
  },
  grafana: {
    repository: "docker.io/grafana/grafana",
    tag: "13.2.0",
    support: "current release line of Grafana",
  },
  python: {
    repository: "docker.io/library/python",
    tag: "3.14.0-alpine3.22",
    support: "official image; Python 3.14 gets security fixes until October 2030. Its library dumps SQLite",
  },
  curl: {
    repository: "docker.io/curlimages/curl",
    tag: "8.17.0",
    support: "maintained by the curl project, an image for each release",
  },
} as const satisfies Readonly<Record<string, PinnedImage>>;

/** The programs whose images are pinned. */
export type ImageName = keyof typeof images;

/** The full reference of an image: `repository:tag`, and `@digest` where one is pinned. */
export function imageReference(image: PinnedImage): string {
  const digest = image.digest === undefined ? "" : `@${image.digest}`;
  return `${image.repository}:${image.tag}${digest}`;
}

/** The version that an image's reference names: its tag; undefined where it has only a digest. */
export function imageVersion(reference: string): string | undefined {
  return /:(?<tag>[\w.-]+)(@|$)/.exec(reference.replace(/^[^/]+\//, ""))?.groups?.["tag"];
}
