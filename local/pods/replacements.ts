/** What stands for what in a text: a mount path and the folder in its place, the address of a Service and where it is. */
export type Replacements = Readonly<Record<string, string>>;

/** What may stand before a path that does not begin there: `/var/tmp`, `$HOME/tmp`, `~/tmp`, `${folder}/tmp`. */
const beforePath = "[A-Za-z0-9_.~})%*/-]";
const beforeAddress = "[A-Za-z0-9_.-]";
/** A dot at the end of a sentence is no part of a path; one with something behind it is. */
const behind = "\\.*[A-Za-z0-9_-]";

/**
 * A function that replaces paths and addresses in a text, wherever they stand for themselves: `/tmp` in `--dir=/tmp/x` and
 * `"/tmp"`, but not in `/tmpfs`, `/tmp.old` or `http://host/tmp`. Of two that begin alike the longer one counts, and what
 * was put in is not looked at again.
 */
export function replacer(replacements: Replacements): (text: string) => string {
  const words = Object.keys(replacements).sort((a, b) => b.length - a.length);
  if (words.length === 0) return (text) => text;
  const alternatives = words.map((word) => {
    const before = word.startsWith("/") ? beforePath : beforeAddress;
    return `(?<!${before})${escaped(word)}(?!${behind})`;
  });
  const pattern = new RegExp(alternatives.join("|"), "g");
  return (text) => text.replace(pattern, (word) => replacements[word] ?? word);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
