import { checkAlgo } from "./check-algo";
import type { Documents, Sourced } from "./documents";
import { knownNames } from "./nearest-name";
import { ProblemReport, type DocumentSource, type PathStep } from "./problem";
import type { AlgoDocument, AlgoSpec } from "./schema-algo";
import type { AlgoDeploymentSpec } from "./schema-pipeline";
import { oneOf } from "./text";

/** An algo, and where it stands. */
export interface FoundAlgo {
  readonly spec: AlgoSpec;
  readonly source: DocumentSource;
  /** Path of the spec in its document. */
  readonly at: readonly PathStep[];
}

/** The Algo documents, checked, for deployments to refer to. */
export class AlgoCatalogue {
  private readonly faulty: Set<string>;
  private readonly algos: readonly Sourced<AlgoDocument>[];
  private readonly byName = new Map<string, Sourced<AlgoDocument>>();

  constructor(documents: Documents, report: ProblemReport) {
    this.faulty = new Set(documents.faultyAlgos);
    this.algos = documents.algos;
    for (const algo of documents.algos) {
      const { document, source } = algo;
      const name = document.metadata.name;
      const own = new ProblemReport();
      checkAlgo(document.spec, source, ["spec"], own);
      const earlier = this.byName.get(name)?.source;
      if (earlier !== undefined) {
        const place = `${earlier.file}:${earlier.lineOf([])}`;
        const message = `a second Algo named ${JSON.stringify(name)}, the first is at ${place}; rename one`;
        own.error(source, ["metadata", "name"], message);
      } else {
        this.byName.set(name, algo);
      }
      if (own.errorCount > 0) this.faulty.add(name);
      report.include(own);
    }
  }

  /**
   * The algo that an entry of a deployment means. What is wrong with the reference is reported; undefined comes
   * back too when the algo has problems of its own, which are reported already.
   */
  find(
    entry: AlgoDeploymentSpec,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ): FoundAlgo | undefined {
    const { algoRef, spec } = entry;
    if ((algoRef === undefined) === (spec === undefined)) {
      const found = spec === undefined ? "neither algoRef nor spec" : "both algoRef and spec";
      report.error(source, at, `found ${found}, expected one of them`);
      return undefined;
    }
    if (spec !== undefined) return this.inline(spec, source, [...at, "spec"], report);
    if ((algoRef?.name === undefined) === (algoRef?.matchLabels === undefined)) {
      const found =
        algoRef?.name === undefined ? "neither name nor matchLabels" : "both name and matchLabels";
      report.error(source, [...at, "algoRef"], `found ${found}, expected one of them`);
      return undefined;
    }
    if (algoRef?.name !== undefined)
      return this.named(algoRef.name, source, [...at, "algoRef", "name"], report);
    return this.labelled(algoRef?.matchLabels ?? {}, source, [...at, "algoRef", "matchLabels"], report);
  }

  private inline(
    spec: AlgoSpec,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ): FoundAlgo | undefined {
    const own = new ProblemReport();
    checkAlgo(spec, source, at, own);
    report.include(own);
    return own.errorCount === 0 ? { spec, source, at } : undefined;
  }

  private named(
    name: string,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ): FoundAlgo | undefined {
    if (this.faulty.has(name)) return undefined;
    const found = this.byName.get(name);
    if (found !== undefined) return { spec: found.document.spec, source: found.source, at: ["spec"] };
    const names = this.algos.map(({ document }) => document.metadata.name);
    const expected =
      names.length === 0 ? "an Algo document of that name" : `the Algo ${knownNames(name, names)}`;
    report.error(source, at, `unknown algo ${JSON.stringify(name)}, expected ${expected}`);
    return undefined;
  }

  private labelled(
    labels: Readonly<Record<string, string>>,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ): FoundAlgo | undefined {
    const matching = this.algos.filter(({ document }) =>
      Object.entries(labels).every(([key, value]) => document.metadata.labels[key] === value),
    );
    const [found, ...others] = matching;
    if (found !== undefined && others.length === 0) {
      if (this.faulty.has(found.document.metadata.name)) return undefined;
      return { spec: found.document.spec, source: found.source, at: ["spec"] };
    }
    const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const names = matching.map(({ document }) => document.metadata.name).sort();
    const count = found === undefined ? "no Algo document" : `the Algo documents ${oneOf(names)}`;
    report.error(source, at, `found ${count} with the labels ${wanted.join(", ")}, expected exactly one`);
    return undefined;
  }
}
