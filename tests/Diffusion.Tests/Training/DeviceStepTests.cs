using System.Text.RegularExpressions;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Runtime;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Diffusion.Tests.Training;

/// <summary>What a training step reads from its device: on a GPU each read waits for all that was begun.</summary>
public sealed partial class DeviceStepTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static readonly TrainingSettings Settings =
        new() { BatchTokens = 64, Steps = 3, WarmupSteps = 0, EvaluateEvery = 0, CheckpointEvery = 0 };

    static EncodedPairs Pairs()
    {
        var pairs = new EncodedPairs(32, 0, 2);
        for (int i = 0; i < 6; i++) pairs.Add($"p{i}", [5, 6 + i], [7, 8, 9 + i]);
        return pairs;
    }

    static DiffusionTask Task(LanguageModel model)
    {
        var objective = new ObjectiveSettings().Settled();
        var pairs = Pairs();
        var context = new ProcessContext(objective, new(0, 1, 2, 3, 39), 40, -1, () => new bool[40], () => pairs.ResponseCounts(40));
        return new DiffusionTask(model, TrainingProcesses.All.Create(objective.Process, context), pairs, new EncodedPairs(32, 0, 2),
            objective, false, Settings, Precision.Float32, 1, 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_step_reads_from_the_device_once(int accumulate)
    {
        using var model = Golden.Small(dropout: 0.1);
        var reads = HostRead.Watch();
        new TrainingLoop("train", Settings with { Accumulate = accumulate, ClipNorm = 1 }, [.. model.Named], _folder["state.safetensors"],
            "key", Precision.Float32, TimeProvider.System)
            .Run(Task(model), null, default);
        Assert.Equal(Settings.Steps, reads.Count);
    }

    [Fact]
    public void No_other_code_of_a_step_reads_from_the_device()
    {
        // What reads outside a step, and how often: evaluations, a model's own forward pass, bounds, a checkpoint's check; and SUNDAE's
        // unrolled steps, which draw on the host.
        var known = new Dictionary<string, int>
        {
            ["Models/OwnForward.cs"] = 1,
            ["Processes/Likelihoods/MultinomialLikelihood.cs"] = 1,
            ["Processes/ScoreEntropyBound.cs"] = 2,
            ["Processes/WeightedLoss.cs"] = 1,
            ["Processes/SundaeProcess.cs"] = 1,
            ["Training/DiffusionTask.cs"] = 1,
            ["Training/LengthTask.cs"] = 1,
            ["Training/TrainingLoop.cs"] = 1,
        };
        string root = Path.Combine(SharedData.RepositoryRoot, "src", "Diffusion");
        var found = ((string[])["Models", "Processes", "Training"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => (Name: Path.GetRelativePath(root, file).Replace('\\', '/'), Lines: File.ReadLines(file)
                .Count(line => Reads().IsMatch(line))))
            .Where(file => file.Lines > 0).ToDictionary(file => file.Name, file => file.Lines);
        Assert.Equal(known.OrderBy(f => f.Key, StringComparer.Ordinal), found.OrderBy(f => f.Key, StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\.(item<|cpu\(\)|data<|ToScalar\(|ToSingle\()")]
    private static partial Regex Reads();
}
