import { EVENT_ID, getScalarValue, type Event } from "js-yaml";
import type { PathStep } from "./problem";

/** Lines of the values of one YAML document. */
export class YamlPositions {
  private readonly lines = new Map<string, number>();

  /** @param firstLine line of the document's first value; first line of the file is 1 */
  constructor(readonly firstLine: number) {}

  /** Notes the line of the value at a path; the key of a mapping counts as the place of its value. */
  set(path: readonly PathStep[], line: number): void {
    this.lines.set(JSON.stringify(path), line);
  }

  /** Line of the value at a path, or of the nearest value around it. */
  lineOf(path: readonly PathStep[]): number {
    for (let length = path.length; length > 0; length--) {
      const line = this.lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return this.firstLine;
  }
}

interface Container {
  readonly path: readonly PathStep[];
  readonly isMapping: boolean;
  /** Key whose value comes next; undefined when a key is expected. */
  key: PathStep | undefined;
  nextIndex: number;
}

/** Walks the events of one document and notes where each value begins. */
class PositionWalk {
  readonly positions: YamlPositions;
  private readonly open: Container[] = [];

  constructor(
    private readonly text: string,
    private readonly lineAt: (offset: number) => number,
    firstLine: number,
  ) {
    this.positions = new YamlPositions(firstLine);
  }

  visit(event: Event): void {
    if (event.type === EVENT_ID.DOCUMENT) return;
    if (event.type === EVENT_ID.POP) {
      this.open.pop();
      return;
    }
    const container = this.open.at(-1);
    if (container?.isMapping === true && container.key === undefined) {
      this.enterKey(container, event);
      return;
    }
    const path = container === undefined ? [] : [...container.path, this.step(container)];
    if (container?.isMapping !== true && path.length > 0)
      this.positions.set(path, this.lineAt(startOf(event)));
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const isMapping = event.type === EVENT_ID.MAPPING;
      this.open.push({ path, isMapping, key: undefined, nextIndex: 0 });
    }
  }

  private enterKey(container: Container, event: Event): void {
    // A key that is no scalar is refused when the values are constructed; here it only has to be passed by.
    container.key = event.type === EVENT_ID.SCALAR ? getScalarValue(this.text, event) : "";
    this.positions.set([...container.path, container.key], this.lineAt(startOf(event)));
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const isMapping = event.type === EVENT_ID.MAPPING;
      this.open.push({ path: [...container.path, ""], isMapping, key: undefined, nextIndex: 0 });
    }
  }

  private step(container: Container): PathStep {
    if (!container.isMapping) return container.nextIndex++;
    const key = container.key ?? "";
    container.key = undefined;
    return key;
  }
}

function startOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.ALIAS:
      return event.anchorStart;
    case EVENT_ID.DOCUMENT:
    case EVENT_ID.POP:
      return 0;
  }
}

/** Translates offsets to lines by bisection. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

/** Positions of each document of a file, in order, from the events of its parser. */
export function positionsOf(text: string, events: readonly Event[]): readonly YamlPositions[] {
  const lineAt = lineFinder(text);
  const walks: PositionWalk[] = [];
  events.forEach((event, index) => {
    if (event.type === EVENT_ID.DOCUMENT) {
      const first = events[index + 1];
      walks.push(new PositionWalk(text, lineAt, lineAt(first === undefined ? 0 : startOf(first))));
    }
    walks.at(-1)?.visit(event);
  });
  return walks.map((walk) => walk.positions);
}
