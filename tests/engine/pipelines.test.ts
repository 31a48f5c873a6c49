import { EngineEnvironment } from "./engine-environment";
import { changedAutoscaling } from "./pipelines/changed-autoscaling";
import { changedDocuments } from "./pipelines/changed-documents";
import { dataConnectors } from "./pipelines/data-connector";
import { retryTopics } from "./pipelines/retry-topics";
import { guardedUpgrades } from "./pipelines/guarded-upgrades";
import { rotatedSecrets } from "./pipelines/rotated-secrets";
import { routes } from "./pipelines/routes";
import { splitStacks } from "./pipelines/split-stacks";

// One platform for all: to start it takes longer than what is tested. Each part brings its own documents, and its first
// update removes those of the part before; each may also run alone (--grep).
describe("pipelines that come and go beside a platform that stays", function () {
  this.timeout(600_000);
  let engine: EngineEnvironment;

  before(async () => {
    engine = await EngineEnvironment.start();
  });

  after(async () => {
    await engine.stop();
  });

  const started = (): EngineEnvironment => engine;
  dataConnectors(started);
  retryTopics(started);
  routes(started);
  changedDocuments(started);
  changedAutoscaling(started);
  splitStacks(started);
  rotatedSecrets(started);
  guardedUpgrades(started);
});
