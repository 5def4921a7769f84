using System.Globalization;

namespace DiffusionBatch.Bench;

/// <summary>
/// A model of the demo's size with weights that one step has hardly moved, and a job that samples with it: what an item costs doesn't
/// depend on what the model knows.
/// </summary>
internal static class OverheadCase
{
    internal const string Model = "models/m", Input = "data/in.jsonl";

    private const string Train = "data/train.jsonl";

    /// <summary>Writes the input and the training data.</summary>
    internal static void Write(string root, int items)
    {
        SampleRows.Write(Path.Combine(root, Input), items);
        SampleRows.Write(Path.Combine(root, Train), 200);
    }

    /// <summary>The manifest that makes the model.</summary>
    internal static string Making { get; } = $$$"""
        {"kind":"finetune","name":"m","model":{"new":{"architecture":"xlm-roberta","hiddenSize":128,"layers":3,"heads":4,"feedForwardSize":512,"maxPositions":128},"tokenizer":{"train":"bpe","vocabularySize":400}},
         "data":{"train":"{{{Train}}}","prompt":"{source} => ","target":"{target}","maxLength":64},"training":{"steps":1,"batchTokens":512},"output":"{{{Model}}}"}
        """;

    /// <summary>The manifest of a job.</summary>
    internal static string Sampling(string output, int steps, int shard) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"kind":"sample","name":"overhead","model":{"from":"{{{Model}}}"},"input":"{{{Input}}}","sampler":{"steps":{{{steps}}},"length":{"source":"fixed","value":16}},"shardSize":{{{shard}}},"output":"{{{output}}}"}""");
}
