/** The caller went away before its request was complete: nobody is left to be answered. */
export class CallerGone extends Error {
  override readonly name = "CallerGone";
}
