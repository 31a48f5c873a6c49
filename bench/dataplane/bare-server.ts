import { createServer } from "node:http";

/* Node's own server, which reads a body and says 202: the most that a gateway in Node could do. `node bare-server.ts PORT` */

createServer((request, response) => {
  request.resume();
  request.on("end", () => response.writeHead(202).end());
}).listen(Number(process.argv[2]), "127.0.0.1");
