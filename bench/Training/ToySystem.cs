using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>A process that learns a <see cref="ToyLaw"/>, and the samplers of its model.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Architecture">Its network.</param>
/// <param name="Objective">JSON of the manifest's objective.</param>
/// <param name="HasBound">Whether its model gives a likelihood, or a bound above it.</param>
/// <param name="Samplers">JSON of its samplers; each becomes a job.</param>
internal sealed record ToySystem(string Name, string Architecture, string Objective, bool HasBound, params string[] Samplers)
{
    private const string Scores = """{"preset":["sedd-euler","sedd-tweedie"],"steps":[4,8,16,64,256]}""";

    internal static IReadOnlyList<ToySystem> All { get; } =
    [
        new("absorbing-rdm", "xlm-roberta", """{"process":"absorbing","timesteps":50,"weighting":"linear"}""", true,
            """{"preset":"ancestral","steps":[4,16,64,256],"temperature":1}""", """{"preset":"first-hitting","temperature":1}"""),
        new("absorbing-mdlm", "xlm-roberta",
            """{"process":"absorbing","time":"continuous","weighting":"reciprocal","times":"antithetic"}""", true,
            """{"preset":"ancestral","steps":[4,16,64,256],"temperature":1}""", """{"preset":"first-hitting","temperature":1}"""),
        new("multinomial", "xlm-roberta", """{"process":"multinomial","time":"continuous","weighting":"bound"}""", true,
            """{"preset":"ancestral","steps":[4,16,64,256],"temperature":1}"""),
        new("block", "xlm-roberta", """{"process":"block","blockLength":4}""", true,
            """{"preset":"block","within":"firstHitting","temperature":1}"""),
        new("sundae", "xlm-roberta", """{"process":"sundae","unroll":2}""", false,
            """{"preset":"sundae","steps":[4,16,64],"temperature":1}"""),
        new("sedd-absorb", "sedd", """{"process":"sedd-absorb"}""", true, Scores),
        new("sedd-uniform", "sedd", """{"process":"sedd-uniform"}""", true, Scores),
        new("autoregressive", "gpt2", """{"process":"autoregressive"}""", true, """{"preset":"autoregressive","temperature":1}"""),
    ];

    /// <summary>The pipeline: training, the bound of held-out sequences, and samples without a prompt.</summary>
    internal JsonObject Manifest(int steps, int length, int vocabulary, int draws)
    {
        var jobs = new JsonArray
        {
            JsonNode.Parse($$"""
                { "kind": "finetune", "name": "{{Name}}", "output": "models/{{Name}}", "seed": 1, "objective": {{Objective}},
                  "model": { "new": { "architecture": "{{Architecture}}", "hiddenSize": 64, "layers": 3, "heads": 4,
                                      "feedForwardSize": 256, "maxPositions": {{length + 4}}, "dropout": 0,
                                      "vocabularySize": {{vocabulary}} } },
                  "data": { "train": "train.jsonl", "maxLength": {{length + 2}} },
                  "training": { "steps": {{steps}}, "batchTokens": {{128 * (length + 2)}}, "learningRate": 2e-3, "warmupSteps": 100,
                                "schedule": "cosine", "weightDecay": 0, "betas": [0.9, 0.99], "checkpointEvery": {{steps}},
                                "ema": 0.999 } }
                """),
        };
        for (int i = 0; i < Samplers.Length; i++)
        {
            JsonNode sampler = JsonNode.Parse(Samplers[i])!;
            sampler["length"] = new JsonObject { ["source"] = "fixed", ["value"] = length };
            jobs.Add(JsonNode.Parse($$"""
                { "kind": "sample", "name": "{{Name}}-samples-{{i}}", "model": { "from": "models/{{Name}}" }, "input": "empty.jsonl",
                  "sampler": {{sampler.ToJsonString()}}, "seed": 3, "output": "results/{{Name}}-{{i}}" }
                """));
        }
        if (HasBound)
        {
            jobs.Add(JsonNode.Parse($$"""
                { "kind": "evaluate", "name": "{{Name}}-bound", "predictions": "texts.jsonl", "references": "test.jsonl", "seed": 2,
                  "metrics": [ { "name": "likelihood", "model": "models/{{Name}}"{{(HasDraws ? $$""", "draws": {{draws}}""" : "")}} } ],
                  "output": "reports/{{Name}}" }
                """));
        }
        return new JsonObject { ["kind"] = "pipeline", ["name"] = $"toy-{Name}", ["jobs"] = jobs };
    }

    /// <summary>Tokens over which the likelihood is taken: where a process noises what closes a response, that too.</summary>
    internal int Tokens(int length) => Architecture == "sedd" || Name == "block" ? length + 1 : length;

    private bool HasDraws => Architecture != "gpt2";
}
