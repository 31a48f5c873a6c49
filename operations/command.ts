import { UserError } from "../local/user-error";
import { parseRequest, runBackupJob } from "./backup-job";

/** `make backup` and `make restore`. */
async function main(words: readonly string[]): Promise<void> {
  await runBackupJob(parseRequest(words), (line) => {
    console.log(line);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
