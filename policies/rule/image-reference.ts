/** The parts of an image reference. */
export interface ImageReference {
  /** As it is written: `docker.io/library/nginx`, `nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Grammar of the OCI distribution specification; a colon before the last slash belongs to a registry's port. */
const imagePattern =
  /^(?<repository>(?:[\w.-]+(?::\d+)?\/)?[a-z\d]+(?:[._-]+[a-z\d]+)*(?:\/[a-z\d]+(?:[._-]+[a-z\d]+)*)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[a-f\d]{64}|sha512:[a-f\d]{128}))?$/;

/** Takes an image reference apart; undefined when it is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  const parts = imagePattern.exec(text)?.groups;
  const repository = parts?.repository;
  return repository === undefined ? undefined : { repository, tag: parts?.tag, digest: parts?.digest };
}

/** A repository with its registry: container runtimes take one without for one of Docker Hub. */
export function fullRepository(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) return repository;
  return rest.length === 0 ? `docker.io/library/${repository}` : `docker.io/${repository}`;
}
