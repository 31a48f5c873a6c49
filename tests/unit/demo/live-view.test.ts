import assert from "node:assert/strict";
import { LiveView } from "../../../demo/live-view";

/** What a terminal shows after all that was written: it knows how to go up, and how to clear what follows. */
function screenOf(written: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const text of written) {
    const [up] = text.startsWith("\u001b[") ? text.slice(2).split("A") : [];
    if (up === undefined) lines.push(...text.replace(/\n$/, "").split("\n"));
    else lines.splice(lines.length - Number(up));
  }
  return lines;
}

function viewOn(terminal: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }): {
  readonly view: LiveView;
  readonly written: readonly string[];
} {
  const written: string[] = [];
  const view = new LiveView({ ...terminal, write: (text) => written.push(text) });
  return { view, written };
}

describe("the demo's view", () => {
  const shown = (...lines: readonly string[]): { lines: readonly string[]; summary: string } => ({
    lines,
    summary: `summary of ${lines.join(" ")}`,
  });

  it("puts what is new in the place of what was shown, on a terminal", () => {
    const { view, written } = viewOn({ isTTY: true });
    view.show(shown("one", "two", "three"));
    view.show(shown("four", "five"));
    assert.deepEqual(screenOf(written), ["four", "five"]);
  });

  it("says something above what changes", () => {
    const { view, written } = viewOn({ isTTY: true });
    view.report("before");
    view.show(shown("one"));
    view.report("a container has ended");
    view.show(shown("two"));
    assert.deepEqual(screenOf(written), ["before", "a container has ended", "two"]);
  });

  it("shows no line that would wrap and no more lines than there is room for, but all of them at the end", () => {
    const { view, written } = viewOn({ isTTY: true, columns: 10, rows: 3 });
    const all = ["a line of more than ten", "two", "three"];
    view.show(shown(...all));
    assert.deepEqual(screenOf(written), ["a line of…", "two"]);
    view.end(shown(...all));
    assert.deepEqual(screenOf(written), all);
  });

  it("writes a line whenever something is new elsewhere, and nothing that only a terminal understands", () => {
    const { view, written } = viewOn({});
    for (const line of ["one", "one", "two"]) view.show(shown(line));
    view.report("note");
    view.end(shown("two"));
    assert.equal(written.join(""), "summary of one\nsummary of two\nnote\ntwo\n");
  });
});
