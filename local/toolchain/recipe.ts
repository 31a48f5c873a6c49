/** What a recipe is given to work with. */
export interface Kitchen {
  /** Empty folder to put the result in; it is thrown away if the recipe fails. */
  readonly directory: string;
  /** Folder for what is needed on the way only. */
  readonly scratch: string;
  /** File that everything a program says goes to. */
  readonly log: string;
  /** Folders with the results of the recipes that this one needs, by their names. */
  readonly needs: Readonly<Record<string, string>>;
}

/** How one folder of programs is made. */
export interface Recipe {
  /** Name of the folder in the cache, and of the log file. */
  readonly name: string;
  /** What a person calls the result. */
  readonly title: string;
  /** What is done, and roughly how long it takes on a machine with two cores, such as `building from Go modules (about 3 min)`. */
  readonly method: string;
  /** Recipes whose results are used by this one. */
  readonly needs: readonly Recipe[];
  /** Everything that decides the result: versions, flags, contents of files. Another value makes another folder. */
  readonly ingredients: () => Promise<readonly string[]>;
  /**
   * Fetches the result from its official place.
   *
   * @returns whether it could; if not, the recipe is followed instead.
   */
  readonly download?: (kitchen: Kitchen) => Promise<boolean>;
  /** Makes the result. @throws UserError if something that it needs is missing or fails. */
  readonly make: (kitchen: Kitchen) => Promise<void>;
}
