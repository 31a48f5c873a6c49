import { dirname } from "node:path";
import type { ImagePrograms } from "../local/pods/image-programs";
import { resolveTools } from "../local/toolchain/toolchain";
import { buildService } from "../services/build";

const services = ["gateway", "runner", "hook-runner"] as const;

/** Where Debian has the modules of nginx that the images have built in. */
const rtmpModule = "/usr/lib/nginx/modules/ngx_rtmp_module.so";

/** nginx may do nothing but change from root to somebody who could not read the keys. */
const nginxUser = process.getuid?.() === 0 ? "user root;" : "";

/** What runs in place of the platform's images: AlgoRun's own services, built from this checkout, and tools. */
export async function platformPrograms(): Promise<ImagePrograms> {
  const tools = await resolveTools(["mc", "minio", "nginx"]);
  const bundles = await Promise.all(services.map(async (name) => [name, await buildService(name)] as const));
  const own: Record<string, ImagePrograms[string]> = {};
  for (const [name, bundle] of bundles) {
    own[`algorun/${name}`] = { entrypoint: [process.execPath, "--enable-source-maps", bundle] };
  }
  return {
    ...own,
    "minio/minio": {
      entrypoint: [tools.minio.path],
      path: [dirname(tools.minio.path)],
      adapt: (text, address) => (text === ":9000" ? `${address}:9000` : text),
    },
    "minio/mc": { entrypoint: [tools.mc.path], path: [dirname(tools.mc.path)] },
    "tiangolo/nginx-rtmp": nginx(tools.nginx.path, `load_module ${rtmpModule};`),
    "library/nginx": nginx(tools.nginx.path, ""),
  };
}

function nginx(program: string, modules: string): ImagePrograms[string] {
  const directives = `${modules}${nginxUser}`;
  return {
    entrypoint: [program],
    path: [dirname(program)],
    adapt: (text, address) => {
      if (!text.includes("daemon off;")) return text;
      const own = text
        .replaceAll(/\blisten (\d+)/g, `listen ${address}:$1`)
        .replaceAll("//127.0.0.1:", `//${address}:`);
      return `${directives}\n${own}`;
    },
  };
}
