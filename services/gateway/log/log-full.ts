/** There is no room for a message in the log. */
export class LogFull extends Error {
  override readonly name = "LogFull";
}
