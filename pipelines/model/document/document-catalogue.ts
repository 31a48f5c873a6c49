import type { Sourced } from "./documents";
import { knownNames } from "./nearest-name";
import { ProblemReport, type DocumentSource, type PathStep } from "./problem";
import { oneOf } from "../values/text";

/** Something that a deployment refers to, and where it stands. */
export interface Found<Spec> {
  readonly spec: Spec;
  readonly source: DocumentSource;
  /** Path of the spec in its document. */
  readonly at: readonly PathStep[];
}

/** A document that others refer to. */
export interface Referable<Spec> {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: Spec;
}

/** How an entry of a deployment says what it means: by reference, or in its own words. */
export interface Reference<Spec> {
  readonly ref?:
    | {
        readonly name?: string | undefined;
        readonly matchLabels?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly spec?: Spec | undefined;
}

/** What differs from one kind of document to the next. */
export interface CatalogueKind<Spec> {
  /** `kind` of the documents. */
  readonly kind: string;
  /** What one of them is, in words. */
  readonly noun: string;
  /** Field of a deployment's entry that holds the reference. */
  readonly field: string;
  /** Reports what is wrong with one by itself. */
  readonly check: (
    spec: Spec,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ) => void;
}

/** Documents of one kind, checked, for deployments to refer to. */
export class DocumentCatalogue<Spec> {
  private readonly faulty: Set<string>;
  private readonly byName = new Map<string, Sourced<Referable<Spec>>>();

  /**
   * @param faulty names of documents that could not be read: references to them are not unknown
   */
  constructor(
    private readonly kind: CatalogueKind<Spec>,
    private readonly documents: readonly Sourced<Referable<Spec>>[],
    faulty: readonly string[],
    report: ProblemReport,
  ) {
    this.faulty = new Set(faulty);
    for (const sourced of documents) {
      const { document, source } = sourced;
      const name = document.metadata.name;
      const own = new ProblemReport();
      kind.check(document.spec, source, ["spec"], own);
      const earlier = this.byName.get(name)?.source;
      if (earlier !== undefined) {
        const place = `${earlier.file}:${earlier.lineOf([])}`;
        const message = `a second ${kind.kind} named ${JSON.stringify(name)}, the first is at ${place}; rename one`;
        own.error(source, ["metadata", "name"], message);
      } else {
        this.byName.set(name, sourced);
      }
      if (own.errorCount > 0) this.faulty.add(name);
      report.include(own);
    }
  }

  /**
   * What an entry of a deployment means. What is wrong with the reference is reported; undefined comes back too when
   * the document has problems of its own, which are reported already.
   */
  find(
    { ref, spec }: Reference<Spec>,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ): Found<Spec> | undefined {
    const { field } = this.kind;
    if ((ref === undefined) === (spec === undefined)) {
      const found = spec === undefined ? `neither ${field} nor spec` : `both ${field} and spec`;
      report.error(source, at, `found ${found}, expected one of them`);
      return undefined;
    }
    if (spec !== undefined) return this.inline(spec, source, [...at, "spec"], report);
    if ((ref?.name === undefined) === (ref?.matchLabels === undefined)) {
      const found = ref?.name === undefined ? "neither name nor matchLabels" : "both name and matchLabels";
      report.error(source, [...at, field], `found ${found}, expected one of them`);
      return undefined;
    }
    if (ref?.name !== undefined) return this.named(ref.name, source, [...at, field, "name"], report);
    return this.labelled(ref?.matchLabels ?? {}, source, [...at, field, "matchLabels"], report);
  }

  private inline(
    spec: Spec,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ): Found<Spec> | undefined {
    const own = new ProblemReport();
    this.kind.check(spec, source, at, own);
    report.include(own);
    return own.errorCount === 0 ? { spec, source, at } : undefined;
  }

  private named(
    name: string,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ): Found<Spec> | undefined {
    if (this.faulty.has(name)) return undefined;
    const found = this.byName.get(name);
    if (found !== undefined) return { spec: found.document.spec, source: found.source, at: ["spec"] };
    const { kind, noun } = this.kind;
    const names = this.documents.map(({ document }) => document.metadata.name);
    const expected =
      names.length === 0
        ? `a document of kind ${kind} with that name`
        : `the ${kind} ${knownNames(name, names)}`;
    report.error(source, at, `unknown ${noun} ${JSON.stringify(name)}, expected ${expected}`);
    return undefined;
  }

  private labelled(
    labels: Readonly<Record<string, string>>,
    source: DocumentSource,
    at: readonly PathStep[],
    report: ProblemReport,
  ): Found<Spec> | undefined {
    const matching = this.documents.filter(({ document }) =>
      Object.entries(labels).every(([key, value]) => document.metadata.labels[key] === value),
    );
    const [found, ...others] = matching;
    if (found !== undefined && others.length === 0) {
      if (this.faulty.has(found.document.metadata.name)) return undefined;
      return { spec: found.document.spec, source: found.source, at: ["spec"] };
    }
    const { kind } = this.kind;
    const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const names = matching.map(({ document }) => document.metadata.name).sort();
    const count = found === undefined ? `no ${kind} document` : `the ${kind} documents ${oneOf(names)}`;
    report.error(source, at, `found ${count} with the labels ${wanted.join(", ")}, expected exactly one`);
    return undefined;
  }
}
