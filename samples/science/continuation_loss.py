"""A left-to-right model's loss on the targets of pairs, nats a token, with a 95 % bootstrap interval over items.

usage: continuation_loss.py PAIRS.jsonl MODEL [DBATCH]
Prompt and target are encoded apart, as in training; the loss is over the target's tokens, without an end of text.
"""
import array, json, math, os, random, struct, subprocess, sys, tempfile

pairs, model = sys.argv[1:3]
dbatch = sys.argv[3:] or ["./dbatch"]
items = [json.loads(line) for line in open(pairs, encoding="utf-8")]


def tokenize(texts, *options):
    lines = "".join(json.dumps(t) + "\n" for t in texts)
    return [json.loads(line) for line in subprocess.run([*dbatch, "tokenize", model, *options], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()]


prompts, targets = tokenize([i["source"] for i in items]), tokenize([i["target"] for i in items], "--plain")
rows, columns = len(items), max(len(p) + len(t) for p, t in zip(prompts, targets))
ids, mask = array.array("q"), array.array("q")
for prompt, target in zip(prompts, targets):
    length = len(prompt) + len(target)
    ids.extend([*prompt, *target] + [0] * (columns - length))
    mask.extend([1] * length + [0] * (columns - length))
with tempfile.TemporaryDirectory() as folder:
    given, made = os.path.join(folder, "in.safetensors"), os.path.join(folder, "out.safetensors")
    size = rows * columns * 8
    header = json.dumps({"input_ids": {"dtype": "I64", "shape": [rows, columns], "data_offsets": [0, size]},
                         "attention_mask": {"dtype": "I64", "shape": [rows, columns], "data_offsets": [size, 2 * size]}}).encode()
    header += b" " * (-len(header) % 8)
    with open(given, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + ids.tobytes() + mask.tobytes())
    subprocess.run([*dbatch, "inspect", model, "--forward", given, "--out", made], check=True, stderr=subprocess.DEVNULL)
    with open(made, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        vocabulary = header["logits"]["shape"][2]
        logits = array.array("f", file.read())
losses = []
for b, (prompt, target) in enumerate(zip(prompts, targets)):
    total = 0.0
    for i, token in enumerate(target):
        at = (b * columns + len(prompt) + i - 1) * vocabulary
        row = logits[at:at + vocabulary]
        high = max(row)
        total += high + math.log(sum(math.exp(x - high) for x in row)) - row[token]
    losses.append((total, len(target)))
mean = lambda sample: sum(t for t, _ in sample) / sum(n for _, n in sample)
draw = random.Random(1)
drawn = sorted(mean(draw.choices(losses, k=rows)) for _ in range(1000))
print(f"{mean(losses):.3f} ({drawn[24]:.3f} to {drawn[974]:.3f})")
