/**
 * Words of a command line: separated by spaces, with '…' and "…" around words that contain some.
 *
 * @returns undefined when a quote is not closed
 */
export function commandWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== "") {
    const word = /^(?:[^\s'"]|'[^']*'|"[^"]*")+/.exec(rest)?.[0];
    if (word === undefined || /^['"]/.test(rest.slice(word.length))) return undefined;
    words.push(
      word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ""),
    );
    rest = rest.slice(word.length).trimStart();
  }
  return words;
}
