using System.Text;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

/// <summary>Reads manifests' texts against <see cref="FakeRoot.Usual"/>.</summary>
internal static class Read
{
    public const string Finetune = """
        { "kind": "finetune", "name": "de-en",
          "model": { "new": { "architecture": "xlm-roberta", "hiddenSize": 256, "layers": 6, "heads": 4, "feedForwardSize": 1024, "maxPositions": 256, "dropout": 0.1 },
                     "tokenizer": { "train": "bpe", "vocabularySize": 8000 } },
          "data": { "train": "data/train.jsonl", "validation": "data/validation.jsonl",
                    "prompt": "Translate the German sentence into English. German: {source} English: ", "target": "{target}", "maxLength": 256 },
          "objective": { "process": "absorbing", "timesteps": 50, "weighting": "linear", "coupled": true, "labelSmoothing": 0.0, "attention": "full" },
          "training": { "steps": 3000, "batchTokens": 4096, "accumulate": 1, "learningRate": 5e-4, "minLearningRate": 0, "warmupSteps": 300, "schedule": "cosine",
                        "betas": [0.9, 0.98], "epsilon": 1e-8, "weightDecay": 0.01, "clipNorm": 1.0, "evaluateEvery": 500, "checkpointEvery": 500, "precision": "float32" },
          "vocabulary": { "trim": true },
          "length": { "predictor": { "steps": 500 } },
          "seed": 1, "output": "models/new" }
        """;

    public const string Sample = """
        { "kind": "sample", "name": "de-en-test", "model": { "from": "models/de-en" }, "input": "data/test.jsonl",
          "sampler": { "preset": "rdm", "steps": [1, 2, 4, 8, 16, 32, 50], "reMask": "uncond", "order": "deterministic", "schedule": "cosine",
                       "temperature": 0, "length": { "source": "predicted", "beam": 5 } },
          "shardSize": 256, "trace": false, "seed": 1, "output": "results/new" }
        """;

    public const string Evaluate = """
        { "kind": "evaluate", "name": "de-en-scores", "predictions": "results/de-en-test", "references": "data/test.jsonl",
          "metrics": ["bleu", { "name": "bleu", "tokenize": "intl", "as": "bleu-intl" }, "chrf", "exactMatch", "cost"], "seed": 1, "output": "reports/de-en" }
        """;

    public static ManifestReading Json(string text, IPathProbe? root = null) =>
        Bytes(Encoding.UTF8.GetBytes(text), ManifestFormat.Json, root);

    public static ManifestReading Yaml(string text, IPathProbe? root = null) =>
        Bytes(Encoding.UTF8.GetBytes(text), ManifestFormat.Yaml, root);

    public static ManifestReading Bytes(byte[] text, ManifestFormat format, IPathProbe? root = null) =>
        ManifestReader.Parse(text, "m.json", format, root ?? FakeRoot.Usual);

    /// <summary>The manifest of a text that must be good.</summary>
    public static T Good<T>(string text, IPathProbe? root = null) where T : JobManifest
    {
        var reading = Json(text, root);
        Assert.Empty(reading.Problems);
        return Assert.IsType<T>(reading.Manifest);
    }

    /// <summary>The one problem of a text that must have exactly one.</summary>
    public static Problem OneProblem(string text, IPathProbe? root = null)
    {
        var reading = Json(text, root);
        Assert.Null(reading.Manifest);
        return Assert.Single(reading.Problems);
    }
}
