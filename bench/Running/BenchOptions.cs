using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Runtime;

namespace DiffusionBatch.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    /// <summary>What is measured.</summary>
    internal required string Command { get; init; }

    /// <summary>Threads of both sides' tensor operations; null leaves ours to what it sets and the peer's to the library.</summary>
    internal int? Threads { get; init; }

    /// <summary>Of our training's products: float32 or bfloat16. The peer's are float32.</summary>
    internal string Precision { get; init; } = OurSteps.Float32;

    /// <summary>What the gpu command computes on: cpu or cuda.</summary>
    internal string Device { get; init; } = "cuda";

    /// <summary>The shape that the gpu command takes; null takes XLM-R base's and large's.</summary>
    internal string? Shape { get; init; }

    /// <summary>Tokens of a batch; null leaves it to the command.</summary>
    internal int? Tokens { get; init; }

    /// <summary>Samples of each case and side; null leaves it to the command.</summary>
    internal int? Runs { get; init; }

    /// <summary>Cases whose name holds this or, after a |, that, in capitals or not, are run; null runs all.</summary>
    internal string? Filter { get; init; }

    /// <summary>Where the rows also go, as JSON.</summary>
    internal string? JsonFile { get; init; }

    /// <summary>The peer's Python; null looks for one.</summary>
    internal string? Python { get; init; }

    /// <summary>The checkpoint that is sampled with: by default the demo's.</summary>
    internal string Model { get; init; } = Path.Combine("demo-output", "models", "messages");

    /// <summary>JSONL of what is sampled.</summary>
    internal string Items { get; init; } = Path.Combine("demo-output", "data", "test.jsonl");

    /// <summary>The items of a task.</summary>
    internal int Shard { get; init; } = 256;

    /// <summary>A PostgreSQL connection string; null leaves PostgreSQL out.</summary>
    internal string? Index { get; init; }

    /// <summary>Shards of the sample job.</summary>
    internal int Shards { get; init; } = 100;

    /// <summary>SIGKILLs during the sample job.</summary>
    internal int Kills { get; init; } = 50;

    /// <summary>Workers of the pipeline.</summary>
    internal int Workers { get; init; } = 4;

    /// <summary>Of what is drawn at random.</summary>
    internal int Seed { get; init; } = 1;

    /// <summary>Where the index is: sqlite or postgres.</summary>
    internal string Database { get; init; } = "sqlite";

    /// <summary>The folder for all files, which are kept; null takes a temporary one.</summary>
    internal string? Root { get; init; }

    /// <summary>How many items, rows or sentence pairs; null leaves it to the command.</summary>
    internal int? Count { get; init; }

    /// <summary>Whether a case is asked for.</summary>
    internal bool Wants(string name) => Filter is null
        || Filter.Split('|').Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Loads libtorch as the product does, and holds our side to the threads that are asked for.</summary>
    internal void SetUpTorch()
    {
        TorchRuntime.Require();
        if (Threads is { } threads)
            torch.set_num_threads(threads);
    }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">What is wrong with it, in words for its user.</exception>
    internal static BenchOptions Parse(ReadOnlySpan<string> args, IReadOnlyCollection<string> commands)
    {
        if (args.Length == 0 || !commands.Contains(args[0]))
            throw new ArgumentException($"expected one of {string.Join(", ", commands)}{(args.Length == 0 ? "" : $", not '{args[0]}'")}");
        var options = new BenchOptions { Command = args[0] };
        for (int i = 1; i < args.Length; i += 2)
        {
            string name = args[i];
            string Value(ReadOnlySpan<string> all) =>
                i + 1 < all.Length ? all[i + 1] : throw new ArgumentException($"{name} needs a value");
            options = name switch
            {
                "--threads" => options with { Threads = Positive(name, Value(args)) },
                "--precision" => options with { Precision = OneOf(name, Value(args), OurSteps.Float32, OurSteps.BFloat16) },
                "--device" => options with { Device = OneOf(name, Value(args), "cpu", "cuda") },
                "--shape" => options with { Shape = OneOf(name, Value(args), [.. RandomPairs.Known.Select(shape => shape.Name)]) },
                "--tokens" => options with { Tokens = Positive(name, Value(args)) },
                "--runs" => options with { Runs = Positive(name, Value(args)) },
                "--case" => options with { Filter = Value(args) },
                "--json" => options with { JsonFile = Value(args) },
                "--model" => options with { Model = Value(args) },
                "--items" => options with { Items = Value(args) },
                "--count" => options with { Count = Positive(name, Value(args)) },
                "--shard" => options with { Shard = Positive(name, Value(args)) },
                "--index" => options with { Index = Value(args) },
                "--shards" => options with { Shards = Positive(name, Value(args)) },
                "--kills" => options with { Kills = Positive(name, Value(args)) },
                "--workers" => options with { Workers = Positive(name, Value(args)) },
                "--seed" => options with { Seed = Positive(name, Value(args)) },
                "--database" => options with { Database = OneOf(name, Value(args), "sqlite", "postgres") },
                "--root" => options with { Root = Value(args) },
                "--python" => options with { Python = Value(args) },
                _ => throw new ArgumentException($"unknown option '{name}'"),
            };
        }

        return options;
    }

    private static string OneOf(string name, string text, params string[] known) =>
        known.Contains(text) ? text : throw new ArgumentException($"{name} is '{text}'; expected {string.Join(" or ", known)}");

    private static int Positive(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new ArgumentException($"{name} is '{text}'; expected a positive integer");
}
