import { createServer } from "node:http";

/** In place of an algo that is an HTTP server: answers with what it gets, and to probes that it is well. */
const host = process.env["LISTEN_ADDRESS"];

for (const port of process.argv.slice(2).map(Number)) {
  createServer((request, response) => {
    const type = request.headers["content-type"];
    if (type !== undefined) response.setHeader("content-type", type);
    request.pipe(response);
  }).listen(port, host);
}
