"""Share of a response's tokens that are right, position by position, with a 95 % bootstrap interval over items.

usage: token_accuracy.py RESULTS-CELL REFERENCES.jsonl MODEL [DBATCH]
The results must have been sampled with "ids": true and the oracle's lengths, so that both have as many tokens.
"""
import glob, json, random, subprocess, sys

cell, references, model = sys.argv[1:4]
dbatch = sys.argv[4:] or ["./dbatch"]
written = {}
for part in sorted(glob.glob(cell + "/part-*.jsonl")):
    for line in open(part, encoding="utf-8"):
        item = json.loads(line)
        written[item["id"]] = item["ids"]
items = [json.loads(line) for line in open(references, encoding="utf-8")]
encoded = subprocess.run([*dbatch, "tokenize", model, "--plain"], input="".join(json.dumps(i["target"]) + "\n" for i in items),
                         capture_output=True, text=True, check=True).stdout.splitlines()
counts = []
for item, line in zip(items, encoded, strict=True):
    right, ids = json.loads(line), written[item["id"]]
    assert len(right) == len(ids), item["id"]
    counts.append((sum(a == b for a, b in zip(right, ids)), len(right)))
share = lambda sample: 100 * sum(c for c, _ in sample) / sum(n for _, n in sample)
draw = random.Random(1)
drawn = sorted(share(draw.choices(counts, k=len(counts))) for _ in range(1000))
print(f"{share(counts):.1f} ({drawn[24]:.1f} to {drawn[974]:.1f})")
