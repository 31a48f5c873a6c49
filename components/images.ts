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

/** An image of ours, and how long it will do. */
export interface SupportedImage extends PinnedImage {
  /** The month of the last fixes, as `YYYY-MM`; undefined where upstream names none. */
  readonly supportedUntil?: string;
  /** Where upstream says so. */
  readonly source: string;
}

/** Every image of another project that the platform runs: the one place to change a version. */
export const images = {
  emissary: {
    repository: "ghcr.io/emissary-ingress/emissary",
    tag: "4.1.0",
    support: "CNCF incubating, community maintained; 4.x is the current line",
    source: "https://github.com/emissary-ingress/emissary/releases",
  },
  rateLimit: {
    repository: "docker.io/envoyproxy/ratelimit",
    tag: "8fe6ea42",
    support: "maintained; upstream publishes commits, no versions",
    source: "https://github.com/envoyproxy/ratelimit",
  },
  nginxRtmp: {
    repository: "docker.io/tiangolo/nginx-rtmp",
    tag: "latest-2026-08-31",
    support: "image rebuilt regularly; the RTMP module itself is at 1.2.2 and no longer developed",
    source: "https://github.com/tiangolo/nginx-rtmp-docker",
  },
  nginx: {
    repository: "docker.io/library/nginx",
    tag: "1.30.4",
    support:
      "official image of the stable line; has the module for scripts, which the image with RTMP has not",
    source: "https://nginx.org/en/download.html",
  },
  kafka: {
    repository: "docker.io/apache/kafka",
    tag: "4.3.1",
    support: "current release line of Apache Kafka",
    source: "https://kafka.apache.org/downloads",
  },
  minio: {
    repository: "quay.io/minio/minio",
    tag: "RELEASE.2025-09-07T16-13-09Z",
    support: "last published image; upstream archived the project in 2026 and publishes no more fixes",
    source: "https://github.com/minio/minio",
  },
  minioClient: {
    repository: "quay.io/minio/mc",
    tag: "RELEASE.2025-08-13T08-35-41Z",
    support: "last published image; archived together with the server",
    source: "https://github.com/minio/mc",
  },
  seaweedfs: {
    repository: "docker.io/chrislusf/seaweedfs",
    tag: "4.47",
    support: "maintained, released weekly",
    source: "https://github.com/seaweedfs/seaweedfs/releases",
  },
  postgresql: {
    repository: "docker.io/library/postgres",
    tag: "18.4",
    support: "PostgreSQL 18 is supported until November 2030",
    supportedUntil: "2030-11",
    source: "https://www.postgresql.org/support/versioning/",
  },
  mariadb: {
    repository: "docker.io/library/mariadb",
    tag: "11.8.8",
    support: "MariaDB 11.8 is a long-term release, supported until 2028",
    supportedUntil: "2028-06",
    source: "https://mariadb.org/about/#maintenance-policy",
  },
  valkey: {
    repository: "docker.io/valkey/valkey",
    tag: "9.1.0",
    support: "current release line of Valkey, the BSD-licensed successor of Redis",
    source: "https://valkey.io/topics/releases/",
  },
  prometheus: {
    repository: "docker.io/prom/prometheus",
    tag: "v3.14.0",
    support: "current release line; v3.13 is the long-term one",
    source: "https://prometheus.io/docs/introduction/release-cycle/",
  },
  alertmanager: {
    repository: "docker.io/prom/alertmanager",
    tag: "v0.34.0",
    support: "current release line",
    source: "https://github.com/prometheus/alertmanager/releases",
  },
  kafkaExporter: {
    repository: "docker.io/danielqsj/kafka-exporter",
    tag: "v1.9.0",
    support: "maintained; the exporter that Strimzi deploys, too",
    source: "https://github.com/danielqsj/kafka_exporter/releases",
  },
  kubeStateMetrics: {
    repository: "registry.k8s.io/kube-state-metrics/kube-state-metrics",
    tag: "v2.16.0",
    support: "maintained by Kubernetes' SIG Instrumentation",
    source: "https://github.com/kubernetes/kube-state-metrics/releases",
  },
  grafana: {
    repository: "docker.io/grafana/grafana",
    tag: "13.2.0",
    support: "current release line of Grafana",
    source: "https://grafana.com/docs/grafana/latest/upgrade-guide/when-to-upgrade/",
  },
  python: {
    repository: "docker.io/library/python",
    tag: "3.14.0-alpine3.22",
    support: "official image; Python 3.14 gets security fixes until October 2030. Its library dumps SQLite",
    supportedUntil: "2030-10",
    source: "https://devguide.python.org/versions/",
  },
  curl: {
    repository: "docker.io/curlimages/curl",
    tag: "8.17.0",
    support: "maintained by the curl project, an image for each release",
    source: "https://github.com/curl/curl-container",
  },
} as const satisfies Readonly<Record<string, SupportedImage>>;

/** The programs whose images are pinned. */
export type ImageName = keyof typeof images;

/**
 * What an environment runs: the pinned image, or what it has in place of it. Another tag is another content, which the
 * pinned digest is not of; a mirror's content is the same.
 */
export function withOwn(pinned: PinnedImage, own: Partial<PinnedImage>): PinnedImage {
  const digest = own.tag === undefined || own.tag === pinned.tag ? pinned.digest : undefined;
  return { ...pinned, digest, ...own };
}

/** The full reference of an image: `repository:tag`, and `@digest` where one is pinned. */
export function imageReference(image: PinnedImage): string {
  const digest = image.digest === undefined ? "" : `@${image.digest}`;
  return `${image.repository}:${image.tag}${digest}`;
}

/** The version that an image's reference names: its tag; undefined where it has only a digest. */
export function imageVersion(reference: string): string | undefined {
  return /:(?<tag>[\w.-]+)(@|$)/.exec(reference.replace(/^[^/]+\//, ""))?.groups?.["tag"];
}
