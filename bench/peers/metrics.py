"""The peer of the metrics: BLEU, chrF and ROUGE-L in plain Python, written from their papers for this comparison.

BLEU: Papineni et al. 2002 with the tokenization of NIST's mteval-v13a and the smoothing that halves for each order
without a match (Chen and Cherry 2014, method 3). chrF2: Popovic 2015. ROUGE-L: Lin 2004, sentence level, F1.
"""
import json
import math
import platform
import re
from collections import Counter

import driver

RULES = [
    (re.compile(r"([{-~\[-` -&(-+:-@/])"), r" \1 "),  # punctuation but for ' , - .
    (re.compile(r"([^0-9])([.,])"), r"\1 \2 "),  # point and comma, unless a digit stands before
    (re.compile(r"([.,])([^0-9])"), r" \1 \2"),  # or after
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),  # a dash after a digit
]
ENTITIES = [("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]
WORD = re.compile(r"[a-z0-9]+")


def words_13a(text):
    text = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    if "&" in text:
        for entity, sign in ENTITIES:
            text = text.replace(entity, sign)
    text = f" {text} "
    for pattern, spaced in RULES:
        text = pattern.sub(spaced, text)
    return text.split()


def ngrams(tokens, n):
    return Counter(zip(*[tokens[i:] for i in range(n)]))


def bleu(pairs):
    matches, totals = [0] * 4, [0] * 4
    candidate_length = reference_length = 0
    for candidate, reference in pairs:
        c, r = words_13a(candidate), words_13a(reference)
        candidate_length += len(c)
        reference_length += len(r)
        for n in range(1, 5):
            counts = ngrams(c, n)
            matches[n - 1] += sum((counts & ngrams(r, n)).values())
            totals[n - 1] += max(0, len(c) - n + 1)
    logs, smooth = 0.0, 1.0
    for match, total in zip(matches, totals):
        if match == 0:
            smooth *= 2
        logs += math.log(match / total if match else 1 / (smooth * total))
    brevity = min(0.0, 1 - reference_length / candidate_length)
    return 100 * math.exp(brevity + logs / 4)


def chrf(pairs):
    matches, candidates, references = [0] * 6, [0] * 6, [0] * 6
    for candidate, reference in pairs:
        c, r = "".join(candidate.split()), "".join(reference.split())
        for n in range(1, 7):
            counts = Counter(c[i:i + n] for i in range(len(c) - n + 1))
            others = Counter(r[i:i + n] for i in range(len(r) - n + 1))
            matches[n - 1] += sum((counts & others).values())
            candidates[n - 1] += max(0, len(c) - n + 1)
            references[n - 1] += max(0, len(r) - n + 1)
    precision = sum(m / c for m, c in zip(matches, candidates)) / 6
    recall = sum(m / r for m, r in zip(matches, references)) / 6
    return 100 * 5 * precision * recall / (4 * precision + recall)


def common_length(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, 1):
            above = row[j]
            row[j] = diagonal + 1 if x == y else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def rouge_l(pairs):
    total = 0.0
    for candidate, reference in pairs:
        c, r = WORD.findall(candidate.lower()), WORD.findall(reference.lower())
        common = common_length(r, c)
        if common:
            precision, recall = common / len(c), common / len(r)
            total += 2 * precision * recall / (precision + recall)
    return 100 * total / len(pairs)


class Case:
    def __init__(self, metric, settings):
        self.metric = metric
        with open(settings["file"], encoding="utf-8") as lines:
            self.pairs = [tuple(json.loads(line)) for line in lines]

    def run(self):
        self.score = self.metric(self.pairs)

    def tell(self):
        return {"score": self.score}


CASES = {metric.__name__: lambda settings, metric=metric: Case(metric, settings) for metric in (bleu, chrf, rouge_l)}

if __name__ == "__main__":
    driver.serve(lambda threads: f"plain Python {platform.python_version()}, 1 thread", CASES)
