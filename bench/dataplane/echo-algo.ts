import { createServer } from "node:http";

/* An algo as a server that gives back what it gets: what is measured is the way, not the algo. `node echo-algo.ts PORT` */

createServer((request, response) => {
  response.writeHead(200, { "content-type": "text/plain" });
  request.pipe(response);
}).listen(Number(process.argv[2]), "127.0.0.1");
