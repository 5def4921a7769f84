using System.Globalization;

namespace DiffusionBatch.Cli.Tests.Running;

/// <summary>A storage root with a pipeline that takes a second or two: numbers in German to numbers in English.</summary>
internal static class SmallPipeline
{
    static readonly string[] s_german = ["null", "eins", "zwei", "drei", "vier", "sechs", "sieben", "acht", "neun"];
    static readonly string[] s_english = ["zero", "one", "two", "three", "four", "six", "seven", "eight", "nine"];

    /// <summary>Pairs from a number on, in JSONL.</summary>
    public static string Pairs(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(i =>
        $$"""{"id":"{{i}}","source":"{{Words(s_german, i)}}","target":"{{Words(s_english, i)}}"}""" + "\n"));

    /// <summary>Writes data and manifest into a folder.</summary>
    /// <param name="folder">The root.</param>
    /// <param name="steps">Training steps.</param>
    /// <param name="test">The lines to sample; by default twelve good ones.</param>
    public static void Write(TemporaryFolder folder, int steps = 12, string? test = null)
    {
        folder.Write("data/train.jsonl", Pairs(0, 200));
        folder.Write("data/test.jsonl", test ?? Pairs(200, 12));
        folder.Write("manifest.json", $$"""
            { "kind": "pipeline", "name": "numbers", "jobs": [
              { "kind": "finetune", "name": "train",
                "model": { "new": { "architecture": "xlm-roberta", "hiddenSize": 16, "layers": 1, "heads": 2, "feedForwardSize": 32, "maxPositions": 66 },
                           "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
                "data": { "train": "data/train.jsonl", "prompt": "{source} = ", "maxLength": 64 },
                "training": { "steps": {{steps.ToString(CultureInfo.InvariantCulture)}}, "batchTokens": 256, "checkpointEvery": 10, "learningRate": 3e-3 },
                "length": { "predictor": { "steps": 5 } },
                "output": "models/numbers" },
              { "kind": "sample", "name": "translate", "model": { "from": "models/numbers" }, "input": "data/test.jsonl",
                "sampler": { "steps": [1, 2], "length": { "source": "predicted" } }, "output": "results/numbers" },
              { "kind": "evaluate", "name": "score", "predictions": "results/numbers", "references": "data/test.jsonl",
                "metrics": ["bleu", "chrf", "cost"], "output": "reports/numbers" }
            ] }
            """);
    }

    static string Words(string[] digits, int number) =>
        string.Join(' ', Convert.ToString(number + 100, 8).Select(c => digits[c - '0']));
}
