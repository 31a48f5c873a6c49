import { PassThrough, pipeline, type Readable } from "node:stream";

/**
 * The same bytes, which fail when nothing comes for so long though somebody waits for more. Who reads slowly is waited
 * for.
 */
export function endingOnSilence(source: Readable, silenceMs: number): Readable {
  const passed = new PassThrough();
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (passed.writableNeedDrain) watch();
      else source.destroy(new Error(`nothing came for ${silenceMs / 1000} s`));
    }, silenceMs);
  };
  source.on("data", watch);
  passed.on("drain", watch);
  watch();
  return pipeline(source, passed, () => {
    clearTimeout(timer);
  });
}
