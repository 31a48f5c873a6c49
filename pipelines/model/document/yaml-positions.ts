import { EVENT_ID, getScalarValue, parseEvents, type Event } from "js-yaml";
import type { PathStep } from "./problem";

/** Lines of the values of one YAML document. */
export interface YamlPositions {
  /** Line of the value at a path, or of the nearest value around it; the key of a mapping counts as its value. */
  lineOf(path: readonly PathStep[]): number;
}

/** Lines by path, as JSON. */
type Lines = ReadonlyMap<string, number>;

interface Container {
  readonly path: readonly PathStep[];
  readonly isMapping: boolean;
  /** Key whose value comes next; undefined when a key is expected. */
  key: PathStep | undefined;
  nextIndex: number;
}

/** Walks the events of one document and notes where each value begins. */
class PositionWalk {
  readonly lines = new Map<string, number>();
  private readonly open: Container[] = [];

  constructor(
    private readonly text: string,
    private readonly lineAt: (offset: number) => number,
  ) {}

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
    if (container?.isMapping !== true && path.length > 0) this.note(path, event);
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const isMapping = event.type === EVENT_ID.MAPPING;
      this.open.push({ path, isMapping, key: undefined, nextIndex: 0 });
    }
  }

  private enterKey(container: Container, event: Event): void {
    // A key that is no scalar is refused when the values are constructed; here it only has to be passed by.
    container.key = event.type === EVENT_ID.SCALAR ? getScalarValue(this.text, event) : "";
    this.note([...container.path, container.key], event);
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const isMapping = event.type === EVENT_ID.MAPPING;
      this.open.push({ path: [...container.path, ""], isMapping, key: undefined, nextIndex: 0 });
    }
  }

  private note(path: readonly PathStep[], event: Event): void {
    this.lines.set(JSON.stringify(path), this.lineAt(startOf(event)));
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

/**
 * Positions of each document of a file, in order. Most documents have no fault, and nobody asks for their lines: the
 * events are walked, once more from the text, when somebody does.
 *
 * @param events the events of the text's parser
 */
export function positionsOf(text: string, events: readonly Event[]): readonly YamlPositions[] {
  const lineAt = lineFinder(text);
  let walked: readonly Lines[] | undefined;
  return firstValues(events).map((first, index): YamlPositions => {
    const firstLine = lineAt(first === undefined ? 0 : startOf(first));
    return {
      lineOf(path) {
        if (path.length === 0) return firstLine;
        walked ??= walk(text, lineAt);
        return nearestLine(walked[index], path) ?? firstLine;
      },
    };
  });
}

function firstValues(events: readonly Event[]): readonly (Event | undefined)[] {
  return events.flatMap((event, index) => (event.type === EVENT_ID.DOCUMENT ? [events[index + 1]] : []));
}

function walk(text: string, lineAt: (offset: number) => number): readonly Lines[] {
  const walks: PositionWalk[] = [];
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.DOCUMENT) walks.push(new PositionWalk(text, lineAt));
    walks.at(-1)?.visit(event);
  }
  return walks.map(({ lines }) => lines);
}

function nearestLine(lines: Lines | undefined, path: readonly PathStep[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const line = lines?.get(JSON.stringify(path.slice(0, length)));
    if (line !== undefined) return line;
  }
  return undefined;
}
