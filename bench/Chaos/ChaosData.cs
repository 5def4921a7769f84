using System.Globalization;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>
/// The folders of a chaos run, and what lies in the one that is worked on undisturbed: numbers in German words with their English ones, and
/// manifests.
/// </summary>
/// <param name="root">Takes all of it.</param>
internal sealed class ChaosData(string root)
{
    /// <summary>The manifest that makes the sample job's model.</summary>
    internal const string Train = "train.json";

    /// <summary>The manifest of the finetune under fire: long enough to lose its worker several times.</summary>
    internal const string Finetune = "finetune.json";

    /// <summary>The manifest of the sample job.</summary>
    internal const string Sample = "sample.json";

    /// <summary>The sample job's model.</summary>
    internal const string Model = "models/numbers";

    /// <summary>The output of the finetune under fire.</summary>
    internal const string Finetuned = "models/long";

    /// <summary>The sample job's output.</summary>
    internal const string Results = "results/numbers";

    /// <summary>Items of the sample job unless the command line says otherwise.</summary>
    internal const int Items = 2000;

    private const int Pairs = 2000;

    private static readonly string[] s_german = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"];
    private static readonly string[] s_english = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    /// <summary>The root of the undisturbed runs.</summary>
    internal string Undisturbed { get; } = Path.Combine(Path.GetFullPath(root), "undisturbed");

    /// <summary>The pipeline's root.</summary>
    internal string State { get; } = Path.Combine(Path.GetFullPath(root), "pipeline");

    /// <summary>Where what a job of the pipeline wrote is fetched to.</summary>
    internal string Fetched(string job) => Path.Combine(Path.GetFullPath(root), "fetched", job);

    /// <summary>Writes the data and the manifests.</summary>
    internal void Write(int items, int shards)
    {
        Directory.CreateDirectory(Path.Combine(Undisturbed, "data"));
        WritePairs("data/train.jsonl", 0, Pairs);
        WritePairs("data/test.jsonl", Pairs, items);
        WriteFinetune(Train, steps: 300, Model);
        WriteFinetune(Finetune, steps: 3000, Finetuned);
        File.WriteAllText(Path.Combine(Undisturbed, Sample), $$"""
            { "kind": "sample", "name": "translate", "model": { "from": "{{Model}}" }, "input": "data/test.jsonl",
              "sampler": { "steps": [4, 16], "temperature": 0.7, "length": { "source": "predicted" } },
              "trace": true, "shardSize": {{((items + shards - 1) / shards).ToString(CultureInfo.InvariantCulture)}}, "seed": 7, "output": "{{Results}}" }
            """);
    }

    /// <summary>A manifest whose output is another, as a file beside it.</summary>
    /// <returns>The file.</returns>
    internal string WithOutput(string manifest, string output)
    {
        JsonNode job = JsonNode.Parse(File.ReadAllText(Path.Combine(Undisturbed, manifest)))!;
        job["output"] = output;
        string file = output.Replace('/', '-') + ".json";
        File.WriteAllText(Path.Combine(Undisturbed, file), job.ToJsonString());
        return file;
    }

    private void WriteFinetune(string file, int steps, string output) => File.WriteAllText(Path.Combine(Undisturbed, file), $$"""
        { "kind": "finetune", "name": "{{Path.GetFileNameWithoutExtension(file)}}",
          "model": { "new": { "architecture": "xlm-roberta", "hiddenSize": 64, "layers": 2, "heads": 4, "feedForwardSize": 128, "maxPositions": 98, "dropout": 0.1 },
                     "tokenizer": { "train": "bpe", "vocabularySize": 400 } },
          "data": { "train": "data/train.jsonl", "prompt": "{source} = ", "maxLength": 96 },
          "training": { "steps": {{steps.ToString(CultureInfo.InvariantCulture)}}, "batchTokens": 1024, "checkpointEvery": 20, "learningRate": 3e-3, "warmupSteps": 10 },
          "length": { "predictor": { "steps": 20 } }, "seed": 1, "output": "{{output}}" }
        """);

    private void WritePairs(string file, int from, int count) => File.WriteAllLines(
        Path.Combine(Undisturbed, file),
        Enumerable.Range(from, count)
            .Select(i => $$"""{"id":"n{{i}}","source":"{{Words(s_german, i)}}","target":"{{Words(s_english, i)}}"}"""));

    // Six to seven digits that differ from number to number.
    private static string Words(string[] digits, int number) =>
        string.Join(' ', (100_003L + (number * 7919L % 9_000_011L)).ToString(CultureInfo.InvariantCulture).Select(c => digits[c - '0']));
}
