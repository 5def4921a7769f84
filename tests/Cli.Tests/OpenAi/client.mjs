// What a program with the official npm client does: node client.mjs BASE_URL KEY MODEL REQUESTS. Writes what it saw as JSON.
import fs from "node:fs";
import OpenAI from "openai";

const [baseURL, apiKey, model, requests] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey });
const seen = { statuses: [] };

async function ended(batch) {
  for (;;) {
    if (seen.statuses.at(-1) !== batch.status) seen.statuses.push(batch.status);
    if (["completed", "failed", "expired", "cancelled"].includes(batch.status)) return batch;
    await new Promise((resolve) => setTimeout(resolve, 100));
    batch = await client.batches.retrieve(batch.id);
  }
}

seen.models = [];
for await (const listed of client.models.list()) seen.models.push(listed.id);
seen.model = (await client.models.retrieve(model)).id;

const file = await client.files.create({ file: fs.createReadStream(requests), purpose: "batch" });
const create = (more) => client.batches.create({ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h", ...more });
seen.file = await client.files.retrieve(file.id);
seen.batch = await ended(await create({ metadata: { run: "npm" } }));
seen.output = await (await client.files.content(seen.batch.output_file_id)).text();

const stopped = await create();
await client.batches.cancel(stopped.id);
seen.cancelled = (await ended(stopped)).status;

seen.batches = [];
for await (const listed of client.batches.list({ limit: 1 })) seen.batches.push(listed.id);
seen.files = [];
for await (const listed of client.files.list({ purpose: "batch", limit: 1 })) seen.files.push(listed.id);

seen.errors = {};
const failing = {
  batch: () => client.batches.retrieve("batch_none"),
  endpoint: () => client.batches.create({ input_file_id: file.id, endpoint: "/v1/embeddings", completion_window: "24h" }),
  content: () => client.files.content("file-none"),
};
for (const [name, call] of Object.entries(failing)) {
  try {
    await call();
  } catch (e) {
    seen.errors[name] = { status: e.status, type: e.type, param: e.param, code: e.code, kind: e.constructor.name };
  }
}
seen.deleted = (await client.files.delete(file.id)).deleted;
process.stdout.write(JSON.stringify(seen));
