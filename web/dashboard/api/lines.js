/** The lines of an answer, as they come. */
export async function* lines(response) {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = (rest + value).split('\n');
      rest = parts.pop();
      for (const part of parts) yield part.endsWith('\r') ? part.slice(0, -1) : part;
    }
    if (rest !== '') yield rest;
  } finally {
    reader.cancel().catch(() => {}); // who stops reading needs no more
  }
}

/** Reads a JSONL answer a stretch at a time: all that was read so far, at least `count` of it where there is as much. */
export class JsonLines {
  #source;
  #reading = Promise.resolve();
  #done = false;
  read = [];

  constructor(response) { this.#source = lines(response); }

  /** Whether the end was read. */
  get done() { return this.#done; }

  /** Reads on; what is wanted at the same time is read once. */
  async upTo(count) {
    this.#reading = this.#reading.then(async () => {
      while (!this.#done && this.read.length < count) {
        const { done, value } = await this.#source.next();
        if (done) this.#done = true;
        else if (value.trim() !== '') this.read.push(JSON.parse(value));
      }
    });
    await this.#reading;
    return this.read;
  }

  /** Stops: what wasn't read is not sent. */
  end() { this.#source.return(); }
}
