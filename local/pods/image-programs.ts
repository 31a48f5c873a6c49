import { UserError } from "../user-error";

/** What runs on this machine in place of an image. */
export interface ImageProgram {
  /** The image's entry point, for containers that state no command. */
  readonly entrypoint: readonly string[];
  /** Folders that come first on the PATH: the image's programs that commands and scripts name. @default none */
  readonly path?: readonly string[];
  /** Further paths in the image, and what is there in their place. @default none */
  readonly paths?: Readonly<Record<string, string>>;
  /**
   * Puts right what a program of somebody else's can't know: that it has an address and not a network of its own.
   *
   * @param text - an argument, a variable or a file of a ConfigMap
   * @param address - of the pod
   * @default nothing to put right
   */
  adapt?(text: string, address: string): string;
}

/** Programs by the image's repository, without registry and tag where that is enough: `algorun/gateway`. */
export type ImagePrograms = Readonly<Record<string, ImageProgram>>;

/** The repository of an image's reference: without tag and digest. */
export function repositoryOf(image: string): string {
  return image.replace(/@sha256:[0-9a-f]+$/, "").replace(/:[\w.-]+$/, "");
}

/**
 * The program in place of an image; the longest name in the table that the repository ends with counts.
 *
 * @param where - who wants it, for the message
 * @throws UserError when the table has none
 */
export function programOf(image: string, programs: ImagePrograms, where: string): ImageProgram {
  const repository = repositoryOf(image);
  const names = Object.keys(programs)
    .filter((name) => repository === name || repository.endsWith(`/${name}`))
    .sort((a, b) => b.length - a.length);
  const program = programs[names[0] ?? ""];
  if (program !== undefined) return program;
  const known = Object.keys(programs).sort().join(", ");
  throw new UserError(
    `${where}: found image ${image}, which nothing on this machine stands for; expected one of ${known}`,
  );
}
