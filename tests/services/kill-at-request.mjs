// Loaded before a service (NODE_OPTIONS=--import): kills it with SIGKILL at a given request to Kafka.
// KILL_AT_REQUEST is `{key of the request} {before|sent|answered} {how many of them are let through}`.
import { Buffer } from "node:buffer";
import { Socket } from "node:net";
import process from "node:process";

const [key, moment, through] = (process.env.KILL_AT_REQUEST ?? "").split(" ");
const write = Socket.prototype.write;
let left = Number(through);

function die() {
  process.kill(process.pid, "SIGKILL");
}

/** Whether something is a whole request: its size, its key, its version, and the number that its answer has, too. */
function isRequest(data) {
  return Buffer.isBuffer(data) && data.length > 12 && data.readInt32BE(0) === data.length - 4;
}

Socket.prototype.write = function (data, ...others) {
  if (!isRequest(data) || data.readInt16BE(4) !== Number(key) || left-- > 0)
    return write.call(this, data, ...others);
  if (moment === "before") die();
  const correlation = data.readInt32BE(8);
  if (moment === "answered")
    this.prependListener("data", (answer) => {
      if (answer.length >= 8 && answer.readInt32BE(4) === correlation) die();
    });
  return write.call(this, data, moment === "sent" ? die : undefined);
};
