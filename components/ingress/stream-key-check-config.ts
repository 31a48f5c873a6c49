/** Paths and ports of the program that checks stream keys. */
export interface StreamKeyCheckConfig {
  /** Port that the RTMP server asks, on the loopback address; `/healthz` answers anybody. */
  readonly port: number;
  /** Folder of the rendered script. */
  readonly scriptFolder: string;
  /** Writable folder for what nginx needs while it runs. */
  readonly workFolder: string;
}

/** Name of the script beside the configuration. */
export const streamKeyScript = "stream-keys.js";

/** Where the RTMP server asks whether a stream may be published or played, and whether it may go on. */
export const streamKeyCheckPath = "/check";

/** nginx and its own module for scripts, as the official image and Debian have them. */
const scriptModule = "/usr/lib/nginx/modules/ngx_http_js_module.so";

/** Configuration of an nginx that answers the RTMP server's questions with {@link renderStreamKeyScript}. */
export function renderStreamKeyCheckConfig(config: StreamKeyCheckConfig): string {
  const { port, scriptFolder, workFolder } = config;
  return `load_module ${scriptModule};
daemon off;
worker_processes 1;
pid ${workFolder}/stream-keys.pid;
error_log stderr warn;

events {
  worker_connections 1024;
}

http {
  access_log off;
  server_tokens off;
  client_body_temp_path ${workFolder}/keys-body;
  proxy_temp_path ${workFolder}/keys-proxy;
  fastcgi_temp_path ${workFolder}/keys-fastcgi;
  uwsgi_temp_path ${workFolder}/keys-uwsgi;
  scgi_temp_path ${workFolder}/keys-scgi;
  js_path ${scriptFolder};
  js_import keys from ${streamKeyScript};

  server {
    listen ${port};
    location = /healthz {
      return 200 "ok\\n";
    }
    location = ${streamKeyCheckPath} {
      allow 127.0.0.1;
      deny all;
      js_content keys.check;
    }
  }
}
`;
}

/**
 * The script that checks a stream's key, in the dialect of nginx (njs): see `streamKey` for what a key is. What a client
 * adds to the stream's name comes after what the RTMP server says itself; what is there twice is no text, and refused.
 *
 * @param secretFile - holds the secret that all keys are derived from
 * @param previousSecretFile - holds the one before, whose keys still work. @default none do
 */
export function renderStreamKeyScript(secretFile: string, previousSecretFile?: string): string {
  const signed = 'right + name + (isLimited ? "?seconds=" + seconds : "")';
  const [previousMac, previouslyExpected, isPrevious] =
    previousSecretFile === undefined
      ? ["", "", ""]
      : [
          `
const previousSecret = fs.readFileSync(${JSON.stringify(previousSecretFile)});

function previousMac(text) {
  return crypto.createHmac("sha256", previousSecret).update(text).digest("hex");
}
`,
          `
  const previouslyExpected = previousMac(${signed});`,
          " && mac(key) !== mac(previouslyExpected)",
        ];
  return `import crypto from "crypto";
import fs from "fs";

const secret = fs.readFileSync(${JSON.stringify(secretFile)});

function mac(text) {
  return crypto.createHmac("sha256", secret).update(text).digest("hex");
}
${previousMac}
function isAllowed(args) {
  const call = args.call, name = args.name, key = args.key, seconds = args.seconds;
  if (![call, name, key].every((text) => typeof text === "string")) return false;
  const isLimited = seconds !== undefined;
  if (isLimited && !/^[1-9][0-9]{0,8}$/.test(seconds)) return false;
  const right = call === "play" ? "play " : "publish ";
  const expected = mac(${signed});${previouslyExpected}
  // Hashed once more, so that the time of a comparison says nothing about the key.
  if (mac(key) !== mac(expected)${isPrevious}) return false;
  return !isLimited || call !== "update_publish" || Number(args.time) <= Number(seconds);
}

function check(r) {
  if (isAllowed(r.args)) return r.return(204);
  r.warn("refused: " + JSON.stringify(r.args.call) + " of " + JSON.stringify(r.args.name));
  r.return(403);
}

export default { check };
`;
}
