import assert from "node:assert/strict";
import { z } from "zod";
import { theManifest } from "../../harness/manifests";
import { ledger, statefulSet } from "./workloads-under-test";

describe("a StatefulSet", () => {
  const claimSchema = z.looseObject({
    spec: z.looseObject({
      serviceName: z.string(),
      persistentVolumeClaimRetentionPolicy: z.unknown(),
      volumeClaimTemplates: z.array(
        z.looseObject({
          metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
          spec: z.looseObject({}),
        }),
      ),
    }),
  });

  it("has a headless Service that finds members before they are ready", async () => {
    const resources = await statefulSet(ledger);
    const { spec } = theManifest(resources, "StatefulSet", "till", claimSchema);
    const service = theManifest(
      resources,
      "Service",
      spec.serviceName,
      z.looseObject({ spec: z.looseObject({}) }),
    );
    assert.equal(service.spec["clusterIP"], "None");
    assert.equal(service.spec["publishNotReadyAddresses"], true);
  });

  it("keeps its data when it goes, unless the environment says otherwise", async () => {
    const kept = theManifest(await statefulSet(ledger), "StatefulSet", "till", claimSchema);
    assert.deepEqual(kept.spec.persistentVolumeClaimRetentionPolicy, {
      whenDeleted: "Retain",
      whenScaled: "Retain",
    });
    const dev = await statefulSet({ ...ledger, defaults: { retainClaims: false, storageClass: "fast" } });
    const { spec } = theManifest(dev, "StatefulSet", "till", claimSchema);
    assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, {
      whenDeleted: "Delete",
      whenScaled: "Retain",
    });
    assert.equal(spec.volumeClaimTemplates[0]?.spec["storageClassName"], "fast");
  });

  it("has claims that a new version leaves alone, since Kubernetes refuses to change them", async () => {
    const templates = async (version: string): Promise<unknown> =>
      theManifest(
        await statefulSet({ ...ledger, app: { ...ledger.app, version } }),
        "StatefulSet",
        "till",
        claimSchema,
      ).spec.volumeClaimTemplates;
    assert.deepEqual(await templates("2"), await templates("1"));
  });
});
