/** A project with its state beside it. */
export const shopProject = `
name: shop
runtime: { name: nodejs, options: { typescript: false, nodeargs: --import tsx } }
backend: { url: "file://./state" }
`;

/** Renders manifests into files, so that no cluster is needed. Keeps every rule, but for what its config asks for. */
export const shopProgram = `
import * as kafka from "@pulumi/kafka";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const config = new pulumi.Config("algorun");
const provider = new kubernetes.Provider("files", { renderYamlToDirectory: "rendered" });
const ours = config.getBoolean("bare")
  ? {}
  : { "app.kubernetes.io/part-of": "algo.run", "app.kubernetes.io/managed-by": "pulumi" };
const app = { app: "shop" };
const enforce = "pod-security.kubernetes.io/enforce";
const namespace = new kubernetes.core.v1.Namespace("shop", {
  metadata: { name: "shop", labels: { ...ours, [enforce]: "restricted", [enforce + "-version"]: "v1.34" } },
}, { provider });
const metadata = (name: string) => ({ name, namespace: "shop", labels: ours });
if (config.getBoolean("open")) {
  new kafka.Provider("kafka", { bootstrapServers: ["127.0.0.1:1"], tlsEnabled: false });
} else {
  new kubernetes.networking.v1.NetworkPolicy("deny", {
    metadata: metadata("deny"),
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  }, { provider });
}
new kubernetes.networking.v1.NetworkPolicy("shop", {
  metadata: metadata("shop"),
  spec: { podSelector: { matchLabels: app }, policyTypes: ["Ingress", "Egress"] },
}, { provider });
new kubernetes.core.v1.ResourceQuota("shop", { metadata: metadata("quota"), spec: { hard: { pods: "4" } } }, { provider });
new kubernetes.core.v1.LimitRange("shop", {
  metadata: metadata("limits"),
  spec: { limits: [{ type: "Container", default: { cpu: "1" } }] },
}, { provider });
const password = new random.RandomPassword("visitor", { length: 24, special: false });
const exempt = config.get("exempt");
new kubernetes.apps.v1.Deployment("shop", {
  metadata: {
    name: "shop",
    namespace: namespace.metadata.name,
    labels: { ...ours, "algo.run/pipeline-deployment": "local.shop" },
    annotations: exempt === undefined ? {} : { ["exempt.policy.algo.run/" + exempt.split(" ")[0]]: exempt.replace(/^\\S+ /, "") },
  },
  spec: {
    selector: { matchLabels: app },
    template: {
      metadata: { labels: app, annotations: { "example.org/visit": password.id } },
      spec: {
        serviceAccountName: "shop",
        automountServiceAccountToken: config.getBoolean("bare") ? undefined : false,
        securityContext: {
          runAsNonRoot: true,
          seccompProfile: config.getBoolean("bare") ? undefined : { type: "RuntimeDefault" },
        },
        containers: [{
          name: "shop",
          image: config.require("image"),
          imagePullPolicy: "Always",
          env: [
            { name: "VISITOR", value: pulumi.interpolate\`visitor of \${namespace.metadata.uid}\` },
            { name: "GREETING", value: pulumi.secret("welcome, all") },
          ],
          resources: {
            requests: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "1Gi" },
            limits: { cpu: "1", memory: "64Mi", "ephemeral-storage": "1Gi" },
          },
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        }],
      },
    },
  },
}, { provider });
new kubernetes.core.v1.ConfigMap("greeting", {
  metadata: metadata("greeting"),
  data: { greeting: config.getBoolean("leak") ? pulumi.unsecret(password.result) : "welcome" },
}, { provider });
`;
