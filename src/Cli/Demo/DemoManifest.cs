using System.Text.Json.Nodes;

namespace DiffusionBatch.Cli.Demo;

/// <summary>The demo's one manifest: finetune, sample at several step counts, evaluate.</summary>
internal static class DemoManifest
{
    /// <summary>Training pairs, relative to the demo's folder.</summary>
    public const string Train = "data/train.jsonl";

    /// <summary>Pairs for the validation loss.</summary>
    public const string Validation = "data/validation.jsonl";

    /// <summary>Held-out pairs.</summary>
    public const string Test = "data/test.jsonl";

    /// <summary>The pretrained model that is adapted, or whose tokenizer is taken.</summary>
    public const string Backbone = "models/backbone";

    /// <summary>The trained checkpoint.</summary>
    public const string Model = "models/messages";

    /// <summary>The sampled texts, a folder for each step count.</summary>
    public const string Results = "results/messages";

    /// <summary>The scores.</summary>
    public const string Report = "reports/messages";

    /// <summary>What stands between a source and its target.</summary>
    public const string Between = " => ";

    /// <summary>The manifest as a JSON document.</summary>
    public static JsonObject Create(DemoSettings s)
    {
        int lengthSteps = Math.Max(1, (int)(s.Steps * s.LengthStepsShare));
        int warmup = (int)(s.Steps * s.WarmupShare);
        int every = Math.Max(1, s.Steps / 10);
        return new JsonObject
        {
            ["kind"] = "pipeline",
            ["name"] = "demo",
            ["jobs"] = new JsonArray
            {
                new JsonObject
                {
                    ["kind"] = "finetune",
                    ["name"] = "train",
                    ["model"] = s.FromScratch ? FromScratch(s) : new JsonObject { ["from"] = Backbone },
                    ["data"] = new JsonObject
                    {
                        ["train"] = Train, ["validation"] = Validation, ["prompt"] = "{source}" + Between, ["target"] = "{target}",
                        ["maxLength"] = s.MaxLength,
                    },
                    ["objective"] = new JsonObject { ["process"] = "absorbing", ["timesteps"] = 50, ["weighting"] = "linear",
                        ["labelSmoothing"] = s.LabelSmoothing },
                    ["training"] = new JsonObject
                    {
                        ["steps"] = s.Steps, ["batchTokens"] = s.BatchTokens, ["learningRate"] = s.LearningRate, ["warmupSteps"] = warmup,
                        ["schedule"] = "cosine", ["weightDecay"] = s.WeightDecay, ["precision"] = "auto", ["evaluateEvery"] = every,
                        ["checkpointEvery"] = every,
                    },
                    ["length"] = new JsonObject { ["predictor"] = new JsonObject { ["steps"] = lengthSteps } },
                    ["seed"] = s.Seed, ["output"] = Model, ["overwrite"] = true,
                },
                new JsonObject
                {
                    ["kind"] = "sample",
                    ["name"] = "translate",
                    ["model"] = new JsonObject { ["from"] = Model },
                    ["input"] = Test,
                    ["sampler"] = new JsonObject
                    {
                        ["preset"] = "rdm", ["steps"] = new JsonArray([.. s.SamplingSteps.Select(n => (JsonNode)n)]),
                        ["length"] = new JsonObject { ["source"] = "predicted", ["beam"] = s.LengthBeam },
                    },
                    ["seed"] = s.Seed, ["output"] = Results, ["overwrite"] = true,
                },
                new JsonObject
                {
                    ["kind"] = "evaluate",
                    ["name"] = "score",
                    ["predictions"] = Results,
                    ["references"] = Test,
                    ["metrics"] = new JsonArray("bleu", "chrf", "exactMatch", "cost"),
                    ["seed"] = s.Seed, ["output"] = Report, ["overwrite"] = true,
                },
            },
        };
    }

    // The backbone's shape and its tokenizer, with new weights: what differs is the pretraining alone.
    static JsonObject FromScratch(DemoSettings s) => new()
    {
        ["new"] = new JsonObject
        {
            ["architecture"] = "xlm-roberta",
            ["hiddenSize"] = s.HiddenSize,
            ["layers"] = s.Layers,
            ["heads"] = s.Heads,
            ["feedForwardSize"] = s.FeedForwardSize,
            ["maxPositions"] = s.MaxPositions,
            ["dropout"] = 0,
        },
        ["tokenizer"] = new JsonObject { ["from"] = Backbone },
    };
}
